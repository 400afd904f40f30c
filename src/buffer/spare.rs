//! Buffers between uses.

/// Buffers between uses: a link has one only while it needs it, and neither takes it from the allocator nor gives it back each time.
///
/// There are small ones, of which anybody may have one, and a few large ones for who has as many bytes in hand: no link holds much memory
/// for the little that it was sent.
#[derive(Debug, Default)]
pub struct SparePool {
    small: Shelf,
    large: Shelf,
}

#[derive(Debug, Default)]
struct Shelf {
    buffers: Vec<Vec<u8>>,
    /// Memory of all of them.
    bytes: usize,
}

impl SparePool {
    /// The most small buffers kept: so many links have output at once when all that one poll tells of are answered. With fewer, the
    /// others would go to the allocator for each reply.
    pub const BUFFERS_MAX: usize = 1024;
    /// The most memory kept in all small buffers, and in all large ones, in bytes.
    pub const BYTES_MAX: usize = 4 << 20;
    /// A buffer that grew beyond this is a large one, in bytes.
    pub const BUFFER_BYTES_MAX: usize = 64 << 10;
    /// A buffer that grew beyond this is not kept, in bytes.
    pub const LARGE_BYTES_MAX: usize = 1 << 20;
    /// Who has so many bytes in hand may have a large buffer.
    pub const LARGE_BYTES_MIN: usize = 32 << 10;

    /// A small buffer, empty, if one is there.
    #[inline]
    pub fn take(&mut self) -> Option<Vec<u8>> {
        self.small.take()
    }

    /// A buffer, empty, for so many bytes: a large one if it fits them, else a small one, which will grow.
    #[inline]
    pub fn take_for(&mut self, bytes: usize) -> Option<Vec<u8>> {
        self.take_large(bytes).or_else(|| self.take())
    }

    /// A large buffer, empty, that fits so many bytes, if they are many and one is there.
    #[inline]
    pub fn take_large(&mut self, bytes: usize) -> Option<Vec<u8>> {
        let fits = |last: &Vec<u8>| last.capacity() >= bytes;
        if bytes >= Self::LARGE_BYTES_MIN && self.large.buffers.last().is_some_and(fits) {
            return self.large.take();
        }
        None
    }

    /// Keeps `buffer` for the next who needs one.
    #[inline]
    pub fn give(&mut self, buffer: Vec<u8>) {
        if buffer.capacity() <= Self::BUFFER_BYTES_MAX {
            self.small.give(buffer);
        } else {
            self.give_large(buffer);
        }
    }

    #[inline(never)]
    fn give_large(&mut self, buffer: Vec<u8>) {
        if buffer.capacity() <= Self::LARGE_BYTES_MAX {
            self.large.give(buffer);
        }
    }
}

impl Shelf {
    #[inline]
    fn take(&mut self) -> Option<Vec<u8>> {
        let buffer = self.buffers.pop()?;
        self.bytes -= buffer.capacity();
        Some(buffer)
    }

    #[inline]
    fn give(&mut self, mut buffer: Vec<u8>) {
        let bytes = buffer.capacity();
        if bytes > 0
            && self.buffers.len() < SparePool::BUFFERS_MAX
            && self.bytes + bytes <= SparePool::BYTES_MAX
        {
            buffer.clear();
            self.bytes += bytes;
            self.buffers.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(spare: &mut SparePool, bytes: usize) -> usize {
        std::iter::from_fn(|| spare.take_for(bytes)).count()
    }

    #[test]
    fn small_buffers_are_kept_up_to_a_number_and_an_amount_of_memory() {
        for (given, each, expected) in [
            (SparePool::BUFFERS_MAX - 1, 16, SparePool::BUFFERS_MAX - 1),
            (SparePool::BUFFERS_MAX, 16, SparePool::BUFFERS_MAX),
            (SparePool::BUFFERS_MAX + 1, 16, SparePool::BUFFERS_MAX),
            (63, SparePool::BUFFER_BYTES_MAX, 63),
            (64, SparePool::BUFFER_BYTES_MAX, 64),
            (65, SparePool::BUFFER_BYTES_MAX, 64),
        ] {
            let mut spare = SparePool::default();
            for _ in 0..given {
                spare.give(Vec::with_capacity(each));
            }
            assert_eq!(kept(&mut spare, 1), expected, "{given} of {each}");
            assert_eq!(spare.small.bytes, 0);
        }
    }

    #[test]
    fn large_buffers_are_for_who_has_as_many_bytes() {
        for (bytes, small, large) in [
            (SparePool::BUFFER_BYTES_MAX, 1, 0),
            (SparePool::BUFFER_BYTES_MAX + 1, 0, 1),
            (SparePool::LARGE_BYTES_MAX, 0, 1),
            (SparePool::LARGE_BYTES_MAX + 1, 0, 0),
        ] {
            let mut spare = SparePool::default();
            spare.give(Vec::with_capacity(bytes));
            assert_eq!(kept(&mut spare, SparePool::LARGE_BYTES_MIN - 1), small);
            spare.give(Vec::with_capacity(bytes));
            let fits = kept(&mut spare, SparePool::LARGE_BYTES_MIN);
            assert_eq!(
                fits,
                small + 2 * large,
                "{bytes} bytes: those of before are there still"
            );
        }
        // One that is too small for them stays where it is.
        let mut spare = SparePool::default();
        spare.give(Vec::with_capacity(100_000));
        assert_eq!(kept(&mut spare, 100_001), 0);
        assert_eq!(kept(&mut spare, 100_000), 1);
        for _ in 0..5 {
            spare.give(Vec::with_capacity(SparePool::LARGE_BYTES_MAX));
        }
        assert_eq!(kept(&mut spare, SparePool::LARGE_BYTES_MAX), 4);
    }
}
