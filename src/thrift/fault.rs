//! What is wrong with a message, and where in it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use crate::error::{Error, PeerFault};

use super::kind::Kind;

/// Why a message could not be read or written: what is wrong, and the fields that lead there.
///
/// It is as wide as a pointer, so that a read that goes well pays nothing for the one that does not. After an error, a reader is
/// somewhere in the middle of the message: nothing more is to be read with it. A writer's output then ends in the middle of one.
///
/// ```
/// use oneloop::thrift::{Binary, Locate, Protocol, ProtocolErrorKind, Read, WireLimits};
///
/// let mut input = Binary::reader(b"\xff\xff\xff\xff", WireLimits::default());
/// let error = input.string().at("LogEntry", "message").unwrap_err();
/// assert_eq!(error.kind(), ProtocolErrorKind::NegativeSize);
/// assert_eq!(error.to_string(), "LogEntry.message: a size is negative: -1");
/// ```
pub struct ProtocolError(Box<Inner>);

struct Inner {
    kind: ProtocolErrorKind,
    what: Cow<'static, str>,
    /// Structs and fields, the innermost first.
    path: Vec<(&'static str, &'static str)>,
}

/// What is wrong with a message. The first six are those of Apache's `TProtocolException`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProtocolErrorKind {
    /// Bytes that mean nothing: a type that does not exist, a text that is not UTF-8, a list of something else than was agreed.
    InvalidData,
    /// A size below zero.
    NegativeSize,
    /// A size above a limit of [`WireLimits`](super::WireLimits), or of the format.
    SizeLimit,
    /// The message begins as another protocol's or another version's.
    BadVersion,
    /// A part of the standard that is not provided.
    NotImplemented,
    /// More structs within each other than [`depth_max`](super::WireLimits::depth_max).
    DepthLimit,
    /// The bytes end in the middle of the message, or cannot hold what it claims.
    Truncated,
    /// The message has ended, and bytes are left that belong to no other.
    TrailingBytes,
    /// A field that is required did not come.
    MissingField,
}

