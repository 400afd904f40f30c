//! A node, composed of its parts.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use crate::context::{Connect, Context, Listen, ListenerId, Protocol};
use crate::error::{Misuse, Result};
use crate::thrift::Uuid;

use super::identity::{Identity, check_name, tag_of};
use super::remote::Remote;
use super::root::Root;
use super::running::{Composed, Nodes, nodes};

/// A node, to be composed of its parts: listeners for clients, roots that children dial, remotes that dial roots. Any number of each.
///
/// ```no_run
/// use oneloop::node::{Node, Remote, Root, Secret};
/// use oneloop::{CommandService, Context, DataPack, Reactor, Result};
///
/// fn start(cx: &mut Context<'_, ()>) -> Result<()> { // as it is in the simulator
///     let secret = Secret::new(std::env::var("CLUSTER_SECRET").unwrap_or_default())?;
///     Node::new("gate")
///         .root("0.0.0.0:9000", Root::new().secret(secret.clone()))
///         .remote("master", "10.0.0.1:9999", Remote::new().secret(secret))
///         .net("0.0.0.0:7000", DataPack::default(), CommandService::new())
///         .start(cx)?;
///     Ok(())
/// }
///
/// fn main() -> Result<()> {
///     let mut reactor = Reactor::new(())?;
///     reactor.start(start)?;
///     reactor.run()
/// }
/// ```
///
/// From any callback of the loop [`cx.child("calc")`](Context::child) and [`cx.remote("master")`](Context::remote) are who can be called.
pub struct Node<S: 'static> {
    name: String,
    instance: Option<Uuid>,
    epoch: Option<i64>,
    listeners: Vec<Listener<S>>,
    remotes: Vec<(String, Connect, Remote<S>)>,
}

enum Listener<S: 'static> {
    Root(Box<(Listen, Root<S>)>),
    Net(Net<S>),
}

type Net<S> = Box<dyn FnOnce(&mut Context<'_, S>) -> Result<ListenerId>>;

impl<S: 'static> Node<S> {
    /// A node of this name, of no parts. Names have letters, digits, `.`, `-` and `_`, and are 64 bytes at most.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            instance: None,
            epoch: None,
            listeners: Vec::new(),
            remotes: Vec::new(),
        }
    }

    /// What tells it from other nodes of its name, and lasts from one of its lives to the next: then its next life takes the place of
    /// this one at its roots at once, even if the old link was not seen to end. Drawn by lot otherwise.
    ///
    /// Two processes at once must not have one instance: each would take the other's place at their root, again and again (ever more
    /// slowly, as with any link that does not last).
    #[must_use]
    pub fn instance(mut self, instance: impl Into<Uuid>) -> Self {
        self.instance = Some(instance.into());
        self
    }

    /// A number greater than in each life before. Otherwise the time of day, in milliseconds.
    #[must_use]
    pub const fn epoch(mut self, epoch: i64) -> Self {
        self.epoch = Some(epoch);
        self
    }

    /// Listens for children. The system probes the accepted sockets after a minute of silence, unless [`Listen::options`] say when: so a
    /// child that wants no signs of life and vanishes without a word is found in the end (on Linux eleven minutes later).
    #[must_use]
    pub fn root(mut self, listen: impl Into<Listen>, root: Root<S>) -> Self {
        let root = Box::new((listen.into(), root));
        self.listeners.push(Listener::Root(root));
        self
    }

    /// Dials the root of this name.
    #[must_use]
    pub fn remote(
        mut self,
        root: impl Into<String>,
        connect: impl Into<Connect>,
        remote: Remote<S>,
    ) -> Self {
        self.remotes.push((root.into(), connect.into(), remote));
        self
    }

    /// Listens for clients, as [`Context::listen`].
    #[must_use]
    pub fn net<C: 'static>(
        mut self,
        listen: impl Into<Listen>,
        codec: C,
        service: impl Protocol<S, C> + 'static,
    ) -> Self {
        let listen = listen.into();
        let net = move |cx: &mut Context<'_, S>| cx.listen(listen, codec, service);
        self.listeners.push(Listener::Net(Box::new(net)));
        self
    }

    /// Listens and dials. Gives its roots and nets, in the order in which they were given here. If it fails nothing is left of it.
    ///
    /// # Errors
    /// [`Misuse::Option`] if a name or a limit makes no sense, or a root without a secret is to listen on more than loopback;
    /// [`Misuse::Duplicate`] if two remotes have one root, or two nodes of one loop one name; and as [`Context::listen`] and
    /// [`Context::random`].
    pub fn start(self, cx: &mut Context<'_, S>) -> Result<Vec<ListenerId>> {
        let nodes = nodes(cx);
        self.check(&nodes)?;
        let identity = Identity {
            name: self.name,
            instance: match self.instance {
                Some(instance) => instance,
                None => {
                    let mut drawn = [0; 16];
                    cx.random(&mut drawn)?;
                    Uuid(drawn)
                }
            },
            epoch: match self.epoch {
                Some(epoch) => epoch,
                None => i64::try_from(cx.time_of_day().as_millis()).unwrap_or(i64::MAX),
            },
            weight: 1,
            tag: 0,
        };
        let identity = Identity {
            tag: tag_of(&identity.name, identity.instance, identity.epoch),
            ..identity
        };
        let mut remotes = Vec::new();
        for (root, connect, remote) in self.remotes {
            remotes.push(Rc::new(remote.into_core(&root, connect, &identity)?));
        }
        let node = Rc::new(Composed {
            remotes,
            roll: RefCell::default(),
            identity,
        });
        let mut ids = Vec::new();
        let mut roots: usize = 0;
        for (number, listener) in self.listeners.into_iter().enumerate() {
            let listening = match listener {
                Listener::Root(root) => {
                    let (listen, root) = *root;
                    roots = roots.saturating_add(1);
                    root.start(listen, (&node, number), cx)
                }
                Listener::Net(net) => net(cx),
            };
            match listening {
                Ok(id) => ids.push(id),
                Err(error) => {
                    for id in ids {
                        cx.unlisten(id);
                    }
                    return Err(error);
                }
            }
        }
        // However many clients there are, a remote finds a link free for its root, and a root some for its children.
        let children = roots.saturating_mul(LINKS_PER_ROOT);
        cx.reserve_links(node.remotes.len(), children);
        nodes.0.borrow_mut().push(Rc::clone(&node));
        for remote in &node.remotes {
            remote.dial(cx);
        }
        cx.on_stop(move |cx| {
            for remote in &node.remotes {
                remote.stop(cx);
            }
        });
        Ok(ids)
    }

    fn check(&self, nodes: &Nodes<S>) -> Result<()> {
        check_name(&self.name)?;
        let twin = |what: String| Err(Misuse::Duplicate(what).into());
        if nodes
            .0
            .borrow()
            .iter()
            .any(|node| node.identity.name == self.name)
        {
            return twin(format!("a node {:?} runs on this loop already", self.name));
        }
        for listener in &self.listeners {
            if let Listener::Root(root) = listener {
                let (listen, root) = &**root;
                root.check(listen)?;
            }
        }
        for (number, (name, connect, remote)) in self.remotes.iter().enumerate() {
            remote.check(name, connect)?;
            let mut before = self.remotes.iter().take(number);
            if before.any(|(other, ..)| other == name) {
                return twin(format!("two remotes of one node have the root {name:?}"));
            }
        }
        Ok(())
    }
}

/// So many links are kept for the children of a root.
const LINKS_PER_ROOT: usize = 64;

impl<S> fmt::Debug for Node<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("name", &self.name)
            .field("instance", &self.instance)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}
