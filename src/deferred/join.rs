//! Several values to come, as one.

use std::cell::RefCell;
use std::rc::Rc;

use crate::error::Result;

use super::outcome::Outcome;
use super::ready::ReadyQueue;
use super::slot::Reaction;
use super::{Deferred, Promise};

/// Every outcome, in the order of `deferreds`, when the last is here. Never fails by a failure among them: that is one of the outcomes.
/// Cancelling it cancels those that are still to come.
///
/// ```
/// use oneloop::deferred::{Deferred, ReadyQueue, join_all};
/// # use oneloop::deferred::Ready;
///
/// let queue = ReadyQueue::new();
/// let (promise, slow) = queue.pair();
/// let mut all = join_all(&queue, vec![slow, Deferred::ready(2), Deferred::failed("no third")]);
///
/// promise.resolve(1);
/// # while let Some(Ready::Job(job)) = queue.pop() { job.run() }
/// // The loop runs what is on the queue, then:
/// let outcomes = all.take().unwrap().unwrap();
/// assert_eq!(*outcomes[0].as_ref().unwrap(), 1);
/// assert_eq!(*outcomes[1].as_ref().unwrap(), 2);
/// assert_eq!(outcomes[2].as_ref().unwrap_err().to_string(), "no third");
/// ```
pub fn join_all<T: 'static>(
    queue: &ReadyQueue,
    deferreds: Vec<Deferred<T>>,
) -> Deferred<Vec<Result<T>>> {
    let (promise, all) = queue.pair();
    promise.follow(deferreds.iter().map(Deferred::source));
    let outcomes = deferreds.iter().map(|_| None).collect();
    let gathering = Rc::new(RefCell::new(Gathering {
        outcomes,
        missing: deferreds.len(),
        promise: Some(promise),
    }));
    gathering.borrow_mut().finish_if_whole();
    for (index, deferred) in deferreds.into_iter().enumerate() {
        let gathering = Rc::clone(&gathering);
        deferred.hand_to(move |outcome| gathering.borrow_mut().arrived(index, outcome));
    }
    all
}

/// Both values, when both are here. The first failure fails it and cancels the other.
///
/// ```
/// use oneloop::deferred::{Deferred, ReadyQueue, join};
///
/// let queue = ReadyQueue::new();
/// let mut both = join(&queue, Deferred::ready("ada"), Deferred::ready(3));
/// assert_eq!(both.take().unwrap().unwrap(), ("ada", 3));
///
/// let (promise, slow) = queue.pair::<u32>();
/// let mut both = join(&queue, Deferred::<u32>::failed("no first"), slow);
/// assert_eq!(both.take().unwrap().unwrap_err().to_string(), "no first");
/// assert!(promise.is_cancelled());
/// ```
pub fn join<A: 'static, B: 'static>(
    queue: &ReadyQueue,
    a: Deferred<A>,
    b: Deferred<B>,
) -> Deferred<(A, B)> {
    let (promise, both) = queue.pair();
    promise.follow([a.source(), b.source()]);
    let meeting = Rc::new(RefCell::new(Meeting {
        a: None,
        b: None,
        promise: Some(promise),
    }));
    let other = Rc::clone(&meeting);
    a.hand_to(move |outcome| Meeting::arrived(&other, outcome, |meeting| &mut meeting.a));
    b.hand_to(move |outcome| Meeting::arrived(&meeting, outcome, |meeting| &mut meeting.b));
    both
}

/// What [`join_all`] has so far.
struct Gathering<T: 'static> {
    outcomes: Vec<Option<Outcome<T>>>,
    /// How many of `outcomes` are still to come.
    missing: usize,
    promise: Option<Promise<Vec<Result<T>>>>,
}

impl<T: 'static> Gathering<T> {
    fn arrived(&mut self, index: usize, outcome: Result<T>) {
        self.outcomes[index] = Some(Outcome::new(outcome));
        self.missing -= 1;
        self.finish_if_whole();
    }

    fn finish_if_whole(&mut self) {
        if self.missing == 0
            && let Some(promise) = self.promise.take()
        {
            promise.resolve(
                self.outcomes
                    .drain(..)
                    .flatten()
                    .map(Outcome::take)
                    .collect(),
            );
        }
    }
}

/// What [`join`] has so far.
struct Meeting<A: 'static, B: 'static> {
    a: Option<A>,
    b: Option<B>,
    promise: Option<Promise<(A, B)>>,
}

