//! What a Thrift server promises, by the public door: a service written by hand and one of the IDL compiler's, on the simulator.

mod bad_arguments;
mod bad_input;
mod calls;
mod claims;
mod deferred;
mod generated_client;
mod hooks;
mod inherited;
mod messages;
mod served;
mod service;
mod support;
