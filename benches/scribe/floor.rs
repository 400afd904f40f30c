//! The bare disk: what one thread appends and syncs, a batch of every client at a time, with nobody in between.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::crowd::Measured;
use crate::wire::Load;

pub(crate) fn measure(dir: &Path, load: Load, span: Duration) -> Measured {
    let path = dir.join("floor");
    let open = OpenOptions::new().append(true).create(true).open(&path);
    let mut file = open.expect("the folder can be written");
    let all: Vec<u8> = (0..load.clients)
        .flat_map(|client| load.messages(client, 0))
        .flatten()
        .collect();
    let mut measured = Measured::new();
    let begun = Instant::now();
    while begun.elapsed() < span {
        let turn = Instant::now();
        file.write_all(&all).expect("there is room");
        file.sync_data().expect("it can be synced");
        let micros = turn.elapsed().as_micros() as u64;
        let clients = load.clients as u64;
        measured
            .latencies
            .record_n(micros, clients)
            .expect("it is in bounds");
        measured.messages += clients * load.batch as u64;
    }
    measured.span = begun.elapsed();
    _ = std::fs::remove_file(&path);
    measured
}
