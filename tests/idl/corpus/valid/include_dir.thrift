include "from_dir.thrift"
struct A { 1: from_dir.Found f }
