//! oneloop: `Context::defer` and `Context::when` on a reactor, which is driven turn by turn.

use std::sync::mpsc::Sender;
use std::time::Duration;

use oneloop::{Context, Deferred, Reactor, Result, SendPromise};

use crate::course::{Course, Runner, supplier};

pub(crate) struct Oneloop {
    reactor: Reactor<Sum>,
    supplier: Sender<Vec<SendPromise<u64>>>,
}

#[derive(Default)]
struct Sum {
    values: u64,
    callbacks: usize,
}

impl Oneloop {
    pub(crate) fn new() -> Self {
        Self {
            reactor: Reactor::new(Sum::default()).expect("a poll"),
            supplier: supplier(|promise: SendPromise<u64>| promise.resolve(1)),
        }
    }
}

impl Runner for Oneloop {
    fn round(&mut self, course: Course, count: usize) -> u64 {
        *self.reactor.state_mut() = Sum::default();
        let supplier = &self.supplier;
        let begun: Result<()> = self.reactor.start(|cx| {
            begin(cx, course, count, supplier);
            Ok(())
        });
        begun.expect("nothing fails");
        while self.reactor.state().callbacks < count {
            self.reactor.turn(None).expect("it goes on");
        }
        self.reactor.state().values
    }
}

fn begin(
    cx: &mut Context<'_, Sum>,
    course: Course,
    count: usize,
    supplier: &Sender<Vec<SendPromise<u64>>>,
) {
    if course == Course::Remote {
        let mut promises = Vec::with_capacity(count);
        for _ in 0..count {
            let (promise, later) = cx.defer_remote();
            promises.push(promise);
            cx.when(later, add);
        }
        supplier.send(promises).expect("it waits for them");
        return;
    }
    let mut promises = Vec::with_capacity(count);
    for _ in 0..count {
        let (promise, mut later) = cx.defer();
        promises.push(promise);
        match course {
            Course::Map(steps) => {
                for _ in 0..steps {
                    later = later.map(|value| value + 1);
                }
            }
            Course::Then(steps) => {
                for _ in 0..steps {
                    later = later.and_then(|value| Deferred::ready(value + 1));
                }
            }
            Course::Timeout => later = cx.timeout(later, Duration::from_secs(60)),
            Course::When | Course::Remote => {}
        }
        cx.when(later, add);
    }
    for promise in promises {
        promise.resolve(1);
    }
}

fn add(cx: &mut Context<'_, Sum>, outcome: Result<u64>) {
    cx.state.values += outcome.expect("it is kept");
    cx.state.callbacks += 1;
}
