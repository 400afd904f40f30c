# expect: error 2:20 expected `}`, found the end of the file
struct A { 1: i32 a
