//! A service as the IDL compiler would write it, and nodes that serve it and call it.
//!
//! ```text
//! service Work {
//!   string echo(1: string text),      // at once
//!   string later(1: string text),     // after as many milliseconds as the text says
//!   string never(1: string text),     // notes when nobody waits any more
//!   string fail(1: string text),      // as the text says
//!   oneway void fire(1: string text),
//! }
//! ```

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use oneloop::node::{ClientId, Node, NodeLimits, Peer, Remote, Root, Secret, Taken};
use oneloop::sim::{Node as Machine, World};
use oneloop::thrift::{
    Answer, ApplicationException, ApplicationExceptionKind, Incoming, Kind, Method, NoException,
    Process, Processor, Protocol, ProtocolError, Read, Served, Value, Write,
};
use oneloop::{Context, Deferred, Error, LinkLimits, Promise, Result};

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(crate) const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

// ---- what the IDL compiler would write ----

macro_rules! structs {
    ($($name:ident $id:literal)*) => {$(
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct $name(pub(crate) Option<String>);

        impl Value for $name {
            const KIND: Kind = Kind::Struct;

            fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
                let mut found = Self::default();
                let mut fields = input.begin_struct()?;
                while let Some(field) = input.field(&mut fields)? {
                    match (field.id, field.kind) {
                        ($id, Kind::String) => found.0 = Some(Value::read(input)?),
                        (_, kind) => input.skip(kind)?,
                    }
                }
                input.end_struct(fields);
                Ok(found)
            }

            fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
                let mut fields = output.begin_struct()?;
                if let Some(value) = &self.0 {
                    output.field(&mut fields, $id, Kind::String);
                    value.write(output)?;
                }
                output.end_struct(fields);
                Ok(())
            }
        }
    )*};
}

structs! { Text 1 Outcome 0 }

impl From<Result<String, NoException>> for Outcome {
    fn from(outcome: Result<String, NoException>) -> Self {
        Self(outcome.ok())
    }
}

impl From<Result<(), NoException>> for Outcome {
    fn from(_: Result<(), NoException>) -> Self {
        Self(None)
    }
}

macro_rules! methods {
    ($($method:ident $name:literal)*) => {$(
        pub(crate) enum $method {}

        impl Method for $method {
            const NAME: &'static str = $name;
            const FULL_NAME: &'static str = concat!("Work.", $name);
            const ONEWAY: bool = false;
            type Arguments = Text;
            type Output = String;
            type Exception = NoException;
            type Result = Outcome;

            fn outcome(result: Outcome) -> Option<Result<String, NoException>> {
                result.0.map(Ok)
            }
        }
    )*};
}

methods! { Echo "echo" Later "later" Never "never" Fail "fail" Relay "relay" Absent "absent" }

pub(crate) enum Fire {}

impl Method for Fire {
    const NAME: &'static str = "fire";
    const FULL_NAME: &'static str = "Work.fire";
    const ONEWAY: bool = true;
    type Arguments = Text;
    type Output = ();
    type Exception = NoException;
    type Result = Outcome;

    fn outcome(_: Outcome) -> Option<Result<(), NoException>> {
        Some(Ok(()))
    }
}

pub(crate) fn text(text: &str) -> Text {
    Text(Some(text.into()))
}

// ---- a node of a test ----

/// What all lives of all nodes of a test have in common: the world outside.
pub(crate) type Ledger = Rc<RefCell<BTreeMap<String, u32>>>;

/// The state of a node.
#[derive(Default)]
pub(crate) struct App {
    /// What its targets were called with.
    pub(crate) served: Vec<String>,
    /// Of calls that it made, in the order in which they ended.
    pub(crate) outcomes: Vec<(u32, String)>,
    pub(crate) made: u32,
    /// What its hooks were told.
    pub(crate) told: Vec<String>,
    /// Calls that it answers never, until nobody waits.
    pub(crate) promises: Vec<Promise<String>>,
    pub(crate) ledger: Ledger,
    /// Clients whose forwarded commands it answered, each once.
    pub(crate) clients: Vec<ClientId>,
    /// What became of its pushes.
    pub(crate) pushed: Vec<Taken>,
}

impl App {
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.outcomes.iter().map(|(_, text)| &**text).collect()
    }

    pub(crate) fn given_up(&self) -> usize {
        let given_up = self.promises.iter().filter(|it| it.is_cancelled());
        given_up.count()
    }
}

pub(crate) struct Work;

impl Process<App> for Work {
    const SHARES: bool = false;

    fn process<P: Protocol>(call: &mut Incoming<'_, '_, App, P>) -> Result<Served> {
        fn note(cx: &mut Context<'_, App>, text: Text) -> String {
            let text = text.0.unwrap_or_default();
            cx.state.served.push(text.clone());
            let ledger = Rc::clone(&cx.state.ledger);
            *ledger.borrow_mut().entry(text.clone()).or_default() += 1;
            text
        }
        match call.name() {
            b"echo" => call.serve::<Echo>(|cx, arguments| note(cx, arguments).into()),
            b"later" => call.serve::<Later>(|cx, arguments| {
                let text = note(cx, arguments);
                let span = text.split(' ').next().and_then(|text| text.parse().ok());
                let (promise, later) = cx.defer();
                cx.after(millis(span.unwrap_or(1)), |_| promise.resolve(text));
                later.into()
            }),
            b"never" => call.serve::<Never>(|cx, arguments| {
                note(cx, arguments);
                let (promise, later) = cx.defer();
                cx.state.promises.push(promise);
                later.into()
            }),
            b"fail" => call.serve::<Fail>(|cx, arguments| match &*note(cx, arguments) {
                "code" => Answer::failed(ApplicationException::new(
                    ApplicationExceptionKind::Other(77),
                    "no such room",
                )),
                "busy" => Answer::Failed(Error::Busy),
                "text" => Answer::failed("out of paper"),
                other => panic!("{other}"),
            }),
            b"relay" => call.serve::<Relay>(|cx, arguments| {
                let text = note(cx, arguments);
                cx.child("calc")
                    .call::<Echo, _>(cx, Text(Some(text)))
                    .into()
            }),
            b"fire" => call.serve::<Fire>(|cx, arguments| {
                note(cx, arguments);
                ().into()
            }),
            _ => call.unknown(),
        }
    }
}

