//! The nodes of a cluster, and what they do for each other.
//!
//! ```text
//! clients ──► net ──► gate ◄── chat1, chat2     answer clients' commands, and push
//!                      ▲ ▲ ◄── calc1, calc2     answer calls, and call the gate
//!                      │ └──── twin             says that it is calc1, as its own process
//!                      └────── thief            says that it is a calc, with another secret
//! ```

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use oneloop::node::{
    ClientId, Node, NodeLimits, Remote, Root, Secret, forward_to_remote, pass_to_child,
};
use oneloop::sim::{Node as Machine, Random, World};
use oneloop::thrift::{Caller, Functions, Processor};
use oneloop::{
    CommandService, Context, DataPack, Deferred, Limits, LinkLimits, Listen, Promise, Remedy,
    Result,
};

use crate::book::{Command, Passed, Shared, kind};

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(crate) const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) const SECRET: &[u8] = b"correct horse battery staple";

/// One life of a node.
pub(crate) struct App {
    pub(crate) host: &'static str,
    pub(crate) life: u32,
    pub(crate) book: Shared,
    /// Calls that it answers never.
    pub(crate) promises: Vec<Promise<String>>,
    pub(crate) told: Vec<String>,
}

/// Short times, so that a world is over soon.
pub(crate) fn limits() -> NodeLimits {
    NodeLimits {
        link: LinkLimits {
            // Longer than a world lasts: what ends before that does so for another reason.
            call_deadline: secs(600),
            connect_deadline: secs(1),
            frame_deadline: secs(2),
            write_deadline: secs(2),
            close_deadline: secs(1),
            ..NodeLimits::default().link
        },
        heartbeat: millis(400),
        silence_deadline: millis(1500),
        unproven_deadline: secs(1),
        redial_after_min: millis(50),
        redial_after_max: secs(1),
        ..NodeLimits::default()
    }
}

/// After the last fault: a dead link is found, or what was begun over it given up; the longest time until it is dialled again; and a
/// handshake, on a network that is well.
pub(crate) fn heals_within(limits: &NodeLimits) -> Duration {
    let NodeLimits {
        silence_deadline,
        unproven_deadline,
        redial_after_max,
        ..
    } = *limits;
    let found = silence_deadline.max(unproven_deadline + limits.link.connect_deadline);
    found + redial_after_max + millis(100)
}

/// Notes that a call came here, and gives what it is answered.
fn note(cx: &Context<'_, App>, method: &'static str, number: i32) -> String {
    cx.state.book.borrow_mut().executed(method, number);
    format!("{method} {number}")
}

pub(crate) fn work() -> Processor<App> {
    let mut functions = Functions::new();
    let served = functions
        .on("echo", |cx, number: i32| note(cx, "echo", number))
        .and_then(|it| {
            it.on("later", |cx, (number, ms): (i32, i32)| {
                let text = note(cx, "later", number);
                let (promise, later) = cx.defer();
                cx.after(millis(ms.unsigned_abs().into()), |_| promise.resolve(text));
                later
            })
        })
        .and_then(|it| {
            it.on("bulk", |cx, (number, body): (i32, Bytes)| {
                let wanted = bulk(number, body.len());
                assert_eq!(body, wanted, "bulk {number} is another's, or spoiled");
                note(cx, "bulk", number)
            })
        })
        .and_then(|it| {
            it.on("never", |cx, number: i32| {
                note(cx, "never", number);
                let (promise, later) = cx.defer::<String>();
                cx.state.promises.push(promise);
                later
            })
        })
        .and_then(|it| {
            it.on("relay", |cx, number: i32| -> Deferred<String> {
                note(cx, "relay", number);
                cx.child("calc").call_named(cx, "echo", number)
            })
        });
    served.expect("they are free");
    functions.processor()
}

pub(crate) fn secret() -> Secret {
    Secret::new(SECRET).expect("long enough")
}

pub(crate) fn root() -> Root<App> {
    Root::new()
        .secret(secret())
        .limits(limits())
        .serve(work())
        .on_child_up(|cx, peer| {
            let mut book = cx.state.book.borrow_mut();
            *book.children_up.entry(peer.name.clone()).or_default() += 1;
        })
        .on_refused(|cx, refusal| cx.state.told.push(refusal.to_string()))
}

pub(crate) fn remote(queued_calls_max: usize) -> Remote<App> {
    let limits = NodeLimits {
        queued_calls_max,
        ..limits()
    };
    Remote::new()
        .secret(secret())
        .limits(limits)
        .serve(work())
        .on_refused(|cx, refusal| cx.state.told.push(refusal.to_string()))
}

