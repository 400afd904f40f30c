//! How often the same is said in the log.

use std::collections::BTreeMap;

use crate::scribe::files::naming::Second;

/// How often the same is said in the log: once in [`Pace::SPAN_SECONDS`]. What goes wrong with each batch would fill the disk that a log is
/// on, which may be the one that is full.
///
/// ```
/// use oneloop_demos::scribe::files::naming::Second;
/// use oneloop_demos::scribe::files::pace::Pace;
///
/// let mut pace = Pace::new();
/// assert!(pace.allows("no link", Second::of(100)));
/// assert!(!pace.allows("no link", Second::of(159)), "it was said");
/// assert!(pace.allows("no file", Second::of(159)), "it was not");
/// assert!(pace.allows("no link", Second::of(160)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Pace(BTreeMap<&'static str, u64>);

impl Pace {
    /// So many seconds lie between two lines that say the same.
    pub const SPAN_SECONDS: u64 = 60;

    /// Nothing was said.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Whether it is said now; then it was.
    pub fn allows(&mut self, what: &'static str, now: Second) -> bool {
        let now = now.since_1970();
        // A clock that was set back makes nobody wait for the old time.
        let is_fresh = self.0.get(what).is_some_and(|said| {
            now.checked_sub(*said)
                .is_some_and(|span| span < Self::SPAN_SECONDS)
        });
        if !is_fresh {
            self.0.insert(what, now);
        }
        !is_fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_once_in_its_span() {
        let last = 1_000 + Pace::SPAN_SECONDS;
        for (now, is_said) in [
            (last - 1, false),
            (last, true),
            (last + 1, true),
            (999, true),
        ] {
            let mut pace = Pace::new();
            assert!(pace.allows("it", Second::of(1_000)));
            assert_eq!(pace.allows("it", Second::of(now)), is_said, "{now}");
        }
    }
}
