//! A value to come.
//!
//! [`ReadyQueue::pair`] makes both ends of one: the [`Promise`] is the right to supply the value, once; the [`Deferred`] is the
//! right to have it. No link, no clock and no thread in here: only who waits for what.
//!
//! ```text
//!   Promise<T> ──── resolve ───► slot ◄──── take ──── Deferred<T>
//!                                 │
//!                                 │ somebody waits: a ticket, or the next step of a chain
//!                                 ▼
//!                            ReadyQueue ──── pop ───► the loop runs the job, or looks the ticket up
//! ```
//!
//! # The life of a deferred
//!
//! 1. A handler makes a pair, keeps the promise and returns the deferred, perhaps with steps behind it: [`map`](Deferred::map),
//!    [`and_then`](Deferred::and_then).
//! 2. Whoever wants the outcome leaves a [`Ticket`] with the last deferred by [`notify`](Deferred::notify).
//! 3. The promise is resolved. That stores the value and puts one entry on the queue; **it runs nothing**. So who resolves is never
//!    called back from within, and may hold any borrow it likes.
//! 4. The loop pops the entry. A [`Job`] is one step of one chain: it runs, and its result puts the step behind it on the queue. A
//!    ticket goes to its owner, who [takes](Deferred::take) the outcome.
//!
//! Each step starts from the loop, so the stack stays flat: a chain of a million steps resolves, fails, is cancelled and is dropped
//! without recursion.
//!
//! # When it ends otherwise
//!
//! | What happens | What comes of it |
//! |---|---|
//! | the promise is dropped | the deferred fails with [`Error::Dropped`] |
//! | the deferred is dropped | it is cancelled, and so is what it was made of; the promise learns ([`Promise::on_cancel`]) |
//! | a cancelled promise is resolved | the value is dropped and counted: [`ReadyQueue::late`] |
//! | a failure is dropped before anybody took it | it is logged as a warning, once |
//! | a step panics | the panic goes through [`Job::run`]; what waits for that step fails with [`Error::Dropped`] |
//! | the queue is closed | entries are dropped unrun; what waits for them fails with [`Error::Dropped`], silently |
//!
//! Another thread supplies a value by a [`SendPromise`].

mod hook;
mod join;
mod outcome;
mod promise;
mod ready;
mod remote;
mod slot;

use std::fmt;
use std::rc::Rc;

use crate::error::{Error, Result};

pub use join::{join, join_all};
pub use promise::Promise;
pub use ready::{Job, Ready, ReadyQueue, Ticket};
pub use remote::{Acceptor, Outlet, SendPromise};

use ready::Node;
use slot::{Reaction, Slot};

/// A value to come, or the failure to supply it. One pointer in size; stays on its thread.
///
/// ```
/// use oneloop::deferred::{Ready, ReadyQueue};
///
/// let queue = ReadyQueue::new();
/// let (promise, question) = queue.pair::<u32>();
/// let mut answer = question.map(|six| six * 7);
///
/// promise.resolve(6);
/// assert!(!answer.is_ready(), "nothing runs inside resolve");
/// while let Some(ready) = queue.pop() {
///     if let Ready::Job(job) = ready {
///         job.run();
///     }
/// }
/// assert_eq!(answer.take().unwrap().unwrap(), 42);
/// ```
#[must_use = "to drop a deferred is to cancel it"]
pub struct Deferred<T: 'static> {
    slot: Rc<Slot<T>>,
}

