# expect: error 2:11 this typedef names itself: A -> B -> A
typedef B A
typedef list<A> B
