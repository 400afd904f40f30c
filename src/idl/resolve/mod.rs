//! Files as they were written into a model: ids, names and types. Values come after, when all types are known.

mod fields;

use std::collections::{HashMap, HashSet};

use fields::List;

use super::ast;
use super::load::Unit;
use super::model::{
    Annotation, Const, DefId, Definition, DefinitionKind, Enum, File, Function, Member, Model,
    Namespace, Requiredness, Service, Struct, StructKind, Type, Value,
};
use super::options::Options;
use super::scope::{Missing, Scope, Wanted};
use super::token::shortened;
use crate::report::{At, Desk, FileId, Source, Span};

/// A model without values, and which types of it stand in for one that is unknown.
pub(super) struct Draft {
    pub(super) model: Model,
    pub(super) unknown: HashSet<Use>,
}

/// Where a type is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    /// By a constant or a typedef.
    Definition(DefId),
    /// By a field of a struct.
    Field(DefId, usize),
    /// By an argument of a function.
    Argument(DefId, usize, usize),
    /// By an exception of a function.
    Throw(DefId, usize, usize),
}

/// Looks up every type. What is wrong is told; what it is about has a stand-in.
pub(super) fn resolve(
    units: &[Unit],
    scope: &Scope<'_>,
    options: &Options,
    desk: &mut Desk,
) -> Draft {
    let mut resolver = Resolver {
        units,
        scope,
        options,
        desk,
        file: FileId(0),
        unknown: HashSet::new(),
    };
    let mut files = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        resolver.file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        files.push(resolver.unit(unit));
    }
    Draft {
        unknown: resolver.unknown,
        model: Model { files },
    }
}

struct Resolver<'a> {
    units: &'a [Unit],
    scope: &'a Scope<'a>,
    options: &'a Options,
    desk: &'a mut Desk,
    /// The file being read.
    file: FileId,
    unknown: HashSet<Use>,
}

