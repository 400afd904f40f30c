//! Letting links in.

use std::io;
use std::time::Duration;

use crate::context::{AcceptFault, Driver, Due, ListenerId, Reason, State};
use crate::engine::Engine;

/// The first pause after accepting failed for want of descriptors or memory; it doubles up to [`BACKOFF_MAX`].
const BACKOFF_MIN: Duration = Duration::from_millis(10);
const BACKOFF_MAX: Duration = Duration::from_secs(1);
/// Failures of one listener are logged no more often than this.
const LOG_PAUSE: Duration = Duration::from_secs(5);

impl<S, D: Driver> Engine<S, D> {
    /// The driver says that connections wait.
    pub(crate) fn acceptable(&mut self, id: ListenerId) {
        if let Some(listener) = self.listeners.get_mut(id) {
            listener.ready = true;
            self.listeners.enqueue(id);
        }
    }

    /// Accepts what waits at the listeners on the list, each within its budget.
    pub(super) fn accept_waiting(&mut self) {
        for _ in 0..self.listeners.waiting.len() {
            let Some(id) = self.listeners.waiting.pop_front() else {
                return;
            };
            if let Some(listener) = self.listeners.get_mut(id) {
                listener.queued = false;
            }
            self.accept(id);
            self.listeners.enqueue(id);
        }
    }

    fn accept(&mut self, id: ListenerId) {
        for _ in 0..self.agenda.limits.accepts_per_turn_max {
            if self.is_over_memory() {
                return self
                    .pause_accepting(id, &io::Error::other("buffered_bytes_max is reached"));
            }
            if self.listeners.get(id).is_none() {
                // Closed by what it let in.
                return;
            }
            let link = self.links.next_id();
            match self.driver.accept(id, link) {
                Ok(()) => self.admit(id, link),
                Err(AcceptFault::WouldBlock) => {
                    if let Some(listener) = self.listeners.get_mut(id) {
                        listener.ready = false;
                    }
                    return;
                }
                Err(AcceptFault::Lost(error)) => {
                    self.links.counters.accepts_failed += 1;
                    log::debug!("a connection was lost before it was accepted: {error}");
                }
                Err(AcceptFault::Exhausted(error)) => {
                    self.links.counters.accepts_failed += 1;
                    self.shed(id);
                    return self.pause_accepting(id, &error);
                }
                Err(AcceptFault::Failed(error)) => {
                    self.links.counters.accepts_failed += 1;
                    return self.pause_accepting(id, &error);
                }
            }
        }
    }

    fn admit(&mut self, id: ListenerId, link: crate::context::LinkId) {
        let Some(listener) = self.listeners.get_mut(id) else {
            return;
        };
        listener.backoff = Duration::ZERO;
        let reserved = self.agenda.reserved;
        let kept = match listener.takes_reserved {
            true => reserved.dialled,
            false => reserved.dialled.saturating_add(reserved.accepted),
        };
        if self.links.len() >= self.agenda.limits.links_max.saturating_sub(kept) {
            self.links.counters.refused += 1;
            log::debug!("refused a connection: links_max is reached, of which {kept} are kept");
            return self.driver.close(link, false);
        }
        let make = std::rc::Rc::clone(&listener.session);
        let origin = std::rc::Rc::clone(&listener.origin);
        let Ok(session) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| make())) else {
            self.links
                .note_panic(format!("link {link}: making its session panicked"));
            self.links.counters.refused += 1;
            return self.driver.close(link, false);
        };
        let inserted = self.links.insert(State::Open, origin, session);
        debug_assert_eq!(inserted, link, "the name that was foretold");
        self.links.counters.accepted += 1;
        if log::log_enabled!(log::Level::Debug)
            && let Some(peer) = self.driver.peer_address(link)
        {
            log::debug!("link {link}: accepted from {peer}");
        }
        self.opened(link);
    }

    /// Tells the session that its link is up.
    pub(super) fn opened(&mut self, link: crate::context::LinkId) {
        self.call(link, "opening a link", |session, cx| session.opened(cx));
        self.context().arm(link);
    }

    /// Without descriptors those who wait would wait until others leave, not knowing: they are told at once, by a close.
    fn shed(&mut self, id: ListenerId) {
        for _ in 0..self.agenda.limits.accepts_per_turn_max {
            if !self.driver.shed(id) {
                return;
            }
            self.links.counters.refused += 1;
        }
    }

    /// A failed accept has used up the event that told of it: a timer stands in for it, and so does every link that closes.
    fn pause_accepting(&mut self, id: ListenerId, error: &io::Error) {
        let now = self.links.now;
        let Some(listener) = self.listeners.get_mut(id) else {
            return;
        };
        listener.paused = true;
        listener.backoff = (listener.backoff * 2).clamp(BACKOFF_MIN, BACKOFF_MAX);
        let pause = listener.backoff;
        if listener
            .logged_at
            .is_none_or(|logged_at| now - logged_at >= LOG_PAUSE)
        {
            listener.logged_at = Some(now);
            log::error!("accepting at {} pauses: {error}", listener.address);
        }
        if let Some(retry) = listener.retry.take() {
            self.agenda.timers.cancel(retry);
        }
        listener.retry = Some(self.agenda.timers.arm(now + pause, Due::Listener(id)));
        self.listeners.paused += 1;
    }

    /// A pause is over: accepts once more, whatever the driver said.
    pub(super) fn retry_accepting(&mut self, id: ListenerId) {
        let Some(listener) = self.listeners.get_mut(id) else {
            return;
        };
        listener.paused = false;
        listener.retry = None;
        listener.ready = true;
        self.listeners.enqueue(id);
    }

    pub(super) fn is_over_memory(&self) -> bool {
        let counters = &self.links.counters;
        counters.outbox_bytes + counters.inbox_bytes > self.agenda.limits.buffered_bytes_max
    }

    /// The driver says that a dialled link has an outcome.
    pub(super) fn dialled(&mut self, id: crate::context::LinkId) {
        if self.links.get(id).is_none_or(|link| link.doomed) {
            return;
        }
        match self.driver.connected(id) {
            Ok(false) => {}
            Ok(true) => {
                let now = self.links.now;
                let Some(link) = self.links.get_mut(id) else {
                    return;
                };
                link.state = State::Open;
                link.extra().state_deadline = crate::time::Time::NEVER;
                link.received_at = now;
                let close_when_up = link.close_when_up;
                self.links.counters.connected += 1;
                // What was sent before it was up goes out with this turn.
                self.links.touch(id);
                self.opened(id);
                if close_when_up {
                    self.links.close_when_sent(id);
                }
                self.links.enqueue(id);
            }
            Err(error) => self.links.doom(id, Reason::ConnectFailed(error)),
        }
    }
}
