//! The right to supply a value.

use std::fmt;
use std::rc::Rc;

use crate::error::{Error, Result};

use super::hook::Hook;
use super::ready::{Node, ReadyQueue, Ticket};
use super::slot::Slot;

/// The right to supply a [`Deferred`](super::Deferred)'s value, once. Dropped unused, the deferred fails with [`Error::Dropped`].
///
/// ```
/// use oneloop::Error;
/// use oneloop::deferred::ReadyQueue;
///
/// let queue = ReadyQueue::new();
/// let (promise, mut answer) = queue.pair();
/// promise.resolve("yes");
/// assert_eq!(answer.take().unwrap().unwrap(), "yes");
///
/// let (promise, mut answer) = queue.pair::<&str>();
/// drop(promise);
/// assert!(matches!(answer.take(), Some(Err(Error::Dropped))));
///
/// let (promise, answer) = queue.pair::<&str>();
/// answer.cancel();
/// assert!(promise.is_cancelled(), "so it may save itself the work");
/// ```
#[must_use = "a promise that is dropped fails its deferred"]
pub struct Promise<T: 'static> {
    slot: Rc<Slot<T>>,
}

impl<T: 'static> Promise<T> {
    pub(super) const fn of(slot: Rc<Slot<T>>) -> Self {
        Self { slot }
    }

    /// Supplies the value. Runs nothing: who waits is put on the queue.
    pub fn resolve(self, value: T) {
        self.settle(Ok(value));
    }

    /// Says that there will be no value, and why.
    pub fn reject(self, error: impl Into<Error>) {
        self.settle(Err(error.into()));
    }

    /// [`resolve`](Self::resolve) or [`reject`](Self::reject).
    pub fn settle(self, outcome: Result<T>) {
        self.slot.settle(outcome);
    }

    /// Whether nobody waits any more. A value supplied now is dropped.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.slot.is_cancelled()
    }

    /// Has `f` put on the queue, as a job, when the deferred is cancelled; at once if it was. Never runs inside a drop, and not at all
    /// if this promise is used first. Several are put there in the order they were given.
    pub fn on_cancel(&mut self, f: impl FnOnce() + 'static) {
        self.slot.add_hook(Hook::Call(Box::new(f)));
    }

    /// Has `ticket` put on the queue when the deferred is cancelled; at once if it was.
    pub fn notify_cancel(&mut self, ticket: Ticket) {
        self.slot.add_hook(Hook::Ticket(ticket));
    }

    pub(super) fn hook(&self, hook: Hook) {
        self.slot.add_hook(hook);
    }

    /// From now on, cancelling cancels `sources`, and nothing else.
    pub(super) fn follow(&self, sources: impl IntoIterator<Item = Rc<dyn Node>>) {
        let mut hook = Hook::Nothing;
        for source in sources {
            hook.add(Hook::Source(Rc::downgrade(&source)));
        }
        self.slot.replace_hook(hook);
    }

    /// Fails, and cancels the sources that are still on their way.
    pub(super) fn give_up(self, error: Error) {
        let sources = self.slot.replace_hook(Hook::Nothing);
        if let Some(queue) = self.queue() {
            sources.cancelled(queue);
        }
        self.reject(error);
    }

    /// The promise that is in truth supplied by supplying this one: further down, if all that waits here is to pass the outcome on.
    ///
    /// Without this, a chain whose every step begins the next would grow by a slot a step, for as long as it goes on.
    pub(super) fn shortcut(self) -> Self {
        let mut promise = self;
        while let Some(next) = promise.slot.take_forward() {
            promise = next;
        }
        promise
    }

    fn queue(&self) -> Option<&ReadyQueue> {
        self.slot.queue()
    }
}

impl<T: 'static> Drop for Promise<T> {
    fn drop(&mut self) {
        // Changes nothing if it was used.
        self.slot.settle(Err(Error::Dropped));
    }
}

impl<T: 'static> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Promise").field(&self.slot).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::deferred::tests::run;
    use crate::deferred::{Deferred, Ready};

    fn popped_ticket(queue: &ReadyQueue) -> Option<u64> {
        match queue.pop() {
            Some(Ready::Ticket(ticket)) => Some(ticket.call),
            _ => None,
        }
    }

    #[test]
    fn a_dropped_promise_fails_its_deferred() {
        let queue = ReadyQueue::new();
        let (promise, mut deferred) = queue.pair::<()>();
        assert!(deferred.notify(Ticket { owner: 0, call: 1 }));
        drop(promise);
        assert_eq!(popped_ticket(&queue), Some(1));
        assert!(matches!(deferred.take(), Some(Err(Error::Dropped))));
        assert_eq!(queue.open(), 0);
    }

    #[test]
    fn a_value_that_comes_late_is_dropped_and_counted() {
        let queue = ReadyQueue::new();
        let value = Rc::new(());
        let (promise, deferred) = queue.pair();
        drop(deferred);
        promise.resolve(Rc::clone(&value));
        assert_eq!(Rc::strong_count(&value), 1);
        assert_eq!((queue.late(), queue.len(), queue.open()), (1, 0, 0));

        let (promise, deferred) = queue.pair::<()>();
        drop(deferred);
        drop(promise);
        assert_eq!(queue.late(), 1, "a cancelled promise may be dropped");

        let (promise, mut deferred) = queue.pair();
        promise.resolve(());
        assert!(deferred.notify(Ticket { owner: 0, call: 0 }));
        drop(deferred);
        assert_eq!(queue.late(), 1, "it came in time, though nobody took it");
    }

    #[test]
    fn on_cancel_is_queued_and_runs_once() {
        let queue = ReadyQueue::new();
        let ran = Rc::new(Cell::new(0));
        let (mut promise, deferred) = queue.pair::<()>();
        let count = |by: u32| {
            let ran = Rc::clone(&ran);
            move || ran.set(ran.get() * 10 + by)
        };
        promise.on_cancel(count(1));
        promise.on_cancel(count(2));
        promise.notify_cancel(Ticket { owner: 0, call: 3 });
        drop(deferred);
        assert_eq!(
            (ran.get(), queue.len()),
            (0, 3),
            "nothing runs inside the drop"
        );
        promise.on_cancel(count(4));
        drop(promise);
        run(&queue);
        assert_eq!(ran.get(), 124);
    }

    #[test]
    fn on_cancel_is_dropped_unrun_if_the_promise_is_used() {
        let queue = ReadyQueue::new();
        let token = Rc::new(());
        let (mut promise, deferred) = queue.pair();
        let held = Rc::clone(&token);
        promise.on_cancel(move || unreachable!("it was kept: {held:?}"));
        promise.notify_cancel(Ticket { owner: 0, call: 0 });
        promise.resolve(());
        assert_eq!(Rc::strong_count(&token), 1);
        drop(deferred);
        assert!(queue.is_empty());
    }

    #[test]
    fn cancelling_tells_the_promise_at_the_far_end() {
        let queue = ReadyQueue::new();
        let (mut promise, deferred) = queue.pair::<u8>();
        promise.notify_cancel(Ticket { owner: 0, call: 5 });
        deferred.map(u32::from).and_then(Deferred::ready).cancel();
        assert_eq!(popped_ticket(&queue), Some(5));
        drop(promise);
        assert_eq!(queue.open(), 0);
    }
}
