//! Lines of text.

use super::{Decoder, Encoder};
use crate::buffer::{Body, Input, Outbox};
use crate::error::{Misuse, PeerFault};

/// Cuts lines that end in LF or CR LF; a frame is a line without its ending. Writes LF, or CR LF if told so.
///
/// ```text
///   | text | LF |      or      | text | CR | LF |
/// ```
/// Only one CR before the LF belongs to the ending; any other is text. What the text means, and whether it is UTF-8, is up to the
/// protocol above. An empty line is a frame.
///
/// ```
/// use oneloop::buffer::{Input, Outbox};
/// use oneloop::codec::{Decoder, Encoder, Lines};
///
/// let mut input = Input::new(b"hello\r\nwor");
/// let mut codec = Lines::default();
/// assert_eq!(codec.decode(&mut input), Ok(Some(&b"hello"[..])));
/// assert_eq!(codec.decode(&mut input), Ok(None), "no end of line yet");
///
/// let mut output = Outbox::default();
/// codec.crlf().encode((), "hello".into(), &mut output).unwrap();
/// assert_eq!(output.single(), Some(&b"hello\r\n"[..]));
/// ```
///
/// # Errors
/// Decoding: [`PeerFault::FrameTooLong`] if a line has more bytes than the input's
/// [`frame_bytes_max`](crate::buffer::Input::frame_bytes_max), its ending not counted, as soon as that is certain; then again for
/// whatever follows.
///
/// Encoding: [`Misuse::Unencodable`] if the body contains a CR or an LF: the peer would read it as more than one line, or as another.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Bytes at the front of what is left in the input that are known to hold no LF: they are not looked at again.
    scanned: usize,
    failed: Option<PeerFault>,
    crlf: bool,
}

impl Lines {
    /// The same with CR LF written at the end of lines. What is read may end either way.
    #[must_use]
    pub fn crlf(self) -> Self {
        Self { crlf: true, ..self }
    }

    #[cold]
    fn fail<T>(&mut self, most: usize) -> Result<Option<T>, PeerFault> {
        let fault = PeerFault::FrameTooLong { most: most as u64 };
        self.failed = Some(fault.clone());
        Err(fault)
    }
}

impl Decoder for Lines {
    type Frame<'a> = &'a [u8];

    #[inline]
    fn decode<'a>(&mut self, input: &mut Input<'a>) -> Result<Option<&'a [u8]>, PeerFault> {
        if let Some(fault) = &self.failed {
            return Err(fault.clone());
        }
        let (rest, most) = (input.rest(), input.frame_bytes_max());
        // The LF of the longest line is at `most`, or one behind if a CR is before it: farther we need not look.
        let window = &rest[..rest.len().min(most.saturating_add(2))];
        let found = window
            .get(self.scanned..)
            .and_then(|unseen| unseen.iter().position(|&byte| byte == b'\n'));
        let line = without_cr(&window[..found.map_or(window.len(), |at| self.scanned + at)]);
        if line.len() > most {
            return self.fail(most);
        }
        if let Some(at) = found {
            input.take(self.scanned + at + 1);
            self.scanned = 0;
            return Ok(Some(line));
        }
        self.scanned = window.len();
        input.need(0);
        Ok(None)
    }
}

impl Encoder for Lines {
    type Head = ();

    #[inline]
    fn encode(&self, (): (), body: Body<'_>, output: &mut Outbox) -> Result<(), Misuse> {
        if body
            .as_slice()
            .iter()
            .any(|byte| matches!(byte, b'\r' | b'\n'))
        {
            return Err(Misuse::Unencodable(
                "a line that contains an end of line".into(),
            ));
        }
        output.put(body);
        output.put_slice(if self.crlf { b"\r\n" } else { b"\n" });
        Ok(())
    }
}

