//! The binary protocol: everything at its full width, big-endian.

use byteorder::{BigEndian, ByteOrder};
use bytes::Bytes;

use super::cursor::Cursor;
use super::fault::ProtocolError;
use super::kind::{Kind, MessageKind};
use super::limits::WireLimits;
use super::message::{Detected, Form, Message, RawMessage};
use super::protocol::Protocol;
use super::read::{Field, ListHead, MapHead, Read};
use super::text::Text;
use super::write::Write;

/// The binary protocol. Source: Apache Thrift, `doc/specs/thrift-binary-protocol.md`.
///
/// ```text
/// message, strict   | 0x8001 | ignored | kind | name length | name | sequence | struct
///                      u16       u8       u8       i32        UTF-8     i32
/// message, old      | name length | name | kind | sequence | struct       the first byte's high bit tells which
///                        i32        UTF-8   u8      i32
/// struct            | kind | id  | value | kind | id | value | ... | 0
///                      u8    i16                                     u8
/// bool, i8 ... i64  1 to 8 bytes; a bool is 1 or 0, and anything but 0 is true
/// double, uuid      8 bytes, 16 bytes
/// string, binary    | length | bytes            i32
/// list, set         | kind | count | elements   u8, i32
/// map               | key kind | value kind | count | key | value | ...   u8, u8, i32
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Binary;

impl Protocol for Binary {
    const DETECTED: Detected = Detected::Binary;

    type Reader<'a> = BinaryReader<'a>;
    type Writer<'w> = BinaryWriter<'w>;

    #[inline]
    fn reader(frame: &[u8], limits: WireLimits) -> BinaryReader<'_> {
        BinaryReader::new(frame, limits)
    }

    #[inline]
    fn shared_reader(frame: &Bytes, limits: WireLimits) -> BinaryReader<'_> {
        BinaryReader::shared(frame, limits)
    }

    #[inline]
    fn writer(output: &mut Vec<u8>, limits: WireLimits) -> BinaryWriter<'_> {
        BinaryWriter::new(output, limits)
    }
}

/// Reads the binary protocol. Both forms of the head of a message are read.
#[derive(Clone, Debug)]
pub struct BinaryReader<'a> {
    cursor: Cursor<'a>,
}

impl<'a> BinaryReader<'a> {
    /// Reads these bytes. Shared values are copied.
    #[inline]
    pub fn new(frame: &'a [u8], limits: WireLimits) -> Self {
        Self {
            cursor: Cursor::new(frame, None, limits),
        }
    }

    /// Reads these bytes. Shared values are slices of them: no copy, no allocation, and the whole frame lives as long as the last.
    #[inline]
    pub fn shared(frame: &'a Bytes, limits: WireLimits) -> Self {
        Self {
            cursor: Cursor::new(frame, Some(frame), limits),
        }
    }

    #[inline]
    fn size(&mut self) -> Result<u32, ProtocolError> {
        let size = self.i32()?;
        u32::try_from(size).map_err(|_| ProtocolError::negative(size))
    }
}

