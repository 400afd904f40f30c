# expect: error 5:3 duplicate field id
struct A {
  1: i32 a
  2: i32 b
  0x1: i32 c
}
