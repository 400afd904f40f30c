//! All children of a name, to be called at once.

use std::borrow::Cow;

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;
use crate::thrift::{Arguments, Caller, Method, NoException, Passed};

use super::peer::Peer;
use super::running::composed;

impl<S: 'static> Context<'_, S> {
    /// All children of this name of this loop's nodes, to be called at once: each of those that are up when it is called.
    ///
    /// ```
    /// # use oneloop::Context;
    /// fn reload(cx: &mut Context<'_, ()>) {
    ///     let all = cx.each_child("chat").call_named::<i64, _>(cx, "reload", ());
    ///     cx.when(all, |_, outcomes| {
    ///         for (chat, outcome) in outcomes.unwrap_or_default() {
    ///             println!("{}: {outcome:?}", chat.instance); // rooms reloaded, or why not
    ///         }
    ///     });
    ///     let told = cx.each_child("chat").send_named(cx, "note", "reloading".to_owned()); // so many
    ///     println!("{told} are told");
    /// }
    /// ```
    pub fn each_child(&self, name: impl Into<String>) -> EachChild {
        EachChild { name: name.into() }
    }
}

/// What came of a call to all children of a name: of each, in the order in which they came up.
pub type Outcomes<T> = Vec<(Peer, Result<T>)>;

/// All children of one name, to be called at once: [`Context::each_child`].
///
/// Each has its own call, with its own outcome and its own deadline: one that is silent holds up the answer until then, and no other call.
/// The calls are as [other calls](super), and each has its arguments encoded anew. Dropped, the answer cancels those that are under way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it is to be called"]
pub struct EachChild {
    name: String,
}

impl EachChild {
    /// Calls a method that declares no exception. Gives the outcomes when the last is there; at once, and none, if nobody is up. It does
    /// not fail.
    pub fn call<M, S>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Deferred<Outcomes<M::Output>>
    where
        M: Method<Exception = NoException>,
        M::Arguments: Clone,
        S: 'static,
    {
        self.gather(cx, |cx, caller| caller.call::<M, S>(cx, arguments.clone()))
    }

    /// Calls a plain function by its name, as [`call`](Self::call).
    pub fn call_named<T: Passed, S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        name: impl Into<Cow<'static, str>>,
        arguments: impl Arguments + Clone,
    ) -> Deferred<Outcomes<T>> {
        let name = name.into();
        self.gather(cx, |cx, caller| {
            caller.call_named(cx, name.clone(), arguments.clone())
        })
    }

    /// Sends a call that is not answered. Gives to how many it was sent; that says nothing of where it arrives.
    pub fn send<M, S>(&self, cx: &mut Context<'_, S>, arguments: M::Arguments) -> usize
    where
        M: Method,
        M::Arguments: Clone,
        S: 'static,
    {
        self.count(cx, |cx, caller| caller.send::<M, S>(cx, arguments.clone()))
    }

    /// The same of a plain function.
    pub fn send_named<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        name: &str,
        arguments: impl Arguments + Clone,
    ) -> usize {
        self.count(cx, |cx, caller| {
            caller.send_named(cx, name, arguments.clone())
        })
    }

    fn gather<T: 'static, S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        call: impl Fn(&mut Context<'_, S>, &Caller) -> Deferred<T>,
    ) -> Deferred<Outcomes<T>> {
        let (mut peers, mut calls) = (Vec::new(), Vec::new());
        for (peer, caller) in self.callers(cx) {
            calls.push(call(cx, &caller));
            peers.push(peer);
        }
        if calls.is_empty() {
            return Deferred::ready(Vec::new());
        }
        let all = cx.join_all(calls);
        all.map(|outcomes| peers.into_iter().zip(outcomes).collect())
    }

    fn count<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        send: impl Fn(&mut Context<'_, S>, &Caller) -> Result<()>,
    ) -> usize {
        let mut sent: usize = 0;
        for (peer, caller) in self.callers(cx) {
            match send(cx, &caller) {
                Ok(()) => sent = sent.saturating_add(1),
                Err(error) => log::debug!("link {}: not sent to {}: {error}", peer.link, peer.name),
            }
        }
        sent
    }

    fn callers<S: 'static>(&self, cx: &Context<'_, S>) -> Vec<(Peer, Caller)> {
        let mut found = Vec::new();
        for node in composed(cx) {
            let roll = node.roll.borrow();
            let children = roll.of_name(&self.name);
            found.extend(children.map(|child| (child.peer.clone(), child.outgoing.caller())));
        }
        found
    }
}
