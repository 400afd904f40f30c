# expect: error 4:8 function `f` is there twice
service S {
  void f()
  void f(1: i32 a)
}
