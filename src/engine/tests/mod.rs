//! The rules, in memory: each fault that a server must survive, under a clock that the test moves.

mod accepting;
mod backpressure;
mod budgets;
mod calls;
mod closing;
mod deadlines;
mod hostile;
mod links;
mod loops;
mod order;
mod outcomes;
mod regressions;
mod sessions;
mod stopping;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::buffer::{Body, Outbox};
use crate::codec::{Command, DataPack, Decoder, Encoder};
use crate::context::{Limits, LinkId, LinkLimits};
use crate::deferred::Promise;
use crate::engine::memory::{Net, Node, Peer, net};
use crate::error::{Misuse, PeerFault, Result};
use crate::service::CommandService;

/// What the handlers of a test note down.
#[derive(Default)]
struct Notes {
    said: Vec<String>,
    links: Vec<LinkId>,
}

impl Notes {
    fn say(&mut self, what: impl Into<String>) {
        self.said.push(what.into());
    }
}

type Server = Node<Notes>;

/// A server with these limits and this service, and the world it is in.
fn server(
    limits: Limits,
    fill: impl FnOnce(&mut CommandService<Notes>),
) -> (Server, Rc<RefCell<Net>>) {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), limits);
    let mut service = CommandService::<Notes>::new();
    service.on_opened(|cx, link| {
        cx.state.links.push(link);
        cx.state.say(format!("opened {link}"));
    });
    service.on_closed(|cx, link, reason| cx.state.say(format!("closed {link}: {reason}")));
    fill(&mut service);
    node.listen(DataPack::default(), service);
    (node, net)
}

/// The same with the default limits.
fn plain_server(fill: impl FnOnce(&mut CommandService<Notes>)) -> (Server, Rc<RefCell<Net>>) {
    server(Limits::default(), fill)
}

fn limits(link: LinkLimits) -> Limits {
    Limits {
        link,
        ..Limits::default()
    }
}

/// One frame.
fn frame(command: u32, body: &[u8]) -> Vec<u8> {
    let mut outbox = Outbox::default();
    DataPack::default()
        .encode(command, Body::Slice(body), &mut outbox)
        .expect("it fits");
    outbox.single().expect("a small one").to_vec()
}

/// The frames that bytes are made of.
fn frames(mut bytes: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        let word =
            |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        let (length, command) = (word(9) as usize, word(13));
        frames.push((command, bytes[17..13 + length].to_vec()));
        bytes = &bytes[13 + length..];
    }
    frames
}

/// What the peer got, as frames.
fn answers(peer: &mut Peer) -> Vec<(u32, Vec<u8>)> {
    frames(&peer.read())
}

fn echo(service: &mut CommandService<Notes>) {
    service.on(1, |call| call.reply(call.body())).expect("free");
}

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);

/// Promises that a test keeps to resolve them when it likes.
type Kept = Rc<RefCell<Vec<Promise<&'static str>>>>;

/// Has `command` answered later, by a promise that `kept` gets.
fn keep(service: &mut CommandService<Notes>, command: u32, kept: &Kept) {
    let promises = Rc::clone(kept);
    service
        .on(command, move |call| {
            let (promise, later) = call.defer();
            promises.borrow_mut().push(promise);
            later
        })
        .expect("free");
}

/// A server that echoes command 1 and keeps the promises of command 2.
fn keeping_server(
    limits: Limits,
    fill: impl FnOnce(&mut CommandService<Notes>),
) -> (Server, Rc<RefCell<Net>>, Kept) {
    let kept = Kept::default();
    let (server, net) = server(limits, |service| {
        echo(service);
        keep(service, 2, &kept);
        fill(service);
    });
    (server, net, kept)
}

fn take(kept: &Kept, index: usize) -> Promise<&'static str> {
    kept.borrow_mut().remove(index)
}

/// Marks of 1,000, 4,000 and 20,000 bytes.
fn marks() -> LinkLimits {
    LinkLimits {
        outbox_bytes_low: 1000,
        outbox_bytes_high: 4000,
        outbox_bytes_max: 20_000,
        ..LinkLimits::default()
    }
}

/// Writes half a frame, then fails or panics for command 66 or 67.
#[derive(Clone, Default)]
struct Half(DataPack);

impl Decoder for Half {
    type Frame<'a> = Command<'a>;
    fn decode<'a>(
        &mut self,
        input: &mut crate::Input<'a>,
    ) -> Result<Option<Self::Frame<'a>>, PeerFault> {
        self.0.decode(input)
    }
}

impl Encoder for Half {
    type Head = u32;
    fn encode(&self, head: u32, body: Body<'_>, output: &mut Outbox) -> Result<(), Misuse> {
        if head >= 66 {
            output.put_slice(b"half");
        }
        match head {
            66 => Err(Misuse::Unencodable("half".into())),
            67 => panic!("in an encoder"),
            _ => self.0.encode(head, body, output),
        }
    }
}
