//! Nodes started as a file says: the file has where each listens, whom it dials, its limits and its secret; the program has what it
//! serves. With the features `config` and `node`.
//!
//! ```text
//!  cluster.toml ──► Config ──► NodePlan ─┐
//!                                        ├─► Assigned ──► parts() ──► Node ──► a Reactor, or a World's host
//!  the program  ──► Apps<App> ───────────┘               what it serves
//! ```
//!
//! ```
//! use oneloop::cluster::{App, Assigned};
//! use oneloop::config::{Apps, Config, Format};
//! use oneloop::node::{Remote, forward_to_child};
//! use oneloop::{CommandService, Context, DataPack, Result};
//!
//! fn gate(cx: &mut Context<'_, ()>, assigned: Assigned) -> Result<()> {
//!     let mut commands = CommandService::new();
//!     commands.catch_all(forward_to_child("echo"))?;
//!     assigned.parts().net(DataPack::default(), commands).start(cx).map(drop)
//! }
//!
//! fn echo(cx: &mut Context<'_, u64>, assigned: Assigned) -> Result<()> {
//!     let remote = Remote::new().on_forward(|cx, _client, _command, body: &[u8]| {
//!         *cx.state += 1;
//!         body.to_vec()
//!     });
//!     assigned.parts().remote("gate", remote).start(cx).map(drop)
//! }
//!
//! let mut apps = Apps::new();
//! apps.register("gate", App::new(|| (), gate))?;
//! apps.register("echo", App::new(|| 0, echo))?;
//! let text = r#"
//!     [servers.gate]
//!     app = "gate"
//!     netport = 7000
//!     rootport = 9000
//!
//!     [servers.echo]
//!     app = "echo"
//!     remoteport = [{ rootname = "gate" }]
//! "#;
//! let config = Config::parse(text, "cluster.toml", Format::Toml, &apps.names())?;
//!
//! // A process of its own for each node: `apps.launch(&config, "gate")?.run()?`. In a test all of them, on one virtual network:
//! let mut world = oneloop::sim::World::new(1);
//! let nodes = apps.place(&mut world, &config, &oneloop::config::Memory::default())?;
//! world.run_for(std::time::Duration::from_secs(1));
//! let client = world.peer("client", "gate:7000");
//! client.send(b"\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\x01hi");
//! world.run_for(std::time::Duration::from_secs(1));
//! assert!(client.take_received().ends_with(b"hi"));
//! assert_eq!(*world.state(&nodes.node::<u64>("echo")?), 1);
//! # Ok::<(), oneloop::Error>(())
//! ```
//!
//! # What is not there on one side
//!
//! | The file has, the program has not | |
//! |---|---|
//! | a `netport` | an error when the node starts |
//! | a `rootport`, or a root in `remoteport` | one that serves nothing, and can be called |
//!
//! | The program has, the file has not | |
//! |---|---|
//! | clients to serve, a root, a remote | an error when the node starts, with the key that is missing |
//!
//! # Limits
//!
//! Those of the loop are the file's. Those of links are too: of clients' links, if the node has any; otherwise of its links to other
//! nodes, unless the program gave its root or remote [others](crate::node::Root::limits). (A client is held to less than a node: what
//! bounds the one would choke the other.) Of links to nodes `idle_timeout` is not looked at, since they give signs of life; and where the
//! file has the default `call_deadline` of links, they have [their own](crate::node::NodeLimits::link).

mod app;
mod assigned;
mod parts;
#[cfg(feature = "sim")]
mod placed;

pub use app::{App, Running};
pub use assigned::Assigned;
pub use parts::Parts;
#[cfg(feature = "sim")]
pub use placed::Placed;
