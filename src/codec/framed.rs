//! Frames with their length before them.

use byteorder::{BigEndian, ByteOrder};

use super::{Decoder, Encoder};
use crate::buffer::{Body, Input, Outbox};
use crate::error::{Misuse, PeerFault};

/// Cuts and writes bytes with their count before them, big-endian.
///
/// ```text
/// 0        4      4 + length
/// | length | body |
///    u32     bytes
/// ```
/// An empty body is a frame here; a protocol above may think otherwise.
///
/// ```
/// use oneloop::buffer::{Input, Outbox};
/// use oneloop::codec::{Decoder, Encoder, Framed};
///
/// let (mut codec, mut output) = (Framed::default(), Outbox::default());
/// codec.encode((), "hello".into(), &mut output).unwrap();
/// let bytes = output.single().unwrap();
/// assert_eq!(bytes, b"\0\0\0\x05hello");
/// assert_eq!(codec.decode(&mut Input::new(bytes)), Ok(Some(&b"hello"[..])));
/// ```
///
/// # Errors
/// Decoding: [`PeerFault::Length`] if `length` is above the input's
/// [`frame_bytes_max`](crate::buffer::Input::frame_bytes_max), before a byte of the body is awaited; then again for whatever follows.
///
/// Encoding: [`Misuse::FrameTooLong`] if the length does not fit its field.
#[derive(Clone, Debug, Default)]
pub struct Framed {
    state: State,
}

/// ```text
///          a whole length                    the whole body: a frame
///   Head -----------------> Body (if cut) ---------------------------> Head
///     `--- a fault ---> Failed, for ever
/// ```
#[derive(Clone, Debug, Default)]
enum State {
    #[default]
    Head,
    /// The length was taken; so many bytes of body are awaited.
    Body {
        bytes: usize,
    },
    Failed(PeerFault),
}

impl Framed {
    #[cold]
    fn fail<T>(&mut self, fault: PeerFault) -> Result<Option<T>, PeerFault> {
        self.state = State::Failed(fault.clone());
        Err(fault)
    }
}

impl Decoder for Framed {
    type Frame<'a> = &'a [u8];

    // Always: each kind of session has one call of it, in its loop.
    #[inline(always)]
    fn decode<'a>(&mut self, input: &mut Input<'a>) -> Result<Option<&'a [u8]>, PeerFault> {
        match self.state {
            State::Head => {
                let Some(head) = input.take_array::<HEAD_BYTES>() else {
                    // A stream that ends between two frames has to end with nothing needed.
                    input.need(if input.rest().is_empty() {
                        0
                    } else {
                        HEAD_BYTES
                    });
                    return Ok(None);
                };
                let bytes = match input.check_length(BigEndian::read_u32(head), 0) {
                    Ok(length) => length,
                    Err(fault) => return self.fail(fault),
                };
                let Some(body) = input.take(bytes) else {
                    self.state = State::Body { bytes };
                    return Ok(None);
                };
                Ok(Some(body))
            }
            State::Body { bytes } => {
                let Some(body) = input.take(bytes) else {
                    return Ok(None);
                };
                self.state = State::Head;
                Ok(Some(body))
            }
            State::Failed(ref fault) => Err(fault.clone()),
        }
    }
}

impl Encoder for Framed {
    type Head = ();

    #[inline]
    fn encode(&self, (): (), body: Body<'_>, output: &mut Outbox) -> Result<(), Misuse> {
        let length = length_of(body.len())?;
        output.put_slice(&length.to_be_bytes());
        output.put(body);
        Ok(())
    }
}

/// The length field of a body of so many bytes.
#[inline]
fn length_of(body_bytes: usize) -> Result<u32, Misuse> {
    u32::try_from(body_bytes).map_err(|_| Misuse::FrameTooLong {
        bytes: body_bytes,
        most: u32::MAX as usize,
    })
}

