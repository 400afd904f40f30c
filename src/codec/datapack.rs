//! Firefly's command frames.

use byteorder::{BigEndian, ByteOrder};

use super::{Command, Decoder, Encoder};
use crate::buffer::{Body, Input, Outbox};
use crate::error::{Misuse, PeerFault};

/// Cuts and writes Firefly's command frames; all integers are big-endian. Source: Firefly and gfirefly, `netconnect/datapack.py`.
///
/// ```text
/// 0    1    2    3    4       5        9        13        17      13 + length
/// | h0 | h1 | h2 | h3 | proto | server | length | command | body |
///   u8   u8   u8   u8    u8      u32      u32       u32     bytes
/// ```
/// `length` is in bytes and counts the command (4) and the body. The nine bytes before it are the same in every frame of a server; all
/// zero by default, as in Firefly's project template.
///
/// ```
/// use oneloop::buffer::{Input, Outbox};
/// use oneloop::codec::{Command, DataPack, Decoder, Encoder};
///
/// let mut codec = DataPack::new([78, 37, 38, 48], 9, 0);
/// let mut output = Outbox::default();
/// codec.encode(101, "hello".into(), &mut output).unwrap();
///
/// let bytes = output.single().unwrap();
/// assert_eq!(bytes, b"N%&0\x09\0\0\0\0\0\0\0\x09\0\0\0\x65hello");
/// let frame = codec.decode(&mut Input::new(bytes)).unwrap();
/// assert_eq!(frame, Some(Command { command: 101, body: b"hello" }));
/// ```
///
/// # Errors
/// Decoding: [`PeerFault::Magic`] as soon as one of the first nine bytes differs from ours, even if no more came;
/// [`PeerFault::Length`] if `length` is below 4 or above the input's
/// [`frame_bytes_max`](crate::buffer::Input::frame_bytes_max), as soon as the head is whole. Firefly takes a length below 4, and then
/// reads a part of one frame as the head of another. Either fault ends the stream: it is given again for whatever follows.
///
/// Encoding: [`Misuse::FrameTooLong`] if the body and the command do not fit into `length`.
#[derive(Clone, Debug, Default)]
pub struct DataPack {
    /// How every frame begins: h0 to h3, proto, server.
    fixed: [u8; FIXED_BYTES],
    state: State,
}

/// ```text
///          a whole head                      the whole body: a frame
///   Head ---------------> Body (if cut) -----------------------------> Head
///     `--- a fault ---> Magic or Length, for ever
/// ```
#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Head,
    /// The head was taken; so many bytes of body are awaited.
    Body { command: u32, bytes: usize },
    /// Failed by [`PeerFault::Magic`].
    Magic,
    /// Failed by [`PeerFault::Length`]. Its parts and not the fault: every link has a state, and this one is small and needs no drop.
    Length { claimed: u32, most: usize },
}

impl DataPack {
    /// Frames that begin with `magic` and these versions.
    #[must_use]
    pub fn new(magic: [u8; 4], proto_version: u8, server_version: u32) -> Self {
        let [h0, h1, h2, h3] = magic;
        let [s0, s1, s2, s3] = server_version.to_be_bytes();
        Self {
            fixed: [h0, h1, h2, h3, proto_version, s0, s1, s2, s3],
            state: State::Head,
        }
    }

    /// Less than a head is there: how many bytes it needs if what there is of it is good, else `None`.
    #[inline]
    fn part_head(&self, part: &[u8]) -> Option<usize> {
        match part.first_chunk::<FIXED_BYTES>() {
            Some(fixed) => (*fixed == self.fixed).then_some(HEAD_BYTES),
            // While one of the nine is missing we want to see whatever comes, since it may be wrong; behind them, only the whole head.
            // A stream that ends between two frames has to end with nothing needed.
            None => self.fixed.starts_with(part).then_some(0),
        }
    }

    /// Fails, now and for ever.
    #[inline]
    fn fail(&mut self, state: State) -> PeerFault {
        self.state = state;
        match state {
            State::Length { claimed, most } => PeerFault::Length {
                claimed: claimed.into(),
                least: COMMAND_BYTES as u64,
                most: most as u64,
            },
            _ => PeerFault::Magic,
        }
    }
}

impl Decoder for DataPack {
    type Frame<'a> = Command<'a>;

