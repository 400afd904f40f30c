# expect: error 3:1 this comment has no end
struct A {}
/* never closed
