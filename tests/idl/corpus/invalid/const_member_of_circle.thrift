# expect: error 2:11 this typedef names itself: B -> A -> B
typedef A B
typedef B A
# expect: error 5:15 unknown constant or member of an enum `A.M`
const i32 x = A.M
