//! What the checks share.

pub(crate) mod clients;
pub(crate) mod content;
pub(crate) mod desk;
pub(crate) mod shop;
pub(crate) mod talkers;
pub(crate) mod weather;
pub(crate) mod wire;
pub(crate) mod workload;

use std::io::{self, Write as _};

use oneloop::sim::Searched;

/// How many seeds each check tries.
pub(crate) const SEEDS: u64 = 10_000;

/// Says what a check went through. Past the test runner, which keeps back what a test prints that passes.
pub(crate) fn tell(check: &str, searched: Searched) {
    let _ = writeln!(io::stderr(), "{check}: {searched}");
}
