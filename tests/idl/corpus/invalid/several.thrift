# expect: error 10:3 duplicate field id 1
# expect: error 11:6 unknown type `Mode`
# expect: error 12:12 expected the field's name, found `,`
# expect: error 16:13 does not fit 32 bits
# expect: error 19:29 is thrown and is no exception
# expect: error 19:39 is thrown and is no exception
# expect: error 21:1 expected a definition, found `strct`
struct A {
  1: i32 a
  1: i32 b
  2: Mode mood
  3: string, 4: i32 fine
}
enum Mood {
  GOOD
  BAD     = 99999999999
}
service S {
  void f(1: A a) throws (1: i32 x, 2: A fine)
}
strct B {}
const i32 c = 1
