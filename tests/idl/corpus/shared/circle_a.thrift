include "circle_b.thrift"
struct A {}
