// Generated from moods.thrift by oneloop-idl. Changes will be lost.

use std::fmt;

use oneloop::thrift::{Kind, Locate, ProtocolError, Read, Value, Write};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mood(pub i32);

impl Mood {
    pub const GOOD: Self = Self(1);
    pub const BAD: Self = Self(2);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::GOOD, Self::BAD];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::GOOD => Some("GOOD"),
            Self::BAD => Some("BAD"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for Mood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for Mood {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for Mood {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

pub const LIMIT: i32 = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tempered {
    pub mood: Mood,
}

impl Value for Tempered {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { mood: Mood::default() };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.mood = Value::read(input).at("Tempered", "mood")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.mood.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}
