//! What everything in a file is called, and which names mean something there.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::book::{Book, Wish, give};
use super::names;
use super::plan::Plan;
use crate::idl::model::{Definition, DefinitionKind, Field, File, Service, StructKind};
use crate::report::Report;

/// The names of one generated file.
#[derive(Default)]
pub(super) struct Names {
    /// Of each definition, by its index.
    pub(super) definitions: Vec<String>,
    /// Of the fields of a struct, the variants of a union, the members of an enum: by the definition's index and theirs.
    pub(super) parts: Vec<Vec<String>>,
    /// Of typedefs as keys, by their index.
    pub(super) keys: HashMap<usize, String>,
    /// Of what is generated for each service, by its index.
    pub(super) services: BTreeMap<usize, ServiceNames>,
    /// `processor`, if there is exactly one service.
    pub(super) short_processor: Option<String>,
    /// Every name that stands for a type, a trait or a module somewhere in the file.
    pub(super) taken: HashSet<String>,
}

/// What is generated for a service.
#[derive(Default)]
pub(super) struct ServiceNames {
    pub(super) null: String,
    pub(super) processor: String,
    pub(super) make_processor: String,
    pub(super) client: String,
    pub(super) blocking: String,
    /// The module of the methods.
    pub(super) module: String,
    pub(super) functions: Vec<FunctionNames>,
}

/// What is generated for a function.
#[derive(Default)]
pub(super) struct FunctionNames {
    /// Of the trait's function.
    pub(super) name: String,
    pub(super) arguments: Vec<String>,
    pub(super) throws: Vec<ThrowNames>,
    pub(super) method: String,
    pub(super) arguments_type: String,
    pub(super) result_type: String,
    /// Of the exceptions, if there are any.
    pub(super) exception: String,
    /// Whether the exception's type is also there beside the service's trait.
    pub(super) exported: bool,
}

/// What is generated for an exception that a function throws.
pub(super) struct ThrowNames {
    /// Of the variant.
    pub(super) variant: String,
    /// Of the result's field.
    pub(super) field: String,
}

/// Names everything in a file. What cannot have the name it asks for is told.
pub(super) fn names(plan: &Plan<'_>, unit: usize, reports: &mut Vec<Report>) -> Names {
    let file = plan.file(unit);
    let mut found = Names::default();
    // Rust keeps types and values apart.
    let (mut types, mut consts) = (Book::default(), Book::default());
    for (other, included) in plan.units.iter().enumerate() {
        if other != unit {
            types.make(&included.module);
        }
    }
    let wishes: Vec<Wish<'_, 2>> = file
        .definitions
        .iter()
        .map(|definition| Wish {
            written: &definition.name,
            line: definition.line,
            names: match &definition.kind {
                DefinitionKind::Const(_) => [None, Some(names::screaming(&definition.name))],
                // It is a function too.
                DefinitionKind::Enum(_) => {
                    let name = names::camel(&definition.name);
                    [Some(name.clone()), Some(name)]
                }
                _ => [Some(names::camel(&definition.name)), None],
            },
        })
        .collect();
    let given = give(file, [&mut types, &mut consts], &wishes, reports);
    found.definitions = given
        .into_iter()
        .map(|[ty, constant]| ty.or(constant).unwrap_or_default())
        .collect();
    let definitions = file.definitions.iter();
    found.parts = definitions
        .map(|definition| parts(file, definition, reports))
        .collect();
    for key in plan.key_typedefs.iter().filter(|key| key.unit == unit) {
        if let Some(name) = found.definitions.get(key.index) {
            let name = types.make(&with(name, "Key"));
            found.keys.insert(key.index, name);
        }
    }
    let definitions = file.definitions.iter().enumerate();
    let services: Vec<_> = definitions
        .filter_map(|(index, definition)| match &definition.kind {
            DefinitionKind::Service(service) => Some((index, definition.line, service)),
            _ => None,
        })
        .collect();
    let mut taken: HashSet<String> = HashSet::new();
    for (index, line, service) in &services {
        let name = found.definitions.get(*index).cloned().unwrap_or_default();
        let snake = names::bare_snake(&file.definitions[*index].name);
        let mut names = ServiceNames {
            null: types.make(&with(&name, "Null")),
            processor: types.make(&with(&name, "Processor")),
            make_processor: types.make(&format!("{snake}_processor")),
            client: types.make(&with(&name, "Client")),
            blocking: types.make(&with(&name, "Blocking")),
            module: types.make(&format!("{snake}_methods")),
            functions: Vec::new(),
        };
        names.functions = functions(file, *line, service, &mut taken, reports);
        found.services.insert(*index, names);
    }
    for names in found.services.values_mut() {
        for function in &mut names.functions {
            let free = !types.has(&function.exception);
            if !function.exception.is_empty() && free {
                types.make(&function.exception);
                function.exported = true;
            }
        }
    }
    if services.len() == 1 {
        found.short_processor = Some(types.make("processor"));
    }
    taken.extend(types.into_names());
    found.taken = taken;
    found
}