/// The most of everything, in a loop and on the links between nodes.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub(crate) loops: Limits,
    pub(crate) links: NodeLimits,
}

impl Bounds {
    /// Those of every world that draws none.
    pub(crate) fn wide() -> Self {
        Self {
            loops: Limits::default(),
            links: limits(),
        }
    }

    /// Wide ones, or so narrow that every early exit of the loop is taken.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let mut bounds = Self::wide();
        if random.chance(0.5) {
            return bounds;
        }
        let few = |random: &mut Random| *random.pick(&[1, 2, 5, 1000]);
        bounds.loops.accepts_per_turn_max = few(random);
        bounds.loops.timers_per_turn_max = few(random);
        bounds.loops.continuations_per_turn_max = few(random);
        let link = &mut bounds.links.link;
        link.frames_per_turn_max = few(random);
        link.read_bytes_per_turn_max = *random.pick(&[100, 4 << 10, 64 << 10]);
        link.calls_max = *random.pick(&[4, 8, 1024]);
        // What does not fit beside what waits is refused.
        link.frame_out_bytes_max = *random.pick(&[BULK_BYTES_MAX + 100, 64 << 10]);
        link.outbox_bytes_max = 4 * link.frame_out_bytes_max;
        (link.outbox_bytes_low, link.outbox_bytes_high) = (1, link.outbox_bytes_max);
        bounds
    }

    fn queueing(&self, queued_calls_max: usize) -> NodeLimits {
        NodeLimits {
            queued_calls_max,
            ..self.links.clone()
        }
    }
}

/// The largest body of a call, with something around it.
pub(crate) const BULK_BYTES_MAX: usize = 1 << 10;

/// A machine of which each life is noted.
pub(crate) fn machine(
    world: &mut World,
    host: &'static str,
    book: &Shared,
    compose: impl Fn() -> Node<App> + 'static,
) -> Machine<App> {
    machine_within(world, host, book, Limits::default(), compose)
}

pub(crate) fn machine_within(
    world: &mut World,
    host: &'static str,
    book: &Shared,
    limits: Limits,
    compose: impl Fn() -> Node<App> + 'static,
) -> Machine<App> {
    let book = Rc::clone(book);
    let make = move || App {
        host,
        life: book.borrow_mut().begin_life(host),
        book: Rc::clone(&book),
        promises: Vec::new(),
        told: Vec::new(),
    };
    let start = move |cx: &mut Context<'_, App>| compose().start(cx);
    let started = world.node_with_limits(host, limits, make, start);
    started.expect("it starts")
}

/// The node that listens for clients.
pub(crate) fn net(
    world: &mut World,
    book: &Shared,
    bounds: &Bounds,
    ordered: bool,
) -> Machine<App> {
    let (loops, links) = (bounds.loops.clone(), bounds.queueing(0));
    machine_within(world, "net", book, loops, move || {
        let mut commands = CommandService::new();
        commands.on_failure(|_, failure| Remedy::Reply {
            command: FAILED,
            body: Bytes::from(kind(failure.error)),
        });
        if ordered {
            commands.ordered_replies();
        }
        let forwards = commands.catch_all(forward_to_remote("gate"));
        forwards.expect("it is free");
        let of_clients = LinkLimits {
            calls_max: 8,
            ..LinkLimits::default()
        };
        let listen = Listen::new("net:7000").limits(of_clients);
        Node::new("net")
            .instance([1; 16])
            .net(listen, DataPack::default(), commands)
            .remote("gate", "gate:9000", remote(0).limits(links.clone()))
    })
}

/// The node between.
pub(crate) fn gate(world: &mut World, book: &Shared, bounds: &Bounds) -> Machine<App> {
    let (loops, links) = (bounds.loops.clone(), bounds.links.clone());
    machine_within(world, "gate", book, loops, move || {
        let pass = pass_to_child("chat");
        let root = root().on_forward(move |cx, client, command, body: &[u8]| {
            let passed = Passed {
                body: body.to_vec(),
                life: cx.state.life,
                there: cx.children("chat").iter().map(|it| it.link).collect(),
            };
            cx.state.book.borrow_mut().passed.push(passed);
            pass(cx, client, command, body)
        });
        Node::new("gate").root("gate:9000", root.limits(links.clone()))
    })
}

/// A node that answers clients' commands. Without an instance it draws another in each life.
pub(crate) fn chat(
    world: &mut World,
    host: &'static str,
    book: &Shared,
    bounds: &Bounds,
    instance: Option<[u8; 16]>,
) -> Machine<App> {
    let (loops, links) = (bounds.loops.clone(), bounds.queueing(0));
    machine_within(world, host, book, loops, move || {
        let node = Node::new("chat");
        let node = match instance {
            Some(instance) => node.instance(instance),
            None => node,
        };
        let remote = remote(0).limits(links.clone());
        node.remote("gate", "gate:9000", remote.on_forward(answer))
    })
}

