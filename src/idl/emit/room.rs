//! Where a text is written: what is imported there, and how types and values are named from there.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::options::{Binaries, Containers};
use super::plan::{Key, Plan, Unit};
use super::roster::ServiceNames;
use crate::idl::model::{DefId, DefinitionKind, Field, Struct, StructKind, Type, Value};

/// A module of the generated text: the file's own, or one within it.
pub(super) struct Room<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) unit: usize,
    /// Within a module of the file.
    inner: bool,
    /// By their module, with what they are called here.
    imports: RefCell<BTreeMap<&'static str, BTreeSet<String>>>,
    modules: RefCell<BTreeSet<String>>,
    /// The struct whose fields are being written: it is `Self` there.
    pub(super) within: Cell<Option<DefId>>,
}

impl<'a> Room<'a> {
    pub(super) fn new(plan: &'a Plan<'a>, unit: usize, inner: bool) -> Self {
        Self {
            plan,
            unit,
            inner,
            imports: RefCell::default(),
            modules: RefCell::default(),
            within: Cell::new(None),
        }
    }

    pub(super) fn this(&self) -> &'a Unit {
        &self.plan.units[self.unit]
    }

    fn is_taken(&self, name: &str) -> bool {
        self.this().names.taken.contains(name)
    }

    /// A path from a crate's root, which a module of ours might hide.
    fn path(&self, path: &str) -> String {
        let root = path.split("::").next().unwrap_or_default();
        let colons = if self.is_taken(root) { "::" } else { "" };
        format!("{colons}{path}")
    }

    /// The name of something imported: short, unless the interface has a type of that name.
    fn import(&self, module: &'static str, name: &str) -> String {
        if self.is_taken(name) {
            return format!("::{module}::{name}");
        }
        self.add(module, name.to_owned());
        name.to_owned()
    }

    fn add(&self, module: &'static str, import: String) {
        let mut imports = self.imports.borrow_mut();
        imports.entry(module).or_default().insert(import);
    }

    /// A type of the runtime.
    pub(super) fn thrift(&self, name: &str) -> String {
        self.import("oneloop::thrift", name)
    }

    /// A trait of the runtime, whose methods can be called.
    pub(super) fn thrift_trait(&self, name: &str) -> String {
        if self.is_taken(name) {
            self.add("oneloop::thrift", format!("{name} as _"));
        }
        self.thrift(name)
    }

    pub(super) fn root(&self, name: &str) -> String {
        self.import("oneloop", name)
    }

    pub(super) fn std(&self, module: &'static str, name: &str) -> String {
        self.import(module, name)
    }

    /// `fmt`, whose names are written behind it.
    pub(super) fn fmt(&self) -> String {
        self.import("std", "fmt")
    }

    /// A path that is written out, such as `std::error::Error`.
    pub(super) fn full(&self, path: &str) -> String {
        self.path(path)
    }

    /// A name of the prelude: `Option`, `Some`, `Result`.
    pub(super) fn prelude(&self, name: &str) -> String {
        if !self.is_taken(name) {
            return name.to_owned();
        }
        let module = match name {
            "Option" | "Some" | "None" => "option",
            "Result" | "Ok" | "Err" => "result",
            "String" => "string",
            "Vec" => "vec",
            "Box" => "boxed",
            "From" => "convert",
            "Clone" => "clone",
            "Sized" => "marker",
            _ => "default",
        };
        let inner = match name {
            "Some" | "None" => "Option::",
            "Ok" | "Err" => "Result::",
            _ => "",
        };
        format!("::std::{module}::{inner}{name}")
    }

    /// A type that is not one of the interface, for a parameter: `S`, unless that is one.
    pub(super) fn parameter(&self, name: &str) -> String {
        super::names::fresh(name, |name| self.is_taken(name))
    }

    /// What stands at the head of the module.
    pub(super) fn head(&self) -> String {
        // Traits of the prelude that the interface's names hide have methods all the same.
        for (name, module) in [
            ("Clone", "std::clone"),
            ("Default", "std::default"),
            ("From", "std::convert"),
        ] {
            if self.is_taken(name) {
                self.add(module, format!("{name} as _"));
            }
        }
        let mut head = String::new();
        let mut groups: [String; 3] = Default::default();
        for (module, names) in self.imports.borrow().iter() {
            let group = if module.starts_with("std") { 0 } else { 1 };
            let path = self.path(module);
            let hidden = names
                .iter()
                .any(|name| name.ends_with(" as _") && module.starts_with("std::"));
            if hidden {
                groups[group].push_str("#[allow(unused_imports)]");
            }
            let list: Vec<&str> = names.iter().map(String::as_str).collect();
            let _ = match list.as_slice() {
                [one] => writeln!(groups[group], "use {path}::{one};"),
                _ => writeln!(groups[group], "use {path}::{{{}}};", list.join(", ")),
            };
        }
        for module in self.modules.borrow().iter() {
            let _ = writeln!(groups[2], "use super::{module};");
        }
        for group in groups {
            head.push_str(&group);
        }
        head
    }

    /// Something of this file's own module.
    pub(super) fn own(&self, name: &str) -> String {
        if self.inner {
            format!("super::{name}")
        } else {
            name.to_owned()
        }
    }

    /// Something of any file's module.
    pub(super) fn of_unit(&self, unit: usize, name: &str) -> String {
        if unit == self.unit {
            return self.own(name);
        }
        let module = &self.plan.units[unit].module;
        if self.inner {
            return format!("super::super::{module}::{name}");
        }
        self.modules.borrow_mut().insert(module.clone());
        format!("{module}::{name}")
    }

    /// The name of a definition.
    pub(super) fn definition(&self, unit: usize, id: DefId) -> String {
        let key = self.plan.key(unit, id);
        self.of_unit(
            key.unit,
            &self.plan.units[key.unit].names.definitions[key.index],
        )
    }

    /// The names of what is within a definition.
    fn parts(&self, unit: usize, id: DefId) -> &'a [String] {
        let key = self.plan.key(unit, id);
        &self.plan.units[key.unit].names.parts[key.index]
    }

    /// The names of a service, by what gives them.
    pub(super) fn service(&self, id: DefId, name: impl Fn(&ServiceNames) -> &str) -> String {
        let key = self.plan.key(self.unit, id);
        let names = self.plan.units[key.unit].names.services.get(&key.index);
        self.of_unit(key.unit, names.map_or("", name))
    }

    /// A type, in a key or not. `unit` is whose model's type it is.
    pub(super) fn ty(&self, unit: usize, ty: &Type, in_key: bool) -> String {
        let element = |ty: &Type| self.ty(unit, ty, in_key);
        match ty {
            Type::Bool => "bool".to_owned(),
            Type::I8 => "i8".to_owned(),
            Type::I16 => "i16".to_owned(),
            Type::I32 => "i32".to_owned(),
            Type::I64 => "i64".to_owned(),
            Type::Double if in_key => self.thrift("OrderedDouble"),
            Type::Double => "f64".to_owned(),
            Type::String if self.plan.style.shared => self.thrift("Text"),
            Type::String => self.prelude("String"),
            Type::Binary if self.shares_binaries() => self.thrift("Bytes"),
            Type::Binary => format!("{}<u8>", self.prelude("Vec")),
            Type::Uuid => self.thrift("Uuid"),
            Type::List(inner) => format!("{}<{}>", self.prelude("Vec"), element(inner)),
            Type::Set(inner) => {
                format!("{}<{}>", self.set(in_key), self.ty(unit, inner, true))
            }
            Type::Map(key, value) => {
                let key = self.ty(unit, key, true);
                format!("{}<{key}, {}>", self.map(in_key), element(value))
            }
            Type::Typedef(id) if in_key && self.plan.differs(unit, ty) => {
                let key = self.plan.key(unit, *id);
                let names = &self.plan.units[key.unit].names;
                let name = names.keys.get(&key.index).map_or("", String::as_str);
                self.of_unit(key.unit, name)
            }
            Type::Struct(id) if self.within.get() == Some(*id) => "Self".to_owned(),
            Type::Typedef(id) | Type::Enum(id) | Type::Struct(id) => self.definition(unit, *id),
        }
    }

    fn shares_binaries(&self) -> bool {
        self.plan.style.shared || self.plan.style.binaries == Binaries::Shared
    }

    fn set(&self, in_key: bool) -> String {
        match self.plan.style.sets {
            Containers::Hashed if !in_key => self.std("std::collections", "HashSet"),
            _ => self.std("std::collections", "BTreeSet"),
        }
    }

    fn map(&self, in_key: bool) -> String {
        match self.plan.style.maps {
            Containers::Hashed if !in_key => self.std("std::collections", "HashMap"),
            _ => self.std("std::collections", "BTreeMap"),
        }
    }

    /// The type of a struct's field.
    pub(super) fn field_type(&self, unit: usize, field: &Field, in_key: bool) -> String {
        let mut ty = self.ty(unit, &field.ty, in_key);
        if field.boxed {
            ty = format!("{}<{ty}>", self.prelude("Box"));
        }
        if self.plan.is_option(unit, field) {
            ty = format!("{}<{ty}>", self.prelude("Option"));
        }
        ty
    }

    /// What it is on the wire.
    pub(super) fn kind(&self, unit: usize, ty: &Type) -> String {
        let kind = match self.plan.model(unit).true_type(ty) {
            Type::Bool => "Bool",
            Type::I8 => "I8",
            Type::I16 => "I16",
            Type::I32 | Type::Enum(_) | Type::Typedef(_) => "I32",
            Type::I64 => "I64",
            Type::Double => "Double",
            Type::String | Type::Binary => "String",
            Type::Uuid => "Uuid",
            Type::List(_) => "List",
            Type::Set(_) => "Set",
            Type::Map(..) => "Map",
            Type::Struct(_) => "Struct",
        };
        format!("{}::{kind}", self.thrift("Kind"))
    }

    /// What a value of this type is before anything is said of it.
    pub(super) fn nothing(&self, unit: usize, ty: &Type, in_key: bool) -> String {
        let model = self.plan.model(unit);
        match model.true_type(ty) {
            Type::Bool => "false".to_owned(),
            Type::I8 | Type::I16 | Type::I32 | Type::I64 => "0".to_owned(),
            Type::Double if in_key => format!("{}(0.0)", self.thrift("OrderedDouble")),
            Type::Double => "0.0".to_owned(),
            Type::String if self.plan.style.shared => format!("{}::default()", self.thrift("Text")),
            Type::String => format!("{}::new()", self.prelude("String")),
            Type::Binary if self.shares_binaries() => format!("{}::new()", self.thrift("Bytes")),
            Type::Binary | Type::List(_) => format!("{}::new()", self.prelude("Vec")),
            Type::Uuid => format!("{}::default()", self.thrift("Uuid")),
            Type::Set(_) => format!("{}::new()", self.set(in_key)),
            Type::Map(..) => format!("{}::new()", self.map(in_key)),
            Type::Enum(id) | Type::Struct(id) | Type::Typedef(id) => {
                format!("{}::default()", self.definition(unit, *id))
            }
        }
    }

    /// What a struct's field is until it is set.
    pub(super) fn initial(&self, unit: usize, field: &Field, in_key: bool) -> String {
        let option = self.plan.is_option(unit, field);
        match &field.default {
            None if option => self.prelude("None"),
            None => self.wrapped(self.nothing(unit, &field.ty, in_key), field.boxed, false),
            Some(value) => {
                let value = self.value(unit, &field.ty, value, in_key);
                self.wrapped(value, field.boxed, option)
            }
        }
    }

    fn wrapped(&self, mut value: String, boxed: bool, option: bool) -> String {
        if boxed {
            value = format!("{}::new({value})", self.prelude("Box"));
        }
        if option {
            value = format!("{}({value})", self.prelude("Some"));
        }
        value
    }

    /// A value of the interface.
    pub(super) fn value(&self, unit: usize, ty: &Type, value: &Value, in_key: bool) -> String {
        let model = self.plan.model(unit);
        let ty = model.true_type(ty);
        let list = |ty: &Type, values: &[Value], in_key| {
            let values = values
                .iter()
                .map(|value| self.value(unit, ty, value, in_key));
            values.collect::<Vec<_>>().join(", ")
        };
        match (value, ty) {
            (Value::Const(id), _) => self.constant(unit, ty, *id, in_key),
            (Value::Bool(value), _) => value.to_string(),
            (Value::Int(value), _) => value.to_string(),
            (Value::Double(value), _) if in_key => {
                format!("{}({})", self.thrift("OrderedDouble"), self.double(*value))
            }
            (Value::Double(value), _) => self.double(*value),
            (Value::String(text), _) if text.is_empty() => self.nothing(unit, ty, in_key),
            (Value::String(text), _) if self.plan.style.shared => {
                format!("{}::from_static({text:?})", self.thrift("Text"))
            }
            (Value::String(text), _) => format!("{}::from({text:?})", self.prelude("String")),
            (Value::Binary(bytes), _) if bytes.is_empty() => self.nothing(unit, ty, in_key),
            (Value::Binary(bytes), _) if self.shares_binaries() => {
                format!(
                    "{}::from_static({})",
                    self.thrift("Bytes"),
                    byte_text(bytes)
                )
            }
            (Value::Binary(bytes), _) => format!("{}.to_vec()", byte_text(bytes)),
            (Value::Uuid(bytes), _) => self.uuid(*bytes),
            (Value::Enum { definition, member }, _) => {
                let parts = self.parts(unit, *definition);
                let name = parts.get(*member).map_or("", String::as_str);
                format!("{}::{name}", self.definition(unit, *definition))
            }
            (Value::List(values) | Value::Set(values), _) if values.is_empty() => {
                self.nothing(unit, ty, in_key)
            }
            (Value::List(values), Type::List(element)) => {
                format!("vec![{}]", list(element, values, in_key))
            }
            (Value::Set(values), Type::Set(element)) => {
                format!(
                    "{}::from([{}])",
                    self.set(in_key),
                    list(element, values, true)
                )
            }
            (Value::Map(pairs), Type::Map(key, value)) if !pairs.is_empty() => {
                let pairs = pairs.iter().map(|(first, second)| {
                    let first = self.value(unit, key, first, true);
                    format!("({first}, {})", self.value(unit, value, second, in_key))
                });
                let pairs = pairs.collect::<Vec<_>>().join(", ");
                format!("{}::from([{pairs}])", self.map(in_key))
            }
            (Value::Struct { definition, fields }, _) => match model.structure(*definition) {
                Some(found) => self.structure(unit, *definition, found, fields),
                None => String::new(),
            },
            _ => self.nothing(unit, ty, in_key),
        }
    }

    fn structure(
        &self,
        unit: usize,
        id: DefId,
        found: &Struct,
        given: &[(usize, Value)],
    ) -> String {
        let name = self.definition(unit, id);
        let in_key = self.plan.is_key(self.plan.key(unit, id));
        let mut all = String::new();
        let parts = self.parts(unit, id);
        for (index, (field, part)) in found.fields.iter().zip(parts).enumerate() {
            let value = given.iter().rev().find(|(field, _)| *field == index);
            let value = value.map(|(_, value)| self.value(unit, &field.ty, value, in_key));
            if found.kind == StructKind::Union {
                if let Some(value) = value {
                    return format!(
                        "{name}::{part}({})",
                        self.wrapped(value, field.boxed, false)
                    );
                }
                continue;
            }
            let value = match value {
                Some(value) => self.wrapped(value, field.boxed, self.plan.is_option(unit, field)),
                None => self.initial(unit, field, in_key),
            };
            let _ = write!(all, "{part}: {value},");
        }
        format!("{name} {{ {all} }}")
    }

    /// What a constant is, where a value of its type is wanted.
    fn constant(&self, unit: usize, ty: &Type, id: DefId, in_key: bool) -> String {
        let name = self.definition(unit, id);
        let plan = self.plan;
        match ty {
            Type::Double if in_key => format!("{}({name})", self.thrift("OrderedDouble")),
            Type::String if plan.style.shared => {
                format!("{}::from_static({name})", self.thrift("Text"))
            }
            Type::String => format!("{}::from({name})", self.prelude("String")),
            Type::Binary if self.shares_binaries() => {
                format!("{}::from_static({name})", self.thrift("Bytes"))
            }
            Type::Binary => format!("{name}.to_vec()"),
            Type::List(_) | Type::Set(_) | Type::Map(..) if in_key && plan.differs(unit, ty) => {
                let key = plan.key(unit, id);
                match &plan.definition(key).kind {
                    DefinitionKind::Const(constant) => {
                        self.value(key.unit, &constant.ty, &constant.value, true)
                    }
                    _ => name,
                }
            }
            Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Struct(_) => {
                format!("{name}.clone()")
            }
            _ => name,
        }
    }

    pub(super) fn double(&self, value: f64) -> String {
        if value.is_nan() {
            "f64::NAN".to_owned()
        } else if value.is_infinite() {
            let sign = if value < 0.0 { "NEG_" } else { "" };
            format!("f64::{sign}INFINITY")
        } else {
            format!("{value:?}")
        }
    }

    pub(super) fn uuid(&self, bytes: [u8; 16]) -> String {
        let number = u128::from_be_bytes(bytes);
        format!("{}({number:#034x}_u128.to_be_bytes())", self.thrift("Uuid"))
    }

    /// What the unit's model calls a definition of this file.
    pub(super) fn id(&self, index: usize) -> DefId {
        DefId {
            file: self.this().file,
            index: u32::try_from(index).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn key(&self, index: usize) -> Key {
        Key {
            unit: self.unit,
            index,
        }
    }
}

/// `b"..."`, of which a value is a reference to an array.
pub(super) fn byte_text(bytes: &[u8]) -> String {
    format!("b\"{}\"", bytes.escape_ascii())
}
