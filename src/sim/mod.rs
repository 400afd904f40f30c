//! The same nodes on a virtual clock and a virtual network, replayed from a seed.
mod card;
mod faults;
mod host;
mod journal;
mod machine;
mod minimise;
mod mishap;
mod net;
mod peer;
mod plan;
mod random;
mod replay;
mod schedule;
mod search;
mod traffic;
mod wire;
mod world;

pub use faults::{LinkFaults, NodeFaults};
pub use peer::{Peer, PeerEnd};
pub use random::Random;
pub use search::{Passes, Searched, search};
pub use world::{Crash, Node, World};
