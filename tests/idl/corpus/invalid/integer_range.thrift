# expect: error 2:14 128 does not fit an i8
const i8 a = 128
# expect: error 4:15 -32769 does not fit an i16
const i16 b = -32769
# expect: error 6:15 2147483648 does not fit an i32
const i32 c = 2147483648
