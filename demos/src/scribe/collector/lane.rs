//! The way of a category's messages into one store.
//!
//! ```text
//!             put                     the turn ends              the store has answered
//!   (empty) ───────► waiting ──────────────────────► under way ───────────────────────► answered
//!                      ▲ put      all that waits                    all that waits meanwhile:
//!                      └───────── is one batch                      under way at once
//! ```
//! One batch at a time is handed to the store: so it keeps order, and batches of many clients cost one write and one sync.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use oneloop::{Context, Time};

use crate::scribe::collector::Collector;
use crate::scribe::collector::backlog::{Backlog, Change};
use crate::scribe::collector::counts::{Counts, Fate};
use crate::scribe::collector::handed::{Handed, gather};
use crate::scribe::collector::ticket::Ticket;
use crate::scribe::collector::trouble::Trouble;
use crate::scribe::config::settings::{Rule, Store as Plan};
use crate::scribe::files::naming::Second;
use crate::scribe::files::pace::Pace;
use crate::scribe::store::build::build;
use crate::scribe::store::place::{Place, Whose};
use crate::scribe::store::{Batch, Fault, Message, Outcome, Shared, Told, Unsent};

/// A queue in front of one store.
pub(super) struct Lane {
    /// Which rule of the configuration it is for.
    pub(super) rule: Rc<Rule>,
    pub(super) whose: Whose,
    place: Place,
    backlog: Rc<Backlog>,
    /// Whether it is for several categories.
    is_shared: bool,
    /// Where its messages are collected in the batch that is being sorted.
    pub(super) slot: Cell<usize>,
    inner: RefCell<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Made when the first batch is there, and again if that failed.
    store: Option<Shared>,
    waiting: Vec<Part>,
    under_way: Option<UnderWay>,
    /// It will be looked at when the turn ends.
    is_called: bool,
    /// No batch is handed on any more.
    is_held: bool,
    /// Messages, waiting and under way.
    messages: u64,
    /// Why the last batch was not taken, if it was not.
    trouble: Option<Trouble>,
    pace: Pace,
}

/// What of a client's batch is for this lane.
pub(super) struct Part {
    pub(super) messages: Vec<Message>,
    pub(super) bytes: u64,
    since: Time,
    pub(super) ticket: Rc<Ticket>,
}

impl Part {
    /// Its messages, those of one category together that follow each other.
    pub(super) fn into_runs(self) -> (Rc<Ticket>, Vec<Vec<Message>>) {
        let mut runs: Vec<Vec<Message>> = Vec::new();
        for message in self.messages {
            let last = runs.last_mut();
            match last.filter(|run| {
                run.first()
                    .is_some_and(|it| it.category == message.category)
            }) {
                Some(run) => run.push(message),
                None => runs.push(vec![message]),
            }
        }
        (self.ticket, runs)
    }
}

struct UnderWay {
    since: Time,
}

impl Lane {
    pub(super) fn new(
        rule: Rc<Rule>,
        whose: Whose,
        is_shared: bool,
        place: Place,
        backlog: Rc<Backlog>,
    ) -> Rc<Self> {
        Rc::new(Self {
            rule,
            whose,
            place,
            backlog,
            is_shared,
            slot: Cell::default(),
            inner: RefCell::default(),
        })
    }

    /// Takes a part of a client's batch.
    pub(super) fn put(
        self: &Rc<Self>,
        cx: &mut Context<'_, Collector>,
        messages: Vec<Message>,
        ticket: Rc<Ticket>,
    ) {
        let bytes = messages
            .iter()
            .map(Message::bytes)
            .fold(0, u64::saturating_add);
        let part = Part {
            messages,
            bytes,
            since: cx.now(),
            ticket,
        };
        self.put_part(cx, part);
    }

    /// Takes one that waited elsewhere.
    pub(super) fn put_part(self: &Rc<Self>, cx: &mut Context<'_, Collector>, part: Part) {
        self.changed(
            |bytes| bytes.saturating_add(part.bytes),
            |count| count.saturating_add(part.messages.len() as u64),
        );
        self.inner.borrow_mut().waiting.push(part);
        self.call(cx);
    }

