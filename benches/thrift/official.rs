//! The official crate, `thrift`, with the code that its own compiler made of `peer.thrift`.

use std::hint::black_box;

use bytes::Bytes;
use thrift::protocol::{
    TBinaryInputProtocol, TBinaryOutputProtocol, TCompactInputProtocol, TCompactOutputProtocol,
};

use crate::contestant::Contestant;
use crate::course::{self, Line, Spoken};

/// The generated file keeps the arguments of methods to itself, so these stand in one module with it.
#[allow(
    clippy::all,
    clippy::use_self,
    dead_code,
    missing_docs,
    unreachable_pub,
    unused
)]
mod generated {
    include!("official/peer.rs");

    pub(super) fn read(input: &mut dyn TInputProtocol) -> Vec<LogEntry> {
        let arguments = PeerServiceLogArgs::read_from_in_protocol(input).expect("it is a list");
        arguments.messages
    }

    pub(super) struct Arguments(PeerServiceLogArgs);

    impl Arguments {
        pub(super) fn of(messages: Vec<LogEntry>) -> Self {
            Self(PeerServiceLogArgs { messages })
        }

        pub(super) fn write(&self, output: &mut dyn TOutputProtocol) {
            self.0
                .write_to_out_protocol(output)
                .expect("memory takes it");
        }
    }
}

use generated::{Arguments, LogEntry};

pub(crate) struct Official {
    arguments: Arguments,
    output: Vec<u8>,
}

impl Official {
    pub(crate) fn new() -> Self {
        let entry = |(category, message): Line| LogEntry::new(category, message);
        Self {
            arguments: Arguments::of(course::lines().into_iter().map(entry).collect()),
            output: Vec::new(),
        }
    }
}

impl Contestant for Official {
    fn name(&self) -> &'static str {
        "thrift"
    }

    fn decode(&mut self, spoken: Spoken, frame: &Bytes) {
        drop(black_box(decoded(spoken, frame)));
    }

    fn lines(&mut self, spoken: Spoken, frame: &Bytes) -> Option<Vec<Line>> {
        let line = |entry: LogEntry| Some((entry.category?, entry.message?));
        decoded(spoken, frame).into_iter().map(line).collect()
    }

    fn encode(&mut self, spoken: Spoken) -> Option<&[u8]> {
        let (arguments, output) = (&self.arguments, &mut self.output);
        output.clear();
        match spoken {
            Spoken::Binary => arguments.write(&mut TBinaryOutputProtocol::new(output, true)),
            Spoken::Compact => arguments.write(&mut TCompactOutputProtocol::new(output)),
        }
        Some(&self.output)
    }
}

#[inline(never)]
fn decoded(spoken: Spoken, frame: &[u8]) -> Vec<LogEntry> {
    match spoken {
        Spoken::Binary => generated::read(&mut TBinaryInputProtocol::new(frame, true)),
        Spoken::Compact => generated::read(&mut TCompactInputProtocol::new(frame)),
    }
}
