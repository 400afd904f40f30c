//! The log collector: what it makes of configurations, good and bad, what its command says of them, and what its files keep.

mod buffer;
mod check;
mod collector;
mod configuration;
mod faults;
mod house;
mod network;
mod process;
#[path = "../processes/process.rs"]
#[allow(dead_code, reason = "those of other demos")]
mod processes;
mod site;
mod stores;
mod support;
mod writer;
