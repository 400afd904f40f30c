# expect: warning 3:6 required field `a` of a union
union U {
  1: required i32 a
}
