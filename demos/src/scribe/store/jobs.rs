//! What stores do on the worker pool: so much at once, the rest in its turn.
//!
//! Thousands of categories in one turn are thousands of syncs. The pool's own queue would be full, and refuse; here they wait, and each is
//! done.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use oneloop::Context;
use oneloop::deferred::Deferred;

use crate::scribe::collector::Collector;

/// The work of all stores of a collector on other threads. A copy is the same.
#[derive(Clone, Default)]
pub struct Jobs(Rc<Waiting>);

#[derive(Default)]
struct Waiting {
    under_way: Cell<usize>,
    queue: RefCell<VecDeque<Begin>>,
}

type Begin = Box<dyn FnOnce(&mut Context<'_, Collector>)>;

impl Jobs {
    /// Jobs that are handed to the worker pool at once: as many as may help a file system to sync many files at a time, and far from what
    /// the pool's queue holds.
    pub const AT_ONCE_MAX: usize = 64;

    /// Messages of which each may be looked at on the loop: a matter of some ten microseconds.
    pub const ON_THE_SPOT_MAX: usize = 500;

    /// Runs `work` on the worker pool, behind what waits already. What it gives, if it is refused or panics, is as
    /// [`Context::blocking`] has it.
    pub fn run<T: Send + 'static>(
        &self,
        cx: &mut Context<'_, Collector>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Deferred<T> {
        let (promise, later) = cx.defer();
        let jobs = self.clone();
        let begin = move |cx: &mut Context<'_, Collector>| {
            let done = cx.blocking(work);
            cx.when(done, move |cx, outcome| {
                promise.settle(outcome);
                jobs.ended(cx);
            });
        };
        let under_way = &self.0.under_way;
        if under_way.get() < Self::AT_ONCE_MAX {
            under_way.set(under_way.get() + 1);
            begin(cx);
        } else {
            self.0.queue.borrow_mut().push_back(Box::new(begin));
        }
        later
    }

    /// The same on the spot if it is about few messages, for which it is not worth the way to another thread.
    pub fn run_for<T: Send + 'static>(
        &self,
        cx: &mut Context<'_, Collector>,
        messages: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Deferred<T> {
        match messages <= Self::ON_THE_SPOT_MAX {
            true => Deferred::ready(work()),
            false => self.run(cx, work),
        }
    }

    /// Lets go of so many messages where that holds nobody up: to free them takes its time.
    pub fn discard(
        &self,
        cx: &mut Context<'_, Collector>,
        messages: usize,
        what: impl Send + 'static,
    ) {
        if messages > Self::ON_THE_SPOT_MAX {
            self.run(cx, move || drop(what)).cancel();
        }
    }

    fn ended(&self, cx: &mut Context<'_, Collector>) {
        let next = self.0.queue.borrow_mut().pop_front();
        match next {
            Some(begin) => begin(cx),
            None => {
                let under_way = &self.0.under_way;
                under_way.set(under_way.get().saturating_sub(1));
            }
        }
    }
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs")
            .field("under_way", &self.0.under_way.get())
            .field("waiting", &self.0.queue.borrow().len())
            .finish()
    }
}
