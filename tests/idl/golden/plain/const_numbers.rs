// Generated from const_numbers.thrift by oneloop-idl. Changes will be lost.

pub const A: i8 = -128;
pub const B: i16 = 32767;
pub const C: i32 = 2147483647;
pub const D: i64 = -9223372036854775808;
pub const E: i64 = 9223372036854775807;
pub const F: i32 = 7;
pub const G: f64 = 1.5;
pub const H: f64 = 0.5;
pub const I: f64 = 10000000000.0;
pub const J: f64 = -0.0025;
pub const K: f64 = 7.0;
pub const L: bool = true;
pub const M: bool = false;
pub const N: i32 = 1;
