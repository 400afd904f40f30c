// Generated from const_references.thrift by oneloop-idl. Changes will be lost.

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub const A: i32 = 5;
pub const B: i32 = A;
pub const WIDE: i64 = 5;
pub const D: f64 = 5.0;

pub static L: LazyLock<Vec<i32>> = LazyLock::new(|| vec![A, B, 3]);

pub static M: LazyLock<Vec<i32>> = LazyLock::new(|| L.clone());

pub const S: &str = "s";

pub static P: LazyLock<BTreeMap<String, i32>> = LazyLock::new(|| BTreeMap::from([
    (String::from(S), A),
]));
