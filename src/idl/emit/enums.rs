//! Enums, which keep numbers that they have no name for.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::docs::docs;
use super::names;
use super::plan::Traits;
use super::room::Room;
use super::structs::{ValueHead, derives};
use crate::idl::model::{Definition, Enum};

/// An enum.
pub(super) fn enumeration(
    room: &Room<'_>,
    output: &mut String,
    index: usize,
    of: &Definition,
    found: &Enum,
) {
    let name = &room.this().names.definitions[index];
    let members = &room.this().names.parts[index];
    let list = names::fresh("MEMBERS", |name| {
        members.iter().any(|member| member == name)
    });
    docs(output, of.doc.as_deref());
    let derives = derives(room, Traits::ALL, true).replacen("Clone", "Clone, Copy", 1);
    let _ = writeln!(
        output,
        "#[derive({derives})] pub struct {name}(pub i32); impl {name} {{"
    );
    for (member, constant) in found.members.iter().zip(members) {
        docs(output, member.doc.as_deref());
        let _ = writeln!(
            output,
            "pub const {constant}: Self = Self({});",
            member.value
        );
    }
    // Of two with one number, the first.
    let mut seen = HashSet::new();
    let named = found.members.iter().zip(members);
    let named: Vec<_> = named
        .filter(|(member, _)| seen.insert(member.value))
        .collect();
    let all: Vec<String> = named
        .iter()
        .map(|(_, constant)| format!("Self::{constant}"))
        .collect();
    let (option, some, none) = (
        room.prelude("Option"),
        room.prelude("Some"),
        room.prelude("None"),
    );
    let _ = writeln!(
        output,
        "/// Those that have a name, each number once, in the order of the interface.
        pub const {list}: &'static [Self] = &[{}];",
        all.join(", ")
    );
    let _ = writeln!(
        output,
        "/// The name in the interface, if it has one: a later version's numbers are kept without.
        pub const fn name(self) -> {option}<&'static str> {{"
    );
    if named.is_empty() {
        let _ = writeln!(output, "{none} }} }}");
    } else {
        let _ = writeln!(output, "match self {{");
        for (member, constant) in &named {
            let _ = writeln!(output, "Self::{constant} => {some}({:?}),", member.name);
        }
        let _ = writeln!(output, "_ => {none}, }} }} }}");
    }
    let fmt = room.fmt();
    let from = room.prelude("From");
    let _ = writeln!(
        output,
        "/// The name, or the number if it has none.
        impl {fmt}::Display for {name} {{ fn fmt(&self, f: &mut {fmt}::Formatter<'_>) -> {fmt}::Result {{
            match self.name() {{ {some}(name) => f.write_str(name), {none} => {fmt}::Display::fmt(&self.0, f) }} }} }}
        impl {from}<i32> for {name} {{ fn from(number: i32) -> Self {{ Self(number) }} }}"
    );
    let value_trait = room.thrift("Value");
    let head = ValueHead::new(room);
    let kind = room.thrift("Kind");
    let ok = room.prelude("Ok");
    let _ = writeln!(
        output,
        "impl {value_trait} for {name} {{ const KIND: {kind} = {kind}::I32;
        {} {ok}(Self(input.i32()?)) }} {} output.i32(self.0); {ok}(()) }} }}",
        head.read("input"),
        head.write("output")
    );
}
