//! How many messages are taken in one second of the clock.

/// How many messages are taken in one second of the clock.
///
/// ```
/// use oneloop_demos::scribe::collector::throttle::Throttle;
///
/// let mut throttle = Throttle::new(Some(10));
/// assert!(throttle.admits(1000, 5) && throttle.admits(1000, 5));
/// assert!(!throttle.admits(1000, 1), "an eleventh in this second");
/// assert!(throttle.admits(1001, 1), "in the next");
/// assert!(throttle.admits(1001, 6), "no client could ever send these otherwise");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    per_second_max: Option<u64>,
    second: u64,
    taken: u64,
}

impl Throttle {
    /// One that takes so many; `None` is all.
    #[must_use]
    pub const fn new(per_second_max: Option<u64>) -> Self {
        Self {
            per_second_max,
            second: 0,
            taken: 0,
        }
    }

    /// Whether a batch of so many messages is taken in this second. One with more than half of what a second has is always taken, and
    /// not counted: it would wait for a second in which nobody else sends anything.
    pub const fn admits(&mut self, second: u64, messages: u64) -> bool {
        let Some(most) = self.per_second_max else {
            return true;
        };
        if second != self.second {
            self.second = second;
            self.taken = 0;
        }
        if messages > most / 2 {
            return true;
        }
        let taken = self.taken.saturating_add(messages);
        if taken > most {
            return false;
        }
        self.taken = taken;
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn up_to_the_limit_it_takes_and_above_it_does_not() {
        for (messages, is_taken) in [(3, true), (4, true), (5, false)] {
            let mut throttle = Throttle::new(Some(10));
            assert!(throttle.admits(7, 5) && throttle.admits(7, 1));
            assert_eq!(throttle.admits(7, messages), is_taken, "{messages}");
        }
        // What was refused does not count.
        let mut throttle = Throttle::new(Some(10));
        assert!(throttle.admits(7, 5) && throttle.admits(7, 4));
        assert!(!throttle.admits(7, 2) && throttle.admits(7, 1));
    }

    #[test]
    fn half_of_the_limit_is_counted_and_more_is_let_in() {
        let mut throttle = Throttle::new(Some(10));
        assert!(throttle.admits(7, 5) && throttle.admits(7, 5));
        assert!(!throttle.admits(7, 5));
        assert!(throttle.admits(7, 6) && throttle.admits(7, u64::MAX));
    }

    proptest! {
        #[test]
        fn no_second_takes_more_small_batches_than_its_limit(
            most in 1_u64..50, batches in proptest::collection::vec((0_u64..3, 0_u64..25), 0..60)
        ) {
            let mut throttle = Throttle::new(Some(most));
            let (mut second, mut taken) = (0, 0);
            for (later, messages) in batches {
                if later > 0 {
                    second += later;
                    taken = 0;
                }
                if throttle.admits(second, messages) && messages <= most / 2 {
                    taken += messages;
                }
                prop_assert!(taken <= most);
            }
            prop_assert!(Throttle::new(None).admits(second, u64::MAX));
        }
    }
}
