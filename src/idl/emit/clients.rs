//! What calls a service: one client for the loop, and one that waits.

use std::fmt::Write as _;

use super::docs::docs;
use super::names;
use super::room::Room;
use super::services::{Part, arguments, beside, lints, output_type};

/// Both clients of a service.
pub(super) fn clients(room: &Room<'_>, output: &mut String, part: &Part<'_>) {
    client(room, output, part);
    blocking(room, output, part);
}

fn is_free<'a>(part: &'a Part<'_>) -> impl Fn(&str) -> bool + 'a {
    |name| {
        part.names
            .functions
            .iter()
            .any(|function| function.name == name)
    }
}

/// How a function's arguments become a struct.
fn pack(part: &Part<'_>, names: &super::roster::FunctionNames) -> String {
    let module = &part.names.module;
    let list = names.arguments.join(", ");
    format!("{module}::{} {{ {list} }}", names.arguments_type)
}

fn client(room: &Room<'_>, output: &mut String, part: &Part<'_>) {
    let caller = room.thrift("Caller");
    let (name, written) = (&part.names.client, part.written);
    let new = names::fresh("new", is_free(part));
    let result = room.full("oneloop::Result");
    let deferred = room.root("Deferred");
    let context = room.root("Context");
    let parent = part
        .service
        .parent
        .map(|id| room.service(id, |names| &names.client));
    let (field, value) = match &parent {
        Some(parent) => (format!("parent: {parent}"), {
            let parent_new = part
                .service
                .parent
                .map(|id| constructor(room, id))
                .unwrap_or_default();
            format!("parent: {parent}::{parent_new}(caller)")
        }),
        None => (String::new(), String::new()),
    };
    // Without functions of its own it has no use for the caller.
    let idle = part.service.functions.is_empty();
    let (own_field, own) = match &parent {
        Some(_) if idle => (String::new(), String::new()),
        Some(_) => (
            format!("caller: {caller}, "),
            "caller: caller.clone(), ".to_owned(),
        ),
        None => (format!("caller: {caller}, "), "caller, ".to_owned()),
    };

    let _ = writeln!(
        output,
        "/// Calls `{written}` from the loop: answers come later, and many calls can be under way.
        #[derive(Clone, Debug)] pub struct {name} {{ {own_field}{field} }}
        impl {name} {{
        /// A client that calls by way of this caller.
        pub fn {new}(caller: {caller}) -> Self {{ Self {{ {own}{value} }} }}"
    );
    if parent.is_none() {
        // Those that extend it have it by way of their parent.
        let by = names::fresh("caller", is_free(part));
        let _ = writeln!(
            output,
            "/// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
            pub fn {by}(&self) -> &{caller} {{ &self.caller }}"
        );
    }
    for (function, names) in part.functions() {
        let (cx, state) = (beside(names, "cx"), room.parameter("S"));
        let packed = beside(names, "arguments");
        let method = format!("{}::{}", part.names.module, names.method);
        let value = output_type(room, function);
        let (ty, call) = if function.oneway {
            (format!("{result}<()>"), "send")
        } else if names.exception.is_empty() {
            (format!("{deferred}<{value}>"), "call")
        } else {
            let (either, exception) = (room.prelude("Result"), part.exception(room, names));
            (
                format!("{deferred}<{either}<{value}, {exception}>>"),
                "call_catching",
            )
        };
        docs(output, function.doc.as_deref());
        let _ = writeln!(
            output,
            "{}pub fn {}<{state}: 'static>(&self, {cx}: &mut {context}<'_, {state}>, {}) -> {ty} {{
                let {packed} = {};
                self.caller.{call}::<{method}, {state}>({cx}, {packed}) }}",
            lints(&names.name, function.arguments.len() + 2),
            names.name,
            arguments(room, function, names),
            pack(part, names)
        );
    }
    output.push_str("}\n");
    deref(room, output, name, "", parent.as_deref(), false);
}

