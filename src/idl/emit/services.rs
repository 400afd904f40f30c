//! Services: the trait, its default implementation, and the processor.

use std::fmt::Write as _;

use super::docs::docs;
use super::names;
use super::room::Room;
use super::roster::{FunctionNames, ServiceNames};
use crate::idl::model::{Definition, Field, Function, Requiredness, Service};

/// A service as its text is made.
pub(super) struct Part<'a> {
    pub(super) index: usize,
    /// The trait.
    pub(super) name: &'a str,
    /// In the interface.
    pub(super) written: &'a str,
    pub(super) doc: Option<&'a str>,
    pub(super) names: &'a ServiceNames,
    pub(super) service: &'a Service,
}

impl<'a> Part<'a> {
    pub(super) fn new(
        room: &Room<'a>,
        index: usize,
        of: &'a Definition,
        service: &'a Service,
    ) -> Option<Self> {
        let names = &room.plan.units[room.unit].names;
        Some(Self {
            index,
            name: names.definitions.get(index)?,
            written: &of.name,
            doc: of.doc.as_deref(),
            names: names.services.get(&index)?,
            service,
        })
    }

    pub(super) fn functions(&self) -> impl Iterator<Item = (&'a Function, &'a FunctionNames)> {
        self.service.functions.iter().zip(&self.names.functions)
    }

    /// The exception's type, as seen from `room`.
    pub(super) fn exception(&self, room: &Room<'_>, names: &FunctionNames) -> String {
        match names {
            names if names.exception.is_empty() => room.thrift("NoException"),
            names if names.exported => room.own(&names.exception),
            names => room.own(&format!("{}::{}", self.names.module, names.exception)),
        }
    }
}

/// Whether an argument has to come: because the interface says so, or because there is nothing to take instead.
pub(super) fn is_required(room: &Room<'_>, field: &Field) -> bool {
    field.requiredness == Requiredness::Required
        || (field.default.is_none() && !room.plan.has_default(room.unit, &field.ty))
}

/// What a function gives back: `()` for void.
pub(super) fn output_type(room: &Room<'_>, function: &Function) -> String {
    match &function.result {
        Some(ty) => room.ty(room.unit, ty, false),
        None => "()".to_owned(),
    }
}

/// `name: type, ` of each argument.
pub(super) fn arguments(room: &Room<'_>, function: &Function, names: &FunctionNames) -> String {
    let mut list = String::new();
    for (field, name) in function.arguments.iter().zip(&names.arguments) {
        let _ = write!(list, "{name}: {}, ", room.ty(room.unit, &field.ty, false));
    }
    list
}

/// What is called `name` unless an argument is.
pub(super) fn beside(names: &FunctionNames, name: &str) -> String {
    names::fresh(name, |name| {
        names.arguments.iter().any(|other| other == name)
    })
}

/// All of a service but what calls it.
pub(super) fn service(room: &Room<'_>, output: &mut String, part: &Part<'_>, nulls: bool) {
    target(room, output, part);
    if nulls {
        null(room, output, part);
    }
    processor(room, output, part);
}

fn head(room: &Room<'_>, part: &Part<'_>, names: &FunctionNames, function: &Function) -> String {
    let context = room.root("Context");
    let answer = room.thrift("Answer");
    let mut kind = output_type(room, function);
    if !names.exception.is_empty() {
        kind = format!("{kind}, {}", part.exception(room, names));
    }
    let cx = beside(names, "cx");
    let arguments = arguments(room, function, names);
    format!(
        "{}fn {}({cx}: &mut {context}<'_, Self>, {arguments}) -> {answer}<{kind}>",
        lints(
            if names.name == "new" { "new" } else { "" },
            function.arguments.len() + 1
        ),
        names.name
    )
}

/// Clippy counts arguments and reads more into a name than there is; the interface's author has the last word.
pub(super) fn lints(name: &str, arguments: usize) -> String {
    let mut lints = Vec::new();
    if arguments > 7 {
        lints.push("clippy::too_many_arguments");
    }
    if name == "new" {
        lints.push("clippy::new_ret_no_self");
    }
    let taken_for_words = ["as_", "from_", "into_", "is_", "to_"];
    if name == "new" || taken_for_words.iter().any(|word| name.starts_with(word)) {
        lints.push("clippy::wrong_self_convention");
    }
    // The names of those methods of the standard's traits that take as many arguments.
    if [
        "next", "add", "sub", "mul", "div", "rem", "shl", "shr", "eq", "cmp", "not", "neg",
        "default", "borrow", "clone", "deref", "drop", "hash", "index",
    ]
    .contains(&name)
    {
        lints.push("clippy::should_implement_trait");
    }
    match lints.as_slice() {
        [] => String::new(),
        lints => format!("#[allow({})] ", lints.join(", ")),
    }
}

fn parent(room: &Room<'_>, part: &Part<'_>) -> String {
    match part.service.parent {
        Some(parent) => room.definition(room.unit, parent),
        None => format!("{} + 'static", room.prelude("Sized")),
    }
}

