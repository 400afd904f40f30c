//! What may be said, and by what names.
//!
//! Text of one person ends up in the terminal of another. What could move a cursor, change a colour or turn a line's direction around
//! is taken out here, on the way into the server and again on the way out of the client.

use std::fmt;
use std::str::FromStr;

/// The name of a person or of a room: letters, digits, `_` and `-`, from 1 to [`NAME_CHARS_MAX`] of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// What is said: one line without control characters, from 1 to [`TEXT_BYTES_MAX`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text(String);

/// Why a name or a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordFault {
    /// A name of no characters, or of too many, or with others than a name may have.
    Name,
    /// Nothing was said.
    Empty,
    /// Too much was said at once: so many bytes.
    TooLong(usize),
    /// The bytes are no UTF-8.
    Utf8,
}

/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 20;
/// The longest text, in bytes.
pub const TEXT_BYTES_MAX: usize = 2_000;

impl Name {
    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same name in small letters: two names that differ in nothing else are one.
    #[must_use]
    pub fn folded(&self) -> Self {
        Self(self.0.to_lowercase())
    }
}

impl FromStr for Name {
    type Err = WordFault;

    fn from_str(text: &str) -> Result<Self, WordFault> {
        // Its small letters must make a name too: there are characters that fall apart into a letter and an accent.
        let fits = |text: &str| {
            let count = text.chars().count();
            (1..=NAME_CHARS_MAX).contains(&count) && text.chars().all(is_name_char)
        };
        if fits(text) && fits(&text.to_lowercase()) {
            Ok(Self(text.into()))
        } else {
            Err(WordFault::Name)
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Text {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Our own words, cut if they are too long: for what is not a person's line, and must be one.
    #[must_use]
    pub fn of(words: &str) -> Self {
        let mut text = clean(words);
        let mut end = text.len().min(TEXT_BYTES_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        Self(if text.is_empty() { "?".into() } else { text })
    }
}

impl FromStr for Text {
    type Err = WordFault;

    fn from_str(text: &str) -> Result<Self, WordFault> {
        let text = clean(text);
        if text.is_empty() {
            Err(WordFault::Empty)
        } else if text.len() > TEXT_BYTES_MAX {
            Err(WordFault::TooLong(text.len()))
        } else {
            Ok(Self(text))
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for WordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => write!(
                f,
                "a name is 1 to {NAME_CHARS_MAX} letters, digits, _ or -, and nothing else"
            ),
            Self::Empty => f.write_str("there is nothing to say"),
            Self::TooLong(bytes) => write!(
                f,
                "a line of {bytes} bytes is too long; the most is {TEXT_BYTES_MAX}"
            ),
            Self::Utf8 => f.write_str("that is no UTF-8"),
        }
    }
}

impl std::error::Error for WordFault {}

/// Letters that show nothing: a name of these would be no name.
const BLANK_LETTERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

fn is_name_char(c: char) -> bool {
    (c.is_alphanumeric() && !BLANK_LETTERS.contains(&c)) || c == '_' || c == '-'
}

/// One line without what commands a terminal: tabs become spaces, every other such character becomes the replacement character, so
/// that it is seen that there was one.
fn clean(text: &str) -> String {
    let harmless = |c: char| match c {
        '\t' => ' ',
        c if commands_terminal(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.trim().chars().map(harmless).collect()
}

/// C0 and C1 controls, line and paragraph separators, and the marks, overrides and isolates that turn a line's direction around.
fn commands_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_and_two_signs() {
        for name in ["a", "ann", "Zoë", "Анна", "王-5", "x_1", &"n".repeat(20)] {
            assert_eq!(name.parse::<Name>().expect(name).as_str(), name);
        }
        for name in [
            "",
            " ",
            "a b",
            "a\tb",
            "a\n",
            "\x1b[31m",
            "a\u{202e}b",
            "a\u{200b}b",
            "\u{3164}",
            "a/b",
            "İ",
            &"n".repeat(21),
        ] {
            assert_eq!(name.parse::<Name>(), Err(WordFault::Name), "{name:?}");
        }
    }

    #[test]
    fn names_that_differ_in_size_alone_are_one() {
        let [small, large] = ["zoë", "ZOË"].map(|name| name.parse::<Name>().expect(name));
        assert_ne!(small, large);
        assert_eq!(small, large.folded());
    }

    #[test]
    fn nothing_that_commands_a_terminal_is_left_in_a_text() {
        let text: Text = "\x1b[2J\u{9b}1m a\tb\u{202e}c\u{2066}d\r\n"
            .parse()
            .expect("a text");
        assert_eq!(text.as_str(), "\u{fffd}[2J\u{fffd}1m a b\u{fffd}c\u{fffd}d");
        for code in (0..=0x10_ffff).filter_map(char::from_u32) {
            if let Ok(text) = format!("a{code}b").parse::<Text>() {
                let within = &text.as_str()[1..text.as_str().len() - 1];
                assert!(!within.chars().any(char::is_control), "{code:?}");
            }
        }
    }

    #[test]
    fn a_text_is_neither_empty_nor_too_long() {
        assert_eq!(" \r\n".parse::<Text>(), Err(WordFault::Empty));
        assert!("x".repeat(TEXT_BYTES_MAX).parse::<Text>().is_ok());
        let fault = "x".repeat(TEXT_BYTES_MAX + 1).parse::<Text>();
        assert_eq!(fault, Err(WordFault::TooLong(2_001)));
        // Counted as it is sent on: what is replaced may grow.
        let fault = "\x01".repeat(TEXT_BYTES_MAX).parse::<Text>();
        assert!(matches!(fault, Err(WordFault::TooLong(_))), "{fault:?}");
        assert_eq!(Text::of(&"é".repeat(2_000)).as_str().len(), TEXT_BYTES_MAX);
    }
}
