//! Where a store is made, and for whom.

use std::cell::Cell;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use oneloop::disk::Disk;

use crate::scribe::config::word::FileWord;
use crate::scribe::store::claims::Claims;
use crate::scribe::store::jobs::Jobs;
use crate::scribe::store::slots::Slots;

/// What all stores of a collector have in common.
#[derive(Clone)]
pub struct Place {
    /// Where files lie.
    pub disk: Arc<dyn Disk>,
    /// The collector's folder, in which relative paths begin.
    pub dir: PathBuf,
    /// The name of the machine.
    pub host: FileWord,
    /// The most bytes that may wait for one store.
    pub queue_bytes_max: u64,
    /// What they share.
    pub yard: Yard,
}

/// What stores of one collector share, those of an earlier configuration that are about to close with those after it. A copy is the same.
#[derive(Clone, Debug, Default)]
pub struct Yard {
    /// Work on other threads.
    pub jobs: Jobs,
    /// Who writes which files.
    pub claims: Claims,
    /// Room for open files.
    pub slots: Slots,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("dir", &self.dir)
            .field("host", &self.host)
            .field("queue_bytes_max", &self.queue_bytes_max)
            .finish_non_exhaustive()
    }
}

/// Whose messages a store takes.
#[derive(Clone, Debug)]
pub struct Whose {
    /// Their category, or the first of several that share the store.
    pub category: FileWord,
    /// Whether it is made for this category after the store of a rule that is for several: its files are in a folder of their own.
    pub is_copy: bool,
    /// How many bytes wait for it, as whoever hands it batches keeps it up to date.
    pub queued_bytes: Rc<Cell<u64>>,
}
