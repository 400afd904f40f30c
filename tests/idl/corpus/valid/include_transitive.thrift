include "../shared/base.thrift"
struct A { 1: base.Thing t }
