struct A { 1: B b, 2: T t }
typedef B T
struct B { 1: i32 x }
