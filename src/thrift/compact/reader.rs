//! Reads the compact protocol.

use bytes::Bytes;

use super::super::cursor::Cursor;
use super::super::fault::{ProtocolError, ProtocolErrorKind};
use super::super::kind::{Kind, MessageKind};
use super::super::limits::WireLimits;
use super::super::message::{Form, RawMessage};
use super::super::read::{Field, ListHead, MapHead, Read};
use super::super::text::Text;
use super::{CompactFields, FALSE, LONG, PROTOCOL_ID, TRUE, VARINT64_BYTES, VERSION};

/// Reads the compact protocol.
#[derive(Clone, Debug)]
pub struct CompactReader<'a> {
    cursor: Cursor<'a>,
    /// The value of the bool field whose head was read last.
    pending: Option<bool>,
}

impl<'a> CompactReader<'a> {
    /// Reads these bytes. Shared values are copied.
    #[inline]
    pub fn new(frame: &'a [u8], limits: WireLimits) -> Self {
        Self {
            cursor: Cursor::new(frame, None, limits),
            pending: None,
        }
    }

    /// Reads these bytes. Shared values are slices of them: no copy, no allocation, and the whole frame lives as long as the last.
    #[inline]
    pub fn shared(frame: &'a Bytes, limits: WireLimits) -> Self {
        Self {
            cursor: Cursor::new(frame, Some(frame), limits),
            pending: None,
        }
    }

    #[inline]
    fn varint32(&mut self) -> Result<u32, ProtocolError> {
        match *self.cursor.rest() {
            [byte @ ..0x80, ref rest @ ..] => {
                self.cursor.go_to(rest);
                Ok(byte.into())
            }
            _ => self.long_varint32(),
        }
    }

    #[inline(never)]
    fn long_varint32(&mut self) -> Result<u32, ProtocolError> {
        u32::try_from(self.long_varint(VARINT32_BYTES)?).map_err(|_| bad_varint(32))
    }

    #[inline]
    fn varint64(&mut self) -> Result<u64, ProtocolError> {
        match *self.cursor.rest() {
            [byte @ ..0x80, ref rest @ ..] => {
                self.cursor.go_to(rest);
                Ok(byte.into())
            }
            _ => self.long_varint(VARINT64_BYTES),
        }
    }

    fn long_varint(&mut self, bytes_max: u32) -> Result<u64, ProtocolError> {
        let mut value = 0_u64;
        for index in 0..bytes_max {
            let byte = self.cursor.byte()?;
            let (bits, shift) = (u64::from(byte & 0x7f), 7 * index);
            let moved = bits << shift;
            if moved >> shift != bits {
                return Err(bad_varint(64));
            }
            value |= moved;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(bad_varint(if bytes_max == VARINT32_BYTES {
            32
        } else {
            64
        }))
    }

    /// An id that is no near one after the last field's.
    #[inline(never)]
    fn far_id(&mut self) -> Result<i16, ProtocolError> {
        self.i16()
    }

    /// A length or count. Above 2<sup>31</sup> - 1 it is what is negative for others.
    #[inline]
    fn size(&mut self) -> Result<u32, ProtocolError> {
        let size = self.varint32()?;
        if size.cast_signed() < 0 {
            return Err(ProtocolError::negative(size.cast_signed()));
        }
        Ok(size)
    }
}

impl<'a> Read<'a> for CompactReader<'a> {
    type Fields = CompactFields;

