//! Constants and defaults: each value against the type it is to have, each name against what it means.

mod forms;
mod names;

use std::collections::{HashMap, HashSet};

use forms::{described_value, form_of, uuid};
use names::Members;

use super::ast;
use super::load::Unit;
use super::model::{DefId, DefinitionKind, Model, Requiredness, Struct, StructKind, Type, Value};
use super::resolve::{Draft, Use};
use super::scope::Scope;
use super::token::shortened;
use super::types::Types;
use crate::report::{At, Desk, FileId, Span, nearest};

/// Types every value of the files. Those that are wrong are told and left out.
pub(super) fn values(
    units: &[Unit],
    scope: &Scope<'_>,
    draft: &Draft,
    types: &mut Types,
    desk: &mut Desk,
) -> Vec<(Use, Value)> {
    let mut checker = Checker {
        units,
        scope,
        model: &draft.model,
        unknown: &draft.unknown,
        types,
        desk,
        current: DefId {
            file: FileId(0),
            index: 0,
        },
        members: HashMap::new(),
        fields: HashMap::new(),
        found: Vec::new(),
    };
    for (file, unit) in units.iter().enumerate() {
        for (index, definition) in unit.program.definitions.iter().enumerate() {
            checker.current = DefId {
                file: FileId(u32::try_from(file).unwrap_or(u32::MAX)),
                index: u32::try_from(index).unwrap_or(u32::MAX),
            };
            checker.definition(definition);
        }
    }
    checker.found
}

struct Checker<'a> {
    units: &'a [Unit],
    scope: &'a Scope<'a>,
    model: &'a Model,
    unknown: &'a HashSet<Use>,
    types: &'a mut Types,
    desk: &'a mut Desk,
    /// The definition in which the value stands.
    current: DefId,
    members: HashMap<DefId, Members<'a>>,
    /// By struct: the field of each name.
    fields: HashMap<DefId, HashMap<&'a str, usize>>,
    found: Vec<(Use, Value)>,
}

impl<'a> Checker<'a> {
    fn at(&self, span: Span) -> At {
        At {
            file: self.current.file,
            span,
        }
    }

    fn definition(&mut self, written: &ast::Definition) {
        let (model, id) = (self.model, self.current);
        match (&written.kind, &model.definition(id).kind) {
            (ast::DefinitionKind::Const { value, .. }, DefinitionKind::Const(constant)) => {
                self.keep(Use::Definition(id), value.as_ref(), &constant.ty);
            }
            (ast::DefinitionKind::Struct { fields, .. }, DefinitionKind::Struct(structure)) => {
                for (index, (written, field)) in fields.iter().zip(&structure.fields).enumerate() {
                    self.keep(Use::Field(id, index), written.value.as_ref(), &field.ty);
                }
            }
            (ast::DefinitionKind::Service { functions, .. }, DefinitionKind::Service(service)) => {
                for (index, (written, function)) in
                    functions.iter().zip(&service.functions).enumerate()
                {
                    let arguments = written.arguments.iter().zip(&function.arguments);
                    for (at, (written, field)) in arguments.enumerate() {
                        let place = Use::Argument(id, index, at);
                        self.keep(place, written.value.as_ref(), &field.ty);
                    }
                    let thrown = written.throws.iter().flat_map(|(_, thrown)| thrown);
                    for (at, (written, field)) in thrown.zip(&function.throws).enumerate() {
                        let place = Use::Throw(id, index, at);
                        self.keep(place, written.value.as_ref(), &field.ty);
                    }
                }
            }
            _ => {}
        }
    }

    fn keep(&mut self, place: Use, written: Option<&ast::Value>, ty: &'a Type) {
        let Some(written) = written else { return };
        if self.unknown.contains(&place) {
            return;
        }
        if let Some(value) = self.value(written, ty) {
            self.found.push((place, value));
        }
    }

    fn wrong<T>(&mut self, span: Span, message: String, help: impl Into<String>) -> Option<T> {
        let at = self.at(span);
        self.desk.error(at, message, help);
        None
    }

