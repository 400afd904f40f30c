include "circle_a.thrift"
struct B {}
