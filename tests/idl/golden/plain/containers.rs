// Generated from containers.thrift by oneloop-idl. Changes will be lost.

use std::collections::{BTreeMap, BTreeSet};

use oneloop::thrift::{Kind, Locate, ProtocolError, Read, Value, Write};

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Boxes {
    pub a: Vec<i32>,
    pub b: BTreeSet<String>,
    #[allow(clippy::type_complexity)]
    pub c: BTreeMap<String, Vec<BTreeMap<i32, BTreeSet<Vec<u8>>>>>,
    pub d: Vec<i32>,
    pub e: BTreeMap<i32, i32>,
}

impl Value for Boxes {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            a: Vec::new(),
            b: BTreeSet::new(),
            c: BTreeMap::new(),
            d: Vec::new(),
            e: BTreeMap::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::List) => this.a = Value::read(input).at("Boxes", "a")?,
                (2, Kind::Set) => this.b = Value::read(input).at("Boxes", "b")?,
                (3, Kind::Map) => this.c = Value::read(input).at("Boxes", "c")?,
                (4, Kind::List) => this.d = Value::read(input).at("Boxes", "d")?,
                (5, Kind::Map) => this.e = Value::read(input).at("Boxes", "e")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::List);
        self.a.write(output)?;
        output.field(&mut fields, 2, Kind::Set);
        self.b.write(output)?;
        output.field(&mut fields, 3, Kind::Map);
        self.c.write(output)?;
        output.field(&mut fields, 4, Kind::List);
        self.d.write(output)?;
        output.field(&mut fields, 5, Kind::Map);
        self.e.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}
