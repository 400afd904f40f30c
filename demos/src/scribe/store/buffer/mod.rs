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

mod backoff;
mod desk;
mod files;
mod mind;
mod playing;
mod replay;

use std::cell::RefCell;
use std::rc::Rc;

use oneloop::Context;
use oneloop::deferred::Deferred;

use crate::scribe::collector::Collector;
use crate::scribe::config::settings::{BufferStore, Store as Plan};
use crate::scribe::store::null::Null;
use crate::scribe::store::place::{Place, Whose};
use crate::scribe::store::{Batch, Fault, Outcome, Shared, Store, Told, Unsent};

use backoff::Backoff;
use desk::{Desk, Secondary};
use files::Files;
use mind::{Mind, State, Waiting};

/// While the last file is replayed, batches wait for it if it has no more bytes than this: 1 MiB, a call or two of the primary.
pub const LAST_BYTES_MAX: u64 = 1 << 20;

/// A primary store, and files for what it does not take.
pub struct Buffer(Rc<Desk>);

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
            mind.inspects = true;
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
