# expect: error 4:15 expected an i32, found a text
# expect: error 5:18 expected a string, found a whole number
# expect: error 6:15 expected an i32, found a number with a fraction
const i32 a = "x"
const string b = 5
const i32 c = 1.5
