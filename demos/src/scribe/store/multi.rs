//! Hands messages to each of several stores.

use oneloop::Context;
use oneloop::deferred::Deferred;

use crate::scribe::collector::Collector;
use crate::scribe::store::family::Family;
use crate::scribe::store::jobs::Jobs;
use crate::scribe::store::parts::{Need, Part, gather};
use crate::scribe::store::{Batch, Outcome, Store, Told};

/// Several stores that get every message.
///
/// A message that comes again, because one of them has left it, comes to all of them again. (scribe gives the whole batch back, here it
/// is what was left.)
#[derive(Debug)]
pub struct Multi {
    stores: Family<usize>,
    count: usize,
    need: Need,
    jobs: Jobs,
}

impl Multi {
    /// The first `count` of these.
    #[must_use]
    pub const fn new(stores: Family<usize>, count: usize, need: Need, jobs: Jobs) -> Self {
        Self {
            stores,
            count,
            need,
            jobs,
        }
    }
}

impl Store for Multi {
    fn take(&self, cx: &mut Context<'_, Collector>, batch: Batch) -> Deferred<Outcome> {
        let mut taken = Vec::with_capacity(self.count);
        for number in 0..self.count {
            let part = Part::whole(&batch);
            let outcome = self.stores.take(cx, &number, &part);
            taken.push((part, outcome));
        }
        gather(cx, &self.jobs, batch, taken, self.need)
    }

    fn check(&self, cx: &mut Context<'_, Collector>) {
        self.stores.check(cx);
    }

    fn close(&self, cx: &mut Context<'_, Collector>) -> Deferred<()> {
        self.stores.close(cx)
    }

    fn tell(&self, told: &mut Told) {
        self.stores.tell(told);
    }
}
