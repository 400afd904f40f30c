//! Lines of a stream, as batches of messages.

use std::io::{self, ErrorKind, Read};

use bytes::Bytes;

/// Cuts a stream into lines, each with its end, and lines into batches: what has come when somebody asks, and never more than a frame
/// carries. So of a file a batch has many lines, and what a person types is sent line by line.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    /// What was read and is in no batch yet.
    rest: Vec<u8>,
    /// So much of it was looked through, and no line ends there.
    seen: usize,
    is_over: bool,
    buffer: Vec<u8>,
}

impl<R: Read> Lines<R> {
    /// Those of a stream.
    pub fn new(input: R) -> Self {
        Self {
            input,
            rest: Vec::new(),
            seen: 0,
            is_over: false,
            buffer: vec![0; READ_BYTES],
        }
    }

    /// The next lines, at least one; none if the stream is over. Of a line without an end it gives what there is: at the stream's end, and
    /// when it has [`LINE_BYTES_MAX`], as several messages.
    ///
    /// # Errors
    /// What the stream gives. What was read before that has been given.
    pub fn next_batch(&mut self) -> io::Result<Vec<Bytes>> {
        loop {
            let batch = self.cut();
            if !batch.is_empty() || self.is_over {
                return Ok(batch);
            }
            match self.input.read(&mut self.buffer) {
                Ok(0) => self.is_over = true,
                Ok(count) => {
                    let bytes = self.buffer.get(..count).unwrap_or_default();
                    self.rest.extend_from_slice(bytes);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The lines that are whole.
    fn cut(&mut self) -> Vec<Bytes> {
        let mut ends = Vec::new();
        let mut from = 0;
        while ends.len() < BATCH_LINES_MAX && from < self.rest.len() && from < BATCH_BYTES {
            let line = self.rest.get(from..).unwrap_or_default();
            let skipped = self.seen.saturating_sub(from).min(line.len());
            let end = line.iter().skip(skipped).position(|byte| *byte == b'\n');
            let length = match end {
                Some(at) => skipped + at + 1,
                None if self.is_over || line.len() >= LINE_BYTES_MAX => line.len(),
                None => break,
            };
            from += length.min(LINE_BYTES_MAX);
            ends.push(from);
        }
        let Some(&end) = ends.last() else {
            self.seen = self.rest.len();
            return Vec::new();
        };
        self.seen = 0;
        let left = self.rest.split_off(end);
        let bytes = Bytes::from(std::mem::replace(&mut self.rest, left));
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let lines = starts.zip(&ends).map(|(from, to)| bytes.slice(from..*to));
        lines.collect()
    }
}

/// The most bytes of one message: 8 MiB. A longer line is several messages, one behind the other.
pub const LINE_BYTES_MAX: usize = 8 << 20;
/// The most messages of a batch.
pub const BATCH_LINES_MAX: usize = 10_000;
/// With so many bytes a batch is not made larger: 1 MiB.
const BATCH_BYTES: usize = 1 << 20;
/// Bytes that are read at once.
const READ_BYTES: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives its bytes in pieces of these sizes, over and over.
    struct Pieces<'a>(&'a [u8], Vec<usize>, usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let size = self.1.get(self.2 % self.1.len()).copied().unwrap_or(1);
            self.2 += 1;
            let count = size.min(self.0.len()).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn batches(input: impl Read) -> Vec<Vec<Bytes>> {
        let mut lines = Lines::new(input);
        let mut batches = Vec::new();
        loop {
            let batch = lines.next_batch().expect("it reads");
            if batch.is_empty() {
                return batches;
            }
            batches.push(batch);
        }
    }

    #[test]
    fn a_line_has_its_end_and_the_last_one_need_not() {
        let lines = batches(&b"one\n\nthree\r\nfour"[..]).concat();
        assert_eq!(lines, ["one\n", "\n", "three\r\n", "four"]);
        assert!(batches(&b""[..]).is_empty());
        assert_eq!(batches(&b"\xff\0\n"[..]).concat(), [&b"\xff\0\n"[..]]);
    }

    #[test]
    fn what_has_come_is_a_batch() {
        let pieces = Pieces(b"one\ntwo\nthr", vec![4, 5], 0);
        let found = batches(pieces);
        assert_eq!(found, [vec!["one\n"], vec!["two\n"], vec!["thr"]]);
    }

    #[test]
    fn a_long_line_is_several_messages_from_its_most_on() {
        for (length, messages) in [
            (LINE_BYTES_MAX - 1, vec![LINE_BYTES_MAX - 1]),
            (LINE_BYTES_MAX, vec![LINE_BYTES_MAX]),
            (LINE_BYTES_MAX + 1, vec![LINE_BYTES_MAX, 1]),
        ] {
            let line = vec![b'x'; length];
            let found = batches(&line[..]).concat();
            let found: Vec<usize> = found.iter().map(Bytes::len).collect();
            assert_eq!(found, messages);
        }
    }

    #[test]
    fn a_batch_has_so_many_lines_at_most() {
        for (lines, sizes) in [
            (BATCH_LINES_MAX - 1, vec![BATCH_LINES_MAX - 1]),
            (BATCH_LINES_MAX, vec![BATCH_LINES_MAX]),
            (BATCH_LINES_MAX + 1, vec![BATCH_LINES_MAX, 1]),
        ] {
            let text = vec![b'\n'; lines];
            let found: Vec<usize> = batches(&text[..]).iter().map(Vec::len).collect();
            assert_eq!(found, sizes);
        }
    }

    proptest! {
        #[test]
        fn all_bytes_are_there_however_they_come(
            text in proptest::collection::vec(prop_oneof![3 => any::<u8>(), 1 => Just(b'\n')], 0..300),
            pieces in proptest::collection::vec(1_usize..40, 1..5)
        ) {
            let found = batches(Pieces(&text, pieces, 0)).concat();
            prop_assert_eq!(found.concat(), text);
            for line in found.iter().rev().skip(1) {
                prop_assert!(line.ends_with(b"\n") && line.iter().filter(|it| **it == b'\n').count() == 1);
            }
        }
    }
}
