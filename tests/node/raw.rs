//! A child written byte by byte, as any language could.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use oneloop::sim::{Peer, World};
use sha2::Sha256;

use crate::support::secs;

pub(crate) const CALL: u8 = 1;
pub(crate) const REPLY: u8 = 2;
pub(crate) const EXCEPTION: u8 = 3;
pub(crate) const ONEWAY: u8 = 4;

/// A frame with one message.
pub(crate) fn frame(name: &str, kind: u8, sequence: i32, body: &[u8]) -> Vec<u8> {
    let mut message = vec![0x80, 1, 0, kind];
    message.extend((name.len() as u32).to_be_bytes());
    message.extend(name.as_bytes());
    message.extend(sequence.to_be_bytes());
    message.extend(body);
    let mut frame = (message.len() as u32).to_be_bytes().to_vec();
    frame.extend(message);
    frame
}

/// What a child says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Hello {
    pub(crate) version: i32,
    pub(crate) name: String,
    pub(crate) instance: Vec<u8>,
    pub(crate) epoch: i64,
    pub(crate) nonce: Vec<u8>,
    pub(crate) heartbeat_ms: i32,
    pub(crate) weight: i32,
}

pub(crate) fn hello() -> Hello {
    Hello {
        version: 1,
        name: "raw".into(),
        instance: vec![9; 16],
        epoch: 1,
        nonce: vec![5; 32],
        heartbeat_ms: 0,
        weight: 1,
    }
}

impl Hello {
    pub(crate) fn frame(&self) -> Vec<u8> {
        let mut body = Vec::new();
        number(&mut body, 1, self.version);
        bytes(&mut body, 2, self.name.as_bytes());
        bytes(&mut body, 3, &self.instance);
        body.extend([10, 0, 4]);
        body.extend(self.epoch.to_be_bytes());
        bytes(&mut body, 5, &self.nonce);
        number(&mut body, 6, self.heartbeat_ms);
        number(&mut body, 7, self.weight);
        body.push(0);
        frame("oneloop:hello", CALL, 1, &body)
    }

    /// The proof of one side, of what both have said.
    pub(crate) fn proof(&self, secret: &[u8], side: &str, welcome: &Fields) -> Vec<u8> {
        let label = format!("oneloop node, proof of the {side}");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length");
        for field in [
            label.as_bytes(),
            &self.version.to_be_bytes(),
            self.name.as_bytes(),
            &self.instance,
            &self.epoch.to_be_bytes(),
            &self.nonce,
            &self.heartbeat_ms.to_be_bytes(),
            &self.weight.to_be_bytes(),
            welcome.of(1),
            welcome.of(2),
            welcome.of(3),
            welcome.of(4),
            welcome.of(5),
            welcome.of(7),
        ] {
            mac.update(&(field.len() as u32).to_be_bytes());
            mac.update(field);
        }
        mac.finalize().into_bytes().to_vec()
    }
}

fn number(body: &mut Vec<u8>, id: i16, value: i32) {
    body.push(8);
    body.extend(id.to_be_bytes());
    body.extend(value.to_be_bytes());
}

fn bytes(body: &mut Vec<u8>, id: i16, value: &[u8]) {
    body.push(11);
    body.extend(id.to_be_bytes());
    body.extend((value.len() as u32).to_be_bytes());
    body.extend(value);
}

pub(crate) fn proof_frame(proof: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    bytes(&mut body, 1, proof);
    body.push(0);
    frame("oneloop:proof", CALL, 2, &body)
}

/// The fields of a struct, as bytes.
#[derive(Debug, Default)]
pub(crate) struct Fields(BTreeMap<i16, Vec<u8>>);

impl Fields {
    pub(crate) fn of(&self, id: i16) -> &[u8] {
        self.0.get(&id).map_or(&[], |bytes| bytes)
    }

