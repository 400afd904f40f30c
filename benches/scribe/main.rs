//! Log lines that are safe on the disk when they are acknowledged, beside rsyslog and beside the bare disk:
//! `cargo build --release --bin scribe`, then `cargo bench --bench scribe`. What the figures mean is in `benches/README.md`.

mod crowd;
#[expect(dead_code, reason = "others print ratios")]
#[path = "../measure/figures.rs"]
mod figures;
mod floor;
mod relp;
mod server;
mod thrift;
mod wire;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crowd::Measured;
use server::Server;
use wire::{Load, Wire};

/// Clients at a time.
const CLIENTS: [usize; 3] = [1, 8, 64];
/// Messages in a batch.
const BATCHES: [usize; 3] = [1, 100, 1000];
/// Bytes of a message, its end of line included.
const MESSAGE_BYTES: usize = 100;
/// Messages on their way to rsyslog at a time: more take minutes for an answer.
const RSYSLOG_MAX: usize = 100;
/// Rounds, by turns; what is printed is the middle one.
const ROUNDS: usize = 3;

fn main() {
    let wanted = figures::are_wanted();
    let (span, rounds) = match wanted {
        true => (Duration::from_secs(2), ROUNDS),
        false => (Duration::from_millis(50), 1),
    };
    let dir = Folder::new();
    let Some(ours) = Server::scribe(&dir.0) else {
        println!("no `scribe` beside this bench: cargo build --release --bin scribe");
        return;
    };
    let theirs = Server::rsyslog(&dir.0);
    if theirs.is_none() {
        println!("no rsyslogd with imrelp here: apt-get install rsyslog rsyslog-relp");
    }
    println!("messages of {MESSAGE_BYTES} bytes; an OK means that all of the batch is synced\n");
    println!(
        "{:>7} {:>6}  {:<14} {:>12} {:>8} {:>9} {:>9} {:>9}",
        "clients", "batch", "who", "messages/s", "MB/s", "OKs/s", "p50 ms", "p99 ms"
    );
    for clients in CLIENTS {
        for batch in BATCHES {
            let load = Load {
                clients,
                batch,
                message_bytes: MESSAGE_BYTES,
            };
            let mut disk = Vec::new();
            let (mut own, mut other) = (Vec::new(), Vec::new());
            for _ in 0..rounds {
                disk.push(floor::measure(&dir.0, load, span));
                own.push(run(&ours, &thrift::Log, load, span));
                // It syncs each message by itself.
                if clients * batch <= RSYSLOG_MAX {
                    other.extend(theirs.as_ref().map(|it| run(it, &relp::Relp, load, span)));
                }
            }
            line(load, "the bare disk", disk);
            line(load, "scribe", own);
            line(load, "rsyslog (RELP)", other);
            println!(
                "{:>15} our longest turn so far: {:?}",
                "",
                ours.turn_longest()
            );
        }
    }
    ours.check();
}

fn run(server: &Server, wire: &dyn Wire, load: Load, span: Duration) -> Measured {
    let measured = crowd::measure(server.port, wire, load, span);
    server.expect(measured.messages);
    measured
}

fn line(load: Load, who: &str, mut rounds: Vec<Measured>) {
    rounds.sort_by_key(|it| it.messages);
    let Some(middle) = rounds.get(rounds.len() / 2) else {
        return;
    };
    let seconds = middle.span.as_secs_f64();
    let a_second = |count: u64| count as f64 / seconds;
    let millis = |share: f64| middle.latencies.value_at_quantile(share) as f64 / 1e3;
    println!(
        "{:>7} {:>6}  {who:<14} {:>12.0} {:>8.1} {:>9.0} {:>9.2} {:>9.2}",
        load.clients,
        load.batch,
        a_second(middle.messages),
        a_second(middle.messages) * load.message_bytes as f64 / 1e6,
        a_second(middle.latencies.len()),
        millis(0.5),
        millis(0.99),
    );
}

/// A folder that is gone at the end, on the disk that the build is on.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let bench = std::env::current_exe().expect("this bench");
        let beside = bench.parent().unwrap_or_else(|| Path::new("."));
        let folder = beside.join(format!("scribe-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the build's folder can be written");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}
