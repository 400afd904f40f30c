//! A node of which the file has said where, and the program says what.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use crate::config::NodePlan;
use crate::context::{Context, Limits, LinkLimits, Listen, ListenerId, Protocol, Sessions};
use crate::error::{Error, Misuse, Result};
use crate::node::{Node, NodeLimits, Remote, Root};

use super::assigned::Assigned;

/// A node by its plan, to be given what it serves: [`Assigned::parts`].
///
/// ```
/// use oneloop::cluster::Assigned;
/// use oneloop::node::{Remote, Root, forward_to_remote};
/// use oneloop::{CommandService, Context, DataPack, Result};
///
/// fn net(cx: &mut Context<'_, ()>, assigned: Assigned) -> Result<()> {
///     let mut commands = CommandService::new();
///     commands.catch_all(forward_to_remote("gate"))?;
///     assigned
///         .parts()
///         .net(DataPack::default(), commands) // on each netport
///         .remote("gate", Remote::new().on_root_lost(|_cx, _root, why| println!("the gate is gone: {why}")))
///         .start(cx)?;
///     Ok(())
/// }
/// ```
///
/// Its instance is made of its name: a node that was killed and comes again takes the place of its former life at once. So of one file
/// each node runs once.
#[must_use = "it is to be started"]
pub struct Parts<S: 'static> {
    assigned: Assigned,
    net: Option<Net<S>>,
    root: Option<Root<S>>,
    remotes: BTreeMap<String, Remote<S>>,
    others: Option<Others<S>>,
    /// What was given twice.
    twice: Vec<String>,
}

type Net<S> = Box<dyn FnOnce() -> Result<Sessions<S>>>;
/// What a node is to a root of this name.
type Others<S> = Box<dyn Fn(&str) -> Remote<S>>;

impl<S: 'static> Parts<S> {
    pub(super) fn of(assigned: Assigned) -> Self {
        Self {
            assigned,
            net: None,
            root: None,
            remotes: BTreeMap::new(),
            others: None,
            twice: Vec::new(),
        }
    }

    /// Serves clients, as [`Context::listen`]: one service for all of the node's ports.
    pub fn net<C: 'static>(mut self, codec: C, service: impl Protocol<S, C> + 'static) -> Self {
        if self.net.is_some() {
            self.twice.push("serves clients".into());
        }
        self.net = Some(Box::new(move || service.sessions(codec)));
        self
    }

    /// What the node is to its children. It gets the plan's secret.
    pub fn root(mut self, root: Root<S>) -> Self {
        if self.root.replace(root).is_some() {
            self.twice.push("has a root".into());
        }
        self
    }

    /// What the node is to the root of this name. It gets the plan's secret.
    pub fn remote(mut self, root: impl Into<String>, remote: Remote<S>) -> Self {
        let root = root.into();
        if self.remotes.contains_key(&root) {
            self.twice.push(format!("has a remote of `{root}`"));
        }
        self.remotes.insert(root, remote);
        self
    }

    /// What the node is to each root of its plan that has no [remote](Self::remote) of its own: `make` is given the root's name.
    pub fn remotes(mut self, make: impl Fn(&str) -> Remote<S> + 'static) -> Self {
        if self.others.is_some() {
            self.twice.push("has remotes of all roots".into());
        }
        self.others = Some(Box::new(make));
        self
    }

    /// Listens and dials. Gives the listeners: that of the root first, then those for clients, in the order of the plan.
    ///
    /// # Errors
    /// [`Misuse::Option`] if the plan and what was given do not fit together: all that is missing on either side, with the keys;
    /// [`Misuse::Duplicate`] if something was given twice; and as [`Node::start`].
    pub fn start(mut self, cx: &mut Context<'_, S>) -> Result<Vec<ListenerId>> {
        self.check()?;
        let (plan, secret) = self.assigned.into_parts();
        let limits = node_limits(&plan);
        limits.check().map_err(|misuse| {
            let name = &plan.name;
            Misuse::Option(format!(
                "node `{name}`: the limits of [servers.{name}] do for no link to another node: {misuse}"
            ))
        })?;
        let mut node = Node::new(&*plan.name).instance(instance(&plan.name));
        if let Some(planned) = &plan.root {
            let mut root = self.root.unwrap_or_default().limits_or(&limits);
            if let Some(secret) = &secret {
                root = root.secret(secret.clone());
            }
            node = node.root(&planned.listen, root);
        }
        for planned in &plan.remotes {
            let given = self.remotes.remove(&planned.root);
            let other = || self.others.as_ref().map(|make| make(&planned.root));
            let mut remote = given.or_else(other).unwrap_or_default().limits_or(&limits);
            if let Some(secret) = &secret {
                remote = remote.secret(secret.clone());
            }
            node = node.remote(&*planned.root, &planned.address, remote);
        }
        if let Some(net) = self.net {
            let sessions = Rc::new(net()?);
            for address in &plan.net {
                // Whoever drives the loop may have given it other limits.
                let listen = Listen::new(address).limits(plan.limits.link.clone());
                node = node.net(listen, Served, Share(Rc::clone(&sessions)));
            }
        }
        node.start(cx)
    }

    /// Everything in which the plan and what was given differ.
    fn check(&self) -> Result<()> {
        let plan = self.assigned.plan();
        let name = &plan.name;
        let mut faults = Vec::new();
        match (&self.net, plan.net.is_empty()) {
            (None, false) => faults.push(format!(
                "node `{name}` has a netport, and its app `{}` serves no clients",
                plan.app
            )),
            (Some(_), true) => faults.push(format!(
                "node `{name}` has no netport, and its app `{}` serves clients: add `netport` to [servers.{name}]",
                plan.app
            )),
            _ => {}
        }
        if self.root.is_some() && plan.root.is_none() {
            faults.push(format!(
                "node `{name}` has no rootport, and its app `{}` has a root: add `rootport` to [servers.{name}]",
                plan.app
            ));
        }
        for root in self.remotes.keys() {
            if !plan.remotes.iter().any(|planned| planned.root == *root) {
                faults.push(format!(
                    "node `{name}` does not dial `{root}`, and its app `{}` has a remote of it: add {{ rootname = \"{root}\" }} to `remoteport` of [servers.{name}]",
                    plan.app
                ));
            }
        }
        if !faults.is_empty() {
            return Err(Misuse::Option(faults.join("; ")).into());
        }
        if let Some(twice) = self.twice.first() {
            let text = format!("the app `{}` of node `{name}` {twice} twice", plan.app);
            return Err(Error::Misuse(Misuse::Duplicate(text)));
        }
        Ok(())
    }
}

