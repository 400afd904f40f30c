# expect: error 3:15 unknown type `S`
service S {}
struct A { 1: S s }
