//! oneloop: what its IDL compiler made of `peer.thrift`, and readers written by hand.

use std::hint::black_box;

use bytes::Bytes;
use oneloop::thrift::{Binary, Compact, Kind, Protocol, Read, Value, WireLimits};

use crate::contestant::Contestant;
use crate::course::{self, Line, Spoken};

/// With strings of its own.
#[allow(dead_code, missing_docs, unreachable_pub)]
pub(crate) mod owned {
    include!("owned/peer.rs");
}

/// With strings that are slices of the frame.
#[allow(dead_code, missing_docs, unreachable_pub)]
pub(crate) mod shared {
    include!("shared/peer.rs");
}

/// The arguments of `Log` in one of the two forms.
pub(crate) trait Arguments: Value {
    const NAME: &'static str;

    fn of(lines: Vec<Line>) -> Self;
    fn lines(self) -> Vec<Line>;
    fn reader<P: Protocol>(frame: &Bytes) -> P::Reader<'_>;
}

macro_rules! arguments {
    ($module:ident, $name:literal, $reader:ident) => {
        impl Arguments for $module::peer_service_methods::LogArguments {
            const NAME: &'static str = $name;

            fn of(lines: Vec<Line>) -> Self {
                let entry = |(category, message): Line| $module::LogEntry {
                    category: category.into(),
                    message: message.into(),
                };
                Self {
                    messages: lines.into_iter().map(entry).collect(),
                }
            }

            fn lines(self) -> Vec<Line> {
                let line = |entry: $module::LogEntry| (entry.category.into(), entry.message.into());
                self.messages.into_iter().map(line).collect()
            }

            fn reader<P: Protocol>(frame: &Bytes) -> P::Reader<'_> {
                P::$reader(frame, WireLimits::default())
            }
        }
    };
}

arguments!(owned, "String", reader);
arguments!(shared, "Text", shared_reader);

/// What the generated code does.
pub(crate) struct Generated<A> {
    arguments: A,
    output: Vec<u8>,
}

impl Generated<owned::peer_service_methods::LogArguments> {
    pub(crate) fn owned() -> Self {
        Self::new()
    }
}

impl Generated<shared::peer_service_methods::LogArguments> {
    pub(crate) fn shared() -> Self {
        Self::new()
    }
}

impl<A: Arguments> Generated<A> {
    fn new() -> Self {
        Self {
            arguments: A::of(course::lines()),
            output: Vec::new(),
        }
    }
}

impl<A: Arguments> Contestant for Generated<A> {
    fn name(&self) -> &'static str {
        A::NAME
    }

    fn decode(&mut self, spoken: Spoken, frame: &Bytes) {
        match spoken {
            Spoken::Binary => drop(black_box(decoded::<Binary, A>(frame))),
            Spoken::Compact => drop(black_box(decoded::<Compact, A>(frame))),
        }
    }

    fn lines(&mut self, spoken: Spoken, frame: &Bytes) -> Option<Vec<Line>> {
        Some(match spoken {
            Spoken::Binary => decoded::<Binary, A>(frame).lines(),
            Spoken::Compact => decoded::<Compact, A>(frame).lines(),
        })
    }

    fn encode(&mut self, spoken: Spoken) -> Option<&[u8]> {
        self.output.clear();
        match spoken {
            Spoken::Binary => encode::<Binary, A>(&self.arguments, &mut self.output),
            Spoken::Compact => encode::<Compact, A>(&self.arguments, &mut self.output),
        }
        Some(&self.output)
    }
}

// Each is one symbol for each protocol, so that callgrind can be told to count within it.

#[inline(never)]
fn decoded<P: Protocol, A: Arguments>(frame: &Bytes) -> A {
    let mut input = A::reader::<P>(frame);
    let arguments = A::read(&mut input).expect("it is a list");
    input.finish().expect("and nothing else");
    arguments
}

#[inline(never)]
fn encode<P: Protocol, A: Arguments>(arguments: &A, output: &mut Vec<u8>) {
    arguments
        .write(&mut P::writer(output, WireLimits::default()))
        .expect("it is short");
}

/// The least that reads all: borrowed strings, which are checked and looked at, one after the other.
pub(crate) struct Borrowed;

impl Contestant for Borrowed {
    fn name(&self) -> &'static str {
        "borrowed"
    }

    fn decode(&mut self, spoken: Spoken, frame: &Bytes) {
        let see = |text: &str| {
            black_box(text);
        };
        match spoken {
            Spoken::Binary => walk::<Binary>(frame, see),
            Spoken::Compact => walk::<Compact>(frame, see),
        }
    }

    fn lines(&mut self, spoken: Spoken, frame: &Bytes) -> Option<Vec<Line>> {
        let mut texts = Vec::new();
        let see = |text: &str| texts.push(text.to_owned());
        match spoken {
            Spoken::Binary => walk::<Binary>(frame, see),
            Spoken::Compact => walk::<Compact>(frame, see),
        }
        let mut texts = texts.into_iter();
        Some(std::iter::from_fn(|| Some((texts.next()?, texts.next()?))).collect())
    }
}

#[inline(never)]
fn walk<P: Protocol>(frame: &[u8], mut see: impl FnMut(&str)) {
    let mut input = P::reader(frame, WireLimits::default());
    let mut arguments = input.begin_struct().expect("a struct");
    while input.field(&mut arguments).expect("a field").is_some() {
        for _ in 0..input.list().expect("a list").len {
            let mut fields = input.begin_struct().expect("a struct");
            while input.field(&mut fields).expect("a field").is_some() {
                see(input.string().expect("a string"));
            }
            input.end_struct(fields);
        }
    }
    input.end_struct(arguments);
    input.finish().expect("nothing else");
}

/// What is done with a field that nobody knows: its sizes are checked, its strings are not.
pub(crate) struct Skip;

impl Contestant for Skip {
    fn name(&self) -> &'static str {
        "skip"
    }

    fn decode(&mut self, spoken: Spoken, frame: &Bytes) {
        match spoken {
            Spoken::Binary => skip::<Binary>(frame),
            Spoken::Compact => skip::<Compact>(frame),
        }
    }

    fn lines(&mut self, spoken: Spoken, frame: &Bytes) -> Option<Vec<Line>> {
        self.decode(spoken, frame);
        None
    }
}

#[inline(never)]
fn skip<P: Protocol>(frame: &[u8]) {
    let mut input = P::reader(frame, WireLimits::default());
    input.skip(Kind::Struct).expect("a struct");
    input.finish().expect("and nothing else");
}
