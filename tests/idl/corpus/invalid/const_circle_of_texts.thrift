# expect: warning 3:18 `b` is used before it is defined
# expect: error 3:18 constant `b` is defined by itself
const string a = b
# expect: error 5:18 constant `a` is defined by itself
const binary b = a
const string t = "text"
# expect: error 8:15 expected an i32, found constant `t`, a string
const i32 c = t
