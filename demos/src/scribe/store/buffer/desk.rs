//! Where new batches go, and what the states are for.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use oneloop::Context;

use crate::scribe::collector::Collector;
use crate::scribe::config::settings::BufferStore;
use crate::scribe::files::naming::Second;
use crate::scribe::files::spool::compose;
use crate::scribe::store::buffer::files::Files;
use crate::scribe::store::buffer::mind::{Mind, State, Waiting};
use crate::scribe::store::buffer::playing::Playing;
use crate::scribe::store::file::{locked, told, told_by_job};
use crate::scribe::store::null::Null;
use crate::scribe::store::place::Place;
use crate::scribe::store::{Batch, Fault, Outcome, Shared, Store as _, Told, Unsent};

/// What everything comes back to.
pub(super) struct Desk {
    pub(super) plan: BufferStore,
    pub(super) primary: Shared,
    pub(super) secondary: Secondary,
    pub(super) category: Arc<str>,
    pub(super) queued_bytes: Rc<Cell<u64>>,
    pub(super) place: Place,
    pub(super) mind: RefCell<Mind>,
}

/// Where messages wait.
pub(super) enum Secondary {
    Files(Files),
    Nothing(Null),
}

impl Desk {
    /// Does what can be done now. Called whenever something has changed.
    pub(super) fn go_on(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        self.send_off(cx);
        self.step(cx);
        self.end_if_idle(cx);
    }

    // ---- new batches ----

    /// Sends the batch that waits on its way, if there is one.
    fn send_off(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let (waiting, to_primary) = {
            let mut mind = self.mind.borrow_mut();
            let to_primary = match mind.state {
                State::Opening => return,
                State::Sending if mind.holds => return,
                State::Streaming => true,
                State::Sending => self.plan.flush_streaming && !mind.is_closing,
                State::Disconnected => false,
            };
            let busy = match to_primary {
                true => &mut mind.is_sending,
                false => &mut mind.is_writing,
            };
            if std::mem::replace(busy, true) {
                return;
            }
            let Some(waiting) = mind.waiting.take() else {
                match to_primary {
                    true => mind.is_sending = false,
                    false => mind.is_writing = false,
                }
                return;
            };
            (waiting, to_primary)
        };
        match (&self.secondary, to_primary) {
            (_, true) => self.stream(cx, waiting),
            (Secondary::Files(files), false) => self.write(cx, files, waiting),
            (Secondary::Nothing(null), false) => {
                self.mind.borrow_mut().is_writing = false;
                let ignored = null.take(cx, waiting.batch);
                cx.when(ignored, |_, ignored| {
                    waiting.promise.settle(ignored);
                });
            }
        }
    }

    fn stream(self: &Rc<Self>, cx: &mut Context<'_, Collector>, waiting: Waiting) {
        let Waiting { batch, promise } = waiting;
        let taken = self.primary.take(cx, Batch::clone(&batch));
        let desk = Rc::clone(self);
        cx.when(taken, move |cx, taken| {
            desk.mind.borrow_mut().is_sending = false;
            match whole(taken, &batch) {
                Ok(()) => {
                    desk.primary_took();
                    promise.resolve(Ok(()));
                }
                Err(Unsent { left, fault }) => {
                    desk.disconnect(cx, &fault);
                    // Its way is the secondary now.
                    let batch = left;
                    desk.mind.borrow_mut().waiting = Some(Waiting { batch, promise });
                }
            }
            desk.place.yard.jobs.discard(cx, batch.len(), batch);
            desk.go_on(cx);
        });
    }

    fn write(self: &Rc<Self>, cx: &mut Context<'_, Collector>, files: &Files, waiting: Waiting) {
        let Waiting { batch, promise } = waiting;
        let now = second(cx);
        let keeps_open = files.takes_slot(&self.place);
        let (disk, writer) = (Arc::clone(&self.place.disk), Arc::clone(&files.writer));
        let (messages, spool) = (Batch::clone(&batch), files.spool.clone());
        let written = self.place.yard.jobs.run(cx, move || {
            let parts = messages.iter().map(|it| (&*it.category, &*it.text));
            let bytes = compose(parts).map_err(Fault::broken)?;
            drop(messages);
            let mut writer = locked(&writer);
            let written = writer.write(&*disk, now, &bytes);
            let name = writer.path().and_then(|path| path.file_name()?.to_str());
            let number = name.and_then(|name| spool.number(name));
            if !keeps_open {
                writer.rest();
            }
            match written {
                Ok(()) => Ok((bytes.len() as u64, number)),
                Err(error) => Err(told(&error, writer.folder())),
            }
        });
        let desk = Rc::clone(self);
        cx.when(written, move |cx, written| {
            let mut mind = desk.mind.borrow_mut();
            mind.is_writing = false;
            match told_by_job(written) {
                Ok((bytes, number)) => {
                    mind.disk_fault = None;
                    mind.files_bytes = mind.files_bytes.saturating_add(bytes);
                    if let Some(number) = number {
                        let begun = now.since_1970();
                        mind.begun.entry(number).or_insert(begun);
                    }
                    promise.resolve(Ok(()));
                    drop(mind);
                    desk.place.yard.jobs.discard(cx, batch.len(), batch);
                }
                Err(fault) => {
                    mind.disk_failed(&desk.category, &fault, now);
                    drop(mind);
                    promise.resolve(Err(Unsent { left: batch, fault }));
                }
            }
            desk.go_on(cx);
        });
    }

