# expect: error 3:33 `a` is thrown and is no exception
struct A {}
service S { void f() throws (1: A a) }
