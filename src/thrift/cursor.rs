//! The bytes of a frame that are not read yet, and the limits on what may be made of them. What the readers of both protocols share.

use bytes::Bytes;

use super::fault::ProtocolError;
use super::limits::WireLimits;

/// A place in a frame. Every step forward is checked against what is really left.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    /// The buffer that `rest` is a part of, if slices of it may be shared.
    frame: Option<&'a Bytes>,
    /// How many more structs may be opened within the present one.
    levels_left: u16,
    string_bytes_max: u32,
    container_len_max: u32,
    /// That the elements of containers may still take in memory.
    container_bytes_left: u32,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(rest: &'a [u8], frame: Option<&'a Bytes>, limits: WireLimits) -> Self {
        Self {
            rest,
            frame,
            levels_left: limits.depth_max,
            string_bytes_max: limits.string_bytes_max,
            container_len_max: limits.container_len_max,
            container_bytes_left: limits.container_bytes_max,
        }
    }

    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Goes on at `rest`, which is an end of what was left.
    #[inline]
    pub(super) fn go_to(&mut self, rest: &'a [u8]) {
        // By their ends, and not by what is in them: that would be looked through with every value of a long list.
        debug_assert_eq!(self.rest.as_ptr_range().end, rest.as_ptr_range().end);
        self.rest = rest;
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, ProtocolError> {
        let Some((&byte, rest)) = self.rest.split_first() else {
            return Err(ProtocolError::truncated());
        };
        self.rest = rest;
        Ok(byte)
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], ProtocolError> {
        let Some((&bytes, rest)) = self.rest.split_first_chunk() else {
            return Err(ProtocolError::truncated());
        };
        self.rest = rest;
        Ok(bytes)
    }

    #[inline]
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], ProtocolError> {
        let Some((bytes, rest)) = self.rest.split_at_checked(count) else {
            return Err(ProtocolError::beyond(count as u64, self.rest.len()));
        };
        self.rest = rest;
        Ok(bytes)
    }

    /// The bytes of a string that claims so many.
    #[inline]
    pub(super) fn string(&mut self, claimed: u32) -> Result<&'a [u8], ProtocolError> {
        if claimed > self.string_bytes_max {
            return Err(ProtocolError::string_too_long(
                claimed as usize,
                self.string_bytes_max,
            ));
        }
        self.take(claimed as usize)
    }

    /// The length of a container that claims so many elements, each of which takes `bytes_min` at least.
    #[inline]
    pub(super) fn container(&self, claimed: u32, bytes_min: u64) -> Result<usize, ProtocolError> {
        let least = u64::from(claimed) * bytes_min;
        if least > self.rest.len() as u64 {
            return Err(ProtocolError::beyond(least, self.rest.len()));
        }
        if claimed > self.container_len_max {
            return Err(ProtocolError::container_too_long(
                claimed as usize,
                self.container_len_max,
            ));
        }
        Ok(claimed as usize)
    }

    /// So many bytes of memory are about to be taken for elements.
    #[inline]
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), ProtocolError> {
        let left = u32::try_from(bytes)
            .ok()
            .and_then(|bytes| self.container_bytes_left.checked_sub(bytes));
        let Some(left) = left else {
            return Err(ProtocolError::too_much_memory(
                bytes,
                self.container_bytes_left,
            ));
        };
        self.container_bytes_left = left;
        Ok(())
    }

    /// Goes one level down.
    #[inline]
    pub(super) fn descend(&mut self) -> Result<(), ProtocolError> {
        let Some(left) = self.levels_left.checked_sub(1) else {
            return Err(ProtocolError::too_deep());
        };
        self.levels_left = left;
        Ok(())
    }

    /// And up again.
    #[inline]
    pub(super) fn ascend(&mut self) {
        self.levels_left = self.levels_left.saturating_add(1);
    }

    /// What was taken last, as a value of its own: shared if the frame is, or else copied.
    #[inline]
    pub(super) fn shared(&self, taken: &[u8]) -> Bytes {
        let Some(frame) = self.frame else {
            return Bytes::copy_from_slice(taken);
        };
        // Inlined, unlike `slice_ref`, which would have to look where the slice is.
        let end = frame.len().saturating_sub(self.rest.len());
        frame.slice(end.saturating_sub(taken.len())..end)
    }
}
