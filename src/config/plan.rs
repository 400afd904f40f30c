//! What a node is to do, as plain data: made by a [`Config`](super::Config), read by whoever builds the node.

use super::secret::SecretSource;
use crate::context::{Address, Limits};

/// One node of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePlan {
    /// Its name, by which roots know it as a child.
    pub name: String,
    /// The name of what it runs, one of the registered names.
    pub app: String,
    /// Where the others find it: an IP address or a host's name.
    pub host: String,
    /// Where it listens for clients; empty if it has no front end.
    pub net: Vec<Address>,
    /// Where it listens for children, if it is a root.
    pub root: Option<RootPlan>,
    /// The roots it dials, in the order of the file.
    pub remotes: Vec<RemotePlan>,
    /// The limits of its loop and, as their `link`, of its links. They passed [`Limits::check`].
    pub limits: Limits,
    /// Where it finds the secret that children and roots prove to each other. Without one they prove nothing, and a root listens on
    /// loopback only.
    pub secret: Option<SecretSource>,
}

/// The part of a node that listens for children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootPlan {
    /// Where it listens.
    pub listen: Address,
    /// Where children dial it: the node's host, and the same port.
    pub found_at: Address,
}

/// A root that a node dials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemotePlan {
    /// The root's name: that of its node.
    pub root: String,
    /// Where it is found.
    pub address: Address,
}
