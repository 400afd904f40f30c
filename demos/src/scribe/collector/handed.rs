//! A batch that a store has, and whose it is.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use crate::scribe::collector::lane::Part;
use crate::scribe::collector::ticket::Ticket;
use crate::scribe::store::Batch;

/// A batch that the store has.
pub(super) struct Handed {
    /// Messages of each category.
    pub(super) tally: Vec<(Arc<str>, u64)>,
    pub(super) count: usize,
    pub(super) dues: Vec<Due>,
    /// The batch, if a part of it may be taken and a part not.
    pub(super) kept: Option<Batch>,
    /// The store keeps nothing.
    pub(super) is_ignored: bool,
}

impl Handed {
    /// Which messages of the batch are left. Of two that are alike it does not matter which.
    pub(super) fn marks(&self, left: &Batch) -> Vec<bool> {
        let all = vec![true; self.count];
        let Some(batch) = self.kept.as_ref().filter(|_| !left.is_empty()) else {
            return all;
        };
        // Those of one category are in their order; how categories are mixed, a store may change.
        let mut places: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for (index, message) in batch.iter().enumerate() {
            let places = places.entry(&message.category).or_default();
            places.push_back(index);
        }
        let mut marks = vec![false; batch.len()];
        for message in left.iter() {
            let mut places = places.get_mut(&*message.category);
            let found = std::iter::from_fn(|| places.as_mut()?.pop_front())
                .find(|index| batch.get(*index) == Some(message));
            match found.and_then(|index| marks.get_mut(index)) {
                Some(mark) => *mark = true,
                // It is none of these: then nothing is known.
                None => return all,
            }
        }
        marks
    }
}

/// What is known of a part when its messages are with the store.
pub(super) struct Due {
    pub(super) count: usize,
    pub(super) bytes: u64,
    pub(super) ticket: Rc<Ticket>,
}

/// Makes one batch of what waits, or of the first of it.
pub(super) fn gather(waiting: &mut Vec<Part>) -> (Batch, Vec<Due>) {
    let mut bytes = 0_u64;
    let fits = waiting.iter().take_while(|part| {
        let fits = bytes < BATCH_BYTES_MAX;
        bytes = bytes.saturating_add(part.bytes);
        fits
    });
    let count = fits.count();
    let mut batch = Vec::new();
    let mut dues = Vec::with_capacity(count);
    for part in waiting.drain(..count) {
        dues.push(Due {
            count: part.messages.len(),
            bytes: part.bytes,
            ticket: part.ticket,
        });
        match batch.is_empty() {
            true => batch = part.messages,
            false => batch.extend(part.messages),
        }
    }
    (Arc::new(batch), dues)
}

/// A batch for a store is not gathered further when it has so many bytes: 16 MiB. One client's is never cut.
const BATCH_BYTES_MAX: u64 = 16 << 20;
