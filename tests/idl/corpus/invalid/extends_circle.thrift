# expect: error 2:19 this service extends itself: A -> B -> A
service A extends B {}
service B extends A {}
# expect: warning 2:19 before it is defined
