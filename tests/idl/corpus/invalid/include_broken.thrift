# expect: error broken.thrift 1:24 expected the field's name, found `}`
include "../shared/broken.thrift"
struct A { 1: broken.Broken b }
