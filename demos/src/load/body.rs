//! What a request carries: bytes that no other request carries.

/// What a request carries: the numbers of its connection and of itself, and bytes that follow from both.
///
/// ```text
/// 0            4                  12
/// | connection | sequence number | filled: word n is seed + n * step, little-endian |
///   u32          u64               the last word is cut
/// ```
/// The integers at the front are big-endian, so that a dump can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The connection's number.
    pub connection: u32,
    /// The request's number on its connection.
    pub sequence: u64,
}

/// The least a body can have: the two numbers.
pub const BODY_BYTES_MIN: usize = 12;

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
const CONNECTION_STEP: u64 = 0xd1b5_4a32_d192_ed03;
const WORD_BYTES: usize = 8;

impl Stamp {
    /// Appends the body of this request.
    pub fn write(self, body_bytes: usize, output: &mut Vec<u8>) {
        output.extend_from_slice(&self.front());
        let filled = body_bytes.saturating_sub(BODY_BYTES_MIN);
        let mut word = self.seed();
        for _ in 0..filled / WORD_BYTES {
            output.extend_from_slice(&word.to_le_bytes());
            word = word.wrapping_add(STEP);
        }
        output.extend_from_slice(&word.to_le_bytes()[..filled % WORD_BYTES]);
    }

    /// Whether `body`, whose length is right, is this request's.
    #[inline]
    #[must_use]
    pub fn matches(self, body: &[u8]) -> bool {
        let Some((front, filled)) = body.split_first_chunk::<BODY_BYTES_MIN>() else {
            return false;
        };
        // All words are compared before anything is decided: for bodies of common sizes a branch for each costs more.
        let mut differing = u64::from(*front != self.front());
        let mut word = self.seed();
        let (words, rest) = filled.as_chunks::<WORD_BYTES>();
        for came in words {
            differing |= u64::from_le_bytes(*came) ^ word;
            word = word.wrapping_add(STEP);
        }
        differing == 0 && *rest == word.to_le_bytes()[..rest.len()]
    }

    /// The first byte of `body` that is not this request's, if there is one: its place, what was asked, what came.
    #[must_use]
    pub fn first_difference(self, body: &[u8]) -> Option<(usize, u8, u8)> {
        let mut asked = Vec::with_capacity(body.len());
        self.write(body.len(), &mut asked);
        let mut pairs = asked.iter().zip(body).enumerate();
        pairs.find_map(|(place, (&asked, &came))| (asked != came).then_some((place, asked, came)))
    }

    /// The stamp that begins `body`, if it is long enough for one.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let (connection, rest) = body.split_first_chunk()?;
        let sequence = rest.first_chunk()?;
        Some(Self {
            connection: u32::from_be_bytes(*connection),
            sequence: u64::from_be_bytes(*sequence),
        })
    }

    #[inline]
    fn front(self) -> [u8; BODY_BYTES_MIN] {
        let mut front = [0; BODY_BYTES_MIN];
        front[..4].copy_from_slice(&self.connection.to_be_bytes());
        front[4..].copy_from_slice(&self.sequence.to_be_bytes());
        front
    }

    /// Unlike for neighbours: the finalizer of splitmix64.
    #[inline]
    const fn seed(self) -> u64 {
        let mixed = self
            .sequence
            .wrapping_add((self.connection as u64 + 1).wrapping_mul(CONNECTION_STEP))
            .wrapping_mul(STEP);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(stamp: Stamp, bytes: usize) -> Vec<u8> {
        let mut body = Vec::new();
        stamp.write(bytes, &mut body);
        body
    }

    const STAMP: Stamp = Stamp {
        connection: 7,
        sequence: 300,
    };

    #[test]
    fn a_body_begins_with_its_numbers_and_has_its_length() {
        for bytes in BODY_BYTES_MIN..200 {
            let body = body(STAMP, bytes);
            assert_eq!(body.len(), bytes);
            assert_eq!(body[..12], [0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 1, 44]);
            assert_eq!(Stamp::read(&body), Some(STAMP));
            assert!(STAMP.matches(&body));
            assert_eq!(STAMP.first_difference(&body), None);
        }
    }

    #[test]
    fn each_wrong_bit_of_each_byte_is_found() {
        for bytes in [12, 13, 19, 20, 21, 64, 100] {
            let good = body(STAMP, bytes);
            for place in 0..bytes {
                for bit in 0..8 {
                    let mut bad = good.clone();
                    bad[place] ^= 1 << bit;
                    assert!(!STAMP.matches(&bad), "byte {place} of {bytes}, bit {bit}");
                    let difference = (place, good[place], bad[place]);
                    assert_eq!(STAMP.first_difference(&bad), Some(difference));
                }
            }
        }
    }

    #[test]
    fn several_wrong_bytes_do_not_cancel_out() {
        let good = body(STAMP, 64);
        for (one, other) in [(12, 20), (13, 21), (0, 4), (19, 27)] {
            let mut bad = good.clone();
            bad[one] ^= 0xff;
            bad[other] ^= 0xff;
            assert!(!STAMP.matches(&bad), "bytes {one} and {other}");
        }
    }

    #[test]
    fn no_other_request_has_the_same_filling() {
        let mut seen = std::collections::HashSet::new();
        for connection in [0, 1, 2, 999, u32::MAX] {
            for sequence in (0..200).chain([1 << 24, 1 << 40, u64::MAX]) {
                let stamp = Stamp {
                    connection,
                    sequence,
                };
                assert!(seen.insert(body(stamp, 64)[12..].to_vec()), "{stamp:?}");
            }
        }
    }

    #[test]
    fn what_is_too_short_for_a_stamp_matches_none() {
        for bytes in 0..BODY_BYTES_MIN {
            assert!(!STAMP.matches(&body(STAMP, 12)[..bytes]));
            assert_eq!(Stamp::read(&vec![0; bytes]), None);
        }
    }
}
