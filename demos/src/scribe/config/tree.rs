//! What a configuration holds before anybody knows what it means: keys and blocks with their places, the same for both formats.

use oneloop::report::Span;

/// A block: the whole file, or a store in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    /// As it is called in the block that it is in.
    pub(super) name: String,
    /// Where it begins.
    pub(super) at: Span,
    pub(super) keys: Vec<Key>,
    pub(super) blocks: Vec<Self>,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) at: Span,
    pub(super) value: Value,
    pub(super) value_at: Span,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// As it stands in scribe's format, where nothing says of what kind it is.
    Raw(String),
    Text(String),
    Whole(i64),
    Fraction(f64),
    Flag(bool),
    /// Of texts: nothing else is listed.
    Texts(Vec<String>),
    /// Of what no key can be, the name of its kind.
    Other(&'static str),
}

impl Value {
    /// What it is called when something else was expected.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Raw(_) | Self::Text(_) => "a text",
            Self::Whole(_) => "a whole number",
            Self::Fraction(_) => "a number with a fraction",
            Self::Flag(_) => "true or false",
            Self::Texts(_) => "a list of texts",
            Self::Other(kind) => kind,
        }
    }
}

impl Block {
    /// The last key of this name: in scribe's format an earlier one has no effect, and in TOML there is none.
    pub(super) fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().rev().find(|key| key.name == name)
    }
}