    /// Looks at the end of the turn what there is to do: by then the parts of other clients are here too.
    fn call(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let mut inner = self.inner.borrow_mut();
        if inner.is_called || inner.under_way.is_some() || inner.is_held {
            return;
        }
        inner.is_called = true;
        let (promise, later) = cx.defer();
        promise.resolve(());
        let lane = Rc::clone(self);
        cx.when(later, move |cx, _| {
            lane.inner.borrow_mut().is_called = false;
            lane.hand_on(cx);
        });
    }

    /// Hands the store what waits, unless it has a batch.
    fn hand_on(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let (batch, dues) = {
            let mut inner = self.inner.borrow_mut();
            if inner.is_held || inner.under_way.is_some() || inner.waiting.is_empty() {
                return;
            }
            let first = inner.waiting.first().map(|part| part.since);
            let since = first.unwrap_or_else(|| cx.now());
            inner.under_way = Some(UnderWay { since });
            gather(&mut inner.waiting)
        };
        let mut handed = Handed {
            tally: self.tally(&batch),
            count: batch.len(),
            dues,
            kept: None,
            is_ignored: false,
        };
        let store = match self.store() {
            Ok(store) => store,
            Err(fault) => {
                let unsent = Err(Unsent { left: batch, fault });
                return self.settle(cx, handed, unsent);
            }
        };
        // Who works on it is to be the last who has it: that is where it is freed.
        let is_made_of_several = matches!(
            self.rule.store,
            Plan::Bucket(_) | Plan::Multi(_) | Plan::Category(_)
        );
        handed.kept = is_made_of_several.then(|| Arc::clone(&batch));
        handed.is_ignored = store.ignores();
        let outcome = store.take(cx, batch);
        let lane = Rc::clone(self);
        cx.when(outcome, move |cx, outcome| {
            let outcome = outcome.unwrap_or_else(|error| {
                // It is lost with whoever had it: that is all of it.
                let (left, fault) = (Arc::default(), Fault::broken(error));
                Err(Unsent { left, fault })
            });
            lane.settle(cx, handed, outcome);
        });
    }

    /// How many messages there are of each category.
    fn tally(&self, batch: &Batch) -> Vec<(Arc<str>, u64)> {
        let mut tally: BTreeMap<Arc<str>, u64> = BTreeMap::new();
        if !self.is_shared {
            let first = batch.first().map(|first| Arc::clone(&first.category));
            return first
                .into_iter()
                .map(|it| (it, batch.len() as u64))
                .collect();
        }
        for run in batch.chunk_by(|one, next| Arc::ptr_eq(&one.category, &next.category)) {
            if let Some(first) = run.first() {
                let count = tally.entry(Arc::clone(&first.category)).or_default();
                *count = count.saturating_add(run.len() as u64);
            }
        }
        tally.into_iter().collect()
    }

    /// The store, which is made if it is not there.
    fn store(&self) -> Result<Shared, Fault> {
        if let Some(store) = &self.inner.borrow().store {
            return Ok(Rc::clone(store));
        }
        let store = build(&self.rule.store, &self.whose, &self.place)?;
        self.inner.borrow_mut().store = Some(Rc::clone(&store));
        Ok(store)
    }

    /// The store has answered.
    fn settle(self: &Rc<Self>, cx: &mut Context<'_, Collector>, handed: Handed, outcome: Outcome) {
        let (left, fault) = match outcome {
            Ok(()) => (None, None),
            Err(Unsent { left, fault }) => (Some(left), Some(fault)),
        };
        let must_succeed = self.rule.must_succeed;
        let is_left = left.as_ref().map(|left| handed.marks(left));
        self.count(&mut cx.state.counts, &handed, left.as_ref());
        let mut from = 0;
        for due in &handed.dues {
            let to = from + due.count;
            let own = is_left.as_ref().map(|marks| marks.get(from..to));
            let is_kept = own.is_none_or(|marks| marks.is_some_and(|it| !it.contains(&true)));
            due.ticket.settle(is_kept || !must_succeed);
            from = to;
        }
        let bytes = handed.dues.iter().map(|due| due.bytes);
        let bytes = bytes.fold(0, u64::saturating_add);
        self.changed(
            |before| before.saturating_sub(bytes),
            |count| count.saturating_sub(handed.count as u64),
        );
        {
            let mut inner = self.inner.borrow_mut();
            inner.under_way = None;
            if fault.is_none() {
                inner.trouble = None;
            }
        }
        if let Some(fault) = fault {
            self.note(fault, cx);
        }
        // A copy first: it is freed where the last one is.
        for batch in left.into_iter().chain(handed.kept) {
            self.place.yard.jobs.discard(cx, batch.len(), batch);
        }
        self.hand_on(cx);
        Collector::lane_rests(cx);
    }

