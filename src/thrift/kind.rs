//! What a value is on the wire, and what a message is.

use std::fmt;

/// The type of a field or of an element, as both protocols tell it. The numbers are those of the binary protocol.
///
/// An enum travels as [`I32`](Self::I32), a union or an exception as [`Struct`](Self::Struct), `binary` as [`String`](Self::String).
/// Source: Apache Thrift, `doc/specs/thrift-binary-protocol.md` and `thrift-compact-protocol.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// No type: the end of a struct. As the type of elements it is what some write for an empty container.
    Stop = 0,
    /// One of two.
    Bool = 2,
    /// `i8` and `byte`.
    I8 = 3,
    /// 64 bits, IEEE 754.
    Double = 4,
    /// Two bytes.
    I16 = 6,
    /// Four bytes, and every enum.
    I32 = 8,
    /// Eight bytes.
    I64 = 10,
    /// `string` and `binary`: bytes with a length.
    String = 11,
    /// Structs, unions and exceptions.
    Struct = 12,
    /// Pairs.
    Map = 13,
    /// Elements that differ.
    Set = 14,
    /// Elements in order.
    List = 15,
    /// Sixteen bytes.
    Uuid = 16,
}

impl Kind {
    /// The kind that has this number in the binary protocol.
    #[inline]
    pub const fn from_binary(byte: u8) -> Option<Self> {
        Some(match byte {
            0 => Self::Stop,
            2 => Self::Bool,
            3 => Self::I8,
            4 => Self::Double,
            6 => Self::I16,
            8 => Self::I32,
            10 => Self::I64,
            11 => Self::String,
            12 => Self::Struct,
            13 => Self::Map,
            14 => Self::Set,
            15 => Self::List,
            16 => Self::Uuid,
            _ => return None,
        })
    }

    /// Its number in the binary protocol.
    #[inline]
    pub const fn to_binary(self) -> u8 {
        self as u8
    }

    /// The kind that has this number, of four bits, in the compact protocol. Bool has two, 1 and 2.
    #[inline]
    pub const fn from_compact(nibble: u8) -> Option<Self> {
        Some(match nibble {
            0 => Self::Stop,
            1 | 2 => Self::Bool,
            3 => Self::I8,
            4 => Self::I16,
            5 => Self::I32,
            6 => Self::I64,
            7 => Self::Double,
            8 => Self::String,
            9 => Self::List,
            10 => Self::Set,
            11 => Self::Map,
            12 => Self::Struct,
            13 => Self::Uuid,
            _ => return None,
        })
    }

    /// Its number in the compact protocol, which is four bits. For a bool it is 1: `true` if it is a field, and how all writers name
    /// the type of elements.
    #[inline]
    pub const fn to_compact(self) -> u8 {
        match self {
            Self::Stop => 0,
            Self::Bool => 1,
            Self::I8 => 3,
            Self::I16 => 4,
            Self::I32 => 5,
            Self::I64 => 6,
            Self::Double => 7,
            Self::String => 8,
            Self::List => 9,
            Self::Set => 10,
            Self::Map => 11,
            Self::Struct => 12,
            Self::Uuid => 13,
        }
    }

    /// Bytes of the least that such an element takes in the binary protocol: what a claimed count is multiplied by, before it is
    /// believed.
    #[inline]
    pub(super) const fn binary_bytes_min(self) -> u64 {
        match self {
            Self::Stop => 0,
            Self::Bool | Self::I8 | Self::Struct => 1,
            Self::I16 => 2,
            Self::I32 | Self::String => 4,
            Self::Set | Self::List => 5,
            Self::Map => 6,
            Self::Double | Self::I64 => 8,
            Self::Uuid => 16,
        }
    }

    /// The same for the compact protocol.
    #[inline]
    pub(super) const fn compact_bytes_min(self) -> u64 {
        match self {
            Self::Stop => 0,
            Self::Double => 8,
            Self::Uuid => 16,
            _ => 1,
        }
    }

