// Generated from scribe.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, Locate, NoException,
    Process, Processor, Protocol, ProtocolError, Read, Served, Value, Write,
};

use super::fb303;

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

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogEntry {
    pub category: String,
    pub message: String,
}

impl Value for LogEntry {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            category: String::new(),
            message: String::new(),
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

/// What serves `scribe`: the application's state.
pub trait Scribe: fb303::FacebookService {
    fn log(cx: &mut Context<'_, Self>, messages: Vec<LogEntry>) -> Answer<ResultCode>;
}

/// [`Scribe`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait ScribeNull: fb303::FacebookService {
    fn log(cx: &mut Context<'_, Self>, messages: Vec<LogEntry>) -> Answer<ResultCode> {
        let _ = (cx, messages);
        Answer::Value(ResultCode::default())
    }
}

impl<S: ScribeNull> Scribe for S {
    fn log(cx: &mut Context<'_, Self>, messages: Vec<LogEntry>) -> Answer<ResultCode> {
        <Self as ScribeNull>::log(cx, messages)
    }
}

/// Finds the methods of `scribe` by their names.
pub struct ScribeProcessor<S>(PhantomData<fn(S)>);

impl<S: Scribe> Process<S> for ScribeProcessor<S> {
    const SHARES: bool = <fb303::FacebookServiceProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use scribe_methods as methods;
        match call.name() {
            b"Log" => {
                call.serve::<methods::Log>(|cx, arguments| {
                    let methods::LogArguments { messages } = arguments;
                    S::log(cx, messages)
                })
            }
            _ => fb303::FacebookServiceProcessor::<S>::process(call),
        }
    }
}

/// Serves `scribe` to the links of a listener.
pub fn scribe_processor<S: Scribe>() -> Processor<S> {
    Processor::of::<ScribeProcessor<S>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S: Scribe>() -> Processor<S> {
    scribe_processor::<S>()
}

/// Calls `scribe` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct ScribeClient {
    caller: Caller,
    parent: fb303::FacebookServiceClient,
}

impl ScribeClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: fb303::FacebookServiceClient::new(caller),
        }
    }

    pub fn log<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        messages: Vec<LogEntry>,
    ) -> Deferred<ResultCode> {
        let arguments = scribe_methods::LogArguments {
            messages,
        };
        self.caller.call::<scribe_methods::Log, S>(cx, arguments)
    }
}

impl std::ops::Deref for ScribeClient {
    type Target = fb303::FacebookServiceClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `scribe` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct ScribeBlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: fb303::FacebookServiceBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> ScribeBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: fb303::FacebookServiceBlocking::new(caller),
        }
    }

    pub fn log(
        &mut self,
        messages: Vec<LogEntry>,
    ) -> Result<ResultCode, CallError<NoException>> {
        let arguments = scribe_methods::LogArguments {
            messages,
        };
        self.parent.caller.call::<scribe_methods::Log>(arguments)
    }
}

impl<T> std::ops::Deref for ScribeBlocking<T> {
    type Target = fb303::FacebookServiceBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for ScribeBlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `scribe`: their arguments, results and exceptions.
pub mod scribe_methods {
    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `scribe.Log`
    #[derive(Clone, Copy, Debug)]
    pub struct Log;

    impl Method for Log {
        const NAME: &'static str = "Log";
        const FULL_NAME: &'static str = "scribe.Log";
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
                        this.messages = Value::read(input).at("scribe.Log", "messages")?;
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
                            Value::read(input).at("scribe.Log", "success")?,
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
