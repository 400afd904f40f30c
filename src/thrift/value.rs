//! What of Rust is what on the wire.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use bytes::Bytes;

use super::double::OrderedDouble;
use super::fault::ProtocolError;
use super::kind::Kind;
use super::read::Read;
use super::text::Text;
use super::uuid::Uuid;
use super::write::Write;

/// A value that has a type on the wire.
///
/// | Interface | Rust |
/// |---|---|
/// | `bool`, `i8` and `byte`, `i16`, `i32`, `i64` | `bool`, `i8`, `i16`, `i32`, `i64` |
/// | `double` | `f64`, [`OrderedDouble`] where it has to be a key |
/// | `string` | `String`, [`Text`] |
/// | `binary` | `Vec<u8>`, `Bytes` |
/// | `uuid` | [`Uuid`], `[u8; 16]` |
/// | `list` | `Vec` |
/// | `set` | `BTreeSet`, `HashSet` |
/// | `map` | `BTreeMap`, `HashMap` |
/// | structs | their own; `Box` where one is within itself |
///
/// Of elements or keys that are there twice, the last is taken, as everywhere in Thrift.
///
/// ```
/// use oneloop::thrift::{Binary, Protocol, ProtocolErrorKind, Value, WireLimits};
///
/// let list = b"\x08\0\0\0\x01\0\0\0\x07";
/// let read = Vec::<i32>::read(&mut Binary::reader(list, WireLimits::default()));
/// assert_eq!(read.unwrap(), [7]);
/// // A list whose elements are of another type than was agreed is refused, unless it is empty.
/// let read = Vec::<String>::read(&mut Binary::reader(list, WireLimits::default()));
/// assert_eq!(read.unwrap_err().to_string(), "elements of type i32 instead of string");
/// ```
pub trait Value: Sized {
    /// What it is on the wire.
    const KIND: Kind;

    /// Takes one off the front of the input. Memory grows with what was read, not with what is claimed.
    ///
    /// # Errors
    /// As [`Read`] says.
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError>;

    /// Appends it to the output.
    ///
    /// # Errors
    /// As [`Write`] says.
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError>;
}

/// Values that the reader and the writer have a word for, and which cannot fail to be written.
macro_rules! plain {
    ($($type:ty, $kind:ident, $word:ident;)*) => {$(
        impl Value for $type {
            const KIND: Kind = Kind::$kind;

            #[inline]
            fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
                input.$word()
            }

            #[inline]
            fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
                output.$word(*self);
                Ok(())
            }
        }
    )*};
}

plain! {
    bool, Bool, bool;
    i8, I8, i8;
    i16, I16, i16;
    i32, I32, i32;
    i64, I64, i64;
    f64, Double, double;
    [u8; 16], Uuid, uuid;
}

impl Value for OrderedDouble {
    const KIND: Kind = Kind::Double;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.double()?))
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.double(self.0);
        Ok(())
    }
}

impl Value for Uuid {
    const KIND: Kind = Kind::Uuid;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.uuid()?))
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.uuid(self.0);
        Ok(())
    }
}

impl Value for String {
    const KIND: Kind = Kind::String;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        // Copied first: the copy is aligned, and an aligned text is looked through sixteen bytes at a time.
        Self::from_utf8(input.binary()?.to_owned()).map_err(|_| ProtocolError::not_utf8())
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.string(self)
    }
}

impl Value for Text {
    const KIND: Kind = Kind::String;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        input.text()
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.binary(self.as_bytes())
    }
}

/// `binary`. A `u8` is no value by itself: the interface language has none.
impl Value for Vec<u8> {
    const KIND: Kind = Kind::String;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(input.binary()?.to_owned())
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.binary(self)
    }
}

/// `binary`, shared with the frame where the reader is over a shared one.
impl Value for Bytes {
    const KIND: Kind = Kind::String;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        input.bytes()
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.binary(self)
    }
}

impl<T: Value> Value for Box<T> {
    const KIND: Kind = T::KIND;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self::new(T::read(input)?))
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        T::write(self, output)
    }
}

impl<T: Value> Value for Vec<T> {
    const KIND: Kind = Kind::List;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let len = input.list()?.of(T::KIND)?;
        charge::<T, R>(input, len)?;
        let mut list = Self::with_capacity(reserved::<T>(len));
        for _ in 0..len {
            list.push(T::read(input)?);
        }
        Ok(list)
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.list(T::KIND, self.len())?;
        for element in self {
            element.write(output)?;
        }
        Ok(())
    }
}

impl<T: Value + Ord> Value for BTreeSet<T> {
    const KIND: Kind = Kind::Set;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let len = input.set()?.of(T::KIND)?;
        charge::<T, R>(input, len)?;
        let mut set = Self::new();
        for _ in 0..len {
            set.insert(T::read(input)?);
        }
        Ok(set)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.set(T::KIND, self.len())?;
        for element in self {
            element.write(output)?;
        }
        Ok(())
    }
}

impl<T: Value + Eq + Hash, S: BuildHasher + Default> Value for HashSet<T, S> {
    const KIND: Kind = Kind::Set;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let len = input.set()?.of(T::KIND)?;
        charge::<T, R>(input, len)?;
        let mut set = Self::with_capacity_and_hasher(reserved::<T>(len), S::default());
        for _ in 0..len {
            set.insert(T::read(input)?);
        }
        Ok(set)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.set(T::KIND, self.len())?;
        for element in self {
            element.write(output)?;
        }
        Ok(())
    }
}

impl<K: Value + Ord, V: Value> Value for BTreeMap<K, V> {
    const KIND: Kind = Kind::Map;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let len = input.map()?.of(K::KIND, V::KIND)?;
        charge::<(K, V), R>(input, len)?;
        let mut map = Self::new();
        for _ in 0..len {
            let key = K::read(input)?;
            map.insert(key, V::read(input)?);
        }
        Ok(map)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.map(K::KIND, V::KIND, self.len())?;
        for (key, value) in self {
            key.write(output)?;
            value.write(output)?;
        }
        Ok(())
    }
}

impl<K: Value + Eq + Hash, V: Value, S: BuildHasher + Default> Value for HashMap<K, V, S> {
    const KIND: Kind = Kind::Map;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let len = input.map()?.of(K::KIND, V::KIND)?;
        charge::<(K, V), R>(input, len)?;
        let mut map = Self::with_capacity_and_hasher(reserved::<(K, V)>(len), S::default());
        for _ in 0..len {
            let key = K::read(input)?;
            map.insert(key, V::read(input)?);
        }
        Ok(map)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.map(K::KIND, V::KIND, self.len())?;
        for (key, value) in self {
            key.write(output)?;
            value.write(output)?;
        }
        Ok(())
    }
}

/// Looks whether there may be so many elements.
#[inline]
fn charge<'a, T, R: Read<'a>>(input: &mut R, len: usize) -> Result<(), ProtocolError> {
    input.charge(len.saturating_mul(size_of::<T>()))
}

/// For how many of `len` elements room is made before the first has been read. An element may be a hundred times as large in memory as
/// it is on the wire, and containers may be within each other: so no more than what is soon filled, and doubled as it is.
#[inline]
fn reserved<T>(len: usize) -> usize {
    len.min(RESERVED_BYTES_MAX / size_of::<T>().max(1))
}

/// Of one container, before its first element.
const RESERVED_BYTES_MAX: usize = 8192;
