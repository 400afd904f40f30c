# expect: error 2:9 circle: include_itself -> include_itself
include "include_itself.thrift"
