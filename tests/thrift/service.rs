//! A service as generated code has it, and a state that serves it.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use oneloop::thrift::{
    Answer, ApplicationException, ApplicationExceptionKind, Incoming, Kind, Method, NoException,
    Process, Processor, Protocol, ProtocolError, Read, Served, Value, Write,
};
use oneloop::{Error, Promise, Result};

/// A struct of fields that may each be there or not.
macro_rules! structs {
    ($($name:ident { $($id:literal $field:ident: $type:ty,)* })*) => {$(
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct $name { $(pub(crate) $field: Option<$type>,)* }

        impl Value for $name {
            const KIND: Kind = Kind::Struct;

            fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
                #[allow(unused_mut)]
                let mut read = Self::default();
                let mut fields = input.begin_struct()?;
                while let Some(field) = input.field(&mut fields)? {
                    match (field.id, field.kind) {
                        $(($id, <$type as Value>::KIND) => read.$field = Some(Value::read(input)?),)*
                        (_, kind) => input.skip(kind)?,
                    }
                }
                input.end_struct(fields);
                Ok(read)
            }

            fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
                #[allow(unused_mut)]
                let mut fields = output.begin_struct()?;
                $(if let Some(value) = &self.$field {
                    output.field(&mut fields, $id, <$type as Value>::KIND);
                    value.write(output)?;
                })*
                output.end_struct(fields);
                Ok(())
            }
        }
    )*};
}

structs! {
    Nothing {}
    Text { 1 text: String, }
    Number { 1 number: i32, }
    Numbers { 1 number: i32, 2 by: i32, }
    DivisionByZero { 1 number: i32, }
    TextResult { 0 success: String, }
    NumberResult { 0 success: i32, }
    DivideResult { 0 success: i32, 1 zero: DivisionByZero, }
}

impl fmt::Display for DivisionByZero {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("division by zero")
    }
}

impl std::error::Error for DivisionByZero {}

impl From<Result<String, NoException>> for TextResult {
    fn from(result: Result<String, NoException>) -> Self {
        Self {
            success: result.ok(),
        }
    }
}

impl From<Result<i32, NoException>> for NumberResult {
    fn from(result: Result<i32, NoException>) -> Self {
        Self {
            success: result.ok(),
        }
    }
}

impl From<Result<(), NoException>> for Nothing {
    fn from(_: Result<(), NoException>) -> Self {
        Self {}
    }
}

impl From<Result<i32, DivisionByZero>> for DivideResult {
    fn from(result: Result<i32, DivisionByZero>) -> Self {
        match result {
            Ok(number) => Self {
                success: Some(number),
                zero: None,
            },
            Err(zero) => Self {
                success: None,
                zero: Some(zero),
            },
        }
    }
}

macro_rules! methods {
    ($($method:ident $name:literal $oneway:literal $arguments:ty => $output:ty, $exception:ty, $result:ty: $outcome:expr;)*) => {$(
        pub(crate) struct $method;

        impl Method for $method {
            const NAME: &'static str = $name;
            const FULL_NAME: &'static str = concat!("Hand.", $name);
            const ONEWAY: bool = $oneway;
            type Arguments = $arguments;
            type Output = $output;
            type Exception = $exception;
            type Result = $result;

            fn outcome(result: $result) -> Option<Result<$output, $exception>> {
                let outcome: fn($result) -> Option<Result<$output, $exception>> = $outcome;
                outcome(result)
            }
        }
    )*};
}

methods! {
    Echo "echo" false Text => String, NoException, TextResult: |result| result.success.map(Ok);
    Divide "divide" false Numbers => i32, DivisionByZero, DivideResult:
        |result| result.zero.map(Err).or_else(|| result.success.map(Ok));
    Fire "fire" true Number => (), NoException, Nothing: |_| Some(Ok(()));
    Void "void" false Nothing => (), NoException, Nothing: |_| Some(Ok(()));
    Later "later" false Numbers => i32, DivisionByZero, DivideResult:
        |result| result.zero.map(Err).or_else(|| result.success.map(Ok));
    Held "held" false Number => i32, NoException, NumberResult: |result| result.success.map(Ok);
    Broken "broken" false Number => i32, NoException, NumberResult: |result| result.success.map(Ok);
    Panics "panics" false Nothing => (), NoException, Nothing: |_| Some(Ok(()));
    Long "long" false Number => String, NoException, TextResult: |result| result.success.map(Ok);
}

/// The state: what came, and what is owed.
#[derive(Default)]
pub(crate) struct Hand {
    pub(crate) fired: Vec<i32>,
    pub(crate) held: Vec<Promise<i32>>,
    /// What is owed by the generated service.
    pub(crate) texts: Vec<Promise<String>>,
    /// What hooks were told.
    pub(crate) told: Vec<String>,
}

pub(crate) struct HandProcessor<S>(PhantomData<fn() -> S>);

impl Process<Hand> for HandProcessor<Hand> {
    const SHARES: bool = false;

    fn process<P: Protocol>(call: &mut Incoming<'_, '_, Hand, P>) -> Result<Served> {
        match call.name() {
            b"echo" => call.serve::<Echo>(|cx, arguments| {
                cx.state.told.push("target".into());
                arguments.text.unwrap_or_default().into()
            }),
            b"divide" => call.serve::<Divide>(|_, arguments| divide(&arguments).into()),
            b"fire" => call.serve::<Fire>(|cx, arguments| {
                cx.state.told.push("target".into());
                cx.state.fired.push(arguments.number.unwrap_or_default());
                ().into()
            }),
            b"void" => call.serve::<Void>(|_, _| ().into()),
            b"later" => call.serve::<Later>(|cx, arguments| {
                let (promise, later) = cx.defer();
                let wait = Duration::from_millis(arguments.by.unwrap_or_default() as u64);
                cx.after(wait, move |_| promise.resolve(divide(&arguments)));
                later.into()
            }),
            b"held" => call.serve::<Held>(|cx, _| {
                let (promise, later) = cx.defer();
                cx.state.held.push(promise);
                later.into()
            }),
            b"broken" => call.serve::<Broken>(|_, arguments| match arguments.number {
                Some(1) => Answer::Failed(Error::Busy),
                // What another server told us, say: functions by name would hand it on.
                Some(2) => Answer::failed(ApplicationException::new(
                    ApplicationExceptionKind::Other(1001),
                    "the password is swordfish",
                )),
                _ => Answer::failed("the password is swordfish"),
            }),
            b"panics" => call.serve::<Panics>(|_, _| panic!("the password is swordfish")),
            b"long" => call.serve::<Long>(|_, arguments| {
                "x".repeat(arguments.number.unwrap_or_default() as usize)
                    .into()
            }),
            _ => call.unknown(),
        }
    }
}

fn divide(arguments: &Numbers) -> Result<i32, DivisionByZero> {
    match (arguments.number, arguments.by) {
        (number, None | Some(0)) => Err(DivisionByZero { number }),
        (number, Some(by)) => Ok(number.unwrap_or_default() / by),
    }
}

pub(crate) fn processor() -> Processor<Hand> {
    Processor::of::<HandProcessor<Hand>>()
}
