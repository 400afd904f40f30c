//! The steps of the replay, one after the other.

use std::rc::Rc;
use std::sync::Arc;

use oneloop::Context;

use crate::scribe::collector::Collector;
use crate::scribe::collector::counts::Fate;
use crate::scribe::files::naming::Second;
use crate::scribe::store::buffer::LAST_BYTES_MAX;
use crate::scribe::store::buffer::desk::{Desk, Secondary, second, whole};
use crate::scribe::store::buffer::files::Files;
use crate::scribe::store::buffer::mind::{State, Step, Waiting};
use crate::scribe::store::buffer::playing::{Found, Piece, Playing, look, read};
use crate::scribe::store::file::{locked, told, told_by_job};
use crate::scribe::store::{Batch, Fault, Unsent};

impl Desk {
    /// Begins the next step of the replay, if it is time for one.
    pub(super) fn step(self: &Rc<Self>, cx: &mut Context<'_, Collector>) {
        let Secondary::Files(files) = &self.secondary else {
            return;
        };
        let step = {
            let mut mind = self.mind.borrow_mut();
            let step = mind.next_step(self.is_crowded());
            mind.is_stepping |= step.is_some();
            match step {
                Some(Step::Look | Step::Inspect | Step::Remove) => mind.is_writing = true,
                Some(Step::Send) => mind.is_sending = true,
                _ => {}
            }
            step
        };
        match step {
            None => {}
            Some(Step::Look) => self.look(cx, files),
            Some(Step::Inspect) => self.inspect(cx, files),
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

    /// Sees whether somebody has taken the file away that is written: what is added to one without a name is gone with it.
    fn inspect(self: &Rc<Self>, cx: &mut Context<'_, Collector>, files: &Files) {
        let now = second(cx);
        let (disk, writer) = (Arc::clone(&self.place.disk), Arc::clone(&files.writer));
        let inspected = self.place.yard.jobs.run(cx, move || {
            let mut writer = locked(&writer);
            // If the next file is due, a batch that comes begins it: an empty one is of no use.
            let checked = match writer.is_due(now) {
                true => Ok(false),
                false => writer.check(&*disk, now),
            };
            checked
                .map(drop)
                .map_err(|error| told(&error, writer.folder()))
        });
        let desk = Rc::clone(self);
        cx.when(inspected, move |cx, inspected| {
            {
                let mut mind = desk.mind.borrow_mut();
                (mind.is_writing, mind.is_stepping) = (false, false);
                if let Err(fault) = told_by_job(inspected) {
                    mind.disk_failed(&desk.category, &fault, now);
                }
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
}
