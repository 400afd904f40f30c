//! One link's answers, on their way out in the order of the calls.

use std::collections::VecDeque;

use crate::context::{Context, Label};
use crate::deferred::Deferred;
use crate::error::{Error, Misuse, Result};
use crate::time::Time;

use super::answer::Answer;
use super::events::EventScope;
use super::exception::{ApplicationException, ApplicationExceptionKind};
use super::fault::ProtocolError;
use super::kind::MessageKind;
use super::limits::WireLimits;
use super::message::{Detected, Form, Message};
use super::method::Method;
use super::processor::Desk;
use super::protocol::Protocol;
use super::value::Value;
use super::{Binary, Compact};

/// One link's answers. Empty, nothing waits: then an answer goes straight into the link's outbox.
pub(super) struct Line<S: 'static> {
    /// Behind a pointer, since an idle link has none.
    calls: Option<Box<Calls<S>>>,
    /// What its target is at: for the case that it panics.
    handling: Option<Handling<S>>,
}

/// Calls without an answer, and answers that wait for one before them; oldest first.
struct Calls<S: 'static> {
    /// The number of the oldest. It is never the same again, so a late notice finds nothing.
    first: u64,
    slots: VecDeque<Slot<S>>,
}

enum Slot<S> {
    Waiting {
        pending: Box<dyn Pending<S>>,
        deadline: Time,
    },
    /// The frame, or nothing for a call that has no reply.
    Ready(Vec<u8>),
}

/// A call that is in its target.
struct Handling<S: 'static> {
    head: Head<'static>,
    protocol: Detected,
    scope: EventScope<S>,
}

/// What a reply repeats of its call.
#[derive(Clone, Copy)]
pub(super) struct Head<'n> {
    pub(super) name: &'n str,
    pub(super) sequence: i32,
    pub(super) form: Form,
    /// There is no reply.
    pub(super) silent: bool,
}

