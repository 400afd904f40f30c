# expect: error 2:18 expected the annotation's value, found the number 1
struct A {} (x = 1)
struct B {}
