//! Hooks: what happens to each call and each link, told to who asked for it.

use std::any::Any;
use std::rc::Rc;

use crate::context::{Context, LinkId, Reason};
use crate::error::Error;

use super::processor::Desk;

/// What a hook keeps of one call, from [`get_context`](ProcessorEvents::get_context) on.
pub type EventContext = Option<Box<dyn Any>>;

/// Hooks told of each call of a processor, under the names and in the order of Apache's `TProcessorEventHandler`. All do nothing unless
/// they are overridden, and a processor without them pays for none. `method` is `Service.method`, with the service that declares it.
///
/// | Call | Told |
/// |---|---|
/// | a value or a declared exception | `get_context` `pre_read` `post_read` (the target runs) `pre_write` `post_write` `free_context` |
/// | another failure, or a panic | … `post_read` (the target runs) `handler_error` `free_context` |
/// | oneway | … `post_read` (the target runs) `async_complete` `free_context` |
/// | arguments that cannot be read | `get_context` `pre_read` `free_context` |
/// | unknown, or no call at all | nothing |
///
/// The same holds for an answer that comes later; `free_context` is told then too if the link dies before.
pub trait ProcessorEvents<S> {
    /// A call of this method has come: makes what the other hooks are given.
    fn get_context(&self, cx: &mut Context<'_, S>, method: &'static str) -> EventContext {
        let _ = (cx, method);
        None
    }

    /// The call is over, one way or the other. Told for each context, once.
    fn free_context(&self, context: EventContext, method: &'static str) {
        let _ = (context, method);
    }

    /// The arguments are about to be read.
    fn pre_read(&self, cx: &mut Context<'_, S>, context: &mut EventContext, method: &'static str) {
        let _ = (cx, context, method);
    }

    /// The arguments are read; the message had so many bytes.
    fn post_read(
        &self,
        cx: &mut Context<'_, S>,
        context: &mut EventContext,
        method: &'static str,
        bytes: usize,
    ) {
        let _ = (cx, context, method, bytes);
    }

    /// The reply is about to be written.
    fn pre_write(&self, cx: &mut Context<'_, S>, context: &mut EventContext, method: &'static str) {
        let _ = (cx, context, method);
    }

    /// The reply is written; the message has so many bytes.
    fn post_write(
        &self,
        cx: &mut Context<'_, S>,
        context: &mut EventContext,
        method: &'static str,
        bytes: usize,
    ) {
        let _ = (cx, context, method, bytes);
    }

    /// A call that has no reply has done its work.
    fn async_complete(
        &self,
        cx: &mut Context<'_, S>,
        context: &mut EventContext,
        method: &'static str,
    ) {
        let _ = (cx, context, method);
    }

    /// The target failed in a way that the method does not declare.
    fn handler_error(
        &self,
        cx: &mut Context<'_, S>,
        context: &mut EventContext,
        method: &'static str,
        error: &Error,
    ) {
        let _ = (cx, context, method, error);
    }
}

/// Hooks told of each link of a listener, as Apache's `TServerEventHandler`: all do nothing unless they are overridden.
pub trait ServerEvents<S> {
    /// The listener is about to take its first link. Told once for each listener, when the first link comes, and not, as by Apache's
    /// servers, when it begins to listen.
    fn pre_serve(&self, cx: &mut Context<'_, S>) {
        let _ = cx;
    }

    /// A link is up.
    fn link_opened(&self, cx: &mut Context<'_, S>, link: LinkId) {
        let _ = (cx, link);
    }

    /// A message has come over this link and is about to be processed.
    fn before_call(&self, cx: &mut Context<'_, S>, link: LinkId) {
        let _ = (cx, link);
    }

    /// The link is gone.
    fn link_closed(&self, cx: &mut Context<'_, S>, link: LinkId, reason: &Reason) {
        let _ = (cx, link, reason);
    }
}

/// One call's hooks, and the guard that frees its context whatever becomes of it.
pub(super) struct EventScope<S: 'static>(Option<Box<Told<S>>>);

struct Told<S> {
    events: Rc<dyn ProcessorEvents<S>>,
    context: EventContext,
    method: &'static str,
}

impl<S: 'static> EventScope<S> {
    #[inline]
    pub(super) fn begin(desk: &Desk<S>, cx: &mut Context<'_, S>, method: &'static str) -> Self {
        Self(desk.events.as_ref().map(|events| {
            Box::new(Told {
                context: events.get_context(cx, method),
                events: Rc::clone(events),
                method,
            })
        }))
    }

    #[inline]
    fn tell(
        &mut self,
        hook: impl FnOnce(&dyn ProcessorEvents<S>, &mut EventContext, &'static str),
    ) {
        if let Some(told) = &mut self.0 {
            hook(&*told.events, &mut told.context, told.method);
        }
    }

    #[inline]
    pub(super) fn pre_read(&mut self, cx: &mut Context<'_, S>) {
        self.tell(|events, context, method| events.pre_read(cx, context, method));
    }

    #[inline]
    pub(super) fn post_read(&mut self, cx: &mut Context<'_, S>, bytes: usize) {
        self.tell(|events, context, method| events.post_read(cx, context, method, bytes));
    }

    #[inline]
    pub(super) fn pre_write(&mut self, cx: &mut Context<'_, S>) {
        self.tell(|events, context, method| events.pre_write(cx, context, method));
    }

    #[inline]
    pub(super) fn post_write(&mut self, cx: &mut Context<'_, S>, bytes: usize) {
        self.tell(|events, context, method| events.post_write(cx, context, method, bytes));
    }

    #[inline]
    pub(super) fn async_complete(&mut self, cx: &mut Context<'_, S>) {
        self.tell(|events, context, method| events.async_complete(cx, context, method));
    }

    #[inline]
    pub(super) fn handler_error(&mut self, cx: &mut Context<'_, S>, error: &Error) {
        self.tell(|events, context, method| events.handler_error(cx, context, method, error));
    }
}

impl<S> Drop for Told<S> {
    fn drop(&mut self) {
        self.events.free_context(self.context.take(), self.method);
    }
}
