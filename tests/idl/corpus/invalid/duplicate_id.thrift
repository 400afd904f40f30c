# expect: error 4:3 duplicate field id 1
struct A {
  1: i32 a,
  1: i32 b
}
