//! What a Thrift server promises, by the public door: a service written by hand, as the IDL compiler would write it, on the simulator.

mod bad_input;
mod calls;
mod deferred;
mod hooks;
mod messages;
mod service;
mod support;
