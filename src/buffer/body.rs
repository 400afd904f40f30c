//! What a frame carries.

use std::borrow::Cow;

use bytes::Bytes;

/// The body of a frame on its way out: borrowed for the moment, or kept without copying.
///
/// Anything that is bytes turns into one. A borrowed body is copied into the link's outbox; an owned one is kept as it is when it is
/// large enough for that to pay.
#[derive(Clone, Debug)]
pub enum Body<'a> {
    /// Somebody else's bytes: copied when sent.
    Slice(&'a [u8]),
    /// Bytes of our own, or shared with others: a large one is sent from where it is.
    Shared(Bytes),
}

impl<'a> Body<'a> {
    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        match self {
            Self::Slice(slice) => slice,
            Self::Shared(bytes) => bytes,
        }
    }

    /// How many bytes.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are none. An empty body is a body: a frame with it is sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes for keeps: a borrowed body is copied.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Slice(slice) => Bytes::copy_from_slice(slice),
            Self::Shared(bytes) => bytes,
        }
    }

    /// The same body, borrowed.
    #[must_use]
    pub fn by_ref(&'a self) -> Self {
        match self {
            Self::Slice(slice) => Body::Slice(slice),
            // A clone of `Bytes` shares the bytes; a slice would have them copied.
            Self::Shared(bytes) => Body::Shared(bytes.clone()),
        }
    }
}

impl<'a> From<&'a [u8]> for Body<'a> {
    fn from(slice: &'a [u8]) -> Self {
        Self::Slice(slice)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Body<'a> {
    fn from(array: &'a [u8; N]) -> Self {
        Self::Slice(array)
    }
}

impl<'a> From<&'a str> for Body<'a> {
    fn from(text: &'a str) -> Self {
        Self::Slice(text.as_bytes())
    }
}

impl<'a> From<&'a String> for Body<'a> {
    fn from(text: &'a String) -> Self {
        Self::Slice(text.as_bytes())
    }
}

impl<'a> From<&'a Vec<u8>> for Body<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Slice(bytes)
    }
}

impl<'a> From<&'a Bytes> for Body<'a> {
    fn from(bytes: &'a Bytes) -> Self {
        Self::Shared(bytes.clone())
    }
}

impl From<Vec<u8>> for Body<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Shared(bytes.into())
    }
}

impl From<String> for Body<'_> {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}

impl From<Bytes> for Body<'_> {
    fn from(bytes: Bytes) -> Self {
        Self::Shared(bytes)
    }
}

impl From<bytes::BytesMut> for Body<'_> {
    fn from(bytes: bytes::BytesMut) -> Self {
        Self::Shared(bytes.freeze())
    }
}

impl From<Box<[u8]>> for Body<'_> {
    fn from(bytes: Box<[u8]>) -> Self {
        Self::Shared(bytes.into())
    }
}

impl<'a> From<Cow<'a, [u8]>> for Body<'a> {
    fn from(bytes: Cow<'a, [u8]>) -> Self {
        match bytes {
            Cow::Borrowed(slice) => Self::Slice(slice),
            Cow::Owned(bytes) => bytes.into(),
        }
    }
}

impl<'a> From<Cow<'a, str>> for Body<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}
