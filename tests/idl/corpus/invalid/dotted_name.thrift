# expect: error 2:8 the name `a.b` has a dot
struct a.b {}
# expect: error 4:19 the name `c.d` has a dot
struct C { 1: i32 c.d }
