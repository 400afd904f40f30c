//! Who waits for the reply to a call, whatever its method.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::context::LinkId;
use crate::deferred::{Promise, Ticket};
use crate::error::{Error, PeerFault, Result};

use super::answer::NoException;
use super::call_error::CallError;
use super::fault::{ProtocolError, ProtocolErrorKind};
use super::limits::WireLimits;
use super::message::Message;
use super::method::Method;
use super::protocol::Protocol;
use super::reply;

/// Who waits for the reply to a call, whatever its method.
pub(super) trait Awaited {
    /// Takes the reply: its head, and what is behind that in the frame.
    ///
    /// # Errors
    /// If the frame is not what frames are: then the link is not to be trusted. The call has failed with the same.
    fn replied(
        self: Box<Self>,
        head: &Message<'_>,
        body: &[u8],
        limits: WireLimits,
    ) -> Result<(), PeerFault>;

    /// There will be no reply.
    fn failed(self: Box<Self>, error: Error);

    /// Whether nobody waits any more.
    fn is_cancelled(&self) -> bool;

    /// Has `ticket` put on the queue when nobody waits any more.
    fn notify_cancel(&mut self, ticket: Ticket);

    /// What was called, for the log.
    fn full_name(&self) -> &str;

    /// Who is not read while the call is set aside; no link, if there is nobody.
    #[cfg(feature = "node")]
    fn client(&self) -> LinkId;

    /// The call is set aside; this is settled when it is over, whatever becomes of it.
    #[cfg(feature = "node")]
    fn set_aside(&mut self, over: Promise<()>);
}

/// A call under way, and how its caller wants to have the outcome.
pub(super) struct Waiting<M: Method, P, W: Wanted<M>> {
    promise: Promise<W::Value>,
    name: Cow<'static, str>,
    service: Option<Rc<str>>,
    #[cfg_attr(
        not(feature = "node"),
        expect(dead_code, reason = "only nodes set calls aside")
    )]
    client: LinkId,
    /// Who is told when the call is over by this being dropped.
    #[cfg_attr(
        not(feature = "node"),
        expect(dead_code, reason = "only nodes set calls aside")
    )]
    over: Option<Promise<()>>,
    protocol: PhantomData<fn() -> (M, P)>,
}

impl<M: Method, P, W: Wanted<M>> Waiting<M, P, W> {
    pub(super) const fn new(
        promise: Promise<W::Value>,
        name: Cow<'static, str>,
        service: Option<Rc<str>>,
        client: LinkId,
    ) -> Self {
        Self {
            promise,
            name,
            service,
            client,
            over: None,
            protocol: PhantomData,
        }
    }
}

impl<M: Method, P: Protocol, W: Wanted<M>> Awaited for Waiting<M, P, W> {
    fn replied(
        self: Box<Self>,
        head: &Message<'_>,
        body: &[u8],
        limits: WireLimits,
    ) -> Result<(), PeerFault> {
        let input = P::reader(body, limits);
        let outcome = reply::read::<M, _>(head, input, &self.name, self.service.as_deref());
        let fault = match &outcome {
            Err(CallError::Protocol(error)) if is_fault_of_frame(error) => {
                Some(PeerFault::Malformed(error.to_string().into()))
            }
            _ => None,
        };
        if let Err(CallError::Protocol(error)) = &outcome {
            log::debug!("the reply to {} cannot be read: {error}", self.full_name());
        }
        self.promise.settle(W::of(outcome));
        fault.map_or(Ok(()), Err)
    }

    fn failed(self: Box<Self>, error: Error) {
        self.promise.reject(error);
    }

    fn is_cancelled(&self) -> bool {
        self.promise.is_cancelled()
    }

    fn notify_cancel(&mut self, ticket: Ticket) {
        self.promise.notify_cancel(ticket);
    }

    fn full_name(&self) -> &str {
        match M::PLAIN {
            true => &self.name,
            false => M::FULL_NAME,
        }
    }

    #[cfg(feature = "node")]
    fn client(&self) -> LinkId {
        self.client
    }

    #[cfg(feature = "node")]
    fn set_aside(&mut self, over: Promise<()>) {
        self.over = Some(over);
    }
}

/// Nothing else says that there is more in the frame than its message.
fn is_fault_of_frame(error: &ProtocolError) -> bool {
    error.kind() == ProtocolErrorKind::TrailingBytes
}

/// How a caller wants to have the outcome of a method.
pub(super) trait Wanted<M: Method>: 'static {
    /// What is promised.
    type Value: 'static;

    fn of(outcome: Result<M::Output, CallError<M::Exception>>) -> Result<Self::Value>;
}

/// The value, of a method that declares no exception.
pub(super) struct Value;

impl<M: Method<Exception = NoException>> Wanted<M> for Value {
    type Value = M::Output;

    fn of(outcome: Result<M::Output, CallError<NoException>>) -> Result<M::Output> {
        Ok(outcome?)
    }
}

/// The value or what the method declares to throw.
pub(super) struct Caught;

impl<M: Method> Wanted<M> for Caught {
    type Value = Result<M::Output, M::Exception>;

    fn of(outcome: Result<M::Output, CallError<M::Exception>>) -> Result<Self::Value> {
        match outcome {
            Ok(value) => Ok(Ok(value)),
            Err(CallError::Declared(exception)) => Ok(Err(exception)),
            Err(other) => Err(other.into()),
        }
    }
}
