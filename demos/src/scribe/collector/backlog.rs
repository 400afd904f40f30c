//! What waits for stores, all of it together.

use std::cell::Cell;

/// What waits for stores, all of it together. Each lane keeps it up to date.
#[derive(Debug)]
pub struct Backlog {
    lane_bytes_max: u64,
    /// Lanes that have more than that.
    lanes_over: Cell<usize>,
    memory_bytes: Cell<u64>,
}

impl Backlog {
    /// Nothing yet, of lanes of which each may have so many bytes.
    #[must_use]
    pub const fn new(lane_bytes_max: u64) -> Self {
        Self {
            lane_bytes_max,
            lanes_over: Cell::new(0),
            memory_bytes: Cell::new(0),
        }
    }

    /// Whether clients are to be told to try later: any lane has more than it may, or all together take too much memory.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.lanes_over.get() > 0 || self.memory_bytes.get() > MEMORY_BYTES_MAX
    }

    /// A lane has so many bytes of messages instead of others, in so many messages more or fewer.
    pub(super) fn changed(&self, bytes: Change, messages: Change) {
        let over = self.lanes_over.get();
        let was_over = bytes.before > self.lane_bytes_max;
        let is_over = bytes.after > self.lane_bytes_max;
        self.lanes_over.set(match (was_over, is_over) {
            (false, true) => over.saturating_add(1),
            (true, false) => over.saturating_sub(1),
            _ => over,
        });
        let memory = |bytes: u64, messages: u64| {
            bytes.saturating_add(messages.saturating_mul(MESSAGE_BYTES))
        };
        let freed = self
            .memory_bytes
            .get()
            .saturating_sub(memory(bytes.before, messages.before));
        let taken = freed.saturating_add(memory(bytes.after, messages.after));
        self.memory_bytes.set(taken);
    }
}

/// How much there was, and how much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) before: u64,
    pub(super) after: u64,
}

/// What a message takes besides its bytes: the words that say where those are, and what its frame has around them.
pub const MESSAGE_BYTES: u64 = 64;
/// Memory that may be taken by what waits in all queues: 256 MiB. Above it clients are told to try later.
pub const MEMORY_BYTES_MAX: u64 = 256 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: u64, after: u64) -> Change {
        Change { before, after }
    }

    #[test]
    fn one_lane_over_its_bytes_is_enough() {
        for (bytes, is_full) in [(99, false), (100, false), (101, true)] {
            let backlog = Backlog::new(100);
            backlog.changed(change(0, bytes), change(0, 1));
            backlog.changed(change(0, 100), change(0, 1));
            assert_eq!(backlog.is_full(), is_full, "{bytes}");
            backlog.changed(change(bytes, bytes + 100), change(1, 2));
            assert!(backlog.is_full());
            backlog.changed(change(bytes + 100, 0), change(2, 0));
            assert!(!backlog.is_full());
        }
    }

    #[test]
    fn messages_without_bytes_take_memory_too() {
        let most = MEMORY_BYTES_MAX / MESSAGE_BYTES;
        for (messages, is_full) in [(most - 1, false), (most, false), (most + 1, true)] {
            let backlog = Backlog::new(u64::MAX);
            backlog.changed(change(0, 0), change(0, messages));
            assert_eq!(backlog.is_full(), is_full, "{messages}");
            backlog.changed(change(0, 0), change(messages, 0));
            assert!(!backlog.is_full());
        }
    }
}
