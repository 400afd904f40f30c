//! Other Thrift libraries and ours: the official crate as client and as server over real sockets, and the program that `.ci/run foreign`
//! has the libraries of other languages meet.
//!
//! `everything.thrift` is compiled twice, and both outcomes are kept, so that these tests need no compiler: `ours/` by our own
//! (`ONELOOP_IDL_GOLDEN=1 cargo test --test idl golden` writes it anew), `theirs/` by Apache's, untouched (`thrift --gen rs -out
//! tests/foreign/theirs tests/foreign/everything.thrift`, version 0.17; `.ci/run foreign` looks that it is still so).

mod hand;
mod loop_calls;
mod official;
mod official_calls;
mod program;
#[path = "../support/mod.rs"]
mod sockets;
mod values;
mod we_call;

/// What our compiler makes of the interface.
#[allow(dead_code, missing_docs, unreachable_pub)]
mod ours {
    include!("ours/everything.rs");
}

/// What Apache's compiler makes of it.
#[allow(
    clippy::all,
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::manual_let_else,
    clippy::or_fun_call,
    clippy::use_self,
    reason = "as it was generated"
)]
#[path = "theirs/everything.rs"]
mod theirs;
