//! Letting links go: one way, whatever the cause.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::context::{Driver, Due, Label, LinkId, Reason, State, Stop, panic_message};
use crate::engine::Engine;
use crate::time::Time;

/// Turns for which a stopping loop goes on when only its own callbacks keep it busy.
const SETTLING_TURNS_MAX: u32 = 100;

impl<S, D: Driver> Engine<S, D> {
    /// The link's output is as far out as the peer lets it: if that was what it waited for, it goes on to its next state.
    pub(super) fn sent(&mut self, id: LinkId) {
        let now = self.links.now;
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        if link.state == State::Finishing && link.calls == 0 && !link.leftover {
            link.state = State::Closing;
            link.extra().state_deadline = now + link.origin.limits.close_deadline;
        }
        let closing = link.state == State::Closing;
        if link.outbox.is_empty() && !link.end_sent && (closing || link.end_when_sent) {
            link.end_sent = true;
            match self.driver.shutdown(id) {
                // The peer may have reset it already: there is nothing to end.
                Err(error) if error.kind() != ErrorKind::NotConnected => {
                    return self.links.doom(id, Reason::Io(error));
                }
                _ => {}
            }
        }
        if link.state == State::Open && link.end_sent && link.ended && !link.leftover {
            return self.links.doom(id, Reason::PeerClosed);
        }
        if closing && link.end_sent {
            if link.ended {
                return self.links.doom(id, Reason::Closed);
            }
            link.state = State::Lingering;
        }
        if link.state != State::Open {
            // What comes now is thrown away: left unread, it would turn our last bytes into a reset.
            self.links.enqueue(id);
            self.context().arm(id);
        }
    }

    /// Closes the links that were ordered to close. Those that a closing one dooms are for the next round: it may dial again, and fail
    /// again, for ever.
    pub(super) fn close_doomed(&mut self) {
        for id in std::mem::take(&mut self.links.doomed) {
            self.close(id);
        }
    }

