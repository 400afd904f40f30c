//! What an app is given: its node's plan and secret.

use std::rc::Rc;

use crate::config::{Config, Machine, NodePlan, Surroundings};
use crate::error::Result;
use crate::node::Secret;

use super::parts::Parts;

/// What an app is given when its node starts: the plan of the node, and the secret that it has to have.
///
/// ```
/// use oneloop::cluster::Assigned;
/// use oneloop::node::Root;
/// use oneloop::{Context, Result};
///
/// fn gate(cx: &mut Context<'_, ()>, assigned: Assigned) -> Result<()> {
///     println!("{} has the chats {:?}", assigned.name(), assigned.children("chat"));
///     assigned.parts().root(Root::new()).start(cx).map(drop)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Assigned {
    plan: NodePlan,
    secret: Option<Secret>,
    /// All nodes of the file.
    nodes: Rc<[NodePlan]>,
}

impl Assigned {
    /// That of the node with this name; its secret is read from this machine.
    ///
    /// # Errors
    /// As [`Config::secret`].
    pub fn of(config: &Config, node: &str) -> Result<Self> {
        Self::of_from(&Machine, config, node)
    }

    /// The same with a secret from somewhere else, such as [`Memory`](crate::config::Memory).
    ///
    /// # Errors
    /// The same.
    pub fn of_from(surroundings: &dyn Surroundings, config: &Config, node: &str) -> Result<Self> {
        let plan = config.node(node)?.clone();
        let secret = config.secret_from(surroundings, node)?;
        let secret = secret.map(|secret| Secret::new(secret.bytes()));
        Ok(Self {
            plan,
            secret: secret.transpose()?,
            nodes: config.nodes().cloned().collect(),
        })
    }

    /// The node's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.plan.name
    }

    /// The node's plan.
    #[must_use]
    pub const fn plan(&self) -> &NodePlan {
        &self.plan
    }

    /// The names of the nodes that run this app and dial this node, in the order of the file: so a program need not know them.
    #[must_use]
    pub fn children(&self, app: &str) -> Vec<&str> {
        let dials_us = |node: &&NodePlan| {
            let mut remotes = node.remotes.iter();
            node.app == app && remotes.any(|remote| remote.root == self.plan.name)
        };
        let children = self.nodes.iter().filter(dials_us);
        children.map(|node| &*node.name).collect()
    }

    /// The node, to be given what it serves.
    pub fn parts<S: 'static>(self) -> Parts<S> {
        Parts::of(self)
    }

    pub(super) fn into_parts(self) -> (NodePlan, Option<Secret>) {
        (self.plan, self.secret)
    }

    /// The same on a network of which each node is a host that is called as it is.
    #[cfg(feature = "sim")]
    pub(super) fn in_world(mut self, secret: &Secret) -> Self {
        use crate::context::Address;

        fn name(address: &mut Address, host: &str) {
            if let Some(port) = address.port() {
                *address = Address::Name(host.to_owned(), port);
            }
        }

        let plan = &mut self.plan;
        for address in &mut plan.net {
            name(address, &plan.name);
        }
        if let Some(root) = &mut plan.root {
            name(&mut root.listen, &plan.name);
            name(&mut root.found_at, &plan.name);
        }
        for remote in &mut plan.remotes {
            name(&mut remote.address, &remote.root);
        }
        plan.host.clone_from(&plan.name);
        self.secret.get_or_insert_with(|| secret.clone());
        self
    }
}
