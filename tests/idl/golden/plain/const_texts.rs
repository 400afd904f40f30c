// Generated from const_texts.thrift by oneloop-idl. Changes will be lost.

use oneloop::thrift::{Kind, Locate, ProtocolError, Read, Uuid, Value, Write};

pub const A: &str = "double \"quoted\"";
pub const B: &str = "single \"quoted\" ' \\";
pub const C: &str = "\r\n\t";
pub const D: &str = "";
pub const E: &[u8] = b"bytes \xc3\xa9";
pub const F: Uuid = Uuid(0x00112233445566778899aabbccddeeff_u128.to_be_bytes());
pub const G: Uuid = Uuid(0x00112233445566778899aabbccddeeff_u128.to_be_bytes());
pub const H: &[u8] = b"double \"quoted\"";
pub const I: &str = "bytes é";
pub const J: &[u8] = b"bytes \xc3\xa9";

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Texts {
    pub k: Vec<u8>,
    pub l: String,
    pub m: Vec<Vec<u8>>,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            k: b"double \"quoted\"".to_vec(),
            l: String::from("bytes é"),
            m: vec![b"double \"quoted\"".to_vec(), E.to_vec(), b"n".to_vec()],
        }
    }
}

impl Value for Texts {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            k: b"double \"quoted\"".to_vec(),
            l: String::from("bytes é"),
            m: vec![b"double \"quoted\"".to_vec(), E.to_vec(), b"n".to_vec()],
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => this.k = Value::read(input).at("Texts", "k")?,
                (2, Kind::String) => this.l = Value::read(input).at("Texts", "l")?,
                (3, Kind::List) => this.m = Value::read(input).at("Texts", "m")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::String);
        self.k.write(output)?;
        output.field(&mut fields, 2, Kind::String);
        self.l.write(output)?;
        output.field(&mut fields, 3, Kind::List);
        self.m.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}
