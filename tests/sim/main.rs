//! What the simulator promises, tested through its public door: a world that kept no word would find bugs that are none, and none of
//! those that are.

mod addresses;
mod clock;
mod crashes;
mod determinism;
mod edges;
mod failing;
mod faults;
mod leftovers;
mod lives;
mod moments;
mod nodes;
mod peers;
mod processes;
mod running;
mod scenarios;
mod scripted;
mod support;
mod work;
