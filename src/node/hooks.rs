//! Who is told of what happens to links of nodes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::context::{Context, Reason, panic_message};

use super::peer::{Peer, Refusal};

/// Who is told of what happens to links of nodes. One that panics is logged, and keeps nobody else from being told.
pub(super) struct Hooks<S> {
    pub(super) up: Option<PeerHook<S>>,
    pub(super) lost: Option<LostHook<S>>,
    pub(super) refused: Option<RefusedHook<S>>,
}

type PeerHook<S> = Box<dyn Fn(&mut Context<'_, S>, &Peer)>;
type LostHook<S> = Box<dyn Fn(&mut Context<'_, S>, &Peer, &Reason)>;
type RefusedHook<S> = Box<dyn Fn(&mut Context<'_, S>, &Refusal)>;

impl<S> Default for Hooks<S> {
    fn default() -> Self {
        Self {
            up: None,
            lost: None,
            refused: None,
        }
    }
}

impl<S> Hooks<S> {
    /// A link is up.
    pub(super) fn tell_up(&self, cx: &mut Context<'_, S>, peer: &Peer) {
        if let Some(hook) = &self.up {
            tell(cx, &peer.name, |cx| hook(cx, peer));
        }
    }

    /// A link that was up is so no more.
    pub(super) fn tell_lost(&self, cx: &mut Context<'_, S>, peer: &Peer, reason: &Reason) {
        if let Some(hook) = &self.lost {
            tell(cx, &peer.name, |cx| hook(cx, peer, reason));
        }
    }

    /// One end did not take the other.
    pub(super) fn tell_refused(&self, cx: &mut Context<'_, S>, refusal: &Refusal) {
        if let Some(hook) = &self.refused {
            tell(cx, &refusal.name, |cx| hook(cx, refusal));
        }
    }
}

fn tell<S>(cx: &mut Context<'_, S>, name: &str, hook: impl FnOnce(&mut Context<'_, S>)) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| hook(cx))) {
        let message = panic_message(&*panic);
        cx.links
            .note_panic(format!("a hook about {name:?} panicked: {message}"));
    }
}