/// A name of ours, made of another: underscores, if it takes any, stand at its end.
fn with(name: &str, word: &str) -> String {
    format!("{}{word}", name.trim_end_matches('_'))
}

fn functions(
    file: &File,
    line: u32,
    service: &Service,
    taken: &mut HashSet<String>,
    reports: &mut Vec<Report>,
) -> Vec<FunctionNames> {
    let (mut values, mut types) = (Book::default(), Book::default());
    let wishes: Vec<Wish<'_, 2>> = service
        .functions
        .iter()
        .map(|function| Wish {
            written: &function.name,
            line,
            names: [names::snake, names::camel].map(|casing| Some(casing(&function.name))),
        })
        .collect();
    let given = give(file, [&mut values, &mut types], &wishes, reports);
    let mut functions: Vec<FunctionNames> = Vec::new();
    for (function, [name, method]) in service.functions.iter().zip(given) {
        let arguments = function.arguments.iter().map(|field| field.name.as_str());
        functions.push(FunctionNames {
            name: name.unwrap_or_default(),
            method: method.unwrap_or_default(),
            arguments: list(file, line, arguments, names::snake, reports),
            throws: throws(file, line, &function.throws, reports),
            ..FunctionNames::default()
        });
    }
    for (names, function) in functions.iter_mut().zip(&service.functions) {
        names.arguments_type = types.make(&with(&names.method, "Arguments"));
        names.result_type = types.make(&with(&names.method, "Result"));
        if !function.throws.is_empty() {
            names.exception = types.make(&with(&names.method, "Exception"));
        }
    }
    taken.extend(types.into_names());
    functions
}

/// What is thrown: variants of one enum, and fields of the result, in which there is `success` already.
fn throws(file: &File, line: u32, thrown: &[Field], reports: &mut Vec<Report>) -> Vec<ThrowNames> {
    let (mut variants, mut fields) = (Book::default(), Book::default());
    let wishes: Vec<Wish<'_, 2>> = thrown
        .iter()
        .map(|field| Wish {
            written: &field.name,
            line,
            names: [
                Some(names::camel(&field.name)),
                Some(names::fresh(&names::snake(&field.name), |name| {
                    name == "success"
                })),
            ],
        })
        .collect();
    let given = give(file, [&mut variants, &mut fields], &wishes, reports);
    given
        .into_iter()
        .map(|[variant, field]| ThrowNames {
            variant: variant.unwrap_or_default(),
            field: field.unwrap_or_default(),
        })
        .collect()
}

/// The names within a definition.
fn parts(file: &File, definition: &Definition, reports: &mut Vec<Report>) -> Vec<String> {
    let line = definition.line;
    match &definition.kind {
        DefinitionKind::Struct(found) => {
            let casing = match found.kind {
                StructKind::Union => names::camel,
                _ => names::snake,
            };
            let fields = found.fields.iter().map(|field| field.name.as_str());
            list(file, line, fields, casing, reports)
        }
        DefinitionKind::Enum(found) => {
            let members = found.members.iter().map(|member| member.name.as_str());
            list(file, line, members, names::screaming, reports)
        }
        _ => Vec::new(),
    }
}

/// Names that stand beside each other and beside no others.
fn list<'a>(
    file: &File,
    line: u32,
    written: impl Iterator<Item = &'a str>,
    casing: fn(&str) -> String,
    reports: &mut Vec<Report>,
) -> Vec<String> {
    let wishes: Vec<Wish<'_, 1>> = written
        .map(|written| Wish {
            written,
            line,
            names: [Some(casing(written))],
        })
        .collect();
    let given = give(file, [&mut Book::default()], &wishes, reports);
    given
        .into_iter()
        .map(|[name]| name.unwrap_or_default())
        .collect()
}