impl<T: 'static> Deferred<T> {
    /// One whose value is here. It needs no queue: steps put behind it are taken at once, in the call that puts them.
    ///
    /// ```
    /// use oneloop::deferred::Deferred;
    ///
    /// let mut answer = Deferred::ready(6).map(|six| six * 7);
    /// assert_eq!(answer.take().unwrap().unwrap(), 42);
    /// ```
    pub fn ready(value: T) -> Self {
        Self::from(Ok(value))
    }

    /// One that failed already. Needs no queue, as [`ready`](Self::ready).
    pub fn failed(error: impl Into<Error>) -> Self {
        Self::from(Err(error.into()))
    }

    const fn of(slot: Rc<Slot<T>>) -> Self {
        Self { slot }
    }

    /// Whether the outcome is here, to be [taken](Self::take).
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.slot.is_settled()
    }

    /// The outcome, if it is here. It can be taken once: afterwards this is `None` for good.
    pub fn take(&mut self) -> Option<Result<T>> {
        self.slot.take()
    }

    /// Has `ticket` put on the queue when the outcome is here: at once if it is here already. The last ticket counts; one that is on
    /// the queue stays there, even if the deferred is dropped meanwhile, so its owner must be ready to find nothing.
    ///
    /// False if no ticket will come, because this one never had a queue ([`ready`](Self::ready), [`failed`](Self::failed)) or the
    /// outcome was taken: the caller looks by [`take`](Self::take) at once.
    #[must_use = "if false, no ticket will come: take the outcome at once"]
    pub fn notify(&mut self, ticket: Ticket) -> bool {
        self.slot.notify(ticket)
    }

    /// The value after `f`. A failure passes by.
    pub fn map<U: 'static>(self, f: impl FnOnce(T) -> U + 'static) -> Deferred<U> {
        self.then(|outcome| Next::Now(outcome.map(f)))
    }

    /// The value after `f`, which may fail. A failure passes by.
    ///
    /// ```
    /// use oneloop::deferred::Deferred;
    ///
    /// let mut port = Deferred::ready("80").try_map(|text| Ok(text.parse::<i32>()? + 8000));
    /// assert_eq!(port.take().unwrap().unwrap(), 8080);
    /// ```
    pub fn try_map<U: 'static>(self, f: impl FnOnce(T) -> Result<U> + 'static) -> Deferred<U> {
        self.then(|outcome| Next::Now(outcome.and_then(f)))
    }

    /// The failure after `f`. A value passes by.
    pub fn map_err<E: Into<Error>>(self, f: impl FnOnce(Error) -> E + 'static) -> Self {
        self.then(|outcome| Next::Now(outcome.map_err(|error| f(error).into())))
    }

    /// The outcome of another deferred, which `f` begins when the value is here. A failure passes by.
    ///
    /// A chain may go on for ever this way, each step beginning the next: what is finished is let go of.
    ///
    /// ```
    /// use oneloop::deferred::{Deferred, ReadyQueue};
    /// # use oneloop::deferred::Ready;
    /// # fn run(queue: &ReadyQueue) {
    /// #     while let Some(ready) = queue.pop() {
    /// #         if let Ready::Job(job) = ready { job.run() }
    /// #     }
    /// # }
    ///
    /// let queue = ReadyQueue::new();
    /// let (name_promise, name) = queue.pair::<&str>();
    /// let (score_promise, score) = queue.pair::<u32>();
    /// let mut line = name.and_then(|name| score.map(move |score| format!("{name}: {score}")));
    ///
    /// name_promise.resolve("ada");
    /// score_promise.resolve(3);
    /// run(&queue);
    /// assert_eq!(line.take().unwrap().unwrap(), "ada: 3");
    /// ```
    pub fn and_then<U: 'static>(self, f: impl FnOnce(T) -> Deferred<U> + 'static) -> Deferred<U> {
        self.then(|outcome| match outcome {
            Ok(value) => Next::Later(f(value)),
            Err(error) => Next::Now(Err(error)),
        })
    }

    /// The outcome of another deferred, which `f` begins when this one fails. A value passes by.
    pub fn or_else(self, f: impl FnOnce(Error) -> Self + 'static) -> Self {
        self.then(|outcome| match outcome {
            Ok(value) => Next::Now(Ok(value)),
            Err(error) => Next::Later(f(error)),
        })
    }

    /// Wants the value no more. The same as dropping it: what it was made of is cancelled too, and the promise at the far end learns.
    pub fn cancel(self) {
        drop(self);
    }

    /// All combinators are this one: `f` is the next step.
    fn then<U: 'static>(self, f: impl FnOnce(Result<T>) -> Next<U> + 'static) -> Deferred<U> {
        let Some(queue) = self.slot.queue() else {
            return match f(self.slot.take().unwrap_or(Err(Error::Dropped))) {
                Next::Now(outcome) => Deferred::from(outcome),
                Next::Later(deferred) => deferred,
            };
        };
        let (promise, deferred) = queue.pair();
        promise.follow([self.source()]);
        // The promise is within the closure: if `f` panics or is never run, it is dropped, and the failure goes on down the chain.
        self.slot
            .react(Reaction::Call(Box::new(move |outcome| match f(outcome) {
                Next::Now(outcome) => promise.settle(outcome),
                Next::Later(deferred) => deferred.forward(promise),
            })));
        deferred
    }

    /// Supplies `promise` with whatever comes of this.
    fn forward(self, promise: Promise<T>) {
        let promise = promise.shortcut();
        if promise.is_cancelled() {
            // Nobody waits: both ends drop here, which cancels what `self` is made of.
        } else if let Some(outcome) = self.slot.take() {
            promise.settle(outcome);
        } else {
            promise.follow([self.source()]);
            self.slot.react(Reaction::Forward(promise));
        }
    }

    /// What to cancel when nobody wants this any more.
    fn source(&self) -> Rc<dyn Node> {
        Rc::<Slot<T>>::clone(&self.slot)
    }
}

