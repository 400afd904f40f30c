//! pilota, with which volo reads and writes, and the code that its own compiler made of the entry. What that compiler makes of a list is
//! unsafe and cannot be in this crate: the list around the entries is read and written here, by the same calls.

use std::hint::black_box;

use bytes::{Bytes, BytesMut};
use pilota::thrift::binary::TBinaryProtocol;
use pilota::thrift::compact::{TCompactInputProtocol, TCompactOutputProtocol};
use pilota::thrift::{
    Message, TInputProtocol, TLengthProtocol, TLengthProtocolExt, TOutputProtocol,
    TOutputProtocolExt, TStructIdentifier, TType, ThriftException,
};

use crate::contestant::Contestant;
use crate::course::{self, Line, Spoken};

#[allow(
    clippy::all,
    clippy::use_self,
    dead_code,
    missing_docs,
    unreachable_pub,
    unused
)]
mod generated {
    include!("pilota/peer.rs");
}

use generated::pilota_peer::peer::LogEntry;

pub(crate) struct Pilota {
    messages: Vec<LogEntry>,
    output: BytesMut,
}

impl Pilota {
    pub(crate) fn new() -> Self {
        let entry = |(category, message): Line| LogEntry {
            category: Some(category.into()),
            message: Some(message.into()),
        };
        Self {
            messages: course::lines().into_iter().map(entry).collect(),
            output: BytesMut::new(),
        }
    }
}

impl Contestant for Pilota {
    fn name(&self) -> &'static str {
        "pilota"
    }

    fn decode(&mut self, spoken: Spoken, frame: &Bytes) {
        drop(black_box(decoded(spoken, frame)));
    }

    fn lines(&mut self, spoken: Spoken, frame: &Bytes) -> Option<Vec<Line>> {
        let line = |entry: LogEntry| Some((entry.category?.into(), entry.message?.into()));
        decoded(spoken, frame).into_iter().map(line).collect()
    }

    fn encode(&mut self, spoken: Spoken) -> Option<&[u8]> {
        let (messages, output) = (&self.messages, &mut self.output);
        output.clear();
        // The size comes first: these writers take the room for granted.
        let written = match spoken {
            Spoken::Binary => {
                output.reserve(size(messages, &mut TBinaryProtocol::new((), false)));
                write(messages, &mut TBinaryProtocol::new(output, false))
            }
            Spoken::Compact => {
                output.reserve(size(messages, &mut TCompactOutputProtocol::new((), false)));
                write(messages, &mut TCompactOutputProtocol::new(output, false))
            }
        };
        written.expect("memory takes it");
        Some(&self.output)
    }
}

#[inline(never)]
fn decoded(spoken: Spoken, frame: &Bytes) -> Vec<LogEntry> {
    let mut frame = frame.clone();
    let read = match spoken {
        Spoken::Binary => read(&mut TBinaryProtocol::new(&mut frame, true)),
        Spoken::Compact => read(&mut TCompactInputProtocol::new(&mut frame)),
    };
    read.expect("it is a list")
}

fn read(input: &mut impl TInputProtocol) -> Result<Vec<LogEntry>, ThriftException> {
    let mut messages = Vec::new();
    input.read_struct_begin()?;
    loop {
        let field = input.read_field_begin()?;
        match (field.id, field.field_type) {
            (_, TType::Stop) => break,
            (Some(1), TType::List) => {
                let size = input.read_list_begin()?.size;
                messages.reserve_exact(size);
                for _ in 0..size {
                    messages.push(LogEntry::decode(input)?);
                }
                input.read_list_end()?;
            }
            (_, kind) => {
                input.skip(kind)?;
            }
        }
        input.read_field_end()?;
    }
    input.read_struct_end()?;
    Ok(messages)
}

fn write(messages: &[LogEntry], output: &mut impl TOutputProtocol) -> Result<(), ThriftException> {
    output.write_struct_begin(&ARGUMENTS)?;
    output.write_list_field(1, TType::Struct, messages, |output, entry| {
        output.write_struct(entry)
    })?;
    output.write_field_stop()?;
    output.write_struct_end()
}

fn size(messages: &[LogEntry], output: &mut impl TLengthProtocol) -> usize {
    output.struct_begin_len(&ARGUMENTS)
        + output.list_field_len(Some(1), TType::Struct, messages, |output, entry| {
            output.struct_len(entry)
        })
        + output.field_stop_len()
        + output.struct_end_len()
}

const ARGUMENTS: TStructIdentifier = TStructIdentifier { name: "Arguments" };
