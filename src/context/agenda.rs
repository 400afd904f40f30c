//! What is still to be done.

use std::any::{Any, TypeId};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use slab::Slab;

use crate::context::mailbox::{Letter, Mailbox};
use crate::context::steps::Steps;
use crate::context::timers::{TimerKey, Timers};
use crate::context::{Context, Limits, LinkId, ListenerId, Tick};
use crate::deferred::{Acceptor, ReadyQueue, Ticket};
use crate::time::Time;

/// What is still to be done, other than for a link: timers, callbacks that wait, settled deferreds, letters from other threads.
pub(crate) struct Agenda<S> {
    pub(crate) timers: Timers<Due>,
    pub(crate) callbacks: Callbacks<S>,
    pub(crate) ready: ReadyQueue,
    pub(crate) mailbox: Arc<Mailbox<S>>,
    /// The mailbox has letters.
    pub(crate) mail_waits: bool,
    /// Letters taken out of the mailbox and not yet read, for want of budget.
    pub(crate) letters: VecDeque<Letter<S>>,
    /// The other halves of promises that went to other threads.
    remotes: Slab<(u32, Acceptor)>,
    remote_generation: u32,
    /// Callbacks for the next turn.
    pub(crate) next_turn: Vec<CallbackKey>,
    pub(crate) on_stop: Vec<Callback<S>>,
    pub(crate) stop: Stop,
    pub(crate) limits: Limits,
    pub(crate) reserved: Reserved,
    /// How long each step of this turn takes.
    pub(crate) steps: Steps,
    /// The link the present callback is about.
    pub(crate) link: Option<LinkId>,
    /// When the call has to be answered that is in its target; never if none is.
    pub(crate) until: Time,
    /// What protocols keep for the whole loop, one of each type.
    pub(crate) parts: Vec<(TypeId, Rc<dyn Any>)>,
}

/// Links of `links_max` that are kept for nodes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reserved {
    /// For those that are dialled.
    pub(crate) dialled: usize,
    /// For those of listeners that take them.
    pub(crate) accepted: usize,
}

/// How far the loop is with stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Not at all.
    No,
    /// It was told to, and begins when this callback is over.
    Ordered { at_once: bool },
    /// It waits for its links and jobs.
    Draining,
    /// It has stopped.
    Done,
}

/// What a timer is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Due {
    /// One of a link's deadlines.
    Link(LinkId),
    /// Another try to accept.
    Listener(ListenerId),
    /// A callback.
    Callback(CallbackKey),
    /// The end of draining.
    Drain,
}

/// The `owner` of a ticket that is for a callback and not for a link: no link has slot 2^32 - 1, since links are fewer.
pub(crate) const CALLBACK_SETTLED: u64 = u64::MAX;
/// The same, when nobody waits for the callback's promise any more.
pub(crate) const CALLBACK_CANCELLED: u64 = u64::MAX - 1;

impl<S> Agenda<S> {
    pub(crate) fn new(limits: Limits, mailbox: Arc<Mailbox<S>>) -> Self {
        Self {
            timers: Timers::default(),
            callbacks: Callbacks::default(),
            ready: ReadyQueue::new(),
            mailbox,
            mail_waits: false,
            letters: VecDeque::new(),
            remotes: Slab::new(),
            remote_generation: 0,
            next_turn: Vec::new(),
            on_stop: Vec::new(),
            stop: Stop::No,
            limits,
            reserved: Reserved::default(),
            steps: Steps::default(),
            link: None,
            until: Time::NEVER,
            parts: Vec::new(),
        }
    }

    /// The present callback is over.
    #[inline]
    pub(crate) fn leave_link(&mut self) {
        self.link = None;
        self.until = Time::NEVER;
    }

    /// Whether there is something to do in the next turn, whatever the world does.
    pub(crate) fn has_work(&self) -> bool {
        self.mail_waits
            || !self.next_turn.is_empty()
            || !self.letters.is_empty()
            || !self.ready.is_empty()
            || matches!(self.stop, Stop::Ordered { .. })
    }

    /// A number for the promise whose acceptor comes with [`keep_remote`](Self::keep_remote).
    pub(crate) fn next_remote(&self) -> u64 {
        u64::from(self.remote_generation.wrapping_add(1)) << 32 | self.remotes.vacant_key() as u64
    }