    fn count(&self, counts: &mut Counts, handed: &Handed, left: Option<&Batch>) {
        let fate = match self.rule.must_succeed {
            true => Fate::Requeue,
            false => Fate::Lost,
        };
        let unsent = match left {
            None => Vec::new(),
            // A store that lost its batch has nothing left of it to show.
            Some(left) if left.is_empty() => handed.tally.clone(),
            Some(left) => self.tally(left),
        };
        for (category, count) in &unsent {
            counts.add(Some(category), fate, *count);
        }
        // Those that it ignores, a store has counted itself.
        if handed.is_ignored {
            return;
        }
        for (category, count) in &handed.tally {
            let unsent = unsent.iter().find(|(it, _)| it == category);
            let sent = count.saturating_sub(unsent.map_or(0, |(_, count)| *count));
            if sent > 0 {
                counts.add(Some(category), Fate::Sent, sent);
            }
        }
    }

    fn changed(&self, bytes: impl FnOnce(u64) -> u64, messages: impl FnOnce(u64) -> u64) {
        let queued = &self.whose.queued_bytes;
        let before = queued.get();
        queued.set(bytes(before));
        let mut inner = self.inner.borrow_mut();
        let count = inner.messages;
        inner.messages = messages(count);
        self.backlog.changed(
            Change {
                before,
                after: queued.get(),
            },
            Change {
                before: count,
                after: inner.messages,
            },
        );
    }

    // ---- what is asked of it ----

    /// Whether nothing is with the store.
    pub(super) fn rests(&self) -> bool {
        self.inner.borrow().under_way.is_none()
    }

    /// Whether nothing waits either.
    pub(super) fn is_empty(&self) -> bool {
        let inner = self.inner.borrow();
        inner.under_way.is_none() && inner.waiting.is_empty()
    }

    /// Hands on no further batch.
    pub(super) fn hold(&self) {
        self.inner.borrow_mut().is_held = true;
    }

    /// What waits leaves.
    pub(super) fn empty(&self) -> Vec<Part> {
        let parts = std::mem::take(&mut self.inner.borrow_mut().waiting);
        let bytes = parts
            .iter()
            .map(|part| part.bytes)
            .fold(0, u64::saturating_add);
        let count = parts.iter().map(|part| part.messages.len() as u64);
        let count = count.fold(0, u64::saturating_add);
        self.changed(
            |before| before.saturating_sub(bytes),
            |before| before.saturating_sub(count),
        );
        parts
    }

    /// The store, if it was made.
    pub(super) fn made(&self) -> Option<Shared> {
        self.inner.borrow().store.clone()
    }

    /// When its oldest message came that is not kept.
    pub(super) fn oldest(&self) -> Option<Time> {
        let inner = self.inner.borrow();
        let under_way = inner.under_way.as_ref().map(|under_way| under_way.since);
        under_way.or_else(|| inner.waiting.first().map(|part| part.since))
    }

    /// Has the store look after what there is to do. One that cannot be made is tried again.
    pub(super) fn check(&self, cx: &mut Context<'_, Collector>) {
        match self.store() {
            Ok(store) => store.check(cx),
            Err(fault) => self.note(fault, cx),
        }
    }

    /// Something is wrong. The log has it, unless the store has seen to that: one that tells of a fault has logged it.
    fn note(&self, fault: Fault, cx: &mut Context<'_, Collector>) {
        let text = format!("{}: {fault}", self.whose.category);
        let is_told = self.told().0.fault.is_some();
        let mut inner = self.inner.borrow_mut();
        if inner.trouble.is_none() && !is_told {
            let now = Second::of(cx.time_of_day().as_secs());
            if inner.pace.allows("fault", now) {
                log::error!("{text}");
            }
        }
        let before = inner.trouble.take();
        cx.state.past = Some(Trouble::now(&text, cx));
        inner.trouble = Some(Trouble::again(before, text, cx));
    }

    /// What its store tells, and its own trouble, if the store has none.
    pub(super) fn told(&self) -> (Told, Option<Trouble>) {
        let mut told = Told::default();
        let store = self.made();
        if let Some(store) = store {
            store.tell(&mut told);
        }
        (told, self.inner.borrow().trouble.clone())
    }
}
