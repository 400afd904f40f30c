//! A failure that nobody took is logged, once.

use std::cell::RefCell;
use std::sync::Once;

use log::{Level, LevelFilter, Log, Metadata, Record};
use oneloop::Error;
use oneloop::deferred::{Deferred, Promise, Ready, ReadyQueue, join, join_all};

thread_local! {
    /// What this thread logged: tests run on a thread each.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Capture;

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        assert_eq!(record.level(), Level::Warn);
        assert!(
            record.target().starts_with("oneloop::deferred"),
            "{}",
            record.target()
        );
        LINES.with_borrow_mut(|lines| lines.push(record.args().to_string()));
    }

    fn flush(&self) {}
}

/// What `f` had logged, given a pair.
fn logged(f: impl FnOnce(&ReadyQueue, Promise<u32>, Deferred<u32>)) -> Vec<String> {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        log::set_logger(&Capture).expect("no other logger is installed");
        log::set_max_level(LevelFilter::Trace);
    });
    LINES.take();
    let queue = ReadyQueue::new();
    let (promise, deferred) = queue.pair();
    f(&queue, promise, deferred);
    run(&queue);
    queue.close();
    assert_eq!(queue.open(), 0);
    LINES.take()
}

fn run(queue: &ReadyQueue) {
    while let Some(ready) = queue.pop() {
        if let Ready::Job(job) = ready {
            job.run();
        }
    }
}

const NO: [&str; 1] = ["a failure nobody took: no"];
const DROPPED: [&str; 1] = ["a failure nobody took: the promise was dropped unanswered"];
const NOTHING: [&str; 0] = [];

#[test]
fn a_failure_dropped_with_its_deferred_is_logged() {
    assert_eq!(
        logged(|_, promise, deferred| {
            promise.reject("no");
            drop(deferred);
        }),
        NO
    );
    assert_eq!(logged(|_, _, _| drop(Deferred::<u32>::failed("no"))), NO);
}

#[test]
fn an_unanswered_promise_is_logged_if_nobody_looked() {
    assert_eq!(
        logged(|_, promise, deferred| {
            drop(promise);
            drop(deferred);
        }),
        DROPPED
    );
}

#[test]
fn a_failure_after_the_cancel_is_logged() {
    assert_eq!(
        logged(|_, promise, deferred| {
            drop(deferred);
            promise.reject("no");
        }),
        NO
    );
}

#[test]
fn a_cancelled_promise_may_be_dropped() {
    assert_eq!(
        logged(|_, promise, deferred| {
            drop(deferred);
            drop(promise);
        }),
        NOTHING
    );
    assert_eq!(
        logged(|_, promise, deferred| {
            drop(deferred.map(|n| n).and_then(Deferred::ready));
            drop(promise);
        }),
        NOTHING
    );
}

#[test]
fn a_failure_that_was_taken_is_not_logged() {
    assert_eq!(
        logged(|_, promise, mut deferred| {
            promise.reject("no");
            assert!(matches!(deferred.take(), Some(Err(Error::Failed(_)))));
        }),
        NOTHING
    );
    assert_eq!(
        logged(|queue, promise, deferred| {
            let mut mended = deferred.map(|n| n + 1).or_else(|_| Deferred::ready(0));
            promise.reject("no");
            run(queue);
            assert!(matches!(mended.take(), Some(Ok(0))));
        }),
        NOTHING
    );
}

#[test]
fn a_failure_is_logged_once_wherever_it_is_lost_in_a_chain() {
    // Before any step ran, after the first, and at the end.
    for jobs in 0..4 {
        assert_eq!(
            logged(|queue, promise, deferred| {
                let end = deferred
                    .map(|n| n + 1)
                    .and_then(Deferred::ready)
                    .map_err(|error| error);
                promise.reject("no");
                for _ in 0..jobs {
                    if let Some(Ready::Job(job)) = queue.pop() {
                        job.run();
                    }
                }
                drop(end);
            }),
            NO,
            "after {jobs} jobs"
        );
    }
    assert_eq!(
        logged(|queue, promise, deferred| {
            let end = deferred.map(|n| n + 1);
            promise.reject("no");
            drop(queue.pop());
            drop(end);
        })[0],
        NO[0],
        "a job that is dropped unrun loses it too"
    );
}

#[test]
fn a_failure_lost_in_a_join_is_logged_once() {
    assert_eq!(
        logged(|queue, promise, deferred| {
            let (_other, second) = queue.pair::<u32>();
            let all = join_all(queue, vec![deferred, second]);
            promise.reject("no");
            run(queue);
            drop(all);
        }),
        NO
    );
    assert_eq!(
        logged(|queue, promise, deferred| {
            let (other, second) = queue.pair::<u32>();
            let mut both = join(queue, deferred, second);
            other.reject("first");
            promise.reject("no");
            run(queue);
            assert_eq!(both.take().unwrap().unwrap_err().to_string(), "first");
        }),
        NO,
        "the second failure of two"
    );
}

#[test]
fn the_end_of_the_loop_is_not_a_failure() {
    assert_eq!(
        logged(|queue, promise, deferred| {
            let (waiting, second) = queue.pair::<u32>();
            let ends = (
                deferred.map(|n| n + 1).map(|n| n + 1),
                second.map(|n| n + 1),
            );
            promise.resolve(1);
            queue.close();
            drop(waiting);
            drop(ends);
        }),
        NOTHING
    );
    assert_eq!(
        logged(|queue, promise, deferred| {
            let end = deferred.map(|n| n + 1);
            promise.reject("no");
            queue.close();
            drop(end);
        }),
        NO,
        "but one that was on its way is"
    );
}
