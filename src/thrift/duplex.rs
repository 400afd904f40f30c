//! Both halves of a link between two nodes: calls come in and go out on it, and answers leave when they are there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;

use crate::context::{Context, Reason, panic_message};
use crate::error::{Error, PeerFault, Result};
use crate::time::Time;

use super::between::read_deadline;
use super::binary::Binary;
use super::call_error::CallError;
use super::client::{Shared, take_reply, told};
use super::exception::{ApplicationException, ApplicationExceptionKind};
use super::kind::MessageKind;
use super::limits::WireLimits;
use super::line::{Head, Line, frame};
use super::loose::Loose;
use super::message::{Form, RawMessage};
use super::method::Method;
use super::processor::{Desk, Incoming, Served};
use super::protocol::Protocol;
use super::read::Read;
use super::reply;
use super::told;
use super::value::Value;

/// Both halves of a link between two nodes. It knows nothing of who they are: whoever owns it lets nothing in before that is known.
pub(crate) struct Duplex<S: 'static> {
    desk: Rc<Desk<S>>,
    line: Line<S>,
    shared: Rc<Shared>,
}

/// What became of a frame.
pub(crate) enum Taken<'f> {
    /// It was a call or a reply of the applications'.
    Theirs,
    /// It is for the owner of the link: a call of its service, the name of which is cut off.
    Ours(&'f [u8], RawMessage<'f>, &'f [u8]),
}

