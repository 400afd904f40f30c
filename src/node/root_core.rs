//! What all links of a root have in common.

use core::net::IpAddr;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::context::{Address, Context, LinkId, Reason};
use crate::thrift::{Desk, Outgoing};
use crate::time::Time;

use super::hooks::Hooks;
use super::limits::NodeLimits;
use super::peer::Peer;
use super::running::Composed;
use super::secret::Secret;
use super::waiting_room::WaitingRoom;

/// What all links of a root have in common.
pub(super) struct RootCore<S: 'static> {
    pub(super) node: Rc<Composed<S>>,
    /// Which of the node's roots it is.
    pub(super) number: usize,
    pub(super) desk: Rc<Desk<S>>,
    pub(super) secret: Option<Secret>,
    pub(super) names: Option<BTreeSet<String>>,
    pub(super) addresses: Option<BTreeSet<IpAddr>>,
    pub(super) limits: NodeLimits,
    pub(super) hooks: Hooks<S>,
    /// Links whose other end has not proven who it is.
    pub(super) unproven: RefCell<WaitingRoom>,
    /// No child is taken before: so long after the one before.
    pub(super) free_at: Cell<Time>,
    /// Who has to wait waits until then at least: those before it have their turns.
    pub(super) turns_until: Cell<Time>,
}

impl<S: 'static> RootCore<S> {
    /// Whether who dials from there may be a child.
    pub(super) fn lists(&self, address: Option<&Address>) -> bool {
        match (&self.addresses, address) {
            (None, _) => true,
            (Some(addresses), Some(Address::Ip(address))) => {
                addresses.contains(&address.ip().to_canonical())
            }
            _ => false,
        }
    }

    /// A link of somebody who has not proven who it is. If there are too many, one of them is to go: here it is.
    pub(super) fn enter_waiting_room(
        &self,
        link: LinkId,
        address: Option<&Address>,
        cx: &mut Context<'_, S>,
    ) -> Option<LinkId> {
        let mut waiting = self.unproven.borrow_mut();
        waiting.enter(link, address);
        if waiting.len() <= self.limits.unproven_links_max {
            return None;
        }
        let mut lot = [0; 8];
        if let Err(error) = cx.random(&mut lot) {
            log::debug!("no lot can be drawn: {error}");
        }
        waiting.throw_one_out(u64::from_be_bytes(lot))
    }

    /// It has proven it, or will not.
    pub(super) fn leave_waiting_room(&self, link: LinkId) {
        self.unproven.borrow_mut().leave(link);
    }

    /// When one who comes now is taken: at the earliest so long after the one before. None if that is too late.
    pub(super) fn turn_of(&self, now: Time, deadline: Time) -> Option<Time> {
        let at = now.max(self.free_at.get()).max(self.turns_until.get());
        if at > deadline {
            return None;
        }
        self.turns_until.set(at + self.limits.child_after_min);
        Some(at)
    }

    /// A child is up, instead of an older link of the same instance.
    pub(super) fn came_up(&self, peer: &Peer, outgoing: Rc<Outgoing>, cx: &mut Context<'_, S>) {
        let older = {
            let mut roll = self.node.roll.borrow_mut();
            roll.add(self.number, peer.clone(), outgoing)
        };
        if let Some(older) = older {
            let (reason, Peer { link, epoch, .. }) = (Reason::Replaced, &older.peer);
            if *epoch == peer.epoch {
                log::warn!(
                    "link {link}: {reason}: the child {} of the same life (two processes with one instance and one epoch would take each \
                     other's place for ever)",
                    peer.name
                );
            } else {
                log::debug!("link {link}: {reason}");
            }
            cx.links.doom(*link, Reason::Replaced);
            self.hooks.tell_lost(cx, &older.peer, &reason);
        }
        log::debug!("link {}: the child {} is up", peer.link, peer.name);
        self.hooks.tell_up(cx, peer);
    }

    /// A link is gone, whether a child was up over it or not.
    pub(super) fn lost(&self, link: LinkId, reason: &Reason, cx: &mut Context<'_, S>) {
        let gone = self.node.roll.borrow_mut().remove(link);
        if let Some(gone) = gone {
            log::debug!("link {link}: the child {} is lost", gone.peer.name);
            self.hooks.tell_lost(cx, &gone.peer, reason);
        }
    }
}
