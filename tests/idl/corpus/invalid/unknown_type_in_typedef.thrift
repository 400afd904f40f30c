# expect: error 2:9 unknown type `A`
typedef A B
const B b = 5
struct C { 1: B b = {"x": 1} }
