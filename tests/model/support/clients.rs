//! Clients that a test moves, which speak DataPack.

use oneloop::sim::{Peer, World};

use crate::support::wire::Format;

/// A client's end of one connection: what it asked, and what it was told, frame by frame.
pub(crate) struct Client {
    pub(crate) peer: Peer,
    /// Bytes that came and are not yet a frame.
    rest: Vec<u8>,
    /// Whole frames that came: command and body.
    pub(crate) frames: Vec<(u32, Vec<u8>)>,
}

impl Client {
    pub(crate) fn dial(world: &mut World, host: &str, target: &str) -> Self {
        Self {
            peer: world.peer(host, target),
            rest: Vec::new(),
            frames: Vec::new(),
        }
    }

    pub(crate) fn ask(&self, command: u32, body: &[u8]) {
        self.peer.send(&Format::DataPack.frame(command, body));
    }

    /// Takes what has come apart. Gives the place of the first new frame.
    pub(crate) fn read(&mut self) -> usize {
        let before = self.frames.len();
        self.rest.extend(self.peer.take_received());
        let mut at = 0;
        while let Some(head) = self.rest.get(at..at + HEAD_BYTES) {
            assert_eq!(head[..9], [0; 9], "the head of a frame");
            let number = |from: usize| {
                let bytes = head[from..from + 4].try_into().expect("four bytes");
                u32::from_be_bytes(bytes)
            };
            let end = at + HEAD_BYTES + number(9) as usize - 4;
            let Some(body) = self.rest.get(at + HEAD_BYTES..end) else {
                break;
            };
            self.frames.push((number(13), body.to_vec()));
            at = end;
        }
        self.rest.drain(..at);
        before
    }

    /// Whether a part of a frame came whose rest did not.
    pub(crate) fn is_cut(&self) -> bool {
        !self.rest.is_empty()
    }
}

const HEAD_BYTES: usize = 17;
