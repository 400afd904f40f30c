//! Where the two ends of a pair meet.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use crate::error::Result;

use super::Promise;
use super::hook::Hook;
use super::outcome::Outcome;
use super::ready::{Job, Node, Ready, ReadyQueue, Ticket};

/// What a [`Promise`] and its [`Deferred`](super::Deferred) point to: the one allocation of a pair.
///
/// No method drops or calls anything of the user's while it borrows `state`.
pub(super) struct Slot<T: 'static> {
    state: RefCell<State<T>>,
    /// None if it was settled from the start. A slot with a promise has one.
    queue: Option<ReadyQueue>,
}

/// ```text
///             settle                    take, run
///   Waiting ───────────────► Settled ──────────────► Done
///      │    (puts the waiter    │                     ▲ ▲
///      │       on the queue)    └─── cancel ──────────┘ │
///      │ cancel                                         │
///      └──────────► Cancelled ──────── settle ──────────┘
///                                 (the value is late)
/// ```
enum State<T: 'static> {
    /// Nothing came yet.
    Waiting { waiter: Waiter<T>, hook: Hook },
    /// It came. With a reaction, the slot is on the queue to run it.
    Settled {
        outcome: Outcome<T>,
        reaction: Option<Reaction<T>>,
    },
    /// Nobody waits any more, and the promise is still out.
    Cancelled,
    /// The promise is used and the outcome is gone: taken, or dropped.
    Done,
}

/// Who waits.
enum Waiter<T: 'static> {
    Nobody,
    Ticket(Ticket),
    Reaction(Reaction<T>),
}

/// The next step of a chain. A slot that has one belongs to it: its deferred is used up.
pub(super) enum Reaction<T: 'static> {
    Call(Box<dyn FnOnce(Result<T>)>),
    /// The outcome is another promise's. Not a closure, so that [`Slot::take_forward`] can see it, and it needs no box.
    Forward(Promise<T>),
}

