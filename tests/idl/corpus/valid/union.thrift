union U {
  1: i32 a
  2: optional string b
  3: list<U> c
  4: i64 d = 7
}
