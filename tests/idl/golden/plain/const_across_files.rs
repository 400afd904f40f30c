// Generated from const_across_files.thrift by oneloop-idl. Changes will be lost.

use std::sync::LazyLock;

use oneloop::thrift::{Kind, Locate, ProtocolError, Read, Value, Write};

use super::moods;
pub const M: moods::Mood = moods::Mood::GOOD;
pub const LIMIT: i32 = moods::LIMIT;

pub static T: LazyLock<moods::Tempered> = LazyLock::new(|| moods::Tempered {
    mood: moods::Mood::BAD,
});

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct A {
    pub m: moods::Mood,
    pub n: i32,
}

impl Default for A {
    fn default() -> Self {
        Self {
            m: moods::Mood::BAD,
            n: moods::LIMIT,
        }
    }
}

impl Value for A {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            m: moods::Mood::BAD,
            n: moods::LIMIT,
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.m = Value::read(input).at("A", "m")?,
                (2, Kind::I32) => this.n = Value::read(input).at("A", "n")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.m.write(output)?;
        output.field(&mut fields, 2, Kind::I32);
        self.n.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}
