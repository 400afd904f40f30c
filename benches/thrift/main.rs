//! Thrift in memory, beside two peers, and a server for a load generator: `cargo bench --bench thrift`. What the figures mean is in
//! `benches/README.md`.

#[path = "../measure/callgrind.rs"]
mod callgrind;
#[path = "../measure/clock.rs"]
mod clock;
mod contestant;
mod course;
#[path = "../measure/figures.rs"]
mod figures;
mod instructions;
mod official;
mod ours;
mod pilota;
mod serve;
mod table;
#[path = "../measure/turns.rs"]
mod turns;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !serve::answer(&arguments) && !instructions::answer(&arguments) {
        table::print();
    }
}