/// The text without the CR at its end, if it has one: it belongs to the ending, or will if an LF comes next.
#[inline]
fn without_cr(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\r").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::trial::{Outcome, Trial, at_every_cut, deliver, gather, is_fused, pieces};
    use super::*;
    use crate::buffer::{Inbox, SparePool};

    const MOST: usize = 300;

    impl Trial for Lines {
        type Owned = Vec<u8>;

        fn own(frame: &[u8]) -> Vec<u8> {
            frame.to_vec()
        }
    }

    fn encoded(codec: &Lines, frames: &[Vec<u8>]) -> Vec<u8> {
        let mut output = Outbox::default();
        for body in frames {
            codec.encode((), body.into(), &mut output).expect("lines");
        }
        gather(&output)
    }

    #[test]
    fn lines_are_cut_the_same_at_every_byte() {
        let bytes = b"one\ntwo\r\n\n\r\nth\rree\r\r\n\r\r\n\0\xff\nrest";
        let frames = [
            &b"one"[..],
            b"two",
            b"",
            b"",
            b"th\rree\r",
            b"\r",
            b"\0\xff",
        ]
        .map(<[u8]>::to_vec)
        .to_vec();
        assert_eq!(
            at_every_cut(&Lines::default(), MOST, bytes),
            Outcome {
                frames,
                fault: None,
                cut: true
            }
        );
    }

    #[test]
    fn both_endings_are_written_and_read() {
        let frames = vec![b"one".to_vec(), vec![], b"two".to_vec()];
        for (codec, bytes) in [
            (Lines::default(), &b"one\n\ntwo\n"[..]),
            (Lines::default().crlf(), b"one\r\n\r\ntwo\r\n"),
        ] {
            assert_eq!(encoded(&codec, &frames), bytes);
            let outcome = at_every_cut(&codec, MOST, bytes);
            assert_eq!(
                outcome,
                Outcome {
                    frames: frames.clone(),
                    fault: None,
                    cut: false
                }
            );
        }
    }

    #[test]
    fn the_limit_does_not_count_the_ending() {
        for most in [0, 1, 2, 3, 4, 5, 100, 300] {
            let fault = Some(PeerFault::FrameTooLong { most: most as u64 });
            for ending in [&b"\n"[..], b"\r\n"] {
                for length in [0, 3, 4, most, most + 1, most + 2, most + 3] {
                    let bytes = [&vec![b'x'; length], ending, b"\n"].concat();
                    let outcome = at_every_cut(&Lines::default(), most, &bytes);
                    if length <= most {
                        let frames = vec![vec![b'x'; length], vec![]];
                        assert_eq!(
                            outcome,
                            Outcome {
                                frames,
                                fault: None,
                                cut: false
                            },
                            "{length} of {most}"
                        );
                    } else {
                        assert_eq!(
                            outcome,
                            Outcome {
                                frames: vec![],
                                fault: fault.clone(),
                                cut: false
                            },
                            "{length} of {most}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_line_too_long_is_refused_once_that_is_certain_without_its_end() {
        let fault = Some(PeerFault::FrameTooLong { most: 3 });
        for (bytes, refused) in [
            (&b"abc"[..], false),
            (b"abc\r", false),
            (b"abcd", true),
            (b"abc\r\r", true),
            (b"abc\rd", true),
            (b"ab\rd", true),
        ] {
            let outcome = at_every_cut(&Lines::default(), 3, bytes);
            assert_eq!(
                outcome.fault,
                fault.clone().filter(|_| refused),
                "{bytes:?}"
            );
        }
        let mut long = Input::limited(&[b'x'; 1000], usize::MAX, 1);
        assert_eq!(
            Lines::default().decode(&mut long),
            Ok(None),
            "the largest limit does not overflow"
        );
    }

    /// Proved by a lie: an LF put where the decoder has looked before is not seen.
    #[test]
    fn what_was_scanned_is_not_scanned_again() {
        let mut codec = Lines::default();
        assert_eq!(codec.decode(&mut Input::new(b"abc")), Ok(None));
        assert_eq!(codec.decode(&mut Input::new(b"\n\n\nd")), Ok(None));
        assert_eq!(
            codec.decode(&mut Input::new(b"\n\n\n\ne\n")),
            Ok(Some(&b"\n\n\n\ne"[..]))
        );
        assert_eq!(
            codec.decode(&mut Input::new(b"\n")),
            Ok(Some(&b""[..])),
            "a new line is scanned from its front"
        );
    }

    #[test]
    fn a_line_in_single_bytes_is_scanned_once() {
        const BYTES: usize = 100_000;
        let bytes = [vec![b'x'; BYTES - 1], b"\n".to_vec()].concat();
        let (mut codec, mut inbox, mut spare) =
            (Lines::default(), Inbox::default(), SparePool::default());
        let (mut scanned, mut frames) = (0, 0);
        for byte in bytes.chunks(1) {
            let flow = inbox.receive(byte, &mut spare, (BYTES, u32::MAX), |input| {
                scanned += input.rest().len() - codec.scanned;
                frames += usize::from(codec.decode(input)?.is_some());
                Ok::<(), PeerFault>(())
            });
            assert!(flow.is_ok());
        }
        assert_eq!((scanned, frames), (BYTES, 1));
    }

    #[test]
    fn a_body_with_an_end_of_line_is_refused_and_nothing_is_written() {
        for body in ["a\nb", "\n", "a\r", "\r\n", "a\rb"] {
            let mut output = Outbox::default();
            output.put_slice(b"before");
            let outcome = Lines::default().encode((), body.into(), &mut output);
            assert!(matches!(outcome, Err(Misuse::Unencodable(_))), "{body:?}");
            assert_eq!(output.single(), Some(&b"before"[..]));
        }
    }

    fn frames() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let byte = any::<u8>().prop_filter("no end of line", |byte| !matches!(byte, b'\r' | b'\n'));
        prop::collection::vec(prop::collection::vec(byte, 0..=MOST), 0..20)
    }

    proptest! {
        #[test]
        fn any_cutting_gives_the_lines_that_were_sent(
            frames in frames(),
            crlf in any::<bool>(),
            sizes in prop::collection::vec(1_usize..200, 1..30),
        ) {
            let codec = if crlf { Lines::default().crlf() } else { Lines::default() };
            let bytes = encoded(&codec, &frames);
            let outcome = deliver(&mut codec.clone(), MOST, pieces(&bytes, &sizes));
            prop_assert_eq!(outcome, Outcome { frames, fault: None, cut: false });
        }

        #[test]
        fn any_cutting_of_any_text_gives_the_same(
            bytes in "[a-c\r\n]{0,200}",
            most in 0_usize..12,
            sizes in prop::collection::vec(1_usize..20, 1..30),
        ) {
            let bytes = bytes.as_bytes();
            let whole = deliver(&mut Lines::default(), most, [bytes]);
            prop_assert_eq!(deliver(&mut Lines::default(), most, pieces(bytes, &sizes)), whole);
        }

        #[test]
        fn after_a_fault_nothing_comes_but_that_fault(
            more in "[a-c\r\n]{0,200}",
            sizes in prop::collection::vec(1_usize..20, 1..30),
        ) {
            let mut codec = Lines::default();
            let fault = deliver(&mut codec, MOST, [&[b'x'; MOST + 1][..]]).fault.expect("it is too long");
            prop_assert!(is_fused(&mut codec, &fault, more.as_bytes(), &sizes));
        }
    }
}