    // ---- states ----

    /// The primary has taken something.
    pub(super) fn primary_took(&self) {
        let mut mind = self.mind.borrow_mut();
        mind.backoff.succeeded();
        if mind.fault.take().is_some() {
            log::info!("{}: the primary store takes messages again", self.category);
        }
    }

    /// The primary has left something.
    pub(super) fn disconnect(self: &Rc<Self>, cx: &mut Context<'_, Collector>, fault: &Fault) {
        let now = second(cx);
        let mut mind = self.mind.borrow_mut();
        let since = mind.fault.as_ref().map_or(now, |(_, since)| *since);
        if mind.fault.replace((fault.text.clone(), since)).is_none() {
            log::warn!("{}: the primary store: {fault}", self.category);
        }
        drop(mind);
        self.back_off(cx);
    }

    /// The primary is left alone for a while, and the replay.
    pub(super) fn back_off(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let mut mind = self.mind.borrow_mut();
        mind.state = State::Disconnected;
        mind.holds = false;
        if mind.is_closing {
            return;
        }
        let mut drawn = [0; 4];
        // Without chance it is the earliest time.
        _ = cx.random(&mut drawn);
        let span = mind.backoff.failed(u32::from_le_bytes(drawn));
        let desk = Rc::downgrade(self);
        let retry = cx.after(span, move |cx| {
            if let Some(desk) = Weak::upgrade(&desk) {
                desk.retry(cx);
            }
        });
        if let Some(last) = mind.retry.replace(retry) {
            cx.cancel(last);
        }
    }

    fn retry(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let mut mind = self.mind.borrow_mut();
        mind.retry = None;
        if mind.state == State::Disconnected && !mind.is_closing {
            mind.state = match &self.secondary {
                Secondary::Files(_) if self.plan.replay => State::Sending,
                _ => State::Streaming,
            };
            mind.is_paused = false;
            mind.files_left = self.plan.files_per_check;
        }
        drop(mind);
        self.go_on(cx);
    }

    fn end_if_idle(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let mut mind = self.mind.borrow_mut();
        let is_busy = mind.is_sending || mind.is_writing || mind.is_stepping;
        if is_busy || mind.waiting.is_some() {
            return;
        }
        let Some(promise) = mind.closing.take() else {
            return;
        };
        drop(mind);
        if let Secondary::Files(files) = &self.secondary {
            locked(&files.writer).rest();
            files.slot.take();
            files.claim.take();
        }
        let closed = self.primary.close(cx);
        cx.when(closed, |_, closed| promise.settle(closed));
    }

    /// Tells what waits.
    pub(super) fn tell_unsent(&self, told: &mut Told) {
        let mind = self.mind.borrow();
        let taken = mind.playing.as_ref().map_or(0, Playing::taken_bytes);
        let bytes = mind.files_bytes.saturating_sub(taken);
        told.unsent_bytes = told.unsent_bytes.saturating_add(bytes);
        if bytes > 0
            && let Some((_, begun)) = mind.begun.first_key_value()
        {
            let oldest = told.oldest_unsent.map_or(*begun, |it| it.min(*begun));
            told.oldest_unsent = Some(oldest);
        }
    }
}

/// What became of a batch; one whose store has said nothing is not taken.
pub(super) fn whole(outcome: oneloop::Result<Outcome>, batch: &Batch) -> Outcome {
    let outcome = outcome.unwrap_or_else(|error| {
        Err(Unsent {
            left: Batch::clone(batch),
            fault: Fault::broken(error),
        })
    });
    match outcome {
        Err(unsent) if unsent.left.is_empty() => Ok(()),
        outcome => outcome,
    }
}

/// The time of day.
pub(super) fn second(cx: &mut Context<'_, Collector>) -> Second {
    Second::of(cx.time_of_day().as_secs())
}
