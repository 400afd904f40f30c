// Generated from docs.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, Locate, NoException,
    Process, Processor, Protocol, ProtocolError, Read, Served, Value, Write,
};

/// A struct.
///
///  - indented
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct A {
    /// A field.
    pub a: i32,
    pub b: i32,
}

impl Value for A {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { a: 0, b: 0 };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.a = Value::read(input).at("A", "a")?,
                (2, Kind::I32) => this.b = Value::read(input).at("A", "b")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.a.write(output)?;
        output.field(&mut fields, 2, Kind::I32);
        self.b.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

/// An enum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E(pub i32);

impl E {
    /// A member.
    pub const X: Self = Self(0);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::X];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::X => Some("X"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for E {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for E {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for E {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

/// A service.
pub trait S: Sized + 'static {
    /// A function.
    fn f(cx: &mut Context<'_, Self>, a: i32) -> Answer<()>;
}

/// [`S`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait SNull: Sized + 'static {
    /// A function.
    fn f(cx: &mut Context<'_, Self>, a: i32) -> Answer<()> {
        let _ = (cx, a);
        Answer::Value(())
    }
}

impl<S_: SNull> S for S_ {
    fn f(cx: &mut Context<'_, Self>, a: i32) -> Answer<()> {
        <Self as SNull>::f(cx, a)
    }
}

/// Finds the methods of `S` by their names.
pub struct SProcessor<S_>(PhantomData<fn(S_)>);

impl<S_: S> Process<S_> for SProcessor<S_> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S_, P>,
    ) -> oneloop::Result<Served> {
        use s_methods as methods;
        match call.name() {
            b"f" => {
                call.serve::<methods::F>(|cx, arguments| {
                    let methods::FArguments { a } = arguments;
                    S_::f(cx, a)
                })
            }
            _ => call.unknown(),
        }
    }
}

/// Serves `S` to the links of a listener.
pub fn s_processor<S_: S>() -> Processor<S_> {
    Processor::of::<SProcessor<S_>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S_: S>() -> Processor<S_> {
    s_processor::<S_>()
}

/// Calls `S` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct SClient {
    caller: Caller,
}

impl SClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// A function.
    pub fn f<S_: 'static>(&self, cx: &mut Context<'_, S_>, a: i32) -> Deferred<()> {
        let arguments = s_methods::FArguments { a };
        self.caller.call::<s_methods::F, S_>(cx, arguments)
    }
}

/// Calls `S` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct SBlocking<T_ = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T_>,
}

impl<T_: std::io::Read + std::io::Write> SBlocking<T_> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T_>) -> Self {
        Self { caller }
    }

    /// A function.
    pub fn f(&mut self, a: i32) -> Result<(), CallError<NoException>> {
        let arguments = s_methods::FArguments { a };
        self.caller.call::<s_methods::F>(arguments)
    }
}

/// The methods of `S`: their arguments, results and exceptions.
pub mod s_methods {
    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `S.f`
    #[derive(Clone, Copy, Debug)]
    pub struct F;

    impl Method for F {
        const NAME: &'static str = "f";
        const FULL_NAME: &'static str = "S.f";
        const ONEWAY: bool = false;
        type Arguments = FArguments;
        type Output = ();
        type Exception = NoException;
        type Result = FResult;

        fn outcome(_: FResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`F`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct FArguments {
        /// An argument.
        pub a: i32,
    }

    impl Value for FArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { a: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => this.a = Value::read(input).at("S.f", "a")?,
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I32);
            self.a.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`F`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct FResult {}

    impl Value for FResult {
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

    impl From<Result<(), NoException>> for FResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}

/// A const.
pub const C: i32 = 1;

/// A typedef.
pub type T = i32;
