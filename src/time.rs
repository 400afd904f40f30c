//! Moments, as a number: nanoseconds since the loop began.
//!
//! Rules take a time and never read a clock, so that a test can move it. A number of our own rather than
//! [`std::time::Instant`] makes that exact: it prints the same in every run, costs eight bytes in a link, and compares in one
//! instruction.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment on a loop's own clock: nanoseconds since the loop began. Never runs backwards.
///
/// ```
/// use oneloop::Time;
/// use std::time::Duration;
///
/// let later = Time::START + Duration::from_millis(1500);
/// assert_eq!(later - Time::START, Duration::from_millis(1500));
/// assert_eq!(Time::START - later, Duration::ZERO, "a difference is never negative");
/// assert_eq!(later.to_string(), "1.500000s");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

impl Time {
    /// The moment the loop began.
    pub const START: Self = Self(0);
    /// Later than any moment a loop reaches: 584 years on.
    pub const NEVER: Self = Self(u64::MAX);

    /// The moment `nanos` nanoseconds after the loop began.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the loop began.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The time from `earlier` to here; zero if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    /// Saturates at [`Time::NEVER`]: a span too long to count is as good as for ever.
    fn add(self, span: Duration) -> Self {
        let nanos = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(nanos))
    }
}

impl Sub for Time {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.since(earlier)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NEVER {
            return f.write_str("never");
        }
        write!(
            f,
            "{}.{:06}s",
            self.0 / 1_000_000_000,
            self.0 % 1_000_000_000 / 1_000
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_too_long_is_never() {
        assert_eq!(Time::from_nanos(5) + Duration::MAX, Time::NEVER);
        assert_eq!(Time::NEVER + Duration::from_secs(1), Time::NEVER);
        assert_eq!(Time::NEVER.to_string(), "never");
    }
}
