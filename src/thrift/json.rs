//! Values of serde, as JSON within a `binary`.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fault::{ProtocolError, ProtocolErrorKind};
use super::kind::Kind;
use super::read::Read;
use super::value::Value;
use super::write::Write;

/// What serde can write and read, as a [`Value`]: for arguments and results of plain functions whose types are in no interface. With the
/// feature `serde`.
///
/// ```
/// use oneloop::thrift::{Functions, Json};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// enum Shape { Circle { radius: f64 }, Square(f64) }
///
/// # fn main() -> oneloop::Result<()> {
/// let mut functions = Functions::<()>::new();
/// functions.on("grow", |_cx, (Json(shape), by): (Json<Shape>, f64)| {
///     Json(match shape {
///         Shape::Circle { radius } => Shape::Circle { radius: radius * by },
///         Shape::Square(side) => Shape::Square(side * by),
///     })
/// })?;
/// # Ok(())
/// # }
/// ```
///
/// # On the wire
///
/// A `binary`, which is a `string` to who would rather have one, with one JSON text (RFC 8259) in UTF-8 and nothing behind it. Its form
/// is serde's: a struct is an object by its fields' names, `None` is `null`, an enum's variant is `"Name"` or `{"Name": …}`. A client in
/// Python calls `grow` as `binary grow(1: binary shape, 2: double by)` with
///
/// ```text
/// client.grow(json.dumps({"Circle": {"radius": 1.5}}).encode(), 2.0)
/// ```
///
/// JSON, and nothing denser, because every language has it at hand and a person can read it in a log of packets. What has to be small or
/// fast is better passed as Thrift's own types. What JSON cannot say, this cannot: a double that is no number becomes `null` and is
/// refused when read, keys of maps are strings or numbers, a `Vec<u8>` is a list of numbers (`Bytes` beside the `Json` is none).
///
/// # Errors
/// [`InvalidData`](ProtocolErrorKind::InvalidData): what came is no JSON, is no `T`, has something behind it, or is nested deeper than
/// 128 levels; what is to be written cannot be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned> Value for Json<T> {
    const KIND: Kind = Kind::String;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        serde_json::from_slice(input.binary()?)
            .map(Self)
            .map_err(|error| invalid("what came is not the JSON that was agreed", &error))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let text = serde_json::to_vec(&self.0)
            .map_err(|error| invalid("it cannot be written as JSON", &error))?;
        output.binary(&text)
    }
}

#[cold]
fn invalid(what: &str, error: &serde_json::Error) -> ProtocolError {
    ProtocolError::new(ProtocolErrorKind::InvalidData, format!("{what}: {error}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::super::{Binary, Protocol, WireLimits};
    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Nothing,
        Circle { radius: f64 },
        Many(Vec<Self>),
    }

    fn written<T: Serialize + DeserializeOwned>(value: T) -> Result<Vec<u8>, ProtocolError> {
        let mut bytes = Vec::new();
        Json(value).write(&mut Binary::writer(&mut bytes, WireLimits::default()))?;
        Ok(bytes)
    }

    fn read<T: Serialize + DeserializeOwned>(text: &str) -> Result<T, ProtocolError> {
        let mut bytes = (text.len() as u32).to_be_bytes().to_vec();
        bytes.extend(text.as_bytes());
        let mut input = Binary::reader(&bytes, WireLimits::default());
        Json::<T>::read(&mut input).map(|json| json.0)
    }

    #[test]
    fn a_value_is_one_json_text_in_a_binary() {
        let shapes = Shape::Many(vec![Shape::Nothing, Shape::Circle { radius: 1.5 }]);
        let text = r#"{"Many":["Nothing",{"Circle":{"radius":1.5}}]}"#;
        let bytes = written(shapes.clone()).expect("it can be");
        assert_eq!(bytes[4..], *text.as_bytes());
        assert_eq!(bytes[..4], (text.len() as u32).to_be_bytes());
        assert_eq!(read::<Shape>(text).expect("the same"), shapes);
        assert_eq!(read::<Shape>(" \"Nothing\" ").expect("it"), Shape::Nothing);
    }

    #[test]
    fn what_is_not_the_type_is_refused() {
        for text in [
            "",
            "{",
            "\"Nothing\"1",
            "\"Other\"",
            "null",
            "{\"Circle\":{}}",
        ] {
            let error = read::<Shape>(text).expect_err(text);
            assert_eq!(error.kind(), ProtocolErrorKind::InvalidData, "{error}");
        }
        let no_number = written(f64::NAN).expect("null");
        assert_eq!(no_number[4..], *b"null");
        read::<f64>("null").expect_err("no number");
        let error = written(BTreeMap::from([(vec![1], 2)])).expect_err("keys are strings");
        assert_eq!(error.kind(), ProtocolErrorKind::InvalidData);
    }

    #[test]
    fn nesting_is_bounded() {
        type Any = serde_json::Value;
        let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
        for levels in [126, 127] {
            read::<Any>(&nested(levels)).expect("within");
        }
        for levels in [128, 100_000] {
            read::<Any>(&nested(levels)).expect_err("above");
        }
    }
}