impl<S: 'static> Duplex<S> {
    pub(crate) fn new(desk: Rc<Desk<S>>, shared: Rc<Shared>, calls_max: usize) -> Self {
        Self {
            desk,
            line: Line::loose(calls_max),
            shared,
        }
    }

    pub(crate) const fn outgoing(&self) -> &Rc<Shared> {
        &self.shared
    }

    /// Takes a frame, unless it is for the owner's service.
    ///
    /// # Errors
    /// What ends the link; our calls have failed then.
    pub(crate) fn take<'f>(
        &mut self,
        frame: &'f [u8],
        owner: &str,
        cx: &mut Context<'_, S>,
    ) -> Result<Taken<'f>> {
        let (head, body) = read_head(frame)?;
        match head.kind {
            MessageKind::Reply | MessageKind::Exception => {
                if self.shared.over.get() {
                    return Ok(Taken::Theirs);
                }
                if let Err(error) = take_reply::<Binary, S>(&self.shared, frame, cx) {
                    self.fail(&error);
                    return Err(error);
                }
                self.shared.send_queued(cx)?;
            }
            MessageKind::Call | MessageKind::Oneway => {
                let ours = head.name.strip_prefix(owner.as_bytes());
                if let Some(method) = ours.and_then(|rest| rest.strip_prefix(b":")) {
                    return Ok(Taken::Ours(method, head, body));
                }
                let link = cx.link();
                let before = cx.links.outbox_bytes(link);
                self.serve(frame, body, cx)?;
                if cx.links.outbox_bytes(link) > before {
                    self.shared.note_sent(cx.now());
                }
            }
            MessageKind::Other(_) => {
                return Err(PeerFault::Malformed(
                    "a message that is neither call nor reply".into(),
                )
                .into());
            }
        }
        self.see_to_waking(cx);
        Ok(Taken::Theirs)
    }

    /// Serves a call.
    fn serve(&mut self, frame: &[u8], arguments: &[u8], cx: &mut Context<'_, S>) -> Result<()> {
        let Self { desk, line, .. } = self;
        let left = read_deadline(arguments);
        let mut full = false;
        if let Some(loose) = line.as_loose() {
            // Less than a millisecond left is no time.
            loose.begin(left.map(|left| Duration::from_millis(left.max(0).unsigned_abs().into())));
            full = loose.is_full();
        }
        // An answer at once may have as many bytes as a frame may: there has to be room for them.
        let link = cx.link();
        let (waiting, most) = cx.links.outbox_room(link);
        full |= waiting.saturating_add(cx.links.frame_out_bytes_max(link)) > most - most / 8;
        if let Some(events) = &desk.server_events {
            events.before_call(cx, cx.link());
            if !cx.links.is_served(cx.link()) {
                return Ok(());
            }
        }
        let shared = desk.shares.then(|| Bytes::copy_from_slice(frame));
        let mut input = match &shared {
            Some(bytes) => Binary::shared_reader(bytes, desk.limits),
            None => Binary::reader(frame, desk.limits),
        };
        let head = input.raw_message().map_err(PeerFault::from)?;
        line.expect_answer();
        cx.serve_for(left.map(|left| Duration::from_millis(left.max(0).unsigned_abs().into())));
        let serving = AssertUnwindSafe(|| {
            let mut call = Incoming {
                cx: &mut *cx,
                line: &mut *line,
                desk,
                input,
                head,
                bytes: frame.len(),
            };
            if full {
                let busy = told::told(&Error::Busy);
                call.refuse(busy.kind, busy.message)
            } else if left.is_some_and(|left| left <= 0) {
                let expired = told::told(&Error::Timeout);
                call.refuse(expired.kind, expired.message)
            } else {
                desk.entry.binary(&mut call)
            }
        });
        let outcome = catch_unwind(serving);
        cx.serve_no_more();
        let served: Served = match outcome {
            Ok(served) => served?,
            Err(panic) => {
                // One bad call does not end all that are under way on this link.
                let message = panic_message(&*panic);
                let target = String::from_utf8_lossy(head.name).into_owned();
                cx.links
                    .note_panic(format!("link {link}: {target:?} panicked: {message}"));
                let name: String = target.chars().take(NAME_CHARS_MAX).collect();
                let head = Head {
                    name: &name,
                    sequence: head.sequence,
                    form: head.form,
                    silent: head.kind == MessageKind::Oneway,
                };
                line.panicked_once::<Binary>(&message, &head, desk, cx);
                return Ok(());
            }
        };
        if served.rest_bytes > 0 {
            return Err(PeerFault::Malformed("junk behind a message".into()).into());
        }
        Ok(())
    }

    /// A deferred is settled, or dropped. Gives the number of a call of ours that nobody waits for any more: the callee wants to know.
    pub(crate) fn answered(&mut self, number: u64, cx: &mut Context<'_, S>) -> Result<Option<i32>> {
        let Self { desk, line, shared } = self;
        if let Some(loose) = line.as_loose()
            && number & Loose::<S>::MARK != 0
        {
            let link = cx.link();
            let before = cx.links.outbox_bytes(link);
            loose.answered(number, desk, cx)?;
            if cx.links.outbox_bytes(link) > before {
                shared.note_sent(cx.now());
            }
            return Ok(None);
        }
        let number = i32::try_from(number).ok();
        Ok(number.filter(|&number| shared.forget_cancelled(number)))
    }

    /// Calls that wait for room are sent. To be called when the callee was told of what is over. Fails with what ends the link.
    pub(crate) fn send_queued(&self, cx: &mut Context<'_, S>) -> Result<()> {
        self.shared.send_queued(cx)
    }

    /// How many calls of the other end's are set aside.
    #[cfg(feature = "node")]
    pub(crate) fn aside(&mut self) -> usize {
        self.line.as_loose().map_or(0, |loose| loose.aside())
    }

    /// Has the call that was served last stand aside: it is not among the most of calls any more. Gives its number, by which the caller
    /// is to be told; none if it is answered already.
    #[cfg(feature = "node")]
    pub(crate) fn set_last_aside(&mut self, cx: &mut Context<'_, S>) -> Option<i32> {
        let sequence = self.line.as_loose()?.set_aside()?;
        cx.links.counters.calls_set_aside += 1;
        Some(sequence)
    }

    /// The other end has a call of ours stand aside. Fails with what ends the link.
    #[cfg(feature = "node")]
    pub(crate) fn set_aside(&self, sequence: i32, cx: &mut Context<'_, S>) -> Result<()> {
        self.shared.set_aside(sequence, cx);
        self.shared.send_queued(cx)
    }

    /// The caller of that call waits no more.
    pub(crate) fn cancelled(&mut self, sequence: i32, cx: &mut Context<'_, S>) -> Result<()> {
        match self.line.as_loose() {
            Some(loose) => loose.cancelled(sequence, &self.desk, cx),
            None => Ok(()),
        }
    }

    /// Calls whose time is up fail, of either half. Gives the numbers of ours: the callee wants to know.
    pub(crate) fn expire(&mut self, cx: &mut Context<'_, S>) -> Result<Vec<i32>> {
        if let Some(loose) = self.line.as_loose() {
            loose.expire(&self.desk, cx)?;
        }
        let now = cx.now();
        let mut numbers = Vec::new();
        while let Some((number, sent, awaited)) = self.shared.take_due(now) {
            if !awaited.is_cancelled() {
                cx.links.counters.calls_expired += 1;
            }
            awaited.failed(Error::Timeout);
            if sent {
                numbers.push(number);
            }
        }
        Ok(numbers)
    }

    /// When the first call of either half expires; never if there is none.
    pub(crate) fn deadline(&mut self) -> Time {
        let theirs = self.line.as_loose().map_or(Time::NEVER, |it| it.deadline());
        theirs.min(self.shared.calls.borrow().deadline())
    }

    /// Has the session woken when the first call expires, if that is before it is woken anyway.
    fn see_to_waking(&mut self, cx: &mut Context<'_, S>) {
        let deadline = self.deadline();
        if deadline < self.shared.wake_at.get() {
            self.wake_at(deadline, cx);
        }
    }

    /// Has the session woken then, and not before. Whoever makes a call has it woken earlier if need be.
    pub(crate) fn wake_at(&self, at: Time, cx: &mut Context<'_, S>) {
        self.shared.wake_at.set(at);
        cx.wake_at(at);
    }

    /// The target of a call panicked.
    pub(crate) fn panicked(&mut self, message: &str, cx: &mut Context<'_, S>) {
        self.line.panicked(message, &self.desk, cx);
    }

    /// The link is about to go: our calls fail now, and not when its last bytes are sent.
    pub(crate) fn fail(&self, error: &Error) {
        self.shared.end(|| match error {
            Error::Peer(fault) => Error::Peer(fault.clone()),
            _ => Error::LinkClosed,
        });
    }

    /// The link is gone, and with it all calls of both halves.
    pub(crate) fn closed(&mut self, reason: &Reason) {
        self.line.closed(&self.desk);
        self.shared.end(|| told(reason));
    }
}