    // Always: it has two callers for each service, and its result is many words.
    #[inline(always)]
    fn raw_message(&mut self) -> Result<RawMessage<'a>, ProtocolError> {
        let head = self.cursor.array::<2>()?;
        if head[0] != PROTOCOL_ID || head[1] & VERSION_MASK != VERSION {
            let head = u32::from(u16::from_be_bytes(head));
            return Err(ProtocolError::bad_version(head));
        }
        // All 32 bits count, and there is no zigzag: -1 is ff ff ff ff 0f.
        let sequence = self.varint32()?.cast_signed();
        Ok(RawMessage {
            name: self.binary()?,
            kind: MessageKind::from_number(head[1] >> 5),
            sequence,
            form: Form::Strict,
        })
    }

    #[inline]
    fn begin_struct(&mut self) -> Result<CompactFields, ProtocolError> {
        self.cursor.descend()?;
        Ok(CompactFields { last: 0 })
    }

    // Always: the reader of a struct is a loop around it.
    #[inline(always)]
    fn field(&mut self, fields: &mut CompactFields) -> Result<Option<Field>, ProtocolError> {
        let head = self.cursor.byte()?;
        if head == 0 {
            return Ok(None);
        }
        let (distance, nibble) = (i16::from(head >> 4), head & 0x0f);
        let kind = match Kind::from_compact(nibble) {
            Some(kind) if kind != Kind::Stop => kind,
            _ => return Err(ProtocolError::unknown_kind(head)),
        };
        let id = if distance == 0 {
            self.far_id()?
        } else {
            fields.last.checked_add(distance).ok_or_else(bad_id)?
        };
        fields.last = id;
        if kind == Kind::Bool {
            self.pending = Some(nibble == TRUE);
        }
        Ok(Some(Field { id, kind }))
    }

    #[inline]
    fn end_struct(&mut self, _: CompactFields) {
        self.cursor.ascend();
    }

    #[inline]
    fn bool(&mut self) -> Result<bool, ProtocolError> {
        if let Some(value) = self.pending.take() {
            return Ok(value);
        }
        match self.cursor.byte()? {
            TRUE => Ok(true),
            // Some write 0.
            FALSE | 0 => Ok(false),
            other => Err(bad_bool(other)),
        }
    }

    #[inline]
    fn i8(&mut self) -> Result<i8, ProtocolError> {
        Ok(self.cursor.byte()?.cast_signed())
    }

    #[inline]
    fn i16(&mut self) -> Result<i16, ProtocolError> {
        i16::try_from(self.i32()?).map_err(|_| bad_varint(16))
    }

    #[inline]
    fn i32(&mut self) -> Result<i32, ProtocolError> {
        let zigzag = self.varint32()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    #[inline]
    fn i64(&mut self) -> Result<i64, ProtocolError> {
        let zigzag = self.varint64()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    #[inline]
    fn double(&mut self) -> Result<f64, ProtocolError> {
        Ok(f64::from_le_bytes(self.cursor.array()?))
    }

    #[inline]
    fn uuid(&mut self) -> Result<[u8; 16], ProtocolError> {
        self.cursor.array()
    }

    #[inline]
    fn binary(&mut self) -> Result<&'a [u8], ProtocolError> {
        let claimed = self.size()?;
        self.cursor.string(claimed)
    }

    #[inline]
    fn bytes(&mut self) -> Result<Bytes, ProtocolError> {
        let taken = self.binary()?;
        Ok(self.cursor.shared(taken))
    }

    #[inline]
    fn text(&mut self) -> Result<Text, ProtocolError> {
        let taken = self.binary()?;
        Text::check(taken)?;
        Ok(Text::of_checked(self.cursor.shared(taken)))
    }

    #[inline]
    fn list(&mut self) -> Result<ListHead, ProtocolError> {
        let head = self.cursor.byte()?;
        let kind = known(head & 0x0f)?;
        let claimed = match head >> 4 {
            LONG => self.size()?,
            count => count.into(),
        };
        if kind == Kind::Stop && claimed != 0 {
            return Err(ProtocolError::no_value(kind));
        }
        Ok(ListHead {
            kind,
            len: self.cursor.container(claimed, kind.compact_bytes_min())?,
        })
    }

    #[inline]
    fn map(&mut self) -> Result<MapHead, ProtocolError> {
        let claimed = self.size()?;
        if claimed == 0 {
            return Ok(MapHead {
                key: Kind::Stop,
                value: Kind::Stop,
                len: 0,
            });
        }
        let kinds = self.cursor.byte()?;
        let (key, value) = (known(kinds >> 4)?, known(kinds & 0x0f)?);
        if key == Kind::Stop || value == Kind::Stop {
            return Err(ProtocolError::no_value(Kind::Stop));
        }
        let least = key.compact_bytes_min() + value.compact_bytes_min();
        Ok(MapHead {
            key,
            value,
            len: self.cursor.container(claimed, least)?,
        })
    }

    /// Goes as deep as the levels that are left, which bound its stack; elements of a fixed width are passed over at once.
    fn skip(&mut self, kind: Kind) -> Result<(), ProtocolError> {
        match kind {
            Kind::Bool => return self.bool().map(drop),
            Kind::I16 => return self.i16().map(drop),
            Kind::I32 => return self.i32().map(drop),
            Kind::I64 => return self.i64().map(drop),
            Kind::String => return self.binary().map(drop),
            _ => {}
        }
        if let Some(bytes) = kind.compact_bytes_fixed() {
            return self.cursor.take(bytes).map(drop);
        }
        self.cursor.descend()?;
        match kind {
            Kind::Struct => {
                let mut fields = CompactFields { last: 0 };
                while let Some(field) = self.field(&mut fields)? {
                    self.skip(field.kind)?;
                }
            }
            Kind::Map => {
                let head = self.map()?;
                for _ in 0..head.len {
                    self.skip(head.key)?;
                    self.skip(head.value)?;
                }
            }
            Kind::List | Kind::Set => {
                let head = self.list()?;
                if let Some(bytes) = head.kind.compact_bytes_fixed() {
                    // That there are so many was seen when the head was read, and so the product is one that fits.
                    self.cursor.take(head.len.saturating_mul(bytes))?;
                } else {
                    for _ in 0..head.len {
                        self.skip(head.kind)?;
                    }
                }
            }
            _ => return Err(ProtocolError::no_value(kind)),
        }
        self.cursor.ascend();
        Ok(())
    }

    #[inline]
    fn charge(&mut self, bytes: usize) -> Result<(), ProtocolError> {
        self.cursor.charge(bytes)
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.cursor.rest()
    }
}

#[inline]
fn known(nibble: u8) -> Result<Kind, ProtocolError> {
    Kind::from_compact(nibble).ok_or_else(|| ProtocolError::unknown_kind(nibble))
}

#[cold]
#[inline(never)]
fn bad_varint(bits: u8) -> ProtocolError {
    ProtocolError::new(
        ProtocolErrorKind::InvalidData,
        format!("a number does not fit {bits} bits"),
    )
}

#[cold]
#[inline(never)]
fn bad_id() -> ProtocolError {
    ProtocolError::new(
        ProtocolErrorKind::InvalidData,
        "a field's id does not fit 16 bits",
    )
}

#[cold]
#[inline(never)]
fn bad_bool(byte: u8) -> ProtocolError {
    ProtocolError::new(
        ProtocolErrorKind::InvalidData,
        format!("{byte} is neither true nor false"),
    )
}

const VERSION_MASK: u8 = 0x1f;
const VARINT32_BYTES: u32 = 5;