pub(crate) fn secret() -> Secret {
    Secret::new("correct horse battery staple").expect("long enough")
}

/// A root that serves the service and tells its state of everything.
pub(crate) fn root() -> Root<App> {
    Root::new()
        .secret(secret())
        .serve(Processor::of::<Work>())
        .on_child_up(|cx, peer| cx.state.told.push(format!("up {}", name(peer))))
        .on_child_lost(|cx, peer, why| {
            let line = format!("lost {}: {why}", name(peer));
            cx.state.told.push(line);
        })
        .on_refused(|cx, refusal| cx.state.told.push(format!("{refusal}")))
}

/// The same for the other end.
pub(crate) fn remote() -> Remote<App> {
    Remote::new()
        .secret(secret())
        .serve(Processor::of::<Work>())
        .on_root_up(|cx, peer| cx.state.told.push(format!("up {}", peer.name)))
        .on_root_lost(|cx, peer, why| {
            let line = format!("lost {}: {why}", peer.name);
            cx.state.told.push(line);
        })
        .on_refused(|cx, refusal| cx.state.told.push(format!("{refusal}")))
}

fn name(peer: &Peer) -> String {
    format!("{}/{}", peer.name, peer.epoch)
}

/// A machine on which the node runs that `compose` gives, in each of its lives.
pub(crate) fn machine(
    world: &mut World,
    host: &str,
    compose: impl Fn() -> Node<App> + 'static,
) -> Machine<App> {
    machine_of(world, host, &Ledger::default(), compose)
}

pub(crate) fn machine_of(
    world: &mut World,
    host: &str,
    ledger: &Ledger,
    compose: impl Fn() -> Node<App> + 'static,
) -> Machine<App> {
    let ledger = Rc::clone(ledger);
    let make = move || App {
        ledger: Rc::clone(&ledger),
        ..App::default()
    };
    let started = world.node(host, make, move |cx| compose().start(cx));
    started.expect("it starts")
}

/// A gate and a calc which is its child, both up.
pub(crate) fn pair(world: &mut World) -> (Machine<App>, Machine<App>) {
    pair_limited(world, NodeLimits::default())
}

pub(crate) fn pair_limited(world: &mut World, limits: NodeLimits) -> (Machine<App>, Machine<App>) {
    let of_root = limits.clone();
    let gate = machine(world, "gate", move || {
        Node::new("gate").root("gate:9000", root().limits(of_root.clone()))
    });
    let calc = machine(world, "calc", move || {
        Node::new("calc").instance([7; 16]).remote(
            "gate",
            "gate:9000",
            remote().limits(limits.clone()),
        )
    });
    world.run_until(
        |world| world.with(&gate, |cx| !cx.children("calc").is_empty()),
        secs(10),
    );
    world.run_until(
        |world| world.with(&calc, |cx| cx.remote("gate").peer(cx).is_some()),
        secs(10),
    );
    (gate, calc)
}

/// Notes what comes of a call in the state.
pub(crate) fn watch(cx: &mut Context<'_, App>, call: Deferred<String>) -> u32 {
    cx.state.made += 1;
    let number = cx.state.made;
    cx.when(call, move |cx, outcome| {
        let text = match outcome {
            Ok(text) => text,
            Err(error) => format!("! {}", kind(&error)),
        };
        cx.state.outcomes.push((number, text));
    });
    number
}

pub(crate) fn kind(error: &Error) -> String {
    match error {
        Error::Absent(_) => "absent".into(),
        Error::Timeout => "timeout".into(),
        Error::Cancelled => "cancelled".into(),
        Error::Busy => "busy".into(),
        Error::LinkClosed => "closed".into(),
        Error::Stopped => "stopped".into(),
        Error::Dropped => "dropped".into(),
        Error::Io(error) => format!("io: {error}"),
        other => other.to_string(),
    }
}

/// The root's node calls a child.
pub(crate) fn down<M>(world: &mut World, node: &Machine<App>, name: &str, what: &str) -> u32
where
    M: Method<Arguments = Text, Output = String, Exception = NoException>,
{
    world.with(node, |cx| {
        let call = cx.child(name).call::<M, _>(cx, text(what));
        watch(cx, call)
    })
}

/// A child's node calls its root.
pub(crate) fn up<M>(world: &mut World, node: &Machine<App>, what: &str) -> u32
where
    M: Method<Arguments = Text, Output = String, Exception = NoException>,
{
    world.with(node, |cx| {
        let call = cx.remote("gate").call::<M, _>(cx, text(what));
        watch(cx, call)
    })
}

/// Limits with a call deadline of so many seconds.
pub(crate) fn deadline(span: Duration) -> NodeLimits {
    NodeLimits {
        link: LinkLimits {
            call_deadline: span,
            ..NodeLimits::default().link
        },
        ..NodeLimits::default()
    }
}
