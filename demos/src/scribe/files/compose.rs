//! What a batch looks like in a file.
//!
//! ```text
//! [zeros] [CATEGORY \n] TEXT [\n]    of each message, one behind the other
//! ```
//! Source: scribe's file store. What is in brackets is there if the store is told to: a text is written as it came, and most clients send
//! it with the end of its line.
//!
//! Zeros are in front of a message that would else lie across a multiple of [`FileStore::chunk_bytes`], so that whoever begins to read at
//! any multiple finds the beginning of a message. One that is longer than that begins at a multiple, and lies across those that it has
//! to. (scribe counts from the beginning of the batch, so that with the second one its promise is void, and puts a whole chunk of zeros
//! before a message that is too long for one. Here it is counted from the beginning of the file.)

use crate::scribe::config::settings::FileStore;
use crate::scribe::files::writer::Form;

/// How the messages of a store are written.
///
/// ```
/// use oneloop_demos::scribe::config::settings::FileStore;
/// use oneloop_demos::scribe::files::compose::Layout;
///
/// let store = FileStore { write_category: true, add_newlines: true, ..FileStore::default() };
/// let batch = Layout::of(&store).compose([("web", &b"GET /"[..]), ("ftp", b"LIST")], 0);
/// assert_eq!(batch, b"web\nGET /\nftp\nLIST\n");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    write_category: bool,
    add_newlines: bool,
    /// 0 is none.
    chunk_bytes: u64,
}

impl Layout {
    /// That of a store.
    #[must_use]
    pub fn of(store: &FileStore) -> Self {
        Self {
            write_category: store.write_category,
            add_newlines: store.add_newlines,
            chunk_bytes: store.chunk_bytes.unwrap_or_default(),
        }
    }

    /// What a file's end tells of where the last batch ends.
    #[must_use]
    pub const fn form(&self) -> Form {
        match self.add_newlines {
            true => Form::Lines,
            false => Form::Bytes,
        }
    }

    /// Whether it matters where in the file a batch begins.
    #[must_use]
    pub const fn depends_on_place(&self) -> bool {
        self.chunk_bytes > 0
    }

