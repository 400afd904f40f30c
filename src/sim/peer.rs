//! A peer that a test moves, byte by byte.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::io::ErrorKind;
use std::iter;
use std::rc::Rc;

use crate::context::LinkId;
use crate::sim::net::Net;
use crate::sim::wire::{Owner, Side, WireKey};

/// A peer that a test moves, byte by byte: a client that may behave as badly as it likes. Dial with [`World::peer`](super::World::peer).
/// A clone is the same peer.
///
/// What it sends goes out as the window lets it; what comes is taken at once, unless it [stops reading](Self::stop_reading).
///
/// ```
/// use std::time::Duration;
/// use oneloop::sim::World;
/// use oneloop::{Context, Input, Result, Session, Verdict};
///
/// struct Echo;
///
/// impl Session<()> for Echo {
///     fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, ()>) -> Result<Verdict> {
///         while let Some(bytes) = cx.next_frame(input, |input| Ok(input.take(4)))? {
///             cx.send_bytes(bytes)?;
///         }
///         Ok(Verdict::Continue)
///     }
/// }
///
/// let mut world = World::new(1);
/// world.node("server", || (), |cx| cx.listen("server:7000", (), || Echo)).unwrap();
/// let peer = world.peer("client", "server:7000");
/// peer.send(b"four and half");
/// world.run_until(|_| peer.received_len() == 12, Duration::from_secs(1));
/// assert_eq!(peer.take_received(), b"four and hal");
/// ```
#[derive(Clone)]
pub struct Peer {
    net: Rc<RefCell<Net>>,
    index: usize,
}

/// How a peer's connection came to its end, as far as it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerEnd {
    /// The other side ended its stream: everything it sent is here.
    Ended,
    /// It is reset, or failed in some other way.
    Failed(ErrorKind),
    /// From here.
    Closed,
}

pub(super) struct PeerState {
    wire: Option<WireKey>,
    outgoing: VecDeque<u8>,
    /// To be ended when all is out.
    ends: bool,
    received: Vec<u8>,
    reads: bool,
    end: Option<PeerEnd>,
}

impl Peer {
    pub(super) fn dial(net: &Rc<RefCell<Net>>, host: &str, target: &str) -> Self {
        let mut inner = net.borrow_mut();
        let host = inner.host(host);
        let target = target.parse().map_err(|_| ErrorKind::InvalidInput.into());
        let index = inner.peers.len();
        let dialled = target.and_then(|target| inner.dial(host, &target));
        let end = dialled
            .as_ref()
            .err()
            .map(|error| PeerEnd::Failed(error.kind()));
        if let Ok(key) = &dialled {
            let own = &mut inner.wires[key.slot].ends[Side::Dialler as usize];
            own.owner = Owner::Peer(index);
        }
        inner.peers.push(PeerState {
            wire: dialled.ok(),
            outgoing: VecDeque::new(),
            ends: false,
            received: Vec::new(),
            reads: true,
            end,
        });
        drop(inner);
        Self {
            net: Rc::clone(net),
            index,
        }
    }

    fn with<R>(&self, act: impl FnOnce(&mut Net, &PeerState) -> R) -> R {
        let mut net = self.net.borrow_mut();
        // Out of the net while it is looked at: both are needed.
        let state = std::mem::take(&mut net.peers[self.index]);
        let result = act(&mut net, &state);
        net.peers[self.index] = state;
        result
    }

    /// Sends, as the window lets it; what does not fit waits here.
    pub fn send(&self, bytes: &[u8]) {
        let mut net = self.net.borrow_mut();
        let state = &mut net.peers[self.index];
        // On a connection that is gone nothing waits.
        if let Some(key) = state.wire {
            state.outgoing.extend(bytes);
            net.pump(key, Side::Dialler);
        }
    }

    /// Bytes that wait here, because the window is full or the connection not up.
    #[must_use]
    pub fn unsent_len(&self) -> usize {
        self.with(|_, state| state.outgoing.len())
    }

    /// Ends its stream when all is sent; it still reads. Nothing is to be sent after that.
    pub fn half_close(&self) {
        let mut net = self.net.borrow_mut();
        let state = &mut net.peers[self.index];
        state.ends = true;
        if let Some(key) = state.wire {
            net.pump(key, Side::Dialler);
        }
    }

    /// Closes, as a process does that ends: what has left arrives, unless there is something that it did not read. What
    /// [waits here](Self::unsent_len) is lost.
    pub fn close(&self) {
        self.part(false);
    }

    /// Resets the connection: what is on its way may be lost.
    pub fn reset(&self) {
        self.part(true);
    }

