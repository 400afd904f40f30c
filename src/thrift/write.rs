//! Writing: what both protocols can be told.

use super::fault::ProtocolError;
use super::kind::Kind;
use super::message::Message;

/// Appends values to a buffer, in the order in which they are to be read.
///
/// # How a struct is written
///
/// ```
/// use oneloop::thrift::{Kind, ProtocolError, Value, Write};
///
/// struct LogEntry { category: String, message: String }
///
/// fn write<W: Write>(entry: &LogEntry, output: &mut W) -> Result<(), ProtocolError> {
///     let mut fields = output.begin_struct()?;
///     output.field(&mut fields, 1, Kind::String);
///     entry.category.write(output)?;
///     output.field(&mut fields, 2, Kind::String);
///     entry.message.write(output)?;
///     output.end_struct(fields);
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// A size beyond 2<sup>31</sup> - 1, which no reader takes, is a [`SizeLimit`](super::ProtocolErrorKind::SizeLimit). What was written
/// before an error stays in the buffer: who wants all or nothing cuts it back to the length it had.
pub trait Write {
    /// What is remembered from one field of a struct to the next. It lives on the stack of who writes the struct.
    type Fields;

    /// The head of a message.
    fn message(&mut self, head: &Message<'_>) -> Result<(), ProtocolError>;

    /// The beginning of a struct.
    ///
    /// # Errors
    /// [`DepthLimit`](super::ProtocolErrorKind::DepthLimit) if it is within too many others: no reader would take it, and a value that
    /// nests without end would take the stack.
    fn begin_struct(&mut self) -> Result<Self::Fields, ProtocolError>;

    /// The head of a field. Its value has to be written next.
    fn field(&mut self, fields: &mut Self::Fields, id: i16, kind: Kind);

    /// The end of the struct.
    fn end_struct(&mut self, fields: Self::Fields);

    /// A bool: a field's, which the compact protocol has in the head, or an element's.
    fn bool(&mut self, value: bool);

    /// An `i8`.
    fn i8(&mut self, value: i8);

    /// An `i16`.
    fn i16(&mut self, value: i16);

    /// An `i32`, or an enum.
    fn i32(&mut self, value: i32);

    /// An `i64`.
    fn i64(&mut self, value: i64);

    /// A `double`, bit by bit.
    fn double(&mut self, value: f64);

    /// The 16 bytes of a `uuid`.
    fn uuid(&mut self, value: [u8; 16]);

    /// A `binary`.
    fn binary(&mut self, value: &[u8]) -> Result<(), ProtocolError>;

    /// A `string`.
    #[inline]
    fn string(&mut self, value: &str) -> Result<(), ProtocolError> {
        self.binary(value.as_bytes())
    }

    /// The head of a list; so many elements have to be written behind it.
    fn list(&mut self, kind: Kind, len: usize) -> Result<(), ProtocolError>;

    /// The head of a set.
    #[inline]
    fn set(&mut self, kind: Kind, len: usize) -> Result<(), ProtocolError> {
        self.list(kind, len)
    }

    /// The head of a map; so many pairs have to be written behind it, key and value by turns.
    fn map(&mut self, key: Kind, value: Kind, len: usize) -> Result<(), ProtocolError>;
}
