//! To a primary store, and into files while that takes nothing: they are replayed, in their order, when it does again.
//!
//! ```text
//!                  no files                       the primary leaves something
//!   Opening ───────────────────────► Streaming ────────────────────────────────► Disconnected
//!      │                                 ▲                                         │      ▲
//!      │ files                           │ the last file is replayed               │      │ it leaves something
//!      └──────────► Sending ─────────────┘                      it is time to retry │      │
//!                     ▲ └──────────────────────────────────────────────────────────┼──────┘
//!                     └────────────────────────────────────────────────────────────┘
//! ```
//! | State | A batch goes | Files |
//! |---|---|---|
//! | Opening | nowhere yet | are looked for, once, before the first batch |
//! | Streaming | to the primary; what it leaves goes into a file, and is answered by that | there are none |
//! | Disconnected | into a file | wait |
//! | Sending | into a file; or to the primary, if [it may overtake](BufferStore::flush_streaming) | are replayed, the oldest first |
//!
//! What comes into files while others are replayed has to be replayed too; under a steady load that would never end. So when one file is
//! left, it is replayed at once, whatever [`files_per_check`](BufferStore::files_per_check) says, and new messages begin the next: each is
//! smaller than the one before, if the primary takes more than comes. When it is no longer than [`LAST_BYTES_MAX`], new batches wait
//! until it is replayed, and go to the primary then.
//!
//! With a null store for the secondary nothing waits: what the primary does not take is counted as ignored.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

use oneloop::deferred::{Deferred, Promise};
use oneloop::{Context, TimerId};

use crate::scribe::collector::Collector;
use crate::scribe::collector::counts::Fate;
use crate::scribe::config::settings::{BufferStore, FileStore, Period, Rotation, Store as Plan};
use crate::scribe::files::naming::{Names, Second};
use crate::scribe::files::spool::{Spool, compose};
use crate::scribe::files::writer::{FileWriter, Form};
use crate::scribe::store::backoff::Backoff;
use crate::scribe::store::claims::Claim;
use crate::scribe::store::file::{locked, told, told_by_job};
use crate::scribe::store::null::Null;
use crate::scribe::store::place::{Place, Whose};
use crate::scribe::store::replay::{Found, Piece, Playing, look, read};
use crate::scribe::store::slots::Slot;
use crate::scribe::store::{Batch, Fault, Outcome, Shared, Store, Told, Unsent};

/// While the last file is replayed, batches wait for it if it has no more bytes than this: 1 MiB, a call or two of the primary.
pub const LAST_BYTES_MAX: u64 = 1 << 20;

/// A primary store, and files for what it does not take.
pub struct Buffer(Rc<Desk>);

/// What everything comes back to.
struct Desk {
    plan: BufferStore,
    primary: Shared,
    secondary: Secondary,
    category: Arc<str>,
    queued_bytes: Rc<Cell<u64>>,
    place: Place,
    mind: RefCell<Mind>,
}

enum Secondary {
    Files(Files),
    Nothing(Null),
}

struct Files {
    spool: Spool,
    writer: Arc<Mutex<FileWriter>>,
    claim: RefCell<Option<Claim>>,
    slot: RefCell<Option<Slot>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Opening,
    Streaming,
    Disconnected,
    Sending,
}

/// How things are. It is not borrowed while anything else is called.
struct Mind {
    state: State,
    /// The batch that has no way yet: there is one at most.
    waiting: Option<Waiting>,
    /// Whether the files are to be looked for, in state Opening.
    looks: bool,
    /// Whether the primary has a batch, or a piece.
    is_sending: bool,
    /// Whether the writer is at work.
    is_writing: bool,
    /// Whether a step of the replay is under way.
    is_stepping: bool,
    playing: Option<Playing>,
    /// Whether new batches wait for the last file.
    holds: bool,
    /// Files that are replayed before the next check.
    files_left: u64,
    /// Whether the replay goes on at the next check only.
    is_paused: bool,
    is_closing: bool,
    closing: Option<Promise<()>>,
    backoff: Backoff,
    retry: Option<TimerId>,
    /// What is wrong with the primary, and since when.
    fault: Option<(String, Second)>,
    /// What is wrong with the files.
    disk_fault: Option<(String, Second)>,
    /// What all files have together.
    files_bytes: u64,
    /// When each file was begun that was written since we began, in seconds since 1970.
    begun: BTreeMap<u32, u64>,
    /// When the files were first looked for.
    opened: u64,
}

