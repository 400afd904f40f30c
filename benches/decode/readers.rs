//! Those who decode: ours, and its three peers. All check the nine fixed bytes and the length of every frame.
//!
//! Where the stream comes in pieces, everyone copies each piece once, to where that reader would have the operating system put it.

use bytes::{Buf, Bytes, BytesMut};
use oneloop::PeerFault;
use oneloop::buffer::{Inbox, Input, SparePool};
use oneloop::codec::{DataPack, Decoder};
use tokio_util::codec::{Decoder as _, LengthDelimitedCodec};

use crate::course::{Course, FIXED, HEAD_BYTES, Tally, codec};

const FRAME_BYTES_MAX: usize = Input::FRAME_BYTES_MAX;

/// Decodes a course from its beginning to its end.
pub(crate) trait Reader {
    fn name(&self) -> &'static str;

    /// Whether a pass uses up what it reads, so that [`prepare`](Self::prepare) has to fill it in again.
    fn is_emptied(&self, _course: &Course) -> bool {
        false
    }

    /// Gets ready for a pass; not timed.
    fn prepare(&mut self, _course: &Course) {}

    fn pass(&mut self, course: &Course) -> Tally;
}

/// In the order of the table: ours, the walk, the others.
pub(crate) fn all(course: &Course) -> [Box<dyn Reader>; 4] {
    [
        Box::new(Oneloop::default()),
        Box::new(Walk {
            place: vec![0; course.stream().len()],
        }),
        Box::new(Split::default()),
        Box::new(TokioUtil::default()),
    ]
}

/// Ours: in place, as the reactor does it.
struct Oneloop {
    codec: DataPack,
    inbox: Inbox,
    spare: SparePool,
    /// Where the reactor reads.
    scratch: Vec<u8>,
}

impl Default for Oneloop {
    fn default() -> Self {
        Self {
            codec: codec(),
            inbox: Inbox::default(),
            spare: SparePool::default(),
            scratch: vec![0; 64 << 10],
        }
    }
}

impl Reader for Oneloop {
    fn name(&self) -> &'static str {
        "oneloop"
    }

    fn pass(&mut self, course: &Course) -> Tally {
        let mut tally = Tally::default();
        if course.is_whole() {
            let mut input = Input::new(course.stream());
            cut(&mut self.codec, &mut input, &mut tally).expect("the stream is good");
            return tally;
        }
        for piece in course.pieces() {
            let read = &mut self.scratch[..piece.len()];
            read.copy_from_slice(piece);
            let limits = (FRAME_BYTES_MAX, u32::MAX);
            self.inbox
                .receive(read, &mut self.spare, limits, |input| {
                    cut(&mut self.codec, input, &mut tally)
                })
                .expect("the stream is good");
        }
        tally
    }
}

/// Inlined, as it is in a loop over `decode`: else the cursor is written to memory for each frame, which no peer has to do.
#[inline(always)]
fn cut(codec: &mut DataPack, input: &mut Input<'_>, tally: &mut Tally) -> Result<(), PeerFault> {
    while let Some(frame) = codec.decode(input)? {
        tally.see(frame.command, frame.body);
    }
    Ok(())
}

/// A pointer walk over the whole stream, which knows nothing of cut frames: the least there is to do.
struct Walk {
    /// Where the pieces are put together before the walk.
    place: Vec<u8>,
}

impl Reader for Walk {
    fn name(&self) -> &'static str {
        "walk"
    }

    fn pass(&mut self, course: &Course) -> Tally {
        if course.is_whole() {
            return walk(course.stream());
        }
        let mut behind = &mut self.place[..];
        for piece in course.pieces() {
            let (read, rest) = behind.split_at_mut(piece.len());
            read.copy_from_slice(piece);
            behind = rest;
        }
        walk(&self.place)
    }
}

fn walk(mut rest: &[u8]) -> Tally {
    let mut tally = Tally::default();
    while let Some((head, behind)) = rest.split_first_chunk::<HEAD_BYTES>() {
        let (length, command) = judge(head);
        let (body, next) = behind
            .split_at_checked(length - 4)
            .expect("the frame is whole");
        tally.see(command, body);
        rest = next;
    }
    tally
}

