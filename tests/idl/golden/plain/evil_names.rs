// Generated from evil_names.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
#[allow(unused_imports)]
use std::clone::Clone as _;
#[allow(unused_imports)]
use std::convert::From as _;
#[allow(unused_imports)]
use std::default::Default as _;

use oneloop::thrift::Locate as _;

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context {
    pub some: Option,
    pub none: ::std::vec::Vec<String>,
    pub ok: ::std::collections::BTreeSet<Vec>,
}

impl ::oneloop::thrift::Value for Context {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            some: Option::default(),
            none: ::std::vec::Vec::new(),
            ok: ::std::collections::BTreeSet::new(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Struct) => {
                    this.some = ::oneloop::thrift::Value::read(input)
                        .at("Context", "Some")?;
                }
                (2, ::oneloop::thrift::Kind::List) => {
                    this.none = ::oneloop::thrift::Value::read(input)
                        .at("Context", "None")?;
                }
                (3, ::oneloop::thrift::Kind::Set) => {
                    this.ok = ::oneloop::thrift::Value::read(input).at("Context", "Ok")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
        self.some.write(output)?;
        output.field(&mut fields, 2, ::oneloop::thrift::Kind::List);
        self.none.write(output)?;
        output.field(&mut fields, 3, ::oneloop::thrift::Kind::Set);
        self.ok.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Answer {
    pub input: i32,
    pub output: i32,
    pub fields: i32,
    pub field: i32,
    pub kind: i32,
    pub value: i32,
}

impl ::oneloop::thrift::Value for Answer {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input_: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            input: 0,
            output: 0,
            fields: 0,
            field: 0,
            kind: 0,
            value: 0,
        };
        let mut fields_ = input_.begin_struct()?;
        while let ::std::option::Option::Some(field_) = input_.field(&mut fields_)? {
            match (field_.id, field_.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    this.input = ::oneloop::thrift::Value::read(input_)
                        .at("Answer", "input")?;
                }
                (2, ::oneloop::thrift::Kind::I32) => {
                    this.output = ::oneloop::thrift::Value::read(input_)
                        .at("Answer", "output")?;
                }
                (3, ::oneloop::thrift::Kind::I32) => {
                    this.fields = ::oneloop::thrift::Value::read(input_)
                        .at("Answer", "fields")?;
                }
                (4, ::oneloop::thrift::Kind::I32) => {
                    this.field = ::oneloop::thrift::Value::read(input_)
                        .at("Answer", "field")?;
                }
                (5, ::oneloop::thrift::Kind::I32) => {
                    this.kind = ::oneloop::thrift::Value::read(input_)
                        .at("Answer", "kind")?;
                }
                (6, ::oneloop::thrift::Kind::I32) => {
                    this.value = ::oneloop::thrift::Value::read(input_)
                        .at("Answer", "value")?;
                }
                (_, kind_) => input_.skip(kind_)?,
            }
        }
        input_.end_struct(fields_);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.input.write(output)?;
        output.field(&mut fields, 2, ::oneloop::thrift::Kind::I32);
        self.output.write(output)?;
        output.field(&mut fields, 3, ::oneloop::thrift::Kind::I32);
        self.fields.write(output)?;
        output.field(&mut fields, 4, ::oneloop::thrift::Kind::I32);
        self.field.write(output)?;
        output.field(&mut fields, 5, ::oneloop::thrift::Kind::I32);
        self.kind.write(output)?;
        output.field(&mut fields, 6, ::oneloop::thrift::Kind::I32);
        self.value.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    pub self_: i32,
    pub me: ::std::string::String,
    pub super_: i32,
    pub crate_: i32,
}

impl ::oneloop::thrift::Value for Value {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut self_ = ::std::option::Option::None;
        let mut me = ::std::string::String::new();
        let mut super_ = 0;
        let mut crate_ = 0;
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    self_ = ::std::option::Option::Some(
                        ::oneloop::thrift::Value::read(input).at("Value", "self")?,
                    );
                }
                (2, ::oneloop::thrift::Kind::String) => {
                    me = ::oneloop::thrift::Value::read(input).at("Value", "me")?;
                }
                (3, ::oneloop::thrift::Kind::I32) => {
                    super_ = ::oneloop::thrift::Value::read(input).at("Value", "super")?;
                }
                (4, ::oneloop::thrift::Kind::I32) => {
                    crate_ = ::oneloop::thrift::Value::read(input).at("Value", "crate")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {
            self_: self_
                .ok_or_else(|| ::oneloop::thrift::ProtocolError::missing(
                    "Value",
                    "self",
                ))?,
            me,
            super_,
            crate_,
        })
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.self_.write(output)?;
        output.field(&mut fields, 2, ::oneloop::thrift::Kind::String);
        self.me.write(output)?;
        output.field(&mut fields, 3, ::oneloop::thrift::Kind::I32);
        self.super_.write(output)?;
        output.field(&mut fields, 4, ::oneloop::thrift::Kind::I32);
        self.crate_.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Result {
    pub r#type: ::std::option::Option<i32>,
    pub r: ::std::string::String,
    pub r#fn: i32,
}

impl ::std::default::Default for Result {
    fn default() -> Self {
        Self {
            r#type: ::std::option::Option::Some(1),
            r: ::std::string::String::new(),
            r#fn: 7,
        }
    }
}

impl ::oneloop::thrift::Value for Result {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            r#type: ::std::option::Option::Some(1),
            r: ::std::string::String::new(),
            r#fn: 7,
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    this.r#type = ::std::option::Option::Some(
                        ::oneloop::thrift::Value::read(input).at("Result", "type")?,
                    );
                }
                (2, ::oneloop::thrift::Kind::String) => {
                    this.r = ::oneloop::thrift::Value::read(input).at("Result", "r")?;
                }
                (3, ::oneloop::thrift::Kind::I32) => {
                    this.r#fn = ::oneloop::thrift::Value::read(input).at("Result", "fn")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let ::std::option::Option::Some(value) = &self.r#type {
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
            value.write(output)?;
        }
        output.field(&mut fields, 2, ::oneloop::thrift::Kind::String);
        self.r.write(output)?;
        output.field(&mut fields, 3, ::oneloop::thrift::Kind::I32);
        self.r#fn.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Option {
    pub f: i32,
}

