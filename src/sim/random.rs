//! Numbers from a seed.

use std::ops::RangeInclusive;
use std::time::Duration;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// A stream of numbers from a seed: the same on every machine, in every build.
///
/// ```
/// use oneloop::sim::Random;
///
/// let mut random = Random::new(7);
/// let throw = random.between(1..=6);
/// assert!((1..=6).contains(&throw));
/// assert_eq!(throw, Random::new(7).between(1..=6), "the same seed, the same throw");
/// ```
#[derive(Clone, Debug)]
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The stream of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// The stream of one site: what is drawn at another one does not move it. That is what keeps a run alike when one of its faults is
    /// left out.
    pub(super) fn of_site(seed: u64, kind: &str, site: &str, number: u64) -> Self {
        let mut hash = Fnv::default();
        hash.add(&seed.to_le_bytes());
        hash.add(kind.as_bytes());
        hash.add(&[0]);
        hash.add(site.as_bytes());
        hash.add(&number.to_le_bytes());
        Self::new(hash.0)
    }

    /// Any number.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// One of the numbers from 0 to `bound` - 1; 0 if there is none.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The upper half of a product, which is even enough: the bias is below bound / 2^64.
        ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// One of the numbers of a range; its lower end if it is empty.
    pub fn between(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (low, high) = range.into_inner();
        match high.saturating_sub(low).checked_add(1) {
            Some(count) => low + self.below(count),
            None => self.next_u64(),
        }
    }

    /// A span of time of a range, to the nanosecond.
    pub fn span(&mut self, range: &RangeInclusive<Duration>) -> Duration {
        let nanos = |span: &Duration| u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(self.between(nanos(range.start())..=nanos(range.end())))
    }

    /// True in `share` of all cases: never at 0, always at 1.
    pub fn chance(&mut self, share: f64) -> bool {
        // 53 bits: what a double holds exactly, so that every machine draws the same.
        let drawn = (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        drawn < share
    }

    /// One of `choices`.
    ///
    /// # Panics
    /// If there is none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        assert!(!choices.is_empty(), "there is nothing to pick from");
        &choices[self.below(choices.len() as u64) as usize]
    }

    /// Puts `items` in any order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// FNV-1a: a sum that is the same everywhere, as the standard library's is not promised to be.
pub(super) struct Fnv(pub(super) u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_seed_are_written_in_stone() {
        let mut random = Random::new(42);
        let numbers: Vec<u64> = (0..4).map(|_| random.below(1000)).collect();
        assert_eq!(
            numbers, STONE,
            "a replay from an older release would differ"
        );
    }

    const STONE: [u64; 4] = [814, 318, 983, 701];

    #[test]
    fn a_range_is_drawn_whole_and_not_left() {
        let mut random = Random::new(1);
        let mut seen = [0; 4];
        for _ in 0..400 {
            seen[random.between(3..=6) as usize - 3] += 1;
        }
        assert!(seen.iter().all(|&count| count > 50), "{seen:?}");
        #[expect(clippy::reversed_empty_ranges, reason = "what an empty range gives")]
        let empty = random.between(5..=4);
        assert_eq!(empty, 5);
        let _ = random.between(0..=u64::MAX);
        assert!(!random.chance(0.0) && random.chance(1.0));
    }

    #[test]
    fn sites_have_streams_of_their_own() {
        let draw = |site, number| Random::of_site(9, "reset", site, number).next_u64();
        assert_eq!(draw("a", 1), draw("a", 1));
        assert_ne!(draw("a", 1), draw("a", 2));
        assert_ne!(draw("a", 1), draw("b", 1));
    }
}
