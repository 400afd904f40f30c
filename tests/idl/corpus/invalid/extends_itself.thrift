# expect: error 2:19 this service extends itself: A -> A
service A extends A {}
