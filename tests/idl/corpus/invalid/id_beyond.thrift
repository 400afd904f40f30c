# expect: error 3:3 field id 32768 does not fit 16 bits
struct A {
  32768: i32 a
}
