//! To another collector.
//!
//! A batch is sent as `Log` calls of bounded bytes and number, one after the other, so that its messages arrive in their order; what was
//! answered with OK is taken. A fault of the link leaves the rest: of the call that was under way nobody knows what became of it, and
//! whoever sends it again may send it twice.
//!
//! | Answer | Outcome | The link |
//! |---|---|---|
//! | OK, to the last call | taken | stays |
//! | TRY_LATER | the rest is left, [passing](Fault::is_passing) | stays |
//! | an exception, another number, none within the timeout, the link's end | the rest is left, broken | is closed |
//! | none to a link that was just dialled | the next remote, until each had its turn; then as above | is closed |
//!
//! An empty `Log` goes first over each new link, and never else. (scribe sends one before each batch over 4,096 bytes: its sockets tell it
//! of a remote's end only when it writes. The loop is told at once, so that an idle link that has ended is not used again, and a round trip
//! for each batch is saved. What the first `Log` is for, [`Line`] says.)
//!
//! Calls are framed and binary, and begin in the strict form, which an unmodified scribe reads as well as the old one; it answers in the
//! old form, which is read here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use oneloop::deferred::{Deferred, Promise};
use oneloop::thrift::Caller;
use oneloop::{Context, Error, LinkId};

use crate::scribe::collector::Collector;
use crate::scribe::config::settings::NetworkStore;
use crate::scribe::interface::{LogEntry, ResultCode, ScribeClient};
use crate::scribe::store::jobs::Jobs;
use crate::scribe::store::line::Line;
use crate::scribe::store::place::Place;
use crate::scribe::store::{Batch, Fault, Message, Outcome, Store, Told, Unsent};

/// The most bytes of one call, unless a single message has more: 1,000,000. Below the largest frame of anybody, 1 MiB of this library by
/// default and 16,384,000 of Thrift's; and no more is sent twice when an answer is lost.
pub const CALL_BYTES_MAX: usize = 1_000_000;

/// The most messages of one call: 4,000, which take the loop less than a millisecond to write.
pub const CALL_COUNT_MAX: usize = 4_000;

/// A store that sends to another collector.
pub struct Network(Rc<Remote>);

struct Remote {
    plan: NetworkStore,
    jobs: Jobs,
    line: RefCell<Option<Rc<Line>>>,
    is_busy: Cell<bool>,
    /// Who waits for the end of what is under way.
    closing: RefCell<Option<Promise<()>>>,
    fault: RefCell<Option<Fault>>,
}

impl Network {
    /// One that dials when it has something to send.
    #[must_use]
    pub fn new(plan: &NetworkStore, place: &Place) -> Self {
        Self(Rc::new(Remote {
            plan: plan.clone(),
            jobs: place.yard.jobs.clone(),
            line: RefCell::default(),
            is_busy: Cell::new(false),
            closing: RefCell::default(),
            fault: RefCell::default(),
        }))
    }
}

impl Store for Network {
    fn take(&self, cx: &mut Context<'_, Collector>, batch: Batch) -> Deferred<Outcome> {
        let (promise, outcome) = cx.defer();
        self.0.is_busy.set(true);
        let sending = Sending {
            remote: Rc::clone(&self.0),
            batch,
            taken: 0,
            dials: 1,
            promise,
        };
        sending.go_on(cx);
        outcome
    }

    fn close(&self, cx: &mut Context<'_, Collector>) -> Deferred<()> {
        let (promise, closed) = cx.defer();
        self.0.closing.replace(Some(promise));
        self.0.close_if_idle(cx);
        closed
    }

    fn tell(&self, told: &mut Told) {
        if told.fault.is_none() {
            let fault = self.0.fault.borrow();
            told.fault = fault.as_ref().map(ToString::to_string);
        }
    }
}

impl Remote {
    fn line(&self, cx: &mut Context<'_, Collector>) -> Rc<Line> {
        let mut line = self.line.borrow_mut();
        Rc::clone(line.get_or_insert_with(|| Line::of(&self.plan, cx)))
    }

