# expect: warning 3:3 `async` is deprecated
service S {
  async void a()
}