impl<T: 'static> Slot<T> {
    pub(super) fn waiting(queue: ReadyQueue) -> Rc<Self> {
        let state = State::Waiting {
            waiter: Waiter::Nobody,
            hook: Hook::Nothing,
        };
        Rc::new(Self {
            state: RefCell::new(state),
            queue: Some(queue),
        })
    }

    pub(super) fn settled(result: Result<T>) -> Rc<Self> {
        let state = State::Settled {
            outcome: Outcome::new(result),
            reaction: None,
        };
        Rc::new(Self {
            state: RefCell::new(state),
            queue: None,
        })
    }

    pub(super) const fn queue(&self) -> Option<&ReadyQueue> {
        self.queue.as_ref()
    }

    /// The queue of a slot that somebody waits on, or has a promise for.
    fn its_queue(&self) -> &ReadyQueue {
        self.queue
            .as_ref()
            .expect("only a slot made settled has no queue")
    }

    // The promise's side.

    /// The outcome is here. Does nothing if one was before, which is how a promise drops that was used.
    pub(super) fn settle(self: &Rc<Self>, result: Result<T>) {
        let before = {
            let mut state = self.state.borrow_mut();
            if matches!(*state, State::Settled { .. } | State::Done) {
                return;
            }
            std::mem::replace(&mut *state, State::Done)
        };
        let queue = self.its_queue();
        queue.promise_used();
        let outcome = Outcome::new(result);
        if let State::Waiting { waiter, hook } = before {
            let (reaction, ready) = match waiter {
                Waiter::Nobody => (None, None),
                Waiter::Ticket(ticket) => (None, Some(Ready::Ticket(ticket))),
                Waiter::Reaction(reaction) => (Some(reaction), Some(self.job())),
            };
            *self.state.borrow_mut() = State::Settled { outcome, reaction };
            if let Some(ready) = ready {
                queue.push(ready);
            }
            hook.discard(queue);
        } else if outcome.is_dropped() {
            // It was cancelled, so that nobody supplied it is what was wanted.
            outcome.excuse_dropped();
        } else {
            queue.count_late();
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        matches!(*self.state.borrow(), State::Cancelled)
    }

    /// Has `hook` done on cancelling, besides what is there; at once if that has happened.
    pub(super) fn add_hook(&self, more: Hook) {
        if let State::Waiting { hook, .. } = &mut *self.state.borrow_mut() {
            hook.add(more);
            return;
        }
        more.cancelled(self.its_queue());
    }

    /// What is done on cancelling, from now on; gives back what was.
    pub(super) fn replace_hook(&self, new: Hook) -> Hook {
        match &mut *self.state.borrow_mut() {
            State::Waiting { hook, .. } => std::mem::replace(hook, new),
            _ => new,
        }
    }

    /// If whatever comes here goes on to another promise and nowhere else, that promise: this slot is out of the way then.
    pub(super) fn take_forward(&self) -> Option<Promise<T>> {
        let before = {
            let mut state = self.state.borrow_mut();
            let State::Waiting {
                waiter: Waiter::Reaction(Reaction::Forward(_)),
                ..
            } = &*state
            else {
                return None;
            };
            std::mem::replace(&mut *state, State::Done)
        };
        self.its_queue().promise_used();
        match before {
            State::Waiting {
                waiter: Waiter::Reaction(Reaction::Forward(promise)),
                ..
            } => Some(promise),
            _ => None,
        }
    }

    // The deferred's side.

    pub(super) fn is_settled(&self) -> bool {
        matches!(*self.state.borrow(), State::Settled { reaction: None, .. })
    }

    pub(super) fn take(&self) -> Option<Result<T>> {
        let mut state = self.state.borrow_mut();
        if !matches!(*state, State::Settled { reaction: None, .. }) {
            return None;
        }
        match std::mem::replace(&mut *state, State::Done) {
            State::Settled { outcome, .. } => Some(outcome.take()),
            _ => None,
        }
    }

    pub(super) fn notify(&self, ticket: Ticket) -> bool {
        match &mut *self.state.borrow_mut() {
            State::Waiting { waiter, .. } => {
                *waiter = Waiter::Ticket(ticket);
                return true;
            }
            State::Settled { .. } => {}
            State::Cancelled | State::Done => return false,
        }
        let Some(queue) = &self.queue else {
            return false;
        };
        queue.push(Ready::Ticket(ticket));
        true
    }

    /// Puts a step behind it, which uses the deferred up. If the outcome was taken, the step is dropped, and so is its promise.
    pub(super) fn react(self: &Rc<Self>, next: Reaction<T>) {
        match &mut *self.state.borrow_mut() {
            State::Waiting { waiter, .. } => {
                *waiter = Waiter::Reaction(next);
                return;
            }
            State::Settled { reaction, .. } => *reaction = Some(next),
            // Dropped on return, when the borrow is over.
            State::Cancelled | State::Done => return,
        }
        self.its_queue().push(self.job());
    }

    /// The deferred is dropped. That cancels, unless it was used up.
    pub(super) fn abandon(self: &Rc<Self>) {
        let settled = match &*self.state.borrow() {
            State::Waiting {
                waiter: Waiter::Nobody | Waiter::Ticket(_),
                ..
            } => false,
            State::Settled { reaction: None, .. } => true,
            _ => return,
        };
        match &self.queue {
            // The value may hold deferreds that hold values: one after the other.
            Some(queue) if settled => queue.discard(Job::of(Rc::<Self>::clone(self))),
            // Now and not in turn, so that a promise dropped next finds itself cancelled.
            _ => Rc::clone(self).cancel(),
        }
    }

    fn job(self: &Rc<Self>) -> Ready {
        Ready::Job(Job::of(Rc::<Self>::clone(self)))
    }
}

impl<T: 'static> Node for Slot<T> {
    fn run(self: Rc<Self>) {
        let before = {
            let mut state = self.state.borrow_mut();
            if !matches!(
                *state,
                State::Settled {
                    reaction: Some(_),
                    ..
                }
            ) {
                // Cancelled since it was put on the queue.
                return;
            }
            std::mem::replace(&mut *state, State::Done)
        };
        if let State::Settled {
            outcome,
            reaction: Some(reaction),
        } = before
        {
            match reaction {
                Reaction::Call(call) => call(outcome.take()),
                Reaction::Forward(promise) => promise.settle(outcome.take()),
            }
        }
    }

    fn cancel(self: Rc<Self>) {
        let before = {
            let mut state = self.state.borrow_mut();
            let after = match *state {
                State::Waiting { .. } => State::Cancelled,
                State::Settled { .. } => State::Done,
                State::Cancelled | State::Done => return,
            };
            std::mem::replace(&mut *state, after)
        };
        match before {
            State::Waiting { waiter, hook } => {
                hook.cancelled(self.its_queue());
                drop(waiter);
            }
            State::Settled { outcome, reaction } => {
                // In a chain that nobody waits for, and when the loop is over, an unanswered promise is no news.
                if reaction.is_some() || self.queue.as_ref().is_some_and(ReadyQueue::is_closed) {
                    outcome.excuse_dropped();
                }
            }
            State::Cancelled | State::Done => {}
        }
    }
}

impl<T: 'static> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.state.borrow() {
            State::Waiting { .. } => "Waiting",
            State::Settled { .. } => "Settled",
            State::Cancelled => "Cancelled",
            State::Done => "Done",
        })
    }
}
