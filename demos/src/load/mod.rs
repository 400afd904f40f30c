//! A load generator for servers that answer every command with its own body, in DataPack frames.
//!
//! The client is a state ([`client::Load`]) and a function that starts it ([`client::start`]): it asks a
//! [`Context`](oneloop::Context) for everything, so whatever drives a context can run it. Nothing in it reads a clock of its own, prints
//! or draws; [`run`](run::run) does that between two turns of the loop.
//!
//! ```text
//!   plan ──────────────────┐
//!   body ─► wire ──────────┼─► client ─► measured ─┬─► table
//!   bytes   one connection │     │                 ├─► plot
//!                          │     └─► fault         │
//!                          └────── run ◄───────────┘
//!                                   └─► progress
//! ```
//!
//! One reply's way: the client reads the clock once for all replies of a read; the [wire](wire::Wire) compares each with what was asked,
//! byte by byte, and gives the moment at which it was asked; the client sends as many requests as came replies, in one piece.

pub mod body;
pub mod client;
pub mod fault;
pub mod measured;
pub mod plan;
pub mod plot;
pub mod progress;
pub mod run;
pub mod table;
pub mod wire;
