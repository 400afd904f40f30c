//! Why a link ended.

use std::fmt;
use std::io;

use crate::error::{Error, PeerFault};

/// Why a link ended. Each is counted by its [kind](Reason::kind), and logged at debug.
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
    /// More waited to be sent than the link's or the loop's limit allows, or its peer took nothing for too long.
    SlowReader,
    /// It wanted more of the loop's memory for buffers than there was.
    Memory,
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
    /// The same peer came anew, over another link, which took its place.
    Replaced,
    /// The loop stopped.
    Stopped,
}

/// The kinds of [`Reason`], to count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the reason of its name")]
pub enum ReasonKind {
    PeerClosed,
    Closed,
    Fault,
    Io,
    FrameDeadline,
    Idle,
    SlowReader,
    Memory,
    Failed,
    Panicked,
    UnknownCommand,
    ConnectFailed,
    ConnectDeadline,
    Replaced,
    Stopped,
}

impl ReasonKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::PeerClosed,
        Self::Closed,
        Self::Fault,
        Self::Io,
        Self::FrameDeadline,
        Self::Idle,
        Self::SlowReader,
        Self::Memory,
        Self::Failed,
        Self::Panicked,
        Self::UnknownCommand,
        Self::ConnectFailed,
        Self::ConnectDeadline,
        Self::Replaced,
        Self::Stopped,
    ];

    /// Its name, as in the printed counters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PeerClosed => "peer closed",
            Self::Closed => "closed",
            Self::Fault => "fault",
            Self::Io => "io",
            Self::FrameDeadline => "frame deadline",
            Self::Idle => "idle",
            Self::SlowReader => "slow reader",
            Self::Memory => "memory",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::UnknownCommand => "unknown command",
            Self::ConnectFailed => "connect failed",
            Self::ConnectDeadline => "connect deadline",
            Self::Replaced => "replaced",
            Self::Stopped => "stopped",
        }
    }
}

impl Reason {
    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> ReasonKind {
        match self {
            Self::PeerClosed => ReasonKind::PeerClosed,
            Self::Closed => ReasonKind::Closed,
            Self::Fault(_) => ReasonKind::Fault,
            Self::Io(_) => ReasonKind::Io,
            Self::FrameDeadline => ReasonKind::FrameDeadline,
            Self::Idle => ReasonKind::Idle,
            Self::SlowReader => ReasonKind::SlowReader,
            Self::Memory => ReasonKind::Memory,
            Self::Failed(_) => ReasonKind::Failed,
            Self::Panicked(_) => ReasonKind::Panicked,
            Self::UnknownCommand(_) => ReasonKind::UnknownCommand,
            Self::ConnectFailed(_) => ReasonKind::ConnectFailed,
            Self::ConnectDeadline => ReasonKind::ConnectDeadline,
            Self::Replaced => ReasonKind::Replaced,
            Self::Stopped => ReasonKind::Stopped,
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
            Self::SlowReader => f.write_str(
                "a slow reader: too much waited to be sent, or nothing was taken for too long",
            ),
            Self::Memory => f.write_str("the memory for buffers was used up"),
            Self::Failed(error) => write!(f, "a handler failed: {error}"),
            Self::Panicked(message) => write!(f, "a handler panicked: {message}"),
            Self::UnknownCommand(command) => write!(f, "nobody serves command {command}"),
            Self::ConnectFailed(error) => write!(f, "could not connect: {error}"),
            Self::ConnectDeadline => f.write_str("the connection was not made by its deadline"),
            Self::Replaced => f.write_str("the same peer came anew, over another link"),
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
