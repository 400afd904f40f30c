//! A service as the IDL compiler would write it, by hand: its methods, a server, a client's node, and a server that says what a test wants.
//!
//! ```text
//! service Hand {
//!   string echo(1: string text),
//!   i32 divide(1: i32 dividend, 2: i32 divisor) throws (1: ByZero fault),
//!   void touch(),
//!   string later(1: string text),
//!   string never(),
//!   oneway void fire(1: i32 by),
//! }
//! ```

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use oneloop::codec::{Decoder, Framed};
use oneloop::sim::{Node, World};
use oneloop::thrift::{
    Answer, ApplicationException, Binary, Caller, CallerLimits, Compact, Form, Incoming, Kind,
    Message, MessageKind, Method, NoException, Process, Processor, Protocol, ProtocolError, Read,
    Served, Value, WireLimits, Write,
};
use oneloop::{
    Connect, Context, Deferred, Error, Input, LinkLimits, Misuse, Promise, Reason, Result, Session,
    Verdict,
};

/// No test waits longer for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3600);

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

// ---- what the IDL compiler would write ----

/// One or no field of each type: all the structs of this service.
macro_rules! structs {
    ($($name:ident { $($id:literal $field:ident: $type:ty),* })*) => {$(
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct $name { $(pub(crate) $field: Option<$type>),* }

        impl Value for $name {
            const KIND: Kind = Kind::Struct;

            fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
                let mut _found = Self::default();
                let mut fields = input.begin_struct()?;
                while let Some(field) = input.field(&mut fields)? {
                    match (field.id, field.kind) {
                        $(($id, kind) if kind == <$type>::KIND => _found.$field = Some(Value::read(input)?),)*
                        (_, kind) => input.skip(kind)?,
                    }
                }
                input.end_struct(fields);
                Ok(_found)
            }

            fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
                #[allow(unused_mut, reason = "a struct may have no field")]
                let mut fields = output.begin_struct()?;
                $(if let Some(value) = &self.$field {
                    output.field(&mut fields, $id, <$type>::KIND);
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
    Text { 1 text: String }
    Division { 1 dividend: i32, 2 divisor: i32 }
    By { 1 by: i32 }
    ByZero { 1 dividend: i32 }
    TextResult { 0 success: String }
    DivideResult { 0 success: i32, 1 fault: ByZero }
    DeepResult { 0 success: Deep }
}

impl fmt::Display for ByZero {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} by zero", self.dividend)
    }
}

impl StdError for ByZero {}

/// So many structs within each other: what a writer refuses if they are too many.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Deep(pub(crate) u32);

impl Value for Deep {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        input.skip(Kind::Struct)?;
        Ok(Self(0))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        if self.0 > 0 {
            output.field(&mut fields, 1, Kind::Struct);
            Self(self.0 - 1).write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

impl From<Result<String, NoException>> for TextResult {
    fn from(outcome: Result<String, NoException>) -> Self {
        Self {
            success: outcome.ok(),
        }
    }
}

impl From<Result<(), NoException>> for Nothing {
    fn from(_: Result<(), NoException>) -> Self {
        Self {}
    }
}

impl From<Result<i32, ByZero>> for DivideResult {
    fn from(outcome: Result<i32, ByZero>) -> Self {
        match outcome {
            Ok(value) => Self {
                success: Some(value),
                fault: None,
            },
            Err(fault) => Self {
                success: None,
                fault: Some(fault),
            },
        }
    }
}

impl From<Result<Deep, NoException>> for DeepResult {
    fn from(outcome: Result<Deep, NoException>) -> Self {
        Self {
            success: outcome.ok(),
        }
    }
}

macro_rules! methods {
    ($($method:ident $name:literal $oneway:literal ($arguments:ty) -> $output:ty, $exception:ty, $result:ty: $outcome:expr;)*) => {$(
        pub(crate) enum $method {}

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
    Echo "echo" false (Text) -> String, NoException, TextResult: |result| result.success.map(Ok);
    Divide "divide" false (Division) -> i32, ByZero, DivideResult: |result| match result {
        DivideResult { fault: Some(fault), .. } => Some(Err(fault)),
        DivideResult { success, .. } => success.map(Ok),
    };
    Touch "touch" false (Nothing) -> (), NoException, Nothing: |_| Some(Ok(()));
    Later "later" false (Text) -> String, NoException, TextResult: |result| result.success.map(Ok);
    Never "never" false (Nothing) -> String, NoException, TextResult: |result| result.success.map(Ok);
    Fire "fire" true (By) -> (), NoException, Nothing: |_| Some(Ok(()));
    // Of no service: what nobody serves, and what cannot be written.
    Absent "absent" false (Nothing) -> (), NoException, Nothing: |_| Some(Ok(()));
    Dive "dive" false (Deep) -> Deep, NoException, DeepResult: |result| result.success.map(Ok);
    // Of the service, but called so that it is answered though it is sent as oneway.
    Shout "echo" true (Text) -> (), NoException, Nothing: |_| Some(Ok(()));
}

/// A server's state.
#[derive(Debug, Default)]
pub(crate) struct Hand {
    pub(crate) fired: i32,
    pub(crate) called: u64,
}

impl Process<Self> for Hand {
    const SHARES: bool = false;

    fn process<P: Protocol>(call: &mut Incoming<'_, '_, Self, P>) -> Result<Served> {
        match call.name() {
            b"echo" => call.serve::<Echo>(|cx, arguments| {
                cx.state.called += 1;
                match arguments.text.unwrap_or_default() {
                    text if text == "fail" => Answer::failed("as the test wants"),
                    text => text.into(),
                }
            }),
            b"divide" => call.serve::<Divide>(|cx, arguments| {
                cx.state.called += 1;
                let dividend = arguments.dividend.unwrap_or_default();
                match arguments.divisor.unwrap_or_default() {
                    0 => Answer::Exception(ByZero {
                        dividend: Some(dividend),
                    }),
                    divisor => dividend.wrapping_div(divisor).into(),
                }
            }),
            b"touch" => call.serve::<Touch>(|cx, _| {
                cx.state.called += 1;
                ().into()
            }),
            b"never" => call.serve::<Never>(|cx, _| {
                cx.state.called += 1;
                let (promise, later) = cx.defer();
                // Kept with the link, and so dropped with it.
                let link = cx.link();
                match cx.links.attached_mut::<Vec<Promise<String>>>(link) {
                    Some(promises) => promises.push(promise),
                    None => _ = cx.links.attach(link, vec![promise]),
                }
                later.into()
            }),
            b"later" => call.serve::<Later>(|cx, arguments| {
                cx.state.called += 1;
                let (promise, later) = cx.defer();
                let text = arguments.text.unwrap_or_default();
                cx.after(Duration::from_millis(1), |_| promise.resolve(text));
                later.into()
            }),
            b"fire" => call.serve::<Fire>(|cx, arguments| {
                cx.state.fired += arguments.by.unwrap_or_default();
                ().into()
            }),
            _ => call.unknown(),
        }
    }
}

/// A node that serves it at `server:7000`.
pub(crate) fn server(world: &mut World) -> Node<Hand> {
    let node = world.node("server", Hand::default, |cx| {
        cx.listen("server:7000", Framed::default(), Processor::of::<Hand>())
    });
    node.expect("it starts")
}

// ---- the client's node ----

/// A client's state: its caller, and what came of its calls, in the order in which it came.
#[derive(Debug, Default)]
pub(crate) struct Client {
    pub(crate) caller: Option<Caller>,
    pub(crate) outcomes: Vec<(u32, String)>,
    /// Calls that were made, and whose outcome is to come.
    pub(crate) names: u32,
}

impl Client {
    pub(crate) fn caller(&self) -> Caller {
        self.caller.clone().expect("it has dialled")
    }

    pub(crate) fn texts(&self) -> Vec<&str> {
        self.outcomes.iter().map(|(_, text)| &**text).collect()
    }
}

/// A node that has dialled `server:7000`.
pub(crate) fn client<P: Protocol>(world: &mut World, limits: LinkLimits) -> Node<Client> {
    client_limited::<P>(world, limits, CallerLimits::default())
}

pub(crate) fn client_limited<P: Protocol>(
    world: &mut World,
    link: LinkLimits,
    limits: CallerLimits,
) -> Node<Client> {
    let node = world.node("client", Client::default, move |cx| {
        let connect = Connect::new("server:7000").limits(link.clone());
        let caller = Caller::connect_limited::<P, _>(cx, connect, limits)?;
        cx.state.caller = Some(caller);
        Ok(())
    });
    node.expect("it starts")
}

/// Has what comes of a call written down.
pub(crate) fn note<T: fmt::Debug + 'static>(
    cx: &mut Context<'_, Client>,
    later: Deferred<T>,
) -> u32 {
    cx.state.names += 1;
    let name = cx.state.names;
    cx.when(later, move |cx, outcome| {
        let text = match outcome {
            Ok(value) => format!("{value:?}"),
            Err(error) => told(&error),
        };
        cx.state.outcomes.push((name, text));
    });
    name
}

/// An error in a word: its kind, and what an application exception says of itself.
pub(crate) fn told(error: &Error) -> String {
    match error {
        Error::Failed(error) => match error.downcast_ref::<ApplicationException>() {
            Some(exception) => exception.kind.to_string(),
            None => format!("failed: {error}"),
        },
        Error::Io(error) => format!("io: {:?}", error.kind()),
        Error::Peer(fault) => format!("fault: {fault}"),
        Error::Misuse(Misuse::FrameTooLong { .. }) => "misuse: too long".into(),
        Error::Misuse(Misuse::Unencodable(_)) => "misuse: unencodable".into(),
        Error::Misuse(other) => format!("misuse: {other}"),
        Error::Timeout => "timeout".into(),
        Error::Busy => "busy".into(),
        Error::LinkClosed => "closed".into(),
        Error::Dropped => "dropped".into(),
        Error::Stopped => "stopped".into(),
        other => format!("other: {other}"),
    }
}

pub(crate) fn text(text: impl Into<String>) -> Text {
    Text {
        text: Some(text.into()),
    }
}

/// Calls `echo`, and has the outcome written down.
pub(crate) fn echo(cx: &mut Context<'_, Client>, word: &str) -> u32 {
    let caller = cx.state.caller();
    let later = caller.call::<Echo, _>(cx, text(word));
    note(cx, later)
}

/// Calls `later`, which is answered a millisecond later.
pub(crate) fn later(cx: &mut Context<'_, Client>, word: &str) -> u32 {
    let caller = cx.state.caller();
    let later = caller.call::<Later, _>(cx, text(word));
    note(cx, later)
}

pub(crate) fn divide(cx: &mut Context<'_, Client>, dividend: i32, divisor: i32) -> u32 {
    let caller = cx.state.caller();
    let arguments = Division {
        dividend: Some(dividend),
        divisor: Some(divisor),
    };
    let later = caller.call_catching::<Divide, _>(cx, arguments);
    note(cx, later)
}

pub(crate) fn never(cx: &mut Context<'_, Client>) -> u32 {
    let caller = cx.state.caller();
    let later = caller.call::<Never, _>(cx, Nothing {});
    note(cx, later)
}

pub(crate) fn fire(cx: &mut Context<'_, Client>, by: i32) -> Result<()> {
    let caller = cx.state.caller();
    caller.send::<Fire, _>(cx, By { by: Some(by) })
}

/// Waits until so many calls have an outcome, and says which: in the order in which they came.
pub(crate) fn outcomes(world: &mut World, node: &Node<Client>, count: usize) -> Vec<String> {
    world.run_until(|world| world.state(node).outcomes.len() >= count, PATIENCE);
    let texts = world.state(node).texts();
    assert_eq!(texts.len(), count, "{texts:?}");
    texts.into_iter().map(str::to_owned).collect()
}

// ---- a server that says what a test wants ----

/// A server's state: the calls that came, and how often it was closed.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// Name, kind and number, in order.
    pub(crate) calls: Vec<(String, MessageKind, i32)>,
    pub(crate) link: Option<oneloop::LinkId>,
    pub(crate) closed: Vec<String>,
}

impl Script {
    pub(crate) fn number(&self, place: usize) -> i32 {
        self.calls[place].2
    }
}

struct Scripted<P>(Framed, std::marker::PhantomData<P>);

impl<P: Protocol> Session<Script> for Scripted<P> {
    fn opened(&mut self, cx: &mut Context<'_, Script>) -> Result<Verdict> {
        cx.state.link = Some(cx.link());
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, Script>) -> Result<Verdict> {
        while let Some(frame) = cx.next_frame(input, |input| self.0.decode(input))? {
            let head = P::reader(frame, WireLimits::default()).message()?;
            let call = (head.name.to_owned(), head.kind, head.sequence);
            cx.state.calls.push(call);
        }
        Ok(Verdict::Continue)
    }

    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, Script>) {
        cx.state.closed.push(reason.to_string());
    }
}

/// A node at `server:7000` that writes down what it is called, and answers nothing by itself.
pub(crate) fn scripted<P: Protocol>(world: &mut World) -> Node<Script> {
    let node = world.node("server", Script::default, |cx| {
        let make = || Scripted::<P>(Framed::default(), std::marker::PhantomData);
        cx.listen("server:7000", (), make)
    });
    node.expect("it starts")
}

/// Waits for so many calls, then has the server send these bytes.
pub(crate) fn say(world: &mut World, node: &Node<Script>, bytes: Vec<u8>) {
    world.with(node, move |cx| {
        let link = cx.state.link.expect("it is up");
        cx.links.send_bytes(link, bytes).expect("it is open");
    });
}

pub(crate) fn await_calls(world: &mut World, node: &Node<Script>, count: usize) {
    world.run_until(|world| world.state(node).calls.len() >= count, PATIENCE);
}

/// A message in a frame.
pub(crate) fn framed<P: Protocol, V: Value>(
    name: &str,
    kind: MessageKind,
    sequence: i32,
    body: &V,
) -> Vec<u8> {
    framed_as::<P, V>(Form::Strict, name, kind, sequence, body)
}

pub(crate) fn framed_as<P: Protocol, V: Value>(
    form: Form,
    name: &str,
    kind: MessageKind,
    sequence: i32,
    body: &V,
) -> Vec<u8> {
    let mut message = Vec::new();
    let mut output = P::writer(&mut message, WireLimits::default());
    let head = Message {
        name,
        kind,
        sequence,
        form,
    };
    output.message(&head).expect("it can be written");
    body.write(&mut output).expect("it can be written");
    drop(output);
    frame(&message)
}

/// Bytes in a frame.
pub(crate) fn frame(message: &[u8]) -> Vec<u8> {
    let mut frame = (message.len() as u32).to_be_bytes().to_vec();
    frame.extend_from_slice(message);
    frame
}

/// The reply to an echo.
pub(crate) fn echoed<P: Protocol>(sequence: i32, word: &str) -> Vec<u8> {
    let result = TextResult {
        success: Some(word.into()),
    };
    framed::<P, _>("echo", MessageKind::Reply, sequence, &result)
}

/// The same test over both protocols.
pub(crate) fn over_both(test: impl Fn(&dyn Over)) {
    test(&Both(Binary));
    test(&Both(Compact));
}

struct Both<P>(P);

/// What a test does in a protocol that it does not name.
pub(crate) trait Over {
    fn client(&self, world: &mut World, limits: LinkLimits) -> Node<Client>;
    fn scripted(&self, world: &mut World) -> Node<Script>;
    fn echoed(&self, sequence: i32, word: &str) -> Vec<u8>;
    fn reply(&self, name: &str, kind: MessageKind, sequence: i32, body: &Fields) -> Vec<u8>;
}

/// A struct of texts, by the fields' numbers.
pub(crate) type Fields = BTreeMap<i16, String>;

struct AsStruct<'a>(&'a Fields);

impl Value for AsStruct<'_> {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(_: &mut R) -> Result<Self, ProtocolError> {
        unreachable!("it is written")
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        for (id, text) in self.0 {
            output.field(&mut fields, *id, Kind::String);
            text.write(output)?;
        }
        output.end_struct(fields);
        Ok(())
    }
}

impl<P: Protocol> Over for Both<P> {
    fn client(&self, world: &mut World, limits: LinkLimits) -> Node<Client> {
        client::<P>(world, limits)
    }

    fn scripted(&self, world: &mut World) -> Node<Script> {
        scripted::<P>(world)
    }

    fn echoed(&self, sequence: i32, word: &str) -> Vec<u8> {
        echoed::<P>(sequence, word)
    }

    fn reply(&self, name: &str, kind: MessageKind, sequence: i32, body: &Fields) -> Vec<u8> {
        framed::<P, _>(name, kind, sequence, &AsStruct(body))
    }
}
