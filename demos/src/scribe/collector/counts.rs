//! What became of messages, by category, under scribe's names.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What may become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Taken from a client, to be stored.
    ReceivedGood,
    /// No store is for its category: passed over.
    ReceivedBad,
    /// It had no category: passed over.
    ReceivedBlankCategory,
    /// Its client was told to try later: too many in this second.
    DeniedForRate,
    /// Its client was told to try later: too many bytes wait.
    DeniedForQueueSize,
    /// A store has it.
    Sent,
    /// Tried once more, from a buffer.
    Retries,
    /// Not stored, and its client was told to try later.
    Requeue,
    /// Not stored, and its client was not told, as its rule wants it.
    Lost,
    /// A null store had it.
    Ignored,
    /// Bytes of buffer files that were damaged.
    BytesLost,
}

impl Fate {
    /// As scribe calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReceivedGood => "received good",
            Self::ReceivedBad => "received bad",
            Self::ReceivedBlankCategory => "received blank category",
            Self::DeniedForRate => "denied for rate",
            Self::DeniedForQueueSize => "denied for queue size",
            Self::Sent => "sent",
            Self::Retries => "retries",
            Self::Requeue => "requeue",
            Self::Lost => "lost",
            Self::Ignored => "ignored",
            Self::BytesLost => "bytes lost",
        }
    }
}

/// How many messages, by what became of them: of each category, and of all together.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    all: BTreeMap<Fate, u64>,
    of: BTreeMap<Arc<str>, BTreeMap<Fate, u64>>,
}

impl Counts {
    /// So many more. Those that are nobody's, or of a category that is none, count in all only: clients make up what they like.
    pub fn add(&mut self, category: Option<&Arc<str>>, fate: Fate, count: u64) {
        *self.all.entry(fate).or_default() += count;
        if let Some(category) = category {
            let own = self.of.entry(Arc::clone(category)).or_default();
            *own.entry(fate).or_default() += count;
        }
    }

    /// Each as fb303 tells it: `CATEGORY:received good` and `scribe_overall:received good`.
    pub fn named(&self) -> impl Iterator<Item = (String, i64)> {
        let all = self
            .all
            .iter()
            .map(|(fate, count)| ("scribe_overall", fate, count));
        let of = self.of.iter().flat_map(|(category, fates)| {
            fates
                .iter()
                .map(move |(fate, count)| (&**category, fate, count))
        });
        all.chain(of).map(|(whose, fate, count)| {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            (format!("{whose}:{}", fate.name()), count)
        })
    }
}
