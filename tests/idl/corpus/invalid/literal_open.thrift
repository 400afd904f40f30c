# expect: error 2:18 this text has no end in its line
const string a = "open
const i32 b = 1
