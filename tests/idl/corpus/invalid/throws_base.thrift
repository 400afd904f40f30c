# expect: error 2:33 is thrown and is no exception
service S { void f() throws (1: i32 a) }
