//! A remote: it dials a root, for ever.

use std::fmt;

use crate::context::{Connect, Context, Reason};
use crate::error::{Misuse, Result};
use crate::service::IntoReply;
use crate::thrift::{Multiplexed, Processor};

use super::client_id::ClientId;
use super::dialling::RemoteCore;
use super::forward::{Forwarded, forwarded, with_clients};
use super::forwards::Forwards;
use super::hooks::Hooks;
use super::identity::{Identity, check_name, is_loopback};
use super::limits::NodeLimits;
use super::peer::{Peer, Refusal};
use super::pushes::Reach;
use super::root_link::connect_to_root;
use super::secret::Secret;

/// What a node is to one of its roots: what it serves to it, and who is told. It dials that root, and again when the link is lost, for
/// ever.
///
/// ```
/// use oneloop::node::{NodeLimits, Remote, Secret};
///
/// let secret = Secret::new("correct horse battery staple").unwrap();
/// let limits = NodeLimits { queued_calls_max: 100, ..NodeLimits::default() }; // calls wait while the root is not there
/// let remote = Remote::<()>::new()
///     .secret(secret)
///     .limits(limits)
///     .on_root_up(|_cx, root| println!("{} is there", root.name))
///     .on_root_lost(|_cx, root, why| println!("{} is gone: {why}", root.name));
/// ```
pub struct Remote<S: 'static> {
    desk: Option<Processor<S>>,
    forwarded: Option<Forwarded<S>>,
    secret: Option<Secret>,
    limits: NodeLimits,
    weight: u32,
    hooks: Hooks<S>,
}

impl<S: 'static> Remote<S> {
    /// One that serves nothing to its root.
    #[must_use]
    pub fn new() -> Self {
        Self {
            desk: None,
            forwarded: None,
            secret: None,
            limits: NodeLimits::default(),
            weight: 1,
            hooks: Hooks::default(),
        }
    }

    /// Serves this to the root: a generated processor, or several by name. Replies leave when they are there, in any order.
    #[must_use]
    pub fn serve(mut self, processor: Processor<S>) -> Self {
        self.desk = Some(processor);
        self
    }

    /// Answers the commands of clients that the root forwards: by [`forward_to_child`](super::forward_to_child), or as a node between. The function
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

    /// What the root has to prove that it has, as this end proves it to the root.
    #[must_use]
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secret = Some(secret);
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

    /// This node's share of the calls, among the root's children of its name, where they are shared by weight: from 1 to 10,000. 1.
    #[must_use]
    pub const fn weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }

    /// Is told each time the root is up: calls to it can be made.
    #[must_use]
    pub fn on_root_up(mut self, hook: impl Fn(&mut Context<'_, S>, &Peer) + 'static) -> Self {
        self.hooks.up = Some(Box::new(hook));
        self
    }

    /// Is told each time the root is up no more, and why.
    #[must_use]
    pub fn on_root_lost(
        mut self,
        hook: impl Fn(&mut Context<'_, S>, &Peer, &Reason) + 'static,
    ) -> Self {
        self.hooks.lost = Some(Box::new(hook));
        self
    }

    /// Is told each time one end did not take the other. It is dialled again all the same: the other end may be set right meanwhile.
    #[must_use]
    pub fn on_refused(mut self, hook: impl Fn(&mut Context<'_, S>, &Refusal) + 'static) -> Self {
        self.hooks.refused = Some(Box::new(hook));
        self
    }

    pub(super) fn check(&self, root: &str, connect: &Connect) -> Result<()> {
        check_name(root)?;
        // A bad address fails when it is dialled.
        if self.secret.is_none()
            && let Ok(address) = &connect.address
            && !is_loopback(address)
        {
            return Err(Misuse::Option(format!(
                "a remote without a secret dials loopback only, and not {address}: give it one"
            ))
            .into());
        }
        Ok(self.limits.check()?)
    }

    pub(super) fn into_core(
        self,
        root: &str,
        connect: Connect,
        us: &Identity,
    ) -> Result<RemoteCore<S>> {
        let processor = self.desk.unwrap_or_else(|| Multiplexed::new().processor());
        let processor = with_clients(processor, self.forwarded, Reach::Here)?;
        let us = Identity {
            weight: self.weight,
            ..us.clone()
        };
        Ok(RemoteCore {
            root: root.into(),
            connect: connect.limits(self.limits.of_link()),
            connects: connect_to_root,
            us,
            desk: processor.into_desk(),
            secret: self.secret,
            state: RemoteCore::<S>::begin(&self.limits),
            limits: self.limits,
            hooks: self.hooks,
        })
    }
}

impl<S: 'static> Default for Remote<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Remote<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote")
            .field("secret", &self.secret)
            .field("weight", &self.weight)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
