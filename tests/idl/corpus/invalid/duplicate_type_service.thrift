# expect: error 3:9 `A` is defined twice
struct A {}
service A {}
