//! TOML, read by the crate of that name.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Entry, Item, Value};
use crate::report::{Desk, Span};

/// What the text holds, or nothing if it is no TOML: then every fault in its form was told.
pub(super) fn read(text: &str, desk: &mut Desk) -> Option<Vec<Entry>> {
    let (table, faults) = DeTable::parse_recoverable(text);
    for fault in &faults {
        let span = fault.span().unwrap_or_default();
        let lines: Vec<&str> = fault.message().lines().map(str::trim).collect();
        desk.error_of(
            Span::new(span.start, span.end),
            "",
            format!("this is no TOML: {}", lines.join("; ")),
            "see https://toml.io/en/v1.1.0; a line is KEY = VALUE or [TABLE], and texts stand in quotes",
        );
    }
    // What a text with faults means is a guess: errors found in the guess would not be the author's.
    faults.is_empty().then(|| entries(table.get_ref()))
}

fn entries(table: &DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table.iter().map(|(key, value)| entry(key, value)).collect();
    // The map is in the order of the alphabet.
    entries.sort_by_key(|entry| entry.at.start);
    entries
}

fn entry(key: &Spanned<impl AsRef<str>>, value: &Spanned<DeValue<'_>>) -> Entry {
    let at = key.span();
    Entry {
        key: key.get_ref().as_ref().to_owned(),
        at: Span::new(at.start, at.end),
        item: item(value),
    }
}

/// The parser bounds how deep values are nested, at 80.
fn item(value: &Spanned<DeValue<'_>>) -> Item {
    let span = value.span();
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number beyond 64 bits"), Value::Whole),
        DeValue::Float(_) => Value::Other("a number with a fraction"),
        DeValue::Boolean(_) => Value::Other("true or false"),
        DeValue::Datetime(_) => Value::Other("a date or time"),
        DeValue::Array(list) => Value::List(list.iter().map(item).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
    };
    Item {
        span: Span::new(span.start, span.end),
        value,
    }
}
