include "../shared/base.thrift"
service A extends base.Base { void a() }
service B extends A { i32 b(1: base.Thing t) throws (1: base.Oops oops) }
