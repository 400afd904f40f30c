//! How long a primary is left alone that did not take what it was given.

use std::time::Duration;

use crate::scribe::config::settings::Retry;

/// Says how long each time, as scribe does.
#[derive(Debug)]
pub(super) struct Backoff {
    plan: Retry,
    /// If it adapts: the last span.
    last: Duration,
}

impl Backoff {
    /// One that has seen nothing yet.
    #[must_use]
    pub(super) const fn new(plan: Retry) -> Self {
        let last = match plan {
            Retry::Adaptive { interval_min, .. } => interval_min,
            Retry::Steady { interval, .. } => interval,
        };
        Self { plan, last }
    }

    /// It failed: how long to wait, by a number drawn from all.
    pub(super) fn failed(&mut self, drawn: u32) -> Duration {
        match self.plan {
            Retry::Steady { interval, range } => interval
                .saturating_sub(range / 2)
                .saturating_add(share(range, drawn)),
            Retry::Adaptive {
                interval_min,
                interval_max,
                offset_max,
            } => {
                let grown = self.last.saturating_add(part(self.last, 414));
                let next = grown.saturating_add(share(offset_max, drawn));
                // The longest counts if somebody has it below the shortest.
                self.last = next.max(interval_min).min(interval_max);
                self.last
            }
        }
    }

    /// It took something.
    pub(super) fn succeeded(&mut self) {
        if let Retry::Adaptive { interval_min, .. } = self.plan {
            self.last = self.last.saturating_sub(STEP).max(interval_min);
        }
    }
}

/// So many thousandths.
fn part(span: Duration, thousandths: u32) -> Duration {
    (span / 1000).saturating_mul(thousandths)
}

/// From none of it to nearly all.
fn share(span: Duration, drawn: u32) -> Duration {
    let nanos = (span.as_nanos() * u128::from(drawn)) >> 32;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// By so much the wait is shorter after a success.
const STEP: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn a_steady_one_is_drawn_about_its_mean() {
        let mut steady = Backoff::new(Retry::default());
        assert_eq!(steady.failed(0), secs(270));
        assert_eq!(steady.failed(1 << 31), secs(300));
        assert!((secs(329)..secs(330)).contains(&steady.failed(u32::MAX)));
        steady.succeeded();
        assert_eq!(steady.failed(0), secs(270));
        let mut short = Backoff::new(Retry::Steady {
            interval: secs(1),
            range: secs(60),
        });
        assert_eq!(short.failed(0), Duration::ZERO);
    }

    #[test]
    fn an_adaptive_one_grows_and_shrinks_within_its_bounds() {
        let mut adaptive = Backoff::new(Retry::ADAPTIVE);
        assert_eq!(adaptive.failed(0), Duration::from_millis(7_070));
        let far = adaptive.failed(u32::MAX);
        assert!((secs(29)..secs(31)).contains(&far), "{far:?}");
        for _ in 0..20 {
            adaptive.failed(u32::MAX);
        }
        assert_eq!(adaptive.failed(0), secs(100));
        adaptive.succeeded();
        assert_eq!(adaptive.last, secs(98));
        for _ in 0..100 {
            adaptive.succeeded();
        }
        assert_eq!(adaptive.last, secs(5));
    }

    #[test]
    fn no_span_is_too_long_for_it() {
        let long = Duration::MAX;
        for plan in [
            Retry::Steady {
                interval: long,
                range: long,
            },
            Retry::Adaptive {
                interval_min: long,
                interval_max: long,
                offset_max: long,
            },
            Retry::Adaptive {
                interval_min: secs(9),
                interval_max: secs(1),
                offset_max: long,
            },
        ] {
            let mut backoff = Backoff::new(plan);
            assert!(backoff.failed(u32::MAX) > Duration::ZERO);
            backoff.succeeded();
            backoff.failed(0);
        }
    }
}
