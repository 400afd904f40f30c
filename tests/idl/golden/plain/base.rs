// Generated from base.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, Locate, NoException,
    Process, Processor, Protocol, ProtocolError, Read, Served, Value, Write,
};

use super::moods;

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thing {
    pub mood: moods::Mood,
}

impl Value for Thing {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            mood: moods::Mood::default(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.mood = Value::read(input).at("Thing", "mood")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.mood.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oops {}

impl Value for Oops {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            input.skip(field.kind)?;
        }
        input.end_struct(fields);
        Ok(Self {})
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let fields = output.begin_struct()?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Oops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Oops {}

/// What serves `Base`: the application's state.
pub trait Base: Sized + 'static {
    fn ping(cx: &mut Context<'_, Self>) -> Answer<()>;
}

/// [`Base`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait BaseNull: Sized + 'static {
    fn ping(cx: &mut Context<'_, Self>) -> Answer<()> {
        let _ = cx;
        Answer::Value(())
    }
}

impl<S: BaseNull> Base for S {
    fn ping(cx: &mut Context<'_, Self>) -> Answer<()> {
        <Self as BaseNull>::ping(cx)
    }
}

/// Finds the methods of `Base` by their names.
pub struct BaseProcessor<S>(PhantomData<fn(S)>);

impl<S: Base> Process<S> for BaseProcessor<S> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use base_methods as methods;
        match call.name() {
            b"ping" => call.serve::<methods::Ping>(|cx, _| S::ping(cx)),
            _ => call.unknown(),
        }
    }
}

/// Serves `Base` to the links of a listener.
pub fn base_processor<S: Base>() -> Processor<S> {
    Processor::of::<BaseProcessor<S>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S: Base>() -> Processor<S> {
    base_processor::<S>()
}

/// Calls `Base` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct BaseClient {
    caller: Caller,
}

impl BaseClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn ping<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<()> {
        let arguments = base_methods::PingArguments {};
        self.caller.call::<base_methods::Ping, S>(cx, arguments)
    }
}

/// Calls `Base` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct BaseBlocking<T = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T>,
}

impl<T: std::io::Read + std::io::Write> BaseBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self { caller }
    }

    pub fn ping(&mut self) -> Result<(), CallError<NoException>> {
        let arguments = base_methods::PingArguments {};
        self.caller.call::<base_methods::Ping>(arguments)
    }
}

/// The methods of `Base`: their arguments, results and exceptions.
pub mod base_methods {
    use oneloop::thrift::{Kind, Method, NoException, ProtocolError, Read, Value, Write};

    /// `Base.ping`
    #[derive(Clone, Copy, Debug)]
    pub struct Ping;

    impl Method for Ping {
        const NAME: &'static str = "ping";
        const FULL_NAME: &'static str = "Base.ping";
        const ONEWAY: bool = false;
        type Arguments = PingArguments;
        type Output = ();
        type Exception = NoException;
        type Result = PingResult;

        fn outcome(_: PingResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Ping`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct PingArguments {}

    impl Value for PingArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Ping`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PingResult {}

    impl Value for PingResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), NoException>> for PingResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}
