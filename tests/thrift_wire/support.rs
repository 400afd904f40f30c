//! What the tests of the wire share.

use oneloop::thrift::{
    Binary, Compact, Kind, Locate, Message, Protocol, ProtocolError, Read, Value, WireLimits, Write,
};

use crate::dynamic::Dynamic;

/// Which protocol a table's row is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wire {
    Binary,
    Compact,
}

pub(crate) const DEFAULT: WireLimits = WireLimits {
    string_bytes_max: 16_384_000,
    container_len_max: 16_384_000,
    container_bytes_max: 64 << 20,
    depth_max: 64,
};

/// What a whole frame says: one message with a struct.
pub(crate) type Said<'a> = (Message<'a>, Dynamic);

pub(crate) fn read_message(wire: Wire, frame: &[u8]) -> Result<Said<'_>, ProtocolError> {
    fn read<P: Protocol>(frame: &[u8]) -> Result<Said<'_>, ProtocolError> {
        let mut input = P::reader(frame, DEFAULT);
        let head = input.message()?;
        let body = Dynamic::read(Kind::Struct, u16::MAX, &mut input)?;
        input.finish()?;
        Ok((head, body))
    }
    match wire {
        Wire::Binary => read::<Binary>(frame),
        Wire::Compact => read::<Compact>(frame),
    }
}

pub(crate) fn skip_message(wire: Wire, frame: &[u8]) -> Result<(), ProtocolError> {
    fn skip<P: Protocol>(frame: &[u8]) -> Result<(), ProtocolError> {
        let mut input = P::reader(frame, DEFAULT);
        input.message()?;
        input.skip(Kind::Struct)?;
        input.finish()
    }
    match wire {
        Wire::Binary => skip::<Binary>(frame),
        Wire::Compact => skip::<Compact>(frame),
    }
}

pub(crate) fn write_message(wire: Wire, (head, body): &Said<'_>) -> Vec<u8> {
    fn write<P: Protocol>(head: &Message<'_>, body: &Dynamic) -> Result<Vec<u8>, ProtocolError> {
        let mut bytes = Vec::new();
        {
            let mut output = P::writer(&mut bytes, DEFAULT);
            output.message(head)?;
            body.write(&mut output)?;
        }
        Ok(bytes)
    }
    match wire {
        Wire::Binary => write::<Binary>(head, body),
        Wire::Compact => write::<Compact>(head, body),
    }
    .expect("it is small")
}

/// Reads a value that is all there is.
pub(crate) fn read_whole<T: Value>(
    wire: Wire,
    bytes: &[u8],
    limits: WireLimits,
) -> Result<T, ProtocolError> {
    fn read<P: Protocol, T: Value>(bytes: &[u8], limits: WireLimits) -> Result<T, ProtocolError> {
        let mut input = P::reader(bytes, limits);
        let value = T::read(&mut input)?;
        input.finish()?;
        Ok(value)
    }
    match wire {
        Wire::Binary => read::<Binary, T>(bytes, limits),
        Wire::Compact => read::<Compact, T>(bytes, limits),
    }
}

pub(crate) fn skip_whole(
    wire: Wire,
    kind: Kind,
    bytes: &[u8],
    limits: WireLimits,
) -> Result<(), ProtocolError> {
    fn skip<P: Protocol>(
        kind: Kind,
        bytes: &[u8],
        limits: WireLimits,
    ) -> Result<(), ProtocolError> {
        let mut input = P::reader(bytes, limits);
        input.skip(kind)?;
        input.finish()
    }
    match wire {
        Wire::Binary => skip::<Binary>(kind, bytes, limits),
        Wire::Compact => skip::<Compact>(kind, bytes, limits),
    }
}

pub(crate) fn write_whole<T: Value>(
    wire: Wire,
    value: &T,
    limits: WireLimits,
) -> Result<Vec<u8>, ProtocolError> {
    let mut bytes = Vec::new();
    match wire {
        Wire::Binary => value.write(&mut Binary::writer(&mut bytes, limits))?,
        Wire::Compact => value.write(&mut Compact::writer(&mut bytes, limits))?,
    }
    Ok(bytes)
}

/// `struct Nest { 1: optional Nest inner, 2: string name, 3: list<Nest> more, 4: bool flag }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Nest {
    pub(crate) inner: Option<Box<Self>>,
    pub(crate) name: String,
    pub(crate) more: Vec<Self>,
    pub(crate) flag: bool,
}

impl Nest {
    /// So many structs, each within the one before.
    pub(crate) fn of_depth(depth: u16) -> Self {
        (1..depth).fold(Self::default(), |inner, _| Self {
            inner: Some(Box::new(inner)),
            ..Self::default()
        })
    }
}

impl Value for Nest {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self::default();
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::Struct) => {
                    this.inner = Some(Value::read(input).at("Nest", "inner")?);
                }
                (2, Kind::String) => this.name = Value::read(input).at("Nest", "name")?,
                (3, Kind::List) => this.more = Value::read(input).at("Nest", "more")?,
                (4, Kind::Bool) => this.flag = Value::read(input).at("Nest", "flag")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let Some(inner) = &self.inner {
            output.field(&mut fields, 1, Kind::Struct);
            inner.write(output)?;
        }
        output.field(&mut fields, 2, Kind::String);
        self.name.write(output)?;
        output.field(&mut fields, 3, Kind::List);
        self.more.write(output)?;
        output.field(&mut fields, 4, Kind::Bool);
        self.flag.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

pub(crate) fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .bytes()
        .filter(|digit| *digit != b' ')
        .map(|digit| match digit {
            b'0'..=b'9' => digit - b'0',
            _ => digit - b'a' + 10,
        })
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
