//! What a node says of itself.

use crate::context::{Address, Context};
use crate::error::{Misuse, PeerFault, Result};
use crate::thrift::Uuid;

use super::key::key_of;

/// What a node says of itself.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) instance: Uuid,
    pub(super) epoch: i64,
    pub(super) weight: u32,
    /// Of its clients' ids: [`tag_of`] the rest.
    pub(super) tag: u64,
}

/// What the ids of a node's clients have of it: the same on every machine, and another in each of its lives.
pub(super) fn tag_of(name: &str, instance: Uuid, epoch: i64) -> u64 {
    let text = [name.as_bytes(), &instance.0, &epoch.to_be_bytes()].concat();
    key_of(&text)
}

/// Whether it is a name for a node: letters, digits, `.`, `-` and `_`, 64 at most.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.chars().all(plain)
}

/// The same as an error.
pub(super) fn check_name(name: &str) -> Result<()> {
    if is_name(name) {
        return Ok(());
    }
    let short: String = name.chars().take(NAME_BYTES_MAX).collect();
    Err(Misuse::Option(format!(
        "{short:?} is no name of a node: letters, digits, '.', '-' and '_', 64 at most"
    ))
    .into())
}

/// A nonce: bytes that were never used before.
pub(super) fn nonce<S>(cx: &mut Context<'_, S>) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE_BYTES];
    cx.random(&mut nonce)?;
    Ok(nonce.to_vec())
}

/// What another end says of itself, as far as both ends say the same.
pub(super) fn check_hello(
    name: &str,
    instance: &[u8],
    nonce: &[u8],
    beat_ms: i32,
) -> Result<Uuid, &'static str> {
    if !is_name(name) {
        return Err("its name is none");
    }
    if nonce.len() != NONCE_BYTES {
        return Err("its nonce has not 32 bytes");
    }
    if beat_ms < 0 {
        return Err("its heartbeat_ms is below zero");
    }
    match <[u8; 16]>::try_from(instance) {
        Ok(bytes) => Ok(Uuid(bytes)),
        Err(_) => Err("its instance has not 16 bytes"),
    }
}

/// Whether nobody on another machine reaches it.
pub(super) fn is_loopback(address: &Address) -> bool {
    match address {
        Address::Ip(address) => address.ip().is_loopback(),
        Address::Name(name, _) => name == "localhost",
        Address::Unix(_) | Address::Unnamed => true,
    }
}

/// A fault of somebody who has not proven who it is.
pub(super) fn unproven(what: &'static str) -> PeerFault {
    PeerFault::Unproven(what.into())
}

pub(super) const NONCE_BYTES: usize = 32;
const NAME_BYTES_MAX: usize = 64;

/// The most that a child's weight may be.
pub(super) const WEIGHT_MAX: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        for good in ["a", "gate-1", "net.eu_2", &"x".repeat(64)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "é", "a:b", &"x".repeat(65)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn loopback_is_what_it_is_called() {
        for (text, loopback) in [
            ("127.0.0.1:1", true),
            ("127.3.0.1:1", true),
            ("[::1]:1", true),
            ("localhost:1", true),
            ("unix:/tmp/x", true),
            ("0.0.0.0:1", false),
            ("10.0.0.1:1", false),
            ("[::]:1", false),
            ("server:1", false),
        ] {
            let address: Address = text.parse().expect(text);
            assert_eq!(is_loopback(&address), loopback, "{text}");
        }
    }
}
