//! Keeps messages in files.
//!
//! ```text
//!   loop      take ──────────┐                        ┌──► the outcome
//!                            ▼                        │
//!   worker         compose, append, sync; the batch is freed here
//! ```
//! The writer lies behind a lock that nobody waits for on the loop: there it is looked at if it is free, and it is free unless a batch is
//! written or a check is made.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use oneloop::deferred::{Deferred, Promise};
use oneloop::{Context, Result as LoopResult};

use crate::scribe::collector::Collector;
use crate::scribe::config::settings::FileStore;
use crate::scribe::config::word::FileWord;
use crate::scribe::files::compose::Layout;
use crate::scribe::files::naming::{Names, Second};
use crate::scribe::files::pace::Pace;
use crate::scribe::files::writer::FileWriter;
use crate::scribe::store::claims::Claim;
use crate::scribe::store::place::{Place, Whose};
use crate::scribe::store::slots::Slot;
use crate::scribe::store::{Batch, Fault, Outcome, Store, Told, Unsent};

/// Files of one name, one after the other. The first is opened with the first batch.
#[derive(Debug)]
pub struct File(Rc<Desk>);

/// What its jobs come back to.
struct Desk {
    place: Place,
    category: FileWord,
    layout: Layout,
    writer: Arc<Mutex<FileWriter>>,
    claim: RefCell<Option<Claim>>,
    slot: RefCell<Option<Slot>>,
    /// Whether a batch came since the last check.
    is_busy: Cell<bool>,
    is_closed: Cell<bool>,
    jobs: Cell<usize>,
    /// Who waits until all jobs are over.
    closing: RefCell<Vec<Promise<()>>>,
    fault: RefCell<Option<Trouble>>,
    pace: RefCell<Pace>,
}

/// What is wrong.
#[derive(Debug)]
struct Trouble {
    text: String,
    since: Second,
    /// Whether a batch was not taken for it, or a check has found it.
    has_cost: bool,
    /// Whether the log has it: then it is to have its end too.
    is_said: bool,
}

impl File {
    /// A store that writes as it is planned.
    ///
    /// # Errors
    /// Another store writes the same files.
    pub fn new(plan: &FileStore, whose: &Whose, place: &Place) -> Result<Self, Fault> {
        let names = match whose.is_copy {
            true => Names::of_copy(plan, &whose.category, &place.dir, &place.host),
            false => Names::of(plan, &whose.category, &place.dir, &place.host),
        };
        let claim = place.yard.claims.claim(&names)?;
        Ok(Self(Rc::new(Desk {
            place: place.clone(),
            category: whose.category.clone(),
            layout: Layout::of(plan),
            writer: Arc::new(Mutex::new(FileWriter::of(names, plan))),
            claim: RefCell::new(Some(claim)),
            slot: RefCell::default(),
            is_busy: Cell::default(),
            is_closed: Cell::default(),
            jobs: Cell::default(),
            closing: RefCell::default(),
            fault: RefCell::default(),
            pace: RefCell::default(),
        })))
    }
}

impl Store for File {
    fn take(&self, cx: &mut Context<'_, Collector>, batch: Batch) -> Deferred<Outcome> {
        let desk = &self.0;
        if desk.is_closed.get() {
            let fault = Fault::passing("the store is closed");
            return Deferred::ready(Err(Unsent { left: batch, fault }));
        }
        if batch.is_empty() {
            return Deferred::ready(Ok(()));
        }
        desk.is_busy.set(true);
        let keeps_open = desk.takes_slot();
        let now = Second::of(cx.time_of_day().as_secs());
        let disk = Arc::clone(&desk.place.disk);
        let (writer, layout) = (Arc::clone(&desk.writer), desk.layout);
        // Who works on it is to be the last who has it; but if the work is refused, it is still here.
        let batch = Arc::new(Mutex::new(Some(batch)));
        let lent = Arc::clone(&batch);
        let written = desk.run(cx, move || {
            let Some(messages) = held(&lent).clone() else {
                return Ok(());
            };
            let mut writer = locked(&writer);
            let composed = Composed::new(layout, &messages);
            let count = messages.len() as u64;
            let written = writer.write_composed(&*disk, now, count, |from| composed.from(from));
            if !keeps_open {
                writer.rest();
            }
            if written.is_ok() {
                *held(&lent) = None;
            }
            written.map_err(|error| told(&error, writer.folder()))
        });
        let (promise, later) = cx.defer();
        let desk = Rc::clone(desk);
        cx.when(written, move |_, written| {
            let fault = match told_by_job(written) {
                Ok(()) => {
                    desk.recovered();
                    return promise.resolve(Ok(()));
                }
                Err(fault) => fault,
            };
            desk.failed(&fault, now, true);
            let left = held(&batch).take().unwrap_or_default();
            promise.resolve(Err(Unsent { left, fault }));
        });
        later
    }

    fn check(&self, cx: &mut Context<'_, Collector>) {
        let desk = &self.0;
        let is_idle = !desk.is_busy.replace(false);
        if is_idle {
            // If its file is open, it is not when the job below is over.
            *desk.slot.borrow_mut() = None;
        }
        let now = Second::of(cx.time_of_day().as_secs());
        let has_work = match desk.writer.try_lock() {
            Ok(writer) => writer.is_open() || writer.is_due(now),
            Err(TryLockError::Poisoned(_)) => true,
            // A batch is written, with which it is looked at as well.
            Err(TryLockError::WouldBlock) => false,
        };
        if !has_work || desk.is_closed.get() {
            return;
        }
        let (disk, writer) = (Arc::clone(&desk.place.disk), Arc::clone(&desk.writer));
        let checked = desk.run(cx, move || {
            let mut writer = locked(&writer);
            let checked = writer.check(&*disk, now);
            if is_idle {
                writer.rest();
            }
            checked
                .map(|_| ())
                .map_err(|error| told(&error, writer.folder()))
        });
        let desk = Rc::clone(desk);
        cx.when(checked, move |_, checked| match told_by_job(checked) {
            Ok(()) => {
                // What a batch has met, only a batch can show to be over.
                let mut known = desk.fault.borrow_mut();
                known.take_if(|trouble| !trouble.has_cost);
            }
            Err(fault) => desk.failed(&fault, now, false),
        });
    }

