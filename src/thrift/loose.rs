//! The answers of a link on which each leaves when it is there.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::context::{Context, panic_message};
use crate::error::{Error, Result};
use crate::time::Time;

use super::binary::Binary;
use super::exception::ApplicationException;
use super::kind::MessageKind;
use super::line::{self, Head, Pending, internal};
use super::message::Form;
use super::processor::Desk;
use super::value::Value as _;

/// The calls of one link that are answered later, each answer leaving when it is there: for peers that tell replies apart by their
/// numbers. Memory is bounded by the calls that are open, and not by the oldest of them.
pub(super) struct Loose<S: 'static> {
    open: BTreeMap<u64, Open<S>>,
    /// Those that are answered, by what their callers call them. A caller that uses a number twice can cancel the later one only.
    by_sequence: BTreeMap<i32, u64>,
    by_deadline: BTreeSet<(Time, u64)>,
    /// The last number given. None is given twice.
    last: u64,
    pub(super) calls_max: usize,
    /// So many of the open ones are set aside: those are not among the most of calls.
    aside: usize,
    /// The call that was kept last, if that is of the frame that was served last.
    kept: Option<u64>,
    /// How long the caller of the call that is in its target waits for the answer, if it said so.
    pub(super) left: Option<Duration>,
}

struct Open<S: 'static> {
    pending: Box<dyn Pending<S>>,
    deadline: Time,
    /// None if there is no reply.
    sequence: Option<i32>,
    name: &'static str,
    is_aside: bool,
}

