//! What the loop has to do next.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use super::slot::Slot;
use super::{Deferred, Promise};

/// First in, first out: the steps and tickets whose outcome is here. One per loop, which pops and runs them; a clone is the same queue.
///
/// An entry may hold the queue it is on, so the loop [closes](Self::close) it at the end: entries of a queue that is just dropped are
/// never freed.
///
/// ```
/// use oneloop::deferred::{Ready, ReadyQueue, Ticket};
///
/// let queue = ReadyQueue::new();
/// let (promise, mut answer) = queue.pair();
/// let ticket = Ticket { owner: 7, call: 1 };
/// assert!(answer.notify(ticket));
/// assert!(queue.is_empty());
///
/// promise.resolve(42);
/// assert!(matches!(queue.pop(), Some(Ready::Ticket(found)) if found == ticket));
/// assert_eq!(answer.take().unwrap().unwrap(), 42);
/// ```
#[derive(Clone, Default)]
pub struct ReadyQueue(Rc<Lists>);

#[derive(Default)]
struct Lists {
    ready: RefCell<VecDeque<Ready>>,
    /// What is being dropped, one after the other, by whoever set `discarding`.
    discarded: RefCell<VecDeque<Job>>,
    discarding: Cell<bool>,
    closed: Cell<bool>,
    open: Cell<usize>,
    late: Cell<u64>,
}

impl ReadyQueue {
    /// An empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A value to come, and the right to supply it: one allocation for the two.
    pub fn pair<T: 'static>(&self) -> (Promise<T>, Deferred<T>) {
        self.0.open.set(self.0.open.get() + 1);
        let slot = Slot::waiting(self.clone());
        (Promise::of(Rc::clone(&slot)), Deferred::of(slot))
    }

    /// How many entries are on it. A loop that pops so many a turn, and no more, never starves its links.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.ready.borrow().len()
    }

    /// Whether nothing is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.ready.borrow().is_empty()
    }

    /// The oldest entry.
    #[must_use = "an entry that is dropped is never run"]
    pub fn pop(&self) -> Option<Ready> {
        self.0.ready.borrow_mut().pop_front()
    }

    /// The loop is over: what is on the queue is dropped, and so is all that is put on it from now on. Steps that waited fail with
    /// [`Error::Dropped`](crate::Error::Dropped), down to the end of their chain, where a deferred may still take it.
    pub fn close(&self) {
        self.0.closed.set(true);
        while let Some(ready) = self.pop() {
            self.drop_unrun(ready);
        }
    }

    /// Promises resolved or rejected although nobody waited any more. A promise dropped then is what is asked of it, and not counted.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.0.late.get()
    }

    /// Promises neither used nor dropped, those between the steps of a chain included. Zero at the end, or something leaks.
    #[must_use]
    pub fn open(&self) -> usize {
        self.0.open.get()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.0.closed.get()
    }

    pub(super) fn promise_used(&self) {
        self.0.open.set(self.0.open.get() - 1);
    }

    pub(super) fn count_late(&self) {
        self.0.late.set(self.0.late.get() + 1);
    }

    pub(super) fn push(&self, ready: Ready) {
        if self.is_closed() {
            self.drop_unrun(ready);
        } else {
            self.0.ready.borrow_mut().push_back(ready);
        }
    }

    fn drop_unrun(&self, ready: Ready) {
        match ready {
            Ready::Job(job) => self.discard(job),
            Ready::Ticket(_) => {}
        }
    }

    /// Drops a job that will not run, and cancels the step it is. Jobs hold promises that others wait for, and so on down a chain:
    /// what a drop brings to be dropped goes behind it in a list, and not deeper on the stack.
    pub(super) fn discard(&self, job: Job) {
        self.0.discarded.borrow_mut().push_back(job);
        if self.0.discarding.replace(true) {
            return;
        }
        let _turn = DiscardTurn(&self.0.discarding);
        loop {
            let next = self.0.discarded.borrow_mut().pop_front();
            match next {
                Some(job) => job.discard(),
                None => break,
            }
        }
    }
}

impl fmt::Debug for ReadyQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadyQueue")
            .field("len", &self.len())
            .field("open", &self.open())
            .field("late", &self.late())
            .field("closed", &self.is_closed())
            .finish()
    }
}

/// An entry of the queue.
#[derive(Debug)]
pub enum Ready {
    /// To be run.
    Job(Job),
    /// To be looked up: the outcome that its owner waits for is here.
    Ticket(Ticket),
}

