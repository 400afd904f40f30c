# expect: error 2:9 there is no file "nothing.thrift" to include
include "nothing.thrift"
struct A { 1: nothing.Quiet q }
const i32 b = nothing.C
service S extends nothing.T {}
