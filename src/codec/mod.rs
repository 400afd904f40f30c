//! Bytes to frames and back. No link, no clock: a [`Decoder`] cuts an [`Input`], an [`Encoder`] fills an [`Outbox`].
//!
//! # How a frame is cut
//!
//! A frame is cut where it was read: what a decoder gives borrows from that buffer, and nothing is copied. Only what the end of a read
//! cut off is kept, in the link's [`Inbox`](crate::buffer::Inbox), and put before the next read.
//!
//! ```text
//!   one read     | head | body      | head | body  | head | bo
//!                  1st decode:       2nd decode:     3rd decode: the head is taken, `take(body)` finds
//!                  Some(frame)       Some(frame)     too little and notes what is needed: Ok(None)
//!                         ^^^^^^^^^         ^^^^^
//!                         borrowed          borrowed
//!
//!   next read                                               | dy | head | ...
//!                                                       | bo | dy |       joined, 4th decode: Some(frame)
//!                                                                  ^      and from here on in place again
//! ```
//!
//! A decoder **remembers where it stopped**, so no byte is judged twice however small the pieces are: [`DataPack`] and [`Framed`]
//! remember the head they took, [`Lines`] how far it looked.
//!
//! # Which codec
//!
//! | Codec | On the wire | Frame | Head |
//! |---|---|---|---|
//! | [`DataPack`] | Firefly's 17-byte header, body | [`Command`] | `u32`, the command |
//! | [`Framed`] | length `u32`, body | `&[u8]` | `()` |
//! | [`Lines`] | text, LF or CR LF | `&[u8]` without the ending | `()` |
//!
//! # One of your own
//!
//! Firefly has dialects. That of `firefly_helloworld` has a header of six big-endian words, and its length counts the body alone:
//!
//! ```text
//! 0       4       8        12        16       20       24      24 + length
//! | magic | proto | server | command | cipher | length | body |
//!  4 bytes   u32     u32       u32      u32      u32     bytes
//! ```
//!
//! ```
//! use oneloop::buffer::{Body, Input, Outbox};
//! use oneloop::codec::{Command, Decoder, Encoder};
//! use oneloop::{Misuse, PeerFault};
//!
//! /// Magic, proto and server version, and the head whose body is awaited: its command and the body's length.
//! struct Hello { fixed: [u8; 12], awaited: Option<(u32, usize)> }
//!
//! impl Decoder for Hello {
//!     type Frame<'a> = Command<'a>;
//!
//!     fn decode<'a>(&mut self, input: &mut Input<'a>) -> Result<Option<Command<'a>>, PeerFault> {
//!         if self.awaited.is_none() {
//!             let Some(head) = input.take_array::<24>() else { return Ok(None) };
//!             if head[..12] != self.fixed {
//!                 return Err(PeerFault::Magic);
//!             }
//!             let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
//!             self.awaited = Some((word(12), input.check_length(word(20), 0)?));
//!         }
//!         let Some((command, length)) = self.awaited else { return Ok(None) };
//!         let Some(body) = input.take(length) else { return Ok(None) };
//!         self.awaited = None;
//!         Ok(Some(Command { command, body }))
//!     }
//! }
//!
//! impl Encoder for Hello {
//!     type Head = u32;
//!
//!     fn encode(&self, command: u32, body: Body<'_>, output: &mut Outbox) -> Result<(), Misuse> {
//!         let too_long = Misuse::FrameTooLong { bytes: body.len(), most: u32::MAX as usize };
//!         let length = u32::try_from(body.len()).map_err(|_| too_long)?;
//!         output.put_slice(&self.fixed);
//!         output.put_slice(&command.to_be_bytes());
//!         output.put_slice(&[0; 4]);
//!         output.put_slice(&length.to_be_bytes());
//!         output.put(body);
//!         Ok(())
//!     }
//! }
//!
//! let mut codec = Hello { fixed: *b"HELO\0\0\0\x01\0\0\0\x02", awaited: None };
//! let mut output = Outbox::default();
//! codec.encode(101, "hi".into(), &mut output).unwrap();
//! let bytes = output.single().unwrap();
//! assert_eq!(bytes, b"HELO\0\0\0\x01\0\0\0\x02\0\0\0\x65\0\0\0\0\0\0\0\x02hi");
//!
//! // In one piece, and cut within the body.
//! assert_eq!(codec.decode(&mut Input::new(bytes)), Ok(Some(Command { command: 101, body: b"hi" })));
//! let mut first = Input::new(&bytes[..25]);
//! assert_eq!(codec.decode(&mut first), Ok(None));
//! assert_eq!((first.rest(), first.needed()), (&b"h"[..], 2), "the head is taken; two bytes of body are needed");
//! assert_eq!(codec.decode(&mut Input::new(b"hi")), Ok(Some(Command { command: 101, body: b"hi" })));
//! ```

mod datapack;
mod framed;
mod lines;

pub use datapack::DataPack;
pub use framed::Framed;
pub use lines::Lines;

use crate::buffer::{Body, Input, Outbox};
use crate::error::{Misuse, PeerFault};

/// Bytes to frames: what a link asks for the next frame.
///
/// Each link has a decoder of its own, which may remember where it stopped. What it leaves in the [`Input`] comes again, with more
/// behind it; what it took does not. It is asked while bytes are there; asked of none at the beginning of a frame, it had better need
/// none, lest a link that ended well look cut.
pub trait Decoder {
    /// A frame, borrowed from the buffer it was read into.
    type Frame<'a>;

