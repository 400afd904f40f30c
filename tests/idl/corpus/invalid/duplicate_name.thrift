# expect: error 4:10 duplicate field name `a`
struct A {
  1: i32 a,
  2: i64 a
}
