# expect: warning 3:13 `optional` means nothing
service S {
  void a(1: optional i32 x)
}