    fn close(&mut self, id: LinkId) {
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        let lingered = link.state == State::Lingering;
        let dialling = link.state == State::Dialling;
        let mut session = link.session.take();
        let reason = link
            .extra
            .as_mut()
            .and_then(|extra| extra.reason.take())
            .unwrap_or(Reason::Closed);
        // Everything was sent, or there is nobody to tell: an orderly end. Otherwise the peer learns by a reset that bytes were lost.
        let orderly = dialling || lingered || (link.end_sent && link.ended);
        if log::log_enabled!(log::Level::Debug) {
            match self.driver.peer_address(id) {
                Some(peer) => log::debug!("link {id} to {peer} closed: {reason}"),
                None => log::debug!("link {id} closed: {reason}"),
            }
        }
        self.links.counters.closed_by[reason.kind() as usize] += 1;
        // Told when nothing can be sent to it any more, and while what was attached to it is still there.
        self.links.leave_all(id);
        if let Some(session) = &mut session {
            self.agenda.link = Some(id);
            self.agenda.steps.begin(Label::new("closing a link"));
            let mut cx = self.context();
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| session.closed(&reason, &mut cx)))
            {
                let message = panic_message(&*panic);
                self.links
                    .note_panic(format!("link {id}: closing it panicked: {message}"));
            }
            self.agenda.leave_link();
            self.step_done();
        }
        let mut link = self.links.remove(id);
        if let Some(timer) = link.as_mut().and_then(|link| link.timer.take()) {
            self.agenda.timers.cancel(timer);
        }
        self.driver.close(id, !orderly);
        self.listeners.resume();
        // Its unanswered calls go with the session: whoever was to answer them learns that nobody waits.
        self.drop_safely("a session", session);
        self.drop_safely("what was attached to a link", link);
    }

    /// One of the link's deadlines may have passed.
    pub(super) fn link_due(&mut self, id: LinkId) {
        let now = self.links.now;
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        link.timer = None;
        link.timer_at = Time::NEVER;
        let limits = &link.origin.limits;
        let idle = limits
            .idle_timeout
            .is_some_and(|span| link.received_at + span <= now);
        let extra = link.extra.as_deref();
        let state_deadline = extra.map_or(Time::NEVER, |extra| extra.state_deadline);
        let stalled_since = link.stalled_since();
        if state_deadline <= now {
            let reason = if link.state == State::Dialling {
                Reason::ConnectDeadline
            } else {
                Reason::Closed
            };
            self.links.doom(id, reason);
        } else if link.part_since + limits.frame_deadline <= now {
            if link.takes_frames() {
                self.links.doom(id, Reason::FrameDeadline);
            } else {
                // We do not read it: the rest may be there.
                link.part_since = now;
            }
        } else if stalled_since + limits.write_deadline <= now {
            self.links.doom(id, Reason::SlowReader);
        } else if link.state == State::Open && idle {
            if link.calls == 0 && link.takes_frames() {
                self.links.doom(id, Reason::Idle);
            } else {
                // We owe it an answer, or do not read it: its silence is patience.
                link.received_at = now;
            }
        }
        if let Some(link) = self.links.get_mut(id)
            && let Some(extra) = &mut link.extra
            && extra.wake_at.min(extra.drained_at) <= now
        {
            extra.drained_at = Time::NEVER;
            if extra.wake_at <= now {
                extra.wake_at = Time::NEVER;
            }
            let wanted = link.takes_answers();
            if wanted {
                self.call(id, "a session's deadline", |session, cx| session.woken(cx));
            }
        }
        self.context().arm(id);
    }

    /// Begins to stop, or stops.
    pub(super) fn stop_if_ordered(&mut self) {
        let Stop::Ordered { at_once } = self.agenda.stop else {
            return;
        };
        self.agenda.stop = Stop::Draining;
        while !self.agenda.on_stop.is_empty() {
            for callback in std::mem::take(&mut self.agenda.on_stop) {
                self.run("stopping", callback);
            }
        }
        for id in self.listeners.ids() {
            self.context().unlisten(id);
        }
        let ids: Vec<LinkId> = self.links.ids().collect();
        for id in ids {
            let dialling = self
                .links
                .get(id)
                .is_some_and(|link| link.state == State::Dialling);
            if at_once || dialling {
                self.links.doom(id, Reason::Stopped);
            } else {
                self.links
                    .close_softly(id, State::Finishing, Reason::Stopped);
            }
        }
        if at_once {
            // It ends: nobody dials or listens any more.
            while !self.links.doomed.is_empty() {
                self.close_doomed();
            }
            self.done();
        } else if self.agenda.stop == Stop::Draining {
            log::info!(
                "stopping: {} links to finish; a second stop is at once",
                self.links.len()
            );
            let deadline = self.links.now + self.agenda.limits.drain_deadline;
            self.agenda.timers.arm(deadline, Due::Drain);
        }
    }

    /// Whether the stopping loop has nothing left to wait for.
    pub(super) fn conclude_draining(&mut self) {
        if self.agenda.stop != Stop::Draining
            || !self.links.is_empty()
            || self.agenda.remotes_len() > 0
        {
            self.turns_settling = 0;
            return;
        }
        // What waits in the queues is done first; but a callback that puts itself off again and again is not waited for.
        self.turns_settling += 1;
        let settled = !self.agenda.has_work() && self.agenda.mailbox.close_if_empty();
        if settled || self.turns_settling > SETTLING_TURNS_MAX {
            self.done();
        }
    }

    /// From here on a letter from another thread is refused, so that its writer knows.
    fn done(&mut self) {
        self.agenda.stop = Stop::Done;
        drop(self.agenda.mailbox.close());
        log::info!("stopped");
    }

    /// Time is up: what is not answered and sent by now is lost.
    pub(super) fn drain_due(&mut self) {
        log::warn!(
            "stopped with {} links unfinished: the drain deadline passed",
            self.links.len()
        );
        self.agenda.stop = Stop::Ordered { at_once: true };
    }
}
