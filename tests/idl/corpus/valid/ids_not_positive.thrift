# expect: warning 4:3 field id 0 is not above zero: it is -1 now
# expect: warning 5:3 field id -5 is not above zero: it is -2 now
struct A {
  0: i32 a
  -5: i32 b
}
