//! What the simulator promises, tested through its public door: a world that kept no word would find bugs that are none, and none of
//! those that are.

mod addresses;
mod clock;
mod crashes;
mod edges;
mod faults;
mod leftovers;
mod lives;
mod nodes;
mod peers;
mod running;
mod scripted;
mod support;
mod work;
