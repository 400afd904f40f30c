//! Echo over loopback sockets beside two peers: `cargo bench --bench echo`. What the figures mean is in `benches/README.md`.

mod client;
#[path = "../measure/descriptors.rs"]
mod descriptors;
#[path = "../measure/figures.rs"]
mod figures;
mod growth;
mod ours;
mod raw;
mod server;
mod table;
mod tokio;

use std::time::Duration;

use server::Server;

/// Links, and requests in flight on each.
const LOADS: [(usize, usize); 4] = [(1, 1), (50, 1), (50, 16), (1000, 1)];
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

fn main() {
    let servers = [
        Server::start("oneloop", ours::serve),
        Server::start("raw mio", raw::serve),
        Server::start("tokio", tokio::serve),
    ];
    if figures::are_wanted() {
        table::print(&servers, &LOADS, 21, Duration::from_millis(120));
        growth::print(&servers, &SIZES, 7, Duration::from_millis(150));
    } else {
        let moment = Duration::from_millis(5);
        table::print(&servers, &[(1, 1), (5, 16)], 1, moment);
        growth::print(&servers, &[10, 20], 1, moment);
    }
}