impl<S: 'static> Loose<S> {
    /// Set in the numbers of these calls, so that they are not taken for those of calls that this end makes over the same link.
    pub(super) const MARK: u64 = 1 << 63;

    pub(super) const fn new(calls_max: usize) -> Self {
        Self {
            open: BTreeMap::new(),
            by_sequence: BTreeMap::new(),
            by_deadline: BTreeSet::new(),
            last: Self::MARK,
            calls_max,
            aside: 0,
            kept: None,
            left: None,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.open.len().saturating_sub(self.aside) >= self.calls_max
    }

    /// How many are set aside.
    #[cfg(feature = "node")]
    pub(super) const fn aside(&self) -> usize {
        self.aside
    }

    /// Another frame is about to be served, of a caller that waits so long for the answer.
    pub(super) const fn begin(&mut self, left: Option<Duration>) {
        self.left = left;
        self.kept = None;
    }

    /// Has the call that was served last count no more among the most of calls. Gives what its caller calls it; none if it is answered.
    #[cfg(feature = "node")]
    pub(super) fn set_aside(&mut self) -> Option<i32> {
        let open = self.open.get_mut(&self.kept.take()?)?;
        let sequence = open.sequence?;
        open.is_aside = true;
        self.aside = self.aside.saturating_add(1);
        Some(sequence)
    }

    /// The number that the next call will have.
    pub(super) const fn next_number(&self) -> u64 {
        // 2^63 calls are not made.
        self.last.saturating_add(1)
    }

    /// Keeps a call under that number until it is answered, at the latest after `span`.
    pub(super) fn keep(
        &mut self,
        head: &Head<'static>,
        pending: Box<dyn Pending<S>>,
        now: Time,
        span: Duration,
    ) {
        self.last = self.next_number();
        let deadline = now + self.left.map_or(span, |left| left.min(span));
        let sequence = (!head.silent).then_some(head.sequence);
        if let Some(sequence) = sequence {
            self.by_sequence.insert(sequence, self.last);
        }
        self.by_deadline.insert((deadline, self.last));
        let open = Open {
            pending,
            deadline,
            sequence,
            name: head.name,
            is_aside: false,
        };
        self.kept = Some(self.last);
        self.open.insert(self.last, open);
    }

    /// When the first of them expires; never if there is none.
    pub(super) fn deadline(&self) -> Time {
        self.by_deadline
            .first()
            .map_or(Time::NEVER, |(deadline, _)| *deadline)
    }

    /// A deferred of this number is settled: its answer leaves.
    pub(super) fn answered(
        &mut self,
        number: u64,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        self.settle(number, None, desk, cx)
    }

    /// Nobody waits for the answer to the call of this number any more. One that is answered already is not there.
    pub(super) fn cancelled(
        &mut self,
        sequence: i32,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        match self.by_sequence.get(&sequence) {
            Some(&number) => self.settle(number, Some(Error::Cancelled), desk, cx),
            None => Ok(()),
        }
    }

    /// Calls whose time is up have failed.
    pub(super) fn expire(&mut self, desk: &Desk<S>, cx: &mut Context<'_, S>) -> Result<()> {
        let now = cx.now();
        while let Some(&(deadline, number)) = self.by_deadline.first()
            && deadline <= now
        {
            cx.links.counters.calls_expired += 1;
            self.settle(number, Some(Error::Timeout), desk, cx)?;
        }
        Ok(())
    }

    /// Takes a call out, and sends what came of it.
    fn settle(
        &mut self,
        number: u64,
        failure: Option<Error>,
        desk: &Desk<S>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let Some(open) = self.open.get_mut(&number) else {
            return Ok(());
        };
        let mut frame = Vec::new();
        let (name, sequence) = (open.name, open.sequence.unwrap_or_default());
        // A hook of one call that panics must not end all that are under way on a link between nodes.
        let settled = match desk.tells {
            true => {
                let settling = || open.pending.settle(failure, &mut frame, desk, cx);
                catch_unwind(AssertUnwindSafe(settling))
            }
            false => Ok(open.pending.settle(failure, &mut frame, desk, cx)),
        };
        match settled {
            Ok(settled) => {
                if !settled? {
                    return Ok(());
                }
            }
            Err(panic) => {
                let (link, message) = (cx.link(), panic_message(&*panic));
                cx.links
                    .note_panic(format!("link {link}: {name:?} panicked: {message}"));
                cx.links.counters.handlers_failed += 1;
                frame.clear();
                if open.sequence.is_some() {
                    put_exception(&mut frame, name, sequence, &internal(), desk)?;
                }
            }
        }
        // Its deferred goes with it, and so whoever was to answer learns that nobody waits.
        if let Some(open) = self.open.remove(&number) {
            if open.is_aside {
                self.aside = self.aside.saturating_sub(1);
            }
            self.by_deadline.remove(&(open.deadline, number));
            if let Some(sequence) = open.sequence
                && self.by_sequence.get(&sequence) == Some(&number)
            {
                self.by_sequence.remove(&sequence);
            }
        }
        desk.overload.calls_ended(1);
        let link = cx.link();
        cx.links.call_closed(link);
        if frame.is_empty() {
            return Ok(());
        }
        let (waiting, most) = cx.links.outbox_room(link);
        if waiting.saturating_add(frame.len()) > most - most / 8 {
            // Sent, it would have the link dropped. What says so is short.
            frame.clear();
            put_failure(&mut frame, name, sequence, &Error::Busy, desk)?;
        }
        match cx.links.send_frame(link, &frame) {
            Ok(()) | Err(Error::LinkClosed) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The link is gone, and all its calls with it.
    pub(super) fn closed(&mut self, desk: &Desk<S>) {
        self.by_sequence.clear();
        self.by_deadline.clear();
        self.aside = 0;
        let open = std::mem::take(&mut self.open);
        desk.overload.calls_ended(open.len());
    }
}

/// Writes that a call failed.
fn put_failure<S: 'static>(
    frame: &mut Vec<u8>,
    name: &str,
    sequence: i32,
    error: &Error,
    desk: &Desk<S>,
) -> Result<()> {
    put_exception(frame, name, sequence, &desk.told_of(error, false), desk)
}

fn put_exception<S: 'static>(
    frame: &mut Vec<u8>,
    name: &str,
    sequence: i32,
    exception: &ApplicationException,
    desk: &Desk<S>,
) -> Result<()> {
    let head = Head {
        name,
        sequence,
        form: Form::Strict,
        silent: false,
    };
    let (kind, most) = (MessageKind::Exception, usize::MAX);
    line::frame::<Binary>(frame, most, &head, kind, desk.limits, |output| {
        exception.write(output)
    })
    .map(drop)
}
