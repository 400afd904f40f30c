//! One connection: two streams of bytes that travel.

use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use crate::context::{Address, LinkId};
use crate::sim::{LinkFaults, Random};
use crate::time::Time;

/// Names one connection, and no other after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WireKey {
    pub(super) slot: usize,
    pub(super) serial: u64,
}

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The one that dialled.
    Dialler,
    /// The one that was called.
    Called,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Dialler, Self::Called];

    pub(super) const fn other(self) -> Self {
        match self {
            Self::Dialler => Self::Called,
            Self::Called => Self::Dialler,
        }
    }
}

/// One connection: two streams of bytes that travel, and what is to become of them.
pub(super) struct Wire {
    pub(super) serial: u64,
    pub(super) name: WireName,
    pub(super) faults: Rc<LinkFaults>,
    /// Everything about this connection is drawn from here.
    pub(super) random: Random,
    /// Where it is dialled to.
    pub(super) target: Address,
    /// Its connect gets no answer.
    pub(super) hangs: bool,
    /// Its connect is refused.
    pub(super) refused: bool,
    /// Whether accepting it fails was drawn.
    pub(super) was_tried: bool,
    pub(super) ends: [End; 2],
}

/// The host that dialled, and the how manieth of its dials it was: the same in a run in which another link's fault is left out.
#[derive(Clone, Debug)]
pub(super) struct WireName {
    pub(super) host: Rc<str>,
    pub(super) number: u64,
}

impl fmt::Display for WireName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.number)
    }
}

/// Who has an end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A node, by whose name for it.
    Node(LinkId),
    /// A peer that a test moves.
    Peer(usize),
    /// Nobody yet: it is on its way, or waits to be accepted.
    Waiting,
    /// Nobody any more.
    Gone,
}

pub(super) struct End {
    pub(super) owner: Owner,
    pub(super) host: usize,
    pub(super) address: Address,
    /// What comes towards this end.
    pub(super) inbound: Stream,
    /// It knows that the connection is made.
    pub(super) up: bool,
    /// What befell the connection, as far as this end knows.
    pub(super) failure: Option<std::io::ErrorKind>,
    /// Its own stream is ended.
    pub(super) shut: bool,
    /// A write was taken in part or not at all, and it was not told since that there is room.
    pub(super) write_blocked: bool,
    /// The news that there is room is on its way.
    pub(super) room_coming: bool,
    pub(super) readiness: Readiness,
}

impl End {
    /// Whether the system still knows who is at the other end.
    pub(super) const fn is_connected(&self) -> bool {
        self.up && self.failure.is_none()
    }

    pub(super) fn new(host: usize, address: Address) -> Self {
        Self {
            owner: Owner::Waiting,
            host,
            address,
            inbound: Stream::default(),
            up: false,
            failure: None,
            shut: false,
            write_blocked: false,
            room_coming: false,
            readiness: Readiness {
                armed: true,
                ..Readiness::default()
            },
        }
    }
}

/// What the end's node is to be told in its next turn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Readiness {
    /// Bytes that arrive are told of: a read has blocked since they were last.
    pub(super) armed: bool,
    /// It is on its host's list.
    pub(super) listed: bool,
    pub(super) readable: bool,
    pub(super) writable: bool,
    pub(super) failed: bool,
    pub(super) uneven: bool,
}

/// Bytes on their way to one end.
#[derive(Default)]
pub(super) struct Stream {
    /// Those that have arrived, and behind them those that travel.
    pub(super) bytes: VecDeque<u8>,
    /// How many have arrived and are not read.
    pub(super) arrived: usize,
    /// The pieces that travel: when each arrives, and its bytes.
    pub(super) pieces: VecDeque<(Time, usize)>,
    /// The end of the stream travels behind them.
    pub(super) end: Option<Time>,
    /// It has arrived.
    pub(super) ended: bool,
    /// A reset travels behind them: it overtakes nothing.
    pub(super) reset: Option<Time>,
    /// When an arrival is on the schedule. Those that were put there for other times are off.
    pub(super) expected: Option<Time>,
    /// Until when the wire is busy with bytes sent before.
    pub(super) busy_until: Time,
    /// Bytes that have ever arrived.
    pub(super) count: u64,
    /// Arrivals that were put off because nothing goes through.
    pub(super) retries: u32,
    /// Nothing arrives before this.
    pub(super) stalled_until: Time,
    /// The byte at which the connection is reset.
    pub(super) reset_at: Option<u64>,
    /// The byte at which the stream ends, whatever comes behind it.
    pub(super) cut_at: Option<u64>,
    /// The byte at which the stream stands still, and for how long.
    pub(super) stall_at: Option<(u64, std::time::Duration)>,
    /// What comes is lost: the stream was cut.
    pub(super) swallows: bool,
}

impl Stream {
    /// When the next piece, the end or the reset arrives.
    pub(super) fn next_arrival(&self) -> Option<Time> {
        let piece = self.pieces.front().map(|&(at, _)| at);
        piece.or(self.end).or(self.reset)
    }

    /// When the last piece arrives, if any travels.
    pub(super) fn last_arrival(&self) -> Option<Time> {
        self.pieces.back().map(|&(at, _)| at)
    }

    /// What has arrived and is not read is on its way again.
    pub(super) fn unread(&mut self, now: Time) {
        if self.arrived > 0 {
            self.pieces.push_front((now, self.arrived));
            self.arrived = 0;
        }
    }

    /// Nothing befalls it any more at any byte.
    pub(super) fn spare(&mut self) {
        (self.reset_at, self.cut_at, self.stall_at) = (None, None, None);
    }

    /// Nothing holds up what travels any more: it is there by `at`.
    pub(super) fn hasten(&mut self, at: Time) {
        (self.stalled_until, self.busy_until) = (Time::START, Time::START);
        for (arrival, _) in &mut self.pieces {
            *arrival = at.min(*arrival);
        }
        self.end = self.end.map(|arrival| arrival.min(at));
        self.reset = self.reset.map(|arrival| arrival.min(at));
    }

    /// Forgets what travels, but for the first `pieces`.
    pub(super) fn lose_behind(&mut self, pieces: usize) {
        self.pieces.truncate(pieces);
        let kept: usize = self.pieces.iter().map(|&(_, bytes)| bytes).sum();
        self.bytes.truncate(self.arrived + kept);
        self.end = None;
    }
}
