//! What is decoded: a stream of equal frames, and the pieces in which it comes.

use std::fmt;

use oneloop::buffer::{Body, Outbox};
use oneloop::codec::{DataPack, Encoder};

/// How every frame begins: magic `HELO`, proto version 9, server version 1.
pub(crate) const FIXED: [u8; 9] = *b"HELO\x09\0\0\0\x01";
pub(crate) const HEAD_BYTES: usize = 17;

/// What `FIXED` is on the wire.
pub(crate) fn codec() -> DataPack {
    DataPack::new(*b"HELO", 9, 1)
}

/// One stream, delivered in one way.
#[derive(Debug)]
pub(crate) struct Course {
    body_bytes: usize,
    piece_bytes: Option<usize>,
    frames: u64,
    stream: Vec<u8>,
}

/// What a reader saw on its way: every reader has to see the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    frames: u64,
    body_bytes: u64,
    /// The sum of the commands, wrapping.
    commands: u32,
}

impl Course {
    /// About 64 KiB of frames, as one full read has them, but at least 16.
    pub(crate) fn new(body_bytes: usize, piece_bytes: Option<usize>) -> Self {
        let frames = ((64 << 10) / (HEAD_BYTES + body_bytes)).max(16) as u64;
        let body = vec![b'x'; body_bytes];
        let mut output = Outbox::default();
        for command in 1..=frames as u32 {
            codec()
                .encode(command, Body::Slice(&body), &mut output)
                .expect("the body is short enough");
        }
        let stream = output.single().expect("all bodies are borrowed").to_vec();
        Self {
            body_bytes,
            piece_bytes,
            frames,
            stream,
        }
    }

    pub(crate) fn body_bytes(&self) -> usize {
        self.body_bytes
    }

    pub(crate) fn frames(&self) -> u64 {
        self.frames
    }

    pub(crate) fn stream(&self) -> &[u8] {
        &self.stream
    }

    /// Whether nothing is cut.
    pub(crate) fn is_whole(&self) -> bool {
        self.piece_bytes.is_none()
    }

    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.stream
            .chunks(self.piece_bytes.unwrap_or(self.stream.len()))
    }

    pub(crate) fn piece(&self) -> String {
        self.piece_bytes
            .map_or_else(|| "whole".into(), |bytes| bytes.to_string())
    }

    pub(crate) fn expected(&self) -> Tally {
        let frames = self.frames;
        Tally {
            frames,
            body_bytes: frames * self.body_bytes as u64,
            commands: (frames * (frames + 1) / 2) as u32,
        }
    }
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "decode/body {}, {}", self.body_bytes, self.piece())
    }
}

impl Tally {
    /// Takes note of a frame; the body has to be at hand, as for a handler, but nobody looks into it.
    #[inline]
    pub(crate) fn see(&mut self, command: u32, body: &[u8]) {
        let body = std::hint::black_box(body);
        self.frames += 1;
        self.body_bytes += body.len() as u64;
        self.commands = self.commands.wrapping_add(command);
    }
}
