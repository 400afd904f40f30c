//! The part of a frame that came before the read ended.

use super::{Input, SparePool};

/// Keeps what the end of a read cut off, until the rest comes. Only that is copied: whole frames are handed on from where they were
/// read. Grows with the bytes that came and never with the length that a peer claims. Empty, it owns no memory.
///
/// ```
/// use oneloop::buffer::{Inbox, Input, SparePool};
///
/// // Frames of two bytes, and a read that ends within one.
/// let (mut inbox, mut spare, mut frames) = (Inbox::default(), SparePool::default(), Vec::new());
/// for read in [&b"aabbc"[..], b"cdd"] {
///     inbox.receive(read, &mut spare, (1024, u32::MAX), |input| {
///         while let Some(frame) = input.take(2) {
///             frames.push(frame.to_vec());
///         }
///         Ok::<(), ()>(())
///     }).unwrap();
/// }
/// assert_eq!(frames, [b"aa", b"bb", b"cc", b"dd"]);
/// ```
#[derive(Debug, Default)]
pub struct Inbox {
    part: Vec<u8>,
    /// Bytes that must come before it is worth handing them on; 0 if unknown.
    missing: usize,
}

/// How a [`receive`](Inbox::receive) ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Every whole frame was taken; what is kept is the beginning of one.
    Drained,
    /// The receiver halted its input: whole frames may be kept.
    Halted,
}

/// What came of bytes that were handed on behind others.
struct Joined {
    flow: Flow,
    frames_left: u32,
}

impl Flow {
    #[inline]
    const fn of(input: &Input<'_>) -> Self {
        if input.is_halted() {
            Self::Halted
        } else {
            Self::Drained
        }
    }
}

impl Inbox {
    /// When nobody knows where a frame ends, so many fresh bytes at least are tried at once.
    const GUESS_BYTES: usize = 256;
    /// A read of so many is sooner copied whole than parted.
    const FEW_BYTES: usize = 64;