impl<A: 'static, B: 'static> Meeting<A, B> {
    fn arrived<V>(
        meeting: &RefCell<Self>,
        outcome: Result<V>,
        place: fn(&mut Self) -> &mut Option<V>,
    ) {
        let mut now = meeting.borrow_mut();
        match outcome {
            Ok(value) => {
                *place(&mut now) = Some(value);
                if now.a.is_none() || now.b.is_none() {
                    return;
                }
                if let (Some(a), Some(b), Some(promise)) =
                    (now.a.take(), now.b.take(), now.promise.take())
                {
                    promise.resolve((a, b));
                }
            }
            Err(error) => {
                let promise = now.promise.take();
                // The other side's step, which is dropped now, holds this meeting: no borrow may last.
                drop(now);
                match promise {
                    Some(promise) => promise.give_up(error),
                    None => drop(Outcome::<V>::new(Err(error))),
                }
            }
        }
    }
}

impl<T: 'static> Deferred<T> {
    /// Has `take` called with the outcome, from the loop; at once if this has no queue. `take` is ours and calls nobody.
    fn hand_to(self, take: impl FnOnce(Result<T>) + 'static) {
        if self.slot.queue().is_some() {
            self.slot.react(Reaction::Call(Box::new(take)));
        } else if let Some(outcome) = self.slot.take() {
            take(outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deferred::depth::on_a_small_stack;
    use crate::deferred::tests::run;
    use crate::error::Error;

    /// More than the small stack has room for.
    const MANY: usize = 50_000;

    #[test]
    fn all_outcomes_come_in_their_places() {
        let queue = ReadyQueue::new();
        let (a, first) = queue.pair();
        let (b, second) = queue.pair();
        let (c, third) = queue.pair();
        let mut all = join_all(
            &queue,
            vec![first, second, third.map(|n| n + 1), Deferred::ready(4)],
        );
        c.resolve(2);
        a.resolve(1);
        run(&queue);
        assert!(!all.is_ready());
        drop(b);
        run(&queue);
        let outcomes = all.take().unwrap().unwrap();
        assert!(
            matches!(outcomes[..], [Ok(1), Err(Error::Dropped), Ok(3), Ok(4)]),
            "{outcomes:?}"
        );
        assert_eq!(queue.open(), 0);
    }

    #[test]
    fn all_of_none_are_here() {
        let queue = ReadyQueue::new();
        assert!(
            join_all::<()>(&queue, Vec::new())
                .take()
                .unwrap()
                .unwrap()
                .is_empty()
        );
        assert_eq!(queue.open(), 0);
    }

    #[test]
    fn both_come_or_neither() {
        let queue = ReadyQueue::new();
        for reversed in [false, true] {
            let (a, left) = queue.pair();
            let (b, right) = queue.pair();
            let mut both = join(&queue, left, right);
            if reversed {
                b.resolve("b");
                run(&queue);
                a.resolve(1);
            } else {
                a.resolve(1);
                run(&queue);
                b.resolve("b");
            }
            assert!(!both.is_ready());
            run(&queue);
            assert_eq!(both.take().unwrap().unwrap(), (1, "b"));

            let (a, left) = queue.pair::<()>();
            let (b, right) = queue.pair::<()>();
            let (failing, other) = if reversed { (b, a) } else { (a, b) };
            let mut both = join(&queue, left, right.map(|()| ()));
            failing.reject("no");
            run(&queue);
            assert!(other.is_cancelled());
            assert_eq!(both.take().unwrap().unwrap_err().to_string(), "no");
        }
        assert_eq!((queue.open(), queue.late(), queue.handles()), (0, 0, 1));
    }

    #[test]
    fn cancelling_reaches_all_that_are_joined() {
        let queue = ReadyQueue::new();
        let (a, left) = queue.pair::<()>();
        let (b, right) = queue.pair::<()>();
        let (c, third) = queue.pair::<()>();
        let both = join(&queue, left, right.map(|()| 1)).map(|_| ());
        let all = join_all(&queue, vec![both, third.and_then(Deferred::ready)]);
        b.resolve(());
        run(&queue);
        drop(all);
        assert!(a.is_cancelled() && c.is_cancelled());
        drop((a, c));
        assert_eq!((queue.open(), queue.handles()), (0, 1));
    }

    #[test]
    fn many_are_joined_in_a_row_and_at_once() {
        on_a_small_stack(|| {
            let queue = ReadyQueue::new();
            for cancel in [false, true] {
                let (promises, deferreds): (Vec<_>, _) =
                    (0..MANY).map(|_| queue.pair::<()>()).unzip();
                let mut all = join_all(&queue, deferreds);
                if cancel {
                    drop(all);
                    assert!(promises.iter().all(Promise::is_cancelled));
                } else {
                    drop(promises);
                    run(&queue);
                    assert_eq!(all.take().unwrap().unwrap().len(), MANY);
                }

                let (promise, mut row) = queue.pair::<()>();
                for _ in 0..MANY {
                    row = join(&queue, row, Deferred::ready(())).map(|_| ());
                }
                if cancel {
                    drop(row);
                    assert!(promise.is_cancelled());
                } else {
                    promise.resolve(());
                    run(&queue);
                    assert!(row.is_ready());
                }
            }
            assert_eq!((queue.open(), queue.handles()), (0, 1));
        });
    }
}
