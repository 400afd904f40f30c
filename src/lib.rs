//! A server kit on one thread: a hand-written event loop on [mio], decoders that resume at any byte, commands called by number,
//! replies that may come later. No async runtime, no lock, no unsafe.
//!
//! # The whole echo server
//!
//! ```no_run
//! use oneloop::{CommandService, DataPack, Reactor};
//!
//! fn main() -> oneloop::Result<()> {
//!     let mut echo = CommandService::new();
//!     echo.catch_all(|call| call.reply(call.body()))?; // from the read buffer to the write buffer
//!     let mut reactor = Reactor::new(())?; // () is the application's state
//!     let listener = reactor.listen("127.0.0.1:7000", DataPack::default(), echo)?;
//!     println!("listening on {}", reactor.listener_address(listener).expect("it listens"));
//!     reactor.stop_on_signals()?; // SIGINT and SIGTERM: finish what began; twice: stop at once
//!     reactor.run()
//! }
//! ```
//!
//! # Three ideas
//!
//! - **One thread owns everything, so nothing is locked.** The application is one value `S`. Every callback gets a [`Context`] with
//!   `&mut S`, the links, the timers, and whatever else it may do.
//! - **Rules apart from sockets.** Codecs, sessions, services, deferreds and timers take bytes and a time and give bytes and a
//!   deadline. A [`Driver`] moves the bytes; the [`Reactor`] is one, the simulator another.
//! - **A reply is a value.** A handler returns it: now, [later](Deferred), or none. A [`Promise`] that is dropped is a failure to the
//!   caller, never silence.
//!
//! # The life of one frame
//!
//! ```text
//!  socket ──read──► scratch ──► Inbox ──► Session ──► Decoder ──► CommandService ──► your closure
//!  (reactor)        (one for    (what a   (service)   (codec)     number → target         │
//!                    all links)  read cut)                                                │ Reply
//!                                                                                         ▼
//!  socket ◄─write── end of turn ◄── Outbox ◄────────── Encoder ◄───────────── now, or when a Promise is kept
//! ```
//!
//! The frame is borrowed from the read buffer all the way to the closure. Only a frame that the end of a read cut is copied, once.
//! Each link that has output is written once, at the end of the turn.
//!
//! # Replies that come later
//!
//! ```
//! use std::time::Duration;
//! use oneloop::{CommandService, Result};
//!
//! # fn service() -> Result<CommandService<()>> {
//! let mut service = CommandService::<()>::new();
//! service.on(1, |call| call.blocking(|| std::fs::read("motd.txt")))?; // from a worker thread
//! service.on(2, |call| {
//!     let (promise, later) = call.defer(); // from anywhere on the loop
//!     call.after(Duration::from_secs(1), |_| promise.resolve("a second later"));
//!     later
//! })?;
//! # Ok(service)
//! # }
//! # service().unwrap();
//! ```
//!
//! # Modules, in reading order
//!
//! - [`buffer`]: bytes as they came and as they leave.
//! - [`codec`]: frames; [`DataPack`], [`Framed`], [`Lines`], and how to write one.
//! - [`deferred`]: values to come.
//! - [`thrift`]: Apache Thrift: its protocols, processors and clients; [functions by name](thrift::Functions), without an interface.
//! - The rest is here at the root: [`Reactor`] drives, [`Context`] is what a callback may do, [`CommandService`] is what a server
//!   does, [`Session`] is a protocol of your own, [`Limits`] and [`LinkLimits`] are the most of everything.
//! - `config`, with the feature of that name: the file of a cluster, its nodes read and checked.
//! - `node`, with the feature of that name: nodes that call each other, by one link.
//! - `cluster`, with both: nodes started as the file says.
//! - `fb303`, with the feature of that name: what a server tells whoever runs it, as all of Facebook's and Apache's do.
//! - `idl`, with the feature of that name: Thrift's interface files, read and checked.
//! - `report`, with the feature of that name: errors in a text, each with its place and mend.
//! - `disk`, with the feature of that name: files that have to survive, on the machine's disk or the simulator's.
//! - `sim`, with the feature of that name: the same nodes on a virtual clock and a virtual network, for tests.

// What is generated of our own interface names us as others do.
#[cfg(any(feature = "fb303", feature = "node"))]
extern crate self as oneloop;

pub mod buffer;
#[cfg(all(feature = "config", feature = "node"))]
pub mod cluster;
pub mod codec;
#[cfg(feature = "config")]
pub mod config;
mod context;
pub mod deferred;
#[cfg(feature = "disk")]
pub mod disk;
mod engine;
mod error;
#[cfg(feature = "fb303")]
pub mod fb303;
#[cfg(feature = "idl")]
pub mod idl;
#[cfg(feature = "node")]
pub mod node;
mod reactor;
#[cfg(feature = "report")]
pub mod report;
mod service;
#[cfg(feature = "sim")]
pub mod sim;
pub mod thrift;
mod time;

pub use buffer::{Body, Input};
pub use codec::{Command, DataPack, Decoder, Encoder, Framed, Lines};
pub use context::{
    AcceptFault, Address, Connect, Context, Counters, Driver, GroupId, Handle, Job, Label, Limits,
    LinkId, LinkLimits, Links, Listen, ListenerId, Protocol, Reason, ReasonKind, Session, Sessions,
    SocketOptions, Tick, TimerId, Verdict,
};
pub use deferred::{Deferred, Promise, SendPromise};
pub use error::{Error, Misuse, PeerFault, Result};
pub use reactor::Reactor;
pub use service::{
    Admit, Call, CommandCount, CommandService, Completion, Failure, IntoReply, LiveService,
    Outcome, Remedy, Reply, Unknown,
};
pub use time::Time;

/// Includes what [`idl::Config`] generated of an interface file in a build script: `scribe.rs` of `scribe.thrift`.
///
/// ```ignore
/// mod scribe {
///     oneloop::include_idl!("scribe");
/// }
/// ```
#[cfg_attr(
    not(feature = "idl"),
    doc = "[`idl::Config`]: https://docs.rs/oneloop/latest/oneloop/idl/struct.Config.html"
)]
#[macro_export]
macro_rules! include_idl {
    ($stem:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $stem, ".rs"));
    };
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
