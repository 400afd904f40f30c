# expect: error 2:23 expected an i32, found a text
struct A { 1: i32 a = "x" }
# expect: error 4:32 expected a bool, found a text
service S { void f(1: bool b = "y") }
