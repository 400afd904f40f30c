// Generated from peer.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::marker::PhantomData;

use oneloop::Context;

use oneloop::thrift::{
    Answer, Incoming, Kind, Locate, Process, Processor, Protocol, ProtocolError, Read,
    Served, Text, Value, Write,
};

/// Whether the messages were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResultCode(pub i32);

impl ResultCode {
    pub const OK: Self = Self(0);
    pub const TRY_LATER: Self = Self(1);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::OK, Self::TRY_LATER];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::OK => Some("OK"),
            Self::TRY_LATER => Some("TRY_LATER"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for ResultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for ResultCode {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for ResultCode {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

/// One line of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogEntry {
    pub category: Text,
    pub message: Text,
}

impl Value for LogEntry {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            category: Text::default(),
            message: Text::default(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => {
                    this.category = Value::read(input).at("LogEntry", "category")?;
                }
                (2, Kind::String) => {
                    this.message = Value::read(input).at("LogEntry", "message")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::String);
        self.category.write(output)?;
        output.field(&mut fields, 2, Kind::String);
        self.message.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

/// What a load generator calls.
pub trait PeerService: Sized + 'static {
    /// Gives the text back.
    fn echo(cx: &mut Context<'_, Self>, s: Text) -> Answer<Text>;

    /// Takes many lines at once.
    fn log(cx: &mut Context<'_, Self>, messages: Vec<LogEntry>) -> Answer<ResultCode>;
}

/// [`PeerService`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait PeerServiceNull: Sized + 'static {
    /// Gives the text back.
    fn echo(cx: &mut Context<'_, Self>, s: Text) -> Answer<Text> {
        let _ = (cx, s);
        Answer::Value(Text::default())
    }

    /// Takes many lines at once.
    fn log(cx: &mut Context<'_, Self>, messages: Vec<LogEntry>) -> Answer<ResultCode> {
        let _ = (cx, messages);
        Answer::Value(ResultCode::default())
    }
}

impl<S: PeerServiceNull> PeerService for S {
    fn echo(cx: &mut Context<'_, Self>, s: Text) -> Answer<Text> {
        <Self as PeerServiceNull>::echo(cx, s)
    }

    fn log(cx: &mut Context<'_, Self>, messages: Vec<LogEntry>) -> Answer<ResultCode> {
        <Self as PeerServiceNull>::log(cx, messages)
    }
}

/// Finds the methods of `PeerService` by their names.
pub struct PeerServiceProcessor<S>(PhantomData<fn(S)>);

impl<S: PeerService> Process<S> for PeerServiceProcessor<S> {
    const SHARES: bool = true;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use peer_service_methods as methods;
        match call.name() {
            b"echo" => {
                call.serve::<methods::Echo>(|cx, arguments| {
                    let methods::EchoArguments { s } = arguments;
                    S::echo(cx, s)
                })
            }
            b"Log" => {
                call.serve::<methods::Log>(|cx, arguments| {
                    let methods::LogArguments { messages } = arguments;
                    S::log(cx, messages)
                })
            }
            _ => call.unknown(),
        }
    }
}

/// Serves `PeerService` to the links of a listener.
pub fn peer_service_processor<S: PeerService>() -> Processor<S> {
    Processor::of::<PeerServiceProcessor<S>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S: PeerService>() -> Processor<S> {
    peer_service_processor::<S>()
}

/// The methods of `PeerService`: their arguments, results and exceptions.
pub mod peer_service_methods {
    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Text, Value, Write,
    };

    /// `PeerService.echo`
    #[derive(Clone, Copy, Debug)]
    pub struct Echo;

    impl Method for Echo {
        const NAME: &'static str = "echo";
        const FULL_NAME: &'static str = "PeerService.echo";
        const ONEWAY: bool = false;
        type Arguments = EchoArguments;
        type Output = Text;
        type Exception = NoException;
        type Result = EchoResult;

        fn outcome(result: EchoResult) -> Option<Result<Text, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Echo`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct EchoArguments {
        pub s: Text,
    }

    impl Value for EchoArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { s: Text::default() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.s = Value::read(input).at("PeerService.echo", "s")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::String);
            self.s.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Echo`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct EchoResult {
        pub success: Option<Text>,
    }

    impl Value for EchoResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("PeerService.echo", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.success {
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<Text, NoException>> for EchoResult {
        fn from(outcome: Result<Text, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `PeerService.Log`
    #[derive(Clone, Copy, Debug)]
    pub struct Log;

    impl Method for Log {
        const NAME: &'static str = "Log";
        const FULL_NAME: &'static str = "PeerService.Log";
        const ONEWAY: bool = false;
        type Arguments = LogArguments;
        type Output = super::ResultCode;
        type Exception = NoException;
        type Result = LogResult;

        fn outcome(result: LogResult) -> Option<Result<super::ResultCode, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Log`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct LogArguments {
        pub messages: Vec<super::LogEntry>,
    }

    impl Value for LogArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { messages: Vec::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::List) => {
                        this.messages = Value::read(input)
                            .at("PeerService.Log", "messages")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::List);
            self.messages.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Log`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct LogResult {
        pub success: Option<super::ResultCode>,
    }

    impl Value for LogResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("PeerService.Log", "success")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.success {
                output.field(&mut fields, 0, Kind::I32);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::ResultCode, NoException>> for LogResult {
        fn from(outcome: Result<super::ResultCode, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }
}
