//! What functions by name promise, by the public door: on the simulator, called by a peer byte by byte and by our own clients.

#[path = "../support/dynamic.rs"]
mod dynamic;

mod answers;
mod arguments;
mod clients;
mod registered;
mod support;
mod wire;