const HEAD_BYTES: usize = 4;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::trial::{Outcome, Trial, at_every_cut, deliver, gather, is_fused, pieces};
    use super::*;

    const MOST: usize = 300;

    impl Trial for Framed {
        type Owned = Vec<u8>;

        fn own(frame: &[u8]) -> Vec<u8> {
            frame.to_vec()
        }
    }

    fn encoded(frames: &[Vec<u8>]) -> Vec<u8> {
        let mut output = Outbox::default();
        for body in frames {
            Framed::default()
                .encode((), body.into(), &mut output)
                .expect("short enough");
        }
        gather(&output)
    }

    #[test]
    fn frames_are_cut_the_same_at_every_byte() {
        let frames = vec![b"hello".to_vec(), vec![], vec![], vec![0; 4], b"x".to_vec()];
        let bytes = b"\0\0\0\x05hello\0\0\0\0\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\x01x";
        assert_eq!(encoded(&frames), bytes);
        assert_eq!(
            at_every_cut(&Framed::default(), MOST, bytes),
            Outcome {
                frames,
                fault: None,
                cut: false
            }
        );
    }

    #[test]
    fn a_length_is_refused_from_the_head() {
        let limit = MOST as u32;
        for (length, good) in [
            (0, true),
            (3, true),
            (4, true),
            (limit, true),
            (limit + 1, false),
            (u32::MAX, false),
        ] {
            let outcome = at_every_cut(&Framed::default(), MOST, &length.to_be_bytes());
            let fault = PeerFault::Length {
                claimed: length.into(),
                least: 0,
                most: MOST as u64,
            };
            assert_eq!(outcome.fault, (!good).then_some(fault), "length {length}");
            assert_eq!(outcome.cut, good && length > 0, "length {length}");
        }
        let longest = vec![vec![b'x'; MOST], vec![]];
        let outcome = at_every_cut(&Framed::default(), MOST, &encoded(&longest));
        assert_eq!(
            outcome,
            Outcome {
                frames: longest,
                fault: None,
                cut: false
            }
        );
    }

    #[test]
    fn a_part_of_the_length_needs_the_whole() {
        for (bytes, needed) in [
            (&b""[..], 0),
            (b"\0", 4),
            (b"\0\0\0", 4),
            (b"\0\0\0\x07", 7),
            (b"\0\0\0\x07abc", 7),
        ] {
            let mut input = Input::new(bytes);
            assert_eq!(Framed::default().decode(&mut input), Ok(None));
            assert_eq!(input.needed(), needed, "{bytes:?}");
        }
    }

    #[test]
    fn the_longest_body_fits_its_field() {
        let most = u32::MAX as usize;
        assert_eq!(length_of(most), Ok(u32::MAX));
        for bytes in [most.saturating_add(1), usize::MAX] {
            assert_eq!(length_of(bytes), Err(Misuse::FrameTooLong { bytes, most }));
        }
    }

    fn frames() -> impl Strategy<Value = Vec<Vec<u8>>> {
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..=MOST), 0..20)
    }

    proptest! {
        #[test]
        fn any_cutting_gives_the_frames_that_were_sent(
            frames in frames(),
            sizes in prop::collection::vec(1_usize..200, 1..30),
        ) {
            let bytes = encoded(&frames);
            let outcome = deliver(&mut Framed::default(), MOST, pieces(&bytes, &sizes));
            prop_assert_eq!(outcome, Outcome { frames, fault: None, cut: false });
        }

        #[test]
        fn any_cutting_of_any_bytes_gives_the_same(
            frames in frames(),
            at in any::<prop::sample::Index>(), value in any::<u8>(),
            sizes in prop::collection::vec(1_usize..200, 1..30),
        ) {
            let mut bytes = encoded(&frames);
            bytes.push(0);
            let at = at.index(bytes.len());
            bytes[at] = value;
            let whole = deliver(&mut Framed::default(), MOST, [&bytes[..]]);
            prop_assert_eq!(deliver(&mut Framed::default(), MOST, pieces(&bytes, &sizes)), whole);
        }

        #[test]
        fn after_a_fault_nothing_comes_but_that_fault(
            length in MOST as u32 + 1..,
            more in frames(),
            sizes in prop::collection::vec(1_usize..200, 1..30),
        ) {
            let mut codec = Framed::default();
            let fault = deliver(&mut codec, MOST, [&length.to_be_bytes()[..]]).fault.expect("it is too long");
            prop_assert!(is_fused(&mut codec, &fault, &encoded(&more), &sizes));
        }
    }
}
