//! What must hold for any text, as a plain function: a seeded loop of the tests calls it, and so does a target of cargo-fuzz.

use std::path::Path;

use super::check::all;
use super::files::Memory;
use super::model::{DefinitionKind, Field, Model, Type, Value};
use super::options::Options;
use crate::report::Severity;

/// Loads `main.thrift` out of `data`, whose files are set apart by zero bytes and are called `main`, `a`, `b`, `c` in their order.
///
/// # Panics
/// If an error is told without being one, a place is none, or a name of the model leads nowhere.
pub fn fuzz(data: &[u8]) {
    let names = ["main.thrift", "a.thrift", "b.thrift", "c.thrift"];
    let mut files = Memory::default();
    for (name, text) in names
        .iter()
        .zip(data.splitn(names.len(), |byte| *byte == 0))
    {
        files.insert(name, text);
    }
    let options = Options {
        negative_ids: data.len().is_multiple_of(2),
        ..Options::default()
    };
    let reports = match super::load_from(&mut files, Path::new("main.thrift"), &options) {
        Ok((model, warnings)) => {
            walk(&model);
            assert!(
                warnings
                    .iter()
                    .all(|report| report.severity() == Severity::Warning),
                "an error and a model"
            );
            warnings
        }
        Err(reports) => {
            let mut all = reports.iter();
            assert!(
                all.any(|report| report.severity() == Severity::Error),
                "no model and no error"
            );
            reports.iter().cloned().collect()
        }
    };
    for report in &reports {
        assert!(!report.message().is_empty());
        assert!(
            report.line() > Some(0) && report.column() > Some(0),
            "{report}"
        );
        assert!(report.to_string().lines().count() >= 5, "{report}");
    }
}

/// Follows every name there is.
fn walk(model: &Model) {
    for id in all(model) {
        match &model.definition(id).kind {
            DefinitionKind::Const(constant) => {
                follow(model, &constant.ty);
                fits(model, &constant.value, &constant.ty);
            }
            DefinitionKind::Typedef(kind) => follow(model, kind),
            DefinitionKind::Enum(_) => {}
            DefinitionKind::Struct(found) => fields(model, &found.fields),
            DefinitionKind::Service(found) => {
                assert!(
                    model.ancestors(id).count() < 64,
                    "an endless line of parents"
                );
                for function in &found.functions {
                    function.result.iter().for_each(|kind| follow(model, kind));
                    fields(model, &function.arguments);
                    fields(model, &function.throws);
                }
            }
        }
    }
}

fn fields(model: &Model, fields: &[Field]) {
    for field in fields {
        follow(model, &field.ty);
        if let Some(default) = &field.default {
            fits(model, default, &field.ty);
        }
    }
}

fn follow(model: &Model, kind: &Type) {
    match model.true_type(kind) {
        Type::Typedef(_) => panic!("a typedef behind all typedefs"),
        Type::Enum(id) => assert!(model.enumeration(*id).is_some()),
        Type::Struct(id) => assert!(model.structure(*id).is_some()),
        _ => {}
    }
}

/// Asserts that the value is of its type, as [`Value`] promises.
fn fits(model: &Model, value: &Value, kind: &Type) {
    match (value, model.true_type(kind)) {
        (Value::Const(id), kind) => {
            let theirs = model
                .constant(*id)
                .map(|constant| model.true_type(&constant.ty));
            let same = theirs.map(std::mem::discriminant) == Some(std::mem::discriminant(kind));
            assert!(same, "a constant of another type");
        }
        (Value::Bool(_), Type::Bool)
        | (Value::Double(_), Type::Double)
        | (Value::String(_), Type::String)
        | (Value::Binary(_), Type::Binary)
        | (Value::Uuid(_), Type::Uuid)
        | (Value::Int(_), Type::I64) => {}
        (Value::Int(value), Type::I32) => assert!(i32::try_from(*value).is_ok()),
        (Value::Int(value), Type::I16) => assert!(i16::try_from(*value).is_ok()),
        (Value::Int(value), Type::I8) => assert!(i8::try_from(*value).is_ok()),
        (Value::Enum { definition, member }, Type::Enum(id)) => {
            assert_eq!(definition, id);
            let members = model.enumeration(*id).map(|found| found.members.len());
            assert!(members > Some(*member));
        }
        (Value::List(values), Type::List(element)) | (Value::Set(values), Type::Set(element)) => {
            values.iter().for_each(|value| fits(model, value, element));
        }
        (Value::Map(entries), Type::Map(key, value)) => {
            for (one, other) in entries {
                fits(model, one, key);
                fits(model, other, value);
            }
        }
        (Value::Struct { definition, fields }, Type::Struct(id)) => {
            assert_eq!(definition, id);
            let known = model.structure(*id).map(|found| found.fields.as_slice());
            for (index, value) in fields {
                let field = known.and_then(|known| known.get(*index));
                fits(model, value, &field.expect("a field of the struct").ty);
            }
        }
        (value, kind) => panic!("{value:?} as {kind:?}"),
    }
}
