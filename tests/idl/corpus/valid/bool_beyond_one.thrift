# expect: warning 2:16 2 as a bool
const bool a = 2
