//! Constants and defaults: each value against the type it is to have, each name against what it means.

use std::collections::{HashMap, HashSet};

use super::ast;
use super::load::Unit;
use super::model::{DefId, DefinitionKind, Model, Requiredness, Struct, StructKind, Type, Value};
use super::nearest::nearest;
use super::report::Desk;
use super::resolve::{Draft, Use, warn_of_order};
use super::scope::{Missing, Scope, Wanted};
use super::source::{At, FileId, Span};
use super::token::shortened;
use super::types::Types;

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

/// The first member of an enum that has a name, and the first that has a number.
#[derive(Default)]
struct Members<'a> {
    names: HashMap<&'a str, usize>,
    numbers: HashMap<i64, usize>,
}

/// A number that a constant stands for.
enum Number {
    Int(i64),
    Double(f64),
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

    fn member_of(&mut self, span: Span, id: DefId, value: i64) -> Option<Value> {
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

    fn learn_members(&mut self, id: DefId) {
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

    /// A constant, or a member of an enum.
    fn named(&mut self, span: Span, name: &str, truth: &'a Type, number: u32) -> Option<Value> {
        let missing = match self.scope.find(self.current.file, name, Wanted::Constant) {
            Ok(constant) => return self.constant(span, name, constant, truth, number),
            Err(missing) => missing,
        };
        if let Some((head, member)) = name.rsplit_once('.')
            && let Ok(id) = self.scope.find(self.current.file, head, Wanted::Type)
            && self.model.enumeration(id).is_some()
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

    fn member(&mut self, span: Span, id: DefId, name: &str, truth: &'a Type) -> Option<Value> {
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
            Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
                let found = self.model.enumeration(id);
                let value = found.and_then(|found| found.members.get(member))?.value;
                self.integer(span, i64::from(value), truth)
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

    fn constant(
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
        // Another type: numbers are taken over, nothing else.
        let their_truth = model.true_type(theirs);
        let is_number = |ty: &Type| {
            matches!(
                ty,
                Type::Bool | Type::I8 | Type::I16 | Type::I32 | Type::I64
            )
        };
        let fits = is_number(their_truth) && (is_number(truth) || *truth == Type::Double);
        if fits {
            return match (self.number_of(span, id)?, truth) {
                (Number::Int(value), Type::Bool) => self.truth_of(span, value),
                (Number::Int(value), Type::Double) => Some(Value::Double(value as f64)),
                (Number::Int(value), _) => self.integer(span, value, truth),
                (Number::Double(value), _) => Some(Value::Double(value)),
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

    /// The number behind a constant that may be another's. `None` if there is none: what is wrong is told where it stands.
    fn number_of(&mut self, span: Span, id: DefId) -> Option<Number> {
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
            if seen.len() > NUMBER_STEPS_MAX {
                return self.wrong(
                    span,
                    format!("this constant is another's over more than {NUMBER_STEPS_MAX} steps"),
                    "name one that has a value",
                );
            }
            let unit = self.units.get(id.file.index())?;
            let definition = unit.program.definitions.get(id.index())?;
            let ast::DefinitionKind::Const {
                value: Some(value), ..
            } = &definition.kind
            else {
                return None;
            };
            match &value.kind {
                ast::ValueKind::Int(value) => return Some(Number::Int(*value)),
                ast::ValueKind::Bool(value) => return Some(Number::Int(i64::from(*value))),
                ast::ValueKind::Double(value) => return Some(Number::Double(*value)),
                ast::ValueKind::Name(name) => {
                    if let Ok(next) = self.scope.find(id.file, name, Wanted::Constant) {
                        id = next;
                        continue;
                    }
                    let (head, member) = name.rsplit_once('.')?;
                    let found = self.scope.find(id.file, head, Wanted::Type).ok()?;
                    let members = &self.model.enumeration(found)?.members;
                    let member = members.iter().find(|known| known.name == member)?;
                    return Some(Number::Int(i64::from(member.value)));
                }
                _ => return None,
            }
        }
    }

    fn described(&self, truth: &Type) -> String {
        let name = |id: &DefId| shortened(&self.model.definition(*id).name);
        match truth {
            Type::Bool => "a bool".to_owned(),
            Type::I8 => "an i8".to_owned(),
            Type::I16 => "an i16".to_owned(),
            Type::I32 => "an i32".to_owned(),
            Type::I64 => "an i64".to_owned(),
            Type::Double => "a double".to_owned(),
            Type::String => "a string".to_owned(),
            Type::Binary => "a binary".to_owned(),
            Type::Uuid => "a uuid".to_owned(),
            Type::List(_) => "a list".to_owned(),
            Type::Set(_) => "a set".to_owned(),
            Type::Map(..) => "a map".to_owned(),
            Type::Enum(id) => format!("a member of enum `{}`", name(id)),
            Type::Struct(id) => format!("a `{}`", name(id)),
            Type::Typedef(id) => format!("a `{}`", name(id)),
        }
    }
}

fn described_value(kind: &ast::ValueKind) -> &'static str {
    match kind {
        ast::ValueKind::Bool(_) => "true or false",
        ast::ValueKind::Int(_) => "a whole number",
        ast::ValueKind::Double(_) => "a number with a fraction or an exponent",
        ast::ValueKind::Literal(_) => "a text",
        ast::ValueKind::Name(_) => "a name",
        ast::ValueKind::List(_) => "[...]",
        ast::ValueKind::Map(_) => "{...}",
    }
}

/// How a value of the type is written.
fn form_of(truth: &Type) -> &'static str {
    match truth {
        Type::Bool => "write true or false",
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => "write a whole number",
        Type::Double => "write a number",
        Type::String | Type::Binary => "write a text in quotes",
        Type::Uuid => "write \"00112233-4455-6677-8899-aabbccddeeff\"",
        Type::List(_) | Type::Set(_) => "write [value, value]",
        Type::Map(..) => "write {key: value}",
        Type::Enum(_) => "write Enum.MEMBER",
        Type::Struct(_) => "write {\"field\": value}",
        Type::Typedef(_) => "look at its typedef",
    }
}

/// Five groups of hexadecimal digits; braces around them are fine.
fn uuid(text: &str) -> Option<[u8; 16]> {
    let inner = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let groups: Vec<&str> = inner.unwrap_or(text).split('-').collect();
    let lengths = groups.iter().map(|group| group.len());
    if !lengths.eq([8, 4, 4, 4, 12]) {
        return None;
    }
    let mut bytes = [0; 16];
    let mut digits = groups.iter().flat_map(|group| group.chars());
    for byte in &mut bytes {
        let high = digits.next()?.to_digit(16)?;
        let low = digits.next()?.to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(bytes)
}

/// How many constants may be each other's number in a row where their types differ.
const NUMBER_STEPS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_five_groups() {
        let bytes = uuid("00112233-4455-6677-8899-aabbccddeeff");
        assert_eq!(bytes.map(|bytes| bytes[1]), Some(0x11));
        assert_eq!(uuid("{00112233-4455-6677-8899-AABBCCDDEEFF}"), bytes);
        for text in [
            "",
            "00112233445566778899aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeefg",
            "00112233-4455-6677-8899-aabbccddeef",
            "{00112233-4455-6677-8899-aabbccddeeff",
            "é112233-4455-6677-8899-aabbccddeeff",
        ] {
            assert_eq!(uuid(text), None, "{text}");
        }
    }
}
