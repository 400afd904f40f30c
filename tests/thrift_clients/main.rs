//! The clients of Thrift: over the simulator the one on the loop, over real sockets the one that blocks.

mod blocking;
mod caller;
mod faults;
mod limits;
mod seeds;
#[path = "../support/mod.rs"]
mod sockets;
mod support;
