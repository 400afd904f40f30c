# expect: error 2:26 does not fit 32 bits
enum E { A = 2147483647, B }
