//! Nodes as a cluster: thousands of seeds with everything that may go wrong, strangers who attack, and the bounds.
#![cfg(test)]

mod attacks;
mod book;
mod found;
#[path = "../support/node_fuzz.rs"]
mod fuzz;
mod fuzzed;
mod limits;
#[path = "../support/random.rs"]
mod random;
#[path = "../node/raw.rs"]
mod raw;
mod seeds;
mod storms;
mod support;
mod twins;
