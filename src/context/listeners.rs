//! Doors that are open.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use slab::Slab;

use crate::context::link::Origin;
use crate::context::timers::TimerKey;
use crate::context::{Address, Session};
use crate::time::Time;

/// Names one listener, and no other after it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerId {
    pub(crate) slot: u32,
    pub(crate) generation: u32,
}

impl ListenerId {
    /// As one number: the generation above, the slot below.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        (self.generation as u64) << 32 | self.slot as u64
    }
}

pub(crate) struct Listener<S> {
    generation: u32,
    pub(crate) address: Address,
    pub(crate) origin: Rc<Origin>,
    pub(crate) session: Rc<dyn Fn() -> Box<dyn Session<S>>>,
    /// Its links may be of those that are kept for nodes.
    pub(crate) takes_reserved: bool,
    /// The driver said that connections wait, and no accept has blocked since.
    pub(crate) ready: bool,
    /// It is on the list of those to accept in the next turn.
    pub(crate) queued: bool,
    /// Accepting failed; a timer tries again.
    pub(crate) paused: bool,
    /// The timer that tries again.
    pub(crate) retry: Option<TimerKey>,
    /// How long the last such pause was; zero once a connection was accepted.
    pub(crate) backoff: Duration,
    /// When the last such failure was logged.
    pub(crate) logged_at: Option<Time>,
}

/// All listeners, those to be served in the next turn among them.
pub(crate) struct Listeners<S> {
    slots: Slab<Listener<S>>,
    generation: u32,
    pub(crate) waiting: VecDeque<ListenerId>,
    /// Pauses begun since the last [`resume`](Self::resume): nearly always none, and then resuming looks at nothing.
    pub(crate) paused: usize,
}

impl<S> Default for Listeners<S> {
    fn default() -> Self {
        Self {
            slots: Slab::new(),
            generation: 0,
            waiting: VecDeque::new(),
            paused: 0,
        }
    }
}

impl<S> Listeners<S> {
    pub(crate) fn next_id(&self) -> ListenerId {
        ListenerId {
            slot: self.slots.vacant_key() as u32,
            generation: self.generation.wrapping_add(1),
        }
    }

    pub(crate) fn insert(
        &mut self,
        address: Address,
        origin: Rc<Origin>,
        session: Rc<dyn Fn() -> Box<dyn Session<S>>>,
        takes_reserved: bool,
    ) {
        self.generation = self.generation.wrapping_add(1);
        let generation = self.generation;
        self.slots.insert(Listener {
            generation,
            address,
            origin,
            session,
            takes_reserved,
            ready: false,
            queued: false,
            paused: false,
            retry: None,
            backoff: Duration::ZERO,
            logged_at: None,
        });
    }

    pub(crate) fn get(&self, id: ListenerId) -> Option<&Listener<S>> {
        self.slots
            .get(id.slot as usize)
            .filter(|listener| listener.generation == id.generation)
    }

    pub(crate) fn get_mut(&mut self, id: ListenerId) -> Option<&mut Listener<S>> {
        self.slots
            .get_mut(id.slot as usize)
            .filter(|listener| listener.generation == id.generation)
    }

    pub(crate) fn remove(&mut self, id: ListenerId) -> Option<Listener<S>> {
        self.get(id)?;
        self.waiting.retain(|&waiting| waiting != id);
        Some(self.slots.remove(id.slot as usize))
    }

    pub(crate) fn ids(&self) -> Vec<ListenerId> {
        let ids = self.slots.iter();
        ids.map(|(slot, listener)| ListenerId {
            slot: slot as u32,
            generation: listener.generation,
        })
        .collect()
    }

    /// Has it accept in the next turn, if connections wait and no timer is to try again.
    pub(crate) fn enqueue(&mut self, id: ListenerId) {
        if let Some(listener) = self.get_mut(id)
            && listener.ready
            && !listener.queued
            && !listener.paused
        {
            listener.queued = true;
            self.waiting.push_back(id);
        }
    }

    /// A descriptor or some memory is free again: whoever paused for want of it goes on.
    pub(crate) fn resume(&mut self) {
        if self.paused == 0 {
            return;
        }
        self.paused = 0;
        for id in self.ids() {
            if let Some(listener) = self.get_mut(id) {
                listener.paused = false;
                self.enqueue(id);
            }
        }
    }

    /// Whether every listener at which connections may wait is on the list or has a timer.
    pub(crate) fn check(&self) {
        for (slot, listener) in &self.slots {
            let served = !listener.ready || listener.queued || listener.paused;
            assert!(
                served,
                "listener {slot} has connections waiting and nobody will accept them"
            );
        }
    }
}
