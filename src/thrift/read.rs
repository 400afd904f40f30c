//! Reading: what both protocols can tell of a message.

use bytes::Bytes;

use super::fault::ProtocolError;
use super::kind::Kind;
use super::message::{Message, RawMessage};
use super::text::Text;

/// Takes values off the front of a frame, in the order in which they were written. Nothing is reserved for what has only been claimed.
///
/// A reader has no virtual call and no buffer: it is a place in the frame, and what it gives borrows from there. After an error it
/// stands in the middle of the message and is of no further use.
///
/// # How a struct is read
///
/// ```
/// use oneloop::thrift::{Kind, Locate, ProtocolError, Read, Value};
///
/// #[derive(Default)]
/// struct LogEntry { category: String, message: String }
///
/// fn read<'a, R: Read<'a>>(input: &mut R) -> Result<LogEntry, ProtocolError> {
///     let mut entry = LogEntry::default();
///     let mut fields = input.begin_struct()?; // one level deeper
///     while let Some(field) = input.field(&mut fields)? {
///         match (field.id, field.kind) {
///             (1, Kind::String) => entry.category = Value::read(input).at("LogEntry", "category")?,
///             (2, Kind::String) => entry.message = Value::read(input).at("LogEntry", "message")?,
///             (_, kind) => input.skip(kind)?, // an unknown field, or one of another type than was agreed
///         }
///     }
///     input.end_struct(fields);
///     Ok(entry)
/// }
/// ```
///
/// # Errors
///
/// All reading fails with [`Truncated`](super::ProtocolErrorKind::Truncated) where the bytes end, with
/// [`NegativeSize`](super::ProtocolErrorKind::NegativeSize) and [`SizeLimit`](super::ProtocolErrorKind::SizeLimit) for a size that no
/// good message has, and with [`InvalidData`](super::ProtocolErrorKind::InvalidData) for what the protocol has no meaning for.
pub trait Read<'a>: Sized {
    /// What is remembered from one field of a struct to the next. It lives on the stack of who reads the struct.
    type Fields;

    /// The head of a message.
    ///
    /// # Errors
    /// [`BadVersion`](super::ProtocolErrorKind::BadVersion) if it is another protocol's.
    #[inline]
    fn message(&mut self) -> Result<Message<'a>, ProtocolError> {
        self.raw_message()?.checked()
    }

    /// The same, whatever the name is made of.
    ///
    /// # Errors
    /// [`BadVersion`](super::ProtocolErrorKind::BadVersion) if it is another protocol's.
    fn raw_message(&mut self) -> Result<RawMessage<'a>, ProtocolError>;

    /// The beginning of a struct.
    ///
    /// # Errors
    /// [`DepthLimit`](super::ProtocolErrorKind::DepthLimit) if it is within too many others.
    fn begin_struct(&mut self) -> Result<Self::Fields, ProtocolError>;

    /// The head of the next field, or `None` at the end of the struct. The value has to be read or skipped before the next.
    fn field(&mut self, fields: &mut Self::Fields) -> Result<Option<Field>, ProtocolError>;

    /// Leaves the struct whose last [`field`](Self::field) was `None`.
    fn end_struct(&mut self, fields: Self::Fields);

    /// A bool: a field's, which the compact protocol has in the head, or an element's.
    fn bool(&mut self) -> Result<bool, ProtocolError>;

    /// An `i8`.
    fn i8(&mut self) -> Result<i8, ProtocolError>;

    /// An `i16`.
    fn i16(&mut self) -> Result<i16, ProtocolError>;

    /// An `i32`, or an enum.
    fn i32(&mut self) -> Result<i32, ProtocolError>;

    /// An `i64`.
    fn i64(&mut self) -> Result<i64, ProtocolError>;

    /// A `double`, bit by bit as it was written.
    fn double(&mut self) -> Result<f64, ProtocolError>;

    /// The 16 bytes of a `uuid`.
    fn uuid(&mut self) -> Result<[u8; 16], ProtocolError>;

    /// A `binary`, where it lies in the frame.
    fn binary(&mut self) -> Result<&'a [u8], ProtocolError>;

    /// A `string`, where it lies in the frame. It is UTF-8.
    #[inline]
    fn string(&mut self) -> Result<&'a str, ProtocolError> {
        str::from_utf8(self.binary()?).map_err(|_| ProtocolError::not_utf8())
    }

    /// A `binary` that shares the frame's buffer, if the reader was made over a shared one; or else a copy.
    fn bytes(&mut self) -> Result<Bytes, ProtocolError>;

    /// A `string` of the same sort.
    fn text(&mut self) -> Result<Text, ProtocolError>;

    /// The head of a list. So many elements are behind it, to be read one by one.
    fn list(&mut self) -> Result<ListHead, ProtocolError>;

    /// Says that so many bytes of memory are about to be taken for the elements of a container.
    ///
    /// # Errors
    /// [`SizeLimit`](super::ProtocolErrorKind::SizeLimit) above
    /// [`container_bytes_max`](super::WireLimits::container_bytes_max) in all.
    fn charge(&mut self, bytes: usize) -> Result<(), ProtocolError>;

    /// The head of a set.
    #[inline]
    fn set(&mut self) -> Result<ListHead, ProtocolError> {
        self.list()
    }

    /// The head of a map. So many pairs are behind it, key and value by turns.
    fn map(&mut self) -> Result<MapHead, ProtocolError>;

    /// Goes past a value of this kind without looking at it more than it takes to find its end: strings are not checked for UTF-8.
    ///
    /// # Errors
    /// [`DepthLimit`](super::ProtocolErrorKind::DepthLimit) if structs and containers within it are too many levels deep.
    fn skip(&mut self, kind: Kind) -> Result<(), ProtocolError>;

    /// What is not read yet. After a message, it is the next one of the same frame.
    fn rest(&self) -> &'a [u8];

    /// Ends the reading.
    ///
    /// # Errors
    /// [`TrailingBytes`](super::ProtocolErrorKind::TrailingBytes) if anything is left.
    #[inline]
    fn finish(self) -> Result<(), ProtocolError> {
        match self.rest().len() {
            0 => Ok(()),
            bytes => Err(ProtocolError::trailing(bytes)),
        }
    }
}

