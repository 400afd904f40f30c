#![no_main]

#[expect(dead_code, reason = "the other functions are for the other targets")]
#[path = "../../support/fuzz.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::inbox(data));
