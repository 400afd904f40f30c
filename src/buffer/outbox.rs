//! Bytes on their way out.

use std::collections::VecDeque;
use std::io::IoSlice;

use bytes::Bytes;

use super::{Body, SparePool};

/// What a link has to send, in order. Small pieces are put together in one buffer; a large body that is shared or owned is kept as it
/// is, so that one push to a thousand links is one copy in memory.
///
/// ```text
///   shared (large bodies and what came before them)      tail (small pieces, put together)
///   | Bytes | Bytes | ... |                              | ............ |
///   ^ `sent` bytes of the first piece are gone
/// ```
/// An empty outbox owns no buffer.
#[derive(Debug, Default)]
pub struct Outbox {
    tail: Vec<u8>,
    /// Bytes of the first piece, or of the tail if there is none, that the peer's kernel has.
    sent: usize,
    /// Behind a pointer, since few links ever need it.
    shared: Option<Box<Shared>>,
}

/// Pieces that are kept as they are.
#[derive(Debug, Default)]
struct Shared {
    pieces: VecDeque<Bytes>,
    /// Bytes of all pieces.
    len: usize,
}

impl Shared {
    fn push(&mut self, piece: Bytes) {
        self.len += piece.len();
        self.pieces.push_back(piece);
    }
}

impl Outbox {
    /// An owned or shared body of at least so many bytes is kept as it is; a smaller one is cheaper to copy.
    pub const KEEP_BYTES_MIN: usize = 2048;
    /// The most pieces handed to the operating system at once.
    pub const PIECES_MAX: usize = 64;

