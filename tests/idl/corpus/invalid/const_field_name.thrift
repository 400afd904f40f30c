# expect: error 3:14 expected the name of a field of `S`, found a whole number
struct S { 1: i32 a }
const S s = {1: 1}
