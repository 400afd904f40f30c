//! Those who send one message to many: a group push on a reactor, and a loop over write(2).

use std::time::Duration;

use oneloop::{CommandService, Context, DataPack, GroupId, LinkId, Reactor};

use crate::clock::nanos_each;
use crate::crowd::{End, Kind, drain};

const COMMAND: u32 = 1;
/// Messages in a round. What they come to must fit into a socket's buffer, since nobody reads meanwhile.
const MESSAGES: usize = 8;

/// Sends one message to everybody.
pub(crate) trait Sender {
    fn far_ends(&self) -> &[End];
    fn send(&mut self, body: &[u8]);

    /// After the far ends have been read, and before they are sent to again; not timed.
    fn settle(&mut self) {}
}

/// Nanoseconds of CPU time of this thread for each receiver of each message.
pub(crate) fn round(sender: &mut dyn Sender, body: &[u8]) -> f64 {
    let figure = nanos_each(MESSAGES * sender.far_ends().len(), || {
        for _ in 0..MESSAGES {
            sender.send(body);
        }
    });
    drain(sender.far_ends(), &frame(body), MESSAGES);
    sender.settle();
    figure
}

/// What a DataPack message is on the wire.
fn frame(body: &[u8]) -> Vec<u8> {
    let mut frame = vec![0; 9];
    frame.extend_from_slice(&(4 + body.len() as u32).to_be_bytes());
    frame.extend_from_slice(&COMMAND.to_be_bytes());
    frame.extend_from_slice(body);
    frame
}

/// A reactor whose links are all in one group. The thread that drives it turn by turn is ours.
pub(crate) struct Oneloop {
    reactor: Reactor<Option<GroupId>>,
    far: Vec<End>,
}

impl Oneloop {
    pub(crate) fn new(kind: Kind, links: usize) -> Self {
        let mut service = CommandService::new();
        service.on_opened(|cx: &mut Context<'_, Option<GroupId>>, link: LinkId| {
            let group = *cx.state.get_or_insert_with(|| cx.links.create_group());
            cx.links.join(group, link);
        });
        let mut reactor = Reactor::new(None).expect("a poll");
        let path = std::env::temp_dir().join(format!("oneloop-push-{}", std::process::id()));
        let address = match kind {
            Kind::Unix => format!("unix:{}", path.display()),
            Kind::Tcp => "127.0.0.1:0".into(),
        };
        let listener = reactor
            .listen(address, DataPack::default(), service)
            .expect("an address");
        let address = reactor.listener_address(listener).expect("it listens");
        let mut this = Self {
            reactor,
            far: Vec::new(),
        };
        while this.far.len() < links {
            let some = (links - this.far.len()).min(50);
            for _ in 0..some {
                this.far.push(End::dial(kind, &address.to_string()));
            }
            while this.reactor.counters().links_open < this.far.len() {
                this.turn();
            }
        }
        this
    }

    fn turn(&mut self) {
        self.reactor.turn(Some(Duration::ZERO)).expect("it goes on");
    }
}

impl Sender for Oneloop {
    fn far_ends(&self) -> &[End] {
        &self.far
    }

    /// The push and the turn that writes, with its poll.
    fn send(&mut self, body: &[u8]) {
        let links = self.far.len();
        let took = self.reactor.start(|cx| {
            let group = cx.state.expect("somebody joined");
            Ok(cx.links.push_group(group, COMMAND, body))
        });
        assert_eq!(took.expect("it runs"), links);
        self.turn();
        assert_eq!(self.reactor.counters().outbox_bytes, 0, "all is written");
    }

    /// A unix socket that was read tells its writer; no writer wants to know here.
    fn settle(&mut self) {
        for _ in 0..=self.far.len() / 1024 {
            self.turn();
        }
    }
}

/// The frame is made once, and given to one write(2) for each socket.
pub(crate) struct Bare {
    near: Vec<End>,
    far: Vec<End>,
}

impl Bare {
    pub(crate) fn new(kind: Kind, links: usize) -> Self {
        let (near, far) = End::pairs(kind, links);
        Self { near, far }
    }
}

impl Sender for Bare {
    fn far_ends(&self) -> &[End] {
        &self.far
    }

    fn send(&mut self, body: &[u8]) {
        let frame = frame(body);
        for end in &self.near {
            end.write(&frame);
        }
    }
}
