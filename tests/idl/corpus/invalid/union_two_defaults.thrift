# expect: error 2:32 a second default in a union
union U { 1: i32 a = 1, 2: i32 b = 2 }