struct Waiting {
    batch: Batch,
    promise: Promise<Outcome>,
}

/// A step of the replay.
enum Step {
    Look,
    Read,
    Send,
    Remove,
}

impl Buffer {
    /// With this primary, and the secondary of the plan.
    ///
    /// # Errors
    /// The secondary is neither a file store nor a null store, or another store has its files.
    pub fn new(
        plan: &BufferStore,
        primary: Shared,
        whose: &Whose,
        place: &Place,
    ) -> Result<Self, Fault> {
        let secondary = match &plan.secondary {
            Plan::File(plan) => Secondary::Files(Files::new(plan, whose, place)?),
            Plan::Null => Secondary::Nothing(Null::new(place)),
            _ => {
                return Err(Fault::broken(
                    "the secondary store of a buffer is a file store or a null store",
                ));
            }
        };
        let state = match &secondary {
            Secondary::Files(_) => State::Opening,
            Secondary::Nothing(_) => State::Streaming,
        };
        Ok(Self(Rc::new(Desk {
            plan: plan.clone(),
            primary,
            secondary,
            category: whose.category.as_str().into(),
            queued_bytes: Rc::clone(&whose.queued_bytes),
            place: place.clone(),
            mind: RefCell::new(Mind::new(state, Backoff::new(plan.retry))),
        })))
    }
}

impl Store for Buffer {
    fn take(&self, cx: &mut Context<'_, Collector>, batch: Batch) -> Deferred<Outcome> {
        let desk = &self.0;
        if desk.mind.borrow().is_closing {
            let fault = Fault::passing("the store is closed");
            return Deferred::ready(Err(Unsent { left: batch, fault }));
        }
        if batch.is_empty() {
            return Deferred::ready(Ok(()));
        }
        let (promise, later) = cx.defer();
        {
            let mut mind = desk.mind.borrow_mut();
            mind.waiting = Some(Waiting { batch, promise });
            mind.looks = true;
        }
        desk.go_on(cx);
        later
    }

    fn check(&self, cx: &mut Context<'_, Collector>) {
        let desk = &self.0;
        desk.primary.check(cx);
        {
            let mut mind = desk.mind.borrow_mut();
            mind.looks = true;
            mind.is_paused = false;
            mind.files_left = desk.plan.files_per_check;
        }
        desk.go_on(cx);
    }

    fn close(&self, cx: &mut Context<'_, Collector>) -> Deferred<()> {
        let (promise, later) = cx.defer();
        let retry = {
            let mut mind = self.0.mind.borrow_mut();
            mind.is_closing = true;
            mind.closing = Some(promise);
            // Who waits for the last file waits for it no more: it is not replayed.
            mind.holds = false;
            mind.retry.take()
        };
        if let Some(retry) = retry {
            cx.cancel(retry);
        }
        self.0.go_on(cx);
        later
    }

    fn tell(&self, told: &mut Told) {
        let mind = self.0.mind.borrow();
        let fault = mind.disk_fault.as_ref().or(mind.fault.as_ref());
        if let Some((fault, since)) = fault {
            told.fault.get_or_insert_with(|| {
                let (category, state) = (&self.0.category, mind.state.name());
                let (hour, minute) = (since.hour(), since.minute());
                format!("{category}: {fault} ({state}, since {since} {hour:02}:{minute:02} UTC)")
            });
        }
        drop(mind);
        self.0.tell_unsent(told);
        self.0.primary.tell(told);
    }
}