/// Length and command of a good head.
#[inline]
fn judge(head: &[u8; HEAD_BYTES]) -> (usize, u32) {
    assert_eq!(head[..9], FIXED, "magic");
    let length = u32::from_be_bytes([head[9], head[10], head[11], head[12]]) as usize;
    assert!((4..=FRAME_BYTES_MAX).contains(&length), "length");
    let command = u32::from_be_bytes([head[13], head[14], head[15], head[16]]);
    (length, command)
}

/// The usual decoder of the tokio world, written by hand: what came is in a `BytesMut`, each frame is split off and frozen.
#[derive(Default)]
struct Split {
    buffer: BytesMut,
}

impl Split {
    fn decode(buffer: &mut BytesMut) -> Option<(u32, Bytes)> {
        let (length, command) = judge(buffer.first_chunk()?);
        let frame_bytes = HEAD_BYTES + length - 4;
        if buffer.len() < frame_bytes {
            return None;
        }
        let mut frame = buffer.split_to(frame_bytes);
        frame.advance(HEAD_BYTES);
        Some((command, frame.freeze()))
    }
}

impl Reader for Split {
    fn name(&self) -> &'static str {
        "BytesMut"
    }

    fn is_emptied(&self, course: &Course) -> bool {
        course.is_whole()
    }

    fn prepare(&mut self, course: &Course) {
        refill(&mut self.buffer, course);
    }

    fn pass(&mut self, course: &Course) -> Tally {
        pass_through(&mut self.buffer, course, Self::decode)
    }
}

/// tokio-util's codec, set up for this header; magic and command are read from the frame that it gives.
struct TokioUtil {
    codec: LengthDelimitedCodec,
    buffer: BytesMut,
}

impl Default for TokioUtil {
    fn default() -> Self {
        let codec = LengthDelimitedCodec::builder()
            .length_field_offset(FIXED.len())
            .length_field_length(4)
            // The length counts what follows it; the frame we want has what precedes it, too.
            .length_adjustment(FIXED.len() as isize + 4)
            .num_skip(0)
            .max_frame_length(FRAME_BYTES_MAX)
            .new_codec();
        Self {
            codec,
            buffer: BytesMut::new(),
        }
    }
}

impl Reader for TokioUtil {
    fn name(&self) -> &'static str {
        "tokio-util"
    }

    fn is_emptied(&self, course: &Course) -> bool {
        course.is_whole()
    }

    fn prepare(&mut self, course: &Course) {
        refill(&mut self.buffer, course);
    }

    fn pass(&mut self, course: &Course) -> Tally {
        let codec = &mut self.codec;
        pass_through(&mut self.buffer, course, |buffer| {
            let mut frame = codec.decode(buffer).expect("the stream is good")?;
            let (_, command) = judge(frame.first_chunk().expect("a whole head"));
            frame.advance(HEAD_BYTES);
            Some((command, frame.freeze()))
        })
    }
}

/// Puts the stream into the buffer, if it does not come in pieces.
fn refill(buffer: &mut BytesMut, course: &Course) {
    buffer.clear();
    if course.is_whole() {
        buffer.extend_from_slice(course.stream());
    }
}

/// Decodes what is in the buffer, or what comes into it piece by piece.
fn pass_through(
    buffer: &mut BytesMut,
    course: &Course,
    mut decode: impl FnMut(&mut BytesMut) -> Option<(u32, Bytes)>,
) -> Tally {
    let mut tally = Tally::default();
    let mut drain = |buffer: &mut BytesMut| {
        while let Some((command, body)) = decode(buffer) {
            tally.see(command, &body);
        }
    };
    if course.is_whole() {
        drain(buffer);
    } else {
        for piece in course.pieces() {
            buffer.extend_from_slice(piece);
            drain(buffer);
        }
    }
    tally
}
