//! What every message begins with.

use super::fault::ProtocolError;
use super::kind::MessageKind;

/// The head of a message. A struct is behind it: the arguments of a call, the result of a reply, or an
/// [`ApplicationException`](super::ApplicationException).
///
/// ```
/// use oneloop::thrift::{Binary, Form, Message, MessageKind, Protocol, Read, WireLimits, Write};
///
/// let call = Message { name: "Log", kind: MessageKind::Call, sequence: 7, form: Form::Strict };
/// let mut bytes = Vec::new();
/// Binary::writer(&mut bytes, WireLimits::default()).message(&call).unwrap();
/// assert_eq!(bytes, b"\x80\x01\0\x01\0\0\0\x03Log\0\0\0\x07");
/// assert_eq!(Binary::reader(&bytes, WireLimits::default()).message().unwrap(), call);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The method's name, as the peer gave it. A reply has that of its call.
    pub name: &'a str,
    /// What it is for.
    pub kind: MessageKind,
    /// The number of the call, by which a client may tell replies apart. A reply has that of its call; many clients number every call 0.
    pub sequence: i32,
    /// How the head is written.
    pub form: Form,
}

/// The head of a message whose name nobody has looked at: it may be no text. Who only looks a method up need not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawMessage<'a> {
    /// The method's name, as the peer gave it.
    pub name: &'a [u8],
    /// As in [`Message`].
    pub kind: MessageKind,
    /// As in [`Message`].
    pub sequence: i32,
    /// As in [`Message`].
    pub form: Form,
}

impl<'a> RawMessage<'a> {
    /// The same with a name that is one.
    ///
    /// # Errors
    /// [`InvalidData`](super::ProtocolErrorKind::InvalidData) if it is not UTF-8.
    pub fn checked(&self) -> Result<Message<'a>, ProtocolError> {
        Ok(Message {
            name: str::from_utf8(self.name).map_err(|_| ProtocolError::not_utf8())?,
            kind: self.kind,
            sequence: self.sequence,
            form: self.form,
        })
    }
}

/// The forms in which the head of a binary message may be written. The compact protocol has but one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// With a version in front.
    #[default]
    Strict,
    /// Without one, as it was before there were versions: scribe's clients and servers write it.
    Old,
}

/// A protocol, as the first bytes of a message tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detected {
    /// [`Binary`](super::Binary), in either form.
    Binary,
    /// [`Compact`](super::Compact).
    Compact,
}

/// The protocol of the message that begins so; two bytes are enough. `None` if it is none of ours, or if there are too few.
///
/// ```
/// use oneloop::thrift::{Detected, detect};
///
/// assert_eq!(detect(b"\x80\x01\0\x01"), Some(Detected::Binary));
/// assert_eq!(detect(b"\0\0\0\x03Log"), Some(Detected::Binary)); // the old form: the length of a name
/// assert_eq!(detect(b"\x82\x21\x01"), Some(Detected::Compact));
/// assert_eq!(detect(b"\x82\x22\x01"), None); // a later version
/// ```
#[inline]
pub fn detect(message: &[u8]) -> Option<Detected> {
    match *message {
        [0x80, 0x01, ..] | [..0x80, _, ..] => Some(Detected::Binary),
        [0x82, second, ..] if second & 0x1f == 1 => Some(Detected::Compact),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Binary, Compact, Protocol, Read, WireLimits};
    use super::*;

    /// For any two bytes, whoever is named does not call it a bad version, and the others do.
    #[test]
    fn who_is_detected_takes_the_version_and_nobody_else() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let bytes = [first, second, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
                let takes = |result: Result<(), ProtocolError>| {
                    !result.is_err_and(|error| {
                        error.kind() == super::super::ProtocolErrorKind::BadVersion
                    })
                };
                let limits = WireLimits::default();
                let binary = takes(Binary::reader(&bytes, limits).message().map(drop));
                let compact = takes(Compact::reader(&bytes, limits).message().map(drop));
                let found = detect(&bytes);
                assert_eq!(found == Some(Detected::Binary), binary, "{bytes:?}");
                assert_eq!(found == Some(Detected::Compact), compact, "{bytes:?}");
            }
        }
        assert_eq!(detect(b""), None);
        assert_eq!(detect(b"\x80"), None);
    }
}
