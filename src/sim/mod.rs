//! The same nodes on a virtual clock and a virtual network, replayed from a seed. With the feature `sim`; for tests.
//!
//! A [`World`] drives what a [`Reactor`](crate::Reactor) drives: the same state, the same start function, the same services and
//! sessions, with no change and no `cfg`. Several nodes and many clients of them run in one thread of one test. Time is a number that
//! jumps to the next event, so an hour of silence costs nothing; everything that may go wrong is drawn from the seed; and a run that
//! fails is run again by that seed, event for event.
//!
//! ```
//! use std::time::Duration;
//! use oneloop::sim::{self, LinkFaults, World};
//! use oneloop::{CommandService, Context, DataPack, LinkId, Result};
//!
//! fn start(cx: &mut Context<'_, u32>) -> Result<()> { // what main gives to a reactor
//!     let mut echo = CommandService::new();
//!     echo.on(1, |call| { *call.cx.state += 1; call.reply(call.body()) })?;
//!     cx.listen("server:7000", DataPack::default(), echo)?;
//!     Ok(())
//! }
//!
//! fn dial(cx: &mut Context<'_, ()>) -> Result<()> { // a client sends three requests when it is up
//!     let mut client = CommandService::new();
//!     client.on_opened(|cx: &mut Context<'_, ()>, link: LinkId| {
//!         for _ in 0..3 { cx.links.send(link, 1, "hello").expect("it is up"); }
//!     });
//!     cx.connect("server:7000", DataPack::default(), client)?;
//!     Ok(())
//! }
//!
//! sim::search(0..50, |world| {
//!     let faults = LinkFaults::lossless(world.random()); // slow, cut anywhere, tiny windows: as drawn
//!     world.set_link_faults(faults);
//!     let server = world.node("server", || 0, start)?;
//!     world.node("client", || (), dial)?;
//!     world.run_until(|world| *world.state(&server) == 3, Duration::from_secs(60));
//!     world.signal("client"); // as SIGTERM
//!     world.run_until(World::is_quiet, Duration::from_secs(60)); // no link, timer, call or promise is left
//!     Ok::<(), oneloop::Error>(())
//! });
//! ```
//!
//! # What is simulated
//!
//! - **The network**: TCP as its ends see it. Bytes travel for a while, are cut anew anywhere, wait for a window, arrive in order. A
//!   connect takes a round trip, waits in a backlog, is refused or hangs. Data for somebody who is gone is answered by a reset. What does
//!   not get through is sent again for a quarter of an hour. Unix sockets are links within a host. See [`LinkFaults`].
//! - **Readiness**: edge-triggered, and as strict as a driver may be: told once, and not again before a call would block; in any order.
//! - **The clock**: [`Context::now`](crate::Context::now) begins at zero with each life of a node. A turn takes as long as
//!   [`NodeFaults::turn`] says, a slow handler longer; a paused node's clock jumps.
//! - **Threads**: what [`Context::blocking`](crate::Context::blocking) is given runs on the test's own thread, at the virtual time at
//!   which it is done. Posts by a [`Handle`](crate::Handle) come in the next turn.
//! - **Ends**: [`World::signal`] is SIGTERM, [`World::crash`] is kill -9 or a pulled plug.
//!
//! Not simulated: the kernel's memory, files (what a blocking closure does to one, it does; but with the feature
//! `disk` there is a simulated disk, for those who ask a [disk](crate::disk) for theirs), threads that a test starts by itself, IPv6 beside IPv4, several listeners on one port ([`Listen::reuse_port`](crate::Listen::reuse_port)), the folders of unix sockets, and
//! the time that looking up a name takes. A reset that is sent into a partition arrives when it heals, where TCP would lose it.
//!
//! # What makes a run the same again
//!
//! Every draw comes from the seed and the place where it is made (which link, which node), and nothing else decides: no real clock, no
//! address, no order of a hash map. Numbers, not time, order what is due at the same time. An application keeps it so if it iterates
//! no `HashMap` to send, and draws its own numbers from a seed that its state was made with, such as [`World::random`]'s.
//!
//! # When a run fails
//!
//! [`search()`] runs many seeds. Of the first that fails it leaves out faults as long as it still fails, and shows what is left:
//!
//! ```text
//! oneloop: seed 17 failed at 0.052341s
//! the last events:
//!      0.000000s INFO  server starts
//!      0.000000s DEBUG client/1: client dials server:7000
//!      0.049210s DEBUG client/1: is reset by the network
//! the faults: pieces, reset:client/1
//! to replay it: ONELOOP_SIM_SEED=17 ONELOOP_SIM_FAULTS=pieces,reset:client/1 ONELOOP_SIM_LOG=debug cargo test the_test -- --exact --nocapture
//! ```
//!
//! A run fails by an assertion, an error returned, a panic in a handler ([`World::allow_panics`] if that is meant), or an invariant of
//! the loop, which is checked after every turn.
//!
//! # How it is built
//!
//! ```text
//!  World ── Schedule: what is due, by time
//!    │         │
//!    │         ├─ a turn ─► Machine: a node's Engine, the reactor's own ─── Card: its Driver ─┐
//!    │         ├─ a piece arrives, a connect knocks ─► Net: hosts, doors, wires ◄─────────────┘
//!    │         └─ a crash, a pause, a partition; a step of the script; a blocking job
//!    └─ Plan: which of the drawn faults take place       Journal: the event log
//! ```

mod card;
mod course;
mod dial;
#[cfg(feature = "disk")]
mod disk;
mod door;
mod faults;
mod host;
mod journal;
mod machine;
mod minimise;
mod mishap;
mod net;
mod peer;
mod plan;
mod random;
mod replay;
mod schedule;
mod search;
mod traffic;
mod trouble;
mod wire;
mod world;

#[cfg(feature = "disk")]
pub use disk::{Disk, DiskFaults};
pub use faults::{LinkFaults, NodeFaults};
pub use peer::{Peer, PeerEnd};
pub use random::Random;
pub use search::{Passes, Searched, search};
pub use trouble::Crash;
pub use world::{Node, World};
