//! Constants and typedefs.

use std::fmt::Write as _;

use super::docs::docs;
use super::room::{Room, byte_text};
use super::structs::is_approximate;
use crate::idl::model::{Const, Definition, Type, Value};

/// A constant: a `const` if Rust can have one of its type, or else a `static` that is made when it is first looked at.
pub(super) fn constant(
    room: &Room<'_>,
    output: &mut String,
    index: usize,
    of: &Definition,
    found: &Const,
) {
    let name = &room.this().names.definitions[index];
    let unit = room.unit;
    docs(output, of.doc.as_deref());
    let literal = match (room.plan.model(unit).true_type(&found.ty), &found.value) {
        (Type::String, Value::String(text)) => Some(("&str".to_owned(), format!("{text:?}"))),
        (Type::Binary, Value::Binary(bytes)) => Some(("&[u8]".to_owned(), byte_text(bytes))),
        // Another constant is a text already.
        (Type::String, Value::Const(id)) => Some(("&str".to_owned(), room.definition(unit, *id))),
        (Type::Binary, Value::Const(id)) => Some(("&[u8]".to_owned(), room.definition(unit, *id))),
        (Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Struct(_), _) => None,
        _ => Some((
            room.ty(unit, &found.ty, false),
            room.value(unit, &found.ty, &found.value, false),
        )),
    };
    if let Some((ty, value)) = literal {
        let allow = allow(&value);
        let _ = writeln!(output, "{allow}pub const {name}: {ty} = {value};");
        return;
    }
    let ty = room.ty(unit, &found.ty, false);
    let value = room.value(unit, &found.ty, &found.value, false);
    let lazy = room.std("std::sync", "LazyLock");
    let allow = allow(&value);
    // A function's name is enough where nothing is given to it.
    let make = match value.strip_suffix("()") {
        Some(function) if !function.contains(['(', '.']) && !function.contains('{') => {
            function.to_owned()
        }
        _ => format!("|| {value}"),
    };
    let _ = writeln!(
        output,
        "{allow}pub static {name}: {lazy}<{ty}> = {lazy}::new({make});"
    );
}

fn allow(value: &str) -> &'static str {
    if is_approximate(value) {
        "#[allow(clippy::approx_constant)] "
    } else {
        ""
    }
}

/// A typedef, and if it means something else in keys, the one for these.
pub(super) fn typedef(
    room: &Room<'_>,
    output: &mut String,
    index: usize,
    of: &Definition,
    target: &Type,
) {
    let names = &room.this().names;
    docs(output, of.doc.as_deref());
    let _ = writeln!(
        output,
        "pub type {} = {};",
        names.definitions[index],
        room.ty(room.unit, target, false)
    );
    if let Some(key) = names.keys.get(&index) {
        let _ = writeln!(
            output,
            "/// The same as a key of a map or an element of a set.
            pub type {key} = {};",
            room.ty(room.unit, target, true)
        );
    }
}
