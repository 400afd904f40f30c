# expect: error 5:11 this value needs itself: A -> B -> A
# expect: warning 5:15 before it is defined
# expect: error 8:17 this value needs itself: L -> M -> L

const i32 A = B
const i32 B = A

const list<i32> L = M
const list<i32> M = L
# expect: warning 8:21 before