    /// Of a struct at the front of `rest`; of a struct within it its own bytes.
    pub(crate) fn read(rest: &mut &[u8]) -> Self {
        let mut fields = Self::default();
        loop {
            let kind = take(rest, 1)[0];
            if kind == 0 {
                return fields;
            }
            let id = i16::from_be_bytes(take(rest, 2).try_into().expect("two"));
            let value = match kind {
                8 => take(rest, 4).to_vec(),
                10 => take(rest, 8).to_vec(),
                11 => {
                    let len = u32::from_be_bytes(take(rest, 4).try_into().expect("four"));
                    take(rest, len as usize).to_vec()
                }
                12 => {
                    let before = *rest;
                    Self::read(rest);
                    before[..before.len() - rest.len()].to_vec()
                }
                other => panic!("a field of kind {other}"),
            };
            fields.0.insert(id, value);
        }
    }
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (front, back) = rest.split_at(count);
    *rest = back;
    front
}

/// A message that came.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) kind: u8,
    pub(crate) name: String,
    pub(crate) sequence: i32,
    pub(crate) body: Vec<u8>,
}

/// A child written byte by byte.
pub(crate) struct Raw {
    pub(crate) peer: Peer,
    bytes: Vec<u8>,
}

impl Raw {
    pub(crate) fn dial(world: &mut World, host: &str) -> Self {
        let raw = Self {
            peer: world.peer(host, "gate:9000"),
            bytes: Vec::new(),
        };
        world.run_until(|_| raw.peer.is_open() || raw.peer.end().is_some(), secs(1));
        raw
    }

    pub(crate) fn send(&self, frame: &[u8]) {
        self.peer.send(frame);
    }

    /// The next message, if there is one within that many seconds.
    pub(crate) fn next_within(&mut self, world: &mut World, span: u64) -> Option<Came> {
        let until = world.now() + secs(span);
        loop {
            self.bytes.extend(self.peer.take_received());
            if let Some(head) = self.bytes.first_chunk() {
                let len = 4 + u32::from_be_bytes(*head) as usize;
                if self.bytes.len() >= len {
                    let frame: Vec<u8> = self.bytes.drain(..len).collect();
                    return Some(Came::of(&frame[4..]));
                }
            }
            if world.now() >= until {
                return None;
            }
            world.run_for(std::time::Duration::from_millis(1));
        }
    }

    pub(crate) fn next(&mut self, world: &mut World) -> Came {
        self.next_within(world, 20).expect("a message")
    }

    /// Says hello and gives the welcome.
    pub(crate) fn welcome(&mut self, world: &mut World, hello: &Hello) -> Fields {
        self.send(&hello.frame());
        let came = self.next(world);
        assert_eq!((came.kind, &*came.name, came.sequence), (REPLY, "hello", 1));
        let outcome = Fields::read(&mut &came.body[..]);
        Fields::read(&mut outcome.of(0))
    }

    /// Is taken.
    pub(crate) fn join(world: &mut World, host: &str, hello: &Hello, secret: &[u8]) -> Self {
        let mut raw = Self::dial(world, host);
        let welcome = raw.welcome(world, hello);
        assert_eq!(welcome.of(6), hello.proof(secret, "root", &welcome));
        raw.send(&proof_frame(&hello.proof(secret, "child", &welcome)));
        let came = raw.next(world);
        assert_eq!((came.kind, &*came.name, came.sequence), (REPLY, "proof", 2));
        assert_eq!(came.body, [0], "void");
        raw
    }

    /// The code with which it is refused.
    pub(crate) fn refused(&mut self, world: &mut World) -> i32 {
        let came = self.next(world);
        assert_eq!(came.kind, REPLY);
        let outcome = Fields::read(&mut &came.body[..]);
        let refused = Fields::read(&mut outcome.of(1));
        let code = refused.of(1).try_into().expect("a number");
        world.run_until(|_| self.peer.end().is_some(), secs(20));
        i32::from_be_bytes(code)
    }
}

impl Came {
    fn of(mut message: &[u8]) -> Self {
        let rest = &mut message;
        assert_eq!(take(rest, 3), [0x80, 1, 0]);
        let kind = take(rest, 1)[0];
        let len = u32::from_be_bytes(take(rest, 4).try_into().expect("four")) as usize;
        let name = String::from_utf8(take(rest, len).to_vec()).expect("a text");
        let sequence = i32::from_be_bytes(take(rest, 4).try_into().expect("four"));
        Self {
            kind,
            name,
            sequence,
            body: rest.to_vec(),
        }
    }
}