    /// The parser has bounded how deep a value is. `None` if it is wrong, which was told.
    fn value(&mut self, written: &ast::Value, ty: &'a Type) -> Option<Value> {
        // Unknown types and circles of typedefs were told.
        let number = self.types.number(ty)?;
        let truth = self.model.true_type(ty);
        if let ast::ValueKind::Name(name) = &written.kind {
            return self.named(written.span, name, truth, number);
        }
        match (truth, &written.kind) {
            (Type::Bool, ast::ValueKind::Bool(value)) => Some(Value::Bool(*value)),
            (Type::Bool, ast::ValueKind::Int(value)) => self.truth_of(written.span, *value),
            (Type::I8 | Type::I16 | Type::I32 | Type::I64, ast::ValueKind::Int(value)) => {
                self.integer(written.span, *value, truth)
            }
            (Type::I8 | Type::I16 | Type::I32 | Type::I64, ast::ValueKind::Bool(value)) => {
                Some(Value::Int(i64::from(*value)))
            }
            (Type::Double, ast::ValueKind::Double(value)) => {
                if value.is_infinite() {
                    let at = self.at(written.span);
                    self.desk.warning(
                        at,
                        "this number is beyond a double: it is infinity",
                        format!("the largest is {:e}", f64::MAX),
                    );
                }
                Some(Value::Double(*value))
            }
            (Type::Double, ast::ValueKind::Int(value)) => Some(Value::Double(*value as f64)),
            (Type::Double, ast::ValueKind::Bool(value)) => {
                Some(Value::Double(f64::from(u8::from(*value))))
            }
            (Type::String, ast::ValueKind::Literal(text)) => Some(Value::String(text.clone())),
            (Type::Binary, ast::ValueKind::Literal(text)) => {
                Some(Value::Binary(text.clone().into_bytes()))
            }
            (Type::Uuid, ast::ValueKind::Literal(text)) => match uuid(text) {
                Some(bytes) => Some(Value::Uuid(bytes)),
                None => self.wrong(
                    written.span,
                    "this text is no uuid".to_owned(),
                    "it has 32 hexadecimal digits: \"00112233-4455-6677-8899-aabbccddeeff\"",
                ),
            },
            (Type::Enum(id), ast::ValueKind::Int(value)) => {
                self.member_of(written.span, *id, *value)
            }
            (Type::Struct(id), ast::ValueKind::Map(entries)) => {
                self.structure(written.span, *id, entries)
            }
            // With nothing in them, one pair of brackets is as good as the other.
            (Type::List(_), ast::ValueKind::Map(entries)) if entries.is_empty() => {
                Some(Value::List(Vec::new()))
            }
            (Type::Set(_), ast::ValueKind::Map(entries)) if entries.is_empty() => {
                Some(Value::Set(Vec::new()))
            }
            (Type::Map(..), ast::ValueKind::List(values)) if values.is_empty() => {
                Some(Value::Map(Vec::new()))
            }
            (Type::List(element), ast::ValueKind::List(values)) => {
                Some(Value::List(self.elements(values, element)?))
            }
            (Type::Set(element), ast::ValueKind::List(values)) => {
                Some(Value::Set(self.elements(values, element)?))
            }
            (Type::Map(key, value), ast::ValueKind::Map(entries)) => {
                self.entries(entries, key, value)
            }
            (truth, _) => {
                let (wanted, found) = (self.described(truth), described_value(&written.kind));
                let help = form_of(truth);
                self.wrong(
                    written.span,
                    format!("expected {wanted}, found {found}"),
                    help,
                )
            }
        }
    }

    /// All elements, so that every wrong one is told; `None` if one is wrong.
    fn elements(&mut self, values: &[ast::Value], element: &'a Type) -> Option<Vec<Value>> {
        let all: Vec<Option<Value>> = values
            .iter()
            .map(|value| self.value(value, element))
            .collect();
        all.into_iter().collect()
    }

    fn entries(
        &mut self,
        entries: &[(ast::Value, ast::Value)],
        key: &'a Type,
        value: &'a Type,
    ) -> Option<Value> {
        let all: Vec<_> = entries
            .iter()
            .map(|(one, other)| (self.value(one, key), self.value(other, value)))
            .collect();
        let all: Option<Vec<_>> = all.into_iter().map(|(key, value)| key.zip(value)).collect();
        all.map(Value::Map)
    }

