//! A compiler for the Thrift IDL: text in, a checked [`Model`], Rust out. Pure Rust; no other program is called.
//!
//! A build script uses [`Config`]; the command `oneloop-idl` does the same by hand.
//!
//! ```text
//!  text ──lexer──► tokens ──parser──► program ─┐   one for each file,
//!   ▲                                          │   as it was written
//!   └────────── load: includes, each once ◄────┤
//!                                              ▼
//!  Model ◄─ boxes ◄─ check ◄─ values ◄─ types ◄─ resolve ◄─ scope
//!    │
//!    └──► emit: a plan of all files, names, a text for each ──► Generated
//! ```
//!
//! ```
//! use std::path::Path;
//! use oneloop::idl::{self, Memory, Options};
//!
//! let mut files = Memory::from([
//!     ("mood.thrift", "enum Mood { GOOD, BAD }"),
//!     ("chat.thrift", "include 'mood.thrift'\nservice Chat { mood.Mood ask(1: string name) }"),
//! ]);
//! let (model, warnings) = idl::load_from(&mut files, Path::new("chat.thrift"), &Options::default())?;
//! assert!(warnings.is_empty());
//! assert_eq!(model.root().definitions[0].name, "Chat");
//!
//! files.insert("chat.thrift", "struct Line { 1: i32 a, 1: i32 b }");
//! let reports = idl::load_from(&mut files, Path::new("chat.thrift"), &Options::default()).unwrap_err();
//! assert!(reports.to_string().starts_with("error: duplicate field id 1\n --> chat.thrift:1:25\n"));
//! # Ok::<(), idl::Reports>(())
//! ```
//!
//! # What is taken, and what is refused
//!
//! The language is that of the official compiler, release 0.25, and so are the verdicts. These differ, for what is generated is Rust:
//!
//! - **Refused here, let through there.** Of types: a typedef that names itself; a field id beyond 16 bits (nothing could write it; a
//!   warning there). Of values: a number that does not fit its constant's type; a container's value of another form (`5` or `[1]` for a
//!   map; an empty one may be `[]` or `{}`, whatever it is) or by a constant whose elements are of another type; a member of another
//!   enum, or a text, for an enum's member; a field that is given twice; a value of a union that has not exactly one field; a constant
//!   or a default that needs itself. Of services: an inherited function's name, wherever it is found. Of files: one that is included
//!   and is not there (a warning there); one name with two meanings because two included files have the same stem; two files that
//!   would be the same module; text that is not UTF-8. Of sizes: nesting of types and values beyond 64 levels, inheritance beyond 64,
//!   a number or a text that is a constant's over more than 64 steps.
//! - **Taken here, refused there**, with a warning: a constant, a member of an enum or a parent service that is defined further down.
//!   Without one: a value of a struct that is defined further down; a constant of an enum, a struct or a container where another's
//!   value is wanted; names that are words of other languages, such as `class` and `end`.
//! - **A warning in both**: a result of a oneway function, which is ignored; field ids that are missing, zero or negative.
//! - **A warning here, nothing there**: two names that are one in Rust's case, such as `userID` and `userId`. The second in the file has
//!   an underscore behind it, `user_id_`, or as many as it takes; the warning says which name it has. A name that is nobody else's is
//!   never changed by this.
//!
//! # What is generated
//!
//! | Interface | Rust |
//! |---|---|
//! | a name | types in `CamelCase`, fields and functions in `snake_case`, constants and members in `SCREAMING_CASE`; words of Rust are raw (`r#type`) or have an underscore behind them (`self_`), as has the second of two that would be the same; fields and functions without a letter get one (`_1` is `n_1`) |
//! | an enum | a struct over its `i32`, which keeps numbers without a name; its default is 0 |
//! | a struct | a struct. A required field has to come; one of neither word keeps its default if it does not; an optional one is an `Option`, and begins with its default if it has one |
//! | a field of neither word whose type has no default: a union, or the struct itself | an `Option`, written if it is set. As an argument it has to come |
//! | a union | an enum, with the variant `Unknown { id }` for members that this version does not know: their value is not kept, so to write it is an error. A default of a member means nothing |
//! | an exception | a struct that is an error, shown by its `message` if it has one |
//! | a constant | a `const`; of containers and structs a `static` that is a `LazyLock` |
//! | `double` in a key | [`OrderedDouble`](crate::thrift::OrderedDouble); so are the fields of structs that are keys anywhere in what is compiled together |
//! | a service `Chat` | the traits `Chat` and `ChatNull`, whose functions all have a body; `ChatProcessor` and what makes one; `ChatClient` and `ChatBlocking`; `chat_methods` with what travels |
//!
//! All that extend or use one another has to be compiled together: by one [`Config`].
//!
//! `fb303.thrift` need not be there to be included: where it is not found the library's own is taken, whose Rust is the module
//! `oneloop::fb303`, with the feature `fb303`. A program says `use oneloop::fb303;` beside its own modules.
//!
//! An error costs the field, the member or the definition it is in: the others are read and checked too, so that one run tells of
//! several.

