struct A { 32767: i32 a, 1: i32 b, 0x10: i32 c }