impl ProtocolError {
    /// An error of a user's own reading: a value that the wire can carry and the program cannot take.
    #[cold]
    pub fn new(kind: ProtocolErrorKind, what: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            what: what.into(),
            path: Vec::new(),
        }))
    }

    /// A required field that did not come: of generated code, when a struct has ended.
    #[cold]
    pub fn missing(structure: &'static str, field: &'static str) -> Self {
        Self::new(
            ProtocolErrorKind::MissingField,
            "the field is required and did not come",
        )
        .at(structure, field)
    }

    /// What is wrong.
    pub fn kind(&self) -> ProtocolErrorKind {
        self.0.kind
    }

    /// The structs and fields that lead to the culprit, the outermost first.
    pub fn path(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.path.iter().rev().copied()
    }

    /// The same error, which came up within this field. Said from the inside out. See [`Locate`].
    #[cold]
    #[must_use]
    pub fn at(mut self, structure: &'static str, field: &'static str) -> Self {
        // As deep as structs nest, which is bounded.
        self.0.path.push((structure, field));
        self
    }

    #[cold]
    #[inline(never)]
    pub(super) fn truncated() -> Self {
        Self::new(
            ProtocolErrorKind::Truncated,
            "the message ends before its time",
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn beyond(claimed: u64, left: usize) -> Self {
        Self::new(
            ProtocolErrorKind::Truncated,
            format!("at least {claimed} bytes are claimed and {left} are left"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn negative(size: i32) -> Self {
        Self::new(
            ProtocolErrorKind::NegativeSize,
            format!("a size is negative: {size}"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn string_too_long(bytes: usize, most: u32) -> Self {
        Self::new(
            ProtocolErrorKind::SizeLimit,
            format!("a string of {bytes} bytes; the most is {most}"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn container_too_long(len: usize, most: u32) -> Self {
        Self::new(
            ProtocolErrorKind::SizeLimit,
            format!("a container of {len} elements; the most is {most}"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn too_much_memory(bytes: usize, left: u32) -> Self {
        Self::new(
            ProtocolErrorKind::SizeLimit,
            format!("elements of {bytes} bytes in memory; the message has {left} left for them"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn too_deep() -> Self {
        Self::new(
            ProtocolErrorKind::DepthLimit,
            "too many structs within each other",
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn unknown_kind(number: u8) -> Self {
        Self::new(
            ProtocolErrorKind::InvalidData,
            format!("{number} is no type"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn no_value(kind: Kind) -> Self {
        Self::new(
            ProtocolErrorKind::InvalidData,
            format!("elements of type {kind}"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn other_elements(agreed: Kind, found: Kind) -> Self {
        Self::new(
            ProtocolErrorKind::InvalidData,
            format!("elements of type {found} instead of {agreed}"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn not_utf8() -> Self {
        Self::new(ProtocolErrorKind::InvalidData, "a string is not UTF-8")
    }

    #[cold]
    #[inline(never)]
    pub(super) fn bad_version(head: u32) -> Self {
        Self::new(
            ProtocolErrorKind::BadVersion,
            format!("a message does not begin with {head:#x}"),
        )
    }

    #[cold]
    #[inline(never)]
    pub(super) fn trailing(bytes: usize) -> Self {
        Self::new(
            ProtocolErrorKind::TrailingBytes,
            format!("{bytes} bytes behind the message"),
        )
    }
}

/// The path, if there is one, and what is wrong: `Log.messages, LogEntry.message: a size is negative: -1`.
impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (structure, field)) in self.path().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{structure}.{field}")?;
        }
        let colon = if self.0.path.is_empty() { "" } else { ": " };
        write!(f, "{colon}{}", self.0.what)
    }
}

impl fmt::Debug for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProtocolError({:?}: {self})", self.0.kind)
    }
}

impl StdError for ProtocolError {}

impl From<ProtocolError> for PeerFault {
    #[cold]
    fn from(error: ProtocolError) -> Self {
        Self::Malformed(error.to_string().into())
    }
}

/// The peer's fault: what is read is the peer's. What could not be written is better given back as a [`Misuse`](crate::Misuse).
impl From<ProtocolError> for Error {
    #[cold]
    fn from(error: ProtocolError) -> Self {
        Self::Peer(error.into())
    }
}

/// Says where an error came up, on its way up.
pub trait Locate {
    /// If this is an error, adds the field of the struct that was being read or written.
    #[must_use]
    fn at(self, structure: &'static str, field: &'static str) -> Self;
}

impl<T> Locate for Result<T, ProtocolError> {
    #[inline]
    fn at(self, structure: &'static str, field: &'static str) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(structure, field)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_as_wide_as_a_pointer() {
        let pointer = size_of::<usize>();
        assert_eq!(size_of::<ProtocolError>(), pointer);
        assert_eq!(size_of::<Result<(), ProtocolError>>(), pointer);
        assert_eq!(size_of::<Result<&[u8], ProtocolError>>(), 2 * pointer);
    }

    #[test]
    fn the_path_is_told_from_the_outside_in() {
        let error = Err::<(), _>(ProtocolError::truncated());
        let error = error.at("LogEntry", "message").at("Log", "messages");
        let Err(error) = error else {
            panic!("it was one");
        };
        let path: Vec<_> = error.path().collect();
        assert_eq!(path, [("Log", "messages"), ("LogEntry", "message")]);
        let text = "Log.messages, LogEntry.message: the message ends before its time";
        assert_eq!(error.to_string(), text);
        assert_eq!(
            PeerFault::from(error),
            PeerFault::Malformed(text.into()),
            "it can end a link"
        );
        let missing = ProtocolError::missing("LogEntry", "category");
        assert_eq!(missing.kind(), ProtocolErrorKind::MissingField);
        assert_eq!(
            missing.to_string(),
            "LogEntry.category: the field is required and did not come"
        );
    }

    #[test]
    fn what_went_well_stays_as_it_is() {
        assert!(matches!(
            Ok::<_, ProtocolError>(7).at("LogEntry", "message"),
            Ok(7)
        ));
    }
}
