//! When the calls of one link expire.

use std::collections::{BTreeSet, VecDeque};

use crate::time::Time;

/// When the calls of one link expire, the first of them first.
///
/// Nearly all have the same span, so that each expires after those before it: they are a queue, in which nothing is looked for. A call
/// that is over is taken out when it comes to the front.
pub(super) struct Deadlines {
    /// In their order. The first is of a call that is open.
    queue: VecDeque<(Time, i32)>,
    /// Those that expire before one that is in the queue already. All are of open calls.
    early: BTreeSet<(Time, i32)>,
}

impl Deadlines {
    pub(super) const fn new() -> Self {
        Self {
            queue: VecDeque::new(),
            early: BTreeSet::new(),
        }
    }

    pub(super) fn insert(&mut self, deadline: Time, number: i32) {
        match self.queue.back() {
            Some((last, _)) if *last > deadline => {
                self.early.insert((deadline, number));
            }
            _ => self.queue.push_back((deadline, number)),
        }
    }

    /// The call that expires next.
    pub(super) fn first(&self) -> Option<(Time, i32)> {
        let (queued, early) = (self.queue.front(), self.early.first());
        match (queued, early) {
            (Some(queued), Some(early)) => Some(*queued.min(early)),
            (first, None) | (None, first) => first.copied(),
        }
    }

    /// Takes one out. `is_open` says of which calls that are here now are still open, and `open` how many.
    pub(super) fn remove(
        &mut self,
        deadline: Time,
        number: i32,
        open: usize,
        is_open: impl Fn(Time, i32) -> bool,
    ) {
        if !self.early.is_empty() && self.early.remove(&(deadline, number)) {
            return;
        }
        while let Some(&(deadline, number)) = self.queue.front()
            && !is_open(deadline, number)
        {
            self.queue.pop_front();
        }
        // Behind one that takes long, those that are over must not become more and more.
        if self.queue.len() / 2 > open.saturating_add(SPARE) {
            self.queue
                .retain(|&(deadline, number)| is_open(deadline, number));
        }
    }

    pub(super) fn clear(&mut self) {
        self.queue.clear();
        self.early.clear();
    }
}

/// Half as many as are let lie at least, so that they are not looked through for a few.
const SPARE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_slow_call_those_that_are_over_do_not_pile_up() {
        let mut deadlines = Deadlines::new();
        deadlines.insert(Time::START, 0);
        for number in 1..10_000 {
            deadlines.insert(Time::START, number);
            deadlines.remove(Time::START, number, 1, |_, number| number == 0);
            assert!(deadlines.queue.len() <= 2 * (SPARE + 1) + 1);
        }
        assert_eq!(deadlines.first(), Some((Time::START, 0)));
        deadlines.remove(Time::START, 0, 0, |_, _| false);
        assert_eq!(deadlines.first(), None);
        assert!(deadlines.queue.is_empty());
    }
}