/// Names who waits, and for what, by two numbers of his own. Nothing in here reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket {
    /// Who waits.
    pub owner: u64,
    /// Which of his questions is answered.
    pub call: u64,
}

/// One step of a chain whose turn has come. Dropped unrun, what waits for it fails with [`Error::Dropped`](crate::Error::Dropped).
#[must_use = "a job that is dropped is never run"]
pub struct Job(Work);

enum Work {
    Step(Rc<dyn Node>),
    Call(Box<dyn FnOnce()>),
}

impl Job {
    pub(super) fn of(node: Rc<dyn Node>) -> Self {
        Self(Work::Step(node))
    }

    pub(super) fn call(call: Box<dyn FnOnce()>) -> Self {
        Self(Work::Call(call))
    }

    /// Runs the step, which may put the next one on the queue. Does nothing if it was cancelled since.
    ///
    /// # Panics
    /// If the step's own closure does. Nothing here is broken then: the panic may be caught and the next job be run.
    pub fn run(self) {
        match self.0 {
            Work::Step(node) => node.run(),
            Work::Call(call) => call(),
        }
    }

    fn discard(self) {
        match self.0 {
            Work::Step(node) => node.cancel(),
            Work::Call(call) => drop(call),
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Job")
    }
}

/// A slot, whatever its value: one link of a chain.
pub(super) trait Node {
    /// Runs the step that waits here with the outcome that is here.
    fn run(self: Rc<Self>);
    /// Nobody wants it any more: drops what waits and what came, and cancels what it is made of.
    fn cancel(self: Rc<Self>);
}

/// Ends the turn of whoever discards, also when a drop panics: the rest goes with the next.
struct DiscardTurn<'a>(&'a Cell<bool>);

impl Drop for DiscardTurn<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deferred::tests::run;
    use crate::error::Error;

    impl ReadyQueue {
        /// How many clones there are, those within slots included.
        pub(in crate::deferred) fn handles(&self) -> usize {
            Rc::strong_count(&self.0)
        }
    }

    #[test]
    fn closing_breaks_every_ring() {
        let queue = ReadyQueue::new();
        let token = Rc::new(());
        let held = Rc::clone(&token);
        let (promise, deferred) = queue.pair::<()>();
        let end = deferred.map(move |()| drop(held));
        promise.resolve(());
        assert_eq!(queue.len(), 1);
        queue.close();
        drop(end);
        assert_eq!(
            (Rc::strong_count(&token), queue.handles(), queue.open()),
            (1, 1, 0)
        );
    }

    #[test]
    fn a_closed_queue_keeps_nothing_that_is_put_on_it() {
        let queue = ReadyQueue::new();
        let (promise, mut end) = queue.pair::<()>();
        let (mut told, deferred) = queue.pair::<()>();
        let (late, mapped) = queue.pair::<()>();
        told.on_cancel(|| unreachable!("the loop is over"));
        assert!(end.notify(Ticket { owner: 0, call: 0 }));
        queue.close();
        drop(deferred);
        promise.resolve(());
        late.resolve(());
        let mut mapped = mapped.map(|()| unreachable!("the loop is over"));
        assert!(queue.pop().is_none());
        assert!(
            matches!(end.take(), Some(Ok(()))),
            "an outcome can still be looked for"
        );
        assert!(matches!(mapped.take(), Some(Err::<(), _>(Error::Dropped))));
        drop(told);
        assert_eq!(queue.open(), 0);
    }

    #[test]
    fn a_job_dropped_unrun_fails_what_waits_for_it() {
        let queue = ReadyQueue::new();
        let (promise, deferred) = queue.pair::<()>();
        let mut end = deferred.map(|()| ()).map(|()| ());
        promise.resolve(());
        drop(queue.pop());
        run(&queue);
        assert!(matches!(end.take(), Some(Err(Error::Dropped))));
    }

    #[test]
    fn a_drop_that_panics_does_not_stop_the_next() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("as the test wants");
            }
        }
        let queue = ReadyQueue::new();
        let (promise, deferred) = queue.pair::<()>();
        let bomb = Bomb;
        let end = deferred.map(move |()| drop(bomb));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(end))).is_err());
        assert!(promise.is_cancelled());
        let (next, deferred) = queue.pair::<()>();
        drop(deferred.map(|()| ()));
        assert!(next.is_cancelled());
        drop((promise, next));
        assert_eq!(queue.open(), 0);
    }
}
