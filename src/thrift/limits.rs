//! The most that one message may ask of its reader.

/// The most of everything within one message. How long a message may be is a limit of its link.
///
/// ```
/// use oneloop::thrift::WireLimits;
///
/// let limits = WireLimits { string_bytes_max: 4096, ..WireLimits::default() };
/// assert_eq!((limits.container_bytes_max, limits.depth_max), (64 << 20, 64));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireLimits {
    /// The most bytes of one string, one `binary` or a message's name. 16,384,000: as many as a frame has by Apache's default.
    /// Whatever the limit, a string is never longer than what is left of its frame.
    pub string_bytes_max: u32,
    /// The most elements of one list or set, or pairs of one map. 16,384,000. Whatever the limit, no container claims more than the
    /// bytes that are left of its frame can hold, and memory grows with the elements that were read and not with the claim.
    pub container_len_max: u32,
    /// The most bytes that the elements of all containers of one message may take in memory, as their types are large there; what they
    /// point to comes on top, and is no longer than the frame. An element may be a hundred times as large in memory as on the wire: a
    /// struct of which no field is there takes a byte. 64 MiB, sixty-four times the frame limit of a link.
    pub container_bytes_max: u32,
    /// How many structs may be within each other, the outermost counted; 64, as with all of Apache's libraries. In what is skipped,
    /// containers count as well. Both readers and writers look at it: it is what bounds their stack.
    pub depth_max: u16,
}

impl Default for WireLimits {
    fn default() -> Self {
        Self {
            string_bytes_max: 16_384_000,
            container_len_max: 16_384_000,
            container_bytes_max: 64 << 20,
            depth_max: 64,
        }
    }
}
