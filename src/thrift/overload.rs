//! When a server takes no more.

use std::cell::Cell;

/// When new links are refused: while there are too many links of the listener, or too many unanswered calls of all of them. A link that
/// comes then is closed at once. It is over when both are down to a fraction of their limits, so that a server at its limit does not
/// change its mind with every call.
///
/// ```
/// use oneloop::thrift::Overload;
///
/// let overload = Overload::new(10_000, 1_000_000); // links, calls
/// ```
#[derive(Clone, Debug)]
pub struct Overload {
    links_max: usize,
    calls_max: usize,
    links: Cell<usize>,
    calls: Cell<usize>,
    refuses: Cell<bool>,
}

impl Overload {
    /// It is over at this fraction of the limits, in percent.
    pub const OVER_PERCENT: usize = 80;

    /// New links are refused while there are more links or more unanswered calls than this.
    #[must_use]
    pub const fn new(links_max: usize, calls_max: usize) -> Self {
        Self {
            links_max,
            calls_max,
            links: Cell::new(0),
            calls: Cell::new(0),
            refuses: Cell::new(false),
        }
    }

    /// Whether a link that comes now is refused.
    #[must_use]
    pub fn is_on(&self) -> bool {
        let (links, calls) = (self.links.get(), self.calls.get());
        let over = |count: usize, most: usize| {
            if self.refuses.get() {
                count > most / 100 * Self::OVER_PERCENT + most % 100 * Self::OVER_PERCENT / 100
            } else {
                count > most
            }
        };
        let on = over(links, self.links_max) || over(calls, self.calls_max);
        self.refuses.set(on);
        on
    }

    pub(super) fn link_came(&self) {
        self.links.set(self.links.get() + 1);
    }

    pub(super) fn link_gone(&self) {
        self.links.set(self.links.get() - 1);
    }

    pub(super) fn call_began(&self) {
        self.calls.set(self.calls.get() + 1);
    }

    pub(super) fn calls_ended(&self, calls: usize) {
        self.calls.set(self.calls.get() - calls);
    }
}

impl Default for Overload {
    /// Bound only by the limits of the loop and of each link.
    fn default() -> Self {
        Self::new(usize::MAX, usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_above_the_limit_and_ends_at_four_fifths_of_it() {
        let overload = Overload::new(usize::MAX, 10);
        let counts = |from: usize, to: usize| {
            while overload.calls.get() < to {
                overload.call_began();
            }
            overload.calls_ended(overload.calls.get() - to);
            assert_eq!(overload.calls.get(), to, "from {from}");
            overload.is_on()
        };
        assert!(!counts(0, 9));
        assert!(!counts(9, 10));
        assert!(counts(10, 11));
        assert!(counts(11, 9));
        assert!(!counts(9, 8));
        assert!(!counts(8, 10));
    }
}
