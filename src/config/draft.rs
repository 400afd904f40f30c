//! What a file says, key by key, as far as each key is right by itself.

use core::net::IpAddr;

use super::limits::Setting;
use super::secret::SecretSource;
use crate::report::Span;

/// A value, where it stands, and by which key.
#[derive(Clone, Debug)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) at: Span,
    pub(super) key: String,
}

/// What a key says that may be missing or wrong; of a wrong one the error was told.
#[derive(Clone, Debug, Default)]
pub(super) enum Given<T> {
    #[default]
    Missing,
    Wrong,
    Right(Placed<T>),
}

/// What the file says, as far as it is right.
#[derive(Default)]
pub(super) struct Cluster {
    pub(super) secret: Option<Placed<SecretSource>>,
    pub(super) limits: Vec<Setting>,
    pub(super) nodes: Vec<Draft>,
    /// Whether the source of a secret was wrong somewhere: then that there is none follows from it.
    pub(super) has_wrong_secret: bool,
}

/// What the file says of one node.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) name: String,
    /// Where its name stands.
    pub(super) at: Span,
    pub(super) key: String,
    pub(super) app: Given<String>,
    pub(super) host: Given<String>,
    pub(super) netports: Vec<Placed<u16>>,
    pub(super) netlisten: Given<IpAddr>,
    pub(super) rootport: Given<u16>,
    pub(super) rootlisten: Given<IpAddr>,
    pub(super) remotes: Vec<Remote>,
    pub(super) limits: Vec<Setting>,
    pub(super) secret: Option<Placed<SecretSource>>,
    /// Whether there is a key for one of its parts, right or wrong.
    pub(super) has_parts: bool,
}

/// One element of `remoteport`.
pub(super) struct Remote {
    pub(super) root: Placed<String>,
    /// Where the whole element stands.
    pub(super) at: Span,
    pub(super) rootport: Given<u16>,
}

impl<T> Given<T> {
    pub(super) const fn right(&self) -> Option<&Placed<T>> {
        match self {
            Self::Right(placed) => Some(placed),
            Self::Missing | Self::Wrong => None,
        }
    }
}
