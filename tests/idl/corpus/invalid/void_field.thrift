# expect: error 2:15 expected a type, found the word `void`
struct A { 1: void v }
