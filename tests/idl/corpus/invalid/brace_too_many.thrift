# expect: error 2:22 expected a definition, found `}`
struct A { 1: i32 a }}
struct B {}
