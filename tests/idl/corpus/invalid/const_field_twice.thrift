# expect: error 3:22 field "a" is given twice
struct S { 1: i32 a }
const S s = {"a": 1, "a": 2}
