typedef i32 A
typedef A B
typedef list<B> C
typedef map<C, B> D
const C c = [1, 2]
const D d = {[1]: 2}
