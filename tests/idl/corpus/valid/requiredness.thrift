struct A {
  1: required i32 a
  2: optional i32 b
  3: i32 c
  4: optional i32 d = 4
  5: required string e = "e"
  6: list<i32> f = [1, 2]
}
