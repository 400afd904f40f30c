//! Reading and writing.

use std::io::{ErrorKind, IoSlice};

use crate::buffer::Outbox;
use crate::context::{Driver, LinkId, Reason, State, Verdict};
use crate::engine::Engine;
use crate::error::PeerFault;
use crate::time::Time;

impl<S, D: Driver> Engine<S, D> {
    /// The driver says that bytes wait, or that the peer ended its stream. `uneven`: a short read will not prove that it was the last.
    /// Serves the link at once.
    pub(crate) fn readable(&mut self, id: LinkId, uneven: bool) {
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        link.readable = true;
        link.uneven |= uneven;
        if link.state == State::Dialling || link.queued {
            // Dialling: the bytes are read when it is open. Queued: it has its turn already.
            return;
        }
        self.serve(id);
    }

    /// The driver says that the connection failed. A link that is read finds out by itself, behind the bytes that came before; one that
    /// is not read would keep its calls going for nobody.
    pub(crate) fn failed(&mut self, id: LinkId) {
        let Some(link) = self.links.get(id) else {
            return;
        };
        let read = link.state == State::Open && link.takes_frames() && !link.leftover;
        if !read
            && link.state != State::Dialling
            && let Some(error) = self.driver.failure(id)
        {
            self.links.doom(id, Reason::Io(error));
        }
    }

    /// The driver says that a write would go through, or that a dialled link has an outcome.
    #[inline]
    pub(crate) fn writable(&mut self, id: LinkId) {
        // Told with nearly every event, and of no interest then.
        let link = self.links.get(id);
        if link.is_some_and(|link| link.write_blocked || link.state == State::Dialling) {
            self.unblocked(id);
        }
    }

    #[inline(never)]
    fn unblocked(&mut self, id: LinkId) {
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        if link.state == State::Dialling {
            return self.dialled(id);
        }
        if link.write_blocked {
            link.write_blocked = false;
            self.links.touch(id);
        }
    }

    /// Serves the links on the list, each within its budget.
    pub(super) fn serve_ready(&mut self) {
        // The list as the turn began: who was put on it since then has had its share of this turn.
        while let Some(id) = self.due.pop_front() {
            if let Some(link) = self.links.get_mut(id) {
                link.queued = false;
                self.serve(id);
            }
        }
    }

    /// Hands the session what was left over, then reads until the budget is spent, the read would block, or the link may not go on.
    fn serve(&mut self, id: LinkId) {
        let over = match self.links.get(id) {
            Some(link) if link.leftover && link.takes_frames() => {
                self.deliver(id, 0);
                self.after_delivery(id);
                false
            }
            _ => self.read(id),
        };
        if over {
            return;
        }
        let Some(link) = self.links.get(id) else {
            return;
        };
        let (waits, is_due) = (link.readable || link.leftover, link.has_new_deadline());
        if waits {
            self.links.enqueue(id);
        }
        if is_due {
            self.context().arm(id);
        }
    }

