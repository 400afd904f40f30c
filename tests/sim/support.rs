//! A session that writes down what it sees, and nodes that have it.

use std::io::ErrorKind;
use std::time::Duration;

use oneloop::sim::{LinkFaults, Node, Peer, World};
use oneloop::{Context, Input, LinkId, Reason, ReasonKind, Result, Session, Time, Verdict};

/// One way of a link on which nothing goes wrong.
pub(crate) const HOP: Duration = Duration::from_micros(50);
/// When a peer that dials at the start is connected: there and back.
pub(crate) const CONNECTED: Duration = Duration::from_micros(100);
/// No test waits longer for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3600);

pub(crate) const fn us(micros: u64) -> Duration {
    Duration::from_micros(micros)
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// The moment so long after the start.
pub(crate) fn at(span: Duration) -> Time {
    Time::START + span
}

/// What the sessions of a node saw, and when on its clock.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) opened: Vec<(Time, LinkId)>,
    /// A line for each call of `received`.
    pub(crate) received: Vec<(Time, Vec<u8>)>,
    pub(crate) ended: Vec<Time>,
    pub(crate) closed: Vec<(Time, ReasonKind, Option<ErrorKind>)>,
    /// For what a test wants to count.
    pub(crate) count: u64,
}

impl Seen {
    /// All bytes that came, over all links.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let parts: Vec<&[u8]> = self.received.iter().map(|(_, bytes)| &**bytes).collect();
        parts.concat()
    }

    pub(crate) fn reasons(&self) -> Vec<ReasonKind> {
        self.closed.iter().map(|&(_, kind, _)| kind).collect()
    }

    pub(crate) fn errors(&self) -> Vec<Option<ErrorKind>> {
        self.closed.iter().map(|&(_, _, error)| error).collect()
    }
}

/// Writes down what it sees; sends back what came, if it is told to.
pub(crate) struct Watch {
    pub(crate) echoes: bool,
    /// What becomes of the link when the peer ends its stream.
    pub(crate) after_end: Verdict,
}

impl Watch {
    pub(crate) const fn silent() -> Self {
        Self {
            echoes: false,
            after_end: Verdict::CloseWhenAnswered,
        }
    }

    pub(crate) const fn echo() -> Self {
        Self {
            echoes: true,
            ..Self::silent()
        }
    }

    /// Goes on sending to a peer that has ended its stream.
    pub(crate) const fn stays() -> Self {
        Self {
            echoes: false,
            after_end: Verdict::Continue,
        }
    }
}

impl Session<Seen> for Watch {
    fn opened(&mut self, cx: &mut Context<'_, Seen>) -> Result<Verdict> {
        let line = (cx.now(), cx.link());
        cx.state.opened.push(line);
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, Seen>) -> Result<Verdict> {
        let count = input.rest().len();
        if let Some(bytes) = cx.next_frame(input, |input| Ok(input.take(count)))? {
            let line = (cx.now(), bytes.to_vec());
            cx.state.received.push(line);
            if self.echoes {
                cx.send_bytes(bytes)?;
            }
        }
        Ok(Verdict::Continue)
    }

    fn ended(&mut self, cx: &mut Context<'_, Seen>) -> Result<Verdict> {
        let now = cx.now();
        cx.state.ended.push(now);
        Ok(self.after_end)
    }

    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, Seen>) {
        let error = match reason {
            Reason::Io(error) | Reason::ConnectFailed(error) => Some(error.kind()),
            _ => None,
        };
        let line = (cx.now(), reason.kind(), error);
        cx.state.closed.push(line);
    }
}

/// A node that listens at `NAME:7000`.
pub(crate) fn server(world: &mut World, name: &str, watch: fn() -> Watch) -> Node<Seen> {
    let address = format!("{name}:7000");
    world
        .node(name, Seen::default, move |cx| {
            cx.listen(&*address, (), watch)
        })
        .expect("it starts")
}

/// A node that does nothing by itself.
pub(crate) fn idle(world: &mut World, name: &str) -> Node<Seen> {
    let node = world.node(name, Seen::default, |_| Ok(()));
    node.expect("it starts")
}

/// Has a node dial.
pub(crate) fn dial(world: &mut World, node: &Node<Seen>, target: &'static str) -> LinkId {
    world.with(node, |cx| {
        cx.connect(target, (), Watch::silent).expect("it dials")
    })
}

/// A world with these faults, a server that is told to watch, and a peer that has dialled it and is connected.
pub(crate) fn with_faults(faults: LinkFaults, watch: fn() -> Watch) -> (World, Node<Seen>, Peer) {
    let mut world = World::new(1);
    let node = server(&mut world, "server", watch);
    world.set_link_faults(faults);
    let peer = world.peer("client", "server:7000");
    world.run_until(
        |world| peer.is_open() && peer.server_link().is_some() && world.is_up("server"),
        secs(10),
    );
    (world, node, peer)
}

/// The same without faults; it is [`CONNECTED`].
pub(crate) fn connected(watch: fn() -> Watch) -> (World, Node<Seen>, Peer) {
    with_faults(LinkFaults::none(), watch)
}

/// The message with which `act` panics.
pub(crate) fn panic_of<R>(act: impl FnOnce() -> R) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).err();
    let panic = panic.expect("it panics");
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()))
        .expect("a text")
}
