//! Structs, exceptions, and what is like a struct: the arguments and the result of a function.

use std::fmt::Write as _;

use super::docs::docs;
use super::names;
use super::plan::Traits;
use super::room::Room;
use crate::idl::model::{Definition, Field, Requiredness, Struct, StructKind, Type};

/// What is written of a field.
pub(super) struct Part<'a> {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) field: &'a Field,
    pub(super) how: How,
    /// What it is until it is set.
    pub(super) initial: String,
}

/// What of a field is on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Always there; read as an error if it is not.
    Required,
    /// Always written.
    Plain,
    /// An `Option`: written if it is something.
    Option,
}

/// A struct or an exception.
pub(super) fn structure(
    room: &Room<'_>,
    output: &mut String,
    index: usize,
    of: &Definition,
    found: &Struct,
) {
    let name = &room.this().names.definitions[index];
    let unit = room.unit;
    let key = room.key(index);
    let in_key = room.plan.is_key(key);
    room.within.set(Some(room.id(index)));
    let parts: Vec<Part<'_>> = found
        .fields
        .iter()
        .zip(&room.this().names.parts[index])
        .map(|(field, name)| Part {
            name: name.clone(),
            ty: room.field_type(unit, field, in_key),
            how: match field.requiredness {
                _ if room.plan.is_option(unit, field) => How::Option,
                Requiredness::Required => How::Required,
                _ => How::Plain,
            },
            initial: room.initial(unit, field, in_key),
            field,
        })
        .collect();
    room.within.set(None);
    let has_default = room.plan.has_default_of(key);
    // What the derived `Default` would say too.
    let derived = parts.iter().all(|part| {
        part.field.default.is_none() || ["false", "0", "0.0"].contains(&part.initial.as_str())
    });
    docs(output, of.doc.as_deref());
    let derives = derives(room, room.plan.traits_of(key), has_default && derived);
    let _ = writeln!(output, "#[derive({derives})] pub struct {name} {{");
    fields(output, &parts);
    output.push_str("}\n");
    if has_default && !derived {
        let default = room.prelude("Default");
        let _ = writeln!(
            output,
            "{}impl {default} for {name} {{ fn default() -> Self {{ Self {{",
            approximate(&parts)
        );
        for part in &parts {
            let _ = writeln!(output, "{}: {},", part.name, part.initial);
        }
        output.push_str("} } }\n");
    }
    value(room, output, name, &of.name, &parts);
    if found.kind == StructKind::Exception {
        exception(room, output, name, &parts);
    }
}