    #[inline]
    fn decode<'a>(&mut self, input: &mut Input<'a>) -> Result<Option<Command<'a>>, PeerFault> {
        // Nothing that is called from here has `input`, and a whole frame moves it once: so it is not read again for each frame.
        match self.state {
            State::Head => {}
            State::Body { command, bytes } => {
                let Some(body) = input.take(bytes) else {
                    return Ok(None);
                };
                self.state = State::Head;
                return Ok(Some(Command { command, body }));
            }
            failed => return Err(self.fail(failed)),
        }
        let rest = input.rest();
        let Some((head, behind)) = rest.split_first_chunk::<HEAD_BYTES>() else {
            let Some(needed) = self.part_head(rest) else {
                return Err(self.fail(State::Magic));
            };
            input.need(needed);
            return Ok(None);
        };
        if head[..FIXED_BYTES] != self.fixed {
            return Err(self.fail(State::Magic));
        }
        let claimed = BigEndian::read_u32(&head[FIXED_BYTES..]);
        let Ok(length) = input.check_length(claimed, COMMAND_BYTES) else {
            let most = input.frame_bytes_max();
            return Err(self.fail(State::Length { claimed, most }));
        };
        let bytes = length - COMMAND_BYTES;
        let command = BigEndian::read_u32(&head[COMMAND_AT..]);
        let Some((frame, next)) = rest.split_at_checked(length.saturating_add(COMMAND_AT)) else {
            self.state = State::Body { command, bytes };
            input.go_on(behind);
            input.need(bytes);
            return Ok(None);
        };
        input.go_on(next);
        Ok(Some(Command {
            command,
            body: &frame[HEAD_BYTES..],
        }))
    }
}

impl Encoder for DataPack {
    type Head = u32;

    #[inline(always)]
    fn encode(&self, command: u32, body: Body<'_>, output: &mut Outbox) -> Result<(), Misuse> {
        let length = length_with(body.len())?;
        let mut head = [0; HEAD_BYTES];
        head[..FIXED_BYTES].copy_from_slice(&self.fixed);
        BigEndian::write_u32(&mut head[FIXED_BYTES..], length);
        BigEndian::write_u32(&mut head[COMMAND_AT..], command);
        output.put_slice(&head);
        output.put(body);
        Ok(())
    }
}

/// The length field of a frame whose body has so many bytes.
#[inline]
fn length_with(body_bytes: usize) -> Result<u32, Misuse> {
    let too_long = || Misuse::FrameTooLong {
        bytes: body_bytes,
        most: u32::MAX as usize - COMMAND_BYTES,
    };
    let bytes = u32::try_from(body_bytes).map_err(|_| too_long())?;
    bytes.checked_add(COMMAND_BYTES as u32).ok_or_else(too_long)
}

