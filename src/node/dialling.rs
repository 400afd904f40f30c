//! A remote at work: it dials its root, for ever.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::context::{Connect, Context, LinkId, Reason, TimerId};
use crate::error::{Error, Result};
use crate::thrift::{Desk, Outgoing};
use crate::time::Time;

use super::hooks::Hooks;
use super::identity::Identity;
use super::limits::NodeLimits;
use super::peer::{Peer, Refusal};
use super::secret::Secret;

/// A remote at work: it has a link, dials one, or waits to dial.
pub(super) struct RemoteCore<S: 'static> {
    pub(super) root: String,
    pub(super) connect: Connect,
    /// Makes a link to the root.
    pub(super) connects: fn(&Rc<Self>, Connect, &mut Context<'_, S>) -> Result<LinkId>,
    pub(super) us: Identity,
    pub(super) desk: Rc<Desk<S>>,
    pub(super) secret: Option<Secret>,
    pub(super) limits: NodeLimits,
    pub(super) hooks: Hooks<S>,
    pub(super) state: RefCell<Dialling>,
}

/// How far it is.
pub(super) struct Dialling {
    /// The calls over the present link, or over the one to come.
    outgoing: Rc<Outgoing>,
    /// The root, if it is up.
    peer: Option<Peer>,
    /// How often in a row no link came up.
    failures: u32,
    /// Waits to dial again.
    timer: Option<TimerId>,
    /// The loop stops.
    over: bool,
    up_since: Time,
    short_lives: u32,
}

impl<S: 'static> RemoteCore<S> {
    /// It has not dialled yet.
    pub(super) fn begin(limits: &NodeLimits) -> RefCell<Dialling> {
        RefCell::new(Dialling {
            outgoing: outgoing(limits),
            peer: None,
            failures: 0,
            timer: None,
            over: false,
            up_since: Time::START,
            short_lives: 0,
        })
    }

    pub(super) fn outgoing(&self) -> Rc<Outgoing> {
        Rc::clone(&self.state.borrow().outgoing)
    }

    /// Of the ids of clients that are forwarded by it.
    pub(super) const fn tag(&self) -> u64 {
        self.us.tag
    }

    pub(super) fn peer(&self) -> Option<Peer> {
        self.state.borrow().peer.clone()
    }

    /// Dials.
    pub(super) fn dial(self: &Rc<Self>, cx: &mut Context<'_, S>) {
        self.state.borrow_mut().timer = None;
        let dialled = (self.connects)(self, self.connect.clone(), cx);
        match dialled {
            Ok(_) => {}
            Err(Error::Stopped) => self.stop(cx),
            Err(error) => {
                log::warn!("the root {} cannot be dialled: {error}", self.root);
                self.dial_later(cx);
            }
        }
    }

    /// Dials again, after twice the time of the last time.
    fn dial_later(self: &Rc<Self>, cx: &mut Context<'_, S>) {
        if self.state.borrow().over {
            return;
        }
        let failures = self.state.borrow().failures;
        let (least, most) = (self.limits.redial_after_min, self.limits.redial_after_max);
        // Half of it is drawn by lot, so that those who lost a root together do not come back together.
        let span = back_off(least, most, failures);
        let mut lot = [0; 4];
        if let Err(error) = cx.random(&mut lot) {
            log::debug!("no lot can be drawn: {error}");
        }
        let span = drawn(span, u32::from_be_bytes(lot));
        self.state.borrow_mut().failures = failures.saturating_add(1);
        let core = Rc::clone(self);
        let timer = cx.after(span, move |cx| core.dial(cx));
        self.state.borrow_mut().timer = Some(timer);
    }

    /// The loop stops: it is not dialled again, and what waits for it fails.
    pub(super) fn stop(&self, cx: &mut Context<'_, S>) {
        let (outgoing, timer) = {
            let mut state = self.state.borrow_mut();
            state.over = true;
            (Rc::clone(&state.outgoing), state.timer.take())
        };
        if let Some(timer) = timer {
            cx.cancel(timer);
        }
        if !outgoing.is_up() {
            outgoing.end(|| Error::Stopped);
        }
    }

    /// The link is up.
    pub(super) fn came_up(&self, peer: &Peer, cx: &mut Context<'_, S>) {
        {
            let mut state = self.state.borrow_mut();
            state.peer = Some(peer.clone());
            state.up_since = cx.now();
        }
        log::debug!("link {}: the root {} is up", peer.link, peer.name);
        self.hooks.tell_up(cx, peer);
    }

    /// The link is gone, whether it was up or not.
    pub(super) fn lost(self: &Rc<Self>, reason: &Reason, cx: &mut Context<'_, S>) {
        let gone = {
            let mut state = self.state.borrow_mut();
            let gone = state.peer.take();
            if gone.is_some() {
                // A link that lasted begins anew; one that did not is a failure as well.
                if cx.now() - state.up_since >= self.limits.redial_after_max {
                    state.short_lives = 0;
                }
                state.failures = state.short_lives;
                state.short_lives = state.short_lives.saturating_add(1);
            }
            let used = state.outgoing.is_up().then(|| Rc::clone(&state.outgoing));
            if gone.is_some() || used.is_some() {
                state.outgoing = outgoing(&self.limits);
            }
            drop(state);
            if let Some(used) = used {
                used.end(|| Error::LinkClosed);
            }
            gone
        };
        if matches!(reason, Reason::Stopped) {
            self.stop(cx);
        }
        match &gone {
            Some(peer) => log::debug!("the root {} is lost: {reason}", peer.name),
            None => log::debug!("the root {} is not reached: {reason}", self.root),
        }
        self.dial_later(cx);
        if let Some(peer) = &gone {
            self.hooks.tell_lost(cx, peer, reason);
        }
    }

    pub(super) fn refused(&self, refusal: &Refusal, cx: &mut Context<'_, S>) {
        log::warn!("the root {}: {refusal}", self.root);
        self.hooks.tell_refused(cx, refusal);
    }
}

/// After so many failures, without the lot.
fn back_off(least: Duration, most: Duration, failures: u32) -> Duration {
    let times = 1_u32.checked_shl(failures).unwrap_or(u32::MAX);
    least.saturating_mul(times).min(most)
}

/// A time between half of `span` and all of it.
fn drawn(span: Duration, lot: u32) -> Duration {
    let half = span / 2;
    half.saturating_add(half.mul_f64(f64::from(lot) / f64::from(u32::MAX)))
}

/// The calls over a link to come.
fn outgoing(limits: &NodeLimits) -> Rc<Outgoing> {
    Outgoing::between(limits.of_calls(limits.queued_calls_max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_twice_as_long_each_time_up_to_the_most() {
        let least = Duration::from_millis(100);
        let most = Duration::from_secs(10);
        for (failures, millis) in [
            (0, 100),
            (1, 200),
            (6, 6400),
            (7, 10_000),
            (31, 10_000),
            (32, 10_000),
            (u32::MAX, 10_000),
        ] {
            let span = back_off(least, most, failures);
            assert_eq!(span, Duration::from_millis(millis), "{failures}");
            assert_eq!(drawn(span, 0), span / 2);
            assert_eq!(drawn(span, u32::MAX), span);
        }
    }
}