/// The head of a message of the binary protocol, and what is behind it.
///
/// # Errors
/// If it is none, or has the old form.
pub(crate) fn read_head(frame: &[u8]) -> Result<(RawMessage<'_>, &[u8])> {
    let mut input = Binary::reader(frame, WireLimits::default());
    let head = input.raw_message().map_err(PeerFault::from)?;
    if head.form != Form::Strict {
        return Err(PeerFault::Malformed("a message without a version".into()).into());
    }
    Ok((head, input.rest()))
}

/// The arguments of a call, and nothing behind them.
///
/// # Errors
/// If they cannot be read.
pub(crate) fn read_arguments<M: Method>(body: &[u8]) -> Result<M::Arguments> {
    let mut input = Binary::reader(body, WireLimits::default());
    let arguments = M::Arguments::read(&mut input).map_err(PeerFault::from)?;
    input.finish().map_err(PeerFault::from)?;
    Ok(arguments)
}

/// What a frame says in reply to a method of a service that was called with this number.
///
/// # Errors
/// If it is no reply to that.
pub(crate) fn read_reply<M: Method>(
    frame: &[u8],
    service: &str,
    sequence: i32,
) -> Result<Result<M::Output, CallError<M::Exception>>> {
    let mut input = Binary::reader(frame, WireLimits::default());
    let head = input.message()?;
    if !matches!(head.kind, MessageKind::Reply | MessageKind::Exception)
        || head.sequence != sequence
    {
        return Err(PeerFault::Malformed(format!("no reply to {}", M::FULL_NAME).into()).into());
    }
    let reader = Binary::reader(input.rest(), WireLimits::default());
    Ok(reply::read::<M, _>(&head, reader, M::NAME, Some(service)))
}

/// A call as it travels.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn call_frame<M: Method>(
    service: &str,
    sequence: i32,
    arguments: &M::Arguments,
) -> Result<Vec<u8>> {
    let mut room = String::new();
    let name = reply::wire_name(M::NAME, Some(service), &mut room);
    let kind = match M::ONEWAY {
        true => MessageKind::Oneway,
        false => MessageKind::Call,
    };
    written(name, sequence, kind, arguments)
}

/// The reply to a call.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn reply_frame<M: Method>(
    sequence: i32,
    outcome: Result<M::Output, M::Exception>,
) -> Result<Vec<u8>> {
    written(
        M::NAME,
        sequence,
        MessageKind::Reply,
        &M::Result::from(outcome),
    )
}

/// An answer to a call of a method that there is not.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn exception_frame(name: &str, sequence: i32) -> Result<Vec<u8>> {
    let exception = ApplicationException::new(
        ApplicationExceptionKind::UnknownMethod,
        "no such method between nodes",
    );
    written(name, sequence, MessageKind::Exception, &exception)
}

fn written(name: &str, sequence: i32, kind: MessageKind, body: &impl Value) -> Result<Vec<u8>> {
    let head = Head {
        name,
        sequence,
        form: Form::Strict,
        silent: false,
    };
    let mut bytes = Vec::new();
    frame::<Binary>(
        &mut bytes,
        u32::MAX as usize,
        &head,
        kind,
        WireLimits::default(),
        |output| body.write(output),
    )?;
    Ok(bytes)
}

/// As much of a method's name as is repeated to who called it.
const NAME_CHARS_MAX: usize = 64;