    /// The next frame, or `None` if its end has not come. For `None` the decoder has told the input how many bytes it needs, and must
    /// need more than are there, or has told it that nobody knows. ([`Input::take`] does so by itself, [`Input::need`] by hand.)
    ///
    /// # Errors
    /// What the peer did wrong. There is no way on from there: the link is closed, and the decoders of this crate give the same fault
    /// again, whatever comes.
    fn decode<'a>(&mut self, input: &mut Input<'a>) -> Result<Option<Self::Frame<'a>>, PeerFault>;
}

/// Frames to bytes. Has no memory, so many links may share one.
///
/// ```
/// use oneloop::buffer::Outbox;
/// use oneloop::codec::{DataPack, Encoder};
///
/// let codecs: [Box<dyn Encoder<Head = u32>>; 1] = [Box::new(DataPack::default())];
/// let mut output = Outbox::default();
/// codecs[0].encode(1, "asdfe".into(), &mut output).unwrap();
/// assert_eq!(output.len(), 22);
/// ```
pub trait Encoder {
    /// What a frame has besides its body: the command (`u32`) in formats with commands, `()` in plain ones.
    type Head;

    /// Appends one frame to `output`.
    ///
    /// # Errors
    /// What the format cannot carry; `output` is as it was then.
    fn encode(&self, head: Self::Head, body: Body<'_>, output: &mut Outbox) -> Result<(), Misuse>;
}

/// A command frame, borrowed from the buffer it was read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// The number of the request; a reply repeats it, a push carries its topic.
    pub command: u32,
    /// What the format does not look into. May be empty.
    pub body: &'a [u8],
}

/// Puts decoders on trial: all go through an [`Inbox`](crate::buffer::Inbox), as on a link.
#[cfg(test)]
mod trial {
    use std::fmt::Debug;

    use super::*;
    use crate::buffer::{Inbox, SparePool};

    /// A decoder whose frames can be kept when their buffer is gone.
    pub(super) trait Trial: Decoder + Clone {
        type Owned: Debug + PartialEq;

        fn own(frame: Self::Frame<'_>) -> Self::Owned;
    }

    /// What a decoder made of a stream.
    #[derive(Debug, PartialEq)]
    pub(super) struct Outcome<T> {
        pub(super) frames: Vec<T>,
        pub(super) fault: Option<PeerFault>,
        /// The stream ended within a frame.
        pub(super) cut: bool,
    }

    pub(super) fn deliver<'a, D: Trial>(
        decoder: &mut D,
        most: usize,
        pieces: impl IntoIterator<Item = &'a [u8]>,
    ) -> Outcome<D::Owned> {
        let (mut inbox, mut spare, mut frames) =
            (Inbox::default(), SparePool::default(), Vec::new());
        for piece in pieces {
            let outcome = inbox.receive(piece, &mut spare, (most, u32::MAX), |input| {
                while let Some(frame) = decoder.decode(input)? {
                    frames.push(D::own(frame));
                }
                Ok(())
            });
            if let Err(fault) = outcome {
                return Outcome {
                    frames,
                    fault: Some(fault),
                    cut: false,
                };
            }
        }
        Outcome {
            frames,
            fault: None,
            cut: inbox.is_mid_frame(),
        }
    }

    /// Delivers `stream` whole, then in two pieces cut at every byte, then byte by byte: the outcome of all, which must be the same.
    pub(super) fn at_every_cut<D: Trial>(
        fresh: &D,
        most: usize,
        stream: &[u8],
    ) -> Outcome<D::Owned> {
        let whole = deliver(&mut fresh.clone(), most, [stream]);
        for cut in 0..=stream.len() {
            let (front, back) = stream.split_at(cut);
            let outcome = deliver(&mut fresh.clone(), most, [front, back]);
            assert_eq!(outcome, whole, "cut at byte {cut} of {stream:x?}");
        }
        let outcome = deliver(&mut fresh.clone(), most, stream.chunks(1));
        assert_eq!(outcome, whole, "byte by byte: {stream:x?}");
        whole
    }

    /// `stream` in pieces of the `sizes`, over and over.
    pub(super) fn pieces<'a>(
        mut stream: &'a [u8],
        sizes: &'a [usize],
    ) -> impl Iterator<Item = &'a [u8]> {
        sizes.iter().cycle().map_while(move |&size| {
            let (piece, behind) = stream.split_at(size.min(stream.len()));
            stream = behind;
            (!piece.is_empty()).then_some(piece)
        })
    }

    /// After a fault nothing comes but that fault, whatever the decoder is given.
    pub(super) fn is_fused<D: Decoder>(
        decoder: &mut D,
        fault: &PeerFault,
        stream: &[u8],
        sizes: &[usize],
    ) -> bool {
        let mut inputs = pieces(stream, sizes).chain([&b""[..]]);
        inputs.all(|piece| decoder.decode(&mut Input::new(piece)).err().as_ref() == Some(fault))
    }

    /// All bytes of an outbox.
    pub(super) fn gather(output: &Outbox) -> Vec<u8> {
        let mut slices = [std::io::IoSlice::new(&[]); Outbox::PIECES_MAX];
        let filled = output.slices(&mut slices);
        slices[..filled]
            .iter()
            .flat_map(|slice| slice.to_vec())
            .collect()
    }
}