/// The trait.
fn target(room: &Room<'_>, output: &mut String, part: &Part<'_>) {
    docs(output, part.doc);
    if part.doc.is_none() {
        let _ = writeln!(
            output,
            "/// What serves `{}`: the application's state.",
            part.written
        );
    }
    let _ = writeln!(output, "pub trait {}: {} {{", part.name, parent(room, part));
    for (function, names) in part.functions() {
        docs(output, function.doc.as_deref());
        let _ = writeln!(output, "{};", head(room, part, names, function));
    }
    output.push_str("}\n");
}

/// The trait whose functions all have a body.
fn null(room: &Room<'_>, output: &mut String, part: &Part<'_>) {
    let (name, null) = (part.name, &part.names.null);
    let state = room.parameter("S");
    let answer = room.thrift("Answer");
    let _ = writeln!(
        output,
        "/// [`{name}`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
        pub trait {null}: {} {{",
        parent(room, part)
    );
    for (function, names) in part.functions() {
        let cx = beside(names, "cx");
        let mut ignored = cx.clone();
        for name in &names.arguments {
            let _ = write!(ignored, ", {name}");
        }
        let ignored = if names.arguments.is_empty() {
            ignored
        } else {
            format!("({ignored})")
        };
        let value = match &function.result {
            None => format!("{answer}::Value(())"),
            Some(ty) if room.plan.has_default(room.unit, ty) => {
                format!("{answer}::Value({})", room.nothing(room.unit, ty, false))
            }
            Some(_) => format!("{answer}::failed(\"{} is not overridden\")", function.name),
        };
        docs(output, function.doc.as_deref());
        let _ = writeln!(
            output,
            "{} {{ let _ = {ignored}; {value} }}",
            head(room, part, names, function)
        );
    }
    let _ = writeln!(output, "}} impl<{state}: {null}> {name} for {state} {{");
    for (function, names) in part.functions() {
        let cx = beside(names, "cx");
        let list = names.arguments.join(", ");
        let _ = writeln!(
            output,
            "{} {{ <Self as {null}>::{}({cx}, {list}) }}",
            head(room, part, names, function),
            names.name
        );
    }
    output.push_str("}\n");
}

fn processor(room: &Room<'_>, output: &mut String, part: &Part<'_>) {
    let (name, names) = (part.name, part.names);
    let (processor, module) = (&names.processor, &names.module);
    let (state, protocol) = (room.parameter("S"), room.parameter("P"));
    let phantom = room.std("std::marker", "PhantomData");
    let process = room.thrift("Process");
    let (incoming, served, bound) = (
        room.thrift("Incoming"),
        room.thrift("Served"),
        room.thrift("Protocol"),
    );
    let result = room.full("oneloop::Result");
    let mut shares = room.plan.style.shared.to_string();
    let mut rest = "call.unknown()".to_owned();
    if let Some(id) = part.service.parent {
        let parent = room.service(id, |names| &names.processor);
        rest = format!("{parent}::<{state}>::process(call)");
        if !room.plan.style.shared {
            shares = format!("<{parent}<{state}> as {process}<{state}>>::SHARES");
        }
    }
    // What is called alike in a parent, when it is in Rust's case.
    let ancestors = room.plan.model(room.unit).ancestors(room.id(part.index));
    let inherited: Vec<&str> = ancestors
        .filter_map(|(id, _)| {
            let key = room.plan.key(room.unit, id);
            room.plan.units[key.unit].names.services.get(&key.index)
        })
        .flat_map(|names| names.functions.iter().map(|names| names.name.as_str()))
        .collect();
    let mut body = rest.clone();
    if !part.service.functions.is_empty() {
        body = format!("use {module} as methods; match call.name() {{");
        for (function, names) in part.functions() {
            let cx = beside(names, "cx");
            let list = names.arguments.join(", ");
            let target = match inherited.contains(&names.name.as_str()) {
                true => format!("<{state} as {name}>"),
                false => state.clone(),
            };
            let target = format!("{target}::{}({cx}, {list})", names.name);
            let closure = match names.arguments.is_empty() {
                true => format!("|{cx}, _| {target}"),
                false => {
                    let fields = format!("methods::{} {{ {list} }}", names.arguments_type);
                    format!("|{cx}, arguments| {{ let {fields} = arguments; {target} }}")
                }
            };
            let _ = write!(
                body,
                "b{:?} => call.serve::<methods::{}>({closure}),",
                function.name, names.method
            );
        }
        let _ = write!(body, "_ => {rest}, }}");
    }
    let thrift_processor = room.thrift("Processor");
    let make = &names.make_processor;
    let written = part.written;
    let _ = writeln!(
        output,
        "/// Finds the methods of `{written}` by their names.
        pub struct {processor}<{state}>({phantom}<fn({state})>);
        impl<{state}: {name}> {process}<{state}> for {processor}<{state}> {{
            const SHARES: bool = {shares};
            fn process<{protocol}: {bound}>(call: &mut {incoming}<'_, '_, {state}, {protocol}>) -> {result}<{served}> {{ {body} }}
        }}
        /// Serves `{written}` to the links of a listener.
        pub fn {make}<{state}: {name}>() -> {thrift_processor}<{state}> {{ {thrift_processor}::of::<{processor}<{state}>>() }}"
    );
    if let Some(short) = &room.this().names.short_processor {
        let _ = writeln!(
            output,
            "/// The same by a short name: the file has one service.
            pub fn {short}<{state}: {name}>() -> {thrift_processor}<{state}> {{ {make}::<{state}>() }}"
        );
    }
}
