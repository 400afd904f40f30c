//! What must hold for every stream, as plain functions of arbitrary bytes: the seeded loop of `tests/codecs.rs` calls them, and so do
//! the targets of `tests/fuzz/`. The first bytes choose the run, the others are the stream:
//!
//! ```text
//! 0       2       3         4       5       5 + count
//! | limit | turns | dialect | count | sizes | stream
//!   u16 LE   u8      u8       u8 & 15   u8 each
//! ```
//! `limit` is the most bytes of a frame, `turns` the frames per go (0: all), `sizes` less one are the pieces' bytes, over and over.

#![allow(
    unreachable_pub,
    reason = "included as a private module by several crates"
)]

use std::fmt::Debug;

use oneloop::buffer::{Flow, Inbox, Input, Outbox, SparePool};
use oneloop::codec::{Command, DataPack, Decoder, Encoder, Framed, Lines};
use oneloop::{Misuse, PeerFault};

/// How [`datapack`]'s frames begin, for even and for odd dialects.
pub const BEGINNINGS: [[u8; 9]; 2] = [[0; 9], *b"HELO\x09\0\0\0\x01"];

/// Command frames: any cutting gives the same frames and the same fault, and the frames encode to the bytes they were.
pub fn datapack(data: &[u8]) {
    let Some(run) = Run::chosen_by(data) else {
        return;
    };
    let (fixed, codec) = match run.dialect & 1 {
        0 => (BEGINNINGS[0], DataPack::default()),
        _ => (BEGINNINGS[1], DataPack::new(*b"HELO", 9, 1)),
    };
    let whole = judge(&codec, &run);
    let (taken, left) = run.stream.split_at(whole.taken);
    assert_eq!(encoded(&codec, &whole.frames).as_deref(), Ok(taken));

    // What is behind the last frame is at fault, or is the beginning of one.
    let length = left
        .get(9..17)
        .map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
    let fault = if left.iter().zip(&fixed).any(|(byte, ours)| byte != ours) {
        Some(PeerFault::Magic)
    } else {
        length.and_then(|length| wrong_length(length, 4, run.most))
    };
    assert_eq!(whole.fault, fault);
    assert!(
        fault.is_some() || length.is_none_or(|length| left.len() < 13 + length as usize),
        "a whole frame was left"
    );
}

/// Frames with a length: the same.
pub fn framed(data: &[u8]) {
    let Some(run) = Run::chosen_by(data) else {
        return;
    };
    let whole = judge(&Framed::default(), &run);
    let (taken, left) = run.stream.split_at(whole.taken);
    assert_eq!(
        encoded(&Framed::default(), &whole.frames).as_deref(),
        Ok(taken)
    );

    let length = left.first_chunk().map(|word| u32::from_be_bytes(*word));
    assert_eq!(
        whole.fault,
        length.and_then(|length| wrong_length(length, 0, run.most))
    );
    assert!(
        whole.fault.is_some() || length.is_none_or(|length| left.len() < 4 + length as usize),
        "a whole frame was left"
    );
}

/// Lines: any cutting gives what splitting the text gives, and lines that can be written are read as they were.
pub fn lines(data: &[u8]) {
    let Some(run) = Run::chosen_by(data) else {
        return;
    };
    let codec = if run.dialect & 1 == 0 {
        Lines::default()
    } else {
        Lines::default().crlf()
    };
    let whole = judge(&codec, &run);

    let mut texts: Vec<&[u8]> = run.stream.split(|&byte| byte == b'\n').collect();
    let without_cr = |text: &mut &[u8]| *text = text.strip_suffix(b"\r").unwrap_or(text);
    texts.iter_mut().for_each(without_cr);
    let good = texts
        .iter()
        .take_while(|text| text.len() <= run.most)
        .count();
    assert_eq!(
        whole.fault.is_some(),
        good < texts.len(),
        "a fault is a line too long"
    );
    // What is behind the last LF is no line yet.
    assert_eq!(whole.frames, texts[..good.min(texts.len() - 1)]);

    let (writable, refused): (Vec<_>, Vec<_>) = whole
        .frames
        .into_iter()
        .partition(|text| !text.contains(&b'\r'));
    for text in refused {
        assert!(
            matches!(encoded(&codec, &[text]), Err(Misuse::Unencodable(_))),
            "a CR cannot be written"
        );
    }
    let bytes = encoded(&codec, &writable).expect("lines without ends of lines");
    let again = whole_of(&codec, run.most, &bytes);
    assert_eq!(
        (again.frames, again.fault, again.taken),
        (writable, None, bytes.len())
    );
}

