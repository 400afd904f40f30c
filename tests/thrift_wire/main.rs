//! The Thrift protocols by the public door: recorded bytes of the official library, every cut, bad input, limits, any value, any bytes.

mod cuts;
#[path = "../support/dynamic.rs"]
mod dynamic;
mod fuzzed;
mod hostile;
mod limits;
mod memory;
#[path = "../support/random.rs"]
mod random;
mod round_trips;
mod support;
#[path = "../support/thrift_fuzz.rs"]
mod thrift_fuzz;
mod vectors;
