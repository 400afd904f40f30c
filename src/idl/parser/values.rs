//! Types, and the values of constants and defaults.

use super::super::ast::{Base, Type, TypeKind, Value, ValueKind};
use super::super::token::Kind;
use super::{Parsed, Parser};

impl Parser<'_> {
    /// A type, but void.
    pub(super) fn kind_of(&mut self) -> Parsed<Type> {
        self.nested(Self::bare_kind)
    }

    fn bare_kind(&mut self) -> Parsed<Type> {
        let start = self.span();
        let base = match self.kind() {
            Kind::Name(name) => {
                let kind = TypeKind::Named(name.clone());
                self.skip();
                return Ok(Type { span: start, kind });
            }
            Kind::Word("bool") => Base::Bool,
            Kind::Word("byte" | "i8") => Base::I8,
            Kind::Word("i16") => Base::I16,
            Kind::Word("i32") => Base::I32,
            Kind::Word("i64") => Base::I64,
            Kind::Word("double") => Base::Double,
            Kind::Word("string") => Base::String,
            Kind::Word("binary") => Base::Binary,
            Kind::Word("uuid") => Base::Uuid,
            Kind::Word("list" | "set" | "map") => return self.container(),
            Kind::Word("void") => {
                return self.expected("a type", "void is only what a function gives back");
            }
            _ => {
                return self.expected(
                    "a type",
                    "a type is bool, i8, i16, i32, i64, double, string, binary, uuid, list<>, set<>, map<,> or a name",
                );
            }
        };
        self.skip();
        self.annotations()?;
        Ok(Type {
            span: start,
            kind: TypeKind::Base(base),
        })
    }

    fn container(&mut self) -> Parsed<Type> {
        let start = self.span();
        let word = self.kind().clone();
        self.skip();
        self.cpp_type()?;
        self.expect(
            '<',
            "a container names what is in it: `list<i32>`, `map<string, i32>`",
        )?;
        let first = Box::new(self.kind_of()?);
        let kind = if word.is("map") {
            self.expect(',', "a map has two types: `map<string, i32>`")?;
            TypeKind::Map(Box::new((*first, self.kind_of()?)))
        } else if word.is("set") {
            TypeKind::Set(first)
        } else {
            TypeKind::List(first)
        };
        self.expect('>', "close the container's types")?;
        let span = start.to(self.last_span());
        if word.is("list") && self.kind().is("cpp_type") {
            self.warning(
                self.span(),
                "`cpp_type` behind a list is deprecated",
                "write it before the `<`: `list cpp_type \"...\" <...>`",
            );
            self.cpp_type()?;
        }
        self.annotations()?;
        Ok(Type { span, kind })
    }

    /// What the C++ generator is to take instead: read, and of no use to us.
    fn cpp_type(&mut self) -> Parsed<()> {
        if self.take_word("cpp_type").is_some() {
            self.literal("a C++ type")?;
        }
        Ok(())
    }

    pub(super) fn value(&mut self) -> Parsed<Value> {
        let start = self.span();
        let kind = match self.kind() {
            Kind::Int(value) => ValueKind::Int(*value),
            Kind::Double(value) => ValueKind::Double(*value),
            Kind::Literal(text) => ValueKind::Literal(text.clone()),
            Kind::Name(name) => ValueKind::Name(name.clone()),
            Kind::Word("true") => ValueKind::Bool(true),
            Kind::Word("false") => ValueKind::Bool(false),
            Kind::Symbol('[') => return self.nested(Self::list),
            Kind::Symbol('{') => return self.nested(Self::map),
            _ => {
                return self.expected(
                    "a value",
                    "a value is a number, a text in quotes, true, false, a name, [...] or {...}",
                );
            }
        };
        self.skip();
        Ok(Value { span: start, kind })
    }

    fn list(&mut self) -> Parsed<Value> {
        let start = self.span();
        self.skip();
        let mut values = Vec::new();
        while !self.take_symbol(']') {
            values.push(self.value()?);
            self.take_separator();
        }
        let span = start.to(self.last_span());
        Ok(Value {
            span,
            kind: ValueKind::List(values),
        })
    }

    fn map(&mut self) -> Parsed<Value> {
        let start = self.span();
        self.skip();
        let mut entries = Vec::new();
        while !self.take_symbol('}') {
            let key = self.value()?;
            self.expect(':', "a key and its value: `{\"key\": value}`")?;
            entries.push((key, self.value()?));
            self.take_separator();
        }
        let span = start.to(self.last_span());
        Ok(Value {
            span,
            kind: ValueKind::Map(entries),
        })
    }
}
