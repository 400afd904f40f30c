//! A cursor over bytes that came.

use crate::error::PeerFault;

/// Bytes that came, in one piece, to be cut into frames without copying. A decoder takes from the front; what it leaves is kept by
/// the link and comes again with more behind it.
///
/// ```
/// use oneloop::buffer::Input;
///
/// let mut input = Input::new(b"\x02hi\x05he");
/// assert_eq!(input.take(1), Some(&b"\x02"[..]));
/// assert_eq!(input.take(2), Some(&b"hi"[..]));
/// assert_eq!(input.take(1), Some(&b"\x05"[..]));
/// assert_eq!(input.take(5), None, "only two of the five are there; nothing is taken");
/// assert_eq!(input.needed(), 5, "and whoever feeds us may wait for five");
/// ```
#[derive(Debug)]
pub struct Input<'a> {
    rest: &'a [u8],
    /// Bytes that must be there, counted from the front of `rest`, before asking again makes sense; 0 if unknown.
    needed: usize,
    frame_bytes_max: usize,
    /// Frames that may still be cut before others have their turn.
    frames_left: u32,
    halted: bool,
}

impl<'a> Input<'a> {
    /// The default of [`frame_bytes_max`](Self::frame_bytes_max): 1 MiB.
    pub const FRAME_BYTES_MAX: usize = 1 << 20;

    /// A cursor at the front of `bytes`, with the default frame limit.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self::limited(bytes, Self::FRAME_BYTES_MAX, u32::MAX)
    }

    /// A cursor with a limit of its own for one frame, in bytes, and for the frames cut in this go.
    #[must_use]
    pub const fn limited(bytes: &'a [u8], frame_bytes_max: usize, frames_max: u32) -> Self {
        Self {
            rest: bytes,
            needed: 0,
            frame_bytes_max,
            frames_left: frames_max,
            halted: false,
        }
    }

    /// What is there and not yet taken.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The most a frame's payload may have, in bytes: a decoder refuses a larger claim before it waits for it.
    #[must_use]
    pub const fn frame_bytes_max(&self) -> usize {
        self.frame_bytes_max
    }

    /// Takes `count` bytes off the front, or, if fewer are there, takes none and notes how many are [needed](Self::needed).
    #[inline]
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        if let Some((front, rest)) = self.rest.split_at_checked(count) {
            self.rest = rest;
            self.needed = 0;
            Some(front)
        } else {
            self.needed = count;
            None
        }
    }

    /// [`take`](Self::take) for a size known when compiling, as an array.
    #[inline]
    pub fn take_array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        if let Some((front, rest)) = self.rest.split_first_chunk::<N>() {
            self.rest = rest;
            self.needed = 0;
            Some(front)
        } else {
            self.needed = N;
            None
        }
    }

    /// Goes on at `rest`, the end of what is there: for a decoder that looks at more than one part of a frame, and takes all at once.
    #[inline]
    pub(crate) const fn go_on(&mut self, rest: &'a [u8]) {
        self.rest = rest;
        self.needed = 0;
    }

    /// Says how many bytes must be there, from the front, before asking again makes sense; 0 says that nobody knows.
    pub const fn need(&mut self, bytes: usize) {
        self.needed = bytes;
    }

    /// How many bytes must be there before asking again makes sense; 0 if that is unknown.
    #[must_use]
    pub const fn needed(&self) -> usize {
        self.needed
    }

    /// Checks a length that the peer claims against `least` and the frame limit.
    ///
    /// # Errors
    /// [`PeerFault::Length`] if it is outside.
    #[inline]
    pub const fn check_length(&self, claimed: u32, least: usize) -> Result<usize, PeerFault> {
        let length = claimed as usize;
        if length < least || length > self.frame_bytes_max {
            return Err(PeerFault::Length {
                claimed: claimed as u64,
                least: least as u64,
                most: self.frame_bytes_max as u64,
            });
        }
        Ok(length)
    }

    /// Counts one frame against this go's budget; false if the budget is spent, and then the input is halted.
    #[inline]
    pub(crate) const fn admit_frame(&mut self) -> bool {
        if self.frames_left == 0 {
            self.halted = true;
            return false;
        }
        self.frames_left -= 1;
        true
    }

    /// Gives back the frame counted by [`admit_frame`](Self::admit_frame): there was none.
    #[inline]
    pub(crate) const fn readmit_frame(&mut self) {
        self.frames_left += 1;
    }

    /// Frames that may still be cut in this go.
    #[must_use]
    pub const fn frames_left(&self) -> u32 {
        self.frames_left
    }

    /// Stops here although whole frames may be left: they come again in the next turn, or when the link may go on. (Not a way to wait
    /// for something else: the link would be served again in every turn.)
    pub const fn halt(&mut self) {
        self.halted = true;
    }

    /// Whether all was taken, and no more is needed for what was begun.
    #[inline]
    pub(crate) const fn is_drained(&self) -> bool {
        self.rest.is_empty() && self.needed == 0 && !self.halted
    }

    /// Whether the reader stopped of its own will, and not for want of bytes.
    #[must_use]
    pub const fn is_halted(&self) -> bool {
        self.halted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_checked_at_both_ends() {
        let input = Input::limited(b"", 100, 1);
        for (claimed, good) in [
            (0, false),
            (3, false),
            (4, true),
            (99, true),
            (100, true),
            (101, false),
            (u32::MAX, false),
        ] {
            assert_eq!(input.check_length(claimed, 4).is_ok(), good, "{claimed}");
        }
    }

    #[test]
    fn the_frame_budget_halts() {
        let mut input = Input::limited(b"", 100, 2);
        assert!(input.admit_frame());
        assert!(input.admit_frame());
        assert!(!input.is_halted());
        assert!(!input.admit_frame());
        assert!(input.is_halted());
    }
}
