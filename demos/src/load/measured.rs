//! What was measured.

use std::time::Duration;

use hdrhistogram::Histogram;

/// What was measured: how long each reply took, and for how long replies were counted.
#[derive(Clone, Debug)]
pub struct Measured {
    latency_ns: Histogram<u64>,
    /// To the nanosecond: the histogram has them to three digits.
    least_ns: u64,
    most_ns: u64,
    span: Duration,
}

/// The longest latency told from longer ones.
const LATENCY_MAX: Duration = Duration::from_secs(3_600);
/// Three decimal digits: what is shown of a latency.
const DIGITS: u8 = 3;

impl Default for Measured {
    fn default() -> Self {
        let most = LATENCY_MAX.as_nanos() as u64;
        let latency_ns = Histogram::new_with_bounds(1, most, DIGITS);
        Self {
            latency_ns: latency_ns.expect("the bounds are constants that make sense"),
            least_ns: u64::MAX,
            most_ns: 0,
            span: Duration::ZERO,
        }
    }
}

impl Measured {
    /// Counts so many replies that took so long. Allocates nothing.
    #[inline]
    pub fn record(&mut self, latency: Duration, replies: u64) {
        let nanos = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        self.latency_ns.saturating_record_n(nanos, replies);
        self.least_ns = self.least_ns.min(nanos);
        self.most_ns = self.most_ns.max(nanos);
    }

    /// Says for how long replies were counted.
    pub const fn set_span(&mut self, span: Duration) {
        self.span = span;
    }

    /// For how long replies were counted.
    #[must_use]
    pub const fn span(&self) -> Duration {
        self.span
    }

    /// How many there were.
    #[must_use]
    pub fn replies(&self) -> u64 {
        self.latency_ns.len()
    }

    /// Replies in a second, on average.
    #[must_use]
    pub fn rate(&self) -> f64 {
        if self.span.is_zero() {
            return 0.0;
        }
        self.replies() as f64 / self.span.as_secs_f64()
    }

    /// The latency that a share of the replies did not exceed; none if there were no replies.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let nanos = || self.latency_ns.value_at_quantile(share);
        (self.replies() > 0)
            .then(|| Duration::from_nanos(nanos().clamp(self.least_ns, self.most_ns)))
    }

    /// The shortest latency; none if there were no replies.
    #[must_use]
    pub fn least(&self) -> Option<Duration> {
        (self.replies() > 0).then(|| Duration::from_nanos(self.least_ns))
    }

    /// The longest latency; none if there were no replies.
    #[must_use]
    pub fn most(&self) -> Option<Duration> {
        (self.replies() > 0).then(|| Duration::from_nanos(self.most_ns))
    }

    /// The mean latency; none if there were no replies.
    #[must_use]
    pub fn mean(&self) -> Option<Duration> {
        (self.replies() > 0).then(|| Duration::from_nanos(self.latency_ns.mean() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    fn near(one: Option<Duration>, other: Duration) -> bool {
        one.is_some_and(|one| one.abs_diff(other) <= other / 500)
    }

    #[test]
    fn percentiles_are_those_of_what_was_recorded() {
        let mut measured = Measured::default();
        for count in 1..=1_000 {
            measured.record(ms(count), 10);
        }
        measured.set_span(Duration::from_secs(2));
        assert_eq!(measured.replies(), 10_000);
        assert!((measured.rate() - 5_000.0).abs() < 1e-9);
        assert!(near(measured.quantile(0.5), ms(500)));
        assert!(near(measured.quantile(0.999), ms(999)));
        assert!(near(measured.mean(), Duration::from_micros(500_500)));
        assert!(near(measured.least(), ms(1)) && near(measured.most(), ms(1_000)));
    }

    #[test]
    fn of_nothing_there_is_nothing_to_say() {
        let measured = Measured::default();
        assert_eq!((measured.replies(), measured.rate()), (0, 0.0));
        let latencies = [measured.quantile(0.5), measured.mean(), measured.most()];
        assert_eq!(latencies, [None; 3]);
    }

    #[test]
    fn any_latency_is_counted() {
        let mut measured = Measured::default();
        for latency in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
            measured.record(latency, 1);
        }
        assert_eq!(measured.replies(), 3);
    }
}
