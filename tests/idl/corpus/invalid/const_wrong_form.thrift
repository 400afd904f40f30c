# expect: error 4:21 expected a list, found {...}
# expect: error 5:25 expected a map, found [...]
# expect: error 6:13 expected a `S`, found [...]
const list<i32> a = {1: 2}
const map<i32, i32> b = [1]
const S c = []
struct S {}