    /// The bytes of a batch, of messages with their categories, that begins behind so many bytes of a file. They are less than twice as
    /// many as without the zeros.
    #[must_use]
    pub fn compose<'m>(
        &self,
        messages: impl IntoIterator<Item = (&'m str, &'m [u8])> + Clone,
        from: u64,
    ) -> Vec<u8> {
        let lengths = messages
            .clone()
            .into_iter()
            .map(|(category, text)| self.message_bytes(category, text));
        let mut batch = Vec::with_capacity(lengths.fold(0, usize::saturating_add));
        for (category, text) in messages {
            let at = from.saturating_add(batch.len() as u64);
            let zeros = self.zeros_before(self.message_bytes(category, text) as u64, at);
            batch.resize(batch.len() + zeros, 0);
            if self.write_category {
                batch.extend_from_slice(category.as_bytes());
                batch.push(b'\n');
            }
            batch.extend_from_slice(text);
            if self.add_newlines {
                batch.push(b'\n');
            }
        }
        batch
    }

    const fn message_bytes(&self, category: &str, text: &[u8]) -> usize {
        let category = match self.write_category {
            true => category.len().saturating_add(1),
            false => 0,
        };
        let text = text.len().saturating_add(self.add_newlines as usize);
        text.saturating_add(category)
    }

    /// How many zeros have to be in front of so many bytes that would begin there: always fewer than these are.
    fn zeros_before(&self, bytes: u64, at: u64) -> usize {
        let Some(beyond) = at.checked_rem(self.chunk_bytes) else {
            return 0;
        };
        let room = self.chunk_bytes - beyond;
        match beyond > 0 && bytes > room {
            // `room` is less than `bytes`, which are in memory.
            true => usize::try_from(room).unwrap_or_default(),
            false => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn layout(write_category: bool, add_newlines: bool, chunk_bytes: u64) -> Layout {
        Layout::of(&FileStore {
            write_category,
            add_newlines,
            chunk_bytes: Some(chunk_bytes).filter(|bytes| *bytes > 0),
            ..FileStore::default()
        })
    }

    #[test]
    fn each_message_is_written_as_it_came_unless_more_is_wanted() {
        let messages = [("web", &b"a\nb"[..]), ("ftp", b""), ("web", b"\xff\0c")];
        for (category, newlines, due) in [
            (false, false, &b"a\nb\xff\0c"[..]),
            (false, true, b"a\nb\n\n\xff\0c\n"),
            (true, false, b"web\na\nbftp\nweb\n\xff\0c"),
            (true, true, b"web\na\nb\nftp\n\nweb\n\xff\0c\n"),
        ] {
            let layout = layout(category, newlines, 0);
            assert_eq!(layout.compose(messages, 7), due);
            let form = if newlines { Form::Lines } else { Form::Bytes };
            assert_eq!(layout.form(), form);
        }
        assert_eq!(layout(true, true, 9).compose([], 5), b"");
    }

    #[test]
    fn zeros_fill_a_chunk_whose_rest_is_too_short() {
        let layout = layout(false, true, 8);
        // Below, at and above what is left of a chunk, and of a whole one.
        for (from, length, zeros) in [
            (0, 6, 0),
            (0, 7, 0),
            (0, 8, 0),
            (0, 99, 0),
            (5, 1, 0),
            (5, 2, 0),
            (5, 3, 3),
            (5, 8, 3),
            (5, 99, 3),
            (7, 0, 0),
            (7, 1, 1),
            (8, 7, 0),
            (16, 9, 0),
            (u64::MAX - 1, 9, 2),
        ] {
            let text = vec![b'x'; length];
            let composed = layout.compose([("", &text[..])], from);
            let due = [&vec![0; zeros][..], &text, b"\n"].concat();
            assert_eq!(composed, due, "{length} from {from}");
        }
    }

    proptest! {
        #[test]
        fn no_message_lies_across_a_multiple_unless_it_has_to(
            lengths in prop::collection::vec(0..40_usize, 0..30),
            write_category: bool,
            add_newlines: bool,
            chunk_bytes in 0..50_u64,
            from in 0..1000_u64,
        ) {
            let layout = layout(write_category, add_newlines, chunk_bytes);
            let texts: Vec<Vec<u8>> = lengths.iter().map(|length| vec![b'x'; *length]).collect();
            let messages = texts.iter().map(|text| ("ab", &text[..]));
            let composed = layout.compose(messages.clone(), from);
            let (mut rest, mut at) = (&composed[..], from);
            let mut plain_bytes = 0;
            for (category, text) in messages {
                let mut due = Vec::new();
                if write_category {
                    due.extend_from_slice(category.as_bytes());
                    due.push(b'\n');
                }
                due.extend_from_slice(text);
                due.extend_from_slice(if add_newlines { b"\n" } else { b"" });
                plain_bytes += due.len();
                let zeros = match due.is_empty() {
                    // Those there are belong to the next.
                    true => 0,
                    false => rest.iter().take_while(|byte| **byte == 0).count(),
                };
                if zeros > 0 {
                    // Only up to a multiple, and only if it was needed.
                    prop_assert_eq!((at + zeros as u64) % chunk_bytes, 0);
                    prop_assert!(zeros < due.len() && (zeros as u64) < chunk_bytes);
                }
                rest = &rest[zeros..];
                at += zeros as u64;
                prop_assert!(rest.starts_with(&due));
                rest = &rest[due.len()..];
                if chunk_bytes > 0 && !due.is_empty() {
                    let (first, last) = (at / chunk_bytes, (at + due.len() as u64 - 1) / chunk_bytes);
                    let fits = due.len() as u64 <= chunk_bytes;
                    prop_assert!(first == last || !fits && at % chunk_bytes == 0);
                }
                at += due.len() as u64;
            }
            prop_assert!(rest.is_empty());
            prop_assert!(composed.len() <= 2 * plain_bytes);
        }
    }
}
