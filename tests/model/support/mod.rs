//! What the checks share.

pub(crate) mod clients;
pub(crate) mod content;
pub(crate) mod desk;
pub(crate) mod shop;
pub(crate) mod talkers;
pub(crate) mod weather;
pub(crate) mod wire;
pub(crate) mod workload;

use oneloop::sim::Searched;

/// How many seeds each check tries.
pub(crate) const SEEDS: u64 = 10_000;

/// Says what a check went through.
pub(crate) fn tell(check: &str, searched: Searched) {
    println!("{check}: {searched}");
}
