//! What is asked of all timers: when they are armed, and what for.

use std::time::Duration;

/// A small generator (xorshift): the same spans for everybody.
pub(crate) struct Spans(u64);

impl Spans {
    pub(crate) const fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// Of a deadline that is not reached: from ten minutes to three hours.
    pub(crate) fn deadline(&mut self) -> Duration {
        Duration::from_secs(600) + Duration::from_micros(self.below(10_200_000_000))
    }

    /// Of one that fires soon: up to four milliseconds.
    pub(crate) fn soon(&mut self) -> Duration {
        Duration::from_micros(self.below(4_000))
    }

    pub(crate) fn place(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }
}

/// Timers with a callback each, as an application has them.
pub(crate) trait Timers {
    /// Has so many pending that stay so.
    fn fill(&mut self, pending: usize);

    /// Arms so many and cancels each of them: the one armed sixteen before.
    fn arm_and_cancel(&mut self, count: usize);

    /// Arms so many.
    fn arm_soon(&mut self, count: usize);

    /// Fires what is due. Gives how many have fired so far.
    fn fire(&mut self) -> usize;
}
