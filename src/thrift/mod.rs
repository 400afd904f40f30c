//! Apache Thrift: the wire, who serves calls and who makes them.
//!
//! A [`Processor`] serves the methods of a service, a [`Caller`] calls them from a loop, a [`BlockingCaller`] from anywhere. The types they
//! move, a service's trait and its clients are generated of an interface file, by `oneloop::idl`.
//!
//! # The wire
//!
//! | | [`Binary`] | [`Compact`] |
//! |---|---|---|
//! | a message begins with | `80 01`, or in the old form with the length of its name | `82`, kind and version |
//! | head of a field | kind, id: 3 bytes | kind and distance from the last id: 1 byte, or up to 4 |
//! | end of a struct | a zero | a zero |
//! | `bool` | 1 byte | in the head of its field; as an element 1 byte |
//! | `i8` | 1 byte | 1 byte |
//! | `i16`, `i32`, `i64`, enums | 2, 4, 8 bytes, big-endian | zigzag varint: 1 to 3, 5, 10 bytes |
//! | `double`, `uuid` | 8 bytes big-endian, 16 bytes | 8 bytes little-endian, 16 bytes |
//! | `string`, `binary` | length in 4 bytes, bytes | length as varint, bytes |
//! | `list`, `set` | kind, count in 4 bytes | kind and count: 1 byte, or a varint more |
//! | `map` | two kinds, count in 4 bytes | count as varint, two kinds in 1 byte unless it is empty |
//!
//! # Serving and calling
//!
//! A [`Processor`] serves a listener's links. A [`Caller`] calls over a link that it dialled, from the loop, and gives a
//! [`Deferred`](crate::Deferred) for each call; a [`BlockingCaller`] waits for each reply, on a thread of its own. What they call is a
//! [`Method`], which the IDL compiler writes.
//!
//! What is not worth an interface is a plain function by name: [`Functions`] serve them, and both clients call them, as ordinary calls
//! of Thrift that other libraries make and answer as well.
//!
//! # Reading and writing
//!
//! A [`Protocol`] has a reader and a writer, which are plain structs over bytes in memory: code that is generic over it is compiled for
//! each. A reader is a place in a frame that has wholly come. It gives slices of it, checks each claimed size against the bytes that are
//! really left, and refuses what is wrong with a [`ProtocolError`] that tells the way to the culprit. What a struct's code looks like is
//! told at [`Read`] and [`Write`]; everything else is a [`Value`].
//!
//! ```
//! use std::collections::BTreeMap;
//! use oneloop::thrift::{Compact, Form, Kind, Message, MessageKind, Protocol, ProtocolError, Read, Value, WireLimits, Write};
//!
//! type Scores = BTreeMap<String, i32>;
//!
//! /// `void add(1: map<string, i32> scores)`
//! fn write_call<P: Protocol>(scores: &Scores, frame: &mut Vec<u8>) -> Result<(), ProtocolError> {
//!     let mut output = P::writer(frame, WireLimits::default());
//!     output.message(&Message { name: "add", kind: MessageKind::Call, sequence: 1, form: Form::Strict })?;
//!     let mut fields = output.begin_struct()?;
//!     output.field(&mut fields, 1, Kind::Map);
//!     scores.write(&mut output)?;
//!     output.end_struct(fields);
//!     Ok(())
//! }
//!
//! fn read_call<P: Protocol>(frame: &[u8]) -> Result<Scores, ProtocolError> {
//!     let mut input = P::reader(frame, WireLimits::default());
//!     assert_eq!(input.message()?.name, "add");
//!     let mut scores = Scores::new();
//!     let mut fields = input.begin_struct()?;
//!     while let Some(field) = input.field(&mut fields)? {
//!         match (field.id, field.kind) {
//!             (1, Kind::Map) => scores = Value::read(&mut input)?,
//!             (_, kind) => input.skip(kind)?, // a later version's
//!         }
//!     }
//!     input.end_struct(fields);
//!     input.finish()?; // nothing behind it
//!     Ok(scores)
//! }
//!
//! # fn main() -> Result<(), ProtocolError> {
//! let scores = Scores::from([("ann".to_owned(), 3), ("bob".to_owned(), -1)]);
//! let mut frame = Vec::new();
//! write_call::<Compact>(&scores, &mut frame)?;
//! assert_eq!(frame, b"\x82\x21\x01\x03add\x1b\x02\x85\x03ann\x06\x03bob\x01\0");
//! assert_eq!(read_call::<Compact>(&frame)?, scores);
//! # Ok(())
//! # }
//! ```

mod answer;
mod arguments;
mod awaited;
#[cfg_attr(
    not(feature = "node"),
    expect(dead_code, reason = "only nodes have such links")
)]
mod between;
mod binary;
mod blocking;
mod call_error;
mod caller;
mod calls;
mod client;
mod compact;
mod cursor;
mod deadlines;
mod double;
#[cfg_attr(
    not(feature = "node"),
    expect(dead_code, reason = "only nodes have such links")
)]
mod duplex;
mod events;
mod exception;
mod fault;
mod functions;
#[cfg_attr(
    not(feature = "node"),
    expect(dead_code, reason = "only nodes have such links")
)]
mod held;
#[cfg(feature = "serde")]
mod json;
mod kind;
mod limits;
mod line;
mod loose;
mod message;
mod method;
mod multiplex;
mod overload;
mod plain;
mod processor;
mod protocol;
mod queue;
mod read;
mod reply;
mod session;
mod text;
mod told;
mod uuid;
mod value;
mod write;

/// What a `binary` is where it is shared. Generated code takes it from here, so that who includes it needs no crate more.
#[doc(no_inline)]
pub use bytes::Bytes;

#[cfg(feature = "node")]
pub(crate) use between::BetweenLimits;
#[cfg(feature = "node")]
pub(crate) use client::Shared as Outgoing;
#[cfg(feature = "node")]
pub(crate) use duplex::{
    Duplex, Taken, call_frame, exception_frame, read_arguments, read_head, read_reply, reply_frame,
};
#[cfg(feature = "node")]
pub(crate) use held::{Behalf, Held};
#[cfg(feature = "node")]
pub(crate) use processor::Desk;
#[cfg(feature = "node")]
pub(crate) use told::handed_on;

pub use answer::{Answer, NoException};
pub use arguments::{Arguments, Passed};
pub use binary::{Binary, BinaryReader, BinaryWriter};
pub use blocking::{BlockingCaller, BlockingLimits};
pub use call_error::CallError;
pub use caller::{Caller, CallerLimits};
pub use compact::{Compact, CompactFields, CompactReader, CompactWriter};
pub use double::OrderedDouble;
pub use events::{EventContext, ProcessorEvents, ServerEvents};
pub use exception::{ApplicationException, ApplicationExceptionKind};
pub use fault::{Locate, ProtocolError, ProtocolErrorKind};
pub use functions::{Functions, IntoAnswer};
#[cfg(feature = "serde")]
pub use json::Json;
pub use kind::{Kind, MessageKind};
pub use limits::WireLimits;
pub use message::{Detected, Form, Message, RawMessage, detect};
pub use method::Method;
pub use multiplex::Multiplexed;
pub use overload::Overload;
pub use processor::{Incoming, Process, Processor, Served};
pub use protocol::Protocol;
pub use read::{Field, ListHead, MapHead, Read};
pub use text::Text;
pub use uuid::Uuid;
pub use value::Value;
pub use write::Write;
