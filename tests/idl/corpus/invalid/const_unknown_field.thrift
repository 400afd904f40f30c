# expect: error 3:17 `S` has no field "colour"
struct S { 1: i32 color }
const S s = {   "colour": 1 }
