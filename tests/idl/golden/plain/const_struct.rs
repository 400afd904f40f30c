// Generated from const_struct.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::sync::LazyLock;

use oneloop::thrift::{
    Kind, Locate, ProtocolError, ProtocolErrorKind, Read, Value, Write,
};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

impl Default for Point {
    fn default() -> Self {
        Self { x: 1, y: 0 }
    }
}

impl Value for Point {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { x: 1, y: 0 };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.x = Value::read(input).at("Point", "x")?,
                (2, Kind::I32) => this.y = Value::read(input).at("Point", "y")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.x.write(output)?;
        output.field(&mut fields, 2, Kind::I32);
        self.y.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    pub from: Point,
    pub to: Point,
    pub name: String,
}

impl Value for Line {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            from: Point::default(),
            to: Point::default(),
            name: String::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => this.from = Value::read(input).at("Line", "from")?,
                (2, Kind::Struct) => this.to = Value::read(input).at("Line", "to")?,
                (3, Kind::String) => this.name = Value::read(input).at("Line", "name")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::Struct);
        self.from.write(output)?;
        output.field(&mut fields, 2, Kind::Struct);
        self.to.write(output)?;
        output.field(&mut fields, 3, Kind::String);
        self.name.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

pub static ORIGIN: LazyLock<Point> = LazyLock::new(|| Point { x: 0, y: 0 });

pub static L: LazyLock<Line> = LazyLock::new(|| Line {
    from: ORIGIN.clone(),
    to: Point { x: 5, y: 0 },
    name: String::from("l"),
});

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
pub enum U {
    A(i32),
    P(Point),
    /// A member of a later version, or of another type than was agreed. Its value is not kept, so it cannot be written: that is an error.
    Unknown {
        /// The member's number.
        id: i16,
    },
}

impl Value for U {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut member = None;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            if member.is_some() {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        "more than one member of union U",
                    ),
                );
            }
            member = Some(
                match (field.id, field.kind) {
                    (1, Kind::I32) => Self::A(Value::read(input).at("U", "a")?),
                    (2, Kind::Struct) => Self::P(Value::read(input).at("U", "p")?),
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
                "no member of union U",
            ))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        match self {
            Self::A(value) => {
                output.field(&mut fields, 1, Kind::I32);
                value.write(output)?;
            }
            Self::P(value) => {
                output.field(&mut fields, 2, Kind::Struct);
                value.write(output)?;
            }
            Self::Unknown { id } => {
                return Err(
                    ProtocolError::new(
                        ProtocolErrorKind::InvalidData,
                        format!(
                            "member {id} of union U is unknown here and cannot be written"
                        ),
                    ),
                );
            }
        }
        output.end_struct(fields);
        Ok(())
    }
}

pub static U: LazyLock<U> = LazyLock::new(|| U::P(Point { x: 1, y: 3 }));

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E {
    pub why: String,
}

impl Value for E {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { why: String::new() };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => this.why = Value::read(input).at("E", "why")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::String);
        self.why.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for E {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for E {}

pub static E: LazyLock<E> = LazyLock::new(|| E { why: String::from("so") });