/// The inbox, by a decoder that tells what it needs in each of the ways allowed.
pub fn inbox(data: &[u8]) {
    let Some(run) = Run::chosen_by(data) else {
        return;
    };
    let whole = judge(
        &Counted {
            telling: run.dialect % 3,
            awaited: None,
            failed: false,
        },
        &run,
    );
    let (mut rest, mut frames, mut fault) = (run.stream, Vec::new(), None);
    while let Some((&count, behind)) = rest.split_first() {
        if count == Counted::BAD {
            fault = Some(PeerFault::Magic);
            break;
        }
        let Some((body, behind)) = behind.split_at_checked(usize::from(count)) else {
            break;
        };
        frames.push(body.to_vec());
        rest = behind;
    }
    assert_eq!(
        (whole.frames, whole.fault, whole.taken),
        (frames, fault, run.stream.len() - rest.len())
    );
}

/// The fault that a length is, if it is one.
fn wrong_length(length: u32, least: u32, most: usize) -> Option<PeerFault> {
    let wrong = length < least || length as usize > most;
    wrong.then_some(PeerFault::Length {
        claimed: length.into(),
        least: least.into(),
        most: most as u64,
    })
}

/// One run, as the first bytes chose it.
struct Run<'a> {
    most: usize,
    /// Frames per go.
    turns: usize,
    dialect: u8,
    sizes: &'a [u8],
    stream: &'a [u8],
}

impl<'a> Run<'a> {
    fn chosen_by(data: &'a [u8]) -> Option<Self> {
        let [low, high, turns, dialect, count, rest @ ..] = data else {
            return None;
        };
        let (sizes, stream) = rest.split_at_checked(usize::from(count & 15))?;
        let turns = if *turns == 0 {
            usize::MAX
        } else {
            usize::from(*turns)
        };
        Some(Self {
            most: u16::from_le_bytes([*low, *high]).into(),
            turns,
            dialect: *dialect,
            sizes,
            stream,
        })
    }

    fn pieces(&self) -> impl Iterator<Item = &'a [u8]> {
        let (mut rest, sizes) = (
            self.stream,
            if self.sizes.is_empty() {
                &[0]
            } else {
                self.sizes
            },
        );
        sizes.iter().cycle().map_while(move |&size| {
            let (piece, behind) = rest.split_at(rest.len().min(usize::from(size) + 1));
            rest = behind;
            (!piece.is_empty()).then_some(piece)
        })
    }
}

/// A codec whose frames can be kept and written again.
trait Trial: Decoder + Clone {
    type Owned: Debug + PartialEq;
    /// Bytes of a frame besides those its limit counts.
    const OVERHEAD: usize;

    fn own(frame: Self::Frame<'_>) -> Self::Owned;
}

impl Trial for DataPack {
    type Owned = (u32, Vec<u8>);
    const OVERHEAD: usize = 17;

    fn own(frame: Command<'_>) -> Self::Owned {
        (frame.command, frame.body.to_vec())
    }
}

impl Trial for Framed {
    type Owned = Vec<u8>;
    const OVERHEAD: usize = 4;

    fn own(frame: &[u8]) -> Vec<u8> {
        frame.to_vec()
    }
}

impl Trial for Lines {
    type Owned = Vec<u8>;
    const OVERHEAD: usize = 2;

    fn own(frame: &[u8]) -> Vec<u8> {
        frame.to_vec()
    }
}

/// One byte of count, then the body.
#[derive(Clone)]
struct Counted {
    /// 0: needs the whole frame; 1: nobody knows how much it needs; 2: takes the count, then needs the body.
    telling: u8,
    awaited: Option<u8>,
    failed: bool,
}

impl Counted {
    const BAD: u8 = u8::MAX;
}

impl Decoder for Counted {
    type Frame<'a> = &'a [u8];

    fn decode<'a>(&mut self, input: &mut Input<'a>) -> Result<Option<&'a [u8]>, PeerFault> {
        let next = self.awaited.or_else(|| input.rest().first().copied());
        self.failed |= next == Some(Self::BAD);
        if self.failed {
            return Err(PeerFault::Magic);
        }
        let Some(count) = next else { return Ok(None) };
        if self.telling == 2 {
            if self.awaited.is_none() {
                input.take(1);
                self.awaited = Some(count);
            }
            let body = input.take(count.into());
            if body.is_some() {
                self.awaited = None;
            }
            return Ok(body);
        }
        let frame = input.take(1 + usize::from(count));
        if frame.is_none() && self.telling == 1 {
            input.need(0);
        }
        Ok(frame.map(|frame| &frame[1..]))
    }
}

impl Trial for Counted {
    type Owned = Vec<u8>;
    /// It knows no limit but its count.
    const OVERHEAD: usize = 256;

    fn own(frame: &[u8]) -> Vec<u8> {
        frame.to_vec()
    }
}

/// What became of a stream.
struct Outcome<T> {
    frames: Vec<T>,
    fault: Option<PeerFault>,
    /// Bytes of the whole frames.
    taken: usize,
}

