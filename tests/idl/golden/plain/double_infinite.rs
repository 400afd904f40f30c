// Generated from double_infinite.thrift by oneloop-idl. Changes will be lost.

pub const A: f64 = f64::INFINITY;