    pub(crate) fn keep_remote(&mut self, acceptor: Acceptor) {
        self.remote_generation = self.remote_generation.wrapping_add(1);
        self.remotes.insert((self.remote_generation, acceptor));
    }

    pub(crate) fn take_remote(&mut self, id: u64) -> Option<Acceptor> {
        let (slot, generation) = (id as u32 as usize, (id >> 32) as u32);
        match self.remotes.get(slot) {
            Some((known, _)) if *known == generation => Some(self.remotes.remove(slot).1),
            _ => None,
        }
    }

    pub(crate) fn remotes_len(&self) -> usize {
        self.remotes.len()
    }

    pub(crate) fn cancel(&mut self, key: CallbackKey) -> bool {
        let Some(entry) = self.callbacks.remove(key) else {
            return false;
        };
        if let Some(timer) = entry.timer {
            self.timers.cancel(timer);
        }
        true
    }

    pub(crate) fn after(&mut self, at: Time, run: Run<S>) -> CallbackKey {
        let key = self.callbacks.next_key();
        let timer = self.timers.arm(at, Due::Callback(key));
        self.callbacks.insert(Entry {
            timer: Some(timer),
            run,
        });
        key
    }

    /// The ticket by which a settled deferred finds the callback `key`.
    pub(crate) const fn ticket(key: CallbackKey) -> Ticket {
        Ticket {
            owner: CALLBACK_SETTLED,
            call: key.as_u64(),
        }
    }

    /// The ticket by which a promise that nobody waits for finds it.
    pub(crate) const fn cancel_ticket(key: CallbackKey) -> Ticket {
        Ticket {
            owner: CALLBACK_CANCELLED,
            call: key.as_u64(),
        }
    }
}

pub(crate) type Callback<S> = Box<dyn FnOnce(&mut Context<'_, S>)>;
pub(crate) type First<S> = Box<dyn FnOnce(&mut Context<'_, S>, Cause)>;
pub(crate) type Beat<S> = Box<dyn FnMut(&mut Context<'_, S>, Tick)>;

/// A callback that waits for a timer, a deferred, or whichever comes first.
pub(crate) struct Entry<S> {
    pub(crate) timer: Option<TimerKey>,
    pub(crate) run: Run<S>,
}

pub(crate) enum Run<S> {
    Once(Callback<S>),
    /// Runs each time; out while it runs.
    Every(Every<S>),
    /// Told what came first.
    First(First<S>),
}

pub(crate) struct Every<S> {
    pub(crate) period: Duration,
    pub(crate) due: Time,
    pub(crate) run: Option<Beat<S>>,
}

/// What a callback of [`Run::First`] was run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Settled,
    Expired,
    Cancelled,
}

/// Names one waiting callback, and no other after it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CallbackKey {
    slot: u32,
    generation: u32,
}

impl CallbackKey {
    pub(crate) const fn as_u64(self) -> u64 {
        (self.generation as u64) << 32 | self.slot as u64
    }

    pub(crate) const fn from_u64(number: u64) -> Self {
        Self {
            slot: number as u32,
            generation: (number >> 32) as u32,
        }
    }
}

/// Callbacks that wait.
pub(crate) struct Callbacks<S> {
    entries: Slab<(u32, Entry<S>)>,
    generation: u32,
}

impl<S> Default for Callbacks<S> {
    fn default() -> Self {
        Self {
            entries: Slab::new(),
            generation: 0,
        }
    }
}

impl<S> Callbacks<S> {
    pub(crate) fn next_key(&self) -> CallbackKey {
        CallbackKey {
            slot: self.entries.vacant_key() as u32,
            generation: self.generation.wrapping_add(1),
        }
    }

    #[cfg(feature = "sim")]
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn insert(&mut self, entry: Entry<S>) {
        self.generation = self.generation.wrapping_add(1);
        self.entries.insert((self.generation, entry));
    }

    pub(crate) fn get_mut(&mut self, key: CallbackKey) -> Option<&mut Entry<S>> {
        match self.entries.get_mut(key.slot as usize) {
            Some((generation, entry)) if *generation == key.generation => Some(entry),
            _ => None,
        }
    }

    pub(crate) fn remove(&mut self, key: CallbackKey) -> Option<Entry<S>> {
        self.get_mut(key)?;
        Some(self.entries.remove(key.slot as usize).1)
    }
}