fn blocking(room: &Room<'_>, output: &mut String, part: &Part<'_>) {
    let caller = room.thrift("BlockingCaller");
    let error = room.thrift("CallError");
    let (name, written) = (&part.names.blocking, part.written);
    let result = room.prelude("Result");
    let parent = part
        .service
        .parent
        .map(|id| room.service(id, |names| &names.blocking));
    let new = names::fresh("new", is_free(part));
    let stream = room.parameter("T");
    let default = room.full("std::net::TcpStream");
    let (read, write) = (room.full("std::io::Read"), room.full("std::io::Write"));
    // The parents' functions are called by way of the innermost caller.
    let depth = room
        .plan
        .model(room.unit)
        .ancestors(room.id(part.index))
        .count();
    let mut way = "self".to_owned();
    (0..depth).for_each(|_| way.push_str(".parent"));
    let (field, make) = match (&parent, part.service.parent) {
        (Some(parent), Some(id)) => {
            let parent_new = constructor(room, id);
            (
                format!("/// Who calls the parents' functions.\npub parent: {parent}<{stream}>"),
                format!("parent: {parent}::{parent_new}(caller)"),
            )
        }
        _ => (
            format!("/// What it calls by.\npub caller: {caller}<{stream}>"),
            "caller".to_owned(),
        ),
    };
    let _ = writeln!(
        output,
        "/// Calls `{written}` and waits for the answer: for tools and tests.
        #[derive(Debug)] pub struct {name}<{stream} = {default}> {{ {field} }}
        impl<{stream}: {read} + {write}> {name}<{stream}> {{
        /// A client that calls by way of this caller.
        pub fn {new}(caller: {caller}<{stream}>) -> Self {{ Self {{ {make} }} }}"
    );
    for (function, names) in part.functions() {
        let packed = beside(names, "arguments");
        let method = format!("{}::{}", part.names.module, names.method);
        let value = output_type(room, function);
        let exception = part.exception(room, names);
        let (ty, call) = if function.oneway {
            let never = room.thrift("NoException");
            (format!("{result}<(), {error}<{never}>>"), "send")
        } else {
            (format!("{result}<{value}, {error}<{exception}>>"), "call")
        };
        docs(output, function.doc.as_deref());
        let _ = writeln!(
            output,
            "{}pub fn {}(&mut self, {}) -> {ty} {{ let {packed} = {}; {way}.caller.{call}::<{method}>({packed}) }}",
            lints(&names.name, function.arguments.len() + 1),
            names.name,
            arguments(room, function, names),
            pack(part, names)
        );
    }
    output.push_str("}\n");
    deref(room, output, name, &stream, parent.as_deref(), true);
}

/// What makes a client of that service.
fn constructor(room: &Room<'_>, id: crate::idl::model::DefId) -> String {
    let key = room.plan.key(room.unit, id);
    let names = room.plan.units[key.unit].names.services.get(&key.index);
    let taken = |name: &str| {
        names.is_some_and(|names| names.functions.iter().any(|function| function.name == name))
    };
    names::fresh("new", taken)
}

/// The parent's functions are there as well.
fn deref(
    room: &Room<'_>,
    output: &mut String,
    name: &str,
    stream: &str,
    parent: Option<&str>,
    mutable: bool,
) {
    let Some(parent) = parent else { return };
    let (head, of) = match stream {
        "" => (String::new(), String::new()),
        stream => (format!("<{stream}>"), format!("<{stream}>")),
    };
    let deref = room.full("std::ops::Deref");
    let _ = writeln!(
        output,
        "impl{head} {deref} for {name}{of} {{ type Target = {parent}{of};
        fn deref(&self) -> &Self::Target {{ &self.parent }} }}"
    );
    if mutable {
        let deref_mut = room.full("std::ops::DerefMut");
        let _ = writeln!(
            output,
            "impl{head} {deref_mut} for {name}{of} {{ fn deref_mut(&mut self) -> &mut Self::Target {{ &mut self.parent }} }}"
        );
    }
}
