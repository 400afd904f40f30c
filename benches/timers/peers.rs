//! Two peers by hand. Like ours they keep a boxed callback for each timer in a slab, name timers by slot and generation, and read the
//! clock for each that is armed; they differ in how they find what is due.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

use slab::Slab;

use crate::load::{Spans, Timers};

type Callback = Box<dyn FnOnce(&mut usize)>;

/// A name that is not used again: slot and generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    slot: usize,
    generation: u64,
}

/// What finds the timers that are due.
pub(crate) trait Order: Default {
    fn insert(&mut self, at: Instant, key: Key);

    /// Takes a timer out, or leaves it to be found dead: those of `entries` are alive.
    fn remove(&mut self, at: Instant, key: Key, entries: &Slab<Entry>);

    /// The first if it is due, dead or alive.
    fn pop(&mut self, now: Instant) -> Option<Key>;
}

pub(crate) struct Entry {
    at: Instant,
    generation: u64,
    callback: Callback,
}

pub(crate) struct Peer<O> {
    entries: Slab<Entry>,
    order: O,
    generation: u64,
    fired: usize,
    spans: Spans,
}

impl<O: Order> Peer<O> {
    pub(crate) fn new() -> Self {
        Self {
            entries: Slab::new(),
            order: O::default(),
            generation: 0,
            fired: 0,
            spans: Spans::new(),
        }
    }

    fn after(&mut self, span: Duration) -> Key {
        let at = Instant::now() + span;
        self.generation += 1;
        let generation = self.generation;
        let slot = self.entries.insert(Entry {
            at,
            generation,
            callback: Box::new(|fired| *fired += 1),
        });
        let key = Key { slot, generation };
        self.order.insert(at, key);
        key
    }

    fn cancel(&mut self, key: Key) -> bool {
        if !is_alive(&self.entries, key) {
            return false;
        }
        let entry = self.entries.remove(key.slot);
        self.order.remove(entry.at, key, &self.entries);
        true
    }
}

fn is_alive(entries: &Slab<Entry>, key: Key) -> bool {
    entries
        .get(key.slot)
        .is_some_and(|entry| entry.generation == key.generation)
}

impl<O: Order> Timers for Peer<O> {
    fn fill(&mut self, pending: usize) {
        for _ in 0..pending {
            let span = self.spans.deadline();
            self.after(span);
        }
    }

    fn arm_and_cancel(&mut self, count: usize) {
        let mut armed = VecDeque::with_capacity(17);
        for _ in 0..count {
            let span = self.spans.deadline();
            armed.push_back(self.after(span));
            if armed.len() > 16 {
                assert!(armed.pop_front().is_some_and(|key| self.cancel(key)));
            }
        }
        for key in armed {
            assert!(self.cancel(key));
        }
    }

    fn arm_soon(&mut self, count: usize) {
        for _ in 0..count {
            let span = self.spans.soon();
            self.after(span);
        }
    }

    fn fire(&mut self) -> usize {
        let now = Instant::now();
        while let Some(key) = self.order.pop(now) {
            if is_alive(&self.entries, key) {
                (self.entries.remove(key.slot).callback)(&mut self.fired);
            }
        }
        self.fired
    }
}

/// A heap that keeps what was cancelled until it comes up, or until there is more of it than of the living: then it is built anew.
#[derive(Default)]
pub(crate) struct Heap(BinaryHeap<Reverse<(Instant, Key)>>);

impl Order for Heap {
    fn insert(&mut self, at: Instant, key: Key) {
        self.0.push(Reverse((at, key)));
    }

    fn remove(&mut self, _at: Instant, _key: Key, entries: &Slab<Entry>) {
        if self.0.len() > 2 * entries.len() + 64 {
            self.0.retain(|Reverse((_, key))| is_alive(entries, *key));
        }
    }

    fn pop(&mut self, now: Instant) -> Option<Key> {
        let Reverse((at, key)) = *self.0.peek()?;
        (at <= now).then(|| self.0.pop())?;
        Some(key)
    }
}

/// A tree by time.
#[derive(Default)]
pub(crate) struct Tree(BTreeMap<(Instant, Key), ()>);

impl Order for Tree {
    fn insert(&mut self, at: Instant, key: Key) {
        self.0.insert((at, key), ());
    }

    fn remove(&mut self, at: Instant, key: Key, _entries: &Slab<Entry>) {
        self.0.remove(&(at, key));
    }

    fn pop(&mut self, now: Instant) -> Option<Key> {
        let first = self.0.first_entry()?;
        let (at, key) = *first.key();
        (at <= now).then(|| first.remove())?;
        Some(key)
    }
}
