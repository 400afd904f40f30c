//! What is done when nobody waits any more.

use std::rc::Weak;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ready::{Job, Node, Ready, ReadyQueue, Ticket};

/// What a promise's side wants done when its deferred is cancelled.
pub(super) enum Hook {
    Nothing,
    /// Cancel that one too: ours is made of it. Weak, as it holds our promise: it lives by its own promise or by its place on the queue.
    Source(Weak<dyn Node>),
    Ticket(Ticket),
    Call(Box<dyn FnOnce()>),
    /// For another thread to read.
    Flag(Arc<AtomicBool>),
    Many(Vec<Self>),
}

impl Hook {
    /// Puts `more` behind what is there.
    pub(super) fn add(&mut self, more: Self) {
        match self {
            Self::Nothing => *self = more,
            Self::Many(hooks) => hooks.push(more),
            _ => {
                let first = std::mem::replace(self, Self::Nothing);
                *self = Self::Many(vec![first, more]);
            }
        }
    }

    /// Nobody waits any more. Runs no code of the user: that goes on the queue.
    pub(super) fn cancelled(self, queue: &ReadyQueue) {
        match self {
            Self::Nothing => {}
            Self::Source(source) => {
                if let Some(node) = source.upgrade() {
                    queue.discard(Job::of(node));
                }
            }
            Self::Ticket(ticket) => queue.push(Ready::Ticket(ticket)),
            Self::Call(call) => queue.push(Ready::Job(Job::call(call))),
            Self::Flag(flag) => flag.store(true, Ordering::Release),
            // One level: `add` never nests them.
            Self::Many(hooks) => hooks.into_iter().for_each(|hook| hook.cancelled(queue)),
        }
    }

    /// The promise was kept, so there is nothing to tell. What a closure holds may be promises with closures of their own, hence not
    /// dropped here but one after the other.
    pub(super) fn discard(self, queue: &ReadyQueue) {
        match self {
            Self::Call(call) => queue.discard(Job::call(call)),
            Self::Many(hooks) => hooks.into_iter().for_each(|hook| hook.discard(queue)),
            Self::Nothing | Self::Source(_) | Self::Ticket(_) | Self::Flag(_) => {}
        }
    }
}
