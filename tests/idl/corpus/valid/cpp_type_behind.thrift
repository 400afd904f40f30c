# expect: warning 3:16 deprecated
struct A {
  1: list<i32> cpp_type "x" a
}
