//! The server: takes batches of clients, and answers when they are kept.

pub mod counts;

use oneloop::fb303::{Base, Monitored};

use counts::Counts;

/// The state of the loop.
pub struct Collector {
    base: Base,
    /// What became of messages, by category.
    pub counts: Counts,
}

impl Default for Collector {
    fn default() -> Self {
        Self {
            base: Base::new("Scribe"),
            counts: Counts::default(),
        }
    }
}

impl Monitored for Collector {
    fn base(&mut self) -> &mut Base {
        &mut self.base
    }
}
