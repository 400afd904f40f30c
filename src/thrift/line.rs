//! One link's answers, on their way out in the order of the calls.

use std::collections::VecDeque;
use std::marker::PhantomData;

use crate::context::{Context, Label, Reason, State};
use crate::deferred::Deferred;
use crate::error::{Error, Misuse, Result};
use crate::time::Time;

use super::answer::Answer;
use super::events::EventScope;
use super::exception::{ApplicationException, ApplicationExceptionKind};
use super::fault::ProtocolError;
use super::kind::MessageKind;
use super::limits::WireLimits;
use super::loose::Loose;
use super::message::{Detected, Form, Message};
use super::method::Method;
use super::processor::Desk;
use super::protocol::Protocol;
use super::value::Value;
use super::{Binary, Compact};

/// One link's answers. While nothing waits, an answer goes straight into the link's outbox.
pub(super) struct Line<S: 'static> {
    /// Calls without an answer, and answers that wait for one before them; oldest first.
    slots: VecDeque<Slot<S>>,
    /// The number of the oldest. None has it twice, so a late notice finds nothing.
    first: u64,
    /// The call that is in its target: for the case that it panics.
    handling: Option<Handling<S>>,
    /// What waits apart from `slots`: calls that have no reply, and so no place in the order; and all of them on a link on which replies
    /// leave when they are there. Made when it is needed.
    loose: Option<Box<Loose<S>>>,
    /// Replies leave in the order of the calls.
    ordered: bool,
    /// Something was done about the call that is served: an answer is written, or will be.
    answered: bool,
}

enum Slot<S> {
    Waiting {
        pending: Box<dyn Pending<S>>,
        deadline: Time,
    },
    /// The frame.
    Ready(Vec<u8>),
}

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

impl<'n> Head<'n> {
    /// What hooks and logs are told: of a plain function, its name.
    const fn full_name<M: Method>(&self) -> &'n str {
        match M::PLAIN {
            true => self.name,
            false => M::FULL_NAME,
        }
    }
}

