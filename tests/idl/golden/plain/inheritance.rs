// Generated from inheritance.thrift by oneloop-idl. Changes will be lost.

use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, NoException, Process, Processor,
    Protocol, Served,
};

use super::base;

/// What serves `A`: the application's state.
pub trait A: base::Base {
    fn a(cx: &mut Context<'_, Self>) -> Answer<()>;
}

/// [`A`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait ANull: base::Base {
    fn a(cx: &mut Context<'_, Self>) -> Answer<()> {
        let _ = cx;
        Answer::Value(())
    }
}

impl<S: ANull> A for S {
    fn a(cx: &mut Context<'_, Self>) -> Answer<()> {
        <Self as ANull>::a(cx)
    }
}

/// Finds the methods of `A` by their names.
pub struct AProcessor<S>(PhantomData<fn(S)>);

impl<S: A> Process<S> for AProcessor<S> {
    const SHARES: bool = <base::BaseProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use a_methods as methods;
        match call.name() {
            b"a" => call.serve::<methods::A>(|cx, _| S::a(cx)),
            _ => base::BaseProcessor::<S>::process(call),
        }
    }
}

/// Serves `A` to the links of a listener.
pub fn a_processor<S: A>() -> Processor<S> {
    Processor::of::<AProcessor<S>>()
}

/// Calls `A` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct AClient {
    caller: Caller,
    parent: base::BaseClient,
}

impl AClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: base::BaseClient::new(caller),
        }
    }

    pub fn a<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<()> {
        let arguments = a_methods::AArguments {};
        self.caller.call::<a_methods::A, S>(cx, arguments)
    }
}

impl std::ops::Deref for AClient {
    type Target = base::BaseClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `A` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct ABlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: base::BaseBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> ABlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: base::BaseBlocking::new(caller),
        }
    }

    pub fn a(&mut self) -> Result<(), CallError<NoException>> {
        let arguments = a_methods::AArguments {};
        self.parent.caller.call::<a_methods::A>(arguments)
    }
}

impl<T> std::ops::Deref for ABlocking<T> {
    type Target = base::BaseBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for ABlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `A`: their arguments, results and exceptions.
pub mod a_methods {
    use oneloop::thrift::{Kind, Method, NoException, ProtocolError, Read, Value, Write};

    /// `A.a`
    #[derive(Clone, Copy, Debug)]
    pub struct A;

    impl Method for A {
        const NAME: &'static str = "a";
        const FULL_NAME: &'static str = "A.a";
        const ONEWAY: bool = false;
        type Arguments = AArguments;
        type Output = ();
        type Exception = NoException;
        type Result = AResult;

        fn outcome(_: AResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`A`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct AArguments {}

    impl Value for AArguments {
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

    /// What a reply to [`A`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct AResult {}

    impl Value for AResult {
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

    impl From<Result<(), NoException>> for AResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}

/// What serves `B`: the application's state.
pub trait B: A {
    fn b(cx: &mut Context<'_, Self>, t: base::Thing) -> Answer<i32, BException>;
}

/// [`B`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait BNull: A {
    fn b(cx: &mut Context<'_, Self>, t: base::Thing) -> Answer<i32, BException> {
        let _ = (cx, t);
        Answer::Value(0)
    }
}

impl<S: BNull> B for S {
    fn b(cx: &mut Context<'_, Self>, t: base::Thing) -> Answer<i32, BException> {
        <Self as BNull>::b(cx, t)
    }
}

/// Finds the methods of `B` by their names.
pub struct BProcessor<S>(PhantomData<fn(S)>);

impl<S: B> Process<S> for BProcessor<S> {
    const SHARES: bool = <AProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use b_methods as methods;
        match call.name() {
            b"b" => {
                call.serve::<methods::B>(|cx, arguments| {
                    let methods::BArguments { t } = arguments;
                    S::b(cx, t)
                })
            }
            _ => AProcessor::<S>::process(call),
        }
    }
}

/// Serves `B` to the links of a listener.
pub fn b_processor<S: B>() -> Processor<S> {
    Processor::of::<BProcessor<S>>()
}

/// Calls `B` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct BClient {
    caller: Caller,
    parent: AClient,
}

impl BClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: AClient::new(caller),
        }
    }

    pub fn b<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        t: base::Thing,
    ) -> Deferred<Result<i32, BException>> {
        let arguments = b_methods::BArguments { t };
        self.caller.call_catching::<b_methods::B, S>(cx, arguments)
    }
}

impl std::ops::Deref for BClient {
    type Target = AClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `B` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct BBlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: ABlocking<T>,
}

impl<T: std::io::Read + std::io::Write> BBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: ABlocking::new(caller),
        }
    }

    pub fn b(&mut self, t: base::Thing) -> Result<i32, CallError<BException>> {
        let arguments = b_methods::BArguments { t };
        self.parent.parent.caller.call::<b_methods::B>(arguments)
    }
}

impl<T> std::ops::Deref for BBlocking<T> {
    type Target = ABlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for BBlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `B`: their arguments, results and exceptions.
pub mod b_methods {
    use std::fmt;

    use oneloop::thrift::{Kind, Locate, Method, ProtocolError, Read, Value, Write};

    /// `B.b`
    #[derive(Clone, Copy, Debug)]
    pub struct B;

    impl Method for B {
        const NAME: &'static str = "b";
        const FULL_NAME: &'static str = "B.b";
        const ONEWAY: bool = false;
        type Arguments = BArguments;
        type Output = i32;
        type Exception = BException;
        type Result = BResult;

        fn outcome(result: BResult) -> Option<Result<i32, BException>> {
            if let Some(exception) = result.oops {
                return Some(Err(BException::Oops(exception)));
            }
            result.success.map(Ok)
        }
    }

    /// The arguments of [`B`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct BArguments {
        pub t: super::super::base::Thing,
    }

    impl Value for BArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                t: super::super::base::Thing::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => this.t = Value::read(input).at("B.b", "t")?,
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Struct);
            self.t.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`B`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct BResult {
        pub success: Option<i32>,
        pub oops: Option<super::super::base::Oops>,
    }

    impl Value for BResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None, oops: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(Value::read(input).at("B.b", "success")?);
                    }
                    (1, Kind::Struct) => {
                        this.oops = Some(Value::read(input).at("B.b", "oops")?);
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
            if let Some(value) = &self.oops {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i32, BException>> for BResult {
        fn from(outcome: Result<i32, BException>) -> Self {
            match outcome {
                Ok(value) => {
                    Self {
                        success: Some(value),
                        ..Self::default()
                    }
                }
                Err(BException::Oops(exception)) => {
                    Self {
                        oops: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`B`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum BException {
        Oops(super::super::base::Oops),
    }

    impl fmt::Display for BException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Oops(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for BException {}

    impl From<super::super::base::Oops> for BException {
        fn from(exception: super::super::base::Oops) -> Self {
            Self::Oops(exception)
        }
    }
}

pub use b_methods::BException;
