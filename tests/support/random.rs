//! What the seeded loops draw from.

#![allow(
    unreachable_pub,
    reason = "included as a private module by several crates"
)]

use std::str::FromStr;

/// What the environment sets `name` to.
pub fn set<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
    )
}

/// Prints how to do it again.
pub struct ToldIfItFails(pub u64);

impl Drop for ToldIfItFails {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("again: ONELOOP_FUZZ_SEED={} ONELOOP_FUZZ_RUNS=1", self.0);
        }
    }
}

/// SplitMix64: good from any seed, so that neighbours may be seeds.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn byte(&mut self) -> u8 {
        self.next() as u8
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Mostly small, now and then just about `most` or anything below it.
    pub fn size(&mut self, most: usize) -> usize {
        match self.below(8) {
            0 => (most + 2).saturating_sub(self.below(8)),
            1 | 2 => self.below(most + 1),
            _ => self.below(most.min(6) + 1),
        }
    }
}
