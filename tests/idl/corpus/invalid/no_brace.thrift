# expect: error 3:1 expected `}`, found the word `struct`
struct A { 1: i32 a
struct B { 1: A a }
