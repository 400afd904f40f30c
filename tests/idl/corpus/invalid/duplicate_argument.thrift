# expect: error 2:37 duplicate field name `a`
service S { void f(1: i32 a, 2: i32 a) }