impl Desk {
    /// Does what can be done now. Called whenever something has changed.
    fn go_on(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
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
                        mind.begun.entry(number).or_insert(now.since_1970());
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

    // ---- replay ----

    /// Begins the next step of the replay, if it is time for one.
    fn step(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let Secondary::Files(files) = &self.secondary else {
            return;
        };
        let step = {
            let mut mind = self.mind.borrow_mut();
            let step = mind.next_step(self.is_crowded());
            mind.is_stepping |= step.is_some();
            match step {
                Some(Step::Look | Step::Remove) => mind.is_writing = true,
                Some(Step::Send) => mind.is_sending = true,
                _ => {}
            }
            step
        };
        match step {
            None => {}
            Some(Step::Look) => self.look(cx, files),
            Some(Step::Read) => self.read(cx),
            Some(Step::Send) => self.send(cx),
            Some(Step::Remove) => self.remove(cx, files),
        }
    }

    /// Whether so much waits to be stored that files are not replayed.
    fn is_crowded(&self) -> bool {
        let most = self.place.queue_bytes_max as f64 * self.plan.bypass_ratio_max;
        self.queued_bytes.get() as f64 > most
    }

    fn look(self: &Rc<Self>, cx: &mut Context<'_, Collector>, files: &Files) {
        let now = second(cx);
        let is_first = self.mind.borrow().state == State::Opening;
        let (disk, writer) = (Arc::clone(&self.place.disk), Arc::clone(&files.writer));
        let spool = files.spool.clone();
        let found = self.place.yard.jobs.run(cx, move || {
            let mut writer = locked(&writer);
            look(&spool, &mut writer, &*disk, now, is_first)
                .map_err(|error| told(&error, writer.folder()))
        });
        let desk = Rc::clone(self);
        cx.when(found, move |cx, found| {
            {
                let mut mind = desk.mind.borrow_mut();
                (mind.is_writing, mind.is_stepping) = (false, false);
            }
            match told_by_job(found) {
                Ok(found) => desk.found(found, now),
                Err(fault) => desk.not_found(cx, fault),
            }
            desk.go_on(cx);
        });
    }

    fn found(&self, found: Found, now: Second) {
        let Secondary::Files(files) = &self.secondary else {
            return;
        };
        let mut mind = self.mind.borrow_mut();
        mind.files_bytes = found.bytes;
        mind.disk_fault = None;
        if mind.state == State::Opening {
            mind.opened = now.since_1970();
            // Whether there is something is seen when they are looked for again, with the writer at rest.
            mind.state = match self.plan.replay && found.count > 0 {
                true => State::Sending,
                false => State::Streaming,
            };
            mind.files_left = self.plan.files_per_check;
            if let (Some(oldest), opened) = (found.oldest, mind.opened) {
                mind.begun.entry(oldest.number).or_insert(opened);
            }
            return;
        }
        let Some(oldest) = found.oldest else {
            mind.begun.clear();
            mind.holds = false;
            if mind.state == State::Sending {
                mind.state = State::Streaming;
                files.slot.take();
                log::info!("{}: all is sent that waited", self.category);
            }
            return;
        };
        let opened = mind.opened;
        mind.begun.entry(oldest.number).or_insert(opened);
        let is_last = found.count == 1;
        if self.is_crowded() || (!is_last && mind.files_left == 0) {
            mind.is_paused = true;
            return;
        }
        match is_last {
            // Those that may overtake it add nothing to it.
            true => mind.holds = oldest.bytes <= LAST_BYTES_MAX && !self.plan.flush_streaming,
            false => mind.files_left -= 1,
        }
        mind.holds &= !mind.is_closing;
        mind.playing = Some(Playing::new(&files.spool, oldest));
    }

    fn not_found(self: &Rc<Self>, cx: &mut Context<'_, Collector>, fault: Fault) {
        let now = second(cx);
        let mut mind = self.mind.borrow_mut();
        mind.disk_failed(&self.category, &fault, now);
        if mind.state != State::Opening {
            drop(mind);
            return self.back_off(cx);
        }
        // What may be there comes first, so nothing can be taken before it is known.
        if let Some(Waiting { batch, promise }) = mind.waiting.take() {
            promise.resolve(Err(Unsent { left: batch, fault }));
        }
    }

    fn read(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let reading = match &self.mind.borrow().playing {
            Some(playing) => playing.reading(),
            None => return,
        };
        let disk = Arc::clone(&self.place.disk);
        let piece = self.place.yard.jobs.run(cx, move || {
            read(&reading, &*disk)
                .map_err(|error| Fault::broken(format!("a file cannot be read: {error}")))
        });
        let desk = Rc::clone(self);
        cx.when(piece, move |cx, piece| {
            desk.mind.borrow_mut().is_stepping = false;
            match told_by_job(piece) {
                Ok(piece) => desk.put(cx, piece),
                Err(fault) => desk.not_found(cx, fault),
            }
            desk.go_on(cx);
        });
    }

    fn put(&self, cx: &mut Context<'_, Collector>, piece: Piece) {
        if piece.lost_bytes > 0 {
            let (category, lost) = (&self.category, piece.lost_bytes);
            log::error!("{category}: {lost} bytes that waited are damaged, and lost");
            let counts = &mut cx.state.counts;
            counts.add(Some(category), Fate::BytesLost, lost);
        }
        if let Some(playing) = &mut self.mind.borrow_mut().playing {
            playing.put(piece);
        }
    }

    fn send(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let mind = self.mind.borrow();
        let piece = mind.playing.as_ref().and_then(Playing::piece);
        let batch = piece.map(|piece| Batch::clone(&piece.batch));
        drop(mind);
        let batch = batch.unwrap_or_default();
        for run in batch.chunk_by(|one, next| one.category == next.category) {
            if let Some(first) = run.first() {
                let counts = &mut cx.state.counts;
                counts.add(Some(&first.category), Fate::Retries, run.len() as u64);
            }
        }
        let taken = self.primary.take(cx, Batch::clone(&batch));
        let desk = Rc::clone(self);
        cx.when(taken, move |cx, taken| {
            let mut mind = desk.mind.borrow_mut();
            (mind.is_sending, mind.is_stepping) = (false, false);
            let taken = whole(taken, &batch);
            if let Some(playing) = &mut mind.playing {
                match &taken {
                    Ok(()) => playing.taken(),
                    Err(unsent) => playing.left(Batch::clone(&unsent.left)),
                }
            }
            drop(mind);
            match taken {
                Ok(()) => desk.primary_took(),
                Err(unsent) => desk.disconnect(cx, &unsent.fault),
            }
            desk.place.yard.jobs.discard(cx, batch.len(), batch);
            desk.go_on(cx);
        });
    }

    fn remove(self: &Rc<Self>, cx: &mut Context<'_, Collector>, files: &Files) {
        let number = match &self.mind.borrow().playing {
            Some(playing) => playing.number(),
            None => return,
        };
        let (disk, spool) = (Arc::clone(&self.place.disk), files.spool.clone());
        let removed = self.place.yard.jobs.run(cx, move || {
            spool
                .remove(&*disk, number)
                .map_err(|error| Fault::broken(format!("a file cannot be removed: {error}")))
        });
        let desk = Rc::clone(self);
        cx.when(removed, move |cx, removed| {
            let mut mind = desk.mind.borrow_mut();
            (mind.is_writing, mind.is_stepping) = (false, false);
            match told_by_job(removed) {
                Ok(()) => {
                    let bytes = mind.playing.take().map_or(0, |it| it.bytes());
                    mind.files_bytes = mind.files_bytes.saturating_sub(bytes);
                    mind.begun.remove(&number);
                    drop(mind);
                }
                Err(fault) => {
                    drop(mind);
                    desk.not_found(cx, fault);
                }
            }
            desk.go_on(cx);
        });
    }

    // ---- states ----

    fn primary_took(&self) {
        let mut mind = self.mind.borrow_mut();
        mind.backoff.succeeded();
        if mind.fault.take().is_some() {
            log::info!("{}: the primary store takes messages again", self.category);
        }
    }

    /// The primary has left something.
    fn disconnect(self: &Rc<Self>, cx: &mut Context<'_, Collector>, fault: &Fault) {
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
    fn back_off(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
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

    fn tell_unsent(&self, told: &mut Told) {
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

impl Files {
    fn new(plan: &FileStore, whose: &Whose, place: &Place) -> Result<Self, Fault> {
        let plan = FileStore {
            // A file is read to its end, and then gone: a link to the newest would lead nowhere.
            link: false,
            rotation: Rotation {
                period: Period::Never,
                on_open: false,
                ..plan.rotation.clone()
            },
            ..plan.clone()
        };
        let of = match whose.is_copy {
            true => Names::of_copy,
            false => Names::of,
        };
        let names = of(&plan, &whose.category, &place.dir, &place.host);
        let claim = place.yard.claims.claim(&names)?;
        let writer = FileWriter::new(names.clone(), plan.rotation, Form::Records);
        Ok(Self {
            spool: Spool::new(names),
            writer: Arc::new(Mutex::new(writer)),
            claim: RefCell::new(Some(claim)),
            slot: RefCell::default(),
        })
    }

    /// Whether the file that is written may be kept open.
    fn takes_slot(&self, place: &Place) -> bool {
        let mut slot = self.slot.borrow_mut();
        if slot.is_none() {
            *slot = place.yard.slots.take();
        }
        slot.is_some()
    }
}

impl Mind {
    const fn new(state: State, backoff: Backoff) -> Self {
        Self {
            state,
            waiting: None,
            looks: false,
            is_sending: false,
            is_writing: false,
            is_stepping: false,
            playing: None,
            holds: false,
            files_left: 0,
            is_paused: false,
            is_closing: false,
            closing: None,
            backoff,
            retry: None,
            fault: None,
            disk_fault: None,
            files_bytes: 0,
            begun: BTreeMap::new(),
            opened: 0,
        }
    }

    /// What the replay is to do now. `is_crowded`: too much waits to be stored.
    fn next_step(&mut self, is_crowded: bool) -> Option<Step> {
        if self.is_stepping {
            return None;
        }
        match (self.state, &self.playing) {
            (State::Opening, _) => std::mem::take(&mut self.looks).then_some(Step::Look),
            (State::Streaming | State::Disconnected, _) => None,
            (State::Sending, Some(playing)) if playing.is_over() => {
                (!self.is_writing).then_some(Step::Remove)
            }
            (State::Sending, _) if self.is_closing || self.is_paused => None,
            (State::Sending, Some(playing)) => match playing.piece() {
                None => Some(Step::Read),
                Some(_) if self.is_sending => None,
                // Who waits for this file is a part of the crowd.
                Some(_) if is_crowded && !self.holds => {
                    self.is_paused = true;
                    None
                }
                Some(_) => Some(Step::Send),
            },
            (State::Sending, None) => (!self.is_writing).then_some(Step::Look),
        }
    }

    fn disk_failed(&mut self, category: &str, fault: &Fault, now: Second) {
        match &mut self.disk_fault {
            Some((text, _)) => text.clone_from(&fault.text),
            None => {
                log::error!("{category}: {fault}");
                self.disk_fault = Some((fault.text.clone(), now));
            }
        }
    }
}

impl State {
    /// As it is told.
    const fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Streaming => "streaming",
            Self::Disconnected => "disconnected",
            Self::Sending => "sending buffer",
        }
    }
}

/// What became of a batch; one whose store has said nothing is not taken.
fn whole(outcome: oneloop::Result<Outcome>, batch: &Batch) -> Outcome {
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

fn second(cx: &mut Context<'_, Collector>) -> Second {
    Second::of(cx.time_of_day().as_secs())
}
