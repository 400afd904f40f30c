//! What the rules ask of the world.

use std::io;
use std::io::IoSlice;
use std::time::Duration;

use crate::context::{Address, Connect, LinkId, Listen, ListenerId};
use crate::time::Time;

/// What the rules ask of the world: sockets by name, a clock, threads for blocking work. The reactor is one such world; any other
/// that keeps these promises runs the same sessions and the same engine.
///
/// Readiness is edge-triggered: a driver reports that a link became readable or writable once, and need not report it again until a
/// call for it has given [`io::ErrorKind::WouldBlock`].
pub trait Driver {
    /// The time.
    fn now(&mut self) -> Time;

    /// Fills `into` with bytes that nobody can guess.
    ///
    /// # Errors
    /// As the system gives them; [`io::ErrorKind::Unsupported`] from a driver that has none, as the reactor without the feature `node`.
    fn random(&mut self, into: &mut [u8]) -> io::Result<()> {
        let _ = into;
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The time of day, since 1970 began in UTC: it may jump, either way. Zero from a driver that has none.
    fn time_of_day(&mut self) -> Duration {
        Duration::ZERO
    }

    /// Whether a read or write that moved fewer bytes than it might have proves that the next would block.
    fn short_transfer_drains(&self) -> bool;

    /// Begins to listen; gives the address it became.
    ///
    /// # Errors
    /// As the system gives them.
    fn listen(&mut self, listener: ListenerId, listen: &mut Listen) -> io::Result<Address>;

    /// Stops listening. Connections that wait to be accepted are refused.
    fn unlisten(&mut self, listener: ListenerId);

    /// Accepts one connection, which is `link` from now on.
    ///
    /// # Errors
    /// [`AcceptFault`], which says what to do about it.
    fn accept(&mut self, listener: ListenerId, link: LinkId) -> Result<(), AcceptFault>;

    /// No descriptors are left: gives up the one kept in reserve to accept and close one waiting connection. False if that was not
    /// possible, or none waits.
    fn shed(&mut self, listener: ListenerId) -> bool;

    /// Begins to dial. The link becomes writable when there is an outcome.
    ///
    /// # Errors
    /// As the system gives them.
    fn connect(&mut self, link: LinkId, connect: &Connect) -> io::Result<()>;

    /// Whether a dialled link is up; false means that the outcome is still open.
    ///
    /// # Errors
    /// Why it failed.
    fn connected(&mut self, link: LinkId) -> io::Result<bool>;

    /// Why the connection has failed, if it has. Asked once it was told of.
    fn failure(&mut self, link: LinkId) -> Option<io::Error>;

    /// Reads into the front of `into`; zero is the end of the peer's stream.
    ///
    /// # Errors
    /// As the system gives them.
    fn read(&mut self, link: LinkId, into: &mut [u8]) -> io::Result<usize>;

    /// Writes from the front of `bytes`.
    ///
    /// # Errors
    /// As the system gives them.
    fn write(&mut self, link: LinkId, bytes: &[u8]) -> io::Result<usize>;

    /// Writes from the front of `pieces`, in one go.
    ///
    /// # Errors
    /// As the system gives them.
    fn write_vectored(&mut self, link: LinkId, pieces: &[IoSlice<'_>]) -> io::Result<usize>;

    /// Ends our stream; the peer's may go on.
    ///
    /// # Errors
    /// As the system gives them.
    fn shutdown(&mut self, link: LinkId) -> io::Result<()>;

    /// Drops the connection. `reset` tells the peer that bytes were lost, and keeps no memory for them.
    fn close(&mut self, link: LinkId, reset: bool);

    /// The peer's address, if the connection still knows it.
    fn peer_address(&self, link: LinkId) -> Option<Address>;

    /// Our end's address, if the connection still knows it.
    fn local_address(&self, link: LinkId) -> Option<Address>;

    /// Whether [`submit`](Self::submit) would take a job.
    fn has_room(&self) -> bool;

    /// Runs `job` off the loop; gives it back if its queue is full.
    ///
    /// # Errors
    /// The job, which was not queued.
    fn submit(&mut self, job: Job) -> Result<(), Job>;
}

/// Work to be done off the loop.
pub type Job = Box<dyn FnOnce() + Send>;

/// Why no connection was accepted.
#[derive(Debug)]
pub enum AcceptFault {
    /// None waits.
    WouldBlock,
    /// This one is lost, which says nothing about the next: it was reset while it waited, or its network failed.
    Lost(io::Error),
    /// The process or the system has no descriptors left.
    Exhausted(io::Error),
    /// Anything else, memory included: try again later.
    Failed(io::Error),
}
