# expect: error 2:13 member `A` is there twice
enum E { A, A }
