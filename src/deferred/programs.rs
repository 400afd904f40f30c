//! Random programs over pairs, steps and joins: every waiter is served once, and nothing is left behind.

use std::cell::Cell;
use std::rc::Rc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::tests::run;
use super::{Deferred, Next, Promise, Ready, ReadyQueue, Ticket, join, join_all};
use crate::error::Error;

/// One order of a program. Numbers choose among what is there, modulo how many there are.
#[derive(Clone, Debug)]
enum Op {
    Pair,
    Settled { ok: bool },
    Step(usize),
    Begin(usize, usize),
    Join(usize, usize),
    JoinAll(usize, usize, usize),
    Notify(usize),
    OnCancel(usize),
    Resolve(usize),
    Reject(usize),
    DropPromise(usize),
    Drop(usize),
    Take(usize),
    Pop,
    DropJob,
}

fn ops() -> impl Strategy<Value = Op> {
    let n = || 0..64_usize;
    prop_oneof![
        6 => Just(Op::Pair),
        1 => any::<bool>().prop_map(|ok| Op::Settled { ok }),
        4 => n().prop_map(Op::Step),
        3 => (n(), n()).prop_map(|(a, b)| Op::Begin(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Op::Join(a, b)),
        2 => (n(), n(), n()).prop_map(|(a, b, c)| Op::JoinAll(a, b, c)),
        3 => n().prop_map(Op::Notify),
        2 => n().prop_map(Op::OnCancel),
        3 => n().prop_map(Op::Resolve),
        1 => n().prop_map(Op::Reject),
        1 => n().prop_map(Op::DropPromise),
        2 => n().prop_map(Op::Drop),
        1 => n().prop_map(Op::Take),
        6 => Just(Op::Pop),
        1 => Just(Op::DropJob),
    ]
}

/// A value that shows when it is not dropped.
type Value = Rc<()>;

/// A deferred that the program holds.
struct Held {
    deferred: Deferred<Value>,
    /// Steps that must have run when this is settled.
    steps: Vec<usize>,
    /// The ticket last left with it.
    ticket: Option<u64>,
    taken: bool,
}

#[derive(Default)]
struct World {
    queue: ReadyQueue,
    value: Value,
    promises: Vec<Promise<Value>>,
    held: Vec<Held>,
    /// How often each step ran.
    ran: Vec<Rc<Cell<u32>>>,
    /// How often each ticket was popped.
    popped: Vec<u32>,
    /// Whether a job was dropped unrun, so that steps may be missing.
    lossy: bool,
    now: Rc<Cell<bool>>,
}

impl World {
    fn counter(&mut self) -> (usize, impl FnOnce() + 'static) {
        let count = Rc::new(Cell::new(0));
        self.ran.push(Rc::clone(&count));
        let (value, in_loop) = (Rc::clone(&self.value), Rc::clone(&self.now));
        (self.ran.len() - 1, move || {
            assert!(
                in_loop.replace(false),
                "a step runs from the loop, and not within another"
            );
            count.set(count.get() + 1);
            drop(value);
            in_loop.set(true);
        })
    }

    fn take_held(&mut self, n: usize) -> Option<Held> {
        // A deferred that was taken cannot have steps that run.
        let candidates: Vec<usize> = (0..self.held.len())
            .filter(|&i| !self.held[i].taken)
            .collect();
        (!candidates.is_empty()).then(|| self.held.swap_remove(candidates[n % candidates.len()]))
    }

    fn take_promise(&mut self, n: usize) -> Option<Promise<Value>> {
        (!self.promises.is_empty()).then(|| self.promises.swap_remove(n % self.promises.len()))
    }

    fn hold(&mut self, deferred: Deferred<Value>, steps: Vec<usize>) {
        self.held.push(Held {
            deferred,
            steps,
            ticket: None,
            taken: false,
        });
    }

    fn pair(&mut self) {
        let (promise, deferred) = self.queue.pair();
        self.promises.push(promise);
        self.hold(deferred, Vec::new());
    }

    fn pop(&mut self, run: bool) -> bool {
        match self.queue.pop() {
            None => return false,
            Some(Ready::Ticket(ticket)) => self.popped[usize::try_from(ticket.call).unwrap()] += 1,
            Some(Ready::Job(job)) if run => {
                self.now.set(true);
                job.run();
                self.now.set(false);
            }
            Some(Ready::Job(job)) => {
                self.lossy = true;
                drop(job);
            }
        }
        true
    }

    fn perform(&mut self, op: Op) -> Option<()> {
        match op {
            Op::Pair => self.pair(),
            Op::Settled { ok } => {
                // One that has a queue, for without one steps run where they are put.
                self.pair();
                let promise = self.promises.pop()?;
                promise.settle(if ok {
                    Ok(Rc::clone(&self.value))
                } else {
                    Err(Error::Timeout)
                });
            }
            Op::Step(n) => {
                let Held {
                    deferred,
                    mut steps,
                    ..
                } = self.take_held(n)?;
                let (id, count) = self.counter();
                steps.push(id);
                let next = deferred.then(move |outcome| {
                    count();
                    Next::Now(outcome)
                });
                self.hold(next, steps);
            }
            Op::Begin(n, m) => {
                let Held {
                    deferred,
                    mut steps,
                    ..
                } = self.take_held(n)?;
                let Some(inner) = self.take_held(m) else {
                    self.hold(deferred, steps);
                    return None;
                };
                let (id, count) = self.counter();
                steps.push(id);
                steps.extend(inner.steps);
                let next = deferred.then(move |outcome| {
                    count();
                    drop(outcome);
                    Next::Later(inner.deferred)
                });
                self.hold(next, steps);
            }
            Op::Join(n, m) => {
                let (a, b) = (self.take_held(n)?, self.take_held(m));
                let b = b.map_or_else(
                    || Deferred::ready(Rc::clone(&self.value)),
                    |held| held.deferred,
                );
                // The first failure cancels the other, so no step of them need run.
                let (id, count) = self.counter();
                let next = join(&self.queue, a.deferred, b).then(move |outcome| {
                    count();
                    Next::Now(outcome.map(|(a, _)| a))
                });
                self.hold(next, vec![id]);
            }
            Op::JoinAll(a, b, c) => {
                let held: Vec<Held> = [a, b, c]
                    .into_iter()
                    .filter_map(|n| self.take_held(n))
                    .collect();
                let (mut steps, mut deferreds) = (Vec::new(), Vec::new());
                for held in held {
                    steps.extend(held.steps);
                    deferreds.push(held.deferred);
                }
                let (id, count) = self.counter();
                steps.push(id);
                let next = join_all(&self.queue, deferreds).then(move |outcomes| {
                    count();
                    Next::Now(outcomes.and_then(|outcomes| {
                        outcomes.into_iter().next().unwrap_or(Err(Error::Busy))
                    }))
                });
                self.hold(next, steps);
            }
            Op::Notify(n) => {
                let mut held = self.take_held(n)?;
                // An earlier ticket may be on the queue already; only the last is counted.
                let call = self.popped.len() as u64;
                self.popped.push(0);
                if held.deferred.notify(Ticket { owner: 1, call }) {
                    held.ticket = Some(call);
                }
                self.held.push(held);
            }
            Op::OnCancel(n) => {
                let mut promise = self.take_promise(n)?;
                let (_, count) = self.counter();
                promise.on_cancel(count);
                self.promises.push(promise);
            }
            Op::Resolve(n) => self.take_promise(n)?.resolve(Rc::clone(&self.value)),
            Op::Reject(n) => self.take_promise(n)?.reject(Error::Timeout),
            Op::DropPromise(n) => drop(self.take_promise(n)?),
            Op::Drop(n) => drop(self.take_held(n)?),
            Op::Take(n) => {
                let mut held = self.take_held(n)?;
                let ready = held.deferred.is_ready();
                held.taken = held.deferred.take().is_some();
                assert_eq!(held.taken, ready);
                self.held.push(held);
            }
            Op::Pop => drop(self.pop(true)),
            Op::DropJob => drop(self.pop(false)),
        }
        Some(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_waiter_is_served_once_and_nothing_is_left(program in vec(ops(), 1..120), close in 0..8_u8) {
        let mut world = World::default();
        for op in program {
            let _ = world.perform(op);
        }
        if close == 0 {
            world.queue.close();
            world.lossy = true;
        }
        world.promises.clear();
        while world.pop(true) {}

        for mut held in std::mem::take(&mut world.held) {
            prop_assert_eq!(held.deferred.is_ready(), !held.taken, "all is settled in the end");
            prop_assert_eq!(held.deferred.take().is_some(), !held.taken);
            if !world.lossy {
                for step in held.steps {
                    prop_assert_eq!(world.ran[step].get(), 1, "step {} of a chain that was kept", step);
                }
            }
            if let Some(ticket) = held.ticket && close != 0 {
                prop_assert_eq!(world.popped[usize::try_from(ticket).unwrap()], 1, "ticket {}", ticket);
            }
        }
        run(&world.queue);
        prop_assert!(world.ran.iter().all(|count| count.get() <= 1));
        prop_assert!(world.popped.iter().all(|&count| count <= 1));
        prop_assert_eq!(world.queue.open(), 0);
        prop_assert_eq!(world.queue.handles(), 1, "no slot is left");
        prop_assert_eq!(Rc::strong_count(&world.value), 1, "no value and no closure is left");
    }
}