/// Delivers the stream whole, then in pieces; both give the same. Returns what they give.
fn judge<D: Trial>(fresh: &D, run: &Run<'_>) -> Outcome<D::Owned> {
    let whole = whole_of(fresh, run.most, run.stream);
    let (frames, fault, cut) = in_pieces(fresh.clone(), run);
    assert_eq!(frames, whole.frames, "other frames in pieces");
    assert_eq!(fault, whole.fault, "another fault in pieces");
    if fault.is_none() {
        assert_eq!(
            cut,
            whole.taken < run.stream.len(),
            "whether the stream ended within a frame"
        );
    }
    whole
}

fn whole_of<D: Trial>(fresh: &D, most: usize, stream: &[u8]) -> Outcome<D::Owned> {
    let mut decoder = fresh.clone();
    let mut input = Input::limited(stream, most, u32::MAX);
    let mut outcome = Outcome {
        frames: Vec::new(),
        fault: None,
        taken: 0,
    };
    loop {
        match next(&mut decoder, &mut input) {
            Ok(None) => return outcome,
            Ok(Some(frame)) => {
                outcome.frames.push(frame);
                outcome.taken = stream.len() - input.rest().len();
            }
            Err(fault) => {
                // Whatever comes behind it, even if it begins as a good frame does.
                for more in [input.rest(), stream, b""] {
                    let again = decoder
                        .decode(&mut Input::limited(more, most, u32::MAX))
                        .err();
                    assert_eq!(
                        again.as_ref(),
                        Some(&fault),
                        "nothing but the fault comes after a fault"
                    );
                }
                outcome.fault = Some(fault);
                return outcome;
            }
        }
    }
}

fn in_pieces<D: Trial>(mut decoder: D, run: &Run<'_>) -> (Vec<D::Owned>, Option<PeerFault>, bool) {
    let (mut inbox, mut spare, mut frames) = (Inbox::default(), SparePool::default(), Vec::new());
    for mut piece in run.pieces() {
        loop {
            let mut turns = run.turns;
            let outcome = inbox.receive(piece, &mut spare, (run.most, u32::MAX), |input| {
                while turns > 0 {
                    let Some(frame) = next(&mut decoder, input)? else {
                        return Ok(());
                    };
                    frames.push(frame);
                    turns -= 1;
                }
                input.halt();
                Ok(())
            });
            match outcome {
                Ok(Flow::Drained) => break,
                Ok(Flow::Halted) => piece = &[],
                Err(fault) => {
                    assert!(inbox.is_empty(), "bytes kept behind a fault");
                    return (frames, Some(fault), false);
                }
            }
        }
        assert!(
            inbox.len() <= run.most + D::OVERHEAD,
            "{} bytes kept for one frame",
            inbox.len()
        );
    }
    let cut = inbox.is_mid_frame();
    inbox.clear(&mut spare);
    assert!(inbox.is_empty() && !inbox.is_mid_frame());
    // A piece has at most 256 bytes, and the inbox tries 256 when it has to guess; a growing buffer doubles.
    let memory = spare.take().map_or(0, |buffer| buffer.capacity());
    assert!(
        memory <= 2 * (run.most + D::OVERHEAD + 512),
        "{memory} bytes of memory for one frame"
    );
    (frames, None, cut)
}

/// The next frame; a decoder that gives none has to say what it needs, truly.
fn next<D: Trial>(decoder: &mut D, input: &mut Input<'_>) -> Result<Option<D::Owned>, PeerFault> {
    let frame = decoder.decode(input)?.map(D::own);
    let (there, needed) = (input.rest().len(), input.needed());
    assert!(
        frame.is_some() || needed == 0 || needed > there,
        "needs {needed} bytes, and {there} are there"
    );
    Ok(frame)
}

/// How to write a frame that was kept.
trait Written {
    type Head;
    fn parts(&self) -> (Self::Head, &Vec<u8>);
}

impl Written for (u32, Vec<u8>) {
    type Head = u32;

    fn parts(&self) -> (u32, &Vec<u8>) {
        (self.0, &self.1)
    }
}

impl Written for Vec<u8> {
    type Head = ();

    fn parts(&self) -> ((), &Self) {
        ((), self)
    }
}

/// The bytes of `frames`; if one is refused, that left no byte.
fn encoded<T: Written>(
    codec: &dyn Encoder<Head = T::Head>,
    frames: &[T],
) -> Result<Vec<u8>, Misuse> {
    let mut output = Outbox::default();
    for frame in frames {
        let before = output.len();
        let (head, body) = frame.parts();
        if let Err(refused) = codec.encode(head, body.into(), &mut output) {
            assert_eq!(
                output.len(),
                before,
                "a frame was refused and a part of it written"
            );
            return Err(refused);
        }
    }
    Ok(output
        .single()
        .expect("borrowed bodies are copied into one piece")
        .to_vec())
}
