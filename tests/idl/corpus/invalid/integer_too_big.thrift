# expect: error 2:15 this integer is too big
const i64 a = 9223372036854775808
