//! What is passed to a plain function and back: values by position.

use super::fault::{Locate, ProtocolError, ProtocolErrorKind};
use super::kind::Kind;
use super::read::{Field, Read};
use super::value::Value;
use super::write::Write;

/// What a plain function takes: a tuple of 1 to 12, one value that is in no tuple, or `()` for nothing.
///
/// On the wire they are an ordinary arguments' struct, whose fields are numbered from 1 in the order of the tuple. So any Thrift client
/// makes such a call, of an interface that names the same types: `(i64, String)` is
///
/// ```text
/// i64 f(1: i64 a, 2: string b)
/// ```
///
/// One value alone is the same as the tuple that has only this: a struct is its field 1, and not the arguments' struct itself.
///
/// # What is read
///
/// | Field | Is |
/// |---|---|
/// | of a position | read; of several the last is taken, as everywhere in Thrift |
/// | of no position | skipped: a newer caller may say more |
/// | absent | `None` where the function takes an `Option`, whatever its position; else an error. There is no default: clients write every argument that has a value, and a zero that nobody has sent would be served as if it had been. |
/// | of another type than the function takes | an error. A service of an interface would skip it; here is no interface that would have told the caller. |
///
/// A `None` is left out when it is written.
///
/// # Errors
/// [`MissingField`](ProtocolErrorKind::MissingField) and [`InvalidData`](ProtocolErrorKind::InvalidData), with the position:
/// `arguments.2: i32 instead of i64`. A [`Functions`](super::Functions) answers with that text.
pub trait Arguments: Sized + 'static {
    /// Takes them off the front of the input.
    ///
    /// # Errors
    /// Above, and as [`Read`] says.
    fn read_struct<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError>;

    /// Appends them to the output.
    ///
    /// # Errors
    /// As [`Write`] says.
    fn write_struct<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError>;
}

/// What has a place among the arguments of a plain function, or is its result: a [`Value`], an `Option` of one, or `()`, for which
/// nothing is written.
///
/// As a result, `()` is what interfaces call `void`. They have no word for a result that may be absent: other clients take a `None` for
/// a reply [without a result](super::ApplicationExceptionKind::MissingResult), ours for `None`.
pub trait Passed: Sized + 'static {
    /// What stands for it where its field is absent, if anything may.
    fn absent() -> Option<Self>;

    /// Reads its field, whose head has been read.
    ///
    /// # Errors
    /// [`InvalidData`](ProtocolErrorKind::InvalidData) if it is of another type, and as [`Read`] says.
    fn read_field<'a, R: Read<'a>>(input: &mut R, kind: Kind) -> Result<Self, ProtocolError>;

    /// Appends its field, or nothing.
    ///
    /// # Errors
    /// As [`Write`] says.
    fn write_field<W: Write>(
        &self,
        output: &mut W,
        fields: &mut W::Fields,
        id: i16,
    ) -> Result<(), ProtocolError>;
}

impl<T: Value + 'static> Passed for T {
    #[inline]
    fn absent() -> Option<Self> {
        None
    }

    #[inline]
    fn read_field<'a, R: Read<'a>>(input: &mut R, kind: Kind) -> Result<Self, ProtocolError> {
        if kind != T::KIND {
            return Err(other_type(T::KIND, kind));
        }
        T::read(input)
    }

    #[inline]
    fn write_field<W: Write>(
        &self,
        output: &mut W,
        fields: &mut W::Fields,
        id: i16,
    ) -> Result<(), ProtocolError> {
        output.field(fields, id, T::KIND);
        self.write(output)
    }
}

impl<T: Value + 'static> Passed for Option<T> {
    #[inline]
    fn absent() -> Option<Self> {
        Some(None)
    }

    #[inline]
    fn read_field<'a, R: Read<'a>>(input: &mut R, kind: Kind) -> Result<Self, ProtocolError> {
        T::read_field(input, kind).map(Some)
    }

    #[inline]
    fn write_field<W: Write>(
        &self,
        output: &mut W,
        fields: &mut W::Fields,
        id: i16,
    ) -> Result<(), ProtocolError> {
        match self {
            Some(value) => value.write_field(output, fields, id),
            None => Ok(()),
        }
    }
}

