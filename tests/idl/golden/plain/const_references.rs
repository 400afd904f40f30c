// Generated from const_references.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use oneloop::thrift::{Kind, ProtocolError, Read, Value, Write};

pub const A: i32 = 5;
pub const B: i32 = A;
pub const WIDE: i64 = 5;
pub const D: f64 = 5.0;

pub static L: LazyLock<Vec<i32>> = LazyLock::new(|| vec![A, B, 3]);

pub static M: LazyLock<Vec<i32>> = LazyLock::new(|| L.clone());

pub const S: &str = "s";

pub static P: LazyLock<BTreeMap<String, i32>> = LazyLock::new(|| BTreeMap::from([
    (String::from(S), A),
]));

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(pub i32);

impl Level {
    pub const LOW: Self = Self(0);
    pub const HIGH: Self = Self(3);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::LOW, Self::HIGH];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::LOW => Some("LOW"),
            Self::HIGH => Some("HIGH"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for Level {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for Level {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

pub type Height = Level;

pub const BY_TYPEDEF: Height = Level::HIGH;
pub const MEMBER: i16 = 3;
pub const VIA: i32 = 3;
pub const FRACTION: f64 = 3.0;
pub const TRUTH: bool = false;
