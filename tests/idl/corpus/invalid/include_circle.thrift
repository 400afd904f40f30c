# expect: error circle_a.thrift 1:9 files include each other in a circle: circle_a -> circle_b -> circle_a
include "../shared/circle_a.thrift"
struct X { 1: circle_a.A a }