impl<T: 'static> From<Result<T>> for Deferred<T> {
    fn from(outcome: Result<T>) -> Self {
        Self::of(Slot::settled(outcome))
    }
}

impl<T: 'static> Drop for Deferred<T> {
    fn drop(&mut self) {
        self.slot.abandon();
    }
}

impl<T: 'static> fmt::Debug for Deferred<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deferred").field(&self.slot).finish()
    }
}

/// What a step gives: its outcome, or a deferred of it.
enum Next<U: 'static> {
    Now(Result<U>),
    Later(Deferred<U>),
}

#[cfg(test)]
mod depth;
#[cfg(test)]
mod programs;

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    /// What a loop does, until nothing is left.
    pub(super) fn run(queue: &ReadyQueue) {
        while let Some(ready) = queue.pop() {
            if let Ready::Job(job) = ready {
                job.run();
            }
        }
    }

    /// Ways to put a step behind a deferred that adds one.
    pub(super) const STEPS: [fn(Deferred<usize>) -> Deferred<usize>; 5] = [
        |before| before.map(|n| n + 1),
        |before| before.and_then(|n| Deferred::ready(n + 1)),
        |before| before.try_map(|n| Ok(n + 1)),
        |before| before.map(|n| n + 1).map_err(|error| error),
        |before| before.or_else(Deferred::failed).map(|n| n + 1),
    ];

    #[test]
    fn it_is_one_pointer() {
        assert_eq!(size_of::<Deferred<[u8; 100]>>(), size_of::<usize>());
        assert_eq!(size_of::<Option<Deferred<u8>>>(), size_of::<usize>());
    }

    #[test]
    fn nothing_runs_inside_resolve_nor_inside_a_step() {
        let queue = ReadyQueue::new();
        let log = Rc::new(RefCell::new(Vec::new()));
        let (promise, first) = queue.pair::<()>();
        let (inner_promise, inner) = queue.pair::<()>();
        let (a, b) = (Rc::clone(&log), Rc::clone(&log));
        let _inner = inner.map(move |()| b.borrow_mut().push("inner"));
        let _first = first.map(move |()| {
            // The borrow lasts while the other is resolved: a call from within would panic.
            let mut log = a.borrow_mut();
            inner_promise.resolve(());
            log.push("outer");
        });
        promise.resolve(());
        assert!(log.borrow().is_empty());
        run(&queue);
        assert_eq!(*log.borrow(), ["outer", "inner"]);
    }

    #[test]
    fn steps_run_in_the_order_of_resolving() {
        let queue = ReadyQueue::new();
        let log = Rc::new(RefCell::new(Vec::new()));
        let (mut promises, mut ends) = (Vec::new(), Vec::new());
        for n in 0..4 {
            let log = Rc::clone(&log);
            let (promise, deferred) = queue.pair::<()>();
            promises.push(promise);
            ends.push(deferred.map(move |()| log.borrow_mut().push(n)));
        }
        for n in [2, 0, 1, 0] {
            promises.remove(n).resolve(());
        }
        assert_eq!(queue.len(), 4);
        run(&queue);
        assert_eq!(*log.borrow(), [2, 0, 3, 1]);
    }

    #[test]
    fn an_outcome_is_taken_once() {
        let queue = ReadyQueue::new();
        let (promise, mut deferred) = queue.pair();
        assert!(deferred.take().is_none());
        promise.resolve(1);
        assert!(deferred.is_ready());
        assert_eq!(deferred.take().unwrap().unwrap(), 1);
        assert!(!deferred.is_ready());
        assert!(deferred.take().is_none());
        assert!(
            !deferred.notify(Ticket { owner: 0, call: 0 }),
            "nothing will come"
        );
        let mut after = deferred.map(|n: i32| n);
        assert!(
            matches!(after.take(), Some(Err(Error::Dropped))),
            "what is taken cannot be mapped"
        );
    }

    #[test]
    fn a_ticket_comes_whether_it_was_left_before_or_after() {
        let queue = ReadyQueue::new();
        let ticket = |call| Ticket { owner: 1, call };
        let popped = || match queue.pop() {
            Some(Ready::Ticket(ticket)) => Some(ticket.call),
            _ => None,
        };
        let (promise, mut deferred) = queue.pair();
        assert!(deferred.notify(ticket(1)));
        assert!(deferred.notify(ticket(2)), "the last counts");
        promise.resolve(());
        assert_eq!((popped(), popped()), (Some(2), None));
        assert!(deferred.notify(ticket(3)));
        assert_eq!((popped(), popped()), (Some(3), None));
        assert!(deferred.is_ready());

        let mut settled = Deferred::ready(());
        assert!(!settled.notify(ticket(4)));
        assert!(settled.take().is_some());
        assert!(queue.is_empty());
    }

    #[test]
    fn failures_pass_by_values_and_values_by_failures() {
        for queued in [false, true] {
            let queue = ReadyQueue::new();
            let begin = |outcome: Result<i32>| {
                if !queued {
                    return Deferred::from(outcome);
                }
                let (promise, deferred) = queue.pair();
                promise.settle(outcome);
                deferred
            };
            let text = |mut deferred: Deferred<i32>| {
                run(&queue);
                match deferred.take().expect("it is settled") {
                    Ok(n) => n.to_string(),
                    Err(error) => error.to_string(),
                }
            };
            let no = || Err(Error::from("no"));
            assert_eq!(text(begin(Ok(1)).map(|n| n + 1)), "2");
            assert_eq!(
                text(begin(no()).map(|_| unreachable!("there is no value"))),
                "no"
            );
            assert_eq!(text(begin(Ok(1)).try_map(|n| Ok(n + 1))), "2");
            assert_eq!(
                text(begin(Ok(1)).try_map(|n| Err(format!("not {n}").into()))),
                "not 1"
            );
            assert_eq!(
                text(begin(Ok(1)).map_err(|_| -> Error { unreachable!("nothing failed") })),
                "1"
            );
            assert_eq!(
                text(begin(no()).map_err(|error| format!("{error}, never"))),
                "no, never"
            );
            assert_eq!(
                text(begin(Ok(1)).and_then(move |n| Deferred::ready(n + 1))),
                "2"
            );
            assert_eq!(
                text(begin(Ok(1)).and_then(|_| Deferred::failed("later"))),
                "later"
            );
            assert_eq!(
                text(begin(no()).and_then(|_| unreachable!("there is no value"))),
                "no"
            );
            assert_eq!(text(begin(no()).or_else(|_| Deferred::ready(7))), "7");
            assert_eq!(
                text(begin(Ok(1)).or_else(|_| unreachable!("nothing failed"))),
                "1"
            );
            assert_eq!(queue.open(), 0);
        }
    }

    #[test]
    fn cancelling_reaches_the_source_through_every_step() {
        let queue = ReadyQueue::new();
        for step in STEPS {
            let (promise, deferred) = queue.pair();
            let end = step(step(deferred));
            assert!(!promise.is_cancelled());
            end.cancel();
            assert!(promise.is_cancelled());
        }
        // And what a step began.
        let (promise, first) = queue.pair::<()>();
        let (inner_promise, inner) = queue.pair::<()>();
        let end = first.and_then(|()| inner.map(|()| ())).map(|()| ());
        promise.resolve(());
        run(&queue);
        assert!(!inner_promise.is_cancelled());
        drop(end);
        assert!(inner_promise.is_cancelled());
        drop(inner_promise);
        assert_eq!((queue.open(), queue.late()), (0, 0));
    }

    #[test]
    fn a_step_cancelled_while_it_is_on_the_queue_does_not_run() {
        let queue = ReadyQueue::new();
        let (promise, deferred) = queue.pair::<()>();
        let end = deferred.map(|()| unreachable!("it was cancelled"));
        promise.resolve(());
        drop::<Deferred<()>>(end);
        assert_eq!(queue.len(), 1);
        run(&queue);
        assert_eq!((queue.open(), queue.late()), (0, 0));
    }

    #[test]
    fn a_step_may_cancel_its_own_chain() {
        let queue = ReadyQueue::new();
        let own = Rc::new(Cell::new(None::<Deferred<()>>));
        for pending in [false, true] {
            let (promise, deferred) = queue.pair::<()>();
            let (inner_promise, inner) = queue.pair::<()>();
            let inside = Rc::clone(&own);
            own.set(Some(deferred.and_then(move |()| {
                drop(inside.take());
                if pending { inner } else { Deferred::ready(()) }
            })));
            promise.resolve(());
            run(&queue);
            assert!(inner_promise.is_cancelled());
        }
        assert_eq!(queue.open(), 0);
    }

    #[test]
    fn a_step_that_panics_fails_what_waits_for_it() {
        let queue = ReadyQueue::new();
        for step in [
            |deferred: Deferred<()>| deferred.map(|()| -> () { panic!("as the test wants") }),
            |deferred: Deferred<()>| {
                deferred.and_then(|()| -> Deferred<()> { panic!("as the test wants") })
            },
        ] {
            let (promise, deferred) = queue.pair();
            let mut end = step(deferred).map(|()| ());
            promise.resolve(());
            assert!(catch_unwind(AssertUnwindSafe(|| run(&queue))).is_err());
            assert!(!end.is_ready());
            run(&queue);
            assert!(matches!(end.take(), Some(Err(Error::Dropped))));
        }
        assert_eq!(queue.open(), 0);
    }
}