impl Passed for () {
    #[inline]
    fn absent() -> Option<Self> {
        Some(())
    }

    /// A field at a place that has nothing is unknown, and skipped.
    #[inline]
    fn read_field<'a, R: Read<'a>>(input: &mut R, kind: Kind) -> Result<Self, ProtocolError> {
        input.skip(kind)
    }

    #[inline]
    fn write_field<W: Write>(
        &self,
        _: &mut W,
        _: &mut W::Fields,
        _: i16,
    ) -> Result<(), ProtocolError> {
        Ok(())
    }
}

/// One alone.
impl<T: Passed> Arguments for T {
    fn read_struct<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        <(T,)>::read_struct(input).map(|(value,)| value)
    }

    fn write_struct<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        self.write_field(output, &mut fields, 1).at(NAME, "1")?;
        output.end_struct(fields);
        Ok(())
    }
}

macro_rules! tuples {
    ($($($id:literal $position:literal $type:ident $value:ident),*;)*) => {$(
        impl<$($type: Passed),*> Arguments for ($($type,)*) {
            fn read_struct<'a, Input: Read<'a>>(input: &mut Input) -> Result<Self, ProtocolError> {
                $(let mut $value = None;)*
                let mut fields = input.begin_struct()?;
                while let Some(Field { id, kind }) = input.field(&mut fields)? {
                    match id {
                        $($id => $value = Some($type::read_field(input, kind).at(NAME, $position)?),)*
                        _ => input.skip(kind)?,
                    }
                }
                input.end_struct(fields);
                Ok(($(there($value, $position)?,)*))
            }

            fn write_struct<Output: Write>(&self, output: &mut Output) -> Result<(), ProtocolError> {
                let ($($value,)*) = self;
                let mut fields = output.begin_struct()?;
                $($value.write_field(output, &mut fields, $id).at(NAME, $position)?;)*
                output.end_struct(fields);
                Ok(())
            }
        }
    )*};
}

tuples! {
    1 "1" A a;
    1 "1" A a, 2 "2" B b;
    1 "1" A a, 2 "2" B b, 3 "3" C c;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d, 5 "5" E e;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d, 5 "5" E e, 6 "6" F f;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d, 5 "5" E e, 6 "6" F f, 7 "7" G g;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d, 5 "5" E e, 6 "6" F f, 7 "7" G g, 8 "8" H h;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d, 5 "5" E e, 6 "6" F f, 7 "7" G g, 8 "8" H h, 9 "9" I i;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d, 5 "5" E e, 6 "6" F f, 7 "7" G g, 8 "8" H h, 9 "9" I i, 10 "10" J j;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d, 5 "5" E e, 6 "6" F f, 7 "7" G g, 8 "8" H h, 9 "9" I i, 10 "10" J j, 11 "11" K k;
    1 "1" A a, 2 "2" B b, 3 "3" C c, 4 "4" D d, 5 "5" E e, 6 "6" F f, 7 "7" G g, 8 "8" H h, 9 "9" I i, 10 "10" J j, 11 "11" K k, 12 "12" L l;
}

/// An argument that came, or what stands for it.
#[inline]
fn there<T: Passed>(value: Option<T>, position: &'static str) -> Result<T, ProtocolError> {
    match value.or_else(T::absent) {
        Some(value) => Ok(value),
        None => Err(missing(position)),
    }
}

#[cold]
#[inline(never)]
fn missing(position: &'static str) -> ProtocolError {
    ProtocolError::new(
        ProtocolErrorKind::MissingField,
        "the argument did not come, and there is no default",
    )
    .at(NAME, position)
}

#[cold]
#[inline(never)]
fn other_type(agreed: Kind, found: Kind) -> ProtocolError {
    ProtocolError::new(
        ProtocolErrorKind::InvalidData,
        format!("{found} instead of {agreed}"),
    )
}

/// What errors call the struct that the arguments are.
const NAME: &str = "arguments";
