//! The cluster's secret, and how two ends prove to each other that they have it.

use std::fmt;
use std::rc::Rc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::{Misuse, Result};

use super::wire::Welcome;
use super::wire::oneloop_methods::HelloArguments;

/// What all nodes of a cluster know and nobody else does. It is never sent, and its `Debug` shows nothing of it.
///
/// Each end of a link proves that it has it: by HMAC-SHA256 with the secret as key over everything that both have said of themselves,
/// two nonces among it which were never used before. So a recorded proof is worth nothing, nor is one that the other end made.
///
/// ```
/// use oneloop::node::Secret;
///
/// let secret = Secret::new("correct horse battery staple").unwrap();
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert!(Secret::new("too short").is_err());
/// ```
#[derive(Clone)]
pub struct Secret(Rc<[u8]>);

impl Secret {
    /// The least bytes of one: fewer can be tried out by whoever has recorded a single link.
    pub const BYTES_MIN: usize = 16;

    /// These bytes, of a file or an environment variable: as they are, with no line end cut off.
    ///
    /// # Errors
    /// [`Misuse::Option`] if there are fewer than [`BYTES_MIN`](Self::BYTES_MIN). It does not repeat them.
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Self> {
        let bytes = bytes.as_ref();
        if bytes.len() < Self::BYTES_MIN {
            let (have, least) = (bytes.len(), Self::BYTES_MIN);
            return Err(Misuse::Option(format!(
                "the cluster's secret has {have} bytes; the least is {least}"
            ))
            .into());
        }
        Ok(Self(bytes.into()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Whose proof it is: one end's does not do for the other's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Root,
    Child,
}

impl Side {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Root => b"oneloop node, proof of the root",
            Self::Child => b"oneloop node, proof of the child",
        }
    }
}

/// The proof of one end; empty without a secret.
pub(super) fn prove(
    secret: Option<&Secret>,
    side: Side,
    hello: &HelloArguments,
    welcome: &Welcome,
) -> Vec<u8> {
    let mac = secret.and_then(|secret| mac(secret, side, hello, welcome));
    mac.map_or_else(Vec::new, |mac| mac.finalize().into_bytes().to_vec())
}

/// Whether it is the proof of that end, looked at in a time that does not depend on where it differs. Without a secret nothing is
/// proven, and only an empty proof will do: who gives another expects that it is looked at.
pub(super) fn is_proof(
    secret: Option<&Secret>,
    side: Side,
    hello: &HelloArguments,
    welcome: &Welcome,
    proof: &[u8],
) -> bool {
    match secret {
        Some(secret) => {
            mac(secret, side, hello, welcome).is_some_and(|mac| mac.verify_slice(proof).is_ok())
        }
        None => proof.is_empty(),
    }
}

/// ```text
/// HMAC-SHA256(secret, label, then each field of hello and of welcome but the proof)
/// ```
/// Each of them has its length in front, in 4 bytes; numbers have 4 or 8 bytes; all big-endian.
fn mac(
    Secret(secret): &Secret,
    side: Side,
    hello: &HelloArguments,
    welcome: &Welcome,
) -> Option<Hmac<Sha256>> {
    // Keys of any length will do.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for field in [
        side.label(),
        &hello.version.to_be_bytes(),
        hello.name.as_bytes(),
        &hello.instance,
        &hello.epoch.to_be_bytes(),
        &hello.nonce,
        &hello.heartbeat_ms.to_be_bytes(),
        &hello.weight.to_be_bytes(),
        &welcome.version.to_be_bytes(),
        welcome.name.as_bytes(),
        &welcome.instance,
        &welcome.epoch.to_be_bytes(),
        &welcome.nonce,
        &welcome.heartbeat_ms.to_be_bytes(),
    ] {
        // A frame before the proof is small; one that is not has none.
        let length = u32::try_from(field.len()).ok()?;
        mac.update(&length.to_be_bytes());
        mac.update(field);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hellos() -> (HelloArguments, Welcome) {
        let hello = HelloArguments {
            version: 1,
            name: "chat".into(),
            instance: vec![1; 16],
            epoch: 2,
            nonce: vec![3; 32],
            heartbeat_ms: 4,
            weight: 5,
        };
        let welcome = Welcome {
            version: 1,
            name: "gate".into(),
            instance: vec![6; 16],
            epoch: 7,
            nonce: vec![8; 32],
            proof: Vec::new(),
            heartbeat_ms: 9,
            window: 1024,
        };
        (hello, welcome)
    }

    #[test]
    fn a_proof_holds_for_its_side_its_secret_and_every_field_alone() {
        let secret = Secret::new([7; 16]).expect("long enough");
        let other = Secret::new([8; 16]).expect("long enough");
        let (hello, welcome) = hellos();
        let proof = prove(Some(&secret), Side::Root, &hello, &welcome);
        assert_eq!(proof.len(), 32);
        let holds = |secret: &Secret, side, hello: &HelloArguments, welcome: &Welcome| {
            is_proof(Some(secret), side, hello, welcome, &proof)
        };
        assert!(holds(&secret, Side::Root, &hello, &welcome));
        assert!(!holds(&secret, Side::Child, &hello, &welcome));
        assert!(!holds(&other, Side::Root, &hello, &welcome));
        assert!(!is_proof(
            Some(&secret),
            Side::Root,
            &hello,
            &welcome,
            &proof[..31]
        ));
        assert!(!is_proof(Some(&secret), Side::Root, &hello, &welcome, b""));
        let changes: [fn(&mut HelloArguments, &mut Welcome); 13] = [
            |hello, _| hello.version += 1,
            |hello, _| hello.name.push('x'),
            |hello, _| hello.instance[0] += 1,
            |hello, _| hello.epoch += 1,
            |hello, _| hello.nonce[31] += 1,
            |hello, _| hello.heartbeat_ms += 1,
            |hello, _| hello.weight += 1,
            |_, welcome| welcome.version += 1,
            |_, welcome| welcome.name.push('x'),
            |_, welcome| welcome.instance[0] += 1,
            |_, welcome| welcome.epoch += 1,
            |_, welcome| welcome.nonce[31] += 1,
            |_, welcome| welcome.heartbeat_ms += 1,
        ];
        for (number, change) in changes.iter().enumerate() {
            let (mut hello, mut welcome) = hellos();
            change(&mut hello, &mut welcome);
            assert!(!holds(&secret, Side::Root, &hello, &welcome), "{number}");
        }
        // A byte that moves from one field to the next is another text.
        let (mut hello, welcome) = hellos();
        hello.name.push('\u{1}');
        hello.instance.remove(0);
        assert!(!holds(&secret, Side::Root, &hello, &welcome));
    }

    #[test]
    fn without_a_secret_only_an_empty_proof_will_do() {
        let (hello, welcome) = hellos();
        assert!(prove(None, Side::Root, &hello, &welcome).is_empty());
        assert!(is_proof(None, Side::Root, &hello, &welcome, b""));
        assert!(!is_proof(None, Side::Root, &hello, &welcome, b"x"));
    }

    #[test]
    fn a_secret_has_sixteen_bytes_or_more_and_is_not_repeated() {
        assert!(Secret::new([b'q'; 16]).is_ok());
        let error = Secret::new([b'q'; 15]).expect_err("too short");
        assert!(!error.to_string().contains('q'), "{error}");
    }
}
