# expect: error 3:27 this value needs itself: A.b -> A.b
struct A {
  1: i32 x, 2: optional A b = {}
}
