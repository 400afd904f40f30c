//! An outcome nobody took yet.

use crate::error::{Error, Result};

/// A value or a failure on its way to whoever waits. A failure that is dropped on the way is logged: here, so that it is exactly once,
/// whichever way it was lost.
pub(super) struct Outcome<T>(Option<Result<T>>);

impl<T> Outcome<T> {
    pub(super) const fn new(result: Result<T>) -> Self {
        Self(Some(result))
    }

    pub(super) fn take(mut self) -> Result<T> {
        self.0
            .take()
            .expect("only this method empties it, and it takes it by value")
    }

    /// Whether all it says is that a promise was dropped.
    pub(super) const fn is_dropped(&self) -> bool {
        matches!(self.0, Some(Err(Error::Dropped)))
    }

    /// Drops it, without a word if all it says is that a promise was dropped.
    pub(super) fn excuse_dropped(mut self) {
        if self.is_dropped() {
            self.0 = None;
        }
    }
}

impl<T> Drop for Outcome<T> {
    fn drop(&mut self) {
        if let Some(Err(error)) = &self.0 {
            log::warn!("a failure nobody took: {error}");
        }
    }
}
