//! Which bucket a message goes to, by the key in it. Source: scribe's bucket store, with all that C makes of texts and numbers.

use crate::scribe::config::settings::BucketChoice;

/// How one of several buckets is chosen.
///
/// ```
/// use oneloop_demos::scribe::config::settings::BucketChoice;
/// use oneloop_demos::scribe::store::keys::Keys;
///
/// let keys = Keys { choice: BucketChoice::KeyModulo, delimiter: b':', count: 3 };
/// assert_eq!(keys.bucket(b"7:a message", 0), 2);
/// assert_eq!(keys.bucket(b"a message", 0), 0, "it has no key");
/// assert_eq!(keys.without_key(b"7:a message"), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// How the key says which.
    pub choice: BucketChoice,
    /// The byte behind the key.
    pub delimiter: u8,
    /// How many there are, from number 1 on.
    pub count: u64,
}

impl Keys {
    /// The number of the bucket, from 1 to `count`; 0 if there is no key. `chance` is any number, which counts where chance decides.
    #[must_use]
    pub fn bucket(&self, text: &[u8], chance: u64) -> u64 {
        let chosen = match self.choice {
            BucketChoice::ContextLog => context_number(text).map(|number| self.modulo(number)),
            BucketChoice::Random => Some(self.modulo(chance)),
            BucketChoice::KeyHash => self.key(text).map(|key| self.modulo(hash(key).into())),
            BucketChoice::KeyModulo => self.key(text).map(|key| self.modulo(number(key))),
            BucketChoice::KeyRange(range) => {
                self.key(text).map(|key| self.range(number(key), range))
            }
        };
        chosen.map_or(0, |index| index.saturating_add(1).min(self.count))
    }

    /// How many bytes are in front of the message behind the key and its delimiter.
    #[must_use]
    pub fn without_key(&self, text: &[u8]) -> usize {
        let at = text.iter().position(|byte| *byte == self.delimiter);
        at.map_or(0, |at| at + 1)
    }

    /// What is before the delimiter, as C sees it: up to a zero.
    fn key<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let at = text.iter().position(|byte| *byte == self.delimiter)?;
        let key = text.get(..at)?.split(|byte| *byte == 0).next()?;
        (!key.is_empty()).then_some(key)
    }

    const fn modulo(&self, number: u64) -> u64 {
        match number.checked_rem(self.count) {
            Some(rest) => rest,
            None => 0,
        }
    }

    /// As scribe counts it, which is by floating point.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    fn range(&self, number: u64, range: u64) -> u64 {
        let Some(rest) = number.checked_rem(range) else {
            return 0;
        };
        (rest as f64 / range as f64 * self.count as f64) as u64
    }
}

/// The number behind the third byte 1; `None` if there is none, or it is 0.
fn context_number(text: &[u8]) -> Option<u64> {
    let mut rest = text;
    for _ in 0..3 {
        let at = rest.iter().position(|byte| *byte == 1)?;
        rest = rest.get(at + 1..)?;
    }
    if rest.first().is_none_or(|byte| *byte == 1) {
        return None;
    }
    let (is_negative, value) = digits(rest);
    let value = match (value, is_negative) {
        (Some(value), true) => value.wrapping_neg(),
        (Some(value), false) => value,
        (None, _) => u64::MAX,
    };
    // It is kept in 32 bits. (scribe's hash of it is the number itself.)
    let number = value & u64::from(u32::MAX);
    (number != 0).then_some(number)
}

/// djb2, of signed bytes as C has them on most machines.
fn hash(key: &[u8]) -> u32 {
    key.iter().fold(5381, |hash: u32, byte| {
        let byte = i32::from(byte.cast_signed()).cast_unsigned();
        hash.wrapping_mul(33).wrapping_add(byte)
    })
}

/// The number at a text's beginning as C's `atol` finds it, taken for one without a sign.
fn number(key: &[u8]) -> u64 {
    let (is_negative, value) = digits(key);
    let value = value.map_or(u64::MAX, |value| value);
    let signed = match is_negative {
        true => i64::try_from(value).map_or(i64::MIN, |value| -value),
        false => i64::try_from(value).unwrap_or(i64::MAX),
    };
    signed.cast_unsigned()
}

