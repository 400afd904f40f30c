# expect: error 2:15 unknown type `slist`
struct A { 1: slist s }
