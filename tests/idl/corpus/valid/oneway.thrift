service S {
  oneway void a(1: i32 x)
  oneway void b() throws ()
}