    /// The messages of a batch behind so many. Of many it is made where that holds nobody up.
    fn rest(
        &self,
        cx: &mut Context<'_, Collector>,
        batch: &Batch,
        taken: usize,
    ) -> Deferred<Batch> {
        if taken == 0 {
            return Deferred::ready(Batch::clone(batch));
        }
        let cut = move |batch: &Batch| Batch::new(batch.get(taken..).unwrap_or_default().to_vec());
        if batch.len().saturating_sub(taken) <= CUT_AT_ONCE_MAX {
            return Deferred::ready(cut(batch));
        }
        let batch = Batch::clone(batch);
        self.jobs.run(cx, move || cut(&batch))
    }

    fn close_if_idle(&self, cx: &mut Context<'_, Collector>) {
        if self.is_busy.get() {
            return;
        }
        let Some(promise) = self.closing.take() else {
            return;
        };
        if let Some(line) = self.line.take() {
            line.leave(cx);
        }
        promise.resolve(());
    }
}

/// A batch on its way.
struct Sending {
    remote: Rc<Remote>,
    batch: Batch,
    /// So many of its first messages were answered with OK.
    taken: usize,
    /// How many remotes had their turn.
    dials: usize,
    promise: Promise<Outcome>,
}

impl Sending {
    fn go_on(self, cx: &mut Context<'_, Collector>) {
        let left = self.batch.get(self.taken..).unwrap_or_default();
        if left.is_empty() {
            return self.end(cx, Ok(()));
        }
        let line = self.remote.line(cx);
        let timeout = self.remote.plan.timeout;
        let caller: Caller = match line.caller(cx, timeout) {
            Ok(caller) => caller.with_deadline(timeout),
            Err(error) => {
                let fault = self.fault(&line, &error);
                return self.fail(cx, fault);
            }
        };
        let messages = match line.is_proven() {
            true => call_of(left),
            false => Vec::new(),
        };
        let (link, count) = (caller.link(), messages.len());
        let answer = ScribeClient::new(caller).log(cx, messages);
        cx.when(answer, move |cx, answer| {
            self.answered(cx, &line, link, count, answer);
        });
    }

    fn answered(
        mut self,
        cx: &mut Context<'_, Collector>,
        line: &Line,
        link: LinkId,
        count: usize,
        answer: oneloop::Result<ResultCode>,
    ) {
        let fault = match answer {
            Ok(ResultCode::OK) => {
                line.prove(link);
                self.taken += count;
                return self.go_on(cx);
            }
            Ok(ResultCode::TRY_LATER) => {
                line.prove(link);
                let address = line.address();
                Fault::passing(format_args!("{address} wants it later"))
            }
            Ok(code) => {
                let fault = Fault::broken(format_args!("{} answers {code} to Log", line.address()));
                line.close(link, cx);
                fault
            }
            // Nothing was sent, and the link is as good as before.
            Err(error @ (Error::Busy | Error::Misuse(_))) => self.fault(line, &error),
            Err(error) => {
                let fault = self.fault(line, &error);
                line.close(link, cx);
                if count == 0 && self.dials < line.remotes_len() {
                    log::debug!("the next remote is tried: {fault}");
                    self.dials += 1;
                    return self.go_on(cx);
                }
                fault
            }
        };
        self.fail(cx, fault);
    }

    fn fault(&self, line: &Line, error: &Error) -> Fault {
        let text = format!("{}: {error}", line.address());
        match error {
            Error::Busy => Fault::passing(text),
            _ => Fault::broken(text),
        }
    }

    fn fail(self, cx: &mut Context<'_, Collector>, fault: Fault) {
        if self.remote.plan.ignore_errors {
            log::warn!("what is not sent is not missed: {fault}");
            return self.end(cx, Err(fault));
        }
        let left = self.remote.rest(cx, &self.batch, self.taken);
        cx.when(left, move |cx, left| {
            // More than is left is no fault.
            let left = left.unwrap_or_else(|_| Batch::clone(&self.batch));
            self.end_with(cx, Some(fault.clone()), Err(Unsent { left, fault }));
        });
    }

    fn end(self, cx: &mut Context<'_, Collector>, sent: Result<(), Fault>) {
        self.end_with(cx, sent.err(), Ok(()));
    }

