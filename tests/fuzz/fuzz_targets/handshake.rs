#![no_main]

#[path = "../../support/node_fuzz.rs"]
mod node_fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| node_fuzz::handshake(data));
