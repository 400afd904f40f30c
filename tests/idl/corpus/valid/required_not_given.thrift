# expect: warning 3:13 required field `a`
struct A { 1: required i32 a }
const A x = {}