/// Whether there is a minus, and the number behind it; `None` is too large.
fn digits(text: &[u8]) -> (bool, Option<u64>) {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|byte| !is_space(byte));
    let text = start.and_then(|at| text.get(at..)).unwrap_or_default();
    let (is_negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let mut digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    let value = digits.try_fold(0_u64, |value, digit| {
        value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    });
    (is_negative, value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(choice: BucketChoice, count: u64) -> Keys {
        Keys {
            choice,
            delimiter: b':',
            count,
        }
    }

    /// What C's own `strtol` and `strtoul` say, and the hash as it is written in the books.
    #[test]
    fn keys_are_read_as_c_reads_them() {
        for (text, due) in [
            (&b""[..], 0),
            (b"7", 7),
            (b"7x8", 7),
            (b" \t\n\x0b\x0c\r+7", 7),
            (b"x7", 0),
            (b"--7", 0),
            (b"+-7", 0),
            (b"- 7", 0),
            (b"0x10", 0),
            (b"010", 10),
            (b"-1", u64::MAX),
            (b"9223372036854775806", 9_223_372_036_854_775_806),
            (b"9223372036854775807", 9_223_372_036_854_775_807),
            (b"9223372036854775808", 9_223_372_036_854_775_807),
            (b"99999999999999999999999", 9_223_372_036_854_775_807),
            (b"-9223372036854775807", 9_223_372_036_854_775_809),
            (b"-9223372036854775808", 9_223_372_036_854_775_808),
            (b"-9223372036854775809", 9_223_372_036_854_775_808),
            (b"-99999999999999999999999", 9_223_372_036_854_775_808),
        ] {
            assert_eq!(number(text), due, "{text:?}");
        }
        for (key, due) in [
            (&b"a"[..], 177_670),
            (b"abc", 193_485_963),
            (b"\xff", 177_572),
            (b"hello, world", 0xb0e4_250d),
        ] {
            assert_eq!(hash(key), due, "{key:?}");
        }
    }

    #[test]
    fn each_choice_has_its_buckets() {
        use BucketChoice::{ContextLog, KeyHash, KeyModulo, KeyRange, Random};
        for (choice, count, text, bucket) in [
            (KeyModulo, 3, &b"7:x"[..], 2),
            (KeyModulo, 3, b"8:x", 3),
            (KeyModulo, 3, b"9:x", 1),
            (KeyModulo, 3, b"x:x", 1),
            // 2^64 - 1 is a multiple of 3.
            (KeyModulo, 3, b"-1:x", 1),
            (KeyModulo, 3, b"-2:x", 3),
            (KeyModulo, 3, b"7", 0),
            (KeyModulo, 3, b":7", 0),
            (KeyModulo, 3, b"\x007:x", 0),
            (KeyModulo, 3, b"", 0),
            (KeyHash, 3, b"a:x", 177_670 % 3 + 1),
            (KeyHash, 1000, b"abc:", 964),
            (KeyHash, 1000, b"abc\0def:", 964),
            (KeyHash, 1000, b"abc", 0),
            (KeyRange(100), 4, b"0:", 1),
            (KeyRange(100), 4, b"24:", 1),
            (KeyRange(100), 4, b"25:", 2),
            (KeyRange(100), 4, b"99:", 4),
            (KeyRange(100), 4, b"100:", 1),
            (KeyRange(100), 4, b"99", 0),
            // Where floating point rounds up, the last one is the last.
            (KeyRange((1 << 53) + 1), 1, b"9007199254740992:", 1),
            (ContextLog, 3, b"a\x01b\x01c\x017 x", 2),
            (ContextLog, 3, b"\x01\x01\x014294967296", 0),
            (ContextLog, 3, b"\x01\x01\x014294967297", 2),
            (
                ContextLog,
                1000,
                b"\x01\x01\x0199999999999999999999",
                4_294_967_295 % 1000 + 1,
            ),
            (ContextLog, 3, b"\x01\x01\x010", 0),
            (ContextLog, 3, b"\x01\x01\x01x", 0),
            (ContextLog, 3, b"\x01\x01\x01", 0),
            (ContextLog, 3, b"\x01\x01\x01\x017", 0),
            (ContextLog, 3, b"\x01\x017", 0),
            (Random, 3, b"", 1),
        ] {
            assert_eq!(
                keys(choice, count).bucket(text, 6),
                bucket,
                "{choice:?} {text:?}"
            );
        }
    }

    #[test]
    fn a_key_is_taken_off_with_its_delimiter() {
        let keys = keys(BucketChoice::KeyHash, 1);
        for (text, at) in [
            (&b"a:b:c"[..], 2),
            (b":b", 1),
            (b"ab", 0),
            (b"", 0),
            (b"ab:", 3),
        ] {
            assert_eq!(keys.without_key(text), at, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn there_is_always_a_bucket(
            text: Vec<u8>,
            chance: u64,
            count in prop_oneof![1..5_u64, Just(10_000), any::<u64>()],
            range in prop_oneof![1..5_u64, any::<u64>()],
            choice in 0..5,
        ) {
            let choice = match choice {
                0 => BucketChoice::ContextLog,
                1 => BucketChoice::Random,
                2 => BucketChoice::KeyHash,
                3 => BucketChoice::KeyModulo,
                _ => BucketChoice::KeyRange(range),
            };
            let keys = keys(choice, count);
            prop_assert!(keys.bucket(&text, chance) <= count);
            prop_assert!(keys.without_key(&text) <= text.len());
        }
    }
}
