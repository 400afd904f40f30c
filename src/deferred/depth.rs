//! However long a chain and however deep a nest, the stack stays flat.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use super::tests::{STEPS, run};
use super::{Deferred, Promise, Ready, ReadyQueue};
use crate::error::Error;

const MANY: usize = 1_000_000;
/// More than the small stack has room for at five bytes a step, and sooner done.
const ENOUGH: usize = 50_000;

fn chain(queue: &ReadyQueue, kind: usize, length: usize) -> (Promise<usize>, Deferred<usize>) {
    let (promise, begin) = queue.pair();
    (promise, lengthen(begin, kind, length))
}

fn lengthen(begin: Deferred<usize>, kind: usize, length: usize) -> Deferred<usize> {
    (0..length).fold(begin, |end, _| STEPS[kind](end))
}

/// How long a chain of steps of this kind is: a million for the first two, `map` and `and_then`.
const fn length(kind: usize) -> usize {
    if kind < 2 { MANY } else { ENOUGH }
}

/// Recursion of a step's depth would be over after some thousand steps.
pub(super) fn on_a_small_stack(f: fn()) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(f);
    thread
        .expect("a thread starts")
        .join()
        .expect("it does not overflow its stack, nor panic otherwise");
}

#[test]
fn a_million_steps_resolve() {
    on_a_small_stack(|| {
        for kind in 0..STEPS.len() {
            let queue = ReadyQueue::new();
            let (promise, mut end) = chain(&queue, kind, length(kind));
            promise.resolve(0);
            assert_eq!(queue.len(), 1);
            run(&queue);
            assert_eq!(end.take().unwrap().unwrap(), length(kind));
            assert_eq!(queue.open(), 0);

            let mut end = lengthen(Deferred::ready(0), kind, length(kind));
            assert_eq!(end.take().unwrap().unwrap(), length(kind));
        }
    });
}

#[test]
fn a_million_steps_fail_by_a_dropped_promise() {
    on_a_small_stack(|| {
        for kind in 0..STEPS.len() {
            let queue = ReadyQueue::new();
            let (promise, mut end) = chain(&queue, kind, length(kind));
            drop(promise);
            run(&queue);
            assert!(matches!(end.take(), Some(Err(Error::Dropped))));
            assert_eq!(queue.open(), 0);
        }
    });
}

#[test]
fn a_million_steps_are_cancelled() {
    on_a_small_stack(|| {
        for kind in 0..STEPS.len() {
            // Before anything came; with the outcome on the queue; and half way.
            for jobs in [None, Some(0), Some(ENOUGH / 2)] {
                let queue = ReadyQueue::new();
                let length = if jobs.is_none() { length(kind) } else { ENOUGH };
                let (promise, end) = chain(&queue, kind, length);
                let kept = match jobs {
                    None => Some(promise),
                    Some(jobs) => {
                        promise.resolve(0);
                        for _ in 0..jobs {
                            let Some(Ready::Job(job)) = queue.pop() else {
                                unreachable!("the chain is longer")
                            };
                            job.run();
                        }
                        None
                    }
                };
                drop(end);
                assert_eq!(
                    kept.is_some_and(|promise| promise.is_cancelled()),
                    jobs.is_none()
                );
                run(&queue);
                assert_eq!((queue.open(), queue.late()), (0, 0));
            }
        }
    });
}

#[test]
fn a_million_steps_fall_when_the_queue_closes() {
    on_a_small_stack(|| {
        for kind in 0..STEPS.len() {
            // Settled before it closes, and after.
            for before in [true, false] {
                let queue = ReadyQueue::new();
                let length = if before { length(kind) } else { ENOUGH };
                let (promise, mut end) = chain(&queue, kind, length);
                if before {
                    promise.resolve(0);
                    queue.close();
                } else {
                    queue.close();
                    drop(promise);
                }
                assert!(queue.is_empty());
                assert!(matches!(end.take(), Some(Err(Error::Dropped))));
                assert_eq!(queue.open(), 0);
            }
        }
    });
}

#[test]
fn many_deferreds_within_each_other_are_dropped() {
    on_a_small_stack(|| {
        let queue = ReadyQueue::new();
        // Each in the closure of the next.
        let (mut promises, mut outermost) = (Vec::new(), Deferred::ready(()));
        for _ in 0..ENOUGH {
            let (promise, deferred) = queue.pair::<()>();
            promises.push(promise);
            let within = outermost;
            outermost = deferred.map(move |()| drop(within));
        }
        drop(outermost);
        assert!(promises.iter().all(Promise::is_cancelled));
        drop(promises);
        // Each in the value of the next.
        let mut outermost = None::<Deferred<Box<dyn Any>>>;
        for _ in 0..ENOUGH {
            let (promise, deferred) = queue.pair();
            promise.resolve(Box::new(outermost) as Box<dyn Any>);
            outermost = Some(deferred);
        }
        drop(outermost);
        // Each in the other closure of the next, kept and cancelled.
        for cancel in [false, true] {
            let mut outermost = None::<(Promise<()>, Deferred<()>)>;
            for _ in 0..ENOUGH {
                let (mut promise, deferred) = queue.pair();
                let within = outermost;
                promise.on_cancel(move || drop(within));
                outermost = Some((promise, deferred));
            }
            let (promise, deferred) = outermost.expect("many are some");
            if cancel {
                drop(deferred);
                drop(promise);
                run(&queue);
            } else {
                promise.resolve(());
                drop(deferred);
                run(&queue);
            }
        }
        assert_eq!(queue.open(), 0);
    });
}

#[test]
fn a_chain_that_begins_itself_anew_does_not_grow() {
    fn count_down(queue: &ReadyQueue, open_max: Rc<Cell<usize>>, left: usize) -> Deferred<usize> {
        open_max.set(open_max.get().max(queue.open()));
        let (promise, tick) = queue.pair::<()>();
        promise.resolve(());
        let again = queue.clone();
        tick.and_then(move |()| {
            if left == 0 {
                Deferred::ready(7)
            } else {
                count_down(&again, open_max, left - 1)
            }
        })
    }
    on_a_small_stack(|| {
        let queue = ReadyQueue::new();
        let open_max = Rc::new(Cell::new(0));
        let mut end = count_down(&queue, Rc::clone(&open_max), ENOUGH).map(|n| n + 1);
        run(&queue);
        assert_eq!(end.take().unwrap().unwrap(), 8);
        assert!(open_max.get() < 8, "{} promises at once", open_max.get());
        assert_eq!(queue.open(), 0);

        let end = count_down(&queue, open_max, ENOUGH).map(|n| n + 1);
        for _ in 0..ENOUGH {
            let Some(Ready::Job(job)) = queue.pop() else {
                unreachable!("it goes on longer")
            };
            job.run();
        }
        drop(end);
        run(&queue);
        assert_eq!(queue.open(), 0, "it is cancelled wherever it is");
    });
}
