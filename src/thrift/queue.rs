//! Calls that are not sent yet.

use std::collections::{BTreeMap, VecDeque};

use crate::deferred::Promise;

/// Calls that are not sent yet, in the order in which they were made: they wait for the link to be up, or for room in it. Each may be
/// taken out of the middle, at the price of one look-up.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// The calls' numbers. Of those that were taken out of the middle some are still here.
    order: VecDeque<i32>,
    calls: BTreeMap<i32, Queued>,
    /// Of those that count.
    counted: usize,
    bytes: usize,
}

/// A call that waits.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) frame: Vec<u8>,
    /// Where in it the milliseconds are that its caller waits.
    pub(super) deadline_at: usize,
    /// The session is told already if nobody waits for the answer any more.
    pub(super) tells_cancel: bool,
    /// It takes of the room that there is for calls that wait. What was set aside at the link that it came by has its room there.
    pub(super) counts: bool,
    /// Who wants to know when it waits no more.
    pub(super) freed: Option<Promise<()>>,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.calls.len()
    }

    /// How many of them take of the room that there is.
    pub(super) const fn counted(&self) -> usize {
        self.counted
    }

    /// Bytes of those.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    #[cfg(feature = "node")]
    pub(super) fn contains(&self, number: i32) -> bool {
        self.calls.contains_key(&number)
    }

    /// Puts a call behind the others. No other has its number.
    pub(super) fn push(&mut self, number: i32, queued: Queued) {
        if queued.counts {
            self.counted = self.counted.saturating_add(1);
            self.bytes = self.bytes.saturating_add(queued.frame.len());
        }
        self.order.push_back(number);
        self.calls.insert(number, queued);
    }

    /// The call that has waited longest.
    pub(super) fn front(&mut self) -> Option<(i32, &mut Queued)> {
        while let Some(number) = self.order.front()
            && !self.calls.contains_key(number)
        {
            self.order.pop_front();
        }
        let number = *self.order.front()?;
        Some((number, self.calls.get_mut(&number)?))
    }

    /// Takes a call out, wherever it is.
    pub(super) fn remove(&mut self, number: i32) -> Option<Queued> {
        let queued = self.calls.remove(&number)?;
        if queued.counts {
            self.counted = self.counted.saturating_sub(1);
            self.bytes = self.bytes.saturating_sub(queued.frame.len());
        }
        if self.order.front() == Some(&number) {
            self.order.pop_front();
        }
        if self.order.len() / 2 > self.calls.len() {
            // Seldom enough to cost nothing for each.
            let calls = &self.calls;
            self.order.retain(|number| calls.contains_key(number));
        }
        Some(queued)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn queued(bytes: usize) -> Queued {
        Queued {
            frame: vec![0; bytes],
            deadline_at: 0,
            tells_cancel: false,
            counts: bytes.is_multiple_of(2),
            freed: None,
        }
    }

    proptest! {
        /// Against a list that is looked through from end to end.
        #[test]
        fn it_does_what_a_plain_list_does(
            steps in prop::collection::vec((0..3, 0..30_i32), 0..200),
        ) {
            let (mut queue, mut list) = (Queue::default(), Vec::new());
            for (number, (step, pick)) in (1..).zip(steps) {
                match step {
                    0 => {
                        queue.push(number, queued(pick as usize));
                        list.push((number, pick as usize));
                    }
                    1 => {
                        let first = queue.front().map(|(number, _)| number);
                        prop_assert_eq!(first, list.first().map(|(number, _)| *number));
                        if let Some(first) = first {
                            queue.remove(first).expect("it is there");
                            list.remove(0);
                        }
                    }
                    _ => {
                        let number = number - pick;
                        let place = list.iter().position(|(known, _)| *known == number);
                        prop_assert_eq!(queue.remove(number).is_some(), place.is_some());
                        place.map(|place| list.remove(place));
                    }
                }
                prop_assert_eq!(queue.len(), list.len());
                let counted = || list.iter().map(|(_, bytes)| bytes).filter(|it| it.is_multiple_of(2));
                prop_assert_eq!(queue.counted(), counted().count());
                prop_assert_eq!(queue.bytes(), counted().sum::<usize>());
                prop_assert!(queue.order.len() <= 2 * queue.len() + 1, "no numbers pile up");
            }
        }
    }
}
