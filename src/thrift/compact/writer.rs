//! Writes the compact protocol.

use super::super::fault::ProtocolError;
use super::super::kind::Kind;
use super::super::limits::WireLimits;
use super::super::message::Message;
use super::super::write::Write;
use super::{CompactFields, FALSE, LONG, PROTOCOL_ID, TRUE, VARINT64_BYTES, VERSION};

/// Writes the compact protocol.
#[derive(Debug)]
pub struct CompactWriter<'w> {
    output: &'w mut Vec<u8>,
    levels_left: u16,
    /// Where the head of a bool field is, which says `true` until its value is known.
    pending: Option<usize>,
}

impl<'w> CompactWriter<'w> {
    /// Appends to `output`. Of the limits, [`depth_max`](WireLimits::depth_max) is a writer's as well.
    #[inline]
    pub fn new(output: &'w mut Vec<u8>, limits: WireLimits) -> Self {
        Self {
            output,
            levels_left: limits.depth_max,
            pending: None,
        }
    }

    #[inline]
    fn varint32(&mut self, value: u32) {
        if value < 0x80 {
            self.output.push(value as u8);
        } else {
            self.long_varint(value.into());
        }
    }

    #[inline(never)]
    fn long_varint(&mut self, mut value: u64) {
        let (mut bytes, mut count) = ([0; VARINT64_BYTES as usize], 0);
        for byte in &mut bytes {
            count += 1;
            *byte = value as u8 | 0x80;
            value >>= 7;
            if value == 0 {
                *byte &= 0x7f;
                break;
            }
        }
        self.output.extend_from_slice(&bytes[..count]);
    }
}

impl Write for CompactWriter<'_> {
    type Fields = CompactFields;

    /// The compact protocol has one form, whatever the head says; of the kind, it has three bits.
    // Always: where a method answers, the name is known.
    #[inline(always)]
    fn message(&mut self, head: &Message<'_>) -> Result<(), ProtocolError> {
        self.output
            .extend_from_slice(&[PROTOCOL_ID, (head.kind.number() << 5) | VERSION]);
        self.varint32(head.sequence.cast_unsigned());
        self.string(head.name)
    }

    #[inline]
    fn begin_struct(&mut self) -> Result<CompactFields, ProtocolError> {
        let Some(left) = self.levels_left.checked_sub(1) else {
            return Err(ProtocolError::too_deep());
        };
        self.levels_left = left;
        Ok(CompactFields { last: 0 })
    }

    #[inline]
    fn field(&mut self, fields: &mut CompactFields, id: i16, kind: Kind) {
        if kind == Kind::Bool {
            self.pending = Some(self.output.len());
        }
        match i32::from(id) - i32::from(fields.last) {
            distance @ 1..=15 => self.output.push((distance as u8) << 4 | kind.to_compact()),
            _ => {
                self.output.push(kind.to_compact());
                self.i16(id);
            }
        }
        fields.last = id;
    }

    #[inline]
    fn end_struct(&mut self, _: CompactFields) {
        self.output.push(0);
        self.levels_left = self.levels_left.saturating_add(1);
    }

    #[inline]
    fn bool(&mut self, value: bool) {
        match self.pending.take() {
            Some(at) => {
                if let (Some(head), false) = (self.output.get_mut(at), value) {
                    *head = (*head & 0xf0) | FALSE;
                }
            }
            None => self.output.push(if value { TRUE } else { FALSE }),
        }
    }

    #[inline]
    fn i8(&mut self, value: i8) {
        self.output.push(value.cast_unsigned());
    }

    #[inline]
    fn i16(&mut self, value: i16) {
        self.i32(value.into());
    }

    #[inline]
    fn i32(&mut self, value: i32) {
        self.varint32(((value << 1) ^ (value >> 31)).cast_unsigned());
    }

    #[inline]
    fn i64(&mut self, value: i64) {
        let zigzag = ((value << 1) ^ (value >> 63)).cast_unsigned();
        if zigzag < 0x80 {
            self.output.push(zigzag as u8);
        } else {
            self.long_varint(zigzag);
        }
    }

    #[inline]
    fn double(&mut self, value: f64) {
        self.output.extend_from_slice(&value.to_le_bytes());
    }

    #[inline]
    fn uuid(&mut self, value: [u8; 16]) {
        self.output.extend_from_slice(&value);
    }

    #[inline]
    fn binary(&mut self, value: &[u8]) -> Result<(), ProtocolError> {
        let Ok(size) = i32::try_from(value.len()) else {
            return Err(ProtocolError::string_too_long(
                value.len(),
                i32::MAX.cast_unsigned(),
            ));
        };
        self.varint32(size.cast_unsigned());
        self.output.extend_from_slice(value);
        Ok(())
    }

    #[inline]
    fn list(&mut self, kind: Kind, len: usize) -> Result<(), ProtocolError> {
        if len < usize::from(LONG) {
            self.output.push((len as u8) << 4 | kind.to_compact());
        } else {
            let count = fitting(len)?;
            self.output.push(LONG << 4 | kind.to_compact());
            self.varint32(count);
        }
        Ok(())
    }

    #[inline]
    fn map(&mut self, key: Kind, value: Kind, len: usize) -> Result<(), ProtocolError> {
        self.varint32(fitting(len)?);
        if len != 0 {
            self.output.push(key.to_compact() << 4 | value.to_compact());
        }
        Ok(())
    }
}

#[inline]
fn fitting(len: usize) -> Result<u32, ProtocolError> {
    match i32::try_from(len) {
        Ok(count) => Ok(count.cast_unsigned()),
        Err(_) => Err(ProtocolError::container_too_long(
            len,
            i32::MAX.cast_unsigned(),
        )),
    }
}
