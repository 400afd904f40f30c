// Generated from tutorial.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::LazyLock;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, Locate, NoException,
    Process, Processor, Protocol, ProtocolError, Read, Served, Value, Write,
};

use super::base;

pub type Number = i32;

pub const INT32CONSTANT: i32 = 9853;

pub static MAPCONSTANT: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| BTreeMap::from([
    (String::from("hello"), String::from("world")),
    (String::from("goodnight"), String::from("moon")),
]));

/// What can be done with two numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation(pub i32);

impl Operation {
    pub const ADD: Self = Self(1);
    pub const SUBTRACT: Self = Self(2);
    pub const MULTIPLY: Self = Self(3);
    pub const DIVIDE: Self = Self(4);

    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[
        Self::ADD,
        Self::SUBTRACT,
        Self::MULTIPLY,
        Self::DIVIDE,
    ];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::ADD => Some("ADD"),
            Self::SUBTRACT => Some("SUBTRACT"),
            Self::MULTIPLY => Some("MULTIPLY"),
            Self::DIVIDE => Some("DIVIDE"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for Operation {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for Operation {
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
pub struct Work {
    pub num1: Number,
    pub num2: Number,
    pub op: Operation,
    pub comment: Option<String>,
}

impl Value for Work {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            num1: 0,
            num2: 0,
            op: Operation::default(),
            comment: None,
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.num1 = Value::read(input).at("Work", "num1")?,
                (2, Kind::I32) => this.num2 = Value::read(input).at("Work", "num2")?,
                (3, Kind::I32) => this.op = Value::read(input).at("Work", "op")?,
                (4, Kind::String) => {
                    this.comment = Some(Value::read(input).at("Work", "comment")?);
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.num1.write(output)?;
        output.field(&mut fields, 2, Kind::I32);
        self.num2.write(output)?;
        output.field(&mut fields, 3, Kind::I32);
        self.op.write(output)?;
        if let Some(value) = &self.comment {
            output.field(&mut fields, 4, Kind::String);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvalidOperation {
    pub what_op: i32,
    pub why: String,
}

impl Value for InvalidOperation {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            what_op: 0,
            why: String::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => {
                    this.what_op = Value::read(input).at("InvalidOperation", "what_op")?;
                }
                (2, Kind::String) => {
                    this.why = Value::read(input).at("InvalidOperation", "why")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.what_op.write(output)?;
        output.field(&mut fields, 2, Kind::String);
        self.why.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for InvalidOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for InvalidOperation {}

/// What serves `Calculator`: the application's state.
pub trait Calculator: base::Base {
    fn pong(cx: &mut Context<'_, Self>) -> Answer<()>;

    fn add(cx: &mut Context<'_, Self>, num1: i32, num2: i32) -> Answer<i32>;

    fn calculate(
        cx: &mut Context<'_, Self>,
        logid: i32,
        w: Work,
    ) -> Answer<i32, CalculateException>;

    /// Nobody waits for it.
    fn zip(cx: &mut Context<'_, Self>) -> Answer<()>;
}

/// [`Calculator`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait CalculatorNull: base::Base {
    fn pong(cx: &mut Context<'_, Self>) -> Answer<()> {
        let _ = cx;
        Answer::Value(())
    }

    fn add(cx: &mut Context<'_, Self>, num1: i32, num2: i32) -> Answer<i32> {
        let _ = (cx, num1, num2);
        Answer::Value(0)
    }

    fn calculate(
        cx: &mut Context<'_, Self>,
        logid: i32,
        w: Work,
    ) -> Answer<i32, CalculateException> {
        let _ = (cx, logid, w);
        Answer::Value(0)
    }

    /// Nobody waits for it.
    fn zip(cx: &mut Context<'_, Self>) -> Answer<()> {
        let _ = cx;
        Answer::Value(())
    }
}

impl<S: CalculatorNull> Calculator for S {
    fn pong(cx: &mut Context<'_, Self>) -> Answer<()> {
        <Self as CalculatorNull>::pong(cx)
    }

    fn add(cx: &mut Context<'_, Self>, num1: i32, num2: i32) -> Answer<i32> {
        <Self as CalculatorNull>::add(cx, num1, num2)
    }

    fn calculate(
        cx: &mut Context<'_, Self>,
        logid: i32,
        w: Work,
    ) -> Answer<i32, CalculateException> {
        <Self as CalculatorNull>::calculate(cx, logid, w)
    }

    fn zip(cx: &mut Context<'_, Self>) -> Answer<()> {
        <Self as CalculatorNull>::zip(cx)
    }
}

/// Finds the methods of `Calculator` by their names.
pub struct CalculatorProcessor<S>(PhantomData<fn(S)>);

impl<S: Calculator> Process<S> for CalculatorProcessor<S> {
    const SHARES: bool = <base::BaseProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use calculator_methods as methods;
        match call.name() {
            b"pong" => call.serve::<methods::Pong>(|cx, _| S::pong(cx)),
            b"add" => {
                call.serve::<methods::Add>(|cx, arguments| {
                    let methods::AddArguments { num1, num2 } = arguments;
                    S::add(cx, num1, num2)
                })
            }
            b"calculate" => {
                call.serve::<methods::Calculate>(|cx, arguments| {
                    let methods::CalculateArguments { logid, w } = arguments;
                    S::calculate(cx, logid, w)
                })
            }
            b"zip" => call.serve::<methods::Zip>(|cx, _| S::zip(cx)),
            _ => base::BaseProcessor::<S>::process(call),
        }
    }
}

/// Serves `Calculator` to the links of a listener.
pub fn calculator_processor<S: Calculator>() -> Processor<S> {
    Processor::of::<CalculatorProcessor<S>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S: Calculator>() -> Processor<S> {
    calculator_processor::<S>()
}

/// Calls `Calculator` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct CalculatorClient {
    caller: Caller,
    parent: base::BaseClient,
}

impl CalculatorClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: base::BaseClient::new(caller),
        }
    }

    pub fn pong<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<()> {
        let arguments = calculator_methods::PongArguments {};
        self.caller.call::<calculator_methods::Pong, S>(cx, arguments)
    }

    #[allow(clippy::should_implement_trait)]
    pub fn add<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        num1: i32,
        num2: i32,
    ) -> Deferred<i32> {
        let arguments = calculator_methods::AddArguments {
            num1,
            num2,
        };
        self.caller.call::<calculator_methods::Add, S>(cx, arguments)
    }

    pub fn calculate<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        logid: i32,
        w: Work,
    ) -> Deferred<Result<i32, CalculateException>> {
        let arguments = calculator_methods::CalculateArguments {
            logid,
            w,
        };
        self.caller.call_catching::<calculator_methods::Calculate, S>(cx, arguments)
    }

    /// Nobody waits for it.
    pub fn zip<S: 'static>(&self, cx: &mut Context<'_, S>) -> oneloop::Result<()> {
        let arguments = calculator_methods::ZipArguments {};
        self.caller.send::<calculator_methods::Zip, S>(cx, arguments)
    }
}

impl std::ops::Deref for CalculatorClient {
    type Target = base::BaseClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `Calculator` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct CalculatorBlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: base::BaseBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> CalculatorBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: base::BaseBlocking::new(caller),
        }
    }

    pub fn pong(&mut self) -> Result<(), CallError<NoException>> {
        let arguments = calculator_methods::PongArguments {};
        self.parent.caller.call::<calculator_methods::Pong>(arguments)
    }

    #[allow(clippy::should_implement_trait)]
    pub fn add(&mut self, num1: i32, num2: i32) -> Result<i32, CallError<NoException>> {
        let arguments = calculator_methods::AddArguments {
            num1,
            num2,
        };
        self.parent.caller.call::<calculator_methods::Add>(arguments)
    }

    pub fn calculate(
        &mut self,
        logid: i32,
        w: Work,
    ) -> Result<i32, CallError<CalculateException>> {
        let arguments = calculator_methods::CalculateArguments {
            logid,
            w,
        };
        self.parent.caller.call::<calculator_methods::Calculate>(arguments)
    }

    /// Nobody waits for it.
    pub fn zip(&mut self) -> Result<(), CallError<NoException>> {
        let arguments = calculator_methods::ZipArguments {};
        self.parent.caller.send::<calculator_methods::Zip>(arguments)
    }
}

impl<T> std::ops::Deref for CalculatorBlocking<T> {
    type Target = base::BaseBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for CalculatorBlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `Calculator`: their arguments, results and exceptions.
pub mod calculator_methods {
    use std::fmt;

    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Calculator.pong`
    #[derive(Clone, Copy, Debug)]
    pub struct Pong;

    impl Method for Pong {
        const NAME: &'static str = "pong";
        const FULL_NAME: &'static str = "Calculator.pong";
        const ONEWAY: bool = false;
        type Arguments = PongArguments;
        type Output = ();
        type Exception = NoException;
        type Result = PongResult;

        fn outcome(_: PongResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Pong`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct PongArguments {}

    impl Value for PongArguments {
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

    /// What a reply to [`Pong`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PongResult {}

    impl Value for PongResult {
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

    impl From<Result<(), NoException>> for PongResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }

    /// `Calculator.add`
    #[derive(Clone, Copy, Debug)]
    pub struct Add;

    impl Method for Add {
        const NAME: &'static str = "add";
        const FULL_NAME: &'static str = "Calculator.add";
        const ONEWAY: bool = false;
        type Arguments = AddArguments;
        type Output = i32;
        type Exception = NoException;
        type Result = AddResult;

        fn outcome(result: AddResult) -> Option<Result<i32, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Add`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddArguments {
        pub num1: i32,
        pub num2: i32,
    }

    impl Value for AddArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { num1: 0, num2: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.num1 = Value::read(input).at("Calculator.add", "num1")?;
                    }
                    (2, Kind::I32) => {
                        this.num2 = Value::read(input).at("Calculator.add", "num2")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I32);
            self.num1.write(output)?;
            output.field(&mut fields, 2, Kind::I32);
            self.num2.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Add`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct AddResult {
        pub success: Option<i32>,
    }

    impl Value for AddResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Calculator.add", "success")?,
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

    impl From<Result<i32, NoException>> for AddResult {
        fn from(outcome: Result<i32, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Calculator.calculate`
    #[derive(Clone, Copy, Debug)]
    pub struct Calculate;

    impl Method for Calculate {
        const NAME: &'static str = "calculate";
        const FULL_NAME: &'static str = "Calculator.calculate";
        const ONEWAY: bool = false;
        type Arguments = CalculateArguments;
        type Output = i32;
        type Exception = CalculateException;
        type Result = CalculateResult;

        fn outcome(result: CalculateResult) -> Option<Result<i32, CalculateException>> {
            if let Some(exception) = result.ouch {
                return Some(Err(CalculateException::Ouch(exception)));
            }
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Calculate`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct CalculateArguments {
        pub logid: i32,
        pub w: super::Work,
    }

    impl Value for CalculateArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                logid: 0,
                w: super::Work::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.logid = Value::read(input)
                            .at("Calculator.calculate", "logid")?;
                    }
                    (2, Kind::Struct) => {
                        this.w = Value::read(input).at("Calculator.calculate", "w")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I32);
            self.logid.write(output)?;
            output.field(&mut fields, 2, Kind::Struct);
            self.w.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Calculate`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CalculateResult {
        pub success: Option<i32>,
        pub ouch: Option<super::InvalidOperation>,
    }

    impl Value for CalculateResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None, ouch: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Calculator.calculate", "success")?,
                        );
                    }
                    (1, Kind::Struct) => {
                        this.ouch = Some(
                            Value::read(input).at("Calculator.calculate", "ouch")?,
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
            if let Some(value) = &self.ouch {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i32, CalculateException>> for CalculateResult {
        fn from(outcome: Result<i32, CalculateException>) -> Self {
            match outcome {
                Ok(value) => {
                    Self {
                        success: Some(value),
                        ..Self::default()
                    }
                }
                Err(CalculateException::Ouch(exception)) => {
                    Self {
                        ouch: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`Calculate`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum CalculateException {
        Ouch(super::InvalidOperation),
    }

    impl fmt::Display for CalculateException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Ouch(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for CalculateException {}

    impl From<super::InvalidOperation> for CalculateException {
        fn from(exception: super::InvalidOperation) -> Self {
            Self::Ouch(exception)
        }
    }

    /// `Calculator.zip`
    #[derive(Clone, Copy, Debug)]
    pub struct Zip;

    impl Method for Zip {
        const NAME: &'static str = "zip";
        const FULL_NAME: &'static str = "Calculator.zip";
        const ONEWAY: bool = true;
        type Arguments = ZipArguments;
        type Output = ();
        type Exception = NoException;
        type Result = ZipResult;

        fn outcome(_: ZipResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Zip`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct ZipArguments {}

    impl Value for ZipArguments {
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

    /// What a reply to [`Zip`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ZipResult {}

    impl Value for ZipResult {
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

    impl From<Result<(), NoException>> for ZipResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}

pub use calculator_methods::CalculateException;
