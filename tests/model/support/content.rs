//! What frames carry: bytes that say whose they are and which, so that one that is lost, doubled, cut or another's is known.

use std::sync::LazyLock;

use oneloop::sim::Random;

/// The longest content.
pub(crate) const CONTENT_BYTES_MAX: usize = 64 << 10;
/// Names and number, as text.
const HEAD_BYTES: usize = 16;

/// The content of a stream's frame, exactly so many bytes: the stream's name and the frame's number, then bytes that follow from both.
/// It has no line ending in it.
pub(crate) fn content(stream: u32, number: u32, bytes: usize) -> Vec<u8> {
    let mut content = format!("{stream:08x}{number:08x}").into_bytes();
    debug_assert_eq!(content.len(), HEAD_BYTES);
    content.extend_from_slice(filling(stream, number, bytes.saturating_sub(HEAD_BYTES)));
    content.truncate(bytes);
    content
}

/// A window of the noise, another one for each frame.
fn filling(stream: u32, number: u32, bytes: usize) -> &'static [u8] {
    static NOISE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut random = Random::new(0);
        let any = |_| match random.below(256) as u8 {
            b'\r' | b'\n' => b' ',
            other => other,
        };
        (0..2 * CONTENT_BYTES_MAX).map(any).collect()
    });
    let place = stream
        .wrapping_mul(7919)
        .wrapping_add(number.wrapping_mul(101));
    let from = place as usize % CONTENT_BYTES_MAX;
    &NOISE[from..from + bytes]
}