/// The fields, with their docs.
pub(super) fn fields(output: &mut String, parts: &[Part<'_>]) {
    for part in parts {
        docs(output, part.field.doc.as_deref());
        if part.ty.matches('<').count() > NESTING_MAX {
            output.push_str("#[allow(clippy::type_complexity)] ");
        }
        let _ = writeln!(output, "pub {}: {},", part.name, part.ty);
    }
}

/// What is derived.
pub(super) fn derives(room: &Room<'_>, traits: Traits, default: bool) -> String {
    let mut derives = vec!["Clone", "Debug"];
    let optional = [
        (default, "Default"),
        (true, "PartialEq"),
        (traits.eq, "Eq"),
        (traits.ord, "PartialOrd"),
        (traits.ord && traits.eq, "Ord"),
        (traits.hash, "Hash"),
    ];
    derives.extend(optional.iter().filter(|(is, _)| *is).map(|(_, name)| name));
    let more = room.plan.style.derives.iter().map(String::as_str);
    let more: Vec<&str> = more.filter(|name| !derives.contains(name)).collect();
    derives.extend(more);
    derives.join(", ")
}

/// Its `Value`: how it is read and written.
pub(super) fn value(
    room: &Room<'_>,
    output: &mut String,
    name: &str,
    shown: &str,
    parts: &[Part<'_>],
) {
    let fresh = |name: &str| names::fresh(name, |name| parts.iter().any(|part| part.name == name));
    let (input, state, field) = (fresh("input"), fresh("fields"), fresh("field"));
    let kind = fresh("kind");
    let value_trait = room.thrift("Value");
    let head = ValueHead::new(room);
    let (ok, some) = (room.prelude("Ok"), room.prelude("Some"));
    let _ = writeln!(
        output,
        "{}impl {value_trait} for {name} {{",
        approximate(parts)
    );
    let _ = writeln!(output, "{}", head.kind);
    let _ = writeln!(output, "{}", head.read(&input));
    // Read into the struct, unless it may turn out that there is none: what is put together in the end is moved once more.
    let whole = !parts.is_empty() && parts.iter().all(|part| part.how != How::Required);
    let mut place = String::new();
    if whole {
        let this = fresh("this");
        let _ = writeln!(output, "let mut {this} = Self {{");
        for part in parts {
            let _ = writeln!(output, "{}: {},", part.name, part.initial);
        }
        output.push_str("};\n");
        place = format!("{this}.");
    } else {
        for part in parts {
            let initial = match part.how {
                How::Required => room.prelude("None"),
                _ => part.initial.clone(),
            };
            let _ = writeln!(output, "let mut {} = {initial};", part.name);
        }
    }
    let _ = writeln!(output, "let mut {state} = {input}.begin_struct()?;");
    let _ = writeln!(
        output,
        "while let {some}({field}) = {input}.field(&mut {state})? {{"
    );
    if parts.is_empty() {
        let _ = writeln!(output, "{input}.skip({field}.kind)?;");
    } else {
        room.thrift_trait("Locate");
        let _ = writeln!(output, "match ({field}.id, {field}.kind) {{");
        for part in parts {
            let read = format!(
                "{value_trait}::read({input}).at({shown:?}, {:?})?",
                part.field.name
            );
            let read = match part.how {
                How::Plain => read,
                How::Required | How::Option => format!("{some}({read})"),
            };
            let wire = room.kind(room.unit, &part.field.ty);
            let _ = writeln!(
                output,
                "({}, {wire}) => {place}{} = {read},",
                part.field.id, part.name
            );
        }
        let _ = writeln!(output, "(_, {kind}) => {input}.skip({kind})?, }}");
    }
    let _ = writeln!(output, "}} {input}.end_struct({state});");
    if whole {
        let _ = writeln!(output, "{ok}({})", place.trim_end_matches('.'));
    } else {
        let _ = writeln!(output, "{ok}(Self {{");
        for part in parts {
            let name = &part.name;
            if part.how == How::Required {
                let error = room.thrift("ProtocolError");
                let missing = format!("{error}::missing({shown:?}, {:?})", part.field.name);
                let _ = writeln!(output, "{name}: {name}.ok_or_else(|| {missing})?,");
            } else {
                let _ = writeln!(output, "{name},");
            }
        }
        output.push_str("})\n");
    }
    let _ = writeln!(output, "}} {}", head.write("output"));
    let mutable = if parts.is_empty() { "" } else { "mut " };
    let _ = writeln!(output, "let {mutable}fields = output.begin_struct()?;");
    for part in parts {
        let (name, id) = (&part.name, part.field.id);
        let field = format!(
            "output.field(&mut fields, {id}, {});",
            room.kind(room.unit, &part.field.ty)
        );
        let _ = match part.how {
            How::Option => writeln!(
                output,
                "if let {some}(value) = &self.{name} {{ {field} value.write(output)?; }}"
            ),
            _ => writeln!(output, "{field} self.{name}.write(output)?;"),
        };
    }
    let _ = writeln!(output, "output.end_struct(fields); {ok}(()) }} }}");
}

/// What all `Value`s of structs have in common.
pub(super) struct ValueHead {
    pub(super) kind: String,
    read: [String; 4],
    write: [String; 3],
}

impl ValueHead {
    pub(super) fn new(room: &Room<'_>) -> Self {
        let kind = room.thrift("Kind");
        let result = room.prelude("Result");
        let error = room.thrift("ProtocolError");
        Self {
            kind: format!("const KIND: {kind} = {kind}::Struct;"),
            read: [
                room.parameter("R"),
                room.thrift("Read"),
                result.clone(),
                error.clone(),
            ],
            write: [
                room.parameter("W"),
                room.thrift("Write"),
                format!("{result}<(), {error}>"),
            ],
        }
    }

    pub(super) fn read(&self, input: &str) -> String {
        let [parameter, bound, result, error] = &self.read;
        format!(
            "fn read<'a, {parameter}: {bound}<'a>>({input}: &mut {parameter}) -> {result}<Self, {error}> {{"
        )
    }

    pub(super) fn write(&self, output: &str) -> String {
        let [parameter, bound, result] = &self.write;
        format!("fn write<{parameter}: {bound}>(&self, {output}: &mut {parameter}) -> {result} {{")
    }
}

fn exception(room: &Room<'_>, output: &mut String, name: &str, parts: &[Part<'_>]) {
    let message = parts.iter().find(|part| {
        let ty = room.plan.model(room.unit).true_type(&part.field.ty);
        part.field.name == "message" && *ty == Type::String
    });
    let debug = "write!(f, \"{self:?}\")".to_owned();
    let (some, none) = (room.prelude("Some"), room.prelude("None"));
    let body = match message {
        Some(part) if part.how == How::Option => {
            let text = "f.write_str(message)";
            let name = &part.name;
            format!("match &self.{name} {{ {some}(message) => {text}, {none} => {debug} }}")
        }
        Some(part) => format!("f.write_str(&self.{})", part.name),
        None => debug,
    };
    display(room, output, name, &body);
}

/// `Display` by a function's body, and `Error`.
pub(super) fn display(room: &Room<'_>, output: &mut String, name: &str, body: &str) {
    let fmt = room.fmt();
    let error = room.full("std::error::Error");
    let _ = writeln!(
        output,
        "impl {fmt}::Display for {name} {{ fn fmt(&self, f: &mut {fmt}::Formatter<'_>) -> {fmt}::Result {{ {body} }} }}
        impl {error} for {name} {{}}"
    );
}

/// A number such as 3.14 is what the file says, though clippy knows a better one.
fn approximate(parts: &[Part<'_>]) -> &'static str {
    match parts.iter().any(|part| is_approximate(&part.initial)) {
        true => "#[allow(clippy::approx_constant)] ",
        false => "",
    }
}

/// Whether clippy would take a number in this text for a well-known one.
pub(super) fn is_approximate(text: &str) -> bool {
    let known = [
        "3.14", "6.28", "2.71", "1.57", "1.04", "0.78", "0.52", "0.39", "0.31", "0.63", "1.12",
        "0.69", "2.30", "1.44", "0.43", "3.32", "0.30", "1.41", "0.70",
    ];
    known.iter().any(|number| text.contains(number))
}

/// Types within types of which Clippy thinks that they need a name.
const NESTING_MAX: usize = 3;