    /// Bytes of each such element in the binary protocol, if all take the same.
    #[inline]
    pub(super) const fn binary_bytes_fixed(self) -> Option<usize> {
        match self {
            Self::Bool | Self::I8 => Some(1),
            Self::I16 => Some(2),
            Self::I32 => Some(4),
            Self::I64 | Self::Double => Some(8),
            Self::Uuid => Some(16),
            _ => None,
        }
    }

    /// The same for elements, not fields, of the compact protocol.
    #[inline]
    pub(super) const fn compact_bytes_fixed(self) -> Option<usize> {
        match self {
            Self::Bool | Self::I8 => Some(1),
            Self::Double => Some(8),
            Self::Uuid => Some(16),
            _ => None,
        }
    }
}

/// As the interface language names it.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stop => "nothing",
            Self::Bool => "bool",
            Self::I8 => "i8",
            Self::Double => "double",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::String => "string",
            Self::Struct => "struct",
            Self::Map => "map",
            Self::Set => "set",
            Self::List => "list",
            Self::Uuid => "uuid",
        })
    }
}

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// A question; a reply or an exception answers it.
    Call,
    /// What the method returned, or an exception that it declares.
    Reply,
    /// An [`ApplicationException`](super::ApplicationException).
    Exception,
    /// A call that nobody answers.
    Oneway,
    /// A number that means nothing. It is read, so that who sent it can be told.
    Other(u8),
}

impl MessageKind {
    /// The kind of this number.
    #[inline]
    pub const fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Call,
            2 => Self::Reply,
            3 => Self::Exception,
            4 => Self::Oneway,
            other => Self::Other(other),
        }
    }

    /// Its number. The compact protocol has three bits for it.
    #[inline]
    pub const fn number(self) -> u8 {
        match self {
            Self::Call => 1,
            Self::Reply => 2,
            Self::Exception => 3,
            Self::Oneway => 4,
            Self::Other(number) => number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [(Kind, u8, u8); 13] = [
        (Kind::Stop, 0, 0),
        (Kind::Bool, 2, 1),
        (Kind::I8, 3, 3),
        (Kind::Double, 4, 7),
        (Kind::I16, 6, 4),
        (Kind::I32, 8, 5),
        (Kind::I64, 10, 6),
        (Kind::String, 11, 8),
        (Kind::Struct, 12, 12),
        (Kind::Map, 13, 11),
        (Kind::Set, 14, 10),
        (Kind::List, 15, 9),
        (Kind::Uuid, 16, 13),
    ];

    #[test]
    fn numbers_are_those_of_the_standard_both_ways_and_no_others() {
        for byte in 0..=u8::MAX {
            let binary = NUMBERS.iter().find(|(_, number, _)| *number == byte);
            assert_eq!(Kind::from_binary(byte), binary.map(|(kind, ..)| *kind));
            let compact = NUMBERS.iter().find(|(_, _, number)| *number == byte);
            let bool = (byte == 2).then_some(Kind::Bool);
            assert_eq!(
                Kind::from_compact(byte),
                compact.map(|(kind, ..)| *kind).or(bool)
            );
            assert_eq!(MessageKind::from_number(byte).number(), byte);
        }
        for (kind, binary, compact) in NUMBERS {
            assert_eq!((kind.to_binary(), kind.to_compact()), (binary, compact));
        }
    }

    #[test]
    fn what_is_fixed_is_also_the_least() {
        for (kind, ..) in NUMBERS {
            for (fixed, least) in [
                (kind.binary_bytes_fixed(), kind.binary_bytes_min()),
                (kind.compact_bytes_fixed(), kind.compact_bytes_min()),
            ] {
                assert!(fixed.is_none_or(|bytes| bytes as u64 == least), "{kind}");
                assert_eq!(least == 0, kind == Kind::Stop, "{kind}");
            }
        }
    }
}
