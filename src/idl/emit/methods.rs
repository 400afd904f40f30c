//! The methods of a service: what travels, in a module of its own.

use std::fmt::Write as _;

use super::room::Room;
use super::roster::FunctionNames;
use super::services::{Part, is_required, output_type};
use super::structs::{self, How, derives, display};
use crate::idl::model::{Field, Function, Type};

/// The module of a service's methods, and what of it is also there beside the trait.
pub(super) fn methods(room: &Room<'_>, output: &mut String, part: &Part<'_>) {
    if part.service.functions.is_empty() {
        return;
    }
    let inner = Room::new(room.plan, room.unit, true);
    let mut body = String::new();
    for (function, names) in part.functions() {
        method(&inner, &mut body, part, function, names);
    }
    let module = &part.names.module;
    let _ = writeln!(
        output,
        "/// The methods of `{}`: their arguments, results and exceptions.
        pub mod {module} {{ {} {body} }}",
        part.written,
        inner.head()
    );
    let exported: Vec<&str> = part
        .names
        .functions
        .iter()
        .filter(|names| names.exported)
        .map(|names| names.exception.as_str())
        .collect();
    if !exported.is_empty() {
        let _ = writeln!(output, "pub use {module}::{{{}}};", exported.join(", "));
    }
}

fn method(
    room: &Room<'_>,
    output: &mut String,
    part: &Part<'_>,
    function: &Function,
    names: &FunctionNames,
) {
    let method_trait = room.thrift("Method");
    let (method, arguments, result) = (&names.method, &names.arguments_type, &names.result_type);
    let value = output_type(room, function);
    let exception = match names.exception.as_str() {
        "" => room.thrift("NoException"),
        exception => exception.to_owned(),
    };
    let (result_name, option) = (room.prelude("Result"), room.prelude("Option"));
    let (written, service) = (&function.name, part.written);
    let throws = throws(function, names);
    let outcome = outcome(room, function, names, &throws);
    let parameter = if function.result.is_none() && throws.is_empty() {
        "_"
    } else {
        "result"
    };
    let _ = writeln!(
        output,
        "/// `{service}.{written}`
        #[derive(Clone, Copy, Debug)] pub struct {method};
        impl {method_trait} for {method} {{
            const NAME: &'static str = {written:?};
            const FULL_NAME: &'static str = \"{service}.{written}\";
            const ONEWAY: bool = {};
            type Arguments = {arguments};
            type Output = {value};
            type Exception = {exception};
            type Result = {result};
            fn outcome({parameter}: {result}) -> {option}<{result_name}<{value}, {exception}>> {{ {outcome} }}
        }}",
        function.oneway
    );
    arguments_struct(room, output, part, function, names);
    result_struct(room, output, part, function, names, &throws);
    if !throws.is_empty() {
        exception_enum(room, output, function, names, &throws);
    }
}

/// An exception's field, with the name of its field and of its variant.
struct Throw<'a> {
    field: &'a Field,
    name: &'a str,
    variant: &'a str,
}

fn throws<'a>(function: &'a Function, names: &'a FunctionNames) -> Vec<Throw<'a>> {
    let throws = function.throws.iter().zip(&names.throws);
    throws
        .map(|(field, names)| Throw {
            field,
            name: &names.field,
            variant: &names.variant,
        })
        .collect()
}

