//! oneloop
pub mod buffer;
pub mod codec;
mod context;
pub mod deferred;
mod engine;
mod error;
mod reactor;
mod service;
mod time;

pub use buffer::{Body, Input};
pub use codec::{Command, DataPack, Decoder, Encoder, Framed, Lines};
pub use context::{
    AcceptFault, Address, Connect, Context, Counters, Driver, GroupId, Handle, Job, Label, Limits,
    LinkId, LinkLimits, Links, Listen, ListenerId, Protocol, Reason, Session, Sessions,
    SocketOptions, Tick, TimerId, Verdict,
};
pub use deferred::{Deferred, Promise, SendPromise};
pub use error::{Error, Misuse, PeerFault, Result};
pub use reactor::Reactor;
pub use service::{
    Admit, Call, CommandCount, CommandService, Completion, Failure, IntoReply, LiveService,
    Outcome, Remedy, Reply, Service, Unknown,
};
pub use time::Time;
