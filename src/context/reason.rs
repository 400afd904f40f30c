//! Why a link ended.

use std::fmt;
use std::io;

use crate::error::{Error, PeerFault};

/// Why a link ended. Each is counted by its [kind](Reason::KINDS), and logged at debug.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reason {
    /// The peer ended its stream between two frames, and has all its answers.
    PeerClosed,
    /// This end closed it.
    Closed,
    /// The peer broke the protocol.
    Fault(PeerFault),
    /// The connection failed: reset, no route, and the like.
    Io(io::Error),
    /// A frame began and was not whole by its deadline.
    FrameDeadline,
    /// No byte came for the idle timeout.
    Idle,
    /// More waited to be sent than the link's or the loop's limit allows.
    SlowReader,
    /// A handler failed, and the protocol has no form for that.
    Failed(Error),
    /// A handler panicked; the text is the panic's message.
    Panicked(String),
    /// A command that nobody serves, where the policy is to close.
    UnknownCommand(u32),
    /// The connection could not be made.
    ConnectFailed(io::Error),
    /// The connection was not made by its deadline.
    ConnectDeadline,
    /// The loop stopped.
    Stopped,
}

impl Reason {
    /// The names of the kinds, in the order of [`Counters::closed_by`](crate::Counters).
    pub const KINDS: [&'static str; 13] = [
        "peer closed",
        "closed",
        "fault",
        "io",
        "frame deadline",
        "idle",
        "slow reader",
        "failed",
        "panicked",
        "unknown command",
        "connect failed",
        "connect deadline",
        "stopped",
    ];

    /// Its place in [`KINDS`](Self::KINDS).
    #[must_use]
    pub const fn kind(&self) -> usize {
        match self {
            Self::PeerClosed => 0,
            Self::Closed => 1,
            Self::Fault(_) => 2,
            Self::Io(_) => 3,
            Self::FrameDeadline => 4,
            Self::Idle => 5,
            Self::SlowReader => 6,
            Self::Failed(_) => 7,
            Self::Panicked(_) => 8,
            Self::UnknownCommand(_) => 9,
            Self::ConnectFailed(_) => 10,
            Self::ConnectDeadline => 11,
            Self::Stopped => 12,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PeerClosed => f.write_str("the peer closed it"),
            Self::Closed => f.write_str("closed from here"),
            Self::Fault(fault) => write!(f, "the peer broke the protocol: {fault}"),
            Self::Io(error) => write!(f, "the connection failed: {error}"),
            Self::FrameDeadline => f.write_str("a frame was not whole by its deadline"),
            Self::Idle => f.write_str("no byte came for the idle timeout"),
            Self::SlowReader => f.write_str("too much waited to be sent to a slow reader"),
            Self::Failed(error) => write!(f, "a handler failed: {error}"),
            Self::Panicked(message) => write!(f, "a handler panicked: {message}"),
            Self::UnknownCommand(command) => write!(f, "nobody serves command {command}"),
            Self::ConnectFailed(error) => write!(f, "could not connect: {error}"),
            Self::ConnectDeadline => f.write_str("the connection was not made by its deadline"),
            Self::Stopped => f.write_str("the loop stopped"),
        }
    }
}

impl From<Error> for Reason {
    /// What a session's error means for its link.
    fn from(error: Error) -> Self {
        match error {
            Error::Peer(fault) => Self::Fault(fault),
            Error::Panicked(message) => Self::Panicked(message),
            other => Self::Failed(other),
        }
    }
}