mod ast;
mod boxes;
mod built_in;
mod check;
mod config;
mod docs;
mod emit;
mod files;
mod fuzz;
mod graph;
mod lexer;
mod load;
pub mod model;
mod options;
mod parser;
mod resolve;
mod scope;
mod token;
mod types;
mod values;

use std::path::Path;

use resolve::Use;

use crate::report::Desk;

pub use crate::report::{Report, Reports, Severity};
pub use config::Config;
pub use emit::{Binaries, Containers, Generated, Style, generate};
pub use files::{Disk, Files, Memory};
#[doc(hidden)]
pub use fuzz::fuzz;
pub use model::Model;
pub use options::Options;

/// Reads a file and all it includes from the disk; returns what they say, and the warnings.
///
/// ```no_run
/// use oneloop::idl::{self, Options};
///
/// let options = Options { include_dirs: vec!["idl".into()], ..Options::default() };
/// let (model, warnings) = idl::load("idl/scribe.thrift", &options)?;
/// for warning in &warnings {
///     eprintln!("{warning}");
/// }
/// # let _ = model;
/// # Ok::<(), idl::Reports>(())
/// ```
///
/// # Errors
/// All that is wrong with the files, as far as it can be told in one run.
pub fn load(path: impl AsRef<Path>, options: &Options) -> Result<(Model, Vec<Report>), Reports> {
    load_from(&mut Disk, path.as_ref(), options)
}

/// The same with files from somewhere else, such as [`Memory`].
///
/// # Errors
/// As [`load`].
pub fn load_from(
    files: &mut dyn Files,
    path: &Path,
    options: &Options,
) -> Result<(Model, Vec<Report>), Reports> {
    let mut desk = Desk::new(options.report_count_max);
    let units = load::load(path, files, options, &mut desk);
    let scope = scope::Scope::new(&units, &mut desk);
    let mut draft = resolve::resolve(&units, &scope, options, &mut desk);
    let mut types = types::Types::new(&draft, &units, &mut desk);
    for (place, value) in values::values(&units, &scope, &draft, &mut types, &mut desk) {
        settle(&mut draft.model, place, value);
    }
    check::check(&units, &draft, &mut types, &mut desk);
    if desk.has_errors() {
        return Err(Reports::new(desk.into_reports()));
    }
    boxes::mark(&mut draft.model);
    for (file, source) in draft.model.files.iter_mut().zip(desk.take_sources()) {
        file.source = source;
    }
    Ok((draft.model, desk.into_reports()))
}

/// Puts a value where it belongs.
fn settle(model: &mut Model, place: Use, value: model::Value) {
    use model::DefinitionKind::{Const, Service, Struct};
    let (Use::Definition(id) | Use::Field(id, _) | Use::Argument(id, ..) | Use::Throw(id, ..)) =
        place;
    let file = model.files.get_mut(id.file().index());
    let definition = file.and_then(|file| file.definitions.get_mut(id.index()));
    let Some(definition) = definition else { return };
    let field = match (&mut definition.kind, place) {
        (Const(constant), _) => {
            constant.value = value;
            return;
        }
        (Struct(found), Use::Field(_, field)) => found.fields.get_mut(field),
        (Service(found), Use::Argument(_, function, field)) => {
            let function = found.functions.get_mut(function);
            function.and_then(|function| function.arguments.get_mut(field))
        }
        (Service(found), Use::Throw(_, function, field)) => {
            let function = found.functions.get_mut(function);
            function.and_then(|function| function.throws.get_mut(field))
        }
        _ => None,
    };
    if let Some(field) = field {
        field.default = Some(value);
    }
}
