# expect: error 3:15 unknown constant or member of an enum `LIMT`
const i32 LIMIT = 1
const i32 b = LIMT
