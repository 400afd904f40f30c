# expect: error 2:20 unknown escape
const string a = "x\q"
