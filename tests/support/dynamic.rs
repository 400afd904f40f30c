//! Any Thrift value at all, read by what the wire says of it: what generated code never needs and tests do.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "included as a private module by several crates, each of which uses a part"
)]

use oneloop::thrift::{Kind, ProtocolError, ProtocolErrorKind, Read, Write};

/// A value. A double is its bits, so that all are equal to themselves.
#[derive(Clone, Debug, PartialEq)]
pub enum Dynamic {
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    Double(u64),
    String(Vec<u8>),
    Uuid([u8; 16]),
    Struct(Vec<(i16, Self)>),
    List(Kind, Vec<Self>),
    Set(Kind, Vec<Self>),
    Map(Kind, Kind, Vec<(Self, Self)>),
}

impl Dynamic {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Bool,
            Self::I8(_) => Kind::I8,
            Self::I16(_) => Kind::I16,
            Self::I32(_) => Kind::I32,
            Self::I64(_) => Kind::I64,
            Self::Double(_) => Kind::Double,
            Self::String(_) => Kind::String,
            Self::Uuid(_) => Kind::Uuid,
            Self::Struct(_) => Kind::Struct,
            Self::List(..) => Kind::List,
            Self::Set(..) => Kind::Set,
            Self::Map(..) => Kind::Map,
        }
    }

    /// Reads one, in which containers and structs are at most `levels` deep.
    pub fn read<'a, R: Read<'a>>(
        kind: Kind,
        levels: u16,
        input: &mut R,
    ) -> Result<Self, ProtocolError> {
        let deeper = || {
            let refused = || ProtocolError::new(ProtocolErrorKind::DepthLimit, "deep");
            levels.checked_sub(1).ok_or_else(refused)
        };
        Ok(match kind {
            Kind::Stop => {
                return Err(ProtocolError::new(ProtocolErrorKind::InvalidData, "stop"));
            }
            Kind::Bool => Self::Bool(input.bool()?),
            Kind::I8 => Self::I8(input.i8()?),
            Kind::I16 => Self::I16(input.i16()?),
            Kind::I32 => Self::I32(input.i32()?),
            Kind::I64 => Self::I64(input.i64()?),
            Kind::Double => Self::Double(input.double()?.to_bits()),
            Kind::String => Self::String(input.binary()?.to_vec()),
            Kind::Uuid => Self::Uuid(input.uuid()?),
            Kind::Struct => {
                let (levels, mut found) = (deeper()?, Vec::new());
                let mut fields = input.begin_struct()?;
                while let Some(field) = input.field(&mut fields)? {
                    found.push((field.id, Self::read(field.kind, levels, input)?));
                }
                input.end_struct(fields);
                Self::Struct(found)
            }
            Kind::List => {
                let (levels, head) = (deeper()?, input.list()?);
                Self::List(head.kind, elements(head.kind, head.len, levels, input)?)
            }
            Kind::Set => {
                let (levels, head) = (deeper()?, input.set()?);
                Self::Set(head.kind, elements(head.kind, head.len, levels, input)?)
            }
            Kind::Map => {
                let (levels, head) = (deeper()?, input.map()?);
                let mut pairs = Vec::new();
                for _ in 0..head.len {
                    let key = Self::read(head.key, levels, input)?;
                    pairs.push((key, Self::read(head.value, levels, input)?));
                }
                Self::Map(head.key, head.value, pairs)
            }
        })
    }

    pub fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        match self {
            Self::Bool(value) => output.bool(*value),
            Self::I8(value) => output.i8(*value),
            Self::I16(value) => output.i16(*value),
            Self::I32(value) => output.i32(*value),
            Self::I64(value) => output.i64(*value),
            Self::Double(bits) => output.double(f64::from_bits(*bits)),
            Self::String(value) => output.binary(value)?,
            Self::Uuid(value) => output.uuid(*value),
            Self::Struct(found) => {
                let mut fields = output.begin_struct()?;
                for (id, value) in found {
                    output.field(&mut fields, *id, value.kind());
                    value.write(output)?;
                }
                output.end_struct(fields);
            }
            Self::List(kind, found) => {
                output.list(*kind, found.len())?;
                found.iter().try_for_each(|value| value.write(output))?;
            }
            Self::Set(kind, found) => {
                output.set(*kind, found.len())?;
                found.iter().try_for_each(|value| value.write(output))?;
            }
            Self::Map(key, value, pairs) => {
                output.map(*key, *value, pairs.len())?;
                for (key, value) in pairs {
                    key.write(output)?;
                    value.write(output)?;
                }
            }
        }
        Ok(())
    }

    /// The same without the types of empty maps, which the compact protocol does not have.
    pub fn without_types_of_empty_maps(self) -> Self {
        let all = |found: Vec<Self>| {
            let each = found.into_iter().map(Self::without_types_of_empty_maps);
            each.collect()
        };
        match self {
            Self::Struct(found) => Self::Struct(
                found
                    .into_iter()
                    .map(|(id, value)| (id, value.without_types_of_empty_maps()))
                    .collect(),
            ),
            Self::List(kind, found) => Self::List(kind, all(found)),
            Self::Set(kind, found) => Self::Set(kind, all(found)),
            Self::Map(_, _, pairs) if pairs.is_empty() => Self::Map(Kind::Stop, Kind::Stop, pairs),
            Self::Map(key, value, pairs) => {
                let (keys, values) = pairs.into_iter().unzip();
                let pairs = all(keys).into_iter().zip(all(values));
                Self::Map(key, value, pairs.collect())
            }
            plain => plain,
        }
    }
}

fn elements<'a, R: Read<'a>>(
    kind: Kind,
    len: usize,
    levels: u16,
    input: &mut R,
) -> Result<Vec<Dynamic>, ProtocolError> {
    (0..len)
        .map(|_| Dynamic::read(kind, levels, input))
        .collect()
}