impl Resolver<'_> {
    fn at(&self, span: Span) -> At {
        At {
            file: self.file,
            span,
        }
    }

    fn line(&self, span: Span) -> u32 {
        let source = self.desk.source(self.file);
        source.map_or(0, |source| source.position(span.start).0)
    }

    fn unit(&mut self, unit: &Unit) -> File {
        let namespaces = unit.program.namespaces.iter().map(|namespace| Namespace {
            scope: namespace.scope.text.clone(),
            name: namespace.name.text.clone(),
            annotations: annotations(&namespace.annotations),
        });
        let cpp_includes = unit.program.cpp_includes.iter();
        let namespaces = namespaces.collect();
        let mut definitions = Vec::new();
        for (index, definition) in unit.program.definitions.iter().enumerate() {
            let id = DefId {
                file: self.file,
                index: u32::try_from(index).unwrap_or(u32::MAX),
            };
            definitions.push(Definition {
                name: definition.name.text.clone(),
                doc: definition.doc.clone(),
                annotations: annotations(&definition.annotations),
                line: self.line(definition.name.span),
                kind: self.definition(id, definition),
            });
        }
        let source = self.desk.source(self.file);
        File {
            path: source.map(Source::path).map(Into::into).unwrap_or_default(),
            stem: unit.stem.clone(),
            doc: unit.program.doc.clone(),
            includes: unit
                .includes
                .iter()
                .filter_map(|include| include.file)
                .collect(),
            cpp_includes: cpp_includes.map(|include| include.text.clone()).collect(),
            namespaces,
            definitions,
            // Still needed to tell what is wrong.
            source: Source::default(),
        }
    }

    fn definition(&mut self, id: DefId, definition: &ast::Definition) -> DefinitionKind {
        match &definition.kind {
            ast::DefinitionKind::Const { kind, .. } => DefinitionKind::Const(Const {
                ty: self.ty(kind.as_ref(), Use::Definition(id)),
                value: Value::Bool(false),
            }),
            ast::DefinitionKind::Typedef(kind) => {
                DefinitionKind::Typedef(self.ty(kind.as_ref(), Use::Definition(id)))
            }
            ast::DefinitionKind::Enum(members) => DefinitionKind::Enum(self.members(members)),
            ast::DefinitionKind::Struct { form, fields } => {
                let kind = match form {
                    ast::Form::Struct => StructKind::Struct,
                    ast::Form::Union => StructKind::Union,
                    ast::Form::Exception => StructKind::Exception,
                };
                let mut fields = self.fields(fields, |index| Use::Field(id, index), List::of(kind));
                if kind == StructKind::Union {
                    for field in &mut fields {
                        field.requiredness = Requiredness::Optional;
                    }
                }
                DefinitionKind::Struct(Struct {
                    kind,
                    fields,
                    recursive: false,
                })
            }
            ast::DefinitionKind::Service { parent, functions } => {
                let parent = parent.as_ref().and_then(|parent| self.parent(id, parent));
                DefinitionKind::Service(Service {
                    parent,
                    functions: self.functions(id, functions),
                })
            }
        }
    }

    fn parent(&mut self, id: DefId, name: &ast::Text) -> Option<DefId> {
        match self.scope.find(self.file, &name.text, Wanted::Service) {
            Ok(parent) => {
                if parent.file == id.file && parent.index > id.index {
                    let at = self.at(name.span);
                    warn_of_order(at, &name.text, self.desk);
                }
                Some(parent)
            }
            Err(missing) => {
                self.tell_missing(name.span, missing);
                None
            }
        }
    }

    fn tell_missing(&mut self, span: Span, missing: Missing) {
        if let Missing::Unknown(message, help) = missing {
            let at = self.at(span);
            self.desk.error(at, message, help);
        }
    }

    fn ty(&mut self, written: Option<&ast::Type>, place: Use) -> Type {
        let found = written.and_then(|written| self.known_type(written));
        found.unwrap_or_else(|| {
            self.unknown.insert(place);
            Type::Bool
        })
    }

    /// The parser has bounded how deep a type is.
    fn known_type(&mut self, written: &ast::Type) -> Option<Type> {
        Some(match &written.kind {
            ast::TypeKind::Base(base) => match base {
                ast::Base::Bool => Type::Bool,
                ast::Base::I8 => Type::I8,
                ast::Base::I16 => Type::I16,
                ast::Base::I32 => Type::I32,
                ast::Base::I64 => Type::I64,
                ast::Base::Double => Type::Double,
                ast::Base::String => Type::String,
                ast::Base::Binary => Type::Binary,
                ast::Base::Uuid => Type::Uuid,
            },
            ast::TypeKind::List(element) => Type::List(Box::new(self.known_type(element)?)),
            ast::TypeKind::Set(element) => Type::Set(Box::new(self.known_type(element)?)),
            ast::TypeKind::Map(types) => {
                // Both, so that both are told.
                let key = self.known_type(&types.0);
                let value = self.known_type(&types.1);
                Type::Map(Box::new(key?), Box::new(value?))
            }
            ast::TypeKind::Named(name) => {
                let id = match self.scope.find(self.file, name, Wanted::Type) {
                    Ok(id) => id,
                    Err(missing) => {
                        self.tell_missing(written.span, missing);
                        return None;
                    }
                };
                let definitions = &self.units.get(id.file.index())?.program.definitions;
                match definitions.get(id.index())?.kind {
                    ast::DefinitionKind::Typedef(_) => Type::Typedef(id),
                    ast::DefinitionKind::Enum(_) => Type::Enum(id),
                    _ => Type::Struct(id),
                }
            }
        })
    }

    fn members(&mut self, written: &[ast::Member]) -> Enum {
        let mut names = HashMap::new();
        let mut members = Vec::new();
        let mut next = Some(0_i32);
        for member in written {
            if let Some(first) = names.insert(member.name.text.as_str(), member.name.span) {
                let first = self.line(first);
                let at = self.at(member.name.span);
                self.desk.error(
                    at,
                    format!("member `{}` is there twice", shortened(&member.name.text)),
                    format!("the first is in line {first}; take another name"),
                );
            }
            let (value, span) = match member.value {
                Some((value, span)) => (i32::try_from(value).ok(), span),
                None => (next, member.name.span),
            };
            if value.is_none() {
                let at = self.at(span);
                self.desk.error(
                    at,
                    "the member's number does not fit 32 bits",
                    format!("it has to be within {} and {}", i32::MIN, i32::MAX),
                );
            }
            next = value.and_then(|value| value.checked_add(1));
            members.push(Member {
                name: member.name.text.clone(),
                doc: member.doc.clone(),
                value: value.unwrap_or_default(),
                annotations: annotations(&member.annotations),
            });
        }
        Enum { members }
    }

    fn functions(&mut self, id: DefId, written: &[ast::Function]) -> Vec<Function> {
        let mut names = HashMap::new();
        let mut functions = Vec::new();
        for (index, function) in written.iter().enumerate() {
            if let Some(first) = names.insert(function.name.text.as_str(), function.name.span) {
                let first = self.line(first);
                let at = self.at(function.name.span);
                self.desk.error(
                    at,
                    format!(
                        "function `{}` is there twice",
                        shortened(&function.name.text)
                    ),
                    format!("the first is in line {first}; Thrift has no overloading"),
                );
            }
            let argument = |field| Use::Argument(id, index, field);
            let arguments = self.fields(&function.arguments, argument, List::Arguments);
            let throw = |field| Use::Throw(id, index, field);
            let thrown = function
                .throws
                .as_ref()
                .map(|(_, thrown)| thrown.as_slice());
            let throws = self.fields(thrown.unwrap_or_default(), throw, List::Throws);
            let result = function.result.as_ref();
            let mut result = result.and_then(|result| self.known_type(result));
            if function.oneway.is_some() {
                self.oneway(function);
                result = None;
            }
            functions.push(Function {
                name: function.name.text.clone(),
                doc: function.doc.clone(),
                oneway: function.oneway.is_some(),
                result,
                arguments,
                throws,
                annotations: annotations(&function.annotations),
            });
        }
        functions
    }

    fn oneway(&mut self, function: &ast::Function) {
        let name = shortened(&function.name.text);
        if let Some((span, _)) = function
            .throws
            .as_ref()
            .filter(|(_, thrown)| !thrown.is_empty())
        {
            let at = self.at(*span);
            self.desk.error(
                at,
                format!("oneway function `{name}` throws"),
                "nothing comes back from a oneway function: leave out `throws`, or `oneway`",
            );
        }
        if let Some(result) = &function.result {
            let at = self.at(result.span);
            self.desk.warning(
                at,
                format!("the result of oneway function `{name}` is ignored"),
                "nothing comes back from a oneway function: write `oneway void`",
            );
        }
    }
}

/// The official compiler knows constants, enum members and services only from where they are defined on.
pub(super) fn warn_of_order(at: At, name: &str, desk: &mut Desk) {
    desk.warning(
        at,
        format!("`{}` is used before it is defined", shortened(name)),
        "the official compiler refuses that: define it further up",
    );
}

fn annotations(written: &[ast::Annotation]) -> Vec<Annotation> {
    let annotations = written.iter().map(|annotation| Annotation {
        key: annotation.key.text.clone(),
        value: annotation.value.clone(),
    });
    annotations.collect()
}
