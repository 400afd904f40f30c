//! Hands the messages of each category to a store of its own.

use std::rc::Rc;
use std::sync::Arc;

use oneloop::Context;
use oneloop::deferred::Deferred;

use crate::scribe::collector::Collector;
use crate::scribe::store::family::Family;
use crate::scribe::store::jobs::Jobs;
use crate::scribe::store::parts::Part;
use crate::scribe::store::{Batch, Message, Outcome, Store, Told};

/// A store for each category, made with its first message.
#[derive(Debug)]
pub struct Category {
    stores: Rc<Family<Arc<str>>>,
    jobs: Jobs,
}

impl Category {
    /// The most categories of one: each has a store and, in turn, a file.
    pub const STORES_MAX: usize = 10_000;

    /// These.
    #[must_use]
    pub fn new(stores: Family<Arc<str>>, jobs: Jobs) -> Self {
        Self {
            stores: Rc::new(stores),
            jobs,
        }
    }
}

impl Store for Category {
    fn take(&self, cx: &mut Context<'_, Collector>, batch: Batch) -> Deferred<Outcome> {
        self.stores.divide(cx, &self.jobs, batch, |whole| {
            let category = |message: &Message| Arc::clone(&message.category);
            Part::by(whole, category, None::<fn(&Message) -> Message>)
        })
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
