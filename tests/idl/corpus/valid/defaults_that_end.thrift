struct S { 1: list<S> l = [{"l": []}], 2: i32 x = 1 }
const S c = {}