impl<S> fmt::Debug for Parts<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("assigned", &self.assigned)
            .field("net", &self.net.is_some())
            .field("root", &self.root)
            .field("remotes", &self.remotes)
            .finish_non_exhaustive()
    }
}

/// One service for several listeners.
struct Share<S>(Rc<Sessions<S>>);

/// The codec of what has its own already.
struct Served;

impl<S> Protocol<S, Served> for Share<S> {
    fn sessions(self, Served: Served) -> Result<Sessions<S>> {
        Ok(Sessions {
            make: Rc::clone(&self.0.make),
            encoder: self.0.encoder.clone(),
        })
    }
}

/// The limits of links to other nodes, of which the program has said nothing.
fn node_limits(plan: &NodePlan) -> NodeLimits {
    let own = NodeLimits::default();
    if !plan.net.is_empty() {
        return own;
    }
    let Limits { link, .. } = &plan.limits;
    let call_deadline = if link.call_deadline == LinkLimits::default().call_deadline {
        own.link.call_deadline
    } else {
        link.call_deadline
    };
    let link = LinkLimits {
        call_deadline,
        idle_timeout: own.link.idle_timeout,
        ..link.clone()
    };
    NodeLimits { link, ..own }
}

/// The same for the same name, in each life.
fn instance(name: &str) -> [u8; 16] {
    let digest = Sha256::digest(name);
    std::array::from_fn(|place| digest.get(place).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::config::{Config, Format};

    use super::*;

    fn plan(limits: &str, ports: &str) -> NodePlan {
        let text = format!("[servers.a]\napp = 'a'\n{ports}\n[servers.a.limits]\n{limits}");
        let config = Config::parse(&text, "cluster.toml", Format::Toml, &["a"]);
        config.expect("a cluster").node("a").expect("a").clone()
    }

    #[test]
    fn what_bounds_clients_does_not_bound_nodes() {
        let limits =
            "calls_max = 4\nframe_bytes_max = 4096\ncall_deadline = '5s'\nidle_timeout = '9s'";
        let both = node_limits(&plan(limits, "netport = 1\nrootport = 2"));
        assert_eq!(both, NodeLimits::default());
        let link = node_limits(&plan(limits, "rootport = 2")).link;
        assert_eq!((link.calls_max, link.frame_bytes_max), (4, 4096));
        assert_eq!(link.call_deadline, Duration::from_secs(5));
        assert_eq!(link.idle_timeout, None);
        let link = node_limits(&plan("calls_max = 4", "rootport = 2")).link;
        assert_eq!(link.call_deadline, Duration::from_secs(10));
    }

    #[test]
    fn an_instance_is_its_name_s() {
        assert_eq!(instance("chat-1"), instance("chat-1"));
        assert_ne!(instance("chat-1"), instance("chat-2"));
    }
}
