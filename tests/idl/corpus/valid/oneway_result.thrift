# expect: warning 3:10 result of oneway function `a` is ignored
service S {
  oneway i32 a()
}
