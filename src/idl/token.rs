//! A token: the smallest piece of a file that means something.

use crate::report::Span;
use std::fmt;

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// Nothing but blanks and comments is before it in its line.
    pub(super) first: bool,
    /// The last `/** */` between the token before it and this.
    pub(super) doc: Option<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A word of the grammar, as [`WORDS`] has it.
    Word(&'static str),
    /// Any other word; it may have dots.
    Name(String),
    Int(i64),
    Double(f64),
    Literal(String),
    Symbol(char),
    End,
}

impl Kind {
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(known) if *known == word)
    }

    pub(super) fn is_symbol(&self, symbol: char) -> bool {
        *self == Self::Symbol(symbol)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "the word `{word}`"),
            Self::Name(name) => write!(f, "`{}`", shortened(name)),
            Self::Int(value) => write!(f, "the number {value}"),
            Self::Double(value) => write!(f, "the number {value:?}"),
            Self::Literal(text) => write!(f, "the text {:?}", shortened(text)),
            Self::Symbol(symbol) => write!(f, "`{symbol}`"),
            Self::End => f.write_str("the end of the file"),
        }
    }
}

/// At most so much of a name that a message stays readable.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= NAME_CHARS_SHOWN {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(NAME_CHARS_SHOWN).collect();
    short.push_str("...");
    short
}

/// Characters of a name that a message shows.
const NAME_CHARS_SHOWN: usize = 80;

/// The words of the grammar. Fields may be named by any of them but those of [`NO_FIELD_NAMES`]; nothing else may.
pub(super) const WORDS: [&str; 37] = [
    "async",
    "binary",
    "bool",
    "byte",
    "const",
    "cpp_include",
    "cpp_type",
    "double",
    "enum",
    "exception",
    "extends",
    "false",
    "i16",
    "i32",
    "i64",
    "i8",
    "include",
    "list",
    "map",
    "namespace",
    "oneway",
    "optional",
    "required",
    "service",
    "set",
    "string",
    "struct",
    "throws",
    "true",
    "typedef",
    "union",
    "uuid",
    "void",
    "xsd_all",
    "xsd_attrs",
    "xsd_nillable",
    "xsd_optional",
];

/// The words by which not even a field may be named.
pub(super) const NO_FIELD_NAMES: [&str; 7] = [
    "cpp_type",
    "false",
    "true",
    "xsd_all",
    "xsd_attrs",
    "xsd_nillable",
    "xsd_optional",
];
