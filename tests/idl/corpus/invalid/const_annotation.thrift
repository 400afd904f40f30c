# expect: error 2:17 expected a definition, found `(`
const i32 a = 1 (x = "y")
struct B {}
