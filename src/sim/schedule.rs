//! What is to happen, and when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::sim::mishap::Mishap;
use crate::sim::wire::{Side, WireKey};
use crate::time::Time;

/// What is to happen, by time; what is due at the same time, in the order it was put here.
#[derive(Default)]
pub(super) struct Schedule {
    heap: BinaryHeap<Reverse<Entry>>,
    put: u64,
}

/// Something to happen.
pub(super) enum Event {
    /// The next piece of the stream towards this side is due.
    Arrive(WireKey, Side),
    /// This side learns that there is room to write again.
    Room(WireKey, Side),
    /// A connect reaches the one who listens, or would. How often it was tried before.
    Knock(WireKey, u32),
    /// The dialler learns that it is connected, or refused. How often that did not get through before.
    Answer(WireKey, bool, u32),
    /// A node's turn.
    Turn(usize),
    /// A node's blocking job is done, if the node's life is still the same.
    Job(usize, u32, usize),
    /// A step of a script.
    Step(usize),
    /// Something befalls a node or the network, if the faults are still those of then.
    Mishap(Mishap, u32),
}

struct Entry {
    at: Time,
    number: u64,
    event: Event,
}

impl Schedule {
    pub(super) fn put(&mut self, at: Time, event: Event) {
        self.put += 1;
        let number = self.put;
        self.heap.push(Reverse(Entry { at, number, event }));
    }

    /// How many events there have ever been.
    pub(super) const fn count(&self) -> u64 {
        self.put
    }

    /// How many are to come.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    pub(super) fn next(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    pub(super) fn pop(&mut self) -> Option<(Time, Event)> {
        self.heap
            .pop()
            .map(|Reverse(entry)| (entry.at, entry.event))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}
