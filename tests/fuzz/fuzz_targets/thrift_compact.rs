#![no_main]

#[path = "../../support/dynamic.rs"]
mod dynamic;
#[path = "../../support/thrift_fuzz.rs"]
mod thrift_fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| thrift_fuzz::compact(data));
