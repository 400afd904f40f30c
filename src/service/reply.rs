//! What a handler answers.

use bytes::{Bytes, BytesMut};

use crate::deferred::{Deferred, Ticket};
use crate::error::{Error, Result};

/// What a handler answers: now, later, nothing, or that it failed. Handlers return anything that [turns into one](IntoReply).
#[must_use = "a reply is the handler's return value"]
pub struct Reply(pub(crate) Answer);

pub(crate) enum Answer {
    /// It is on its way already.
    Sent,
    /// There is none.
    Nothing,
    Body(Bytes),
    Later(Box<dyn Pending>),
    Failed(Error),
}

impl Reply {
    /// No reply. (An empty body is a reply.)
    pub const fn none() -> Self {
        Self(Answer::Nothing)
    }

    /// The handler failed.
    pub fn failed(error: impl Into<Error>) -> Self {
        Self(Answer::Failed(error.into()))
    }
}

#[cfg(feature = "node")]
impl Reply {
    /// Its body, whenever it is there; none if there is no reply.
    pub(crate) fn into_deferred(self) -> Deferred<Option<Bytes>> {
        match self.0 {
            // Only a call that has a link can be answered so, and there is none.
            Answer::Sent | Answer::Nothing => Deferred::ready(None),
            Answer::Body(body) => Deferred::ready(Some(body)),
            Answer::Failed(error) => Deferred::failed(error),
            Answer::Later(pending) => pending.into_deferred().and_then(Self::into_deferred),
        }
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Answer::Sent => f.write_str("Reply(sent)"),
            Answer::Nothing => f.write_str("Reply(none)"),
            Answer::Body(body) => write!(f, "Reply({} bytes)", body.len()),
            Answer::Later(_) => f.write_str("Reply(later)"),
            Answer::Failed(error) => write!(f, "Reply(failed: {error})"),
        }
    }
}

/// A reply to come, whatever its type.
pub(crate) trait Pending {
    /// See [`Deferred::notify`].
    fn notify(&mut self, ticket: Ticket) -> bool;
    /// The reply, if it is there.
    fn take(&mut self) -> Option<Reply>;
    /// The same as a value to come.
    #[cfg(feature = "node")]
    fn into_deferred(self: Box<Self>) -> Deferred<Reply>;
}

impl<T: IntoReply + 'static> Pending for Deferred<T> {
    fn notify(&mut self, ticket: Ticket) -> bool {
        Self::notify(self, ticket)
    }

    fn take(&mut self) -> Option<Reply> {
        Self::take(self).map(IntoReply::into_reply)
    }

    #[cfg(feature = "node")]
    fn into_deferred(self: Box<Self>) -> Deferred<Reply> {
        (*self).map(IntoReply::into_reply)
    }
}

/// What a handler may return.
///
/// | Value | Reply |
/// |---|---|
/// | bytes: `Vec<u8>`, `String`, `&'static str`, `&'static [u8]`, `[u8; N]`, `Bytes`, `BytesMut` | those bytes, none of them included |
/// | `()` | none |
/// | `Option<T>` | that of `T`, or none |
/// | `Result<T, E>` | that of `T`, or the failure |
/// | `Deferred<T>` | that of `T`, when it is there |
/// | [`Reply`] | itself; [`Call::reply`](crate::Call::reply) makes one from borrowed bytes |
pub trait IntoReply {
    /// The reply.
    fn into_reply(self) -> Reply;
}

impl IntoReply for Reply {
    #[inline]
    fn into_reply(self) -> Reply {
        self
    }
}

impl IntoReply for () {
    fn into_reply(self) -> Reply {
        Reply::none()
    }
}

macro_rules! bytes_into_reply {
    ($($bytes:ty => |$value:ident| $make:expr),* $(,)?) => {$(
        impl IntoReply for $bytes {
            fn into_reply(self) -> Reply {
                let $value = self;
                Reply(Answer::Body($make))
            }
        }
    )*};
}

bytes_into_reply! {
    Bytes => |bytes| bytes,
    BytesMut => |bytes| bytes.freeze(),
    Vec<u8> => |bytes| bytes.into(),
    Box<[u8]> => |bytes| bytes.into(),
    String => |text| text.into(),
    &'static str => |text| Bytes::from_static(text.as_bytes()),
    &'static [u8] => |bytes| Bytes::from_static(bytes),
}

impl<const N: usize> IntoReply for [u8; N] {
    fn into_reply(self) -> Reply {
        Reply(Answer::Body(Bytes::copy_from_slice(&self)))
    }
}

impl<const N: usize> IntoReply for &'static [u8; N] {
    fn into_reply(self) -> Reply {
        Reply(Answer::Body(Bytes::from_static(self)))
    }
}

impl<T: IntoReply> IntoReply for Option<T> {
    fn into_reply(self) -> Reply {
        self.map_or_else(Reply::none, IntoReply::into_reply)
    }
}

impl<T: IntoReply, E: Into<Error>> IntoReply for Result<T, E> {
    fn into_reply(self) -> Reply {
        self.map_or_else(Reply::failed, IntoReply::into_reply)
    }
}

impl<T: IntoReply + 'static> IntoReply for Deferred<T> {
    fn into_reply(self) -> Reply {
        Reply(Answer::Later(Box::new(self)))
    }
}