impl<S: 'static> Line<S> {
    pub(super) const fn new() -> Self {
        Self {
            slots: VecDeque::new(),
            first: 0,
            handling: None,
            loose: None,
            ordered: true,
            answered: false,
        }
    }

    /// One whose answers leave when they are there, whatever the order of the calls. At most `calls_max` may wait.
    pub(super) fn loose(calls_max: usize) -> Self {
        Self {
            loose: Some(Box::new(Loose::new(calls_max))),
            ordered: false,
            ..Self::new()
        }
    }

    /// What waits apart from the order of the calls.
    pub(super) fn as_loose(&mut self) -> Option<&mut Loose<S>> {
        self.loose.as_deref_mut()
    }

    /// A call is about to be served.
    pub(super) const fn expect_answer(&mut self) {
        self.answered = false;
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

    /// The target has answered the call with this head.
    #[inline]
    pub(super) fn conclude<M: Method, P: Protocol>(
        &mut self,
        head: &Head<'static>,
        answer: Answer<M::Output, M::Exception>,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let Some(Handling { mut scope, .. }) = self.handling.take() else {
            return Ok(());
        };
        let value = match answer {
            Answer::Value(value) if self.slots.is_empty() && !head.silent => value,
            answer => return self.conclude_slowly::<M, P>(head, answer, scope, desk, cx),
        };
        // The hot way: a value, and nothing before it.
        scope.pre_write(cx);
        let (link, result) = (cx.link(), M::Result::from(Ok(value)));
        let written = cx.links.write_frame(link, |tail, most| {
            frame::<P>(
                tail,
                most,
                head,
                MessageKind::Reply,
                desk.limits,
                |output| result.write(output),
            )
        });
        match written {
            Ok(bytes) => {
                self.answered = true;
                scope.post_write(cx, bytes);
                Ok(())
            }
            Err(Error::LinkClosed) => Ok(()),
            Err(error) => {
                self.conclude_slowly::<M, P>(head, Answer::Failed(error), scope, desk, cx)
            }
        }
    }

    #[inline(never)]
    fn conclude_slowly<M: Method, P: Protocol>(
        &mut self,
        head: &Head<'static>,
        mut answer: Answer<M::Output, M::Exception>,
        mut scope: EventScope<S>,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        if let Answer::Later(mut deferred) = answer {
            let apart = head.silent || !self.ordered;
            if apart && self.loose.is_none() {
                // How many there are is the link's to bound.
                self.loose = Some(Box::new(Loose::new(usize::MAX)));
            }
            let number = match &self.loose {
                Some(loose) if apart => loose.next_number(),
                _ => self.first + self.slots.len() as u64,
            };
            if cx.notify_link(&mut deferred, number) {
                self.answered = true;
                let pending = Box::new(Waiting::<M, P, S> {
                    deferred,
                    head: *head,
                    scope: Some(scope),
                    protocol: PhantomData,
                });
                let (now, span) = (cx.clock(), cx.call_deadline());
                match &mut self.loose {
                    Some(loose) if apart => {
                        loose.keep(head, pending, now, span);
                        desk.overload.call_began();
                    }
                    _ => {
                        let deadline = now + span;
                        self.keep(Slot::Waiting { pending, deadline }, desk, cx);
                    }
                }
                if self.ordered {
                    cx.wake_at(self.deadline());
                }
                return Ok(());
            }
            answer = taken(&mut deferred);
        }
        self.put(desk, cx, |cx, put| {
            settle::<M, P, S>(head, (answer, true), &mut scope, desk, cx, put)
        })
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
        self.put(desk, cx, |cx, put| {
            put_exception::<P, S>(head, exception, desk.limits, cx, put)
        })
    }

    /// Has `write` put an answer where it belongs: straight into the link's outbox if nothing is before it.
    fn put(
        &mut self,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
        write: impl FnOnce(&mut Context<'_, S>, PutFrame<'_, S>) -> Result<()>,
    ) -> Result<()> {
        let link = cx.link();
        if self.slots.is_empty() {
            let answered = &mut self.answered;
            let mut put = |cx: &mut Context<'_, S>, frame: WriteFrame<'_>| {
                let written = cx.links.write_frame(link, frame);
                *answered |= written.is_ok();
                written
            };
            return match write(cx, &mut put) {
                // A link that closed meanwhile wants no reply.
                Err(Error::LinkClosed) => Ok(()),
                done => done,
            };
        }
        let mut bytes = Vec::new();
        let most = cx.links.frame_out_bytes_max(link);
        write(cx, &mut |_, frame| frame(&mut bytes, most))?;
        // A call that has no reply has no place in their order.
        if !bytes.is_empty() {
            self.keep(Slot::Ready(bytes), desk, cx);
        }
        Ok(())
    }

    /// When the first of them expires; never if there is none.
    fn deadline(&self) -> Time {
        // In front, and with the earliest deadline, is one that waits: what is ready there was sent.
        let ordered = self.slots.iter().find_map(|slot| match slot {
            Slot::Waiting { deadline, .. } => Some(*deadline),
            Slot::Ready(_) => None,
        });
        let apart = self.loose.as_ref().map_or(Time::NEVER, |it| it.deadline());
        ordered.unwrap_or(Time::NEVER).min(apart)
    }

    fn keep(&mut self, slot: Slot<S>, desk: &Desk<S>, cx: &mut Context<'_, S>) {
        let link = cx.link();
        desk.overload.call_began();
        if let Slot::Ready(frame) = &slot {
            // The others were counted when their deferreds were asked to notify.
            cx.links.call_opened(link);
            cx.links.hold(link, frame.len());
        }
        self.slots.push_back(slot);
    }

    /// A deferred of this number is settled.
    pub(super) fn answered(
        &mut self,
        number: u64,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        if number & Loose::<S>::MARK != 0 {
            return match &mut self.loose {
                Some(loose) => loose.answered(number, desk, cx),
                None => Ok(()),
            };
        }
        let index = number.checked_sub(self.first);
        if let Some(slot) = index.and_then(|index| self.slots.get_mut(index as usize)) {
            slot.settle(None, desk, cx)?;
        }
        self.send_ready(desk, cx)
    }

    /// The time that was set has come: calls whose deadline is past have failed.
    pub(super) fn woken(&mut self, desk: &Desk<S>, cx: &mut Context<'_, S>) -> Result<()> {
        let now = cx.now();
        for slot in &mut self.slots {
            let Slot::Waiting { deadline, .. } = slot else {
                continue;
            };
            if *deadline > now {
                break;
            }
            cx.links.counters.calls_expired += 1;
            slot.settle(Some(Error::Timeout), desk, cx)?;
        }
        if let Some(loose) = &mut self.loose {
            loose.expire(desk, cx)?;
        }
        cx.wake_at(self.deadline());
        self.send_ready(desk, cx)
    }

    /// Sends the answers that nothing holds up any more.
    fn send_ready(&mut self, desk: &Desk<S>, cx: &mut Context<'_, S>) -> Result<()> {
        let link = cx.link();
        while let Some(Slot::Ready(frame)) = self.slots.front_mut() {
            let frame = std::mem::take(frame);
            self.slots.pop_front();
            self.first += 1;
            desk.overload.calls_ended(1);
            cx.links.release(link, frame.len());
            cx.links.call_closed(link);
            if frame.is_empty() {
                continue;
            }
            match cx.links.send_frame(link, &frame) {
                Ok(()) | Err(Error::LinkClosed) => {}
                Err(error) => return Err(error),
            }
        }
        if self.slots.is_empty() {
            // An idle link owns no memory.
            self.slots = VecDeque::new();
        }
        Ok(())
    }

    /// The call that is served, and of which this is the head, panicked on a link that goes on: it is answered, unless it is already.
    pub(super) fn panicked_once<P: Protocol>(
        &mut self,
        message: &str,
        head: &Head<'_>,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) {
        if self.handling.is_some() {
            self.panicked(message, desk, cx);
        } else if !self.answered {
            // In a hook, before the target or behind it.
            cx.links.counters.handlers_failed += 1;
            _ = self.refuse::<P>(head, &internal(), desk, cx);
        }
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
        if !self.slots.is_empty() {
            // In its turn, behind the answers of earlier calls.
            let (link, reason) = (cx.link(), Reason::Panicked(message.into()));
            cx.links.close_softly(link, State::Finishing, reason);
        }
        // The link is closed whatever comes of it.
        _ = match protocol {
            Detected::Binary => self.refuse::<Binary>(&head, &internal(), desk, cx),
            Detected::Compact => self.refuse::<Compact>(&head, &internal(), desk, cx),
        };
    }

    /// The link is gone, and all its calls with it.
    pub(super) fn closed(&mut self, desk: &Desk<S>) {
        if let Some(loose) = &mut self.loose {
            loose.closed(desk);
        }
        let slots = std::mem::take(&mut self.slots);
        desk.overload.calls_ended(slots.len());
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
        if pending.settle(failure, &mut frame, desk, cx)? {
            cx.links.hold(cx.link(), frame.len());
            *self = Self::Ready(frame);
        }
        Ok(())
    }
}

