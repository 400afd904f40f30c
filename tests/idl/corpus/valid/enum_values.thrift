enum E {
  A
  B = 5
  C
  D = -3
  F
  G = 0x1F,
  H = 5;
  I = 2147483647
  J = -2147483648
}
const E e = E.C
const E by_number = 31
const i32 number = E.D
const i64 wide = E.I
