//! What everything in a file is called, and which names mean something there.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::names;
use super::plan::Plan;
use crate::idl::model::{Definition, DefinitionKind, Field, File, Service, StructKind};
use crate::idl::report::Report;

/// The names of one generated file.
#[derive(Default)]
pub(super) struct Names {
    /// Of each definition, by its index.
    pub(super) definitions: Vec<String>,
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
    pub(super) method: String,
    pub(super) arguments_type: String,
    pub(super) result_type: String,
    /// Of the exceptions, if there are any.
    pub(super) exception: String,
    /// Whether the exception's type is also there beside the service's trait.
    pub(super) exported: bool,
}

/// Names given so far, with what they were given to.
struct Book<'a> {
    file: &'a File,
    given: HashMap<String, (String, u32)>,
}

impl Book<'_> {
    /// A name that the interface asks for. Two of one name are told.
    fn give(
        &mut self,
        name: String,
        written: &str,
        line: u32,
        reports: &mut Vec<Report>,
    ) -> String {
        let bare = name.trim_start_matches("r#");
        if let Some((other, first)) = self.given.get(bare) {
            let place = self.file.place_of(*first, other);
            let message =
                format!("`{written}` and `{other}` of {place} would both be `{name}` in Rust");
            reports.push(self.file.report(
                line,
                written,
                &message,
                "give one of them another name",
            ));
        } else {
            self.given
                .insert(bare.to_owned(), (written.to_owned(), line));
        }
        name
    }

    /// A name of ours, which makes way.
    fn make(&mut self, name: &str) -> String {
        let fresh = names::fresh(name, |name| self.given.contains_key(name));
        self.given.insert(fresh.clone(), (fresh.clone(), 0));
        fresh
    }
}

/// Names everything in a file. What would have the same name as something else is told.
pub(super) fn names(plan: &Plan<'_>, unit: usize, reports: &mut Vec<Report>) -> Names {
    let file = plan.file(unit);
    let mut found = Names::default();
    // Rust keeps types and values apart.
    let mut types = Book {
        file,
        given: HashMap::new(),
    };
    let mut consts = Book {
        file,
        given: HashMap::new(),
    };
    for (other, included) in plan.units.iter().enumerate() {
        if other != unit {
            types.make(&included.module);
        }
    }
    for definition in &file.definitions {
        let (written, line) = (&definition.name, definition.line);
        let name = match &definition.kind {
            DefinitionKind::Const(_) => {
                consts.give(names::screaming(written), written, line, reports)
            }
            DefinitionKind::Enum(_) => {
                // It is a function too.
                let name = names::camel(written);
                consts.give(name.clone(), written, line, reports);
                types.give(name, written, line, reports)
            }
            _ => types.give(names::camel(written), written, line, reports),
        };
        found.definitions.push(name);
        check_parts(file, definition, reports);
    }
    for key in plan.key_typedefs.iter().filter(|key| key.unit == unit) {
        if let Some(name) = found.definitions.get(key.index) {
            let name = types.make(&format!("{name}Key"));
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
            null: types.make(&format!("{name}Null")),
            processor: types.make(&format!("{name}Processor")),
            make_processor: types.make(&format!("{snake}_processor")),
            client: types.make(&format!("{name}Client")),
            blocking: types.make(&format!("{name}Blocking")),
            module: types.make(&format!("{snake}_methods")),
            functions: Vec::new(),
        };
        names.functions = functions(file, *line, service, &mut taken, reports);
        found.services.insert(*index, names);
    }
    for names in found.services.values_mut() {
        for function in &mut names.functions {
            let free = !types.given.contains_key(&function.exception);
            if !function.exception.is_empty() && free {
                types.make(&function.exception);
                function.exported = true;
            }
        }
    }
    if services.len() == 1 {
        found.short_processor = Some(types.make("processor"));
    }
    taken.extend(types.given.into_keys());
    found.taken = taken;
    found
}

fn functions(
    file: &File,
    line: u32,
    service: &Service,
    taken: &mut HashSet<String>,
    reports: &mut Vec<Report>,
) -> Vec<FunctionNames> {
    let mut values = Book {
        file,
        given: HashMap::new(),
    };
    let mut types = Book {
        file,
        given: HashMap::new(),
    };
    let mut functions: Vec<FunctionNames> = Vec::new();
    for function in &service.functions {
        let written = &function.name;
        functions.push(FunctionNames {
            name: values.give(names::snake(written), written, line, reports),
            arguments: fields(file, line, &function.arguments, names::snake, reports),
            method: types.give(names::camel(written), written, line, reports),
            ..FunctionNames::default()
        });
        let kind = names::camel;
        fields(file, line, &function.throws, kind, reports);
    }
    for (names, function) in functions.iter_mut().zip(&service.functions) {
        names.arguments_type = types.make(&format!("{}Arguments", names.method));
        names.result_type = types.make(&format!("{}Result", names.method));
        if !function.throws.is_empty() {
            names.exception = types.make(&format!("{}Exception", names.method));
        }
    }
    taken.extend(types.given.into_keys());
    functions
}

/// The names within a definition.
fn check_parts(file: &File, definition: &Definition, reports: &mut Vec<Report>) {
    match &definition.kind {
        DefinitionKind::Struct(found) => {
            let casing = match found.kind {
                StructKind::Union => names::camel,
                _ => names::snake,
            };
            fields(file, definition.line, &found.fields, casing, reports);
        }
        DefinitionKind::Enum(found) => {
            let mut book = Book {
                file,
                given: HashMap::new(),
            };
            for member in &found.members {
                let name = names::screaming(&member.name);
                book.give(name, &member.name, definition.line, reports);
            }
        }
        _ => {}
    }
}

/// The names of fields, in one case or the other.
fn fields(
    file: &File,
    line: u32,
    fields: &[Field],
    casing: fn(&str) -> String,
    reports: &mut Vec<Report>,
) -> Vec<String> {
    let mut book = Book {
        file,
        given: HashMap::new(),
    };
    fields
        .iter()
        .map(|field| book.give(casing(&field.name), &field.name, line, reports))
        .collect()
}
