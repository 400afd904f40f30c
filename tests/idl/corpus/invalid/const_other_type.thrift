# expect: error 3:18 expected a string, found constant `A`, an i32
const i32 A = 5
const string b = A
