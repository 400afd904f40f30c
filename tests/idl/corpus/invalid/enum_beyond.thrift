# expect: error 2:14 does not fit 32 bits
enum E { A = 2147483648 }