fn outcome(
    room: &Room<'_>,
    function: &Function,
    names: &FunctionNames,
    throws: &[Throw<'_>],
) -> String {
    let (some, ok, err) = (
        room.prelude("Some"),
        room.prelude("Ok"),
        room.prelude("Err"),
    );
    let mut body = String::new();
    for Throw { name, variant, .. } in throws {
        let exception = &names.exception;
        let _ = write!(
            body,
            "if let {some}(exception) = result.{name} {{ return {some}({err}({exception}::{variant}(exception))); }}"
        );
    }
    match function.result {
        Some(_) => body + &format!("result.success.map({ok})"),
        None => body + &format!("{some}({ok}(()))"),
    }
}

fn arguments_struct(
    room: &Room<'_>,
    output: &mut String,
    part: &Part<'_>,
    function: &Function,
    names: &FunctionNames,
) {
    let parts: Vec<structs::Part<'_>> = function
        .arguments
        .iter()
        .zip(&names.arguments)
        .map(|(field, name)| structs::Part {
            name: name.clone(),
            ty: room.ty(room.unit, &field.ty, false),
            how: if is_required(room, field) {
                How::Required
            } else {
                How::Plain
            },
            initial: match &field.default {
                Some(value) => room.value(room.unit, &field.ty, value, false),
                None => room.nothing(room.unit, &field.ty, false),
            },
            field,
        })
        .collect();
    let name = &names.arguments_type;
    let _ = writeln!(
        output,
        "/// The arguments of [`{}`].
        #[derive(Clone, Debug, PartialEq)] pub struct {name} {{",
        names.method
    );
    structs::fields(output, &parts);
    output.push_str("}\n");
    let shown = format!("{}.{}", part.written, function.name);
    structs::value(room, output, name, &shown, &parts);
}

fn result_struct(
    room: &Room<'_>,
    output: &mut String,
    part: &Part<'_>,
    function: &Function,
    names: &FunctionNames,
    throws: &[Throw<'_>],
) {
    let (option, none) = (room.prelude("Option"), room.prelude("None"));
    let success = function.result.as_ref().map(|ty| Field {
        id: 0,
        name: "success".to_owned(),
        doc: None,
        ty: ty.clone(),
        requiredness: crate::idl::model::Requiredness::Optional,
        default: None,
        boxed: false,
        reference: false,
        annotations: Vec::new(),
    });
    let all = success.iter().map(|field| ("success".to_owned(), field));
    let all = all.chain(
        throws
            .iter()
            .map(|throw| (throw.name.to_owned(), throw.field)),
    );
    let mut parts = Vec::new();
    for (field_name, field) in all {
        parts.push(structs::Part {
            name: field_name,
            ty: format!("{option}<{}>", room.ty(room.unit, &field.ty, false)),
            field,
            how: How::Option,
            initial: none.clone(),
        });
    }
    let name = &names.result_type;
    let _ = writeln!(
        output,
        "/// What a reply to [`{}`] says: one of these.
        #[derive(Clone, Debug, Default, PartialEq)] pub struct {name} {{",
        names.method
    );
    if function.result.is_none() && throws.is_empty() {
        output.push_str("}\n");
    } else {
        structs::fields(output, &parts);
        output.push_str("}\n");
    }
    let shown = format!("{}.{}", part.written, function.name);
    structs::value(room, output, name, &shown, &parts);
    from_outcome(room, output, function, names, throws);
}

fn from_outcome(
    room: &Room<'_>,
    output: &mut String,
    function: &Function,
    names: &FunctionNames,
    throws: &[Throw<'_>],
) {
    let (result, some, ok, err) = (
        room.prelude("Result"),
        room.prelude("Some"),
        room.prelude("Ok"),
        room.prelude("Err"),
    );
    let from = room.prelude("From");
    let name = &names.result_type;
    let count = throws.len() + usize::from(function.result.is_some());
    let rest = if count > 1 { ", ..Self::default()" } else { "" };
    let value = output_type(room, function);
    let exception = match names.exception.as_str() {
        "" => room.thrift("NoException"),
        exception => exception.to_owned(),
    };
    let mut arms = match function.result {
        Some(_) => format!("{ok}(value) => Self {{ success: {some}(value){rest} }},"),
        None if count > 0 => format!("{ok}(()) => Self::default(),"),
        None => format!("{ok}(()) => Self {{}},"),
    };
    for throw in throws {
        let _ = write!(
            arms,
            "{err}({}::{}(exception)) => Self {{ {}: {some}(exception){rest} }},",
            names.exception, throw.variant, throw.name
        );
    }
    if throws.is_empty() {
        let _ = write!(arms, "{err}(never) => match never {{}},");
    }
    let outcome = format!("{result}<{value}, {exception}>");
    let _ = writeln!(
        output,
        "impl {from}<{outcome}> for {name} {{ fn from(outcome: {outcome}) -> Self {{ match outcome {{ {arms} }} }} }}"
    );
}

fn exception_enum(
    room: &Room<'_>,
    output: &mut String,
    function: &Function,
    names: &FunctionNames,
    throws: &[Throw<'_>],
) {
    let name = &names.exception;
    let traits = super::plan::Traits {
        eq: false,
        ord: false,
        hash: false,
    };
    let derives = derives(room, traits, false);
    let _ = writeln!(
        output,
        "/// What [`{}`] throws.
        #[derive({derives})] #[allow(clippy::enum_variant_names, clippy::large_enum_variant)] pub enum {name} {{",
        names.method
    );
    for throw in throws {
        super::docs::docs(output, throw.field.doc.as_deref());
        let _ = writeln!(
            output,
            "{}({}),",
            throw.variant,
            room.ty(room.unit, &throw.field.ty, false)
        );
    }
    output.push_str("}\n");
    let fmt = room.fmt();
    let mut arms = String::new();
    for throw in throws {
        let _ = write!(
            arms,
            "Self::{}(exception) => {fmt}::Display::fmt(exception, f),",
            throw.variant
        );
    }
    display(room, output, name, &format!("match self {{ {arms} }}"));
    let from = room.prelude("From");
    let true_type =
        |field: &Field| -> Type { room.plan.model(room.unit).true_type(&field.ty).clone() };
    for throw in throws {
        let ty = true_type(throw.field);
        if throws
            .iter()
            .filter(|other| true_type(other.field) == ty)
            .count()
            == 1
        {
            let ty = room.ty(room.unit, &throw.field.ty, false);
            let _ = writeln!(
                output,
                "impl {from}<{ty}> for {name} {{ fn from(exception: {ty}) -> Self {{ Self::{}(exception) }} }}",
                throw.variant
            );
        }
    }
    let _ = function;
}
