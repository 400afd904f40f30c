// Generated from work.thrift by oneloop-idl. Changes will be lost.

use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, NoException, Process, Processor,
    Protocol, Served,
};

/// What is asked of the node at the other end, by every contestant.
pub trait Work: Sized + 'static {
    fn add(cx: &mut Context<'_, Self>, a: i64, b: i64) -> Answer<i64>;

    fn echo(cx: &mut Context<'_, Self>, body: Vec<u8>) -> Answer<Vec<u8>>;
}

/// [`Work`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait WorkNull: Sized + 'static {
    fn add(cx: &mut Context<'_, Self>, a: i64, b: i64) -> Answer<i64> {
        let _ = (cx, a, b);
        Answer::Value(0)
    }

    fn echo(cx: &mut Context<'_, Self>, body: Vec<u8>) -> Answer<Vec<u8>> {
        let _ = (cx, body);
        Answer::Value(Vec::new())
    }
}

impl<S: WorkNull> Work for S {
    fn add(cx: &mut Context<'_, Self>, a: i64, b: i64) -> Answer<i64> {
        <Self as WorkNull>::add(cx, a, b)
    }

    fn echo(cx: &mut Context<'_, Self>, body: Vec<u8>) -> Answer<Vec<u8>> {
        <Self as WorkNull>::echo(cx, body)
    }
}

/// Finds the methods of `Work` by their names.
pub struct WorkProcessor<S>(PhantomData<fn(S)>);

impl<S: Work> Process<S> for WorkProcessor<S> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use work_methods as methods;
        match call.name() {
            b"add" => {
                call.serve::<methods::Add>(|cx, arguments| {
                    let methods::AddArguments { a, b } = arguments;
                    S::add(cx, a, b)
                })
            }
            b"echo" => {
                call.serve::<methods::Echo>(|cx, arguments| {
                    let methods::EchoArguments { body } = arguments;
                    S::echo(cx, body)
                })
            }
            _ => call.unknown(),
        }
    }
}

/// Serves `Work` to the links of a listener.
pub fn work_processor<S: Work>() -> Processor<S> {
    Processor::of::<WorkProcessor<S>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S: Work>() -> Processor<S> {
    work_processor::<S>()
}

/// Calls `Work` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct WorkClient {
    caller: Caller,
}

impl WorkClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    #[allow(clippy::should_implement_trait)]
    pub fn add<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        a: i64,
        b: i64,
    ) -> Deferred<i64> {
        let arguments = work_methods::AddArguments { a, b };
        self.caller.call::<work_methods::Add, S>(cx, arguments)
    }

    pub fn echo<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        body: Vec<u8>,
    ) -> Deferred<Vec<u8>> {
        let arguments = work_methods::EchoArguments {
            body,
        };
        self.caller.call::<work_methods::Echo, S>(cx, arguments)
    }
}

/// Calls `Work` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct WorkBlocking<T = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T>,
}

impl<T: std::io::Read + std::io::Write> WorkBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self { caller }
    }

    #[allow(clippy::should_implement_trait)]
    pub fn add(&mut self, a: i64, b: i64) -> Result<i64, CallError<NoException>> {
        let arguments = work_methods::AddArguments { a, b };
        self.caller.call::<work_methods::Add>(arguments)
    }

    pub fn echo(&mut self, body: Vec<u8>) -> Result<Vec<u8>, CallError<NoException>> {
        let arguments = work_methods::EchoArguments {
            body,
        };
        self.caller.call::<work_methods::Echo>(arguments)
    }
}

/// The methods of `Work`: their arguments, results and exceptions.
pub mod work_methods {
    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Work.add`
    #[derive(Clone, Copy, Debug)]
    pub struct Add;

    impl Method for Add {
        const NAME: &'static str = "add";
        const FULL_NAME: &'static str = "Work.add";
        const ONEWAY: bool = false;
        type Arguments = AddArguments;
        type Output = i64;
        type Exception = NoException;
        type Result = AddResult;

        fn outcome(result: AddResult) -> Option<Result<i64, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Add`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddArguments {
        pub a: i64,
        pub b: i64,
    }

    impl Value for AddArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { a: 0, b: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I64) => this.a = Value::read(input).at("Work.add", "a")?,
                    (2, Kind::I64) => this.b = Value::read(input).at("Work.add", "b")?,
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I64);
            self.a.write(output)?;
            output.field(&mut fields, 2, Kind::I64);
            self.b.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Add`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct AddResult {
        pub success: Option<i64>,
    }

    impl Value for AddResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I64) => {
                        this.success = Some(
                            Value::read(input).at("Work.add", "success")?,
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
                output.field(&mut fields, 0, Kind::I64);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i64, NoException>> for AddResult {
        fn from(outcome: Result<i64, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Work.echo`
    #[derive(Clone, Copy, Debug)]
    pub struct Echo;

    impl Method for Echo {
        const NAME: &'static str = "echo";
        const FULL_NAME: &'static str = "Work.echo";
        const ONEWAY: bool = false;
        type Arguments = EchoArguments;
        type Output = Vec<u8>;
        type Exception = NoException;
        type Result = EchoResult;

        fn outcome(result: EchoResult) -> Option<Result<Vec<u8>, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Echo`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct EchoArguments {
        pub body: Vec<u8>,
    }

    impl Value for EchoArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { body: Vec::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.body = Value::read(input).at("Work.echo", "body")?;
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
            self.body.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Echo`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct EchoResult {
        pub success: Option<Vec<u8>>,
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
                            Value::read(input).at("Work.echo", "success")?,
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

    impl From<Result<Vec<u8>, NoException>> for EchoResult {
        fn from(outcome: Result<Vec<u8>, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }
}
