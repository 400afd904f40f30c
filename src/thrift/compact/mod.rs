//! The compact protocol: numbers as long as they need to be, field ids by their distance.

mod reader;
mod writer;

use bytes::Bytes;

pub use reader::CompactReader;
pub use writer::CompactWriter;

use super::limits::WireLimits;
use super::message::Detected;
use super::protocol::Protocol;

/// The compact protocol. Source: Apache Thrift, `doc/specs/thrift-compact-protocol.md`.
///
/// ```text
/// message           | 0x82 | kind << 5 | 1 | sequence | name length | name | struct
///                      u8         u8          varint      varint      UTF-8
/// struct            | distance << 4 | kind | value | ... | 0       ids that are 1 to 15 more than the last field's
///                   | kind | id | value | ... | 0                  all others; the id is a zigzag varint
/// bool              a field's is its kind, 1 true or 2 false, and no value; an element's is that byte
/// i8                1 byte
/// i16, i32, i64     zigzag varint: 0, -1, 1, -2, 2 are 0, 1, 2, 3, 4
/// double, uuid      8 bytes, little-endian; 16 bytes
/// string, binary    | length | bytes                               varint
/// list, set         | count << 4 | kind | elements                 up to 14
///                   | 0xf0 | kind | count | elements               u8, varint
/// map               | 0                                            if it is empty
///                   | count | key kind << 4 | value kind | key | value | ...   varint, u8
/// ```
/// A varint has seven bits a byte, the lowest first, and the high bit of all but the last; at most 5 bytes for what has 32 bits or
/// fewer, 10 for 64. One with more bits than its number can have is refused, not cut; one that is longer than it need be is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compact;

impl Protocol for Compact {
    const DETECTED: Detected = Detected::Compact;

    type Reader<'a> = CompactReader<'a>;
    type Writer<'w> = CompactWriter<'w>;

    #[inline]
    fn reader(frame: &[u8], limits: WireLimits) -> CompactReader<'_> {
        CompactReader::new(frame, limits)
    }

    #[inline]
    fn shared_reader(frame: &Bytes, limits: WireLimits) -> CompactReader<'_> {
        CompactReader::shared(frame, limits)
    }

    #[inline]
    fn writer(output: &mut Vec<u8>, limits: WireLimits) -> CompactWriter<'_> {
        CompactWriter::new(output, limits)
    }
}
/// The id of a struct's last field, from which the next is counted.
#[derive(Debug)]
pub struct CompactFields {
    last: i16,
}

const PROTOCOL_ID: u8 = 0x82;
/// Of the second byte of a message, the lower five bits; the message's kind is above them.
const VERSION: u8 = 1;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
/// The count of a list that stands behind its head.
const LONG: u8 = 15;
const VARINT64_BYTES: u32 = 10;
