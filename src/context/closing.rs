//! Orders to close a link, and the lists of those that have to be looked at.

use crate::context::link::State;
use crate::context::{LinkId, Links, Reason};
use crate::time::Time;

impl<S> Links<S> {
    /// Drops the link now: what was not sent is lost, and the peer sees a reset. It is gone after this callback.
    pub fn close(&mut self, id: LinkId) {
        self.doom(id, Reason::Closed);
    }

    /// Drops the link now, for this reason.
    pub(crate) fn doom(&mut self, id: LinkId, reason: Reason) {
        let Some((link, counters, spare)) = self.beside(id) else {
            return;
        };
        if link.doomed {
            return;
        }
        link.doomed = true;
        // A reason given before says why it came to this.
        if !matches!(link.state, State::Closing | State::Lingering) || link.extra().reason.is_none()
        {
            link.extra().reason = Some(reason);
        }
        // What was not sent will not be: its memory is free for others from here on, and not only at the end of the turn.
        let unsent = link.outbox.len();
        link.outbox.advance(unsent);
        link.outbox.release(spare);
        counters.outbox_bytes -= unsent;
        self.doomed.push(id);
    }

    /// Closes the link when all that was put on its way is sent. Nothing more is read from it.
    pub fn close_when_sent(&mut self, id: LinkId) {
        self.close_softly(id, State::Closing, Reason::Closed);
    }

    /// Closes the link when all is sent, for this reason.
    pub(crate) fn close_for(&mut self, id: LinkId, reason: Reason) {
        self.close_softly(id, State::Closing, reason);
    }

    /// Closes the link when every call is answered and all is sent. Nothing more is read from it.
    pub fn close_when_answered(&mut self, id: LinkId) {
        self.close_softly(id, State::Finishing, Reason::Closed);
    }

    pub(crate) fn close_softly(&mut self, id: LinkId, state: State, reason: Reason) {
        let now = self.now;
        let Some(link) = self.get_mut(id) else { return };
        match (link.state, state) {
            (State::Closing | State::Lingering, _) | (State::Finishing, State::Finishing) => return,
            (State::Dialling, _) => {
                // First it has to come up, to send what was sent to it.
                link.close_when_up = true;
                return;
            }
            (State::Open | State::Finishing, _) => {}
        }
        link.state = state;
        link.part_since = Time::NEVER;
        if !matches!(reason, Reason::Stopped) {
            link.leftover = false;
        }
        if link.extra().reason.is_none() {
            link.extra().reason = Some(reason);
        }
        if state == State::Closing {
            link.leftover = false;
            link.extra().state_deadline = now + link.origin.limits.close_deadline;
        }
        self.touch(id);
        self.enqueue(id);
    }

    /// Ends our stream when all is sent; the peer's may go on, and is read.
    pub fn end_when_sent(&mut self, id: LinkId) {
        if let Some(link) = self.get_mut(id) {
            link.end_when_sent = true;
            self.touch(id);
        }
    }

    /// Has the link looked at when the turn ends.
    pub(crate) fn touch(&mut self, id: LinkId) {
        if let Some(link) = self.get_mut(id)
            && !link.dirty
        {
            link.dirty = true;
            self.dirty.push(id);
        }
    }

    /// Has the link served in the next turn, if there is anything to serve.
    pub(crate) fn enqueue(&mut self, id: LinkId) {
        if let Some(link) = self.get_mut(id)
            && !link.queued
            && link.has_work()
        {
            link.queued = true;
            self.ready.push_back(id);
        }
    }
}
