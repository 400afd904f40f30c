//! Calls between nodes that wait instead of failing at once.

use std::borrow::Cow;

use crate::context::{Context, LinkId};
use crate::deferred::Deferred;
use crate::error::{Error, Result};

use super::arguments::{Arguments, Passed};
use super::awaited::{Value, Waiting, Wanted};
use super::between::{Between, DEADLINE_AT, ticket, write_deadline};
use super::binary::Binary;
use super::caller::Caller;
use super::kind::MessageKind;
use super::line::{Head, frame};
use super::message::Form;
use super::method::Method;
use super::plain::{Plain, Positional};
use super::protocol::Protocol;
use super::queue::Queued;
use super::reply;
use super::value::Value as _;

/// A call that waits for room instead of failing for want of it.
pub(crate) struct Held<T: 'static> {
    pub(crate) reply: Deferred<T>,
    /// Settled when it waits no more, whatever became of it. None if it did not wait.
    pub(crate) freed: Option<Deferred<()>>,
}

/// What there is to know of a call that may wait, besides what is called.
#[derive(Clone, Copy)]
pub(crate) struct Behalf {
    /// Who is not read while it is set aside; no link, if there is nobody.
    pub(crate) client: LinkId,
    /// It takes none of the room that there is for calls that wait: it has some where it came from.
    pub(crate) has_room: bool,
}

impl Behalf {
    /// Of a call that is its own.
    pub(crate) const NONE: Self = Self {
        client: LinkId::NONE,
        has_room: false,
    };
}

/// What becomes of a call for which there is no room.
pub(super) enum IfFull<'f> {
    /// It fails with [`Error::Busy`].
    Fail,
    /// It waits; here is told until when.
    Wait(&'f mut Option<Deferred<()>>, Behalf),
}

impl IfFull<'_> {
    pub(super) const fn behalf(&self) -> Behalf {
        match self {
            Self::Fail => Behalf::NONE,
            Self::Wait(_, behalf) => *behalf,
        }
    }
}

impl Caller {
    /// Calls a plain function by its name. If there is no room for the call it waits for it, as long as its deadline lets it, behind those
    /// that do.
    pub(crate) fn call_holding<T: Passed, A: Arguments, S>(
        &self,
        cx: &mut Context<'_, S>,
        name: &'static str,
        arguments: A,
        behalf: Behalf,
    ) -> Held<T> {
        let mut freed = None;
        let arguments = Positional(arguments);
        let (name, full) = (name.into(), IfFull::Wait(&mut freed, behalf));
        let begun = self.begin_over::<Plain<A, T>, Value, Binary, S>(cx, name, &arguments, full);
        Held {
            reply: begun.unwrap_or_else(Deferred::failed),
            freed,
        }
    }

    /// Whether a call that may wait would have to, if not for its size.
    pub(crate) fn is_full(&self) -> bool {
        let unsent = self.shared.between.as_ref().map_or(0, Between::unsent);
        unsent > 0 || self.shared.calls.borrow().counted() >= self.shared.calls_max
    }

    /// Has a call wait until the link is up, or has room for it, for as long as its deadline lets it.
    pub(super) fn queue<M: Method, W: Wanted<M>, P: Protocol, S>(
        &self,
        cx: &mut Context<'_, S>,
        between: &Between,
        name: Cow<'static, str>,
        number: i32,
        arguments: &M::Arguments,
        behalf: Behalf,
    ) -> Result<Held<W::Value>> {
        let shared = &self.shared;
        // Calls that wait for the link to be up have one room, whoever they are of.
        let counts = !(behalf.has_room && between.is_up());
        if counts && !between.may_wait(0) {
            return Err(Error::Busy);
        }
        let mut room = String::new();
        let head = Head {
            name: reply::wire_name(&name, self.service.as_deref(), &mut room),
            sequence: number,
            form: Form::Strict,
            silent: false,
        };
        let (mut bytes, most) = (Vec::new(), between.limits.frame_out_bytes_max);
        let (kind, wire) = (MessageKind::Call, shared.wire);
        let span = self.span(cx);
        frame::<Binary>(&mut bytes, most, &head, kind, wire, |output| {
            write_deadline(output, span);
            arguments.write(output)
        })?;
        if counts && !between.may_wait(bytes.len()) {
            return Err(Error::Busy);
        }
        let (mut promise, later) = cx.defer();
        let deadline = cx.clock() + span;
        let deadline_at = DEADLINE_AT + head.name.len();
        let (up, link) = (between.is_up(), self.link());
        if up {
            promise.notify_cancel(ticket(link, number));
        }
        let waiting = Waiting::<M, P, W>::new(promise, name, self.service.clone(), behalf.client);
        let waiting = Box::new(waiting);
        shared.calls.borrow_mut().insert(number, waiting, deadline);
        // Who waits for the link to be up is not told when it does so no more.
        let (freed, is_freed) = match up {
            true => Some(cx.defer()).unzip(),
            false => (None, None),
        };
        let queued = Queued {
            frame: bytes,
            deadline_at,
            tells_cancel: up,
            counts,
            freed,
        };
        between.queue.borrow_mut().push(number, queued);
        if up {
            shared.wake_by(deadline, cx);
            // The outbox may be what is full, with no call under way that would tell of room.
            cx.links.tell_when_drained(link);
        } else {
            shared.time_queue(cx, deadline);
        }
        Ok(Held {
            reply: later,
            freed: is_freed,
        })
    }
}
