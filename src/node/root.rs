//! A root: it listens for children.

use core::net::IpAddr;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::codec::Framed;
use crate::context::{Context, Listen, ListenerId, Reason};
use crate::error::{Misuse, Result};
use crate::service::IntoReply;
use crate::thrift::{Multiplexed, Processor};
use crate::time::Time;

use super::child_link::Children;
use super::client_id::ClientId;
use super::forward::{Forwarded, forwarded, with_clients};
use super::forwards::Forwards;
use super::hooks::Hooks;
use super::identity::{check_name, is_loopback};
use super::limits::NodeLimits;
use super::peer::{Peer, Refusal};
use super::pushes::Reach;
use super::root_core::RootCore;
use super::running::Composed;
use super::secret::Secret;

/// What a node is to its children: what it serves to them, whom it takes, and who is told.
///
/// ```
/// use oneloop::node::{Root, Secret};
///
/// let secret = Secret::new("correct horse battery staple").unwrap();
/// let root = Root::<()>::new()
///     .secret(secret)
///     .names(["chat", "calc"])
///     .on_child_up(|_cx, child| println!("{} is there", child.name))
///     .on_child_lost(|_cx, child, why| println!("{} is gone: {why}", child.name));
/// ```
pub struct Root<S: 'static> {
    desk: Option<Processor<S>>,
    forwarded: Option<Forwarded<S>>,
    secret: Option<Secret>,
    names: Option<BTreeSet<String>>,
    addresses: Option<BTreeSet<IpAddr>>,
    limits: NodeLimits,
    hooks: Hooks<S>,
}

impl<S: 'static> Root<S> {
    /// One that serves nothing to its children, and takes all that can prove that they have the cluster's secret: without one, all.
    #[must_use]
    pub fn new() -> Self {
        Self {
            desk: None,
            forwarded: None,
            secret: None,
            names: None,
            addresses: None,
            limits: NodeLimits::default(),
            hooks: Hooks::default(),
        }
    }

    /// Serves this to its children: a generated processor, or several by name, as [`Multiplexed`](crate::thrift::Multiplexed). Replies
    /// leave when they are there, in any order. What is set of overload there is not looked at; links are bounded by the limits.
    #[must_use]
    pub fn serve(mut self, processor: Processor<S>) -> Self {
        self.desk = Some(processor);
        self
    }

    /// Answers the commands of clients that a child forwards: by [`forward_to_remote`](super::forward_to_remote), or as a node between. The function
    /// is given the client's id, the command and its body, and gives what a command's handler does; its reply is the client's.
    #[must_use]
    pub fn on_forward<F, R>(mut self, function: F) -> Self
    where
        F: Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> R + 'static,
        R: IntoReply,
    {
        self.forwarded = Some(forwarded(function));
        self
    }

    /// The same by a table, instead of one function.
    #[must_use]
    pub fn serve_commands(self, table: Forwards<S>) -> Self {
        self.on_forward(move |cx, client, command, body| table.answer(cx, client, command, body))
    }

    /// What children have to prove that they have, as this end proves it to them. Without it a root listens on loopback only.
    #[must_use]
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secret = Some(secret);
        self
    }

    /// Only children of these names are taken.
    #[must_use]
    pub fn names<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Only children at these addresses are taken.
    #[must_use]
    pub fn addresses(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        let canonical = |address: IpAddr| address.to_canonical();
        self.addresses = Some(addresses.into_iter().map(canonical).collect());
        self
    }

    /// The most of everything.
    #[must_use]
    pub fn limits(mut self, limits: NodeLimits) -> Self {
        self.limits = limits;
        self
    }

    /// These limits, unless it was given others.
    #[cfg(feature = "config")]
    pub(crate) fn limits_or(mut self, limits: &NodeLimits) -> Self {
        if self.limits == NodeLimits::default() {
            self.limits.clone_from(limits);
        }
        self
    }

    /// Is told of each child that is up from now on: calls to it can be made.
    #[must_use]
    pub fn on_child_up(mut self, hook: impl Fn(&mut Context<'_, S>, &Peer) + 'static) -> Self {
        self.hooks.up = Some(Box::new(hook));
        self
    }

    /// Is told of each child that is up no more, and why.
    #[must_use]
    pub fn on_child_lost(
        mut self,
        hook: impl Fn(&mut Context<'_, S>, &Peer, &Reason) + 'static,
    ) -> Self {
        self.hooks.lost = Some(Box::new(hook));
        self
    }

    /// Is told of each that wanted to be a child and was not taken.
    #[must_use]
    pub fn on_refused(mut self, hook: impl Fn(&mut Context<'_, S>, &Refusal) + 'static) -> Self {
        self.hooks.refused = Some(Box::new(hook));
        self
    }

    /// Finds what makes no sense, before anything is begun.
    pub(super) fn check(&self, listen: &Listen) -> Result<()> {
        self.limits.check()?;
        if let Some(names) = &self.names {
            names.iter().try_for_each(|name| check_name(name))?;
        }
        let address = match &listen.address {
            Ok(address) => address,
            Err(misuse) => return Err(misuse.clone().into()),
        };
        if self.secret.is_none() && !is_loopback(address) {
            return Err(Misuse::Option(format!(
                "a root without a secret listens on loopback only, and not on {address}: give it one"
            ))
            .into());
        }
        Ok(())
    }

    /// Listens.
    pub(super) fn start(
        self,
        listen: Listen,
        (node, number): (&Rc<Composed<S>>, usize),
        cx: &mut Context<'_, S>,
    ) -> Result<ListenerId> {
        let listen = of_children(listen, &self.limits);
        let open = self.secret.is_none();
        let processor = self.desk.unwrap_or_else(|| Multiplexed::new().processor());
        let processor = with_clients(processor, self.forwarded, Reach::Children)?;
        let core = Rc::new(RootCore {
            node: Rc::clone(node),
            number,
            desk: processor.into_desk(),
            secret: self.secret,
            names: self.names,
            addresses: self.addresses,
            limits: self.limits,
            hooks: self.hooks,
            unproven: RefCell::default(),
            free_at: Cell::new(Time::START),
            turns_until: Cell::new(Time::START),
        });
        let listener = cx.listen(listen, Framed::default(), Children(core))?;
        if open && let Some(address) = cx.listener_address(listener) {
            log::warn!("a root listens on {address} without a secret: whoever reaches it is taken");
        }
        Ok(listener)
    }
}

impl<S: 'static> Default for Root<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Root<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Root")
            .field("secret", &self.secret)
            .field("names", &self.names)
            .field("addresses", &self.addresses)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// How a root listens.
fn of_children(mut listen: Listen, limits: &NodeLimits) -> Listen {
    // A child that wants no signs of life gives none: only the system can find that it is gone without a word.
    listen.options.keepalive.get_or_insert(KEEPALIVE);
    listen.limits(limits.of_link()).reserved()
}

/// After so much silence the system probes whether a child's machine is there.
const KEEPALIVE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use crate::context::SocketOptions;

    use super::*;

    #[test]
    fn a_child_that_vanishes_is_found_by_the_system_unless_it_is_told_when() {
        let set = |keepalive| {
            let listen = Listen::new("127.0.0.1:9000").options(SocketOptions {
                keepalive,
                ..SocketOptions::default()
            });
            of_children(listen, &NodeLimits::default())
                .options
                .keepalive
        };
        assert_eq!(set(None), Some(KEEPALIVE));
        let own = Some(Duration::from_secs(7));
        assert_eq!(set(own), own);
    }
}
