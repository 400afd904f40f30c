//! What a name stands for where a value is expected: a member of an enum, or a constant.

use std::collections::{HashMap, HashSet};

use super::super::ast;
use super::super::load::Unit;
use super::super::model::{DefId, DefinitionKind, Type, Value};
use super::super::resolve::{Use, warn_of_order};
use super::super::scope::{Missing, Wanted};
use super::super::token::shortened;
use super::Checker;
use super::forms::form_of;
use crate::report::{Span, nearest};

/// The first member of an enum that has a name, and the first that has a number.
#[derive(Default)]
pub(super) struct Members<'a> {
    names: HashMap<&'a str, usize>,
    numbers: HashMap<i64, usize>,
}

/// A number or a text that a constant stands for.
pub(super) enum Plain<'a> {
    Int(i64),
    Double(f64),
    Text(&'a str),
}

impl<'a> Checker<'a> {
    pub(super) fn learn_members(&mut self, id: DefId) {
        let model = self.model;
        self.members.entry(id).or_insert_with(|| {
            let mut known = Members::default();
            let members = model.enumeration(id).map(|found| found.members.as_slice());
            for (index, member) in members.unwrap_or_default().iter().enumerate() {
                let name = member.name.as_str();
                known.names.entry(name).or_insert(index);
                known
                    .numbers
                    .entry(i64::from(member.value))
                    .or_insert(index);
            }
            known
        });
    }

    pub(super) fn member_of(&mut self, span: Span, id: DefId, value: i64) -> Option<Value> {
        self.learn_members(id);
        let known = self.members.get(&id);
        if let Some(member) = known.and_then(|known| known.numbers.get(&value)) {
            return Some(Value::Enum {
                definition: id,
                member: *member,
            });
        }
        let name = shortened(&self.model.definition(id).name);
        self.wrong(
            span,
            format!("enum `{name}` has no member with the number {value}"),
            format!("write {name}.MEMBER"),
        )
    }

    /// A constant, or a member of an enum.
    pub(super) fn named(
        &mut self,
        span: Span,
        name: &str,
        truth: &'a Type,
        number: u32,
    ) -> Option<Value> {
        let missing = match self.scope.find(self.current.file, name, Wanted::Constant) {
            Ok(constant) => return self.constant(span, name, constant, truth, number),
            Err(missing) => missing,
        };
        if let Some((head, member)) = name.rsplit_once('.')
            && let Ok(id) = self.scope.find(self.current.file, head, Wanted::Type)
            && let Some(id) = self.enum_of(id)
        {
            return self.member(span, id, member, truth);
        }
        if let Type::Enum(id) = truth {
            self.learn_members(*id);
            let known = self.members.get(id);
            if known.is_some_and(|known| known.names.contains_key(name)) {
                let prefix = self.model.definition(*id).name.as_str();
                return self.wrong(
                    span,
                    format!("`{}` without its enum", shortened(name)),
                    format!("write {prefix}.{name}"),
                );
            }
        }
        match missing {
            Missing::Told => None,
            Missing::Unknown(_, help) => self.wrong(
                span,
                format!(
                    "unknown constant or member of an enum `{}`",
                    shortened(name)
                ),
                help,
            ),
        }
    }

    /// The enum of that name, which may be a typedef's.
    fn enum_of(&mut self, id: DefId) -> Option<DefId> {
        let model = self.model;
        let DefinitionKind::Typedef(target) = &model.definition(id).kind else {
            return model.enumeration(id).map(|_| id);
        };
        // Unknown types and circles of typedefs were told.
        self.types.number(target)?;
        match model.true_type(target) {
            Type::Enum(id) => Some(*id),
            _ => None,
        }
    }

    pub(super) fn member(
        &mut self,
        span: Span,
        id: DefId,
        name: &str,
        truth: &'a Type,
    ) -> Option<Value> {
        self.learn_members(id);
        let definition = self.model.definition(id);
        let known = self.members.get(&id);
        let Some(&member) = known.and_then(|known| known.names.get(name)) else {
            let names = known
                .into_iter()
                .flat_map(|known| known.names.keys())
                .copied();
            let help = match nearest(name, names) {
                Some(near) => format!("did you mean {}.{near}?", definition.name),
                None => "look at the members of that enum".to_owned(),
            };
            let message = format!(
                "enum `{}` has no member `{}`",
                shortened(&definition.name),
                shortened(name)
            );
            return self.wrong(span, message, help);
        };
        self.mind_order(span, id, &definition.name);
        match truth {
            Type::Enum(wanted) if *wanted == id => Some(Value::Enum {
                definition: id,
                member,
            }),
            Type::Bool | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Double => {
                let found = self.model.enumeration(id);
                let value = found.and_then(|found| found.members.get(member))?.value;
                match truth {
                    Type::Bool => self.truth_of(span, i64::from(value)),
                    Type::Double => Some(Value::Double(f64::from(value))),
                    _ => self.integer(span, i64::from(value), truth),
                }
            }
            _ => {
                let wanted = self.described(truth);
                let message = format!(
                    "expected {wanted}, found a member of enum `{}`",
                    shortened(&definition.name)
                );
                self.wrong(span, message, form_of(truth))
            }
        }
    }