    fn end_with(self, cx: &mut Context<'_, Collector>, fault: Option<Fault>, outcome: Outcome) {
        let Self {
            remote,
            batch,
            promise,
            ..
        } = self;
        remote.fault.replace(fault);
        remote.is_busy.set(false);
        promise.resolve(outcome);
        remote.jobs.discard(cx, batch.len(), batch);
        remote.close_if_idle(cx);
    }
}

/// The first of these messages, as many as make a call, and one at least.
fn call_of(messages: &[Message]) -> Vec<LogEntry> {
    let mut bytes = HEAD_BYTES;
    let fits = |message: &&Message| {
        let own = message.category.len().saturating_add(message.text.len());
        bytes = bytes.saturating_add(own).saturating_add(ENTRY_BYTES);
        bytes <= CALL_BYTES_MAX
    };
    let count = messages
        .iter()
        .take(CALL_COUNT_MAX)
        .take_while(fits)
        .count();
    let first = messages.get(..count.max(1)).unwrap_or_default();
    let mut entries: Vec<LogEntry> = Vec::with_capacity(first.len());
    for message in first {
        // Most have the category of the one before: then it is a second hold of the same bytes.
        let category = match entries.last() {
            Some(last) if last.category == message.category.as_bytes() => last.category.clone(),
            _ => Bytes::copy_from_slice(message.category.as_bytes()),
        };
        entries.push(LogEntry {
            category,
            message: message.text.clone(),
        });
    }
    entries
}

/// Messages that are copied on the loop.
const CUT_AT_ONCE_MAX: usize = 1000;
/// Of a call besides its messages, in binary: its head, the list's, and the ends.
const HEAD_BYTES: usize = 24;
/// Of a message besides its category and its text: two fields and an end.
const ENTRY_BYTES: usize = 15;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use oneloop::thrift::{Binary, Protocol, Value, WireLimits};

    use super::*;
    use crate::scribe::interface::scribe_methods::LogArguments;

    fn message(category: &str, bytes: usize) -> Message {
        Message {
            category: category.into(),
            text: vec![b'x'; bytes].into(),
        }
    }

    /// The bytes of a call's frame, without its length.
    fn written(messages: Vec<LogEntry>) -> usize {
        let mut bytes = Vec::new();
        let mut writer = Binary::writer(&mut bytes, WireLimits::default());
        LogArguments { messages }
            .write(&mut writer)
            .expect("it is short");
        // The strict head: version, name, number.
        bytes.len() + 4 + 4 + "Log".len() + 4
    }

    #[test]
    fn a_call_has_as_many_messages_as_fit() {
        let small = message("web", 10);
        let many = |count: usize| vec![small.clone(); count];
        for (count, taken) in [
            (1, 1),
            (CALL_COUNT_MAX - 1, CALL_COUNT_MAX - 1),
            (CALL_COUNT_MAX, CALL_COUNT_MAX),
            (CALL_COUNT_MAX + 1, CALL_COUNT_MAX),
        ] {
            assert_eq!(call_of(&many(count)).len(), taken, "{count}");
        }
    }

    #[test]
    fn a_call_has_as_many_bytes_as_are_the_most() {
        let first = message("web", 300_000);
        let room = CALL_BYTES_MAX - HEAD_BYTES - 2 * (ENTRY_BYTES + 3) - 300_000;
        for (bytes, taken) in [(room - 1, 2), (room, 2), (room + 1, 1)] {
            let second = message("web", bytes);
            let call = call_of(&[first.clone(), second, message("web", 0)]);
            assert_eq!(call.len(), taken, "{bytes}");
            assert!(written(call) <= CALL_BYTES_MAX);
        }
        let full = call_of(&[first, message("web", room)]);
        assert_eq!(written(full), CALL_BYTES_MAX, "counted to the byte");
        let long = message("web", 2 * CALL_BYTES_MAX);
        assert_eq!(call_of(&[long.clone(), long]).len(), 1);
    }

    #[test]
    fn a_call_says_what_the_messages_say() {
        let categories = ["a", "a", "b", "a"].map(Arc::<str>::from);
        let messages = categories.map(|category| Message {
            text: Bytes::copy_from_slice(category.as_bytes()),
            category,
        });
        for (message, entry) in messages.iter().zip(call_of(&messages)) {
            assert_eq!(entry.category, message.category.as_bytes());
            assert_eq!(entry.message, message.text);
        }
    }
}
