//! A protocol as a type, so that code can be generic over it and is compiled for each.

use std::fmt;

use bytes::Bytes;

use super::limits::WireLimits;
use super::message::Detected;
use super::read::Read;
use super::write::Write;

/// Names the reader and the writer of a protocol.
///
/// ```
/// use oneloop::thrift::{Binary, Compact, Protocol, Read, Value, WireLimits};
///
/// fn round<P: Protocol>(value: &Vec<i32>) -> (usize, Vec<i32>) {
///     let mut bytes = Vec::new();
///     value.write(&mut P::writer(&mut bytes, WireLimits::default())).unwrap();
///     let mut input = P::reader(&bytes, WireLimits::default());
///     let back = Value::read(&mut input).unwrap();
///     input.finish().unwrap();
///     (bytes.len(), back)
/// }
///
/// let numbers = vec![1, -1, 300];
/// assert_eq!(round::<Binary>(&numbers), (5 + 3 * 4, numbers.clone()));
/// assert_eq!(round::<Compact>(&numbers), (1 + 4, numbers));
/// ```
pub trait Protocol: Copy + fmt::Debug + Default + 'static {
    /// Its name, as it is found out from a message.
    const DETECTED: Detected;

    /// What reads it.
    type Reader<'a>: Read<'a>;
    /// What writes it.
    type Writer<'w>: Write;

    /// A reader of these bytes.
    fn reader(frame: &[u8], limits: WireLimits) -> Self::Reader<'_>;

    /// A reader of these bytes whose shared values ([`Text`](super::Text), `Bytes`) are slices of them.
    fn shared_reader(frame: &Bytes, limits: WireLimits) -> Self::Reader<'_>;

    /// A writer that appends to `output`. Of the limits, `depth_max` is a writer's as well.
    fn writer(output: &mut Vec<u8>, limits: WireLimits) -> Self::Writer<'_>;
}