const FIXED_BYTES: usize = 9;
const COMMAND_AT: usize = 13;
const COMMAND_BYTES: usize = 4;
const HEAD_BYTES: usize = 17;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::trial::{Outcome, Trial, at_every_cut, deliver, gather, is_fused, pieces};
    use super::*;

    const MOST: usize = 1000;

    type Owned = (u32, Vec<u8>);
    /// Name, codec, the frames' commands and bodies, the stream; bytes in hex.
    type Vector = (
        &'static str,
        DataPack,
        &'static [(u32, &'static str)],
        &'static str,
    );

    impl Trial for DataPack {
        type Owned = Owned;

        fn own(frame: Command<'_>) -> Owned {
            (frame.command, frame.body.to_vec())
        }
    }

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text
            .bytes()
            .filter(|digit| !digit.is_ascii_whitespace())
            .collect();
        let byte = |pair: &[u8]| {
            u8::from_str_radix(std::str::from_utf8(pair).expect("ascii"), 16).expect("two digits")
        };
        digits.chunks(2).map(byte).collect()
    }

    fn encoded(codec: &DataPack, frames: &[Owned]) -> Vec<u8> {
        let mut output = Outbox::default();
        for (command, body) in frames {
            codec
                .encode(*command, body.into(), &mut output)
                .expect("short enough");
        }
        gather(&output)
    }

    /// A head of all zeros but for its length and command.
    fn zero_head(length: u32, command: u32) -> Vec<u8> {
        [&[0; 9][..], &length.to_be_bytes(), &command.to_be_bytes()].concat()
    }

    /// Frames made by Python's `struct`, four of them also by Firefly itself: both ways, and cut at every byte.
    #[test]
    fn frames_are_those_of_firefly_byte_for_byte() {
        let zero = DataPack::default;
        let vectors: [Vector; 7] = [
            ("V1", zero(), &[(1, "6173646665")], "00000000 00 00000000 00000009 00000001 6173646665"),
            (
                "V2",
                DataPack::new([78, 37, 38, 48], 9, 0),
                &[(
                    101,
                    "7b2270617373776f7264223a226368656e6565222c22757365726e616d65223a226368656e6565227d0a",
                )],
                "4e252630 09 00000000 0000002e 00000065
                 7b2270617373776f7264223a226368656e6565222c22757365726e616d65223a226368656e6565227d0a",
            ),
            ("V3", zero(), &[(0, "")], "00000000 00 00000000 00000004 00000000"),
            (
                "V4",
                DataPack::new(*b"HELO", 0, 0),
                &[(100_000, "e4bda0e5a5bd")],
                "48454c4f 00 00000000 0000000a 000186a0 e4bda0e5a5bd",
            ),
            (
                "V5",
                DataPack::new([1, 2, 3, 4], 5, 6),
                &[(u32::MAX, "00ff")],
                "01020304 05 00000006 00000006 ffffffff 00ff",
            ),
            (
                "V6",
                DataPack::new([127, 12, 24, 22], 65, 1),
                &[(300, "6f6b")],
                "7f0c1816 41 00000001 00000006 0000012c 6f6b",
            ),
            (
                "V7",
                zero(),
                &[(0, ""), (1, "6173646665")],
                "00000000 00 00000000 00000004 00000000 00000000 00 00000000 00000009 00000001 6173646665",
            ),
        ];
        for (name, codec, frames, bytes) in vectors {
            let frames: Vec<Owned> = frames
                .iter()
                .map(|&(command, body)| (command, hex(body)))
                .collect();
            let bytes = hex(bytes);
            assert_eq!(encoded(&codec, &frames), bytes, "{name} encoded");
            let outcome = at_every_cut(&codec, MOST, &bytes);
            assert_eq!(
                outcome,
                Outcome {
                    frames,
                    fault: None,
                    cut: false
                },
                "{name} decoded"
            );
        }
        let json = hex(
            "7b2270617373776f7264223a226368656e6565222c22757365726e616d65223a226368656e6565227d0a",
        );
        assert_eq!(json, b"{\"password\":\"chenee\",\"username\":\"chenee\"}\n");
        assert_eq!(hex("e4bda0e5a5bd"), "\u{4f60}\u{597d}".as_bytes());
    }

    #[test]
    fn half_a_frame_is_no_frame_and_no_fault() {
        let half = hex("00000000 00 00000000 00000009");
        let outcome = at_every_cut(&DataPack::default(), MOST, &half);
        assert_eq!(
            outcome,
            Outcome {
                frames: vec![],
                fault: None,
                cut: true
            },
            "V8"
        );
    }

    #[test]
    fn a_differing_byte_is_refused_when_it_comes_and_not_later() {
        let vectors = [
            ("I1", 1, "01000000 00 00000000 00000005 00000001 78"),
            ("I2", 5, "00000000 01 00000000 00000005 00000001 78"),
            ("I3", 9, "00000000 00 00000001 00000005 00000001 78"),
        ];
        for (name, bad, bytes) in vectors {
            let bytes = hex(bytes);
            let refused = Outcome {
                frames: vec![],
                fault: Some(PeerFault::Magic),
                cut: false,
            };
            for end in bad..=bytes.len() {
                assert_eq!(
                    at_every_cut(&DataPack::default(), MOST, &bytes[..end]),
                    refused,
                    "{name} to {end}"
                );
            }
            let before = at_every_cut(&DataPack::default(), MOST, &bytes[..bad - 1]);
            assert_eq!(before.fault, None, "{name}");
        }
    }

    #[test]
    fn a_length_is_refused_from_the_head() {
        let limit = MOST as u32;
        // I4, I5, I6 among them.
        for (length, good) in [
            (0, false),
            (3, false),
            (4, true),
            (limit, true),
            (limit + 1, false),
            (u32::MAX, false),
        ] {
            let outcome = at_every_cut(&DataPack::default(), MOST, &zero_head(length, 1));
            let fault = PeerFault::Length {
                claimed: length.into(),
                least: 4,
                most: MOST as u64,
            };
            assert_eq!(outcome.fault, (!good).then_some(fault), "length {length}");
            assert_eq!(outcome.cut, length == limit, "length {length}");
        }
        let longest = vec![(7, vec![b'x'; MOST - 4]), (8, vec![])];
        let outcome = at_every_cut(
            &DataPack::default(),
            MOST,
            &encoded(&DataPack::default(), &longest),
        );
        assert_eq!(
            outcome,
            Outcome {
                frames: longest,
                fault: None,
                cut: false
            }
        );
    }

    /// S1: Firefly itself runs command 9 here, which nobody sent.
    #[test]
    fn a_frame_cannot_be_smuggled_in_behind_a_length_of_zero() {
        let bytes =
            hex("0000000000000000000000000000000000 0000000000000000000000000900000001 6166746572");
        let outcome = at_every_cut(&DataPack::default(), MOST, &bytes);
        let fault = PeerFault::Length {
            claimed: 0,
            least: 4,
            most: MOST as u64,
        };
        assert_eq!(
            outcome,
            Outcome {
                frames: vec![],
                fault: Some(fault),
                cut: false
            }
        );
    }

    #[test]
    fn the_body_alone_is_awaited_once_the_head_is_there() {
        let mut codec = DataPack::default();
        let bytes = [zero_head(9, 1), b"asd".to_vec()].concat();
        let mut input = Input::new(&bytes);
        assert_eq!(codec.decode(&mut input), Ok(None));
        assert_eq!((input.rest(), input.needed()), (&b"asd"[..], 5));
    }

    #[test]
    fn between_two_frames_nothing_is_needed() {
        let mut codec = DataPack::default();
        let bytes = zero_head(4, 1);
        let mut input = Input::new(&bytes);
        assert!(codec.decode(&mut input).is_ok_and(|frame| frame.is_some()));
        assert_eq!(codec.decode(&mut input), Ok(None));
        assert_eq!(input.needed(), 0);
    }

    #[test]
    fn a_frame_in_single_bytes_is_looked_at_a_few_times_only() {
        use crate::buffer::{Inbox, SparePool};
        let bytes = encoded(&DataPack::default(), &[(1, vec![b'x'; 100_000])]);
        let (mut codec, mut inbox, mut spare, mut looks) = (
            DataPack::default(),
            Inbox::default(),
            SparePool::default(),
            0,
        );
        let mut frames = 0;
        for byte in bytes.chunks(1) {
            let flow = inbox.receive(byte, &mut spare, (1 << 20, u32::MAX), |input| {
                looks += 1;
                frames += usize::from(codec.decode(input)?.is_some());
                Ok::<(), PeerFault>(())
            });
            assert!(flow.is_ok());
        }
        assert_eq!(frames, 1);
        assert!(
            looks <= 20,
            "{looks} looks: nine for the bytes that may be wrong, then the head, then the body"
        );
    }

    #[test]
    fn the_longest_body_leaves_room_for_the_command() {
        let most = u32::MAX as usize - 4;
        assert_eq!(length_with(0), Ok(4));
        assert_eq!(length_with(most), Ok(u32::MAX));
        for bytes in [most + 1, most + 4, most.saturating_add(5), usize::MAX] {
            assert_eq!(
                length_with(bytes),
                Err(Misuse::FrameTooLong { bytes, most })
            );
        }
    }

    fn frames() -> impl Strategy<Value = Vec<Owned>> {
        prop::collection::vec(
            (any::<u32>(), prop::collection::vec(any::<u8>(), 0..300)),
            0..20,
        )
    }

    proptest! {
        #[test]
        fn any_cutting_gives_the_frames_that_were_sent(
            magic in any::<[u8; 4]>(), proto in any::<u8>(), server in any::<u32>(),
            frames in frames(),
            sizes in prop::collection::vec(1_usize..200, 1..30),
        ) {
            let codec = DataPack::new(magic, proto, server);
            let bytes = encoded(&codec, &frames);
            let outcome = deliver(&mut codec.clone(), MOST, pieces(&bytes, &sizes));
            prop_assert_eq!(outcome, Outcome { frames, fault: None, cut: false });
        }

        #[test]
        fn any_cutting_of_any_bytes_gives_the_same(
            frames in frames(),
            at in any::<prop::sample::Index>(), value in any::<u8>(),
            sizes in prop::collection::vec(1_usize..200, 1..30),
        ) {
            let mut bytes = encoded(&DataPack::default(), &frames);
            bytes.push(0);
            let at = at.index(bytes.len());
            bytes[at] = value;
            let whole = deliver(&mut DataPack::default(), MOST, [&bytes[..]]);
            prop_assert_eq!(deliver(&mut DataPack::default(), MOST, pieces(&bytes, &sizes)), whole);
        }

        #[test]
        fn after_a_fault_nothing_comes_but_that_fault(
            length in prop_oneof![0_u32..4, 1001_u32..],
            more in frames(),
            sizes in prop::collection::vec(1_usize..200, 1..30),
        ) {
            for bad in [zero_head(length, 1), b"GET / HTTP/1.1\r\n".to_vec()] {
                let mut codec = DataPack::default();
                let fault = deliver(&mut codec, MOST, [&bad[..]]).fault.expect("it is bad");
                prop_assert!(is_fused(&mut codec, &fault, &encoded(&DataPack::default(), &more), &sizes));
            }
        }
    }
}
