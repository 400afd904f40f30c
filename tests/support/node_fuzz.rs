//! What must hold whatever a stranger sends to a root: the seeded loop of `tests/cluster/` knocks at the same door as the target
//! `handshake` of `tests/fuzz/`.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "included as a private module by several crates, each of which uses a part"
)]

use std::time::Duration;

use oneloop::Context;
use oneloop::node::{Node, NodeLimits, Root, Secret};
use oneloop::sim::{LinkFaults, Node as Machine, Peer, World};
use oneloop::thrift::{Functions, Processor};

/// A root in a world of its own, and nobody who could prove anything to it.
pub struct Door {
    world: World,
    gate: Machine<Reached>,
}

/// What strangers have reached: nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reached {
    targets: u32,
    children: u32,
}

pub const SECRET: &[u8] = b"correct horse battery staple";

impl Door {
    /// Bytes arrive in pieces of so many, if that is not zero.
    pub fn new(seed: u64, piece_bytes: usize) -> Self {
        let mut world = World::new(seed);
        let gate = world.node("gate", Reached::default, |cx| {
            let secret = Secret::new(SECRET)?;
            let root = Root::new()
                .secret(secret)
                .serve(targets())
                .on_forward(|cx, _, _, _: &[u8]| cx.state.targets += 1)
                .on_child_up(|cx, _| cx.state.children += 1);
            Node::new("gate").root("gate:9000", root).start(cx)
        });
        if piece_bytes > 0 {
            world.set_link_faults(LinkFaults {
                piece_bytes: 1..=piece_bytes,
                ..LinkFaults::none()
            });
        }
        Self {
            world,
            gate: gate.expect("it starts"),
        }
    }

    /// As many strangers as there are texts come at once, and say them; then each says what `then` makes of what it has heard.
    pub fn knock(&mut self, texts: &[Vec<u8>], mut then: impl FnMut(usize, Vec<u8>) -> Vec<u8>) {
        let peers: Vec<Peer> = texts
            .iter()
            .map(|_| self.world.peer("stranger", "gate:9000"))
            .collect();
        for (peer, text) in peers.iter().zip(texts) {
            peer.send(text);
        }
        self.world.run_for(MOMENT);
        for (number, peer) in peers.iter().enumerate() {
            let text = then(number, peer.take_received());
            if !text.is_empty() {
                peer.send(&text);
            }
        }
        self.world.run_for(MOMENT);
        assert_eq!(*self.world.state(&self.gate), Reached::default());
        let counters = self.world.counters(&self.gate);
        assert!(counters.links_open <= peers.len(), "{counters:?}");
        let bytes_max = (4 + NodeLimits::default().unproven_frame_bytes_max) * peers.len();
        assert!(counters.inbox_bytes <= bytes_max, "{counters:?}");
        for peer in peers {
            peer.reset();
        }
        self.world.run_for(MOMENT);
    }

    /// All have gone: nothing is left of them.
    pub fn close(mut self) {
        let limits = NodeLimits::default();
        let span = limits.unproven_deadline + limits.link.close_deadline;
        self.world.run_for(span);
        self.world.assert_quiet();
        assert_eq!(self.world.counters(&self.gate).inbox_bytes, 0);
    }
}

/// Everything that a stranger would like to reach.
fn targets() -> Processor<Reached> {
    let mut functions = Functions::new();
    for name in ["echo", "a", ""] {
        // No name is none.
        let reached = |cx: &mut Context<'_, Reached>, (): ()| cx.state.targets += 1;
        let _ = functions.on(name, reached);
    }
    functions.processor()
}

/// Any bytes of one stranger: at first, behind a hello with it, or behind a hello that was answered.
///
/// ```text
/// 0       1       2
/// | stage | piece | bytes
/// ```
pub fn handshake(data: &[u8]) {
    let [stage, piece, bytes @ ..] = data else {
        return;
    };
    let mut door = Door::new(1, usize::from(*piece));
    match stage % 3 {
        0 => door.knock(&[bytes.to_vec()], |_, _| call()),
        1 => door.knock(&[[&hello(), bytes].concat()], |_, _| call()),
        _ => door.knock(&[hello()], |_, welcome| {
            assert!(!welcome.is_empty(), "a good hello is answered");
            [bytes, &call()].concat()
        }),
    }
    door.close();
}

/// A call of what is served, which must not be.
pub fn call() -> Vec<u8> {
    b"\0\0\0\x11\x80\x01\0\x01\0\0\0\x04echo\0\0\0\x01\0".to_vec()
}

/// A hello that is answered, as in `src/node/wire.thrift`.
pub fn hello() -> Vec<u8> {
    let mut bytes = b"\0\0\0\0\x80\x01\0\x01\0\0\0\x0doneloop:hello\0\0\0\x01\
        \x08\0\x01\0\0\0\x01\x0b\0\x02\0\0\0\x03raw\x0b\0\x03\0\0\0\x10"
        .to_vec();
    bytes.extend([9; 16]);
    bytes.extend(b"\x0a\0\x04\0\0\0\0\0\0\0\x01\x0b\0\x05\0\0\0\x20");
    bytes.extend([5; 32]);
    bytes.extend(b"\x08\0\x06\0\0\0\0\x08\0\x07\0\0\0\x01\0");
    bytes[3] = (bytes.len() - 4) as u8;
    bytes
}

/// Long enough for bytes to arrive, in pieces of one too.
const MOMENT: Duration = Duration::from_millis(3);