impl<'a> Read<'a> for BinaryReader<'a> {
    type Fields = ();

    // Always: it has two callers for each service, and its result is many words.
    #[inline(always)]
    fn raw_message(&mut self) -> Result<RawMessage<'a>, ProtocolError> {
        let head = self.i32()?;
        let (form, name, kind) = if head < 0 {
            let head = head.cast_unsigned();
            if head & VERSION_MASK != VERSION {
                return Err(ProtocolError::bad_version(head));
            }
            let claimed = self.size()?;
            (Form::Strict, self.cursor.string(claimed)?, head as u8)
        } else {
            let name = self.cursor.string(head.cast_unsigned())?;
            (Form::Old, name, self.cursor.byte()?)
        };
        Ok(RawMessage {
            name,
            kind: MessageKind::from_number(kind),
            sequence: self.i32()?,
            form,
        })
    }

    #[inline]
    fn begin_struct(&mut self) -> Result<(), ProtocolError> {
        self.cursor.descend()
    }

    #[inline]
    fn field(&mut self, (): &mut ()) -> Result<Option<Field>, ProtocolError> {
        match *self.cursor.rest() {
            [0, ref rest @ ..] => {
                self.cursor.go_to(rest);
                Ok(None)
            }
            [kind, high, low, ref rest @ ..] => {
                self.cursor.go_to(rest);
                let id = i16::from_be_bytes([high, low]);
                let kind = Kind::from_binary(kind).ok_or_else(|| ProtocolError::unknown_kind(kind));
                Ok(Some(Field { id, kind: kind? }))
            }
            _ => Err(ProtocolError::truncated()),
        }
    }

    #[inline]
    fn end_struct(&mut self, (): ()) {
        self.cursor.ascend();
    }

    #[inline]
    fn bool(&mut self) -> Result<bool, ProtocolError> {
        Ok(self.cursor.byte()? != 0)
    }

    #[inline]
    fn i8(&mut self) -> Result<i8, ProtocolError> {
        Ok(self.cursor.byte()?.cast_signed())
    }

    #[inline]
    fn i16(&mut self) -> Result<i16, ProtocolError> {
        Ok(i16::from_be_bytes(self.cursor.array()?))
    }

    #[inline]
    fn i32(&mut self) -> Result<i32, ProtocolError> {
        Ok(i32::from_be_bytes(self.cursor.array()?))
    }

    #[inline]
    fn i64(&mut self) -> Result<i64, ProtocolError> {
        Ok(i64::from_be_bytes(self.cursor.array()?))
    }

    #[inline]
    fn double(&mut self) -> Result<f64, ProtocolError> {
        Ok(f64::from_be_bytes(self.cursor.array()?))
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
        let [kind, size @ ..] = self.cursor.array::<5>()?;
        let (kind, claimed) = (known(kind)?, count(size)?);
        if kind == Kind::Stop && claimed != 0 {
            return Err(ProtocolError::no_value(kind));
        }
        Ok(ListHead {
            kind,
            len: self.cursor.container(claimed, kind.binary_bytes_min())?,
        })
    }

    #[inline]
    fn map(&mut self) -> Result<MapHead, ProtocolError> {
        let [key, value, size @ ..] = self.cursor.array::<6>()?;
        let (key, value, claimed) = (known(key)?, known(value)?, count(size)?);
        if (key == Kind::Stop || value == Kind::Stop) && claimed != 0 {
            return Err(ProtocolError::no_value(Kind::Stop));
        }
        let least = key.binary_bytes_min() + value.binary_bytes_min();
        Ok(MapHead {
            key,
            value,
            len: self.cursor.container(claimed, least)?,
        })
    }

    /// Goes as deep as the levels that are left, which bound its stack; elements of a fixed width are passed over at once.
    fn skip(&mut self, kind: Kind) -> Result<(), ProtocolError> {
        if let Some(bytes) = kind.binary_bytes_fixed() {
            return self.cursor.take(bytes).map(drop);
        }
        if kind == Kind::String {
            return self.binary().map(drop);
        }
        self.cursor.descend()?;
        match kind {
            Kind::Struct => {
                while let Some(field) = self.field(&mut ())? {
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
                if let Some(bytes) = head.kind.binary_bytes_fixed() {
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
fn known(kind: u8) -> Result<Kind, ProtocolError> {
    Kind::from_binary(kind).ok_or_else(|| ProtocolError::unknown_kind(kind))
}

#[inline]
fn count(size: [u8; 4]) -> Result<u32, ProtocolError> {
    let size = i32::from_be_bytes(size);
    u32::try_from(size).map_err(|_| ProtocolError::negative(size))
}

/// Writes the binary protocol: the head of a message in the form that the [`Message`] says.
#[derive(Debug)]
pub struct BinaryWriter<'w> {
    output: &'w mut Vec<u8>,
    levels_left: u16,
}

impl<'w> BinaryWriter<'w> {
    /// Appends to `output`. Of the limits, [`depth_max`](WireLimits::depth_max) is a writer's as well.
    #[inline]
    pub fn new(output: &'w mut Vec<u8>, limits: WireLimits) -> Self {
        Self {
            output,
            levels_left: limits.depth_max,
        }
    }
}

impl Write for BinaryWriter<'_> {
    type Fields = ();

    // Always: where a method answers, the name and the form are known, and little is left.
    #[inline(always)]
    fn message(&mut self, head: &Message<'_>) -> Result<(), ProtocolError> {
        match head.form {
            Form::Strict => {
                // Eight bytes at once: a reply's head is written for each call.
                let version = VERSION | u32::from(head.kind.number());
                let mut front = [0; 8];
                BigEndian::write_u32(&mut front[..4], version);
                BigEndian::write_i32(&mut front[4..], string_size(head.name.len())?);
                self.output.extend_from_slice(&front);
                self.output.extend_from_slice(head.name.as_bytes());
            }
            Form::Old => {
                self.string(head.name)?;
                self.output.push(head.kind.number());
            }
        }
        self.i32(head.sequence);
        Ok(())
    }

    #[inline]
    fn begin_struct(&mut self) -> Result<(), ProtocolError> {
        let Some(left) = self.levels_left.checked_sub(1) else {
            return Err(ProtocolError::too_deep());
        };
        self.levels_left = left;
        Ok(())
    }

    #[inline]
    fn field(&mut self, (): &mut (), id: i16, kind: Kind) {
        let [high, low] = id.to_be_bytes();
        self.output
            .extend_from_slice(&[kind.to_binary(), high, low]);
    }

    #[inline]
    fn end_struct(&mut self, (): ()) {
        self.output.push(Kind::Stop.to_binary());
        self.levels_left = self.levels_left.saturating_add(1);
    }

    #[inline]
    fn bool(&mut self, value: bool) {
        self.output.push(u8::from(value));
    }

    #[inline]
    fn i8(&mut self, value: i8) {
        self.output.push(value.cast_unsigned());
    }

    #[inline]
    fn i16(&mut self, value: i16) {
        self.output.extend_from_slice(&value.to_be_bytes());
    }

    #[inline]
    fn i32(&mut self, value: i32) {
        self.output.extend_from_slice(&value.to_be_bytes());
    }

    #[inline]
    fn i64(&mut self, value: i64) {
        self.output.extend_from_slice(&value.to_be_bytes());
    }

    #[inline]
    fn double(&mut self, value: f64) {
        self.output.extend_from_slice(&value.to_be_bytes());
    }

    #[inline]
    fn uuid(&mut self, value: [u8; 16]) {
        self.output.extend_from_slice(&value);
    }

    #[inline]
    fn binary(&mut self, value: &[u8]) -> Result<(), ProtocolError> {
        let size = string_size(value.len())?;
        self.output.extend_from_slice(&size.to_be_bytes());
        self.output.extend_from_slice(value);
        Ok(())
    }

    #[inline]
    fn list(&mut self, kind: Kind, len: usize) -> Result<(), ProtocolError> {
        let mut head = [kind.to_binary(), 0, 0, 0, 0];
        BigEndian::write_i32(&mut head[1..], fitting(len)?);
        self.output.extend_from_slice(&head);
        Ok(())
    }

    #[inline]
    fn map(&mut self, key: Kind, value: Kind, len: usize) -> Result<(), ProtocolError> {
        let mut head = [key.to_binary(), value.to_binary(), 0, 0, 0, 0];
        BigEndian::write_i32(&mut head[2..], fitting(len)?);
        self.output.extend_from_slice(&head);
        Ok(())
    }
}

#[inline]
fn string_size(len: usize) -> Result<i32, ProtocolError> {
    i32::try_from(len).map_err(|_| ProtocolError::string_too_long(len, i32::MAX.cast_unsigned()))
}

#[inline]
fn fitting(len: usize) -> Result<i32, ProtocolError> {
    i32::try_from(len).map_err(|_| ProtocolError::container_too_long(len, i32::MAX.cast_unsigned()))
}

const VERSION_MASK: u32 = 0xffff_0000;
/// The first two bytes of a strict head; the last of the four is the message's kind, and the third nobody looks at.
const VERSION: u32 = 0x8001_0000;
