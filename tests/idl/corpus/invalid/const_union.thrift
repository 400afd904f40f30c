# expect: error 3:13 a value of union `U` has 2 fields
union U { 1: i32 a, 2: i32 b }
const U u = {"a": 1, "b": 2}
# expect: error 5:13 a value of union `U` has 0 fields
const U v = {}
