include "../shared/with.dots.thrift"
struct A { 1: with.dots.Dotted d }
