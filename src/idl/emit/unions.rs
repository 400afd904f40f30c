//! Unions: enums of Rust, with a variant for the members of later versions.

use std::fmt::Write as _;

use super::docs::docs;
use super::names;
use super::room::Room;
use super::structs::{ValueHead, derives};
use crate::idl::model::{Definition, Struct};

/// A union.
pub(super) fn union(
    room: &Room<'_>,
    output: &mut String,
    index: usize,
    of: &Definition,
    found: &Struct,
) {
    let name = &room.this().names.definitions[index];
    let key = room.key(index);
    let in_key = room.plan.is_key(key);
    let variants = &room.this().names.parts[index];
    let unknown = names::fresh("Unknown", |name| {
        variants.iter().any(|variant| variant == name)
    });
    docs(output, of.doc.as_deref());
    let derives = derives(room, room.plan.traits_of(key), false);
    let large = match found.fields.len() {
        0 => "",
        _ => "#[allow(clippy::enum_variant_names, clippy::large_enum_variant)] ",
    };
    let _ = writeln!(output, "#[derive({derives})] {large}pub enum {name} {{");
    for (field, variant) in found.fields.iter().zip(variants) {
        docs(output, field.doc.as_deref());
        room.within.set(Some(room.id(index)));
        let mut ty = room.ty(room.unit, &field.ty, in_key);
        room.within.set(None);
        if field.boxed {
            ty = format!("{}<{ty}>", room.prelude("Box"));
        }
        let _ = writeln!(output, "{variant}({ty}),");
    }
    let _ = writeln!(
        output,
        "/// A member of a later version, or of another type than was agreed. Its value is not kept, so it cannot be written: that is an error.
        {unknown} {{ /// The member's number.
        id: i16 }}, }}"
    );

    let value_trait = room.thrift("Value");
    let head = ValueHead::new(room);
    let error = room.thrift("ProtocolError");
    let kind = room.thrift("ProtocolErrorKind");
    let (ok, err, some, none) = (
        room.prelude("Ok"),
        room.prelude("Err"),
        room.prelude("Some"),
        room.prelude("None"),
    );
    let written = &of.name;
    let _ = writeln!(
        output,
        "impl {value_trait} for {name} {{ {} {}
        let mut member = {none};
        let mut fields = input.begin_struct()?;
        while let {some}(field) = input.field(&mut fields)? {{
            if member.is_some() {{
                return {err}({error}::new({kind}::InvalidData, \"more than one member of union {written}\"));
            }}
            member = {some}(",
        head.kind,
        head.read("input")
    );
    if !found.fields.is_empty() {
        output.push_str("match (field.id, field.kind) {");
    }
    for (field, variant) in found.fields.iter().zip(variants) {
        room.thrift_trait("Locate");
        let wire = room.kind(room.unit, &field.ty);
        let _ = writeln!(
            output,
            "({}, {wire}) => Self::{variant}({value_trait}::read(input).at({written:?}, {:?})?),",
            field.id, field.name
        );
    }
    let _ = match found.fields.len() {
        0 => write!(
            output,
            "{{ input.skip(field.kind)?; Self::{unknown} {{ id: field.id }} }}"
        ),
        _ => write!(
            output,
            "(id, kind) => {{ input.skip(kind)?; Self::{unknown} {{ id }} }} }}"
        ),
    };
    let _ = writeln!(
        output,
        "); }} input.end_struct(fields);
        member.ok_or_else(|| {error}::new({kind}::InvalidData, \"no member of union {written}\")) }}
        {}",
        head.write("output")
    );
    let refusal = format!(
        "{err}({error}::new({kind}::InvalidData, format!(\"member {{id}} of union {written} is unknown here and cannot be written\")))"
    );
    if found.fields.is_empty() {
        let _ = writeln!(
            output,
            "let _ = output; let Self::{unknown} {{ id }} = self; {refusal} }} }}"
        );
        return;
    }
    let _ = writeln!(
        output,
        "let mut fields = output.begin_struct()?; match self {{"
    );
    for (field, variant) in found.fields.iter().zip(variants) {
        let wire = room.kind(room.unit, &field.ty);
        let _ = writeln!(
            output,
            "Self::{variant}(value) => {{ output.field(&mut fields, {}, {wire}); value.write(output)?; }}",
            field.id
        );
    }
    let _ = writeln!(
        output,
        "Self::{unknown} {{ id }} => return {refusal}, }} output.end_struct(fields); {ok}(()) }} }}"
    );
}