    fn mind_order(&mut self, span: Span, id: DefId, name: &str) {
        if id.file == self.current.file && id.index > self.current.index {
            let at = self.at(span);
            warn_of_order(at, name, self.desk);
        }
    }

    pub(super) fn constant(
        &mut self,
        span: Span,
        name: &str,
        id: DefId,
        truth: &'a Type,
        number: u32,
    ) -> Option<Value> {
        if self.unknown.contains(&Use::Definition(id)) {
            return None;
        }
        let model = self.model;
        let theirs = &model.constant(id)?.ty;
        let their_number = self.types.number(theirs)?;
        self.mind_order(span, id, name);
        if their_number == number {
            return Some(Value::Const(id));
        }
        // Another type: numbers and texts are taken over, nothing else.
        let their_truth = model.true_type(theirs);
        let is_number = |ty: &Type| {
            matches!(
                ty,
                Type::Bool | Type::I8 | Type::I16 | Type::I32 | Type::I64
            )
        };
        let is_text = |ty: &Type| matches!(ty, Type::String | Type::Binary);
        let fits = is_number(their_truth) && (is_number(truth) || *truth == Type::Double);
        if fits || (is_text(their_truth) && is_text(truth)) {
            return match (self.plain(span, id)?, truth) {
                (Plain::Int(value), Type::Bool) => self.truth_of(span, value),
                (Plain::Int(value), Type::Double) => Some(Value::Double(value as f64)),
                (Plain::Int(value), _) => self.integer(span, value, truth),
                (Plain::Double(value), _) => Some(Value::Double(value)),
                (Plain::Text(text), Type::Binary) => Some(Value::Binary(text.into())),
                (Plain::Text(text), _) => Some(Value::String(text.to_owned())),
            };
        }
        let (wanted, found) = (self.described(truth), self.described(their_truth));
        self.wrong(
            span,
            format!(
                "expected {wanted}, found constant `{}`, {found}",
                shortened(name)
            ),
            form_of(truth),
        )
    }

    /// The number or the text behind a constant that may be another's. `None` if there is none: what is wrong is told where it stands.
    fn plain(&mut self, span: Span, id: DefId) -> Option<Plain<'a>> {
        let (mut id, mut seen) = (id, HashSet::new());
        loop {
            if !seen.insert(id) {
                let name = shortened(&self.model.definition(id).name);
                return self.wrong(
                    span,
                    format!("constant `{name}` is defined by itself"),
                    "give one of them a value",
                );
            }
            if seen.len() > PLAIN_STEPS_MAX {
                return self.wrong(
                    span,
                    format!("this constant is another's over more than {PLAIN_STEPS_MAX} steps"),
                    "name one that has a value",
                );
            }
            let units: &'a [Unit] = self.units;
            let unit = units.get(id.file.index())?;
            let definition = unit.program.definitions.get(id.index())?;
            let ast::DefinitionKind::Const {
                value: Some(value), ..
            } = &definition.kind
            else {
                return None;
            };
            match &value.kind {
                ast::ValueKind::Int(value) => return Some(Plain::Int(*value)),
                ast::ValueKind::Bool(value) => return Some(Plain::Int(i64::from(*value))),
                ast::ValueKind::Double(value) => return Some(Plain::Double(*value)),
                ast::ValueKind::Literal(text) => return Some(Plain::Text(text)),
                ast::ValueKind::Name(name) => {
                    if let Ok(next) = self.scope.find(id.file, name, Wanted::Constant) {
                        id = next;
                        continue;
                    }
                    let (head, member) = name.rsplit_once('.')?;
                    let found = self.scope.find(id.file, head, Wanted::Type).ok()?;
                    let found = self.enum_of(found)?;
                    let members = &self.model.enumeration(found)?.members;
                    let member = members.iter().find(|known| known.name == member)?;
                    return Some(Plain::Int(i64::from(member.value)));
                }
                _ => return None,
            }
        }
    }
}

/// How many constants may be each other's number or text in a row where their types differ.
const PLAIN_STEPS_MAX: usize = 64;
