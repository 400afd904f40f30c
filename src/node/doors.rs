//! Who can be called: from any callback of the loop.

use std::borrow::Cow;
use std::rc::Rc;

use crate::context::{Context, LinkId};
use crate::deferred::Deferred;
use crate::error::{Error, Result};
use crate::thrift::{Arguments, Caller, Method, NoException, Passed, Uuid};

use super::client_id::ClientId;
use super::key::key_of;
use super::peer::Peer;
use super::roll::Pick;
use super::running::{Composed, Nodes, composed};

impl<S: 'static> Context<'_, S> {
    /// The children of this name of this loop's nodes, to be called: one of them for each call. Whether there is any is found out when
    /// it is called.
    ///
    /// ```
    /// # use oneloop::{Context, Deferred, Result};
    /// # use oneloop::thrift::{Caller, Method, NoException};
    /// # fn go<S: 'static, Add: Method<Exception = NoException>>(cx: &mut Context<'_, S>, arguments: Add::Arguments) -> Result<()> {
    /// let sum: Deferred<Add::Output> = cx.child("calc").call::<Add, S>(cx, arguments); // fails at once if nobody is there
    /// let caller: Caller = cx.child("calc").by_key("ann").caller(cx)?; // for a generated client: always the same for ann
    /// # drop(sum);
    /// # Ok(())
    /// # }
    /// ```
    pub fn child(&self, name: impl Into<String>) -> Child {
        Child {
            name: name.into(),
            pick: Pick::InTurn,
        }
    }

    /// The children of this name that are up, in the order in which they came.
    #[must_use]
    pub fn children(&self, name: &str) -> Vec<Peer> {
        let mut found = Vec::new();
        for node in composed(self) {
            let roll = node.roll.borrow();
            found.extend(roll.of_name(name).map(|child| child.peer.clone()));
        }
        found
    }

    /// All children that are up, by their names.
    #[must_use]
    pub fn all_children(&self) -> Vec<Peer> {
        let mut found = Vec::new();
        for node in composed(self) {
            found.extend(node.roll.borrow().all().map(|child| child.peer.clone()));
        }
        found
    }

    /// The root of this name of one of this loop's nodes, to be called.
    pub fn remote(&self, root: impl Into<String>) -> ToRemote {
        ToRemote { root: root.into() }
    }
}

/// The children of one name, to be called: [`Context::child`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it is to be called"]
pub struct Child {
    name: String,
    pick: Pick,
}

impl Child {
    /// Each as often as its weight says, instead of one after the other.
    pub const fn by_weight(mut self) -> Self {
        self.pick = Pick::ByWeight;
        self
    }

    /// Always the same one for the same key, as long as the same are there. When one goes its keys are shared by the others, and all
    /// other keys stay where they are.
    pub fn by_key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.pick = Pick::ByKey(key_of(key.as_ref()));
        self
    }

    /// This one and no other.
    pub fn by_instance(mut self, instance: impl Into<Uuid>) -> Self {
        self.pick = Pick::Instance(instance.into());
        self
    }

    /// Who calls one of them, for generated clients: the one whose turn it is now. It calls that one and no other: for the next call ask
    /// again. When its link is lost its calls fail, and so do all that are made after.
    ///
    /// # Errors
    /// [`Error::Absent`] if none is there.
    pub fn caller<S: 'static>(&self, cx: &Context<'_, S>) -> Result<Caller> {
        self.caller_and_tag(cx).map(|(caller, _)| caller)
    }

    /// The same, and the tag of that node of ours whose child it is.
    pub(super) fn caller_and_tag<S: 'static>(&self, cx: &Context<'_, S>) -> Result<(Caller, u64)> {
        let found = find(cx, |node| {
            let mut roll = node.roll.borrow_mut();
            let entry = roll.pick(&self.name, &self.pick)?;
            Some((entry.outgoing.caller(), node.identity.tag))
        });
        found.ok_or_else(|| Error::Absent(format!("the child {:?}", self.name)))
    }

    /// Calls a method that declares no exception. See [the table](super) of what comes of it.
    pub fn call<M, S>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Deferred<M::Output>
    where
        M: Method<Exception = NoException>,
        S: 'static,
    {
        match self.caller(cx) {
            Ok(caller) => caller.call::<M, S>(cx, arguments),
            Err(error) => Deferred::failed(error),
        }
    }

    /// Calls a method, and has its declared exceptions apart from what else may go wrong.
    pub fn call_catching<M: Method, S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Deferred<Result<M::Output, M::Exception>> {
        match self.caller(cx) {
            Ok(caller) => caller.call_catching::<M, S>(cx, arguments),
            Err(error) => Deferred::failed(error),
        }
    }

    /// Sends a call that is not answered.
    ///
    /// # Errors
    /// [`Error::Absent`], and as [`Caller::send`].
    pub fn send<M: Method, S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Result<()> {
        self.caller(cx)?.send::<M, S>(cx, arguments)
    }

    /// Calls a plain function by its name: [`Functions`](crate::thrift::Functions), or any method whose arguments are these.
    ///
    /// ```
    /// # use oneloop::{Context, Deferred};
    /// # fn go<S: 'static>(cx: &mut Context<'_, S>) -> Deferred<i64> {
    /// cx.child("calc").call_named(cx, "add", (1i64, 2i64))
    /// # }
    /// ```
    pub fn call_named<T: Passed, S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        name: impl Into<Cow<'static, str>>,
        arguments: impl Arguments,
    ) -> Deferred<T> {
        match self.caller(cx) {
            Ok(caller) => caller.call_named(cx, name, arguments),
            Err(error) => Deferred::failed(error),
        }
    }

    /// The same, of a call that is not answered.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_named<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        name: &str,
        arguments: impl Arguments,
    ) -> Result<()> {
        self.caller(cx)?.send_named(cx, name, arguments)
    }
}

