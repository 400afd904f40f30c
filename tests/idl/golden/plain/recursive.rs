// Generated from recursive.thrift by oneloop-idl. Changes will be lost.

use std::collections::BTreeMap;

use oneloop::thrift::{
    Kind, Locate, ProtocolError, ProtocolErrorKind, Read, Value, Write,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    pub value: i32,
    pub next: Option<Box<Self>>,
}

impl Value for Node {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { value: 0, next: None };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.value = Value::read(input).at("Node", "value")?,
                (2, Kind::Struct) => {
                    this.next = Some(Value::read(input).at("Node", "next")?);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.value.write(output)?;
        if let Some(value) = &self.next {
            output.field(&mut fields, 2, Kind::Struct);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct A {
    pub b: Option<Box<B>>,
}

impl Value for A {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { b: None };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => this.b = Some(Value::read(input).at("A", "b")?),
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let Some(value) = &self.b {
            output.field(&mut fields, 1, Kind::Struct);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct B {
    pub a: Option<Box<A>>,
    pub more: Vec<Self>,
}

impl Value for B {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { a: None, more: Vec::new() };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => this.a = Some(Value::read(input).at("B", "a")?),
                (2, Kind::List) => this.more = Value::read(input).at("B", "more")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let Some(value) = &self.a {
            output.field(&mut fields, 1, Kind::Struct);
            value.write(output)?;
        }
        output.field(&mut fields, 2, Kind::List);
        self.more.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Forest {
    pub trees: Vec<Self>,
    pub named: BTreeMap<String, Self>,
}

impl Value for Forest {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            trees: Vec::new(),
            named: BTreeMap::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::List) => this.trees = Value::read(input).at("Forest", "trees")?,
                (2, Kind::Map) => this.named = Value::read(input).at("Forest", "named")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::List);
        self.trees.write(output)?;
        output.field(&mut fields, 2, Kind::Map);
        self.named.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
pub enum Tree {
    Leaf(i32),
    Branch(Box<Self>),
    /// A member of a later version, or of another type than was agreed. Its value is not kept, so it cannot be written: that is an error.
    Unknown {
        /// The member's number.
        id: i16,
    },
}

impl Value for Tree {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut member = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            if member.is_some() {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        "more than one member of union Tree",
                    ),
                );
            }
            member = Some(
                match (field.id, field.kind) {
                    (1, Kind::I32) => Self::Leaf(Value::read(input).at("Tree", "leaf")?),
                    (2, Kind::Struct) => {
                        Self::Branch(Value::read(input).at("Tree", "branch")?)
                    }
                    (id, kind) => {
                        input.skip(kind)?;
                        Self::Unknown { id }
                    }
                },
            );
        }
        input.end_struct(fields);
        member
            .ok_or_else(|| ProtocolError::new(
                ProtocolErrorKind::InvalidData,
                "no member of union Tree",
            ))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        match self {
            Self::Leaf(value) => {
                output.field(&mut fields, 1, Kind::I32);
                value.write(output)?;
            }
            Self::Branch(value) => {
                output.field(&mut fields, 2, Kind::Struct);
                value.write(output)?;
            }
            Self::Unknown { id } => {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        format!(
                            "member {id} of union Tree is unknown here and cannot be written"
                        ),
                    ),
                );
            }
        }
        output.end_struct(fields);
        Ok(())
    }
}
