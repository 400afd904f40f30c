//! A plain function as a method that has its name with each call, and no interface.

use std::marker::PhantomData;

use super::answer::NoException;
use super::arguments::{Arguments, Passed};
use super::fault::{Locate, ProtocolError};
use super::kind::Kind;
use super::method::Method;
use super::read::{Field, Read};
use super::value::Value;
use super::write::Write;

/// A plain function of these arguments and this result, whatever its name.
pub(super) struct Plain<A, T>(PhantomData<fn(A) -> T>);

impl<A: Arguments, T: Passed> Method for Plain<A, T> {
    const NAME: &'static str = "";
    const FULL_NAME: &'static str = "";
    const ONEWAY: bool = false;
    const PLAIN: bool = true;
    type Arguments = Positional<A>;
    type Output = T;
    type Exception = NoException;
    type Result = PlainResult<T>;

    fn outcome(result: PlainResult<T>) -> Option<Result<T, NoException>> {
        result.0.map(Ok)
    }
}

/// Arguments by position: their struct.
pub(super) struct Positional<A>(pub(super) A);

impl<A: Arguments> Value for Positional<A> {
    const KIND: Kind = Kind::Struct;

    #[inline]
    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        A::read_struct(input).map(Self)
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        self.0.write_struct(output)
    }
}

/// A result's struct: the value is field 0. `None` if it has none, or an exception instead.
pub(super) struct PlainResult<T>(Option<T>);

impl<T> From<Result<T, NoException>> for PlainResult<T> {
    #[inline]
    fn from(outcome: Result<T, NoException>) -> Self {
        Self(outcome.ok())
    }
}

impl<T: Passed> Value for PlainResult<T> {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let (mut value, mut thrown) = (None, false);
        let mut fields = input.begin_struct()?;
        while let Some(Field { id, kind }) = input.field(&mut fields)? {
            match id {
                0 => value = Some(T::read_field(input, kind).at("result", "0")?),
                _ => {
                    // Exceptions that an interface declares have the numbers from 1 on. Without this, one would pass for a `()`.
                    thrown |= id > 0;
                    input.skip(kind)?;
                }
            }
        }
        input.end_struct(fields);
        Ok(Self(match thrown {
            true => None,
            false => value.or_else(T::absent),
        }))
    }

    #[inline]
    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        if let Some(value) = &self.0 {
            value.write_field(output, &mut fields, 0)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}