    fn close(&self, cx: &mut Context<'_, Collector>) -> Deferred<()> {
        self.0.is_closed.set(true);
        let (promise, later) = cx.defer();
        self.0.closing.borrow_mut().push(promise);
        self.0.end();
        later
    }

    fn tell(&self, told: &mut Told) {
        if let Some(Trouble { text, since, .. }) = &*self.0.fault.borrow() {
            told.fault.get_or_insert_with(|| {
                let category = &self.0.category;
                let (hour, minute) = (since.hour(), since.minute());
                format!("{category}: {text} (since {since} {hour:02}:{minute:02} UTC)")
            });
        }
    }
}

impl Desk {
    /// Does something on the worker pool, and notes when it is over.
    fn run<T: Send + 'static>(
        self: &Rc<Self>,
        cx: &mut Context<'_, Collector>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Deferred<T> {
        self.jobs.set(self.jobs.get() + 1);
        let done = self.place.yard.jobs.run(cx, work);
        let (promise, later) = cx.defer();
        let desk = Rc::clone(self);
        cx.when(done, move |_, outcome| {
            promise.settle(outcome);
            desk.jobs.set(desk.jobs.get().saturating_sub(1));
            desk.end();
        });
        later
    }

    /// Lets go of everything, if it is closed and nothing is under way.
    fn end(&self) {
        if !self.is_closed.get() || self.jobs.get() > 0 {
            return;
        }
        locked(&self.writer).rest();
        (*self.slot.borrow_mut(), *self.claim.borrow_mut()) = (None, None);
        for promise in self.closing.take() {
            promise.resolve(());
        }
    }

    /// Whether its file may be kept open.
    fn takes_slot(&self) -> bool {
        let mut slot = self.slot.borrow_mut();
        if slot.is_none() {
            *slot = self.place.yard.slots.take();
        }
        slot.is_some()
    }

    /// A batch was written.
    fn recovered(&self) {
        let fault = self.fault.take();
        if fault.is_some_and(|fault| fault.is_said) {
            log::info!("{}: messages are written again", self.category);
        }
    }

    fn failed(&self, fault: &Fault, now: Second, has_cost: bool) {
        let mut known = self.fault.borrow_mut();
        let trouble = known.get_or_insert_with(|| Trouble {
            text: String::new(),
            since: now,
            has_cost,
            is_said: false,
        });
        if !trouble.is_said && self.pace.borrow_mut().allows("fault", now) {
            log::error!("{}: {fault}", self.category);
            trouble.is_said = true;
        }
        trouble.text.clone_from(&fault.text);
        trouble.has_cost |= has_cost;
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("category", &self.category)
            .field("jobs", &self.jobs.get())
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

/// The bytes of a batch, made once unless it depends on where they are put.
struct Composed<'b> {
    layout: Layout,
    messages: &'b Batch,
    bytes: Option<Vec<u8>>,
}

impl<'b> Composed<'b> {
    fn new(layout: Layout, messages: &'b Batch) -> Self {
        let mut composed = Self {
            layout,
            messages,
            bytes: None,
        };
        if !layout.depends_on_place() {
            composed.bytes = Some(composed.made(0));
        }
        composed
    }

    fn from(&self, from: u64) -> Cow<'_, [u8]> {
        match &self.bytes {
            Some(bytes) => Cow::Borrowed(bytes),
            None => Cow::Owned(self.made(from)),
        }
    }

    fn made(&self, from: u64) -> Vec<u8> {
        let messages = self.messages.iter();
        let parts = messages.map(|it| (&*it.category, &*it.text));
        self.layout.compose(parts, from)
    }
}

/// The writer. After a panic nobody knows what is in its file, so there is another one.
pub(super) fn locked(writer: &Mutex<FileWriter>) -> MutexGuard<'_, FileWriter> {
    writer.lock().unwrap_or_else(|poisoned| {
        writer.clear_poison();
        let mut writer = poisoned.into_inner();
        writer.finish();
        writer
    })
}

/// What is in there, which is never left half done.
fn held(batch: &Mutex<Option<Batch>>) -> MutexGuard<'_, Option<Batch>> {
    batch.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What came of a job that may have been refused, or have panicked.
pub(super) fn told_by_job<T>(outcome: LoopResult<Result<T, Fault>>) -> Result<T, Fault> {
    outcome.unwrap_or_else(|error| match error {
        oneloop::Error::Busy => Err(Fault::passing("too much waits for the disk")),
        error => Err(Fault::broken(format!("nothing was written: {error}"))),
    })
}

/// What a person has to know of a disk that refuses.
pub(super) fn told(error: &io::Error, folder: &std::path::Path) -> Fault {
    let folder = folder.display();
    Fault::broken(match error.kind() {
        ErrorKind::StorageFull => format!("the disk is full: {folder}"),
        ErrorKind::QuotaExceeded => format!("the quota is used up: {folder}"),
        ErrorKind::ReadOnlyFilesystem => format!("the disk cannot be written: {folder}"),
        _ => format!("cannot write in {folder}: {error}"),
    })
}
