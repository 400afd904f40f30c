//! Stores: what takes batches of messages, and says later whether they are kept.
//!
//! A store runs on the loop. It is handed one batch, and the next when it has answered for that one. What blocks, it does on the worker
//! pool; what waits for a network, by the loop.

pub mod bucket;
pub mod buffer;
pub mod build;
pub mod category;
pub mod claims;
pub mod family;
pub mod file;
pub mod jobs;
pub mod keys;
pub mod line;
pub mod multi;
pub mod network;
pub mod null;
pub mod parts;
pub mod place;
pub mod slots;

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use oneloop::Context;
use oneloop::deferred::Deferred;

use crate::scribe::collector::Collector;

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whose it is.
    pub category: Arc<str>,
    /// What it says: any bytes.
    pub text: Bytes,
}

impl Message {
    /// How many bytes it counts as in a queue.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        (self.category.len() as u64).saturating_add(self.text.len() as u64)
    }
}

/// Messages that go together, in their order. It may be read on another thread, and to keep it meanwhile costs nothing.
pub type Batch = Arc<Vec<Message>>;

/// What became of a batch: all of it is kept, or not.
pub type Outcome = Result<(), Unsent>;

/// What a store did not take of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The messages of the batch of which it is not known that they are kept, those of each category in their order.
    pub left: Batch,
    /// Why.
    pub fault: Fault,
}

/// Why a store did not take something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// For a person.
    pub text: String,
    /// Whether there is hope that a little later it goes well: another collector has said so, and nothing is broken.
    pub is_passing: bool,
}

impl Fault {
    /// Something is broken.
    #[must_use]
    pub fn broken(text: impl fmt::Display) -> Self {
        let text = text.to_string();
        Self {
            text,
            is_passing: false,
        }
    }

    /// Somebody wants to be left alone for a while.
    #[must_use]
    pub fn passing(text: impl fmt::Display) -> Self {
        let text = text.to_string();
        Self {
            text,
            is_passing: true,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What takes batches.
pub trait Store {
    /// Takes a batch. It is not called again before the outcome is there, nor after [`close`](Self::close).
    fn take(&self, cx: &mut Context<'_, Collector>, batch: Batch) -> Deferred<Outcome>;

    /// It is time to look after what there is to do: files to be begun, a primary to be tried. Comes at each check interval.
    fn check(&self, cx: &mut Context<'_, Collector>) {
        _ = cx;
    }

    /// Begins nothing of its own accord any more, and says when all that it began is over. What waits in files stays there.
    fn close(&self, cx: &mut Context<'_, Collector>) -> Deferred<()> {
        _ = cx;
        Deferred::ready(())
    }

    /// Whether what it takes is kept nowhere, and counted as ignored rather than as sent.
    fn ignores(&self) -> bool {
        false
    }

    /// Tells how it is.
    fn tell(&self, told: &mut Told);
}

/// A store that others hold too.
pub type Shared = Rc<dyn Store>;

/// How stores are: what several tell of themselves, together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What is wrong, and since when it has been: the first that was found.
    pub fault: Option<String>,
    /// Bytes that wait in files until a primary takes them.
    pub unsent_bytes: u64,
    /// When the oldest of these was written, in seconds since 1970.
    pub oldest_unsent: Option<u64>,
}
