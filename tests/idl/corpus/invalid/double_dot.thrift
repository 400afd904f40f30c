# expect: error 2:19 unexpected character "."
const double a = 1.
