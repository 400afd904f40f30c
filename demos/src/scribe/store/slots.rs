//! How many files are kept open.

use std::cell::Cell;
use std::rc::Rc;

/// Room for open files of all stores of a collector. A copy is the same.
///
/// A store without a slot writes as well: it opens its file for each batch.
#[derive(Clone, Debug)]
pub struct Slots {
    most: usize,
    taken: Rc<Cell<usize>>,
}

/// The right to keep a file open, until it is dropped.
#[derive(Debug)]
pub struct Slot(Slots);

impl Slots {
    /// Files that are kept open. Beyond that one is open only while a batch is written to it, of which there are
    /// [so many at once](super::jobs::Jobs::AT_ONCE_MAX). A system gives a process 1,024 descriptors or more, of which clients need theirs.
    pub const MOST: usize = 256;

    /// So many slots.
    #[must_use]
    pub fn of(most: usize) -> Self {
        Self {
            most,
            taken: Rc::default(),
        }
    }

    /// A slot, if one is free.
    #[must_use]
    pub fn take(&self) -> Option<Slot> {
        let taken = self.taken.get();
        (taken < self.most).then(|| {
            self.taken.set(taken + 1);
            Slot(self.clone())
        })
    }
}

/// [`Slots::MOST`].
impl Default for Slots {
    fn default() -> Self {
        Self::of(Self::MOST)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let taken = &self.0.taken;
        taken.set(taken.get().saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_so_many_and_no_more() {
        let slots = Slots::default();
        let mut taken: Vec<Slot> = (0..Slots::MOST)
            .filter_map(|_| slots.clone().take())
            .collect();
        assert_eq!(taken.len(), Slots::MOST);
        assert!(slots.take().is_none());
        taken.pop();
        assert!(slots.take().is_some(), "one is free again, twice");
        assert!(slots.take().is_some());
        let few = Slots::of(1);
        let one = few.take();
        assert!(one.is_some() && few.take().is_none());
        assert!(Slots::of(0).take().is_none());
    }
}
