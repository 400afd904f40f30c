struct Node { 1: i32 value, 2: optional Node next }
struct A { 1: optional B b }
struct B { 1: optional A a, 2: list<B> more }
struct Forest { 1: list<Forest> trees, 2: map<string, Forest> named }
union Tree { 1: i32 leaf, 2: Tree branch }
