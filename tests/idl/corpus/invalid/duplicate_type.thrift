# expect: error 3:6 `A` is defined twice
struct A {}
enum A {}
