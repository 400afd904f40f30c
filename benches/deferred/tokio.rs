//! tokio: a oneshot channel for each promise, and a task on the current-thread runtime that waits for it. The steps of a chain are
//! boxed futures, since their number is not known to the compiler; a chain written out in one `async` block has no cost for its steps.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::Sender;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, oneshot};

use crate::course::{Course, Runner, supplier};

pub(crate) struct Tokio {
    runtime: Runtime,
    supplier: Sender<Vec<oneshot::Sender<u64>>>,
}

struct Sum {
    values: AtomicU64,
    missing: AtomicUsize,
    done: Notify,
}

impl Tokio {
    pub(crate) fn new() -> Self {
        Self {
            runtime: Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime"),
            supplier: supplier(|promise: oneshot::Sender<u64>| {
                promise.send(1).expect("somebody waits");
            }),
        }
    }
}

impl Runner for Tokio {
    fn round(&mut self, course: Course, count: usize) -> u64 {
        let sum = Arc::new(Sum {
            values: AtomicU64::new(0),
            missing: AtomicUsize::new(count),
            done: Notify::new(),
        });
        let supplier = &self.supplier;
        self.runtime.block_on(async {
            let mut promises = Vec::with_capacity(count);
            for _ in 0..count {
                let (promise, later) = oneshot::channel();
                promises.push(promise);
                begin(course, later, Arc::clone(&sum));
            }
            // All of them wait now.
            tokio::task::yield_now().await;
            if course == Course::Remote {
                supplier.send(promises).expect("it waits for them");
            } else {
                for promise in promises {
                    promise.send(1).expect("somebody waits");
                }
            }
            sum.done.notified().await;
        });
        sum.values.load(Relaxed)
    }
}

fn begin(course: Course, later: oneshot::Receiver<u64>, sum: Arc<Sum>) {
    match course {
        Course::When | Course::Remote => {
            tokio::spawn(async move { sum.add(later.await.expect("it is kept")) });
        }
        Course::Timeout => {
            let later = tokio::time::timeout(Duration::from_secs(60), later);
            tokio::spawn(async move {
                sum.add(later.await.expect("in time").expect("it is kept"));
            });
        }
        Course::Map(steps) => {
            let later = chain(later, steps, |value| ready(value + 1), false);
            tokio::spawn(async move { sum.add(later.await) });
        }
        Course::Then(steps) => {
            let later = chain(later, steps, |value| ready(value + 1), true);
            tokio::spawn(async move { sum.add(later.await) });
        }
    }
}

type Step = Pin<Box<dyn Future<Output = u64> + Send>>;

fn chain(
    later: oneshot::Receiver<u64>,
    steps: usize,
    next: fn(u64) -> std::future::Ready<u64>,
    waits: bool,
) -> Step {
    let mut chain: Step = Box::pin(async move { later.await.expect("it is kept") });
    for _ in 0..steps {
        chain = if waits {
            Box::pin(async move { next(chain.await).await })
        } else {
            Box::pin(async move { chain.await + 1 })
        };
    }
    chain
}

impl Sum {
    fn add(&self, value: u64) {
        self.values.fetch_add(value, Relaxed);
        if self.missing.fetch_sub(1, Relaxed) == 1 {
            self.done.notify_one();
        }
    }
}