impl ::oneloop::thrift::Value for Option {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self { f: 0 };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    this.f = ::oneloop::thrift::Value::read(input).at("Option", "f")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.f.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct String {
    pub string: ::std::string::String,
    pub message: ::std::option::Option<::std::string::String>,
}

impl ::oneloop::thrift::Value for String {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            string: ::std::string::String::new(),
            message: ::std::option::Option::None,
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::String) => {
                    this.string = ::oneloop::thrift::Value::read(input)
                        .at("String", "string")?;
                }
                (2, ::oneloop::thrift::Kind::String) => {
                    this.message = ::std::option::Option::Some(
                        ::oneloop::thrift::Value::read(input).at("String", "message")?,
                    );
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::String);
        self.string.write(output)?;
        if let ::std::option::Option::Some(value) = &self.message {
            output.field(&mut fields, 2, ::oneloop::thrift::Kind::String);
            value.write(output)?;
        }
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vec {
    pub vec: ::std::vec::Vec<i32>,
}

impl ::oneloop::thrift::Value for Vec {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            vec: ::std::vec::Vec::new(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::List) => {
                    this.vec = ::oneloop::thrift::Value::read(input).at("Vec", "vec")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::List);
        self.vec.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Box {
    pub r#box: ::std::option::Option<::std::boxed::Box<Self>>,
}

impl ::oneloop::thrift::Value for Box {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            r#box: ::std::option::Option::None,
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Struct) => {
                    this.r#box = ::std::option::Option::Some(
                        ::oneloop::thrift::Value::read(input).at("Box", "box")?,
                    );
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let ::std::option::Option::Some(value) = &self.r#box {
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
            value.write(output)?;
        }
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Default {
    pub default: i32,
}

impl ::std::default::Default for Default {
    fn default() -> Self {
        Self { default: 4 }
    }
}

impl ::oneloop::thrift::Value for Default {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self { default: 4 };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    this.default = ::oneloop::thrift::Value::read(input)
                        .at("Default", "default")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.default.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct From {
    pub from: i32,
}

impl ::oneloop::thrift::Value for From {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self { from: 0 };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    this.from = ::oneloop::thrift::Value::read(input).at("From", "from")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.from.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clone {
    pub clone: i32,
}

impl ::oneloop::thrift::Value for Clone {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self { clone: 0 };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    this.clone = ::oneloop::thrift::Value::read(input)
                        .at("Clone", "clone")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.clone.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BTreeMap {
    pub map: ::std::collections::BTreeMap<::std::string::String, i32>,
}

impl ::oneloop::thrift::Value for BTreeMap {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            map: ::std::collections::BTreeMap::new(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Map) => {
                    this.map = ::oneloop::thrift::Value::read(input)
                        .at("BTreeMap", "map")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::Map);
        self.map.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BTreeSet {
    pub set: ::std::collections::BTreeSet<::std::string::String>,
}

impl ::oneloop::thrift::Value for BTreeSet {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            set: ::std::collections::BTreeSet::new(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Set) => {
                    this.set = ::oneloop::thrift::Value::read(input)
                        .at("BTreeSet", "set")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::Set);
        self.set.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Read {
    pub read: ::std::vec::Vec<u8>,
}

impl ::oneloop::thrift::Value for Read {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            read: ::std::vec::Vec::new(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::String) => {
                    this.read = ::oneloop::thrift::Value::read(input).at("Read", "read")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::String);
        self.read.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Write {
    pub write: ::oneloop::thrift::Uuid,
}

impl ::oneloop::thrift::Value for Write {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            write: ::oneloop::thrift::Uuid::default(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Uuid) => {
                    this.write = ::oneloop::thrift::Value::read(input)
                        .at("Write", "write")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::Uuid);
        self.write.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Protocol {
    pub protocol: f64,
}

impl ::oneloop::thrift::Value for Protocol {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self { protocol: 0.0 };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Double) => {
                    this.protocol = ::oneloop::thrift::Value::read(input)
                        .at("Protocol", "protocol")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::Double);
        self.protocol.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtocolError {
    pub at: i32,
}

impl ::oneloop::thrift::Value for ProtocolError {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self { at: 0 };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    this.at = ::oneloop::thrift::Value::read(input)
                        .at("ProtocolError", "at")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.at.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtocolErrorKind {}

impl ::oneloop::thrift::Value for ProtocolErrorKind {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Processor {}

impl ::oneloop::thrift::Value for Processor {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Process {}

impl ::oneloop::thrift::Value for Process {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Incoming {}

impl ::oneloop::thrift::Value for Incoming {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Served {}

impl ::oneloop::thrift::Value for Served {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoException {}

impl ::oneloop::thrift::Value for NoException {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Method {}

impl ::oneloop::thrift::Value for Method {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locate {}

impl ::oneloop::thrift::Value for Locate {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhantomData {}

impl ::oneloop::thrift::Value for PhantomData {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LazyLock {}

impl ::oneloop::thrift::Value for LazyLock {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deferred {}

impl ::oneloop::thrift::Value for Deferred {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Caller {}

impl ::oneloop::thrift::Value for Caller {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockingCaller {}

impl ::oneloop::thrift::Value for BlockingCaller {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallError {}

impl ::oneloop::thrift::Value for CallError {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct S {
    pub t: T,
}

impl ::oneloop::thrift::Value for S {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self { t: T::default() };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Struct) => {
                    this.t = ::oneloop::thrift::Value::read(input).at("S", "t")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
        self.t.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct R {
    pub w: ::std::option::Option<W>,
}

impl ::oneloop::thrift::Value for R {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            w: ::std::option::Option::None,
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Struct) => {
                    this.w = ::std::option::Option::Some(
                        ::oneloop::thrift::Value::read(input).at("R", "w")?,
                    );
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let ::std::option::Option::Some(value) = &self.w {
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
            value.write(output)?;
        }
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct W {
    pub p: ::std::option::Option<P>,
}

impl ::oneloop::thrift::Value for W {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            p: ::std::option::Option::None,
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Struct) => {
                    this.p = ::std::option::Option::Some(
                        ::oneloop::thrift::Value::read(input).at("W", "p")?,
                    );
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let ::std::option::Option::Some(value) = &self.p {
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
            value.write(output)?;
        }
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct P {}

impl ::oneloop::thrift::Value for P {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sized {}

impl ::oneloop::thrift::Value for Sized {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct T {}

impl ::oneloop::thrift::Value for T {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Some {}

impl ::oneloop::thrift::Value for Some {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct None {}

impl ::oneloop::thrift::Value for None {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ok {}

impl ::oneloop::thrift::Value for Ok {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Err {}

impl ::oneloop::thrift::Value for Err {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Self_ {}

impl ::oneloop::thrift::Value for Self_ {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fmt {}

impl ::oneloop::thrift::Value for Fmt {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Std {}

impl ::oneloop::thrift::Value for Std {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oneloop {}

impl ::oneloop::thrift::Value for Oneloop {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {}

impl ::oneloop::thrift::Value for Text {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes {}

impl ::oneloop::thrift::Value for Bytes {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid {
    pub uuid: ::oneloop::thrift::Uuid,
}

impl ::oneloop::thrift::Value for Uuid {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            uuid: ::oneloop::thrift::Uuid::default(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Uuid) => {
                    this.uuid = ::oneloop::thrift::Value::read(input).at("Uuid", "uuid")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::Uuid);
        self.uuid.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderedDouble {
    pub doubles: ::std::collections::BTreeSet<::oneloop::thrift::OrderedDouble>,
}

impl ::oneloop::thrift::Value for OrderedDouble {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            doubles: ::std::collections::BTreeSet::new(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::Set) => {
                    this.doubles = ::oneloop::thrift::Value::read(input)
                        .at("OrderedDouble", "doubles")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::Set);
        self.doubles.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LowerCase {
    pub upper_case: i32,
    pub camel_case: i32,
    pub _leading: i32,
    pub underscore: i32,
}

impl ::oneloop::thrift::Value for LowerCase {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            upper_case: 0,
            camel_case: 0,
            _leading: 0,
            underscore: 0,
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    this.upper_case = ::oneloop::thrift::Value::read(input)
                        .at("lower_case", "UPPER_CASE")?;
                }
                (2, ::oneloop::thrift::Kind::I32) => {
                    this.camel_case = ::oneloop::thrift::Value::read(input)
                        .at("lower_case", "camelCase")?;
                }
                (3, ::oneloop::thrift::Kind::I32) => {
                    this._leading = ::oneloop::thrift::Value::read(input)
                        .at("lower_case", "_leading")?;
                }
                (4, ::oneloop::thrift::Kind::I32) => {
                    this.underscore = ::oneloop::thrift::Value::read(input)
                        .at("lower_case", "_")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.upper_case.write(output)?;
        output.field(&mut fields, 2, ::oneloop::thrift::Kind::I32);
        self.camel_case.write(output)?;
        output.field(&mut fields, 3, ::oneloop::thrift::Kind::I32);
        self._leading.write(output)?;
        output.field(&mut fields, 4, ::oneloop::thrift::Kind::I32);
        self.underscore.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvilClient {}

impl ::oneloop::thrift::Value for EvilClient {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvilNull {}

impl ::oneloop::thrift::Value for EvilNull {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvilProcessor {}

impl ::oneloop::thrift::Value for EvilProcessor {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvilArguments {}

impl ::oneloop::thrift::Value for EvilArguments {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NewException {}

impl ::oneloop::thrift::Value for NewException {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {})
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
pub enum Kind {
    Unknown(i32),
    Self_(::std::string::String),
    Kind(::std::boxed::Box<Self>),
    Id(::std::vec::Vec<u8>),
    /// A member of a later version, or of another type than was agreed. Its value is not kept, so it cannot be written: that is an error.
    Unknown_ {
        /// The member's number.
        id: i16,
    },
}

impl ::oneloop::thrift::Value for Kind {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut member = ::std::option::Option::None;
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            if member.is_some() {
                return ::std::result::Result::Err(
                    ::oneloop::thrift::ProtocolError::new(
                        ::oneloop::thrift::ProtocolErrorKind::InvalidData,
                        "more than one member of union Kind",
                    ),
                );
            }
            member = ::std::option::Option::Some(
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::I32) => {
                        Self::Unknown(
                            ::oneloop::thrift::Value::read(input).at("Kind", "Unknown")?,
                        )
                    }
                    (2, ::oneloop::thrift::Kind::String) => {
                        Self::Self_(
                            ::oneloop::thrift::Value::read(input).at("Kind", "Self")?,
                        )
                    }
                    (3, ::oneloop::thrift::Kind::Struct) => {
                        Self::Kind(
                            ::oneloop::thrift::Value::read(input).at("Kind", "kind")?,
                        )
                    }
                    (4, ::oneloop::thrift::Kind::String) => {
                        Self::Id(::oneloop::thrift::Value::read(input).at("Kind", "id")?)
                    }
                    (id, kind) => {
                        input.skip(kind)?;
                        Self::Unknown_ { id }
                    }
                },
            );
        }
        input.end_struct(fields);
        member
            .ok_or_else(|| ::oneloop::thrift::ProtocolError::new(
                ::oneloop::thrift::ProtocolErrorKind::InvalidData,
                "no member of union Kind",
            ))
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        match self {
            Self::Unknown(value) => {
                output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
                value.write(output)?;
            }
            Self::Self_(value) => {
                output.field(&mut fields, 2, ::oneloop::thrift::Kind::String);
                value.write(output)?;
            }
            Self::Kind(value) => {
                output.field(&mut fields, 3, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            Self::Id(value) => {
                output.field(&mut fields, 4, ::oneloop::thrift::Kind::String);
                value.write(output)?;
            }
            Self::Unknown_ { id } => {
                return ::std::result::Result::Err(
                    ::oneloop::thrift::ProtocolError::new(
                        ::oneloop::thrift::ProtocolErrorKind::InvalidData,
                        format!(
                            "member {id} of union Kind is unknown here and cannot be written"
                        ),
                    ),
                );
            }
        }
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Send(pub i32);

impl Send {
    pub const MEMBERS: Self = Self(0);
    pub const NAME: Self = Self(1);
    pub const SELF: Self = Self(2);
    pub const NAME_: Self = Self(3);

    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS_: &'static [Self] = &[
        Self::MEMBERS,
        Self::NAME,
        Self::SELF,
        Self::NAME_,
    ];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> ::std::option::Option<&'static str> {
        match self {
            Self::MEMBERS => ::std::option::Option::Some("MEMBERS"),
            Self::NAME => ::std::option::Option::Some("name"),
            Self::SELF => ::std::option::Option::Some("Self"),
            Self::NAME_ => ::std::option::Option::Some("NAME_"),
            _ => ::std::option::Option::None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for Send {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            ::std::option::Option::Some(name) => f.write_str(name),
            ::std::option::Option::None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl ::std::convert::From<i32> for Send {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl ::oneloop::thrift::Value for Send {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::I32;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        ::std::result::Result::Ok(Self(input.i32()?))
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        output.i32(self.0);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoneOf(pub i32);

impl NoneOf {
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> ::std::option::Option<&'static str> {
        ::std::option::Option::None
    }
}

/// The name, or the number if it has none.
impl fmt::Display for NoneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            ::std::option::Option::Some(name) => f.write_str(name),
            ::std::option::Option::None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl ::std::convert::From<i32> for NoneOf {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl ::oneloop::thrift::Value for NoneOf {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::I32;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        ::std::result::Result::Ok(Self(input.i32()?))
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        output.i32(self.0);
        ::std::result::Result::Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Error {
    pub message: ::std::string::String,
}

impl ::oneloop::thrift::Value for Error {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            message: ::std::string::String::new(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::String) => {
                    this.message = ::oneloop::thrift::Value::read(input)
                        .at("Error", "message")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::String);
        self.message.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Display {
    pub message: ::std::string::String,
}

impl ::oneloop::thrift::Value for Display {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut this = Self {
            message: ::std::string::String::new(),
        };
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::String) => {
                    this.message = ::oneloop::thrift::Value::read(input)
                        .at("Display", "Message")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(this)
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::String);
        self.message.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

impl fmt::Display for Display {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Display {}

pub const COPY: i32 = 1;
pub const _1: i32 = 5;

pub static __2: ::std::sync::LazyLock<::std::vec::Vec<i32>> = ::std::sync::LazyLock::new(||
vec![_1]);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Numbered {
    pub n_1: i32,
    pub n_2: ::std::string::String,
}

impl ::std::default::Default for Numbered {
    fn default() -> Self {
        Self {
            n_1: 1,
            n_2: ::std::string::String::new(),
        }
    }
}

impl ::oneloop::thrift::Value for Numbered {
    const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

    fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
        input: &mut R_,
    ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
        let mut n_1 = ::std::option::Option::None;
        let mut n_2 = ::std::option::Option::None;
        let mut fields = input.begin_struct()?;
        while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, ::oneloop::thrift::Kind::I32) => {
                    n_1 = ::std::option::Option::Some(
                        ::oneloop::thrift::Value::read(input).at("Numbered", "_1")?,
                    );
                }
                (2, ::oneloop::thrift::Kind::String) => {
                    n_2 = ::std::option::Option::Some(
                        ::oneloop::thrift::Value::read(input).at("Numbered", "__2")?,
                    );
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        ::std::result::Result::Ok(Self {
            n_1: n_1
                .ok_or_else(|| ::oneloop::thrift::ProtocolError::missing(
                    "Numbered",
                    "_1",
                ))?,
            n_2: n_2
                .ok_or_else(|| ::oneloop::thrift::ProtocolError::missing(
                    "Numbered",
                    "__2",
                ))?,
        })
    }

    fn write<W_: ::oneloop::thrift::Write>(
        &self,
        output: &mut W_,
    ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
        self.n_1.write(output)?;
        output.field(&mut fields, 2, ::oneloop::thrift::Kind::String);
        self.n_2.write(output)?;
        output.end_struct(fields);
        ::std::result::Result::Ok(())
    }
}

pub static TYPE: ::std::sync::LazyLock<::std::vec::Vec<Result>> = ::std::sync::LazyLock::new(||
{
    vec![
        Result { r#type : ::std::option::Option::Some(1), r :
        ::std::string::String::from("x"), r#fn : 7, }
    ]
});

pub static MAP: ::std::sync::LazyLock<
    ::std::collections::BTreeMap<::std::string::String, String>,
> = ::std::sync::LazyLock::new(|| ::std::collections::BTreeMap::from([
    (
        ::std::string::String::from("a"),
        String {
            string: ::std::string::String::from("b"),
            message: ::std::option::Option::None,
        },
    ),
]));

/// What serves `Evil`: the application's state.
pub trait Evil: ::std::marker::Sized + 'static {
    #[allow(clippy::new_ret_no_self, clippy::wrong_self_convention)]
    fn new(
        cx_: &mut ::oneloop::Context<'_, Self>,
        result: Result,
        cx: i32,
        cx2: i32,
        s: S,
    ) -> ::oneloop::thrift::Answer<Result, evil_methods::NewException>;

    fn caller(
        cx: &mut ::oneloop::Context<'_, Self>,
        option: Option,
    ) -> ::oneloop::thrift::Answer<Option>;

    fn call(
        cx: &mut ::oneloop::Context<'_, Self>,
        call: ::std::string::String,
        name: ::std::vec::Vec<u8>,
    ) -> ::oneloop::thrift::Answer<::std::string::String>;

    fn r#match(
        cx: &mut ::oneloop::Context<'_, Self>,
        self_: i32,
        arguments: i32,
    ) -> ::oneloop::thrift::Answer<i32>;

    fn value(
        cx: &mut ::oneloop::Context<'_, Self>,
        value: ::std::vec::Vec<Vec>,
    ) -> ::oneloop::thrift::Answer<Vec>;

    fn process(
        cx_: &mut ::oneloop::Context<'_, Self>,
        cx: Context,
    ) -> ::oneloop::thrift::Answer<()>;

    fn default(
        cx: &mut ::oneloop::Context<'_, Self>,
    ) -> ::oneloop::thrift::Answer<Default>;

    fn clone(cx: &mut ::oneloop::Context<'_, Self>) -> ::oneloop::thrift::Answer<Clone>;

    fn numbered(
        cx: &mut ::oneloop::Context<'_, Self>,
        n_1: i32,
        n_2: Numbered,
    ) -> ::oneloop::thrift::Answer<i32>;

    fn answer(
        cx: &mut ::oneloop::Context<'_, Self>,
        answer: Answer,
    ) -> ::oneloop::thrift::Answer<()>;

    fn method(
        cx: &mut ::oneloop::Context<'_, Self>,
        send: Send,
    ) -> ::oneloop::thrift::Answer<Send>;
}

/// [`Evil`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait EvilNull_: ::std::marker::Sized + 'static {
    #[allow(clippy::new_ret_no_self, clippy::wrong_self_convention)]
    fn new(
        cx_: &mut ::oneloop::Context<'_, Self>,
        result: Result,
        cx: i32,
        cx2: i32,
        s: S,
    ) -> ::oneloop::thrift::Answer<Result, evil_methods::NewException> {
        let _ = (cx_, result, cx, cx2, s);
        ::oneloop::thrift::Answer::Value(Result::default())
    }

    fn caller(
        cx: &mut ::oneloop::Context<'_, Self>,
        option: Option,
    ) -> ::oneloop::thrift::Answer<Option> {
        let _ = (cx, option);
        ::oneloop::thrift::Answer::Value(Option::default())
    }

    fn call(
        cx: &mut ::oneloop::Context<'_, Self>,
        call: ::std::string::String,
        name: ::std::vec::Vec<u8>,
    ) -> ::oneloop::thrift::Answer<::std::string::String> {
        let _ = (cx, call, name);
        ::oneloop::thrift::Answer::Value(::std::string::String::new())
    }

    fn r#match(
        cx: &mut ::oneloop::Context<'_, Self>,
        self_: i32,
        arguments: i32,
    ) -> ::oneloop::thrift::Answer<i32> {
        let _ = (cx, self_, arguments);
        ::oneloop::thrift::Answer::Value(0)
    }

    fn value(
        cx: &mut ::oneloop::Context<'_, Self>,
        value: ::std::vec::Vec<Vec>,
    ) -> ::oneloop::thrift::Answer<Vec> {
        let _ = (cx, value);
        ::oneloop::thrift::Answer::Value(Vec::default())
    }

    fn process(
        cx_: &mut ::oneloop::Context<'_, Self>,
        cx: Context,
    ) -> ::oneloop::thrift::Answer<()> {
        let _ = (cx_, cx);
        ::oneloop::thrift::Answer::Value(())
    }

    fn default(
        cx: &mut ::oneloop::Context<'_, Self>,
    ) -> ::oneloop::thrift::Answer<Default> {
        let _ = cx;
        ::oneloop::thrift::Answer::Value(Default::default())
    }

    fn clone(cx: &mut ::oneloop::Context<'_, Self>) -> ::oneloop::thrift::Answer<Clone> {
        let _ = cx;
        ::oneloop::thrift::Answer::Value(Clone::default())
    }

    fn numbered(
        cx: &mut ::oneloop::Context<'_, Self>,
        n_1: i32,
        n_2: Numbered,
    ) -> ::oneloop::thrift::Answer<i32> {
        let _ = (cx, n_1, n_2);
        ::oneloop::thrift::Answer::Value(0)
    }

    fn answer(
        cx: &mut ::oneloop::Context<'_, Self>,
        answer: Answer,
    ) -> ::oneloop::thrift::Answer<()> {
        let _ = (cx, answer);
        ::oneloop::thrift::Answer::Value(())
    }

    fn method(
        cx: &mut ::oneloop::Context<'_, Self>,
        send: Send,
    ) -> ::oneloop::thrift::Answer<Send> {
        let _ = (cx, send);
        ::oneloop::thrift::Answer::Value(Send::default())
    }
}

impl<S_: EvilNull_> Evil for S_ {
    #[allow(clippy::new_ret_no_self, clippy::wrong_self_convention)]
    fn new(
        cx_: &mut ::oneloop::Context<'_, Self>,
        result: Result,
        cx: i32,
        cx2: i32,
        s: S,
    ) -> ::oneloop::thrift::Answer<Result, evil_methods::NewException> {
        <Self as EvilNull_>::new(cx_, result, cx, cx2, s)
    }

    fn caller(
        cx: &mut ::oneloop::Context<'_, Self>,
        option: Option,
    ) -> ::oneloop::thrift::Answer<Option> {
        <Self as EvilNull_>::caller(cx, option)
    }

    fn call(
        cx: &mut ::oneloop::Context<'_, Self>,
        call: ::std::string::String,
        name: ::std::vec::Vec<u8>,
    ) -> ::oneloop::thrift::Answer<::std::string::String> {
        <Self as EvilNull_>::call(cx, call, name)
    }

    fn r#match(
        cx: &mut ::oneloop::Context<'_, Self>,
        self_: i32,
        arguments: i32,
    ) -> ::oneloop::thrift::Answer<i32> {
        <Self as EvilNull_>::r#match(cx, self_, arguments)
    }

    fn value(
        cx: &mut ::oneloop::Context<'_, Self>,
        value: ::std::vec::Vec<Vec>,
    ) -> ::oneloop::thrift::Answer<Vec> {
        <Self as EvilNull_>::value(cx, value)
    }

    fn process(
        cx_: &mut ::oneloop::Context<'_, Self>,
        cx: Context,
    ) -> ::oneloop::thrift::Answer<()> {
        <Self as EvilNull_>::process(cx_, cx)
    }

    fn default(
        cx: &mut ::oneloop::Context<'_, Self>,
    ) -> ::oneloop::thrift::Answer<Default> {
        <Self as EvilNull_>::default(cx)
    }

    fn clone(cx: &mut ::oneloop::Context<'_, Self>) -> ::oneloop::thrift::Answer<Clone> {
        <Self as EvilNull_>::clone(cx)
    }

    fn numbered(
        cx: &mut ::oneloop::Context<'_, Self>,
        n_1: i32,
        n_2: Numbered,
    ) -> ::oneloop::thrift::Answer<i32> {
        <Self as EvilNull_>::numbered(cx, n_1, n_2)
    }

    fn answer(
        cx: &mut ::oneloop::Context<'_, Self>,
        answer: Answer,
    ) -> ::oneloop::thrift::Answer<()> {
        <Self as EvilNull_>::answer(cx, answer)
    }

    fn method(
        cx: &mut ::oneloop::Context<'_, Self>,
        send: Send,
    ) -> ::oneloop::thrift::Answer<Send> {
        <Self as EvilNull_>::method(cx, send)
    }
}

/// Finds the methods of `Evil` by their names.
pub struct EvilProcessor_<S_>(::std::marker::PhantomData<fn(S_)>);

impl<S_: Evil> ::oneloop::thrift::Process<S_> for EvilProcessor_<S_> {
    const SHARES: bool = false;

    fn process<P_: ::oneloop::thrift::Protocol>(
        call: &mut ::oneloop::thrift::Incoming<'_, '_, S_, P_>,
    ) -> oneloop::Result<::oneloop::thrift::Served> {
        use evil_methods as methods;
        match call.name() {
            b"new" => {
                call.serve::<methods::New>(|cx_, arguments| {
                    let methods::NewArguments { result, cx, cx2, s } = arguments;
                    S_::new(cx_, result, cx, cx2, s)
                })
            }
            b"caller" => {
                call.serve::<methods::Caller>(|cx, arguments| {
                    let methods::CallerArguments { option } = arguments;
                    S_::caller(cx, option)
                })
            }
            b"call" => {
                call.serve::<methods::Call>(|cx, arguments| {
                    let methods::CallArguments { call, name } = arguments;
                    S_::call(cx, call, name)
                })
            }
            b"match" => {
                call.serve::<methods::Match>(|cx, arguments| {
                    let methods::MatchArguments { self_, arguments } = arguments;
                    S_::r#match(cx, self_, arguments)
                })
            }
            b"value" => {
                call.serve::<methods::Value>(|cx, arguments| {
                    let methods::ValueArguments { value } = arguments;
                    S_::value(cx, value)
                })
            }
            b"process" => {
                call.serve::<methods::Process>(|cx_, arguments| {
                    let methods::ProcessArguments { cx } = arguments;
                    S_::process(cx_, cx)
                })
            }
            b"default" => call.serve::<methods::Default>(|cx, _| S_::default(cx)),
            b"clone" => call.serve::<methods::Clone>(|cx, _| S_::clone(cx)),
            b"numbered" => {
                call.serve::<methods::Numbered>(|cx, arguments| {
                    let methods::NumberedArguments { n_1, n_2 } = arguments;
                    S_::numbered(cx, n_1, n_2)
                })
            }
            b"answer" => {
                call.serve::<methods::Answer>(|cx, arguments| {
                    let methods::AnswerArguments { answer } = arguments;
                    S_::answer(cx, answer)
                })
            }
            b"method" => {
                call.serve::<methods::Method>(|cx, arguments| {
                    let methods::MethodArguments { send } = arguments;
                    S_::method(cx, send)
                })
            }
            _ => call.unknown(),
        }
    }
}

/// Serves `Evil` to the links of a listener.
pub fn evil_processor<S_: Evil>() -> ::oneloop::thrift::Processor<S_> {
    ::oneloop::thrift::Processor::of::<EvilProcessor_<S_>>()
}

/// Calls `Evil` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct EvilClient_ {
    caller: ::oneloop::thrift::Caller,
}

impl EvilClient_ {
    /// A client that calls by way of this caller.
    pub fn new_(caller: ::oneloop::thrift::Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller_(&self) -> &::oneloop::thrift::Caller {
        &self.caller
    }

    #[allow(clippy::new_ret_no_self, clippy::wrong_self_convention)]
    pub fn new<S_: 'static>(
        &self,
        cx_: &mut ::oneloop::Context<'_, S_>,
        result: Result,
        cx: i32,
        cx2: i32,
        s: S,
    ) -> ::oneloop::Deferred<::std::result::Result<Result, evil_methods::NewException>> {
        let arguments = evil_methods::NewArguments {
            result,
            cx,
            cx2,
            s,
        };
        self.caller.call_catching::<evil_methods::New, S_>(cx_, arguments)
    }

    pub fn caller<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
        option: Option,
    ) -> ::oneloop::Deferred<Option> {
        let arguments = evil_methods::CallerArguments {
            option,
        };
        self.caller.call::<evil_methods::Caller, S_>(cx, arguments)
    }

    pub fn call<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
        call: ::std::string::String,
        name: ::std::vec::Vec<u8>,
    ) -> ::oneloop::Deferred<::std::string::String> {
        let arguments = evil_methods::CallArguments {
            call,
            name,
        };
        self.caller.call::<evil_methods::Call, S_>(cx, arguments)
    }

    pub fn r#match<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
        self_: i32,
        arguments: i32,
    ) -> ::oneloop::Deferred<i32> {
        let arguments_ = evil_methods::MatchArguments {
            self_,
            arguments,
        };
        self.caller.call::<evil_methods::Match, S_>(cx, arguments_)
    }

    pub fn value<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
        value: ::std::vec::Vec<Vec>,
    ) -> ::oneloop::Deferred<Vec> {
        let arguments = evil_methods::ValueArguments {
            value,
        };
        self.caller.call::<evil_methods::Value, S_>(cx, arguments)
    }

    pub fn process<S_: 'static>(
        &self,
        cx_: &mut ::oneloop::Context<'_, S_>,
        cx: Context,
    ) -> ::oneloop::Deferred<()> {
        let arguments = evil_methods::ProcessArguments {
            cx,
        };
        self.caller.call::<evil_methods::Process, S_>(cx_, arguments)
    }

    #[allow(clippy::should_implement_trait)]
    pub fn default<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
    ) -> ::oneloop::Deferred<Default> {
        let arguments = evil_methods::DefaultArguments {};
        self.caller.call::<evil_methods::Default, S_>(cx, arguments)
    }

    #[allow(clippy::should_implement_trait)]
    pub fn clone<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
    ) -> ::oneloop::Deferred<Clone> {
        let arguments = evil_methods::CloneArguments {};
        self.caller.call::<evil_methods::Clone, S_>(cx, arguments)
    }

    pub fn numbered<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
        n_1: i32,
        n_2: Numbered,
    ) -> ::oneloop::Deferred<i32> {
        let arguments = evil_methods::NumberedArguments {
            n_1,
            n_2,
        };
        self.caller.call::<evil_methods::Numbered, S_>(cx, arguments)
    }

    pub fn answer<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
        answer: Answer,
    ) -> oneloop::Result<()> {
        let arguments = evil_methods::AnswerArguments {
            answer,
        };
        self.caller.send::<evil_methods::Answer, S_>(cx, arguments)
    }

    pub fn method<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
        send: Send,
    ) -> ::oneloop::Deferred<Send> {
        let arguments = evil_methods::MethodArguments {
            send,
        };
        self.caller.call::<evil_methods::Method, S_>(cx, arguments)
    }
}

/// Calls `Evil` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct EvilBlocking<T_ = std::net::TcpStream> {
    /// What it calls by.
    pub caller: ::oneloop::thrift::BlockingCaller<T_>,
}

impl<T_: std::io::Read + std::io::Write> EvilBlocking<T_> {
    /// A client that calls by way of this caller.
    pub fn new_(caller: ::oneloop::thrift::BlockingCaller<T_>) -> Self {
        Self { caller }
    }

    #[allow(clippy::new_ret_no_self, clippy::wrong_self_convention)]
    pub fn new(
        &mut self,
        result: Result,
        cx: i32,
        cx2: i32,
        s: S,
    ) -> ::std::result::Result<
        Result,
        ::oneloop::thrift::CallError<evil_methods::NewException>,
    > {
        let arguments = evil_methods::NewArguments {
            result,
            cx,
            cx2,
            s,
        };
        self.caller.call::<evil_methods::New>(arguments)
    }

    pub fn caller(
        &mut self,
        option: Option,
    ) -> ::std::result::Result<
        Option,
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::CallerArguments {
            option,
        };
        self.caller.call::<evil_methods::Caller>(arguments)
    }

    pub fn call(
        &mut self,
        call: ::std::string::String,
        name: ::std::vec::Vec<u8>,
    ) -> ::std::result::Result<
        ::std::string::String,
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::CallArguments {
            call,
            name,
        };
        self.caller.call::<evil_methods::Call>(arguments)
    }

    pub fn r#match(
        &mut self,
        self_: i32,
        arguments: i32,
    ) -> ::std::result::Result<
        i32,
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments_ = evil_methods::MatchArguments {
            self_,
            arguments,
        };
        self.caller.call::<evil_methods::Match>(arguments_)
    }

    pub fn value(
        &mut self,
        value: ::std::vec::Vec<Vec>,
    ) -> ::std::result::Result<
        Vec,
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::ValueArguments {
            value,
        };
        self.caller.call::<evil_methods::Value>(arguments)
    }

    pub fn process(
        &mut self,
        cx: Context,
    ) -> ::std::result::Result<
        (),
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::ProcessArguments {
            cx,
        };
        self.caller.call::<evil_methods::Process>(arguments)
    }

    #[allow(clippy::should_implement_trait)]
    pub fn default(
        &mut self,
    ) -> ::std::result::Result<
        Default,
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::DefaultArguments {};
        self.caller.call::<evil_methods::Default>(arguments)
    }

    #[allow(clippy::should_implement_trait)]
    pub fn clone(
        &mut self,
    ) -> ::std::result::Result<
        Clone,
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::CloneArguments {};
        self.caller.call::<evil_methods::Clone>(arguments)
    }

    pub fn numbered(
        &mut self,
        n_1: i32,
        n_2: Numbered,
    ) -> ::std::result::Result<
        i32,
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::NumberedArguments {
            n_1,
            n_2,
        };
        self.caller.call::<evil_methods::Numbered>(arguments)
    }

    pub fn answer(
        &mut self,
        answer: Answer,
    ) -> ::std::result::Result<
        (),
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::AnswerArguments {
            answer,
        };
        self.caller.send::<evil_methods::Answer>(arguments)
    }

    pub fn method(
        &mut self,
        send: Send,
    ) -> ::std::result::Result<
        Send,
        ::oneloop::thrift::CallError<::oneloop::thrift::NoException>,
    > {
        let arguments = evil_methods::MethodArguments {
            send,
        };
        self.caller.call::<evil_methods::Method>(arguments)
    }
}

/// The methods of `Evil`: their arguments, results and exceptions.
pub mod evil_methods {
    use std::fmt;
    #[allow(unused_imports)]
    use std::clone::Clone as _;
    #[allow(unused_imports)]
    use std::convert::From as _;
    #[allow(unused_imports)]
    use std::default::Default as _;

    use oneloop::thrift::Locate as _;

    /// `Evil.new`
    #[derive(Clone, Copy, Debug)]
    pub struct New;

    impl ::oneloop::thrift::Method for New {
        const NAME: &'static str = "new";
        const FULL_NAME: &'static str = "Evil.new";
        const ONEWAY: bool = false;
        type Arguments = NewArguments;
        type Output = super::Result;
        type Exception = NewException;
        type Result = NewResult;

        fn outcome(
            result: NewResult,
        ) -> ::std::option::Option<::std::result::Result<super::Result, NewException>> {
            if let ::std::option::Option::Some(exception) = result.error {
                return ::std::option::Option::Some(
                    ::std::result::Result::Err(NewException::Error(exception)),
                );
            }
            if let ::std::option::Option::Some(exception) = result.success_ {
                return ::std::option::Option::Some(
                    ::std::result::Result::Err(NewException::Success(exception)),
                );
            }
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`New`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct NewArguments {
        pub result: super::Result,
        pub cx: i32,
        pub cx2: i32,
        pub s: super::S,
    }

    impl ::oneloop::thrift::Value for NewArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                result: super::Result::default(),
                cx: 0,
                cx2: 0,
                s: super::S::default(),
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::Struct) => {
                        this.result = ::oneloop::thrift::Value::read(input)
                            .at("Evil.new", "result")?;
                    }
                    (2, ::oneloop::thrift::Kind::I32) => {
                        this.cx = ::oneloop::thrift::Value::read(input)
                            .at("Evil.new", "cx")?;
                    }
                    (3, ::oneloop::thrift::Kind::I32) => {
                        this.cx2 = ::oneloop::thrift::Value::read(input)
                            .at("Evil.new", "cx2")?;
                    }
                    (4, ::oneloop::thrift::Kind::Struct) => {
                        this.s = ::oneloop::thrift::Value::read(input)
                            .at("Evil.new", "s")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
            self.result.write(output)?;
            output.field(&mut fields, 2, ::oneloop::thrift::Kind::I32);
            self.cx.write(output)?;
            output.field(&mut fields, 3, ::oneloop::thrift::Kind::I32);
            self.cx2.write(output)?;
            output.field(&mut fields, 4, ::oneloop::thrift::Kind::Struct);
            self.s.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`New`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct NewResult {
        pub success: ::std::option::Option<super::Result>,
        pub error: ::std::option::Option<super::Error>,
        pub success_: ::std::option::Option<super::Display>,
    }

    impl ::oneloop::thrift::Value for NewResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
                error: ::std::option::Option::None,
                success_: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::Struct) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.new", "success")?,
                        );
                    }
                    (1, ::oneloop::thrift::Kind::Struct) => {
                        this.error = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.new", "error")?,
                        );
                    }
                    (2, ::oneloop::thrift::Kind::Struct) => {
                        this.success_ = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.new", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            if let ::std::option::Option::Some(value) = &self.error {
                output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            if let ::std::option::Option::Some(value) = &self.success_ {
                output.field(&mut fields, 2, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<::std::result::Result<super::Result, NewException>>
    for NewResult {
        fn from(outcome: ::std::result::Result<super::Result, NewException>) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                        ..Self::default()
                    }
                }
                ::std::result::Result::Err(NewException::Error(exception)) => {
                    Self {
                        error: ::std::option::Option::Some(exception),
                        ..Self::default()
                    }
                }
                ::std::result::Result::Err(NewException::Success(exception)) => {
                    Self {
                        success_: ::std::option::Option::Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`New`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum NewException {
        Error(super::Error),
        Success(super::Display),
    }

    impl fmt::Display for NewException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Error(exception) => fmt::Display::fmt(exception, f),
                Self::Success(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for NewException {}

    impl ::std::convert::From<super::Error> for NewException {
        fn from(exception: super::Error) -> Self {
            Self::Error(exception)
        }
    }

    impl ::std::convert::From<super::Display> for NewException {
        fn from(exception: super::Display) -> Self {
            Self::Success(exception)
        }
    }

    /// `Evil.caller`
    #[derive(Clone, Copy, Debug)]
    pub struct Caller;

    impl ::oneloop::thrift::Method for Caller {
        const NAME: &'static str = "caller";
        const FULL_NAME: &'static str = "Evil.caller";
        const ONEWAY: bool = false;
        type Arguments = CallerArguments;
        type Output = super::Option;
        type Exception = ::oneloop::thrift::NoException;
        type Result = CallerResult;

        fn outcome(
            result: CallerResult,
        ) -> ::std::option::Option<
            ::std::result::Result<super::Option, ::oneloop::thrift::NoException>,
        > {
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`Caller`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct CallerArguments {
        pub option: super::Option,
    }

    impl ::oneloop::thrift::Value for CallerArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                option: super::Option::default(),
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::Struct) => {
                        this.option = ::oneloop::thrift::Value::read(input)
                            .at("Evil.caller", "option")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
            self.option.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Caller`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallerResult {
        pub success: ::std::option::Option<super::Option>,
    }

    impl ::oneloop::thrift::Value for CallerResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::Struct) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.caller", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<
        ::std::result::Result<super::Option, ::oneloop::thrift::NoException>,
    > for CallerResult {
        fn from(
            outcome: ::std::result::Result<super::Option, ::oneloop::thrift::NoException>,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                    }
                }
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.call`
    #[derive(Clone, Copy, Debug)]
    pub struct Call;

    impl ::oneloop::thrift::Method for Call {
        const NAME: &'static str = "call";
        const FULL_NAME: &'static str = "Evil.call";
        const ONEWAY: bool = false;
        type Arguments = CallArguments;
        type Output = ::std::string::String;
        type Exception = ::oneloop::thrift::NoException;
        type Result = CallResult;

        fn outcome(
            result: CallResult,
        ) -> ::std::option::Option<
            ::std::result::Result<::std::string::String, ::oneloop::thrift::NoException>,
        > {
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`Call`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct CallArguments {
        pub call: ::std::string::String,
        pub name: ::std::vec::Vec<u8>,
    }

    impl ::oneloop::thrift::Value for CallArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                call: ::std::string::String::new(),
                name: ::std::vec::Vec::new(),
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::String) => {
                        this.call = ::oneloop::thrift::Value::read(input)
                            .at("Evil.call", "call")?;
                    }
                    (2, ::oneloop::thrift::Kind::String) => {
                        this.name = ::oneloop::thrift::Value::read(input)
                            .at("Evil.call", "name")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::String);
            self.call.write(output)?;
            output.field(&mut fields, 2, ::oneloop::thrift::Kind::String);
            self.name.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Call`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallResult {
        pub success: ::std::option::Option<::std::string::String>,
    }

    impl ::oneloop::thrift::Value for CallResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::String) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.call", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<
        ::std::result::Result<::std::string::String, ::oneloop::thrift::NoException>,
    > for CallResult {
        fn from(
            outcome: ::std::result::Result<
                ::std::string::String,
                ::oneloop::thrift::NoException,
            >,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                    }
                }
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.match`
    #[derive(Clone, Copy, Debug)]
    pub struct Match;

    impl ::oneloop::thrift::Method for Match {
        const NAME: &'static str = "match";
        const FULL_NAME: &'static str = "Evil.match";
        const ONEWAY: bool = false;
        type Arguments = MatchArguments;
        type Output = i32;
        type Exception = ::oneloop::thrift::NoException;
        type Result = MatchResult;

        fn outcome(
            result: MatchResult,
        ) -> ::std::option::Option<
            ::std::result::Result<i32, ::oneloop::thrift::NoException>,
        > {
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`Match`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct MatchArguments {
        pub self_: i32,
        pub arguments: i32,
    }

    impl ::oneloop::thrift::Value for MatchArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self { self_: 0, arguments: 0 };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::I32) => {
                        this.self_ = ::oneloop::thrift::Value::read(input)
                            .at("Evil.match", "self")?;
                    }
                    (2, ::oneloop::thrift::Kind::I32) => {
                        this.arguments = ::oneloop::thrift::Value::read(input)
                            .at("Evil.match", "arguments")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
            self.self_.write(output)?;
            output.field(&mut fields, 2, ::oneloop::thrift::Kind::I32);
            self.arguments.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Match`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct MatchResult {
        pub success: ::std::option::Option<i32>,
    }

    impl ::oneloop::thrift::Value for MatchResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::I32) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.match", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::I32);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<::std::result::Result<i32, ::oneloop::thrift::NoException>>
    for MatchResult {
        fn from(
            outcome: ::std::result::Result<i32, ::oneloop::thrift::NoException>,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                    }
                }
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.value`
    #[derive(Clone, Copy, Debug)]
    pub struct Value;

    impl ::oneloop::thrift::Method for Value {
        const NAME: &'static str = "value";
        const FULL_NAME: &'static str = "Evil.value";
        const ONEWAY: bool = false;
        type Arguments = ValueArguments;
        type Output = super::Vec;
        type Exception = ::oneloop::thrift::NoException;
        type Result = ValueResult;

        fn outcome(
            result: ValueResult,
        ) -> ::std::option::Option<
            ::std::result::Result<super::Vec, ::oneloop::thrift::NoException>,
        > {
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`Value`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct ValueArguments {
        pub value: ::std::vec::Vec<super::Vec>,
    }

    impl ::oneloop::thrift::Value for ValueArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                value: ::std::vec::Vec::new(),
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::List) => {
                        this.value = ::oneloop::thrift::Value::read(input)
                            .at("Evil.value", "value")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::List);
            self.value.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Value`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ValueResult {
        pub success: ::std::option::Option<super::Vec>,
    }

    impl ::oneloop::thrift::Value for ValueResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::Struct) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.value", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<
        ::std::result::Result<super::Vec, ::oneloop::thrift::NoException>,
    > for ValueResult {
        fn from(
            outcome: ::std::result::Result<super::Vec, ::oneloop::thrift::NoException>,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                    }
                }
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.process`
    #[derive(Clone, Copy, Debug)]
    pub struct Process;

    impl ::oneloop::thrift::Method for Process {
        const NAME: &'static str = "process";
        const FULL_NAME: &'static str = "Evil.process";
        const ONEWAY: bool = false;
        type Arguments = ProcessArguments;
        type Output = ();
        type Exception = ::oneloop::thrift::NoException;
        type Result = ProcessResult;

        fn outcome(
            _: ProcessResult,
        ) -> ::std::option::Option<
            ::std::result::Result<(), ::oneloop::thrift::NoException>,
        > {
            ::std::option::Option::Some(::std::result::Result::Ok(()))
        }
    }

    /// The arguments of [`Process`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct ProcessArguments {
        pub cx: super::Context,
    }

    impl ::oneloop::thrift::Value for ProcessArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                cx: super::Context::default(),
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::Struct) => {
                        this.cx = ::oneloop::thrift::Value::read(input)
                            .at("Evil.process", "cx")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
            self.cx.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Process`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ProcessResult {}

    impl ::oneloop::thrift::Value for ProcessResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(Self {})
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<::std::result::Result<(), ::oneloop::thrift::NoException>>
    for ProcessResult {
        fn from(
            outcome: ::std::result::Result<(), ::oneloop::thrift::NoException>,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(()) => Self {},
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.default`
    #[derive(Clone, Copy, Debug)]
    pub struct Default;

    impl ::oneloop::thrift::Method for Default {
        const NAME: &'static str = "default";
        const FULL_NAME: &'static str = "Evil.default";
        const ONEWAY: bool = false;
        type Arguments = DefaultArguments;
        type Output = super::Default;
        type Exception = ::oneloop::thrift::NoException;
        type Result = DefaultResult;

        fn outcome(
            result: DefaultResult,
        ) -> ::std::option::Option<
            ::std::result::Result<super::Default, ::oneloop::thrift::NoException>,
        > {
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`Default`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct DefaultArguments {}

    impl ::oneloop::thrift::Value for DefaultArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(Self {})
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Default`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DefaultResult {
        pub success: ::std::option::Option<super::Default>,
    }

    impl ::oneloop::thrift::Value for DefaultResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::Struct) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.default", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<
        ::std::result::Result<super::Default, ::oneloop::thrift::NoException>,
    > for DefaultResult {
        fn from(
            outcome: ::std::result::Result<
                super::Default,
                ::oneloop::thrift::NoException,
            >,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                    }
                }
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.clone`
    #[derive(Clone, Copy, Debug)]
    pub struct Clone;

    impl ::oneloop::thrift::Method for Clone {
        const NAME: &'static str = "clone";
        const FULL_NAME: &'static str = "Evil.clone";
        const ONEWAY: bool = false;
        type Arguments = CloneArguments;
        type Output = super::Clone;
        type Exception = ::oneloop::thrift::NoException;
        type Result = CloneResult;

        fn outcome(
            result: CloneResult,
        ) -> ::std::option::Option<
            ::std::result::Result<super::Clone, ::oneloop::thrift::NoException>,
        > {
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`Clone`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct CloneArguments {}

    impl ::oneloop::thrift::Value for CloneArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(Self {})
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Clone`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CloneResult {
        pub success: ::std::option::Option<super::Clone>,
    }

    impl ::oneloop::thrift::Value for CloneResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::Struct) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.clone", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<
        ::std::result::Result<super::Clone, ::oneloop::thrift::NoException>,
    > for CloneResult {
        fn from(
            outcome: ::std::result::Result<super::Clone, ::oneloop::thrift::NoException>,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                    }
                }
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.numbered`
    #[derive(Clone, Copy, Debug)]
    pub struct Numbered;

    impl ::oneloop::thrift::Method for Numbered {
        const NAME: &'static str = "numbered";
        const FULL_NAME: &'static str = "Evil.numbered";
        const ONEWAY: bool = false;
        type Arguments = NumberedArguments;
        type Output = i32;
        type Exception = ::oneloop::thrift::NoException;
        type Result = NumberedResult;

        fn outcome(
            result: NumberedResult,
        ) -> ::std::option::Option<
            ::std::result::Result<i32, ::oneloop::thrift::NoException>,
        > {
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`Numbered`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct NumberedArguments {
        pub n_1: i32,
        pub n_2: super::Numbered,
    }

    impl ::oneloop::thrift::Value for NumberedArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut n_1 = 0;
            let mut n_2 = ::std::option::Option::None;
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::I32) => {
                        n_1 = ::oneloop::thrift::Value::read(input)
                            .at("Evil.numbered", "_1")?;
                    }
                    (2, ::oneloop::thrift::Kind::Struct) => {
                        n_2 = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.numbered", "__2")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(Self {
                n_1,
                n_2: n_2
                    .ok_or_else(|| ::oneloop::thrift::ProtocolError::missing(
                        "Evil.numbered",
                        "__2",
                    ))?,
            })
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
            self.n_1.write(output)?;
            output.field(&mut fields, 2, ::oneloop::thrift::Kind::Struct);
            self.n_2.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Numbered`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct NumberedResult {
        pub success: ::std::option::Option<i32>,
    }

    impl ::oneloop::thrift::Value for NumberedResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::I32) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.numbered", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::I32);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<::std::result::Result<i32, ::oneloop::thrift::NoException>>
    for NumberedResult {
        fn from(
            outcome: ::std::result::Result<i32, ::oneloop::thrift::NoException>,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                    }
                }
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.answer`
    #[derive(Clone, Copy, Debug)]
    pub struct Answer;

    impl ::oneloop::thrift::Method for Answer {
        const NAME: &'static str = "answer";
        const FULL_NAME: &'static str = "Evil.answer";
        const ONEWAY: bool = true;
        type Arguments = AnswerArguments;
        type Output = ();
        type Exception = ::oneloop::thrift::NoException;
        type Result = AnswerResult;

        fn outcome(
            _: AnswerResult,
        ) -> ::std::option::Option<
            ::std::result::Result<(), ::oneloop::thrift::NoException>,
        > {
            ::std::option::Option::Some(::std::result::Result::Ok(()))
        }
    }

    /// The arguments of [`Answer`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct AnswerArguments {
        pub answer: super::Answer,
    }

    impl ::oneloop::thrift::Value for AnswerArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                answer: super::Answer::default(),
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::Struct) => {
                        this.answer = ::oneloop::thrift::Value::read(input)
                            .at("Evil.answer", "answer")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
            self.answer.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Answer`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct AnswerResult {}

    impl ::oneloop::thrift::Value for AnswerResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(Self {})
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<::std::result::Result<(), ::oneloop::thrift::NoException>>
    for AnswerResult {
        fn from(
            outcome: ::std::result::Result<(), ::oneloop::thrift::NoException>,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(()) => Self {},
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }

    /// `Evil.method`
    #[derive(Clone, Copy, Debug)]
    pub struct Method;

    impl ::oneloop::thrift::Method for Method {
        const NAME: &'static str = "method";
        const FULL_NAME: &'static str = "Evil.method";
        const ONEWAY: bool = false;
        type Arguments = MethodArguments;
        type Output = super::Send;
        type Exception = ::oneloop::thrift::NoException;
        type Result = MethodResult;

        fn outcome(
            result: MethodResult,
        ) -> ::std::option::Option<
            ::std::result::Result<super::Send, ::oneloop::thrift::NoException>,
        > {
            result.success.map(::std::result::Result::Ok)
        }
    }

    /// The arguments of [`Method`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct MethodArguments {
        pub send: super::Send,
    }

    impl ::oneloop::thrift::Value for MethodArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                send: super::Send::default(),
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::I32) => {
                        this.send = ::oneloop::thrift::Value::read(input)
                            .at("Evil.method", "send")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, ::oneloop::thrift::Kind::I32);
            self.send.write(output)?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Method`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct MethodResult {
        pub success: ::std::option::Option<super::Send>,
    }

    impl ::oneloop::thrift::Value for MethodResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                success: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, ::oneloop::thrift::Kind::I32) => {
                        this.success = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input)
                                .at("Evil.method", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.success {
                output.field(&mut fields, 0, ::oneloop::thrift::Kind::I32);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<
        ::std::result::Result<super::Send, ::oneloop::thrift::NoException>,
    > for MethodResult {
        fn from(
            outcome: ::std::result::Result<super::Send, ::oneloop::thrift::NoException>,
        ) -> Self {
            match outcome {
                ::std::result::Result::Ok(value) => {
                    Self {
                        success: ::std::option::Option::Some(value),
                    }
                }
                ::std::result::Result::Err(never) => match never {}
            }
        }
    }
}

/// What serves `Worse`: the application's state.
pub trait Worse: Evil {
    fn worst(
        cx: &mut ::oneloop::Context<'_, Self>,
    ) -> ::oneloop::thrift::Answer<(), WorstException>;
}

/// [`Worse`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait WorseNull: Evil {
    fn worst(
        cx: &mut ::oneloop::Context<'_, Self>,
    ) -> ::oneloop::thrift::Answer<(), WorstException> {
        let _ = cx;
        ::oneloop::thrift::Answer::Value(())
    }
}

impl<S_: WorseNull> Worse for S_ {
    fn worst(
        cx: &mut ::oneloop::Context<'_, Self>,
    ) -> ::oneloop::thrift::Answer<(), WorstException> {
        <Self as WorseNull>::worst(cx)
    }
}

/// Finds the methods of `Worse` by their names.
pub struct WorseProcessor<S_>(::std::marker::PhantomData<fn(S_)>);

impl<S_: Worse> ::oneloop::thrift::Process<S_> for WorseProcessor<S_> {
    const SHARES: bool = <EvilProcessor_<S_> as ::oneloop::thrift::Process<S_>>::SHARES;

    fn process<P_: ::oneloop::thrift::Protocol>(
        call: &mut ::oneloop::thrift::Incoming<'_, '_, S_, P_>,
    ) -> oneloop::Result<::oneloop::thrift::Served> {
        use worse_methods as methods;
        match call.name() {
            b"worst" => call.serve::<methods::Worst>(|cx, _| S_::worst(cx)),
            _ => EvilProcessor_::<S_>::process(call),
        }
    }
}

/// Serves `Worse` to the links of a listener.
pub fn worse_processor<S_: Worse>() -> ::oneloop::thrift::Processor<S_> {
    ::oneloop::thrift::Processor::of::<WorseProcessor<S_>>()
}

/// Calls `Worse` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct WorseClient {
    caller: ::oneloop::thrift::Caller,
    parent: EvilClient_,
}

impl WorseClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: ::oneloop::thrift::Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: EvilClient_::new_(caller),
        }
    }

    pub fn worst<S_: 'static>(
        &self,
        cx: &mut ::oneloop::Context<'_, S_>,
    ) -> ::oneloop::Deferred<::std::result::Result<(), WorstException>> {
        let arguments = worse_methods::WorstArguments {};
        self.caller.call_catching::<worse_methods::Worst, S_>(cx, arguments)
    }
}

impl std::ops::Deref for WorseClient {
    type Target = EvilClient_;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `Worse` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct WorseBlocking<T_ = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: EvilBlocking<T_>,
}

impl<T_: std::io::Read + std::io::Write> WorseBlocking<T_> {
    /// A client that calls by way of this caller.
    pub fn new(caller: ::oneloop::thrift::BlockingCaller<T_>) -> Self {
        Self {
            parent: EvilBlocking::new_(caller),
        }
    }

    pub fn worst(
        &mut self,
    ) -> ::std::result::Result<(), ::oneloop::thrift::CallError<WorstException>> {
        let arguments = worse_methods::WorstArguments {};
        self.parent.caller.call::<worse_methods::Worst>(arguments)
    }
}

impl<T_> std::ops::Deref for WorseBlocking<T_> {
    type Target = EvilBlocking<T_>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T_> std::ops::DerefMut for WorseBlocking<T_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `Worse`: their arguments, results and exceptions.
pub mod worse_methods {
    use std::fmt;
    #[allow(unused_imports)]
    use std::clone::Clone as _;
    #[allow(unused_imports)]
    use std::convert::From as _;
    #[allow(unused_imports)]
    use std::default::Default as _;

    use oneloop::thrift::Locate as _;

    /// `Worse.worst`
    #[derive(Clone, Copy, Debug)]
    pub struct Worst;

    impl ::oneloop::thrift::Method for Worst {
        const NAME: &'static str = "worst";
        const FULL_NAME: &'static str = "Worse.worst";
        const ONEWAY: bool = false;
        type Arguments = WorstArguments;
        type Output = ();
        type Exception = WorstException;
        type Result = WorstResult;

        fn outcome(
            result: WorstResult,
        ) -> ::std::option::Option<::std::result::Result<(), WorstException>> {
            if let ::std::option::Option::Some(exception) = result.e {
                return ::std::option::Option::Some(
                    ::std::result::Result::Err(WorstException::E(exception)),
                );
            }
            ::std::option::Option::Some(::std::result::Result::Ok(()))
        }
    }

    /// The arguments of [`Worst`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct WorstArguments {}

    impl ::oneloop::thrift::Value for WorstArguments {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(Self {})
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    /// What a reply to [`Worst`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct WorstResult {
        pub e: ::std::option::Option<super::Error>,
    }

    impl ::oneloop::thrift::Value for WorstResult {
        const KIND: ::oneloop::thrift::Kind = ::oneloop::thrift::Kind::Struct;

        fn read<'a, R_: ::oneloop::thrift::Read<'a>>(
            input: &mut R_,
        ) -> ::std::result::Result<Self, ::oneloop::thrift::ProtocolError> {
            let mut this = Self {
                e: ::std::option::Option::None,
            };
            let mut fields = input.begin_struct()?;
            while let ::std::option::Option::Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, ::oneloop::thrift::Kind::Struct) => {
                        this.e = ::std::option::Option::Some(
                            ::oneloop::thrift::Value::read(input).at("Worse.worst", "e")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            ::std::result::Result::Ok(this)
        }

        fn write<W_: ::oneloop::thrift::Write>(
            &self,
            output: &mut W_,
        ) -> ::std::result::Result<(), ::oneloop::thrift::ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let ::std::option::Option::Some(value) = &self.e {
                output.field(&mut fields, 1, ::oneloop::thrift::Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            ::std::result::Result::Ok(())
        }
    }

    impl ::std::convert::From<::std::result::Result<(), WorstException>>
    for WorstResult {
        fn from(outcome: ::std::result::Result<(), WorstException>) -> Self {
            match outcome {
                ::std::result::Result::Ok(()) => Self::default(),
                ::std::result::Result::Err(WorstException::E(exception)) => {
                    Self {
                        e: ::std::option::Option::Some(exception),
                    }
                }
            }
        }
    }

    /// What [`Worst`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum WorstException {
        E(super::Error),
    }

    impl fmt::Display for WorstException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::E(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for WorstException {}

    impl ::std::convert::From<super::Error> for WorstException {
        fn from(exception: super::Error) -> Self {
            Self::E(exception)
        }
    }
}

pub use worse_methods::WorstException;
