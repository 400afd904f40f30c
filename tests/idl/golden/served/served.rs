// Generated from served.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, Locate, NoException,
    Process, Processor, Protocol, ProtocolError, Read, Value, Write,
};

/// How somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mood(pub i32);

impl Mood {
    pub const GOOD: Self = Self(1);
    pub const BAD: Self = Self(2);
    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[Self::GOOD, Self::BAD];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::GOOD => Some("GOOD"),
            Self::BAD => Some("BAD"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for Mood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for Mood {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for Mood {
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
pub struct Leaf {
    pub name: String,
    pub count: i32,
}

impl Default for Leaf {
    fn default() -> Self {
        Self {
            name: String::new(),
            count: 3,
        }
    }
}

impl Value for Leaf {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut name = None;
        let mut count = 3;
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => name = Some(Value::read(input).at("Leaf", "name")?),
                (2, Kind::I32) => count = Value::read(input).at("Leaf", "count")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(Self {
            name: name.ok_or_else(|| ProtocolError::missing("Leaf", "name"))?,
            count,
        })
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::String);
        self.name.write(output)?;
        output.field(&mut fields, 2, Kind::I32);
        self.count.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tree {
    pub name: String,
    pub branches: Vec<Self>,
    pub leaf: Option<Leaf>,
}

impl Value for Tree {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            name: String::new(),
            branches: Vec::new(),
            leaf: None,
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => this.name = Value::read(input).at("Tree", "name")?,
                (2, Kind::List) => {
                    this.branches = Value::read(input).at("Tree", "branches")?;
                }
                (3, Kind::Struct) => {
                    this.leaf = Some(Value::read(input).at("Tree", "leaf")?);
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
        self.name.write(output)?;
        output.field(&mut fields, 2, Kind::List);
        self.branches.write(output)?;
        if let Some(value) = &self.leaf {
            output.field(&mut fields, 3, Kind::Struct);
            value.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refused {
    pub why: String,
}

impl Value for Refused {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self { why: String::new() };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::String) => this.why = Value::read(input).at("Refused", "why")?,
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::String);
        self.why.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refused {}

/// What every service of the tests has.
pub trait Ground: Sized + 'static {
    fn echo(cx: &mut Context<'_, Self>, text: String) -> Answer<String>;

    fn note(cx: &mut Context<'_, Self>, text: String) -> Answer<()>;

    /// Answered when the test says so.
    fn held(cx: &mut Context<'_, Self>) -> Answer<String>;
}

/// [`Ground`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait GroundNull: Sized + 'static {
    fn echo(cx: &mut Context<'_, Self>, text: String) -> Answer<String> {
        let _ = (cx, text);
        Answer::Value(String::new())
    }

    fn note(cx: &mut Context<'_, Self>, text: String) -> Answer<()> {
        let _ = (cx, text);
        Answer::Value(())
    }

    /// Answered when the test says so.
    fn held(cx: &mut Context<'_, Self>) -> Answer<String> {
        let _ = cx;
        Answer::Value(String::new())
    }
}

impl<S: GroundNull> Ground for S {
    fn echo(cx: &mut Context<'_, Self>, text: String) -> Answer<String> {
        <Self as GroundNull>::echo(cx, text)
    }

    fn note(cx: &mut Context<'_, Self>, text: String) -> Answer<()> {
        <Self as GroundNull>::note(cx, text)
    }

    fn held(cx: &mut Context<'_, Self>) -> Answer<String> {
        <Self as GroundNull>::held(cx)
    }
}

/// Finds the methods of `Ground` by their names.
pub struct GroundProcessor<S>(PhantomData<fn(S)>);

impl<S: Ground> Process<S> for GroundProcessor<S> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<::oneloop::thrift::Served> {
        use ground_methods as methods;
        match call.name() {
            b"echo" => {
                call.serve::<methods::Echo>(|cx, arguments| {
                    let methods::EchoArguments { text } = arguments;
                    S::echo(cx, text)
                })
            }
            b"note" => {
                call.serve::<methods::Note>(|cx, arguments| {
                    let methods::NoteArguments { text } = arguments;
                    S::note(cx, text)
                })
            }
            b"held" => call.serve::<methods::Held>(|cx, _| S::held(cx)),
            _ => call.unknown(),
        }
    }
}

/// Serves `Ground` to the links of a listener.
pub fn ground_processor<S: Ground>() -> Processor<S> {
    Processor::of::<GroundProcessor<S>>()
}

/// Calls `Ground` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct GroundClient {
    caller: Caller,
}

impl GroundClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn echo<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        text: String,
    ) -> Deferred<String> {
        let arguments = ground_methods::EchoArguments {
            text,
        };
        self.caller.call::<ground_methods::Echo, S>(cx, arguments)
    }

    pub fn note<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        text: String,
    ) -> oneloop::Result<()> {
        let arguments = ground_methods::NoteArguments {
            text,
        };
        self.caller.send::<ground_methods::Note, S>(cx, arguments)
    }

    /// Answered when the test says so.
    pub fn held<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<String> {
        let arguments = ground_methods::HeldArguments {};
        self.caller.call::<ground_methods::Held, S>(cx, arguments)
    }
}

/// Calls `Ground` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct GroundBlocking<T = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T>,
}

impl<T: std::io::Read + std::io::Write> GroundBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self { caller }
    }

    pub fn echo(&mut self, text: String) -> Result<String, CallError<NoException>> {
        let arguments = ground_methods::EchoArguments {
            text,
        };
        self.caller.call::<ground_methods::Echo>(arguments)
    }

    pub fn note(&mut self, text: String) -> Result<(), CallError<NoException>> {
        let arguments = ground_methods::NoteArguments {
            text,
        };
        self.caller.send::<ground_methods::Note>(arguments)
    }

    /// Answered when the test says so.
    pub fn held(&mut self) -> Result<String, CallError<NoException>> {
        let arguments = ground_methods::HeldArguments {};
        self.caller.call::<ground_methods::Held>(arguments)
    }
}

