//! What can go wrong, and whose fault it is.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::io;

/// The result of a fallible call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. Blame is in the variant: the operating system's, the peer's, the caller's, or a handler's.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused or failed.
    Io(io::Error),
    /// The peer sent what its protocol does not allow. Ends that link and nothing else.
    Peer(PeerFault),
    /// The caller asked for what cannot be: a mistake in the program.
    Misuse(Misuse),
    /// A handler's own error, as it gave it.
    Failed(Box<dyn StdError + Send + Sync>),
    /// A handler or a blocking job panicked; the text is the panic's message.
    Panicked(String),
    /// The promise was dropped unanswered.
    Dropped,
    /// A deadline passed first.
    Timeout,
    /// There is too much to do already: the worker pool's queue is full, there are too many links, or too many calls are under way.
    /// Nothing was begun.
    Busy,
    /// Who was called is not there: no link to anybody of this name is up. Nothing was begun.
    Absent(String),
    /// Whoever waited for it wants it no more.
    Cancelled,
    /// The link is gone, or going.
    LinkClosed,
    /// The loop is stopping or gone.
    Stopped,
}

impl Error {
    /// A handler's own error made of anything that is one, or of a text.
    ///
    /// ```
    /// let error = oneloop::Error::failed("no such room");
    /// assert_eq!(error.to_string(), "no such room");
    /// ```
    pub fn failed(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Failed(error.into())
    }
}

/// What a peer did wrong. Decoders raise it; the link is closed with it as the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeerFault {
    /// The frame does not begin as ours do: wrong magic bytes or versions.
    Magic,
    /// A length field outside its bounds, in bytes.
    Length {
        /// What the peer claims.
        claimed: u64,
        /// The least that makes sense.
        least: u64,
        /// The most this end takes.
        most: u64,
    },
    /// More bytes came without an end of frame than a frame may have.
    FrameTooLong {
        /// The limit, in bytes.
        most: u64,
    },
    /// The peer ended its stream in the middle of a frame.
    Truncated,
    /// A format's own complaint, for decoders that a user writes.
    Malformed(Cow<'static, str>),
    /// It did not prove who it is, as it has to before anything else; the text says what it did instead.
    Unproven(Cow<'static, str>),
    /// Nothing came from it, not even the signs of life that it promised.
    Silent,
}

impl fmt::Display for PeerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic => {
                f.write_str("the frame begins with other magic bytes or versions than ours")
            }
            Self::Length {
                claimed,
                least,
                most,
            } => {
                write!(
                    f,
                    "the frame claims a length of {claimed} bytes, which is not within {least} to {most}"
                )
            }
            Self::FrameTooLong { most } => write!(f, "no end of frame within {most} bytes"),
            Self::Truncated => f.write_str("the stream ended in the middle of a frame"),
            Self::Malformed(what) => f.write_str(what),
            Self::Unproven(what) => write!(f, "it did not prove who it is: {what}"),
            Self::Silent => f.write_str("it gave no sign of life"),
        }
    }
}

impl StdError for PeerFault {}

/// A mistake in the program that calls us.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// Two targets for one command, range or name; both places are named.
    Duplicate(String),
    /// What was to be sent is longer than the format or a limit allows, in bytes.
    FrameTooLong {
        /// What was to be sent.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// What was to be sent cannot be written in this format.
    Unencodable(Cow<'static, str>),
    /// A link of a protocol without commands was asked to carry one.
    NoCommands,
    /// An address that is none, or is of a kind this driver does not know.
    Address(String),
    /// A limit or an option that contradicts another or itself.
    Option(String),
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(what) | Self::Option(what) => f.write_str(what),
            Self::FrameTooLong { bytes, most } => {
                write!(
                    f,
                    "a frame of {bytes} bytes was to be sent; the most is {most}"
                )
            }
            Self::Unencodable(what) => f.write_str(what),
            Self::NoCommands => f.write_str("this link's protocol has no commands"),
            Self::Address(text) => write!(f, "not an address: {text}"),
        }
    }
}

impl StdError for Misuse {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Peer(fault) => write!(f, "{fault}"),
            Self::Misuse(misuse) => write!(f, "{misuse}"),
            Self::Failed(error) => write!(f, "{error}"),
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::Dropped => f.write_str("the promise was dropped unanswered"),
            Self::Timeout => f.write_str("the deadline passed"),
            Self::Busy => f.write_str("there is too much to do already"),
            Self::Absent(name) => write!(f, "{name} is not there"),
            Self::Cancelled => f.write_str("nobody waits for it any more"),
            Self::LinkClosed => f.write_str("the link is closed"),
            Self::Stopped => f.write_str("the loop is stopping"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Peer(fault) => Some(fault),
            Self::Misuse(misuse) => Some(misuse),
            Self::Failed(error) => Some(&**error),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<PeerFault> for Error {
    fn from(fault: PeerFault) -> Self {
        Self::Peer(fault)
    }
}

impl From<Misuse> for Error {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

impl From<Box<dyn StdError + Send + Sync>> for Error {
    fn from(error: Box<dyn StdError + Send + Sync>) -> Self {
        Self::Failed(error)
    }
}

impl From<Box<dyn StdError>> for Error {
    /// Keeps the text: the box may not cross threads, an [`Error`] may.
    fn from(error: Box<dyn StdError>) -> Self {
        Self::Failed(error.to_string().into())
    }
}

impl From<&str> for Error {
    fn from(text: &str) -> Self {
        Self::Failed(text.into())
    }
}

impl From<String> for Error {
    fn from(text: String) -> Self {
        Self::Failed(text.into())
    }
}

impl From<std::str::Utf8Error> for Error {
    fn from(error: std::str::Utf8Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl From<std::string::FromUtf8Error> for Error {
    fn from(error: std::string::FromUtf8Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl From<std::num::ParseIntError> for Error {
    fn from(error: std::num::ParseIntError) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(error) => error,
            other => Self::other(other),
        }
    }
}
