// Generated from annotations.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, Locate, Process,
    Processor, Protocol, ProtocolError, Read, Served, Value, Write,
};

pub type T = i32;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E(pub i32);

impl E {
    pub const A: Self = Self(1);
    pub const B: Self = Self(2);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::A, Self::B];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::A => Some("A"),
            Self::B => Some("B"),
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

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct S {
    pub a: Vec<i32>,
    pub b: i32,
}

impl Default for S {
    fn default() -> Self {
        Self { a: Vec::new(), b: 3 }
    }
}

impl Value for S {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { a: Vec::new(), b: 3 };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::List) => this.a = Value::read(input).at("S", "a")?,
                (2, Kind::I32) => this.b = Value::read(input).at("S", "b")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::List);
        self.a.write(output)?;
        output.field(&mut fields, 2, Kind::I32);
        self.b.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

/// What serves `V`: the application's state.
pub trait V: Sized + 'static {
    fn f(cx: &mut Context<'_, Self>, x: i32) -> Answer<(), FException>;
}

/// [`V`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait VNull: Sized + 'static {
    fn f(cx: &mut Context<'_, Self>, x: i32) -> Answer<(), FException> {
        let _ = (cx, x);
        Answer::Value(())
    }
}

impl<S_: VNull> V for S_ {
    fn f(cx: &mut Context<'_, Self>, x: i32) -> Answer<(), FException> {
        <Self as VNull>::f(cx, x)
    }
}

/// Finds the methods of `V` by their names.
pub struct VProcessor<S_>(PhantomData<fn(S_)>);

impl<S_: V> Process<S_> for VProcessor<S_> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S_, P>,
    ) -> oneloop::Result<Served> {
        use v_methods as methods;
        match call.name() {
            b"f" => {
                call.serve::<methods::F>(|cx, arguments| {
                    let methods::FArguments { x } = arguments;
                    S_::f(cx, x)
                })
            }
            _ => call.unknown(),
        }
    }
}

/// Serves `V` to the links of a listener.
pub fn v_processor<S_: V>() -> Processor<S_> {
    Processor::of::<VProcessor<S_>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S_: V>() -> Processor<S_> {
    v_processor::<S_>()
}

/// Calls `V` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct VClient {
    caller: Caller,
}

impl VClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn f<S_: 'static>(
        &self,
        cx: &mut Context<'_, S_>,
        x: i32,
    ) -> Deferred<Result<(), FException>> {
        let arguments = v_methods::FArguments { x };
        self.caller.call_catching::<v_methods::F, S_>(cx, arguments)
    }
}

/// Calls `V` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct VBlocking<T_ = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T_>,
}

impl<T_: std::io::Read + std::io::Write> VBlocking<T_> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T_>) -> Self {
        Self { caller }
    }

    pub fn f(&mut self, x: i32) -> Result<(), CallError<FException>> {
        let arguments = v_methods::FArguments { x };
        self.caller.call::<v_methods::F>(arguments)
    }
}

/// The methods of `V`: their arguments, results and exceptions.
pub mod v_methods {
    use std::fmt;

    use oneloop::thrift::{Kind, Locate, Method, ProtocolError, Read, Value, Write};

    /// `V.f`
    #[derive(Clone, Copy, Debug)]
    pub struct F;

    impl Method for F {
        const NAME: &'static str = "f";
        const FULL_NAME: &'static str = "V.f";
        const ONEWAY: bool = false;
        type Arguments = FArguments;
        type Output = ();
        type Exception = FException;
        type Result = FResult;

        fn outcome(result: FResult) -> Option<Result<(), FException>> {
            if let Some(exception) = result.x {
                return Some(Err(FException::X(exception)));
            }
            Some(Ok(()))
        }
    }

    /// The arguments of [`F`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct FArguments {
        pub x: i32,
    }

    impl Value for FArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { x: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => this.x = Value::read(input).at("V.f", "x")?,
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I32);
            self.x.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`F`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct FResult {
        pub x: Option<super::X>,
    }

    impl Value for FResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { x: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.x = Some(Value::read(input).at("V.f", "x")?);
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.x {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), FException>> for FResult {
        fn from(outcome: Result<(), FException>) -> Self {
            match outcome {
                Ok(()) => Self::default(),
                Err(FException::X(exception)) => Self { x: Some(exception) },
            }
        }
    }

    /// What [`F`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum FException {
        X(super::X),
    }

    impl fmt::Display for FException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::X(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for FException {}

    impl From<super::X> for FException {
        fn from(exception: super::X) -> Self {
            Self::X(exception)
        }
    }
}

pub use v_methods::FException;

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct X {}

impl Value for X {
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

impl fmt::Display for X {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for X {}