    /// True if there is nothing left to see to: the hot way.
    #[inline]
    fn read(&mut self, id: LinkId) -> bool {
        let mut spent = 0;
        let now = self.links.now;
        loop {
            let Some((link, counters, _)) = self.links.beside(id) else {
                return true;
            };
            if !link.readable || !link.has_work() || link.leftover {
                return false;
            }
            let budget = link.origin.limits.read_bytes_per_turn_max - spent;
            if budget == 0 {
                return false;
            }
            let most = budget.min(self.scratch.len());
            match self.driver.read(id, &mut self.scratch[..most]) {
                Ok(0) => {
                    link.readable = false;
                    self.stream_ended(id);
                    return false;
                }
                Ok(count) => {
                    if count < most && !link.uneven && self.driver.short_transfer_drains() {
                        link.readable = false;
                    }
                    spent += count;
                    link.received_at = now;
                    counters.bytes_in += count as u64;
                    if link.state == State::Open {
                        if self.deliver(id, count) {
                            return true;
                        }
                        self.after_delivery(id);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => link.readable = false,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    link.readable = false;
                    self.links.doom(id, Reason::Io(error));
                    return false;
                }
            }
        }
    }

    /// The end of the peer's stream may have come before the last frames were handled.
    fn after_delivery(&mut self, id: LinkId) {
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        if link.ended && !link.leftover {
            self.conclude_stream(id);
        } else if link.state == State::Finishing && link.calls == 0 && !link.leftover {
            self.links.touch(id);
        }
    }

    /// A read gave the end of the peer's stream.
    fn stream_ended(&mut self, id: LinkId) {
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        let known = std::mem::replace(&mut link.ended, true);
        match link.state {
            State::Open if known => {}
            State::Lingering => self.links.doom(id, Reason::PeerClosed),
            State::Open if !link.leftover => self.conclude_stream(id),
            // Open with frames left: concluded when they are handled. The others are closing anyway.
            _ => {}
        }
    }

    /// All that the peer sent was handled, and no more will come.
    fn conclude_stream(&mut self, id: LinkId) {
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        if link.state != State::Open {
            return self.links.touch(id);
        }
        link.part_since = Time::NEVER;
        if link.inbox.is_mid_frame() {
            let held = link.inbox.len();
            link.inbox.clear(&mut self.spare);
            self.links.counters.inbox_bytes -= held;
            // The calls before it still get their answers.
            return self.links.close_softly(
                id,
                State::Finishing,
                Reason::Fault(PeerFault::Truncated),
            );
        }
        self.call(id, "the end of a stream", |session, cx| {
            let verdict = session.ended(cx)?;
            if verdict == Verdict::CloseWhenAnswered {
                let id = cx.link();
                cx.links
                    .close_softly(id, State::Finishing, Reason::PeerClosed);
            }
            Ok(verdict)
        });
        self.links.touch(id);
    }

    /// Writes every link that has output, once.
    pub(super) fn flush(&mut self) {
        // What these writes bring about is for the next round: the list is taken, and given back for its memory.
        let mut dirty = std::mem::take(&mut self.links.dirty);
        for id in dirty.drain(..) {
            self.write(id);
        }
        if self.links.dirty.is_empty() {
            self.links.dirty = dirty;
        }
    }

    fn write(&mut self, id: LinkId) {
        let now = self.links.now;
        let Some((link, counters, spare)) = self.links.beside(id) else {
            return;
        };
        link.dirty = false;
        if link.state == State::Dialling || link.doomed {
            link.outbox.release(spare);
            return;
        }
        let mut moved = false;
        while !link.outbox.is_empty() && !link.write_blocked {
            let (offered, written) = if let Some(single) = link.outbox.single() {
                (single.len(), self.driver.write(id, single))
            } else {
                let mut slices = [IoSlice::new(&[]); Outbox::PIECES_MAX];
                let filled = link.outbox.slices(&mut slices);
                let offered = slices[..filled].iter().map(|slice| slice.len()).sum();
                (offered, self.driver.write_vectored(id, &slices[..filled]))
            };
            match written {
                Ok(count) => {
                    moved |= count > 0;
                    link.outbox.advance(count);
                    counters.outbox_bytes -= count;
                    counters.bytes_out += count as u64;
                    link.write_blocked = count < offered && self.driver.short_transfer_drains();
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => link.write_blocked = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return self.links.doom(id, Reason::Io(error)),
            }
        }
        let stalled = !link.outbox.is_empty();
        if !stalled {
            link.stall(Time::NEVER);
        } else if moved || link.stalled_since() == Time::NEVER {
            link.stall(now);
        }
        link.outbox.release(spare);
        if link.tells_drained && link.is_drained() {
            link.tells_drained = false;
            link.extra().drained_at = now;
            self.context().arm(id);
            return self.written(id, stalled);
        }
        if !stalled && !link.choked && link.goes_on() {
            // The hot way: all is sent, and nobody waited for that.
            return;
        }
        self.written(id, stalled);
    }

    /// A write is over about which there is more to do than to go on.
    fn written(&mut self, id: LinkId, stalled: bool) {
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        if link.choked && link.waiting_bytes() <= link.origin.limits.outbox_bytes_low {
            link.choked = false;
            self.links.enqueue(id);
        }
        self.sent(id);
        if stalled {
            self.context().arm(id);
        }
    }
}