    fn part(&self, reset: bool) {
        let end = self.end().unwrap_or(PeerEnd::Closed);
        let mut net = self.net.borrow_mut();
        let state = &mut net.peers[self.index];
        state.end = Some(end);
        state.outgoing.clear();
        if let Some(key) = state.wire.take() {
            net.close(key, Side::Dialler, reset);
        }
    }

    /// Reads no more: the window fills.
    pub fn stop_reading(&self) {
        self.net.borrow_mut().peers[self.index].reads = false;
    }

    /// Reads again.
    pub fn read_on(&self) {
        let mut net = self.net.borrow_mut();
        let state = &mut net.peers[self.index];
        state.reads = true;
        if let Some(key) = state.wire {
            net.take_in(key, Side::Dialler);
        }
    }

    /// How many bytes it has read and nobody has taken.
    #[must_use]
    pub fn received_len(&self) -> usize {
        self.net.borrow().peers[self.index].received.len()
    }

    /// Takes what it has read.
    #[must_use]
    pub fn take_received(&self) -> Vec<u8> {
        std::mem::take(&mut self.net.borrow_mut().peers[self.index].received)
    }

    /// Whether the connection is up, and did not end in either way.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.end().is_none()
            && self.with(|net, state| {
                let wire = state.wire.and_then(|key| net.wire(key));
                wire.is_some_and(|wire| wire.ends[0].up)
            })
    }

    /// How the connection came to its end; none before that.
    #[must_use]
    pub fn end(&self) -> Option<PeerEnd> {
        self.with(|net, state| {
            let wire = state.wire.and_then(|key| net.wire(key));
            let failure = wire.and_then(|wire| wire.ends[0].failure);
            failure.map(PeerEnd::Failed).or(state.end)
        })
    }

    /// What the server calls the link, if it has accepted it and it is still there.
    #[must_use]
    pub fn server_link(&self) -> Option<LinkId> {
        self.with(|net, state| match net.wire(state.wire?)?.ends[1].owner {
            Owner::Node(link) => Some(link),
            _ => None,
        })
    }
}

impl Default for PeerState {
    fn default() -> Self {
        Self {
            wire: None,
            outgoing: VecDeque::new(),
            ends: false,
            received: Vec::new(),
            reads: true,
            end: None,
        }
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer")
            .field("index", &self.index)
            .field("end", &self.end())
            .finish_non_exhaustive()
    }
}

impl Net {
    /// The peer at this end, if it is one's.
    fn peer_at(&mut self, key: WireKey, side: Side) -> Option<usize> {
        match self.wire(key)?.ends[side as usize].owner {
            Owner::Peer(index) => Some(index),
            _ => None,
        }
    }

    /// A peer's connection has failed. One that reads has all that it will ever get, and needs it no longer.
    pub(super) fn peer_failed(&mut self, key: WireKey, side: Side, failure: ErrorKind) {
        let Some(index) = self.peer_at(key, side) else {
            return;
        };
        self.take_in(key, side);
        let state = &mut self.peers[index];
        state.end = Some(PeerEnd::Failed(failure));
        state.outgoing.clear();
        if state.reads {
            state.wire = None;
            self.let_go(key, side);
        }
    }

    /// Sends what a peer wants to send, as far as it goes.
    pub(super) fn pump(&mut self, key: WireKey, side: Side) {
        let Some(index) = self.peer_at(key, side) else {
            return;
        };
        if !self.wires[key.slot].ends[side as usize].up {
            return;
        }
        let mut outgoing = std::mem::take(&mut self.peers[index].outgoing);
        while !outgoing.is_empty() {
            let (front, _) = outgoing.as_slices();
            match self.write(key, side, iter::once(front)) {
                Ok(count) => {
                    _ = outgoing.drain(..count);
                    self.changes += 1;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => outgoing.clear(),
            }
        }
        let over = outgoing.is_empty() && self.peers[index].ends;
        self.peers[index].outgoing = outgoing;
        if over {
            // If it has failed, the peer learns of that anyway.
            let _ = self.shutdown(key, side);
        }
    }

    /// Has a peer take what has arrived.
    pub(super) fn take_in(&mut self, key: WireKey, side: Side) {
        let Some(index) = self.peer_at(key, side) else {
            return;
        };
        if !self.peers[index].reads {
            return;
        }
        let mut chunk = [0; 4096];
        loop {
            match self.read(key, side, &mut chunk, 0.0) {
                Ok(0) => {
                    self.peers[index].end.get_or_insert(PeerEnd::Ended);
                    return;
                }
                Ok(count) => self.peers[index]
                    .received
                    .extend_from_slice(&chunk[..count]),
                Err(_) => return,
            }
        }
    }
}