/// The methods of `Ground`: their arguments, results and exceptions.
pub mod ground_methods {
    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Ground.echo`
    #[derive(Clone, Copy, Debug)]
    pub struct Echo;

    impl Method for Echo {
        const NAME: &'static str = "echo";
        const FULL_NAME: &'static str = "Ground.echo";
        const ONEWAY: bool = false;
        type Arguments = EchoArguments;
        type Output = String;
        type Exception = NoException;
        type Result = EchoResult;

        fn outcome(result: EchoResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Echo`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct EchoArguments {
        pub text: String,
    }

    impl Value for EchoArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { text: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.text = Value::read(input).at("Ground.echo", "text")?;
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
            self.text.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Echo`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct EchoResult {
        pub success: Option<String>,
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
                            Value::read(input).at("Ground.echo", "success")?,
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

    impl From<Result<String, NoException>> for EchoResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Ground.note`
    #[derive(Clone, Copy, Debug)]
    pub struct Note;

    impl Method for Note {
        const NAME: &'static str = "note";
        const FULL_NAME: &'static str = "Ground.note";
        const ONEWAY: bool = true;
        type Arguments = NoteArguments;
        type Output = ();
        type Exception = NoException;
        type Result = NoteResult;

        fn outcome(_: NoteResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Note`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct NoteArguments {
        pub text: String,
    }

    impl Value for NoteArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { text: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.text = Value::read(input).at("Ground.note", "text")?;
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
            self.text.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Note`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct NoteResult {}

    impl Value for NoteResult {
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

    impl From<Result<(), NoException>> for NoteResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }

    /// `Ground.held`
    #[derive(Clone, Copy, Debug)]
    pub struct Held;

    impl Method for Held {
        const NAME: &'static str = "held";
        const FULL_NAME: &'static str = "Ground.held";
        const ONEWAY: bool = false;
        type Arguments = HeldArguments;
        type Output = String;
        type Exception = NoException;
        type Result = HeldResult;

        fn outcome(result: HeldResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Held`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct HeldArguments {}

    impl Value for HeldArguments {
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

    /// What a reply to [`Held`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct HeldResult {
        pub success: Option<String>,
    }

    impl Value for HeldResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Ground.held", "success")?,
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

    impl From<Result<String, NoException>> for HeldResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }
}

/// Each answers with a text that says what it was given.
pub trait Served: Ground {
    fn greet(cx: &mut Context<'_, Self>, name: String, times: i32) -> Answer<String>;

    fn mood(cx: &mut Context<'_, Self>, mood: Mood) -> Answer<String>;

    fn weigh(
        cx: &mut Context<'_, Self>,
        numbers: Vec<i32>,
        trees: Vec<Tree>,
        unique: BTreeSet<i32>,
        named: BTreeMap<String, Tree>,
        raw: Vec<u8>,
    ) -> Answer<String>;

    fn plant(cx: &mut Context<'_, Self>, tree: Tree) -> Answer<String>;

    fn refuse(
        cx: &mut Context<'_, Self>,
        why: String,
    ) -> Answer<String, RefuseException>;

    fn fail(cx: &mut Context<'_, Self>) -> Answer<String>;

    fn panics(cx: &mut Context<'_, Self>) -> Answer<String>;

    fn fall(cx: &mut Context<'_, Self>) -> Answer<()>;

    /// Closes the link of its caller: now, when all is sent, or when all is answered.
    fn leave(cx: &mut Context<'_, Self>, how: String) -> Answer<String>;
}

/// [`Served`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait ServedNull: Ground {
    fn greet(cx: &mut Context<'_, Self>, name: String, times: i32) -> Answer<String> {
        let _ = (cx, name, times);
        Answer::Value(String::new())
    }

    fn mood(cx: &mut Context<'_, Self>, mood: Mood) -> Answer<String> {
        let _ = (cx, mood);
        Answer::Value(String::new())
    }

    fn weigh(
        cx: &mut Context<'_, Self>,
        numbers: Vec<i32>,
        trees: Vec<Tree>,
        unique: BTreeSet<i32>,
        named: BTreeMap<String, Tree>,
        raw: Vec<u8>,
    ) -> Answer<String> {
        let _ = (cx, numbers, trees, unique, named, raw);
        Answer::Value(String::new())
    }

    fn plant(cx: &mut Context<'_, Self>, tree: Tree) -> Answer<String> {
        let _ = (cx, tree);
        Answer::Value(String::new())
    }

    fn refuse(
        cx: &mut Context<'_, Self>,
        why: String,
    ) -> Answer<String, RefuseException> {
        let _ = (cx, why);
        Answer::Value(String::new())
    }

    fn fail(cx: &mut Context<'_, Self>) -> Answer<String> {
        let _ = cx;
        Answer::Value(String::new())
    }

    fn panics(cx: &mut Context<'_, Self>) -> Answer<String> {
        let _ = cx;
        Answer::Value(String::new())
    }

    fn fall(cx: &mut Context<'_, Self>) -> Answer<()> {
        let _ = cx;
        Answer::Value(())
    }

    /// Closes the link of its caller: now, when all is sent, or when all is answered.
    fn leave(cx: &mut Context<'_, Self>, how: String) -> Answer<String> {
        let _ = (cx, how);
        Answer::Value(String::new())
    }
}

impl<S: ServedNull> Served for S {
    fn greet(cx: &mut Context<'_, Self>, name: String, times: i32) -> Answer<String> {
        <Self as ServedNull>::greet(cx, name, times)
    }

    fn mood(cx: &mut Context<'_, Self>, mood: Mood) -> Answer<String> {
        <Self as ServedNull>::mood(cx, mood)
    }

    fn weigh(
        cx: &mut Context<'_, Self>,
        numbers: Vec<i32>,
        trees: Vec<Tree>,
        unique: BTreeSet<i32>,
        named: BTreeMap<String, Tree>,
        raw: Vec<u8>,
    ) -> Answer<String> {
        <Self as ServedNull>::weigh(cx, numbers, trees, unique, named, raw)
    }

    fn plant(cx: &mut Context<'_, Self>, tree: Tree) -> Answer<String> {
        <Self as ServedNull>::plant(cx, tree)
    }

    fn refuse(
        cx: &mut Context<'_, Self>,
        why: String,
    ) -> Answer<String, RefuseException> {
        <Self as ServedNull>::refuse(cx, why)
    }

    fn fail(cx: &mut Context<'_, Self>) -> Answer<String> {
        <Self as ServedNull>::fail(cx)
    }

    fn panics(cx: &mut Context<'_, Self>) -> Answer<String> {
        <Self as ServedNull>::panics(cx)
    }

    fn fall(cx: &mut Context<'_, Self>) -> Answer<()> {
        <Self as ServedNull>::fall(cx)
    }

    fn leave(cx: &mut Context<'_, Self>, how: String) -> Answer<String> {
        <Self as ServedNull>::leave(cx, how)
    }
}

/// Finds the methods of `Served` by their names.
pub struct ServedProcessor<S>(PhantomData<fn(S)>);

impl<S: Served> Process<S> for ServedProcessor<S> {
    const SHARES: bool = <GroundProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<::oneloop::thrift::Served> {
        use served_methods as methods;
        match call.name() {
            b"greet" => {
                call.serve::<methods::Greet>(|cx, arguments| {
                    let methods::GreetArguments { name, times } = arguments;
                    S::greet(cx, name, times)
                })
            }
            b"mood" => {
                call.serve::<methods::Mood>(|cx, arguments| {
                    let methods::MoodArguments { mood } = arguments;
                    S::mood(cx, mood)
                })
            }
            b"weigh" => {
                call.serve::<methods::Weigh>(|cx, arguments| {
                    let methods::WeighArguments { numbers, trees, unique, named, raw } = arguments;
                    S::weigh(cx, numbers, trees, unique, named, raw)
                })
            }
            b"plant" => {
                call.serve::<methods::Plant>(|cx, arguments| {
                    let methods::PlantArguments { tree } = arguments;
                    S::plant(cx, tree)
                })
            }
            b"refuse" => {
                call.serve::<methods::Refuse>(|cx, arguments| {
                    let methods::RefuseArguments { why } = arguments;
                    S::refuse(cx, why)
                })
            }
            b"fail" => call.serve::<methods::Fail>(|cx, _| S::fail(cx)),
            b"panics" => call.serve::<methods::Panics>(|cx, _| S::panics(cx)),
            b"fall" => call.serve::<methods::Fall>(|cx, _| S::fall(cx)),
            b"leave" => {
                call.serve::<methods::Leave>(|cx, arguments| {
                    let methods::LeaveArguments { how } = arguments;
                    S::leave(cx, how)
                })
            }
            _ => GroundProcessor::<S>::process(call),
        }
    }
}

/// Serves `Served` to the links of a listener.
pub fn served_processor<S: Served>() -> Processor<S> {
    Processor::of::<ServedProcessor<S>>()
}

/// Calls `Served` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct ServedClient {
    caller: Caller,
    parent: GroundClient,
}

impl ServedClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: GroundClient::new(caller),
        }
    }

    pub fn greet<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        name: String,
        times: i32,
    ) -> Deferred<String> {
        let arguments = served_methods::GreetArguments {
            name,
            times,
        };
        self.caller.call::<served_methods::Greet, S>(cx, arguments)
    }

    pub fn mood<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        mood: Mood,
    ) -> Deferred<String> {
        let arguments = served_methods::MoodArguments {
            mood,
        };
        self.caller.call::<served_methods::Mood, S>(cx, arguments)
    }

    pub fn weigh<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        numbers: Vec<i32>,
        trees: Vec<Tree>,
        unique: BTreeSet<i32>,
        named: BTreeMap<String, Tree>,
        raw: Vec<u8>,
    ) -> Deferred<String> {
        let arguments = served_methods::WeighArguments {
            numbers,
            trees,
            unique,
            named,
            raw,
        };
        self.caller.call::<served_methods::Weigh, S>(cx, arguments)
    }

    pub fn plant<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        tree: Tree,
    ) -> Deferred<String> {
        let arguments = served_methods::PlantArguments {
            tree,
        };
        self.caller.call::<served_methods::Plant, S>(cx, arguments)
    }

    pub fn refuse<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        why: String,
    ) -> Deferred<Result<String, RefuseException>> {
        let arguments = served_methods::RefuseArguments {
            why,
        };
        self.caller.call_catching::<served_methods::Refuse, S>(cx, arguments)
    }

    pub fn fail<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<String> {
        let arguments = served_methods::FailArguments {};
        self.caller.call::<served_methods::Fail, S>(cx, arguments)
    }

    pub fn panics<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<String> {
        let arguments = served_methods::PanicsArguments {};
        self.caller.call::<served_methods::Panics, S>(cx, arguments)
    }

    pub fn fall<S: 'static>(&self, cx: &mut Context<'_, S>) -> oneloop::Result<()> {
        let arguments = served_methods::FallArguments {};
        self.caller.send::<served_methods::Fall, S>(cx, arguments)
    }

    /// Closes the link of its caller: now, when all is sent, or when all is answered.
    pub fn leave<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        how: String,
    ) -> Deferred<String> {
        let arguments = served_methods::LeaveArguments {
            how,
        };
        self.caller.call::<served_methods::Leave, S>(cx, arguments)
    }
}

impl std::ops::Deref for ServedClient {
    type Target = GroundClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `Served` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct ServedBlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: GroundBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> ServedBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: GroundBlocking::new(caller),
        }
    }

    pub fn greet(
        &mut self,
        name: String,
        times: i32,
    ) -> Result<String, CallError<NoException>> {
        let arguments = served_methods::GreetArguments {
            name,
            times,
        };
        self.parent.caller.call::<served_methods::Greet>(arguments)
    }

    pub fn mood(&mut self, mood: Mood) -> Result<String, CallError<NoException>> {
        let arguments = served_methods::MoodArguments {
            mood,
        };
        self.parent.caller.call::<served_methods::Mood>(arguments)
    }

    pub fn weigh(
        &mut self,
        numbers: Vec<i32>,
        trees: Vec<Tree>,
        unique: BTreeSet<i32>,
        named: BTreeMap<String, Tree>,
        raw: Vec<u8>,
    ) -> Result<String, CallError<NoException>> {
        let arguments = served_methods::WeighArguments {
            numbers,
            trees,
            unique,
            named,
            raw,
        };
        self.parent.caller.call::<served_methods::Weigh>(arguments)
    }

    pub fn plant(&mut self, tree: Tree) -> Result<String, CallError<NoException>> {
        let arguments = served_methods::PlantArguments {
            tree,
        };
        self.parent.caller.call::<served_methods::Plant>(arguments)
    }

    pub fn refuse(&mut self, why: String) -> Result<String, CallError<RefuseException>> {
        let arguments = served_methods::RefuseArguments {
            why,
        };
        self.parent.caller.call::<served_methods::Refuse>(arguments)
    }

    pub fn fail(&mut self) -> Result<String, CallError<NoException>> {
        let arguments = served_methods::FailArguments {};
        self.parent.caller.call::<served_methods::Fail>(arguments)
    }

    pub fn panics(&mut self) -> Result<String, CallError<NoException>> {
        let arguments = served_methods::PanicsArguments {};
        self.parent.caller.call::<served_methods::Panics>(arguments)
    }

    pub fn fall(&mut self) -> Result<(), CallError<NoException>> {
        let arguments = served_methods::FallArguments {};
        self.parent.caller.send::<served_methods::Fall>(arguments)
    }

    /// Closes the link of its caller: now, when all is sent, or when all is answered.
    pub fn leave(&mut self, how: String) -> Result<String, CallError<NoException>> {
        let arguments = served_methods::LeaveArguments {
            how,
        };
        self.parent.caller.call::<served_methods::Leave>(arguments)
    }
}

impl<T> std::ops::Deref for ServedBlocking<T> {
    type Target = GroundBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for ServedBlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `Served`: their arguments, results and exceptions.
pub mod served_methods {
    use std::fmt;
    use std::collections::{BTreeMap, BTreeSet};

    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Served.greet`
    #[derive(Clone, Copy, Debug)]
    pub struct Greet;

    impl Method for Greet {
        const NAME: &'static str = "greet";
        const FULL_NAME: &'static str = "Served.greet";
        const ONEWAY: bool = false;
        type Arguments = GreetArguments;
        type Output = String;
        type Exception = NoException;
        type Result = GreetResult;

        fn outcome(result: GreetResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Greet`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GreetArguments {
        pub name: String,
        pub times: i32,
    }

    impl Value for GreetArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut name = None;
            let mut times = 1;
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        name = Some(Value::read(input).at("Served.greet", "name")?);
                    }
                    (2, Kind::I32) => {
                        times = Value::read(input).at("Served.greet", "times")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(Self {
                name: name
                    .ok_or_else(|| ProtocolError::missing("Served.greet", "name"))?,
                times,
            })
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::String);
            self.name.write(output)?;
            output.field(&mut fields, 2, Kind::I32);
            self.times.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Greet`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GreetResult {
        pub success: Option<String>,
    }

    impl Value for GreetResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Served.greet", "success")?,
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

    impl From<Result<String, NoException>> for GreetResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Served.mood`
    #[derive(Clone, Copy, Debug)]
    pub struct Mood;

    impl Method for Mood {
        const NAME: &'static str = "mood";
        const FULL_NAME: &'static str = "Served.mood";
        const ONEWAY: bool = false;
        type Arguments = MoodArguments;
        type Output = String;
        type Exception = NoException;
        type Result = MoodResult;

        fn outcome(result: MoodResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Mood`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct MoodArguments {
        pub mood: super::Mood,
    }

    impl Value for MoodArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                mood: super::Mood::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.mood = Value::read(input).at("Served.mood", "mood")?;
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
            self.mood.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Mood`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct MoodResult {
        pub success: Option<String>,
    }

    impl Value for MoodResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Served.mood", "success")?,
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

    impl From<Result<String, NoException>> for MoodResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Served.weigh`
    #[derive(Clone, Copy, Debug)]
    pub struct Weigh;

    impl Method for Weigh {
        const NAME: &'static str = "weigh";
        const FULL_NAME: &'static str = "Served.weigh";
        const ONEWAY: bool = false;
        type Arguments = WeighArguments;
        type Output = String;
        type Exception = NoException;
        type Result = WeighResult;

        fn outcome(result: WeighResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Weigh`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct WeighArguments {
        pub numbers: Vec<i32>,
        pub trees: Vec<super::Tree>,
        pub unique: BTreeSet<i32>,
        pub named: BTreeMap<String, super::Tree>,
        pub raw: Vec<u8>,
    }

    impl Value for WeighArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                numbers: Vec::new(),
                trees: Vec::new(),
                unique: BTreeSet::new(),
                named: BTreeMap::new(),
                raw: Vec::new(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::List) => {
                        this.numbers = Value::read(input).at("Served.weigh", "numbers")?;
                    }
                    (2, Kind::List) => {
                        this.trees = Value::read(input).at("Served.weigh", "trees")?;
                    }
                    (3, Kind::Set) => {
                        this.unique = Value::read(input).at("Served.weigh", "unique")?;
                    }
                    (4, Kind::Map) => {
                        this.named = Value::read(input).at("Served.weigh", "named")?;
                    }
                    (5, Kind::String) => {
                        this.raw = Value::read(input).at("Served.weigh", "raw")?;
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
            self.numbers.write(output)?;
            output.field(&mut fields, 2, Kind::List);
            self.trees.write(output)?;
            output.field(&mut fields, 3, Kind::Set);
            self.unique.write(output)?;
            output.field(&mut fields, 4, Kind::Map);
            self.named.write(output)?;
            output.field(&mut fields, 5, Kind::String);
            self.raw.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Weigh`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct WeighResult {
        pub success: Option<String>,
    }

    impl Value for WeighResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Served.weigh", "success")?,
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

    impl From<Result<String, NoException>> for WeighResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Served.plant`
    #[derive(Clone, Copy, Debug)]
    pub struct Plant;

    impl Method for Plant {
        const NAME: &'static str = "plant";
        const FULL_NAME: &'static str = "Served.plant";
        const ONEWAY: bool = false;
        type Arguments = PlantArguments;
        type Output = String;
        type Exception = NoException;
        type Result = PlantResult;

        fn outcome(result: PlantResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Plant`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct PlantArguments {
        pub tree: super::Tree,
    }

    impl Value for PlantArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                tree: super::Tree::default(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.tree = Value::read(input).at("Served.plant", "tree")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::Struct);
            self.tree.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Plant`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PlantResult {
        pub success: Option<String>,
    }

    impl Value for PlantResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Served.plant", "success")?,
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

    impl From<Result<String, NoException>> for PlantResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Served.refuse`
    #[derive(Clone, Copy, Debug)]
    pub struct Refuse;

    impl Method for Refuse {
        const NAME: &'static str = "refuse";
        const FULL_NAME: &'static str = "Served.refuse";
        const ONEWAY: bool = false;
        type Arguments = RefuseArguments;
        type Output = String;
        type Exception = RefuseException;
        type Result = RefuseResult;

        fn outcome(result: RefuseResult) -> Option<Result<String, RefuseException>> {
            if let Some(exception) = result.refused {
                return Some(Err(RefuseException::Refused(exception)));
            }
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Refuse`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct RefuseArguments {
        pub why: String,
    }

    impl Value for RefuseArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { why: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.why = Value::read(input).at("Served.refuse", "why")?;
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
            self.why.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Refuse`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct RefuseResult {
        pub success: Option<String>,
        pub refused: Option<super::Refused>,
    }

    impl Value for RefuseResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                success: None,
                refused: None,
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Served.refuse", "success")?,
                        );
                    }
                    (1, Kind::Struct) => {
                        this.refused = Some(
                            Value::read(input).at("Served.refuse", "refused")?,
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
            if let Some(value) = &self.refused {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<String, RefuseException>> for RefuseResult {
        fn from(outcome: Result<String, RefuseException>) -> Self {
            match outcome {
                Ok(value) => {
                    Self {
                        success: Some(value),
                        ..Self::default()
                    }
                }
                Err(RefuseException::Refused(exception)) => {
                    Self {
                        refused: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`Refuse`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum RefuseException {
        Refused(super::Refused),
    }

    impl fmt::Display for RefuseException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Refused(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for RefuseException {}

    impl From<super::Refused> for RefuseException {
        fn from(exception: super::Refused) -> Self {
            Self::Refused(exception)
        }
    }

    /// `Served.fail`
    #[derive(Clone, Copy, Debug)]
    pub struct Fail;

    impl Method for Fail {
        const NAME: &'static str = "fail";
        const FULL_NAME: &'static str = "Served.fail";
        const ONEWAY: bool = false;
        type Arguments = FailArguments;
        type Output = String;
        type Exception = NoException;
        type Result = FailResult;

        fn outcome(result: FailResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Fail`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct FailArguments {}

    impl Value for FailArguments {
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

    /// What a reply to [`Fail`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct FailResult {
        pub success: Option<String>,
    }

    impl Value for FailResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Served.fail", "success")?,
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

    impl From<Result<String, NoException>> for FailResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Served.panics`
    #[derive(Clone, Copy, Debug)]
    pub struct Panics;

    impl Method for Panics {
        const NAME: &'static str = "panics";
        const FULL_NAME: &'static str = "Served.panics";
        const ONEWAY: bool = false;
        type Arguments = PanicsArguments;
        type Output = String;
        type Exception = NoException;
        type Result = PanicsResult;

        fn outcome(result: PanicsResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Panics`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct PanicsArguments {}

    impl Value for PanicsArguments {
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

    /// What a reply to [`Panics`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PanicsResult {
        pub success: Option<String>,
    }

    impl Value for PanicsResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Served.panics", "success")?,
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

    impl From<Result<String, NoException>> for PanicsResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Served.fall`
    #[derive(Clone, Copy, Debug)]
    pub struct Fall;

    impl Method for Fall {
        const NAME: &'static str = "fall";
        const FULL_NAME: &'static str = "Served.fall";
        const ONEWAY: bool = true;
        type Arguments = FallArguments;
        type Output = ();
        type Exception = NoException;
        type Result = FallResult;

        fn outcome(_: FallResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Fall`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct FallArguments {}

    impl Value for FallArguments {
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

    /// What a reply to [`Fall`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct FallResult {}

    impl Value for FallResult {
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

    impl From<Result<(), NoException>> for FallResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }

    /// `Served.leave`
    #[derive(Clone, Copy, Debug)]
    pub struct Leave;

    impl Method for Leave {
        const NAME: &'static str = "leave";
        const FULL_NAME: &'static str = "Served.leave";
        const ONEWAY: bool = false;
        type Arguments = LeaveArguments;
        type Output = String;
        type Exception = NoException;
        type Result = LeaveResult;

        fn outcome(result: LeaveResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Leave`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct LeaveArguments {
        pub how: String,
    }

    impl Value for LeaveArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { how: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.how = Value::read(input).at("Served.leave", "how")?;
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
            self.how.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Leave`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct LeaveResult {
        pub success: Option<String>,
    }

    impl Value for LeaveResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("Served.leave", "success")?,
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

    impl From<Result<String, NoException>> for LeaveResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }
}

pub use served_methods::RefuseException;