/// The head of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its number in the interface, which may be negative.
    pub id: i16,
    /// The type of its value; never [`Kind::Stop`].
    pub kind: Kind,
}

/// The head of a list or set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListHead {
    /// The type of its elements; [`Kind::Stop`] only if there are none.
    pub kind: Kind,
    /// How many there are. The frame has bytes for as many, at the least size that such an element can have.
    pub len: usize,
}

impl ListHead {
    /// How many elements of this kind are to be read.
    ///
    /// # Errors
    /// [`InvalidData`](super::ProtocolErrorKind::InvalidData) if there are elements and they are of another kind.
    #[inline]
    pub fn of(self, kind: Kind) -> Result<usize, ProtocolError> {
        if self.kind != kind && self.len != 0 {
            return Err(ProtocolError::other_elements(kind, self.kind));
        }
        Ok(self.len)
    }
}

/// The head of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapHead {
    /// The type of its keys; [`Kind::Stop`] only if there are none: the compact protocol has no types for an empty map.
    pub key: Kind,
    /// The type of its values.
    pub value: Kind,
    /// How many pairs there are.
    pub len: usize,
}

impl MapHead {
    /// How many pairs of these kinds are to be read.
    ///
    /// # Errors
    /// [`InvalidData`](super::ProtocolErrorKind::InvalidData) if there are pairs and they are of other kinds.
    #[inline]
    pub fn of(self, key: Kind, value: Kind) -> Result<usize, ProtocolError> {
        if self.len != 0 {
            if self.key != key {
                return Err(ProtocolError::other_elements(key, self.key));
            }
            if self.value != value {
                return Err(ProtocolError::other_elements(value, self.value));
            }
        }
        Ok(self.len)
    }
}
