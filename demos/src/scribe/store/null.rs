//! Counts messages, and keeps none.

use std::sync::Arc;

use oneloop::Context;
use oneloop::deferred::Deferred;

use crate::scribe::collector::Collector;
use crate::scribe::collector::counts::Fate;
use crate::scribe::store::jobs::Jobs;
use crate::scribe::store::place::Place;
use crate::scribe::store::{Batch, Outcome, Store, Told};

/// Where messages go that nobody wants: each is counted as [ignored](Fate::Ignored).
#[derive(Debug)]
pub struct Null {
    jobs: Jobs,
}

impl Null {
    /// One.
    #[must_use]
    pub fn new(place: &Place) -> Self {
        Self {
            jobs: place.yard.jobs.clone(),
        }
    }
}

impl Store for Null {
    fn take(&self, cx: &mut Context<'_, Collector>, batch: Batch) -> Deferred<Outcome> {
        let same = |one: &Arc<str>, next: &Arc<str>| Arc::ptr_eq(one, next) || one == next;
        for run in batch.chunk_by(|one, next| same(&one.category, &next.category)) {
            if let Some(first) = run.first() {
                let counts = &mut cx.state.counts;
                counts.add(Some(&first.category), Fate::Ignored, run.len() as u64);
            }
        }
        self.jobs.discard(cx, batch.len(), batch);
        Deferred::ready(Ok(()))
    }

    fn ignores(&self) -> bool {
        true
    }

    fn tell(&self, told: &mut Told) {
        _ = told;
    }
}