impl<S: 'static> Line<S> {
    pub(super) const fn new() -> Self {
        Self {
            calls: None,
            handling: None,
        }
    }

    /// The target is about to run.
    #[inline]
    pub(super) fn begin<P: Protocol>(&mut self, head: Head<'static>, scope: EventScope<S>) {
        self.handling = Some(Handling {
            head,
            protocol: P::DETECTED,
            scope,
        });
    }

    /// The target has answered.
    pub(super) fn conclude<M: Method, P: Protocol>(
        &mut self,
        mut answer: Answer<M::Output, M::Exception>,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let Some(Handling { head, scope, .. }) = self.handling.take() else {
            return Ok(());
        };
        if let Answer::Later(mut deferred) = answer {
            let number = self.next_number();
            if cx.notify_link(&mut deferred, number) {
                let deadline = cx.clock() + cx.call_deadline();
                let pending = Box::new(Waiting::<M, P, S> {
                    deferred,
                    head,
                    scope: Some(scope),
                    protocol: std::marker::PhantomData,
                });
                self.keep(Slot::Waiting { pending, deadline }, desk, cx);
                if self
                    .calls
                    .as_ref()
                    .is_some_and(|calls| calls.waiting() == 1)
                {
                    cx.wake_at(deadline);
                }
                return Ok(());
            }
            answer = taken(&mut deferred);
        }
        let mut scope = scope;
        if self.calls.is_none() {
            let link = cx.link();
            let mut written = Ok(0);
            let outcome =
                settle::<M, P, S>(&head, answer, &mut scope, desk.limits, cx, |cx, write| {
                    written = cx.links.write_frame(link, write);
                    match &written {
                        // A link that closed meanwhile wants no reply.
                        Ok(_) | Err(Error::LinkClosed) => Ok(*written.as_ref().unwrap_or(&0)),
                        Err(_) => std::mem::replace(&mut written, Ok(0)),
                    }
                });
            return outcome;
        }
        let mut frame = Vec::new();
        let most = cx.links.frame_out_bytes_max(cx.link());
        settle::<M, P, S>(&head, answer, &mut scope, desk.limits, cx, |_, write| {
            write(&mut frame, most)
        })?;
        self.keep(Slot::Ready(frame), desk, cx);
        Ok(())
    }

    /// Answers with an exception that is none of the method's.
    pub(super) fn refuse<P: Protocol>(
        &mut self,
        head: &Head<'_>,
        exception: &ApplicationException,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        if head.silent {
            return Ok(());
        }
        let write = |tail: &mut Vec<u8>, most: usize| {
            frame::<P>(
                tail,
                most,
                head,
                MessageKind::Exception,
                desk.limits,
                |output| exception.write(output),
            )
        };
        let link = cx.link();
        if self.calls.is_none() {
            return match cx.links.write_frame(link, write) {
                Ok(_) | Err(Error::LinkClosed) => Ok(()),
                Err(error) => Err(error),
            };
        }
        let mut frame = Vec::new();
        write(&mut frame, cx.links.frame_out_bytes_max(link))?;
        self.keep(Slot::Ready(frame), desk, cx);
        Ok(())
    }

    /// The number of the next call that has to wait.
    fn next_number(&self) -> u64 {
        self.calls
            .as_ref()
            .map_or(0, |calls| calls.first + calls.slots.len() as u64)
    }

    fn keep(&mut self, slot: Slot<S>, desk: &Desk<S>, cx: &mut Context<'_, S>) {
        let link = cx.link();
        desk.overload.call_began();
        cx.links.call_opened(link);
        if let Slot::Ready(frame) = &slot {
            cx.links.hold(link, frame.len());
        }
        let calls = self.calls.get_or_insert_with(|| {
            Box::new(Calls {
                first: 0,
                slots: VecDeque::new(),
            })
        });
        calls.slots.push_back(slot);
    }

    /// A deferred of this number is settled.
    pub(super) fn answered(
        &mut self,
        number: u64,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let slot = self.calls.as_mut().and_then(|calls| {
            calls
                .slots
                .get_mut(number.checked_sub(calls.first)? as usize)
        });
        if let Some(slot) = slot {
            slot.settle(None, desk, cx)?;
        }
        self.send_ready(desk, cx)
    }

    /// The time that was set has come: calls whose deadline is past have failed.
    pub(super) fn woken(&mut self, desk: &Desk<S>, cx: &mut Context<'_, S>) -> Result<()> {
        let now = cx.now();
        let mut next = Time::NEVER;
        for slot in self.calls.iter_mut().flat_map(|calls| &mut calls.slots) {
            let Slot::Waiting { deadline, .. } = slot else {
                continue;
            };
            if *deadline > now {
                // Those behind it came later.
                next = *deadline;
                break;
            }
            cx.links.counters.calls_expired += 1;
            slot.settle(Some(Error::Timeout), desk, cx)?;
        }
        cx.wake_at(next);
        self.send_ready(desk, cx)
    }

    /// Sends the answers that nothing holds up any more.
    fn send_ready(&mut self, desk: &Desk<S>, cx: &mut Context<'_, S>) -> Result<()> {
        let link = cx.link();
        let Some(calls) = &mut self.calls else {
            return Ok(());
        };
        while let Some(Slot::Ready(_)) = calls.slots.front() {
            let Some(Slot::Ready(frame)) = calls.slots.pop_front() else {
                break;
            };
            calls.first += 1;
            desk.overload.calls_ended(1);
            cx.links.release(link, frame.len());
            cx.links.call_closed(link);
            if !frame.is_empty() {
                match cx.links.send_frame(link, &frame) {
                    Ok(()) | Err(Error::LinkClosed) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// The target panicked, or one of the hooks: the last word to the peer.
    pub(super) fn panicked(&mut self, message: &str, desk: &Desk<S>, cx: &mut Context<'_, S>) {
        let Some(Handling {
            head,
            protocol,
            mut scope,
        }) = self.handling.take()
        else {
            return;
        };
        cx.links.counters.handlers_failed += 1;
        scope.handler_error(cx, &Error::Panicked(message.into()));
        if self
            .calls
            .as_ref()
            .is_some_and(|calls| !calls.slots.is_empty())
        {
            // It would be taken for the answer of an earlier call.
            return;
        }
        self.calls = None;
        // The link is closed whatever comes of it.
        _ = match protocol {
            Detected::Binary => self.refuse::<Binary>(&head, &internal(), desk, cx),
            Detected::Compact => self.refuse::<Compact>(&head, &internal(), desk, cx),
        };
    }

    /// The link is gone, and all its calls with it.
    pub(super) fn closed(&mut self, desk: &Desk<S>) {
        if let Some(calls) = self.calls.take() {
            desk.overload.calls_ended(calls.slots.len());
        }
    }
}

impl<S> Calls<S> {
    fn waiting(&self) -> usize {
        let slots = self.slots.iter();
        slots
            .filter(|slot| matches!(slot, Slot::Waiting { .. }))
            .take(2)
            .count()
    }
}

impl<S: 'static> Slot<S> {
    /// Writes the answer, if it is there or if `failure` takes its place.
    fn settle(
        &mut self,
        failure: Option<Error>,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let Self::Waiting { pending, .. } = self else {
            return Ok(());
        };
        let mut frame = Vec::new();
        if pending.settle(failure, &mut frame, desk.limits, cx)? {
            cx.links.hold(cx.link(), frame.len());
            *self = Self::Ready(frame);
        }
        Ok(())
    }
}

/// A call whose answer comes later, whatever its method.
trait Pending<S> {
    /// Writes the answer and returns true, if it is there or if `failure` takes its place.
    fn settle(
        &mut self,
        failure: Option<Error>,
        frame: &mut Vec<u8>,
        limits: WireLimits,
        cx: &mut Context<'_, S>,
    ) -> Result<bool>;
}

struct Waiting<M: Method, P, S: 'static> {
    deferred: Deferred<Result<M::Output, M::Exception>>,
    head: Head<'static>,
    scope: Option<EventScope<S>>,
    protocol: std::marker::PhantomData<P>,
}

impl<M: Method, P: Protocol, S: 'static> Pending<S> for Waiting<M, P, S> {
    fn settle(
        &mut self,
        failure: Option<Error>,
        frame: &mut Vec<u8>,
        limits: WireLimits,
        cx: &mut Context<'_, S>,
    ) -> Result<bool> {
        let answer = match failure {
            Some(error) => Answer::Failed(error),
            None if !self.deferred.is_ready() => return Ok(false),
            None => taken(&mut self.deferred),
        };
        cx.label(Label::new(M::FULL_NAME));
        let Some(mut scope) = self.scope.take() else {
            return Ok(false);
        };
        let most = cx.links.frame_out_bytes_max(cx.link());
        settle::<M, P, S>(&self.head, answer, &mut scope, limits, cx, |_, write| {
            write(frame, most)
        })?;
        Ok(true)
    }
}