    /// Bytes not yet sent.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        let pieces = self.shared.as_ref().map_or(0, |shared| shared.len);
        pieces + self.tail.len() - self.sent
    }

    /// Whether all was sent.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.shared.is_none() && self.tail.len() == self.sent
    }

    /// Appends a copy of `bytes`.
    #[inline]
    pub fn put_slice(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(bytes);
    }

    /// What small pieces are appended to; nothing else is to be done to it.
    #[inline]
    pub(crate) const fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.tail
    }

    /// Appends a body: copied if it is borrowed or small, else kept as it is.
    #[inline]
    pub fn put(&mut self, body: Body<'_>) {
        match body {
            Body::Slice(slice) => self.put_slice(slice),
            Body::Shared(bytes) => self.put_shared(bytes),
        }
    }

    // Away from the borrowed bodies of the hot way.
    #[inline(never)]
    fn put_shared(&mut self, bytes: Bytes) {
        if bytes.len() < Self::KEEP_BYTES_MIN {
            self.put_slice(&bytes);
        } else {
            self.keep(bytes);
        }
    }

    /// Appends all that `other` holds: small pieces are copied, large ones shared.
    #[inline]
    pub fn append(&mut self, other: &Self) {
        if let Some(single) = other.single() {
            return self.put_slice(single);
        }
        let mut skip = other.sent;
        for piece in other.pieces() {
            self.put(Body::Shared(piece.slice(skip..)));
            skip = 0;
        }
        self.put_slice(&other.tail);
    }

    /// Makes room for `bytes` more in the buffer of small pieces.
    #[inline]
    pub fn reserve(&mut self, bytes: usize) {
        self.tail.reserve(bytes);
    }

    fn keep(&mut self, bytes: Bytes) {
        let shared = self.shared.get_or_insert_default();
        if !self.tail.is_empty() {
            if self.tail.len() < self.tail.capacity() / 2 {
                // A small head does not take a large buffer with it.
                shared.push(Bytes::copy_from_slice(&self.tail));
                self.tail.clear();
            } else {
                shared.push(Bytes::from(std::mem::take(&mut self.tail)));
            }
        }
        shared.push(bytes);
    }

    /// Takes back what was put last, down to `len` bytes not yet sent; nothing was sent meanwhile.
    #[cold]
    pub(crate) fn truncate(&mut self, len: usize) {
        let mut excess = self.len() - len;
        let sent = if self.shared.is_none() { self.sent } else { 0 };
        let cut = excess.min(self.tail.len() - sent);
        self.tail.truncate(self.tail.len() - cut);
        excess -= cut;
        while excess > 0
            && let Some(shared) = &mut self.shared
            && let Some(last) = shared.pieces.back_mut()
        {
            let cut = excess.min(last.len());
            last.truncate(last.len() - cut);
            shared.len -= cut;
            excess -= cut;
            if last.is_empty() {
                shared.pieces.pop_back();
            }
            if shared.pieces.is_empty() {
                self.shared = None;
            }
        }
    }

    /// What is to be sent, if it is all in one piece.
    #[inline]
    #[must_use]
    pub fn single(&self) -> Option<&[u8]> {
        if self.shared.is_none() {
            Some(&self.tail[self.sent..])
        } else {
            None
        }
    }

    /// Fills `slices` with the front of what is to be sent; returns how many it filled.
    pub fn slices<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let sent = self.sent;
        let shared = self.pieces().map(|bytes| &bytes[..]);
        let pieces = shared
            .chain(std::iter::once(&self.tail[..]))
            .filter(|piece| !piece.is_empty());
        let mut filled = 0;
        for (slot, piece) in slices.iter_mut().zip(pieces) {
            *slot = IoSlice::new(if filled == 0 { &piece[sent..] } else { piece });
            filled += 1;
        }
        filled
    }

    /// `count` bytes from the front were sent.
    ///
    /// # Panics
    /// If `count` is more than there is: the driver's mistake.
    #[inline]
    pub fn advance(&mut self, count: usize) {
        let len = self.len();
        assert!(count <= len, "more bytes sent than there were");
        if count == len {
            self.tail.clear();
            self.sent = 0;
            if self.shared.is_some() {
                self.shared = None;
            }
            return;
        }
        self.advance_within(count);
    }

    fn advance_within(&mut self, count: usize) {
        self.sent += count;
        if self.shared.is_some() {
            self.drop_sent_pieces();
        }
        if self.shared.is_none() && self.sent >= self.tail.len() - self.sent {
            // Moves at most as many bytes as were sent, so all moves together cost one copy of the stream; and the buffer of a slow
            // reader holds at most twice what is unsent.
            self.tail.drain(..self.sent);
            self.sent = 0;
        }
    }

    fn drop_sent_pieces(&mut self) {
        let Some(shared) = &mut self.shared else {
            return;
        };
        while let Some(front) = shared.pieces.front() {
            if self.sent < front.len() {
                return;
            }
            self.sent -= front.len();
            shared.len -= front.len();
            shared.pieces.pop_front();
        }
        self.shared = None;
    }

    /// The pieces before the tail.
    fn pieces(&self) -> impl Iterator<Item = &Bytes> {
        self.shared.iter().flat_map(|shared| shared.pieces.iter())
    }

    /// Whether the buffer of small pieces has memory of its own.
    #[inline]
    #[must_use]
    pub const fn has_buffer(&self) -> bool {
        self.tail.capacity() > 0
    }

    /// Takes a buffer to write into, if it has none; for many bytes a large one, if it has none that fits and nothing is in it.
    #[inline]
    pub fn lend(&mut self, spare: &mut SparePool, bytes: usize) {
        if bytes >= SparePool::LARGE_BYTES_MIN {
            self.lend_large(spare, bytes);
        } else if self.tail.capacity() == 0
            && let Some(buffer) = spare.take()
        {
            self.tail = buffer;
        }
    }

    #[inline(never)]
    fn lend_large(&mut self, spare: &mut SparePool, bytes: usize) {
        if self.tail.is_empty()
            && self.tail.capacity() < bytes
            && let Some(buffer) = spare.take_for(bytes)
        {
            spare.give(std::mem::replace(&mut self.tail, buffer));
        }
    }

    /// Gives the buffer back once all is sent, so that an idle link owns none.
    #[inline]
    pub fn release(&mut self, spare: &mut SparePool) {
        if self.is_empty() && self.tail.capacity() > 0 {
            spare.give(std::mem::take(&mut self.tail));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gather(outbox: &Outbox) -> Vec<u8> {
        let mut slices = [IoSlice::new(&[]); 128];
        let filled = outbox.slices(&mut slices);
        slices[..filled]
            .iter()
            .flat_map(|slice| slice.to_vec())
            .collect()
    }

    #[test]
    fn small_pieces_are_one_piece() {
        let mut outbox = Outbox::default();
        outbox.put_slice(b"head");
        outbox.put(Body::from(vec![b'x'; 5]));
        assert_eq!(outbox.single(), Some(&b"headxxxxx"[..]));
        outbox.advance(3);
        assert_eq!(outbox.single(), Some(&b"dxxxxx"[..]));
    }

    #[test]
    fn a_large_shared_body_is_not_copied() {
        let body = Bytes::from(vec![7; Outbox::KEEP_BYTES_MIN]);
        let mut outbox = Outbox::default();
        outbox.put_slice(b"head");
        outbox.put(Body::from(&body));
        outbox.put_slice(b"next");
        let mut slices = [IoSlice::new(&[]); 4];
        assert_eq!(outbox.slices(&mut slices), 3);
        assert_eq!(slices[1].as_ptr(), body.as_ptr());
    }

    #[test]
    fn a_head_before_a_large_body_does_not_take_a_pooled_buffer_with_it() {
        let mut spare = SparePool::default();
        for _ in 0..64 {
            spare.give(Vec::with_capacity(64 << 10));
        }
        let mut outbox = Outbox::default();
        for _ in 0..64 {
            outbox.lend(&mut spare, 1);
            outbox.put_slice(&[0; 17]);
            outbox.put(Body::from(vec![0; 2048]));
        }
        let left = std::iter::from_fn(|| spare.take()).count();
        assert!(
            left >= 60,
            "{left} left of 64; the link holds 4 MiB for {} bytes",
            outbox.len()
        );
    }

    #[test]
    fn an_empty_outbox_owns_no_buffer() {
        let mut spare = SparePool::default();
        let mut outbox = Outbox::default();
        outbox.put_slice(b"something");
        outbox.advance(9);
        outbox.release(&mut spare);
        assert!(!outbox.has_buffer());
        outbox.lend(&mut spare, 1);
        assert!(outbox.has_buffer());
    }

    #[test]
    fn the_buffer_of_a_slow_reader_stays_within_twice_what_is_unsent() {
        let mut outbox = Outbox::default();
        for _ in 0..10_000 {
            outbox.put_slice(&[1; 100]);
            if outbox.len() > 1000 {
                outbox.advance(100);
            }
        }
        assert!(
            outbox.tail.len() <= 2 * outbox.len(),
            "{} bytes for {}",
            outbox.tail.len(),
            outbox.len()
        );
    }

    proptest! {
        #[test]
        fn what_leaves_is_what_was_put(
            steps in prop::collection::vec((any::<bool>(), 0_usize..5000, 0_usize..7000), 1..40),
        ) {
            let (mut outbox, mut put, mut left) = (Outbox::default(), Vec::new(), Vec::new());
            for (number, (shared, size, drain)) in steps.into_iter().enumerate() {
                let piece = vec![number as u8; size];
                put.extend_from_slice(&piece);
                if shared { outbox.put(Body::from(piece)) } else { outbox.put_slice(&piece) }
                let out = gather(&outbox);
                prop_assert_eq!(out.len(), outbox.len());
                let count = drain.min(out.len());
                left.extend_from_slice(&out[..count]);
                outbox.advance(count);
            }
            left.extend(gather(&outbox));
            prop_assert_eq!(put, left);
        }
    }
}
