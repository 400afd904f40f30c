//! A string that is a slice of the frame it came in.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use bytes::Bytes;

use super::fault::ProtocolError;

/// UTF-8 in a buffer that others may share: to read one takes no allocation and no copy, to clone one neither.
///
/// The price: the whole frame lives as long as the last of its texts. So take a `String` of what is kept for long. And since this
/// crate has no unsafe code, [`as_str`](Self::as_str), and all that goes by way of it, looks through the bytes again, a nanosecond for
/// some sixteen of them. [`as_bytes`](Self::as_bytes), comparing, cloning and writing do not.
///
/// ```
/// use bytes::Bytes;
/// use oneloop::thrift::{Binary, Protocol, Read, Text, WireLimits};
///
/// let frame = Bytes::from_static(b"\0\0\0\x05hello");
/// let text = Binary::shared_reader(&frame, WireLimits::default()).text().unwrap();
/// assert_eq!(text, "hello");
/// assert_eq!(text.as_bytes().as_ptr(), frame[4..].as_ptr()); // the same bytes
/// assert_eq!(text.to_uppercase(), "HELLO"); // it is a str to all who read it
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// UTF-8. The order of bytes is the order of characters.
    bytes: Bytes,
}

impl Text {
    /// Looks whether these bytes can be a text. Most are ASCII, which is seen in a fraction of the time.
    #[inline]
    pub(super) fn check(bytes: &[u8]) -> Result<(), ProtocolError> {
        if is_ascii(bytes) || str::from_utf8(bytes).is_ok() {
            Ok(())
        } else {
            Err(ProtocolError::not_utf8())
        }
    }

    /// Of bytes that were seen to be UTF-8.
    #[inline]
    pub(super) fn of_checked(bytes: Bytes) -> Self {
        Self { bytes }
    }

    /// A text that never changes and is never freed.
    pub const fn from_static(text: &'static str) -> Self {
        Self {
            bytes: Bytes::from_static(text.as_bytes()),
        }
    }

    /// The text. Looks through all of its bytes.
    #[inline]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes).expect("every text is made of UTF-8")
    }

    /// Its bytes, at no cost.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes it has.
    #[inline]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether it has none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Its bytes, still shared.
    #[inline]
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    #[inline]
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// So that a map by `Text` can be asked for a `&str`.
impl Borrow<str> for Text {
    #[inline]
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl Hash for Text {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::of_checked(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::of_checked(text.into())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
    }
}

impl PartialEq<str> for Text {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Text {
    #[inline]
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Eight bytes at a time, and the last eight once more instead of a loop for what is left over: `<[u8]>::is_ascii` takes five times the
/// instructions for strings of this size, most of them for the bytes at the end.
#[inline]
fn is_ascii(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk() else {
        return bytes.iter().fold(0, |seen, byte| seen | byte) < 0x80;
    };
    let (words, _) = bytes.as_chunks();
    let seen = words.iter().fold(u64::from_ne_bytes(*last), |seen, word| {
        seen | u64::from_ne_bytes(*word)
    });
    seen & 0x8080_8080_8080_8080 == 0
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::*;

    #[test]
    fn it_is_equal_ordered_and_hashed_as_its_str_is() {
        let words = ["", "a", "ab", "b", "\u{e9}", "\u{ff5e}", "\u{1f600}"];
        let sorted: BTreeSet<Text> = words.iter().rev().map(|word| Text::from(*word)).collect();
        assert!(sorted.iter().map(Text::as_str).eq(words));
        let set: HashSet<Text> = words.iter().map(|word| Text::from(*word)).collect();
        for word in words {
            assert!(set.contains(word) && sorted.contains(word));
            assert_eq!(Text::from(word.to_owned()), word);
            assert_eq!(Text::from_static(word).to_string(), word);
            assert_eq!(format!("{:?}", Text::from(word)), format!("{word:?}"));
            assert_eq!(String::from(Text::from(word)), word);
        }
        assert!(!set.contains("c"));
        assert!(Text::default().is_empty());
        assert_eq!(Text::from("\u{e9}").len(), 2);
    }

    #[test]
    fn ascii_is_told_at_every_length_and_place() {
        for length in 0..70 {
            let mut bytes = vec![0x7f; length];
            assert!(is_ascii(&bytes) && Text::check(&bytes).is_ok());
            for at in 0..length {
                bytes[at] = 0x80;
                assert!(!is_ascii(&bytes), "{at} of {length}");
                assert!(Text::check(&bytes).is_err());
                bytes[at] = 0x7f;
            }
            bytes.extend("\u{e9}".bytes());
            assert!(!is_ascii(&bytes) && Text::check(&bytes).is_ok());
        }
    }
}
