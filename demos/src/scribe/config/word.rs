//! A part of a file's name that somebody else has chosen: a client its category, an operator a file's base.

use std::fmt;

/// A word that may stand in a file's name, or be a folder's.
///
/// A client chooses its categories, and files are named after them: so a word has nothing in it that leads out of its folder.
///
/// ```
/// use oneloop_demos::scribe::config::word::{FileWord, WordFault};
///
/// assert_eq!(FileWord::of("web.access").map(|word| word.to_string()), Ok("web.access".into()));
/// assert_eq!(FileWord::of("../../etc/passwd"), Err(WordFault::Slash));
/// assert_eq!(FileWord::of(".."), Err(WordFault::Dots));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileWord(String);

/// Why a text is no part of a file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordFault {
    /// There is nothing.
    Empty,
    /// So many bytes are more than [`FileWord::BYTES_MAX`].
    TooLong(usize),
    /// It would be in another folder.
    Slash,
    /// It is `.` or `..`: the folder, and the one that it is in.
    Dots,
    /// It has a control character, such as NUL or the end of a line.
    Control,
}

impl FileWord {
    /// The most bytes that it may have. A name has 255 on Linux; a date, a number, or what a link's name ends in stand behind the word.
    pub const BYTES_MAX: usize = 200;

    /// The word, if it is one.
    ///
    /// # Errors
    /// Why it is none.
    pub fn of(text: &str) -> Result<Self, WordFault> {
        match text {
            "" => Err(WordFault::Empty),
            "." | ".." => Err(WordFault::Dots),
            _ if text.len() > Self::BYTES_MAX => Err(WordFault::TooLong(text.len())),
            _ if text.contains('/') => Err(WordFault::Slash),
            _ if text.contains(char::is_control) => Err(WordFault::Control),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// As a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WordFault {}

impl fmt::Display for WordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::TooLong(bytes) => write!(
                f,
                "it has {bytes} bytes, and the most is {}",
                FileWord::BYTES_MAX
            ),
            Self::Slash => f.write_str("it has a `/` in it"),
            Self::Dots => f.write_str("it is the name of a folder that is always there"),
            Self::Control => f.write_str("it has a control character in it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_out_of_a_folder_is_no_word() {
        for (text, fault) in [
            ("", WordFault::Empty),
            (".", WordFault::Dots),
            ("..", WordFault::Dots),
            ("/", WordFault::Slash),
            ("a/b", WordFault::Slash),
            ("../a", WordFault::Slash),
            ("a/", WordFault::Slash),
            ("a\0", WordFault::Control),
            ("a\nb", WordFault::Control),
            ("a\u{7f}", WordFault::Control),
        ] {
            assert_eq!(FileWord::of(text), Err(fault), "{text:?}");
        }
        for text in [
            "a",
            "...",
            ".a",
            "a..b",
            "web access",
            "é",
            "-rf",
            "a*",
            "\\",
        ] {
            assert_eq!(FileWord::of(text).expect(text).as_str(), text);
        }
    }

    #[test]
    fn its_length_has_an_end() {
        for (length, is_word) in [(199, true), (200, true), (201, false)] {
            let word = FileWord::of(&"x".repeat(length));
            assert_eq!(word.is_ok(), is_word, "{length}");
        }
        assert_eq!(FileWord::of(&"é".repeat(101)), Err(WordFault::TooLong(202)));
    }
}