/// A root, to be called: [`Context::remote`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it is to be called"]
pub struct ToRemote {
    root: String,
}

impl ToRemote {
    /// The root, if it is up.
    #[must_use]
    pub fn peer<S: 'static>(&self, cx: &Context<'_, S>) -> Option<Peer> {
        composed(cx)
            .iter()
            .flat_map(|node| &node.remotes)
            .filter(|remote| remote.root == self.root)
            .find_map(|remote| remote.peer())
    }

    /// The id by which the client of this link is known beyond this root, as [forwarded](super::forward_to_remote) commands have it.
    ///
    /// # Errors
    /// [`Error::Absent`] if no node of this loop has such a remote.
    pub fn client_id<S: 'static>(&self, cx: &Context<'_, S>, link: LinkId) -> Result<ClientId> {
        let (_, node) = self.caller_and_tag(cx)?;
        Ok(ClientId { node, link })
    }

    /// Who calls it, for generated clients. While it is down calls fail at once with [`Error::LinkClosed`], or wait if
    /// [`queued_calls_max`](super::NodeLimits::queued_calls_max) lets them. When the link is lost this caller's calls fail, and so do all
    /// that are made after: ask again.
    ///
    /// # Errors
    /// [`Error::Absent`] if no node of this loop has such a remote.
    pub fn caller<S: 'static>(&self, cx: &Context<'_, S>) -> Result<Caller> {
        self.caller_and_tag(cx).map(|(caller, _)| caller)
    }

    /// The same, and the tag of that node of ours whose root it is.
    pub(super) fn caller_and_tag<S: 'static>(&self, cx: &Context<'_, S>) -> Result<(Caller, u64)> {
        let found = find(cx, |node| {
            let mut remotes = node.remotes.iter();
            let remote = remotes.find(|remote| remote.root == self.root)?;
            Some((remote.outgoing().caller(), remote.tag()))
        });
        found.ok_or_else(|| Error::Absent(format!("a remote of {:?}", self.root)))
    }

    /// Calls a method that declares no exception. See [the table](super) of what comes of it.
    pub fn call<M, S>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Deferred<M::Output>
    where
        M: Method<Exception = NoException>,
        S: 'static,
    {
        match self.caller(cx) {
            Ok(caller) => caller.call::<M, S>(cx, arguments),
            Err(error) => Deferred::failed(error),
        }
    }

    /// Calls a method, and has its declared exceptions apart from what else may go wrong.
    pub fn call_catching<M: Method, S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Deferred<Result<M::Output, M::Exception>> {
        match self.caller(cx) {
            Ok(caller) => caller.call_catching::<M, S>(cx, arguments),
            Err(error) => Deferred::failed(error),
        }
    }

    /// Sends a call that is not answered. It never waits for a root that is down.
    ///
    /// # Errors
    /// [`Error::Absent`], and as [`Caller::send`].
    pub fn send<M: Method, S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Result<()> {
        self.caller(cx)?.send::<M, S>(cx, arguments)
    }

    /// Calls a plain function by its name: [`Functions`](crate::thrift::Functions), or any method whose arguments are these.
    ///
    /// ```
    /// # use oneloop::{Context, Deferred};
    /// # fn go<S: 'static>(cx: &mut Context<'_, S>) -> Deferred<i64> {
    /// cx.remote("gate").call_named(cx, "add", (1i64, 2i64))
    /// # }
    /// ```
    pub fn call_named<T: Passed, S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        name: impl Into<Cow<'static, str>>,
        arguments: impl Arguments,
    ) -> Deferred<T> {
        match self.caller(cx) {
            Ok(caller) => caller.call_named(cx, name, arguments),
            Err(error) => Deferred::failed(error),
        }
    }

    /// The same, of a call that is not answered.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_named<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        name: &str,
        arguments: impl Arguments,
    ) -> Result<()> {
        self.caller(cx)?.send_named(cx, name, arguments)
    }
}

/// What is found at the first of this loop's nodes that has it. It is looked for with each call, so nothing is copied.
fn find<S: 'static, R>(
    cx: &Context<'_, S>,
    at: impl FnMut(&Rc<Composed<S>>) -> Option<R>,
) -> Option<R> {
    let nodes = cx.part::<Nodes<S>>()?;
    nodes.0.borrow().iter().find_map(at)
}
