//! The log collector: what it makes of configurations, good and bad, what its command says of them, what its files keep, and what it
//! has answered for when it is killed or its disk fails.

mod buffer;
mod check;
mod collector;
mod collector_seeds;
mod configuration;
#[cfg(unix)]
mod crash;
#[cfg(unix)]
mod crowd;
#[cfg(unix)]
mod daemon;
mod faults;
mod house;
mod network;
#[cfg(unix)]
mod pair;
mod process;
#[path = "../processes/process.rs"]
#[allow(dead_code, reason = "those of other demos")]
mod processes;
mod promise;
#[cfg(target_os = "linux")]
mod sabotage;
#[cfg(target_os = "linux")]
mod saboteur;
mod site;
mod stores;
mod support;
mod writer;
