# expect: warning 4:7 field `a` has no id: it is -1 now
# expect: warning 5:16 field `b` has no id: it is -2 now
struct A {
  i32 a
  optional i32 b
  1: i32 c
}
