//! Nodes that call each other: root, child and remote on one link. With the feature `node`.
//!
//! A [`Node`] is composed of listeners for clients, [roots](Root) and [remotes](Remote). A remote dials another node's root, and is its
//! child from then on; over that one link both call each other, by any generated client, and many calls may be under way each way.
//!
//! ```
//! use oneloop::node::{Node, Remote, Root, Secret};
//! use oneloop::{Context, Result};
//!
//! fn gate(cx: &mut Context<'_, ()>) -> Result<()> {
//!     let secret = Secret::new("correct horse battery staple")?;
//!     Node::new("gate").root("gate:9000", Root::new().secret(secret)).start(cx)?;
//!     Ok(())
//! }
//!
//! fn calc(cx: &mut Context<'_, ()>) -> Result<()> {
//!     let secret = Secret::new("correct horse battery staple")?;
//!     Node::new("calc").remote("gate", "gate:9000", Remote::new().secret(secret)).start(cx)?;
//!     Ok(())
//! }
//!
//! let mut world = oneloop::sim::World::new(1);
//! let gate = world.node("gate", || (), gate)?;
//! world.node("calc", || (), calc)?;
//! world.run_for(std::time::Duration::from_secs(1));
//! let children = world.with(&gate, |cx| cx.children("calc"));
//! assert_eq!(children.len(), 1);
//! # Ok::<(), oneloop::Error>(())
//! ```
//!
//! Who is called is said by [`cx.child("calc")`](crate::Context::child), one child of several for each call;
//! [`cx.each_child("calc")`](crate::Context::each_child), all of them at once; [`cx.remote("gate")`](crate::Context::remote), a root.
//!
//! # What comes of a call
//!
//! | What happens | The call |
//! |---|---|
//! | a reply with a value, or with an exception that the method declares | has it |
//! | no child of this name is up; no remote has this root | fails with [`Error::Absent`], at once |
//! | the root is down, or refuses us, or we it (hooks are told why) | fails with [`Error::LinkClosed`], at once; or waits, by [`NodeLimits::queued_calls_max`] |
//! | no reply by the deadline, at either end | fails with [`Error::Timeout`]; the callee's promise learns of it |
//! | its `Deferred` is dropped | is forgotten; the callee's promise learns of it |
//! | too many calls are under way, at either end, or wait for the root | fails with [`Error::Busy`]; what [`forward_to_child`] and the like forward [waits](forward_to_child), and so does a push |
//! | the target failed with an [`ApplicationException`] | fails with [`Error::Failed`], that exception within: a code and a text |
//! | the target handed on what came of a call of its own: [`Error::Timeout`], [`Error::Cancelled`], [`Error::Busy`], [`Error::Absent`], [`Error::LinkClosed`] | fails with [`Error::Failed`], a code from `0x6f6c0101` to `0x6f6c0105` and the text: nobody takes it for one of the caller's own link |
//! | a forwarded command's, that a node between has [passed on](pass_to_child) | fails with the same at the client's node: it is told whether the last node is absent, busy, silent or lost, or its target has failed |
//! | the target failed otherwise or panicked, or there is none, or it could not read the arguments | the same, of one of Thrift's kinds |
//! | the result cannot be read | fails with [`Error::Peer`] |
//! | the link is lost | fails with the reason: [`Error::Peer`] (of a silent link [`PeerFault::Silent`]), [`Error::Io`], [`Error::LinkClosed`], [`Error::Stopped`] |
//!
//! A call that failed otherwise than by its callee's word may have been executed or not; none is executed twice.
//!
//! A call that is made while a call is served has no more time than that one has left: who waits for it does not wait longer. A target
//! sees by [`Context::call_until`](crate::Context::call_until) until when; what is to go on all the same is called by a
//! [detached](crate::thrift::Caller::detached) caller.
//!
//! # The wire
//!
//! Messages of Thrift's binary protocol in its strict form, each in a frame with its length in 4 bytes before it. Each end numbers its own
//! calls; a reply has its call's number, and leaves when it is there. What nodes say to each other besides their applications' calls is
//! a Thrift service under the multiplexed name `oneloop`, in `src/node/wire.thrift`:
//!
//! ```text
//! child                                              root
//!   | -- oneloop:hello(version, name, instance, ...) ->|   the first frame; each end adds a nonce
//!   |<- Welcome(version, name, ..., proof) ------------|   HMAC-SHA256 of the secret over both hellos
//!   | -- oneloop:proof(proof) ------------------------>|   the same, labelled as the child's
//!   |<- void -------------------------------------------|   from here on calls go both ways
//!   | -- oneloop:window(calls) ----------------------->|   that it knows of calls that are set aside
//!   |<=> calls, replies, oneloop:heartbeat, oneloop:cancel(number), oneloop:set_aside(number) <=>|
//! ```
//! Each call's arguments have a field of the id 32767 in front, an `i32`: the milliseconds that its caller still waits. A Thrift server
//! skips it, as any field that it does not know.
//!
//! # Clients of other nodes
//!
//! ```text
//! client            net                          gate                          chat
//!   | -- 1000 "hi" -->|                             |                             |
//!   |                 | -- forward(id, 1000, hi) -->| -- forward(id, 1000, hi) -->|  on_forward: it knows the client's id
//!   |                 |<----------- push(ids, ...) -|<- push(ids, 2000, news) ----|  push_across: to clients of any node
//!   |<- 2000 "news" --|<-- reply -------------------|<-- reply -------------------|
//!   |<- 1000 reply ---|
//! ```
//! A listener's commands are forwarded by one line, [`forward_to_remote`] or [`forward_to_child`]; a node between passes them on by
//! another, [`pass_to_child`]; the last has a function for them, [`Remote::on_forward`] or [`Root::on_forward`], or a table of such,
//! [`Forwards`]. [`Context::push_across`](crate::Context::push_across) reaches clients of this node, of its children, of its roots, and
//! of its roots' children. On the wire both are ordinary calls under the multiplexed name `oneloop.clients`:
//!
//! ```text
//! service Clients {
//!   binary forward(1: binary client, 2: i32 command, 3: binary body)     // no result: no reply to the client
//!   binary push(1: list<binary> clients, 2: i32 command, 3: binary body) // a byte for each: 0 not known here, 1 taken, 2 gone, 3 unreached
//! }
//! ```
//!
//! # Before the proof
//!
//! Whoever dials a root reaches no target before it has proven that it has the secret. Until then it may send one frame at a time, of
//! [`unproven_frame_bytes_max`](NodeLimits::unproven_frame_bytes_max), within [`unproven_deadline`](NodeLimits::unproven_deadline); and
//! there are at most [`unproven_links_max`](NodeLimits::unproven_links_max) of its kind.
//!
//! Who has proven it is taken [a while after the child before](NodeLimits::child_after_min), at the earliest: however many come back at once when
//! a root does, their calls and what its hooks do for them come one after the other.
//!
//! # What the proof is not
//!
//! It says who is at the other end when the link comes up, and no more: what follows is neither encrypted nor signed, so whoever can
//! change bytes on the way can call. Use a network that you trust, or a tunnel. Whoever has the secret may take any name, unless a root
//! has a list; and whoever dials a root gets its proof first, by which he may try secrets at home: take 32 random bytes, not a word.
//!
//! [`Error::Absent`]: crate::Error::Absent
//! [`Error::LinkClosed`]: crate::Error::LinkClosed
//! [`Error::Timeout`]: crate::Error::Timeout
//! [`Error::Busy`]: crate::Error::Busy
//! [`Error::Cancelled`]: crate::Error::Cancelled
//! [`Error::Failed`]: crate::Error::Failed
//! [`Error::Peer`]: crate::Error::Peer
//! [`Error::Io`]: crate::Error::Io
//! [`Error::Stopped`]: crate::Error::Stopped
//! [`PeerFault::Silent`]: crate::PeerFault::Silent
//! [`ApplicationException`]: crate::thrift::ApplicationException

mod child_link;
mod client_id;
mod composed;
mod dialling;
mod doors;
mod each_child;
mod forward;
mod forwards;
mod hooks;
mod identity;
mod key;
mod lanes;
mod limits;
mod names;
mod peer;
mod proven;
mod pushes;
mod remote;
mod roll;
mod root;
mod root_core;
mod root_link;
mod running;
mod secret;
mod shares;
mod waiting_room;
mod way;
#[rustfmt::skip]
#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    reason = "generated of wire.thrift: more than is used, and as others have it"
)]
mod wire;

pub use client_id::ClientId;
pub use composed::Node;
pub use doors::{Child, ToRemote};
pub use each_child::{EachChild, Outcomes};
pub use forward::{forward_to_child, forward_to_remote, pass_to_child, pass_to_remote};
pub use forwards::Forwards;
pub use limits::NodeLimits;
pub use peer::{Peer, Refusal, RefusalCode};
pub use pushes::Taken;
pub use remote::Remote;
pub use root::Root;
pub use secret::Secret;
