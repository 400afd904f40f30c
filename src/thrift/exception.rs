//! What a server answers when there is no result: Apache's `TApplicationException`.

use std::error::Error as StdError;
use std::fmt;

use crate::error::Error;

use super::fault::{Locate, ProtocolError};
use super::kind::Kind;
use super::read::Read;
use super::value::Value;
use super::write::Write;

/// The body of a message of kind [`Exception`](super::MessageKind::Exception): the call failed in a way that its method does not
/// declare.
///
/// ```text
/// 1: string message
/// 2: i32 kind
/// ```
/// Some peers leave the kind out; then it is [`Unknown`](ApplicationExceptionKind::Unknown).
///
/// ```
/// use oneloop::thrift::{ApplicationException, ApplicationExceptionKind, Compact, Protocol, Value, WireLimits};
///
/// let exception = ApplicationException::new(ApplicationExceptionKind::UnknownMethod, "no");
/// let mut bytes = Vec::new();
/// exception.write(&mut Compact::writer(&mut bytes, WireLimits::default())).unwrap();
/// assert_eq!(bytes, b"\x18\x02no\x15\x02\0");
/// assert_eq!(exception.to_string(), "unknown method: no");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationException {
    /// What went wrong.
    pub kind: ApplicationExceptionKind,
    /// For the reader of a log.
    pub message: String,
}

/// What went wrong with a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ApplicationExceptionKind {
    /// 0: not told.
    #[default]
    Unknown,
    /// 1: the service has no such method.
    UnknownMethod,
    /// 2: the message was no call.
    InvalidMessageType,
    /// 3: the reply has another name than the call.
    WrongMethodName,
    /// 4: the reply has another sequence number than the call.
    BadSequenceId,
    /// 5: the reply has neither a result nor an exception.
    MissingResult,
    /// 6: the handler failed.
    InternalError,
    /// 7: the arguments could not be read.
    ProtocolError,
    /// 8: of the header transport.
    InvalidTransform,
    /// 9: the peer does not speak this protocol.
    InvalidProtocol,
    /// 10: the peer does not take such clients.
    UnsupportedClientType,
    /// A number that has no name here. Facebook's Thrift has some above 10.
    Other(i32),
}

impl ApplicationException {
    /// An exception of this kind.
    pub fn new(kind: ApplicationExceptionKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}

impl Value for ApplicationException {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut exception = Self::default();
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => {
                    exception.message =
                        Value::read(input).at("TApplicationException", "message")?;
                }
                (2, Kind::I32) => {
                    let number = input.i32().at("TApplicationException", "type")?;
                    exception.kind = ApplicationExceptionKind::from_number(number);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(exception)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::String);
        output.string(&self.message)?;
        output.field(&mut fields, 2, Kind::I32);
        output.i32(self.kind.number());
        output.end_struct(fields);
        Ok(())
    }
}

/// The kind, and the message if there is one.
impl fmt::Display for ApplicationException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message.as_str() {
            "" => write!(f, "{}", self.kind),
            message => write!(f, "{}: {message}", self.kind),
        }
    }
}

impl StdError for ApplicationException {}

/// A plain function that fails with it tells the peer so. See [`Functions`](super::Functions).
impl From<ApplicationException> for Error {
    fn from(exception: ApplicationException) -> Self {
        Self::failed(exception)
    }
}

impl ApplicationExceptionKind {
    /// The kind of this number.
    pub const fn from_number(number: i32) -> Self {
        match number {
            0 => Self::Unknown,
            1 => Self::UnknownMethod,
            2 => Self::InvalidMessageType,
            3 => Self::WrongMethodName,
            4 => Self::BadSequenceId,
            5 => Self::MissingResult,
            6 => Self::InternalError,
            7 => Self::ProtocolError,
            8 => Self::InvalidTransform,
            9 => Self::InvalidProtocol,
            10 => Self::UnsupportedClientType,
            other => Self::Other(other),
        }
    }

    /// Its number.
    pub const fn number(self) -> i32 {
        match self {
            Self::Unknown => 0,
            Self::UnknownMethod => 1,
            Self::InvalidMessageType => 2,
            Self::WrongMethodName => 3,
            Self::BadSequenceId => 4,
            Self::MissingResult => 5,
            Self::InternalError => 6,
            Self::ProtocolError => 7,
            Self::InvalidTransform => 8,
            Self::InvalidProtocol => 9,
            Self::UnsupportedClientType => 10,
            Self::Other(number) => number,
        }
    }
}

impl fmt::Display for ApplicationExceptionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "unknown application exception",
            Self::UnknownMethod => "unknown method",
            Self::InvalidMessageType => "invalid message type",
            Self::WrongMethodName => "wrong method name",
            Self::BadSequenceId => "bad sequence identifier",
            Self::MissingResult => "missing result",
            Self::InternalError => "internal error",
            Self::ProtocolError => "protocol error",
            Self::InvalidTransform => "invalid transform",
            Self::InvalidProtocol => "invalid protocol",
            Self::UnsupportedClientType => "unsupported client type",
            Self::Other(number) => return write!(f, "application exception of type {number}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Binary, Protocol, WireLimits};
    use super::*;

    #[test]
    fn numbers_are_kept_both_ways() {
        for number in (-20..20).chain([i32::MIN, i32::MAX]) {
            let kind = ApplicationExceptionKind::from_number(number);
            assert_eq!(kind.number(), number);
            let other = matches!(kind, ApplicationExceptionKind::Other(_));
            assert_eq!(other, !(0..=10).contains(&number), "{number}");
        }
    }

    #[test]
    fn fields_may_be_absent_or_unknown_or_of_another_type() {
        for (bytes, message) in [
            (&b"\0"[..], ""),
            (b"\x0b\0\x01\0\0\0\x02no\0", "no"),
            (b"\x08\0\x01\0\0\0\x07\x0b\0\x02\0\0\0\x02no\0", ""),
            (b"\x03\0\x09\x01\x0b\0\x01\0\0\0\x02no\0", "no"),
        ] {
            let mut input = Binary::reader(bytes, WireLimits::default());
            assert_eq!(
                ApplicationException::read(&mut input).expect("it is one"),
                ApplicationException::new(ApplicationExceptionKind::Unknown, message)
            );
        }
    }
}
