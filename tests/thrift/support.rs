//! A server in a world, and a peer that speaks to it byte by byte.

use std::time::Duration;

use oneloop::sim::{Node, Peer, World};
use oneloop::thrift::{
    ApplicationException, ApplicationExceptionKind, Binary, Compact, Form, Message, MessageKind,
    Method, Processor, Protocol, Read, Value, WireLimits, Write,
};
use oneloop::{Context, Framed, Listen, ListenerId, Result};

use crate::service::{Hand, processor};

/// Runs the same test with each protocol.
macro_rules! both {
    ($($name:ident)*) => {$(
        mod $name {
            #[test]
            fn binary() {
                super::$name::<oneloop::thrift::Binary>();
            }

            #[test]
            fn compact() {
                super::$name::<oneloop::thrift::Compact>();
            }
        }
    )*};
}
pub(crate) use both;

pub(crate) const SOON: Duration = Duration::from_secs(5);

/// A server, and the world it is in.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) node: Node<Hand>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(processor, |listen| listen)
    }

    pub(crate) fn with(processor: fn() -> Processor<Hand>, listen: fn(Listen) -> Listen) -> Self {
        Self::serving(move |cx| {
            let listen = listen(Listen::from("server:9090"));
            cx.listen(listen, Framed::default(), processor())
        })
    }

    /// The server listens as it likes, at server:9090.
    pub(crate) fn serving(
        listens: impl Fn(&mut Context<'_, Hand>) -> Result<ListenerId> + 'static,
    ) -> Self {
        let mut world = World::new(7);
        let node = world
            .node("server", Hand::default, move |cx| listens(cx))
            .expect("it starts");
        Self { world, node }
    }

    pub(crate) fn peer(&mut self) -> Client {
        Client {
            peer: self.world.peer("client", "server:9090"),
            taken: Vec::new(),
        }
    }

    /// Runs until the peer has a whole frame, and gives its message.
    pub(crate) fn reply(&mut self, client: &mut Client) -> Vec<u8> {
        self.reply_within(client, SOON).expect("a reply")
    }

    pub(crate) fn reply_within(
        &mut self,
        client: &mut Client,
        within: Duration,
    ) -> Option<Vec<u8>> {
        fn whole(taken: &[u8]) -> Option<&[u8]> {
            let length = taken.first_chunk::<4>()?;
            taken.get(4..4 + u32::from_be_bytes(*length) as usize)
        }
        let began = self.world.now();
        loop {
            client.taken.extend(client.peer.take_received());
            if let Some(message) = whole(&client.taken) {
                let message = message.to_vec();
                client.taken.drain(..4 + message.len());
                return Some(message);
            }
            if self.world.now() - began > within || client.peer.end().is_some() {
                return None;
            }
            self.world.run_for(Duration::from_millis(1));
        }
    }

    /// The link is closed by the server, and nothing came before.
    pub(crate) fn assert_closed(&mut self, client: &mut Client) {
        assert_eq!(self.reply_within(client, SOON), None, "a reply");
        assert!(client.peer.end().is_some(), "the link is still open");
    }

    /// A good call on a new link.
    pub(crate) fn assert_serves(&mut self) {
        let mut client = self.peer();
        client.call::<Binary, crate::service::Echo>(
            1,
            &crate::service::Text {
                text: Some("still here".into()),
            },
        );
        let reply = self.reply(&mut client);
        let result = result::<Binary, crate::service::Echo>(&reply, 1);
        assert_eq!(result.success.as_deref(), Some("still here"));
    }
}

/// A peer, and what came to it.
pub(crate) struct Client {
    pub(crate) peer: Peer,
    taken: Vec<u8>,
}

impl Client {
    pub(crate) fn call<P: Protocol, M: Method>(&self, sequence: i32, arguments: &M::Arguments) {
        let kind = if M::ONEWAY {
            MessageKind::Oneway
        } else {
            MessageKind::Call
        };
        self.send(&message::<P, _>(M::NAME, kind, sequence, arguments));
    }

    /// Sends a frame.
    pub(crate) fn send(&self, message: &[u8]) {
        self.peer.send(&(message.len() as u32).to_be_bytes());
        self.peer.send(message);
    }
}

pub(crate) fn message<P: Protocol, T: Value>(
    name: &str,
    kind: MessageKind,
    sequence: i32,
    body: &T,
) -> Vec<u8> {
    let head = Message {
        name,
        kind,
        sequence,
        form: Form::Strict,
    };
    let mut bytes = Vec::new();
    let mut output = P::writer(&mut bytes, WireLimits::default());
    output.message(&head).expect("short");
    body.write(&mut output).expect("good");
    drop(output);
    bytes
}

/// The result in a reply, which has this number.
pub(crate) fn result<P: Protocol, M: Method>(reply: &[u8], sequence: i32) -> M::Result {
    let mut input = P::reader(reply, WireLimits::default());
    let head = input.message().expect("a message");
    assert_eq!(
        (head.name, head.kind, head.sequence),
        (M::NAME, MessageKind::Reply, sequence)
    );
    let result = M::Result::read(&mut input).expect("a result");
    input.finish().expect("nothing behind it");
    result
}

/// The exception in a reply to this call.
pub(crate) fn exception<P: Protocol>(
    reply: &[u8],
    name: &str,
    sequence: i32,
) -> (ApplicationExceptionKind, String) {
    let mut input = P::reader(reply, WireLimits::default());
    let head = input.message().expect("a message");
    assert_eq!(
        (head.name, head.kind, head.sequence),
        (name, MessageKind::Exception, sequence)
    );
    let exception = ApplicationException::read(&mut input).expect("an exception");
    input.finish().expect("nothing behind it");
    (exception.kind, exception.message)
}

/// Whether the protocol is the binary one.
pub(crate) fn is_binary<P: Protocol>() -> bool {
    P::DETECTED == Binary::DETECTED && P::DETECTED != Compact::DETECTED
}
