//! A client's batch on its way: it is answered when all of its parts are.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use oneloop::Promise;

use crate::scribe::interface::ResultCode;

/// A client's batch on its way, of which the parts are in several lanes. It is OK when each of them is kept.
pub struct Ticket {
    promise: RefCell<Option<Promise<ResultCode>>>,
    /// Parts that are not answered for.
    open: Cell<usize>,
    is_kept: Cell<bool>,
}

impl Ticket {
    /// One with one part, which is that of whoever finds the others: it is [settled](Self::settle) when they are found.
    #[must_use]
    pub fn new(promise: Promise<ResultCode>) -> Rc<Self> {
        Rc::new(Self {
            promise: RefCell::new(Some(promise)),
            open: Cell::new(1),
            is_kept: Cell::new(true),
        })
    }

    /// There is one more part.
    pub fn add_part(&self) {
        self.open.set(self.open.get().saturating_add(1));
    }

    /// A part is kept, or it is not known to be. The last one has the client answered.
    pub fn settle(&self, is_kept: bool) {
        self.is_kept.set(self.is_kept.get() && is_kept);
        self.open.set(self.open.get().saturating_sub(1));
        if self.open.get() > 0 {
            return;
        }
        if let Some(promise) = self.promise.take() {
            promise.resolve(match self.is_kept.get() {
                true => ResultCode::OK,
                false => ResultCode::TRY_LATER,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use oneloop::Deferred;
    use oneloop::deferred::ReadyQueue;

    use super::*;

    fn ticket(queue: &ReadyQueue) -> (Rc<Ticket>, Deferred<ResultCode>) {
        let (promise, answer) = queue.pair();
        (Ticket::new(promise), answer)
    }

    #[test]
    fn it_is_answered_with_its_last_part_and_ok_if_all_are() {
        for (outcomes, code) in [
            ([true, true], ResultCode::OK),
            ([true, false], ResultCode::TRY_LATER),
            ([false, true], ResultCode::TRY_LATER),
        ] {
            let queue = ReadyQueue::new();
            let (ticket, mut answer) = ticket(&queue);
            ticket.add_part();
            ticket.add_part();
            ticket.settle(true);
            ticket.settle(outcomes[0]);
            assert!(!answer.is_ready(), "a part is under way");
            ticket.settle(outcomes[1]);
            assert_eq!(answer.take().map(Result::ok), Some(Some(code)));
        }
    }

    #[test]
    fn without_parts_it_is_ok_at_once() {
        let queue = ReadyQueue::new();
        let (ticket, mut answer) = ticket(&queue);
        ticket.settle(true);
        assert_eq!(answer.take().map(Result::ok), Some(Some(ResultCode::OK)));
    }
}
