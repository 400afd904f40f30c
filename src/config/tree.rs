//! What a text holds before anybody knows what it means: values with their places, the same for both formats.

use crate::report::Span;

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// What a value is. Of what no key of ours can be, only the name of its kind is kept.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    List(Vec<Item>),
    /// In the order of the text.
    Table(Vec<Entry>),
    /// JSON's null: as if the key were not there.
    Null,
    Other(&'static str),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    /// Where the key stands.
    pub(super) at: Span,
    pub(super) item: Item,
}

impl Value {
    /// What it is called when something else was expected.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Whole(_) => "a whole number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Null => "null",
            Self::Other(kind) => kind,
        }
    }
}