pub(crate) fn calc(
    world: &mut World,
    host: &'static str,
    book: &Shared,
    bounds: &Bounds,
    instance: [u8; 16],
    queued_calls_max: usize,
) -> Machine<App> {
    let loops = bounds.loops.clone();
    let links = bounds.queueing(queued_calls_max);
    machine_within(world, host, book, loops, move || {
        let remote = remote(queued_calls_max).limits(links.clone());
        Node::new("calc")
            .instance(instance)
            .remote("gate", "gate:9000", remote)
    })
}

/// The command with which a client is told that one of its own failed.
pub(crate) const FAILED: u32 = 9;
/// Of a push.
pub(crate) const PUSHED: u32 = 10;

/// Answers `WORD WHO NUMBER`: after as many milliseconds as the word says, or never, or behind a push.
fn answer(
    cx: &mut Context<'_, App>,
    client: ClientId,
    _: u32,
    body: &[u8],
) -> Deferred<Option<String>> {
    let text = String::from_utf8_lossy(body).into_owned();
    let words: Vec<&str> = text.split(' ').collect();
    let (who, number) = (words[1].parse(), words[2].parse());
    let command = Command {
        body: body.to_vec(),
        host: cx.state.host,
        life: cx.state.life,
        client,
        who: who.expect("who"),
        number: number.expect("which"),
    };
    cx.state.book.borrow_mut().commands.push(command);
    match words[0] {
        "never" => {
            let (promise, later) = cx.defer();
            cx.state.promises.push(promise);
            later.map(Some)
        }
        "push" => {
            drop(cx.push_across(&[client], PUSHED, text.as_bytes()));
            Deferred::ready(Some(text.clone()))
        }
        "0" => Deferred::ready(Some(text.clone())),
        span => {
            let span = millis(span.parse().expect("a span"));
            let (promise, later) = cx.defer();
            let text = text.clone();
            cx.after(span, |_| promise.resolve(Some(text)));
            later
        }
    }
}

/// A body that no other call has.
fn bulk(number: i32, len: usize) -> Bytes {
    let words =
        (0..).flat_map(|place: i32| number.wrapping_mul(31).wrapping_add(place).to_be_bytes());
    words.take(len).collect()
}

/// How a call is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    pub(crate) method: &'static str,
    /// How long its target takes, of `later`; how many bytes it has, of `bulk`.
    pub(crate) takes_ms: i32,
    pub(crate) deadline: Option<Duration>,
    /// When its caller drops it.
    pub(crate) drop_after: Option<Duration>,
}

/// Makes a call, and has its outcome noted.
pub(crate) fn call(world: &mut World, node: &Machine<App>, to: Target<'_>, how: How) -> i32 {
    world.note(&format!("{} calls {to:?} {how:?}", node.name()));
    world.with(node, |cx| {
        let (host, life) = (cx.state.host, cx.state.life);
        let dropped = how.drop_after.is_some();
        let mut book = cx.state.book.borrow_mut();
        let number = book.make(how.method, host, life, dropped);
        drop(book);
        let made: Deferred<String> = match (to.caller(cx), how.method) {
            (Err(error), _) => Deferred::failed(error),
            (Ok(caller), method) => {
                let caller = match how.deadline {
                    Some(span) => caller.with_deadline(span),
                    None => caller,
                };
                match method {
                    "later" => caller.call_named(cx, method, (number, how.takes_ms)),
                    "bulk" => {
                        let body = bulk(number, how.takes_ms.unsigned_abs() as usize);
                        caller.call_named(cx, method, (number, body))
                    }
                    _ => caller.call_named(cx, method, number),
                }
            }
        };
        if let Some(span) = how.drop_after {
            cx.after(span, move |_| drop(made));
        } else {
            cx.when(made, move |cx, outcome| {
                cx.state.book.borrow_mut().over(number, outcome);
            });
        }
        number
    })
}

/// Who is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    Gate,
    Child(&'a str),
    Instance(&'a str, [u8; 16]),
}

impl Target<'_> {
    fn caller(self, cx: &Context<'_, App>) -> Result<Caller> {
        match self {
            Self::Gate => cx.remote("gate").caller(cx),
            Self::Child(name) => cx.child(name).caller(cx),
            Self::Instance(name, instance) => cx.child(name).by_instance(instance).caller(cx),
        }
    }
}
