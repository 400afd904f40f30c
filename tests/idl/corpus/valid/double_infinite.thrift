# expect: warning 2:18 infinity
const double a = 1e400