/// What came of a deferred that is settled.
fn taken<T, E>(deferred: &mut Deferred<Result<T, E>>) -> Answer<T, E> {
    match deferred.take() {
        Some(Ok(result)) => result.into(),
        Some(Err(error)) => Answer::Failed(error),
        None => Answer::Failed(Error::Dropped),
    }
}

type WriteFrame<'w> = &'w mut dyn FnMut(&mut Vec<u8>, usize) -> Result<usize>;

/// Writes the reply that the answer is, and tells the hooks.
fn settle<M: Method, P: Protocol, S: 'static>(
    head: &Head<'_>,
    answer: Answer<M::Output, M::Exception>,
    scope: &mut EventScope<S>,
    limits: WireLimits,
    cx: &mut Context<'_, S>,
    mut put: impl FnMut(&mut Context<'_, S>, WriteFrame<'_>) -> Result<usize>,
) -> Result<()> {
    let error = match answer {
        Answer::Value(_) | Answer::Exception(_) if head.silent => {
            scope.async_complete(cx);
            return Ok(());
        }
        Answer::Value(value) => {
            write_result::<M, P, S>(head, Ok(value), scope, limits, cx, &mut put)
        }
        Answer::Exception(exception) => {
            write_result::<M, P, S>(head, Err(exception), scope, limits, cx, &mut put)
        }
        Answer::Failed(error) => Err(error),
        Answer::Later(_) => Err(Error::Dropped),
    };
    let Err(error) = error else { return Ok(()) };
    log::debug!("link {}: {} failed: {error}", cx.link(), M::FULL_NAME);
    cx.links.counters.handlers_failed += 1;
    scope.handler_error(cx, &error);
    if head.silent {
        return Ok(());
    }
    let exception = internal();
    put(cx, &mut |tail, most| {
        frame::<P>(tail, most, head, MessageKind::Exception, limits, |output| {
            exception.write(output)
        })
    })
    .map(drop)
}

fn write_result<M: Method, P: Protocol, S: 'static>(
    head: &Head<'_>,
    outcome: Result<M::Output, M::Exception>,
    scope: &mut EventScope<S>,
    limits: WireLimits,
    cx: &mut Context<'_, S>,
    put: &mut impl FnMut(&mut Context<'_, S>, WriteFrame<'_>) -> Result<usize>,
) -> Result<()> {
    scope.pre_write(cx);
    let result = M::Result::from(outcome);
    let bytes = put(cx, &mut |tail, most| {
        frame::<P>(tail, most, head, MessageKind::Reply, limits, |output| {
            result.write(output)
        })
    })?;
    scope.post_write(cx, bytes);
    Ok(())
}

/// What the peer is told of a failure that is ours: nothing that it could use.
fn internal() -> ApplicationException {
    ApplicationException::new(ApplicationExceptionKind::InternalError, "internal error")
}

/// Appends one frame with one message to `tail`, or nothing. Returns the message's bytes.
pub(super) fn frame<P: Protocol>(
    tail: &mut Vec<u8>,
    most: usize,
    head: &Head<'_>,
    kind: MessageKind,
    limits: WireLimits,
    body: impl FnOnce(&mut P::Writer<'_>) -> Result<(), ProtocolError>,
) -> Result<usize> {
    let at = tail.len();
    tail.extend_from_slice(&[0; LENGTH_BYTES]);
    let mut output = P::writer(tail, limits);
    let written = super::write::Write::message(
        &mut output,
        &Message {
            name: head.name,
            kind,
            sequence: head.sequence,
            form: head.form,
        },
    )
    .and_then(|()| body(&mut output));
    drop(output);
    let bytes = tail.len() - at - LENGTH_BYTES;
    let error = match written {
        Err(error) => Misuse::Unencodable(error.to_string().into()),
        Ok(()) if bytes > most => Misuse::FrameTooLong { bytes, most },
        Ok(()) => {
            // Within `most`, which a frame's length can hold.
            tail[at..at + LENGTH_BYTES].copy_from_slice(&(bytes as u32).to_be_bytes());
            return Ok(bytes);
        }
    };
    tail.truncate(at);
    Err(error.into())
}

const LENGTH_BYTES: usize = 4;
