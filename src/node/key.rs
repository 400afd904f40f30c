//! Numbers of keys.

/// A number of a key: the same on every machine and in every version.
pub(super) fn key_of(bytes: &[u8]) -> u64 {
    mixed(bytes.iter().fold(FNV_BASIS, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(FNV_PRIME)
    }))
}

/// Each bit of the outcome depends on all of `number`: the finish of `SplitMix64`.
pub(super) const fn mixed(mut number: u64) -> u64 {
    number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

/// FNV-1a.
const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_on_every_machine() {
        assert_eq!(key_of(b""), 0xf52a_15e9_a9b5_e89b);
        assert_ne!(key_of(b"a"), key_of(b"b"));
    }
}
