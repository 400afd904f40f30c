# expect: error 2:1 expected a definition, found `senum`
senum A { "x" }
struct B {}
