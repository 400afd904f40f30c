//! What comes later: timers, values to come, work on other threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::context::agenda::{Entry, Every};
use crate::context::{Agenda, CallbackKey, Cause, Context, Job, Mailbox, Run, panic_message};
use crate::deferred::{Deferred, Promise, SendPromise, Ticket};
use crate::error::{Error, Result};
use crate::time::Time;

/// One beat of [`Context::every`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// When it was due: a whole number of periods after the timer was set, however late it is now.
    pub due: Time,
    /// Beats before this one that were missed because the loop was busy, since the last one that was not.
    pub skipped: u64,
}

/// Names one timer, and no other after it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimerId(CallbackKey);

impl<S> Context<'_, S> {
    // ---- timers ----

    /// Runs `callback` once, `span` from now; at most about a millisecond late while the loop is not busy, and never early.
    pub fn after(
        &mut self,
        span: Duration,
        callback: impl FnOnce(&mut Context<'_, S>) + 'static,
    ) -> TimerId {
        let at = self.clock() + span;
        TimerId(self.agenda.after(at, Run::Once(Box::new(callback))))
    }

    /// Runs `callback` every `period`, beginning one period from now. The beats do not drift: each is due a whole number of periods
    /// from now, and those that a busy loop misses are skipped and [counted](Tick::skipped), never made up for in a rush. A period
    /// below one millisecond is taken as one.
    pub fn every(
        &mut self,
        period: Duration,
        callback: impl FnMut(&mut Context<'_, S>, Tick) + 'static,
    ) -> TimerId {
        let period = period.max(Duration::from_millis(1));
        let due = self.clock() + period;
        TimerId(self.agenda.after(
            due,
            Run::Every(Every {
                period,
                due,
                run: Some(Box::new(callback)),
            }),
        ))
    }

    /// Cancels a timer, also from within its own callback. False if it was over.
    pub fn cancel(&mut self, timer: TimerId) -> bool {
        self.agenda.cancel(timer.0)
    }

    // ---- values to come ----

    /// A promise and what it promises, of this loop.
    pub fn defer<T: 'static>(&mut self) -> (Promise<T>, Deferred<T>) {
        self.agenda.ready.pair()
    }

    /// Has this link's session [told](crate::Session::answered), under the number `call`, when `deferred` is settled; for sessions that keep
    /// values to come. Notes that a call is [open](crate::Links::call_opened): the session says when it is
    /// [closed](crate::Links::call_closed). False if nobody will tell, since the value is there already.
    pub fn notify_link<T: 'static>(&mut self, deferred: &mut Deferred<T>, call: u64) -> bool {
        let Some(id) = self.agenda.link else {
            return false;
        };
        let will_tell = deferred.notify(Ticket {
            owner: id.as_u64(),
            call,
        });
        if will_tell {
            self.links.call_opened(id);
        }
        will_tell
    }

    /// Both values, or the first failure; then the other is cancelled.
    pub fn join<A: 'static, B: 'static>(
        &mut self,
        a: Deferred<A>,
        b: Deferred<B>,
    ) -> Deferred<(A, B)> {
        crate::deferred::join(&self.agenda.ready, a, b)
    }

    /// The outcomes of all, in their order, when the last is there.
    pub fn join_all<T: 'static>(&mut self, all: Vec<Deferred<T>>) -> Deferred<Vec<Result<T>>> {
        crate::deferred::join_all(&self.agenda.ready, all)
    }

    /// Runs `callback` with the outcome when it is there: never within this call, and never within another callback.
    pub fn when<T: 'static>(
        &mut self,
        mut deferred: Deferred<T>,
        callback: impl FnOnce(&mut Context<'_, S>, Result<T>) + 'static,
    ) {
        let key = self.agenda.callbacks.next_key();
        let ticket = Agenda::<S>::ticket(key);
        if !deferred.notify(ticket) {
            // It is there already, with no queue to say so.
            self.agenda.next_turn.push(key);
        }
        let run = Run::Once(Box::new(move |cx: &mut Context<'_, S>| {
            let outcome = deferred.take().unwrap_or(Err(Error::Dropped));
            callback(cx, outcome);
        }));
        self.agenda.callbacks.insert(Entry { timer: None, run });
    }

    /// The same value, or [`Error::Timeout`] if it is not there within `span`; then the one who was to supply it learns that nobody
    /// waits any more.
    pub fn timeout<T: 'static>(
        &mut self,
        mut deferred: Deferred<T>,
        span: Duration,
    ) -> Deferred<T> {
        let (mut promise, later) = self.agenda.ready.pair();
        let key = self.agenda.callbacks.next_key();
        if !deferred.notify(Agenda::<S>::ticket(key)) {
            return deferred;
        }
        promise.notify_cancel(Agenda::<S>::cancel_ticket(key));
        let run = Run::First(Box::new(move |_: &mut Context<'_, S>, cause| match cause {
            Cause::Settled => promise.settle(deferred.take().unwrap_or(Err(Error::Dropped))),
            Cause::Expired => {
                drop(deferred);
                promise.reject(Error::Timeout);
            }
            Cause::Cancelled => drop((deferred, promise)),
        }));
        let at = self.clock() + span;
        self.agenda.after(at, run);
        later
    }

    /// Runs `callback` in the next turn of the loop, after the events that wait by then.
    pub fn next_turn(&mut self, callback: impl FnOnce(&mut Context<'_, S>) + 'static) {
        let key = self.agenda.callbacks.next_key();
        self.agenda.callbacks.insert(Entry {
            timer: None,
            run: Run::Once(Box::new(callback)),
        });
        self.agenda.next_turn.push(key);
    }

    /// A promise that may go to another thread, and what it promises here.
    pub fn defer_remote<T: Send + 'static>(&mut self) -> (SendPromise<T>, Deferred<T>)
    where
        S: 'static,
    {
        let (promise, later) = self.agenda.ready.pair();
        let id = self.agenda.next_remote();
        let outlet: Arc<Mailbox<S>> = Arc::clone(&self.agenda.mailbox);
        let (remote, acceptor) = promise.into_remote(id, outlet);
        self.agenda.keep_remote(acceptor);
        (remote, later)
    }

    /// Runs `work` on a thread of the worker pool: for files, databases, and whatever else would hold up the loop. A panic there is
    /// [`Error::Panicked`]; if the pool's queue is full the value is [`Error::Busy`] at once.
    pub fn blocking<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Deferred<T>
    where
        S: 'static,
    {
        if !self.driver.has_room() {
            self.links.counters.jobs_refused += 1;
            return Deferred::failed(Error::Busy);
        }
        let (promise, later) = self.defer_remote();
        let job: Job = Box::new(move || match catch_unwind(AssertUnwindSafe(work)) {
            Ok(value) => promise.resolve(value),
            Err(panic) => promise.reject(Error::Panicked(panic_message(&*panic))),
        });
        match self.driver.submit(job) {
            Ok(()) => {
                self.links.counters.jobs += 1;
                later
            }
            Err(job) => {
                self.links.counters.jobs_refused += 1;
                // The job goes with its promise, whose letter finds nobody.
                drop(later);
                drop(job);
                Deferred::failed(Error::Busy)
            }
        }
    }
}
