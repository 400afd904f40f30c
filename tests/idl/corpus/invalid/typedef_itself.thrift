# expect: error 2:20 names itself: A -> A
typedef map<i32,A> A
