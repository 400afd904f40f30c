//! What the nodes of a cluster prove to each other that they know.

use std::fmt;
use std::path::PathBuf;

/// Where a node finds the cluster's secret. Never the secret itself: files are copied, mailed and checked in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SecretSource {
    /// The environment variable of this name.
    Variable(String),
    /// The file at this path.
    File(PathBuf),
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "the environment variable {name}"),
            Self::File(path) => write!(f, "the file {}", path.display()),
        }
    }
}

/// A secret that was read. What prints it prints that it is one; two are not compared by `==`, whose time tells how much of a guess was
/// right.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// The fewest bytes of a secret: fewer can be guessed.
    pub const BYTES_MIN: usize = 16;
    /// The most bytes of a secret.
    pub const BYTES_MAX: usize = 4096;

    /// The bytes, without the end of line behind them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The secret that a file or a variable holds, or why it is none.
    pub(super) fn of(held: &[u8]) -> Result<Self, String> {
        let held = held.strip_suffix(b"\n").unwrap_or(held);
        let held = held.strip_suffix(b"\r").unwrap_or(held);
        if held.len() < Self::BYTES_MIN {
            return Err(format!(
                "holds fewer than {} bytes, which can be guessed",
                Self::BYTES_MIN
            ));
        }
        if held.len() > Self::BYTES_MAX {
            return Err(format!("holds more than {} bytes", Self::BYTES_MAX));
        }
        Ok(Self(held.to_vec()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_a_least_and_a_most_and_no_end_of_line() {
        let of = |bytes: usize| Secret::of("x".repeat(bytes).as_bytes());
        assert!(of(15).is_err_and(|why| why.contains("fewer than 16")));
        assert!(of(16).is_ok() && of(17).is_ok());
        assert!(of(4095).is_ok() && of(4096).is_ok());
        assert!(of(4097).is_err_and(|why| why.contains("more than 4096")));
        let secret = Secret::of(b"0123456789abcdef\r\n").expect("long enough");
        assert_eq!(secret.bytes(), b"0123456789abcdef");
        assert!(Secret::of(b"0123456789abcde\r\n").is_err());
        assert_eq!(format!("{secret:?}"), "Secret(***)");
    }
}