    fn truth_of(&mut self, span: Span, value: i64) -> Option<Value> {
        if !(0..=1).contains(&value) {
            let at = self.at(span);
            let message = format!("{value} as a bool is true");
            self.desk.warning(at, message, "write true or false");
        }
        Some(Value::Bool(value != 0))
    }

    fn integer(&mut self, span: Span, value: i64, truth: &Type) -> Option<Value> {
        let (least, most) = match truth {
            Type::I8 => (i64::from(i8::MIN), i64::from(i8::MAX)),
            Type::I16 => (i64::from(i16::MIN), i64::from(i16::MAX)),
            Type::I32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        if (least..=most).contains(&value) {
            return Some(Value::Int(value));
        }
        let wanted = self.described(truth);
        self.wrong(
            span,
            format!("{value} does not fit {wanted}"),
            format!("it has to be within {least} and {most}"),
        )
    }

    fn structure(
        &mut self,
        span: Span,
        id: DefId,
        entries: &[(ast::Value, ast::Value)],
    ) -> Option<Value> {
        let model = self.model;
        let structure = model.structure(id)?;
        let name = shortened(&model.definition(id).name);
        let by_name = self.fields.entry(id).or_insert_with(|| {
            let fields = structure.fields.iter().enumerate();
            fields
                .map(|(index, field)| (field.name.as_str(), index))
                .collect()
        });
        let by_name: HashMap<&str, usize> = entries
            .iter()
            .filter_map(|(key, _)| match &key.kind {
                ast::ValueKind::Literal(text) => by_name.get_key_value(text.as_str()),
                _ => None,
            })
            .map(|(name, index)| (*name, *index))
            .collect();
        let (mut fields, mut seen, mut good) = (Vec::new(), HashSet::new(), true);
        for (key, value) in entries {
            let ast::ValueKind::Literal(text) = &key.kind else {
                let found = described_value(&key.kind);
                let message = format!("expected the name of a field of `{name}`, found {found}");
                return self.wrong(key.span, message, "it stands in quotes");
            };
            let Some(&index) = by_name.get(text.as_str()) else {
                let names = structure.fields.iter().map(|field| field.name.as_str());
                let help = match nearest(text, names) {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => format!("look at the fields of `{name}`"),
                };
                let message = format!("`{name}` has no field {:?}", shortened(text));
                good = self.wrong(key.span, message, help).unwrap_or(false);
                continue;
            };
            if !seen.insert(index) {
                let message = format!("field {:?} is given twice", shortened(text));
                good = self
                    .wrong(key.span, message, "leave one out")
                    .unwrap_or(false);
                continue;
            }
            let Some(field) = structure.fields.get(index) else {
                continue;
            };
            if self.unknown.contains(&Use::Field(id, index)) {
                good = false;
                continue;
            }
            match self.value(value, &field.ty) {
                Some(value) => fields.push((index, value)),
                None => good = false,
            }
        }
        self.complete(span, &name, structure, &seen);
        good.then_some(Value::Struct {
            definition: id,
            fields,
        })
    }

    /// A union has one field, and what is required has to be given.
    fn complete(&mut self, span: Span, name: &str, structure: &Struct, seen: &HashSet<usize>) {
        if structure.kind == StructKind::Union {
            if seen.len() != 1 {
                let message = format!("a value of union `{name}` has {} fields", seen.len());
                let _: Option<()> = self.wrong(span, message, "it has exactly one");
            }
            return;
        }
        let mut fields = structure.fields.iter().enumerate();
        let missing = fields.find(|(index, field)| {
            field.requiredness == Requiredness::Required && !seen.contains(index)
        });
        let Some((_, field)) = missing else {
            return;
        };
        let at = self.at(span);
        self.desk.warning(
            at,
            format!(
                "required field `{}` of `{name}` is not given",
                shortened(&field.name)
            ),
            "it has its default, or zero, or is empty",
        );
    }
}
