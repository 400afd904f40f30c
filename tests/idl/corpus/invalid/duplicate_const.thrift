# expect: error 3:11 `a` is defined twice
const i32 a = 1
const i32 a = 2
