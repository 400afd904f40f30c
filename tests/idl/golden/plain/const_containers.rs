// Generated from const_containers.thrift by oneloop-idl. Changes will be lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

pub static A: LazyLock<Vec<i32>> = LazyLock::new(|| vec![1, 2, 3, 4]);

pub static B: LazyLock<BTreeSet<String>> = LazyLock::new(|| BTreeSet::from([
    String::from("x"),
    String::from("y"),
]));

pub static C: LazyLock<BTreeMap<String, Vec<i32>>> = LazyLock::new(|| BTreeMap::from([
    (String::from("one"), vec![1]),
    (String::from("two"), vec![1, 2]),
]));

pub static D: LazyLock<Vec<i32>> = LazyLock::new(Vec::new);

pub static E: LazyLock<BTreeMap<i32, i32>> = LazyLock::new(BTreeMap::new);

pub static F: LazyLock<Vec<i32>> = LazyLock::new(Vec::new);

pub static G: LazyLock<BTreeSet<i32>> = LazyLock::new(BTreeSet::new);

pub static H: LazyLock<BTreeMap<i32, Vec<i32>>> = LazyLock::new(BTreeMap::new);
