# expect: error 5:15 constant `B` is defined by itself
# expect: warning 5:15 before it is defined
# expect: error 6:15 constant `A` is defined by itself

const i32 A = B
const i64 B = A
