# expect: error 2:25 expected an i32, found a text
const list<i32> a = [1, "x", 3]
# expect: error 4:32 expected a string, found a whole number
const map<i32, string> b = {1: 2}