    /// Bytes kept.
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.part.len()
    }

    /// Bytes of memory held.
    #[cfg(test)]
    pub(crate) const fn capacity(&self) -> usize {
        self.part.capacity()
    }

    /// Whether nothing is kept.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.part.is_empty()
    }

    /// Whether a frame has begun and its end has not come: bytes are kept, or a head was taken and its body is awaited.
    #[inline]
    #[must_use]
    pub const fn is_mid_frame(&self) -> bool {
        !self.part.is_empty() || self.missing > 0
    }

    /// Hands `fresh` bytes on behind those kept, by `deliver`, which takes whole frames off the front of its [`Input`]. What it leaves
    /// is kept. With `fresh` empty, hands on what is kept, for a receiver that had halted. `limits` are the most bytes of a frame and
    /// the most frames of this call.
    ///
    /// # Errors
    /// Whatever `deliver` gives; the inbox is empty then.
    #[inline]
    pub fn receive<E>(
        &mut self,
        fresh: &[u8],
        spare: &mut SparePool,
        limits: (usize, u32),
        mut deliver: impl FnMut(&mut Input<'_>) -> Result<(), E>,
    ) -> Result<Flow, E> {
        if fresh.len() < self.missing {
            self.missing -= fresh.len();
            self.keep(fresh, spare);
            return Ok(Flow::Drained);
        }
        if self.part.is_empty() {
            // The hot way: nothing was cut, so frames are handed on from where they lie.
            return self.in_place(fresh, spare, limits, &mut deliver);
        }
        if fresh.len() <= Self::FEW_BYTES {
            return self
                .joined(fresh, spare, limits, &mut deliver)
                .map(|joined| joined.flow);
        }
        self.behind_part(fresh, spare, limits, deliver)
    }

    /// Hands on bytes that have nothing before them.
    #[inline]
    fn in_place<E>(
        &mut self,
        bytes: &[u8],
        spare: &mut SparePool,
        limits: (usize, u32),
        deliver: &mut impl FnMut(&mut Input<'_>) -> Result<(), E>,
    ) -> Result<Flow, E> {
        let mut input = Input::limited(bytes, limits.0, limits.1);
        if let Err(error) = deliver(&mut input) {
            self.clear(spare);
            return Err(error);
        }
        Ok(self.keep_rest(&input, spare))
    }

    /// [`receive`](Self::receive) with something kept, and enough to go on. Completes the frame that was cut, with as few fresh bytes
    /// as it asks for, so that those after it are cut in place.
    #[inline(never)]
    fn behind_part<E>(
        &mut self,
        fresh: &[u8],
        spare: &mut SparePool,
        mut limits: (usize, u32),
        mut deliver: impl FnMut(&mut Input<'_>) -> Result<(), E>,
    ) -> Result<Flow, E> {
        let mut rest = fresh;
        loop {
            let wanted = match self.missing {
                // Unknown, or a receiver that needs less than it was given: without more, the same would be handed on for ever.
                0 => self.part.len().max(Self::GUESS_BYTES),
                missing => missing,
            };
            let (added, behind) = rest.split_at(wanted.min(rest.len()));
            let joined = self.joined(added, spare, limits, &mut deliver)?;
            limits.1 = joined.frames_left;
            if behind.is_empty() || joined.flow == Flow::Halted || behind.len() < self.missing {
                self.missing = self.missing.saturating_sub(behind.len());
                self.keep(behind, spare);
                return Ok(joined.flow);
            }
            if self.part.len() <= added.len() {
                // All that is left came with this read: go back to where it lies.
                let rest = &fresh[fresh.len() - behind.len() - self.part.len()..];
                self.clear(spare);
                return self.in_place(rest, spare, limits, &mut deliver);
            }
            rest = behind;
        }
    }

    /// Puts bytes behind the part, hands it on and drops what was taken of it. Inlined, or a frame in small pieces costs a fifth more.
    #[inline(always)]
    fn joined<E>(
        &mut self,
        added: &[u8],
        spare: &mut SparePool,
        limits: (usize, u32),
        deliver: &mut impl FnMut(&mut Input<'_>) -> Result<(), E>,
    ) -> Result<Joined, E> {
        self.append(added, spare);
        let mut input = Input::limited(&self.part, limits.0, limits.1);
        if let Err(error) = deliver(&mut input) {
            self.clear(spare);
            return Err(error);
        }
        let left = input.rest().len();
        let taken = self.part.len() - left;
        let joined = Joined {
            flow: Flow::of(&input),
            frames_left: input.frames_left(),
        };
        self.missing = input.needed().saturating_sub(left);
        if left == 0 {
            self.part.clear();
            self.release_if_empty(spare);
        } else if taken > 0 {
            self.part.copy_within(taken.., 0);
            self.part.truncate(left);
            if self.part.capacity() > SparePool::BUFFER_BYTES_MAX
                && left < SparePool::LARGE_BYTES_MIN
            {
                // Or one byte of the next frame keeps the memory of the last.
                let mut small = spare.take().unwrap_or_default();
                small.extend_from_slice(&self.part);
                spare.give(std::mem::replace(&mut self.part, small));
            }
        }
        Ok(joined)
    }

    /// Keeps what a receiver left of `input`, which it was handed from where it lay, with nothing kept before.
    #[inline]
    pub(crate) fn keep_rest(&mut self, input: &Input<'_>, spare: &mut SparePool) -> Flow {
        let left = input.rest();
        self.missing = input.needed().saturating_sub(left.len());
        self.keep(left, spare);
        Flow::of(input)
    }

    #[inline]
    fn keep(&mut self, bytes: &[u8], spare: &mut SparePool) {
        if bytes.is_empty() {
            return;
        }
        self.append(bytes, spare);
    }

    #[inline]
    fn append(&mut self, bytes: &[u8], spare: &mut SparePool) {
        let len = self.part.len() + bytes.len();
        if self.part.capacity() < len {
            self.make_room(len, spare);
        }
        self.part.extend_from_slice(bytes);
    }

    /// A buffer from the pool, if it has none, or if so many bytes are in hand that a large one is due.
    #[inline(never)]
    fn make_room(&mut self, len: usize, spare: &mut SparePool) {
        let buffer = if self.part.capacity() == 0 {
            spare.take_for(len)
        } else {
            spare.take_large(len)
        };
        if let Some(mut buffer) = buffer {
            buffer.extend_from_slice(&self.part);
            spare.give(std::mem::replace(&mut self.part, buffer));
        }
    }

    /// Forgets what is kept.
    pub fn clear(&mut self, spare: &mut SparePool) {
        self.missing = 0;
        self.part.clear();
        self.release_if_empty(spare);
    }

    #[inline]
    fn release_if_empty(&mut self, spare: &mut SparePool) {
        if self.part.is_empty() && self.part.capacity() > 0 {
            spare.give(std::mem::take(&mut self.part));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One length byte, then the body. `knows` says whether the receiver tells how many bytes it needs.
    fn cut(input: &mut Input<'_>, knows: bool, frames: &mut Vec<Vec<u8>>) {
        while let Some(&length) = input.rest().first() {
            let size = 1 + usize::from(length);
            if input.rest().len() < size || !input.admit_frame() {
                input.need(if knows && input.rest().len() < size {
                    size
                } else {
                    0
                });
                return;
            }
            frames.push(input.take(size).expect("it is there")[1..].to_vec());
        }
        input.need(0);
    }

    /// What [`cut`] takes as one frame.
    fn frame(size: usize) -> Vec<u8> {
        let body = std::iter::repeat_n(size as u8 ^ 0x5a, size);
        std::iter::once(size as u8).chain(body).collect()
    }

    proptest! {
        #[test]
        fn any_cutting_of_the_stream_gives_the_same_frames(
            sizes in prop::collection::vec(0_usize..=255, 0..60),
            reads in prop::collection::vec(1_usize..2000, 1..60),
            budget in 1_u32..50,
            knows in any::<bool>(),
        ) {
            let sent: Vec<Vec<u8>> = sizes.iter().map(|&size| vec![size as u8 ^ 0x5a; size]).collect();
            let stream: Vec<u8> = sizes.iter().flat_map(|&size| frame(size)).collect();
            let (mut inbox, mut spare, mut got) = (Inbox::default(), SparePool::default(), Vec::new());
            let (mut rest, mut reads) = (&stream[..], reads.into_iter().cycle());
            while !rest.is_empty() {
                let (mut read, behind) = rest.split_at(reads.next().expect("a cycle").min(rest.len()));
                rest = behind;
                loop {
                    let before = got.len();
                    let flow = inbox
                        .receive(read, &mut spare, (256, budget), |input| { cut(input, knows, &mut got); Ok::<(), ()>(()) })
                        .expect("never fails");
                    prop_assert!(got.len() - before <= budget as usize, "over the frame budget");
                    if flow == Flow::Drained { break }
                    read = &[];
                }
            }
            prop_assert_eq!(got, sent);
            prop_assert!(inbox.is_empty());
            prop_assert!(!inbox.is_mid_frame());
            prop_assert_eq!(inbox.part.capacity(), 0, "an empty inbox owns no memory");
        }
    }

    proptest! {
        #[test]
        fn a_read_of_few_bytes_behind_a_part_gives_the_same_frames_as_a_longer_one(
            size in 1_usize..=255,
            part in 1_usize..=255,
            next in 0_usize..=255,
            knows in any::<bool>(),
        ) {
            let few = Inbox::FEW_BYTES;
            let part = part.min(size);
            for bytes in few - 1..=few + 1 {
                // One frame, as many of another as it takes, and the beginning of a last one.
                let mut stream = frame(size);
                while stream.len() < part + bytes {
                    stream.extend(frame(next));
                }
                let (first, rest) = stream.split_at(part);
                let (second, third) = rest.split_at(bytes);
                let (mut inbox, mut spare, mut got) = (Inbox::default(), SparePool::default(), Vec::new());
                for (read, came) in [(first, part), (second, part + bytes), (third, stream.len())] {
                    let mut whole = Vec::new();
                    cut(&mut Input::limited(&stream[..came], 256, u32::MAX), knows, &mut whole);
                    let flow = inbox.receive(read, &mut spare, (256, u32::MAX), |input| {
                        cut(input, knows, &mut got);
                        Ok::<(), ()>(())
                    });
                    prop_assert_eq!(flow, Ok(Flow::Drained));
                    prop_assert_eq!(&got, &whole, "{} bytes behind {}", bytes, part);
                    let taken: usize = got.iter().map(|body| 1 + body.len()).sum();
                    prop_assert_eq!(inbox.len(), came - taken, "what is left is kept, once");
                }
                prop_assert!(!inbox.is_mid_frame());
            }
        }
    }

    #[test]
    fn a_read_of_few_bytes_behind_a_part_is_handed_on_once() {
        // A frame whose last byte is missing, and behind that byte as many whole frames as there is room for.
        for (bytes, looks_expected) in [(63, 1), (64, 1), (65, 2)] {
            let (mut inbox, mut spare) = (Inbox::default(), SparePool::default());
            let (mut looks, mut frames) = (0, Vec::new());
            let mut second = vec![9];
            second.resize(bytes, 0);
            for read in [&[2, 9][..], &second] {
                looks = 0;
                inbox
                    .receive(read, &mut spare, (256, u32::MAX), |input| {
                        looks += 1;
                        cut(input, true, &mut frames);
                        Ok::<(), ()>(())
                    })
                    .expect("never fails");
            }
            assert_eq!(looks, looks_expected, "{bytes} bytes");
            assert_eq!(frames.len(), bytes, "{bytes} bytes");
        }
    }

    #[test]
    fn memory_follows_the_bytes_that_came_and_not_the_claim() {
        let (mut inbox, mut spare) = (Inbox::default(), SparePool::default());
        for _ in 0..100 {
            inbox
                .receive(&[1; 10], &mut spare, (usize::MAX, 1), |input| {
                    input.need(1 << 30);
                    Ok::<(), ()>(())
                })
                .expect("never fails");
        }
        assert_eq!(inbox.len(), 1000);
        assert!(inbox.part.capacity() <= 2048);
    }

    #[test]
    fn a_large_frame_in_single_bytes_is_looked_at_once() {
        let (mut inbox, mut spare, mut looks) = (Inbox::default(), SparePool::default(), 0);
        for _ in 0..100_000 {
            inbox
                .receive(b"x", &mut spare, (usize::MAX, 1), |input| {
                    looks += 1;
                    input.take(100_000);
                    Ok::<(), ()>(())
                })
                .expect("never fails");
        }
        assert_eq!(
            looks, 2,
            "once to learn how much is needed, once when it is there"
        );
        assert!(!inbox.is_mid_frame());
    }

    #[test]
    fn one_byte_of_the_next_frame_does_not_keep_the_memory_of_the_last() {
        let (mut inbox, mut spare) = (Inbox::default(), SparePool::default());
        let body = vec![7; 1 << 20];
        let mut wanted = 1 << 20;
        for read in [&body[..1000], &body[1000..], b"x"] {
            // The last read of the frame brings one byte of the next with it.
            let mut bytes = read.to_vec();
            if read.len() > 1000 {
                bytes.push(b'y')
            }
            inbox
                .receive(&bytes, &mut spare, (usize::MAX, 9), |input| {
                    if input.take(wanted).is_some() {
                        wanted = 100;
                        input.take(100);
                    }
                    Ok::<(), ()>(())
                })
                .expect("never fails");
        }
        assert_eq!(inbox.len(), 2);
        assert!(
            inbox.part.capacity() <= 64 << 10,
            "{} bytes for {}",
            inbox.part.capacity(),
            inbox.len()
        );
    }

    #[test]
    fn after_an_error_nothing_is_needed() {
        let (mut inbox, mut spare) = (Inbox::default(), SparePool::default());
        let first = inbox.receive(b"x", &mut spare, (9, 9), |input| {
            input.take(1);
            input.need(5);
            Ok::<(), ()>(())
        });
        assert_eq!((first, inbox.is_mid_frame()), (Ok(Flow::Drained), true));
        assert_eq!(
            inbox.receive(b"12345", &mut spare, (9, 9), |_| Err(())),
            Err(())
        );
        assert!(!inbox.is_mid_frame());
    }

    #[test]
    fn a_receiver_that_needs_less_than_is_there_does_not_hang_the_loop() {
        let (mut inbox, mut spare, mut looks) = (Inbox::default(), SparePool::default(), 0);
        for read in [&[1; 600][..], &[1; 600]] {
            let flow = inbox.receive(read, &mut spare, (9, 9), |input| {
                looks += 1;
                assert!(looks < 100, "hangs");
                input.need(10);
                Ok::<(), ()>(())
            });
            assert_eq!(flow, Ok(Flow::Drained));
        }
        assert_eq!(inbox.len(), 1200);
    }
}