/// A call whose answer comes later, whatever its method.
pub(super) trait Pending<S: 'static> {
    /// Writes the answer and returns true, if it is there or if `failure` takes its place.
    fn settle(
        &mut self,
        failure: Option<Error>,
        frame: &mut Vec<u8>,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<bool>;
}

struct Waiting<M: Method, P, S: 'static> {
    deferred: Deferred<Result<M::Output, M::Exception>>,
    head: Head<'static>,
    scope: Option<EventScope<S>>,
    protocol: PhantomData<P>,
}

impl<M: Method, P: Protocol, S: 'static> Pending<S> for Waiting<M, P, S> {
    fn settle(
        &mut self,
        failure: Option<Error>,
        frame: &mut Vec<u8>,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<bool> {
        let of_target = failure.is_none();
        let answer = match failure {
            Some(error) => Answer::Failed(error),
            None if !self.deferred.is_ready() => return Ok(false),
            None => taken(&mut self.deferred),
        };
        cx.label(Label::new(self.head.full_name::<M>()));
        let Some(mut scope) = self.scope.take() else {
            return Ok(false);
        };
        let most = cx.links.frame_out_bytes_max(cx.link());
        let put: PutFrame<'_, S> = &mut |_, write| write(frame, most);
        settle::<M, P, S>(&self.head, (answer, of_target), &mut scope, desk, cx, put)?;
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

/// Appends a frame to a buffer, within so many bytes; returns the bytes of its message.
type WriteFrame<'w> = &'w mut dyn FnMut(&mut Vec<u8>, usize) -> Result<usize>;

/// Has a frame written to where it belongs.
type PutFrame<'w, S> = &'w mut dyn FnMut(&mut Context<'_, S>, WriteFrame<'_>) -> Result<usize>;

/// Writes the reply that the answer is, the target's or not, and tells the hooks.
fn settle<M: Method, P: Protocol, S: 'static>(
    head: &Head<'_>,
    (answer, of_target): (Answer<M::Output, M::Exception>, bool),
    scope: &mut EventScope<S>,
    desk: &Desk<S>,
    cx: &mut Context<'_, S>,
    put: PutFrame<'_, S>,
) -> Result<()> {
    let has_answered = matches!(answer, Answer::Value(_) | Answer::Exception(_));
    let error = match answer {
        Answer::Value(_) | Answer::Exception(_) if head.silent => {
            scope.async_complete(cx);
            return Ok(());
        }
        Answer::Value(value) => {
            write_result::<M, P, S>(head, Ok(value), scope, desk.limits, cx, put)
        }
        Answer::Exception(exception) => {
            write_result::<M, P, S>(head, Err(exception), scope, desk.limits, cx, put)
        }
        Answer::Failed(error) => Err(error),
        Answer::Later(_) => Err(Error::Dropped),
    };
    let error = match error {
        Ok(()) => return Ok(()),
        // The link's, and not the handler's.
        Err(Error::LinkClosed) if has_answered => return Ok(()),
        Err(error) => error,
    };
    let full_name = head.full_name::<M>();
    log::debug!("link {}: {full_name} failed: {error}", cx.link());
    cx.links.counters.handlers_failed += 1;
    scope.handler_error(cx, &error);
    if head.silent {
        return Ok(());
    }
    if M::PLAIN
        && let Error::Failed(failure) = &error
        && let Some(exception) = failure.downcast_ref()
    {
        match put_exception::<P, S>(head, exception, desk.limits, cx, put) {
            // Its text is too long, and nothing was written.
            Err(Error::Misuse(misuse)) => log::debug!("link {}: {misuse}", cx.link()),
            done => return done,
        }
    }
    let exception = desk.told_of(&error, of_target);
    put_exception::<P, S>(head, &exception, desk.limits, cx, put)
}

fn put_exception<P: Protocol, S: 'static>(
    head: &Head<'_>,
    exception: &ApplicationException,
    limits: WireLimits,
    cx: &mut Context<'_, S>,
    put: PutFrame<'_, S>,
) -> Result<()> {
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
    put: PutFrame<'_, S>,
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
pub(super) fn internal() -> ApplicationException {
    ApplicationException::new(ApplicationExceptionKind::InternalError, "internal error")
}

/// Appends one frame with one message to `tail`, or nothing. Returns the message's bytes.
#[inline]
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
