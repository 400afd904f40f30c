//! One connection without its socket.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use crate::buffer::{Inbox, Outbox};
use crate::codec::Encoder;
use crate::context::groups::Membership;
use crate::context::timers::TimerKey;
use crate::context::{LinkLimits, Reason, Session};
use crate::time::Time;

/// Names one connection, from before it is up until after it is gone, and no other: a slot and the slot's generation. A stale one
/// finds nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId {
    pub(crate) generation: u32,
    pub(crate) slot: u32,
}

impl LinkId {
    /// Of no link: none has this slot, since links are fewer; and of no [callback](crate::context::CALLBACK_SETTLED).
    pub(crate) const NONE: Self = Self {
        generation: 0,
        slot: u32::MAX,
    };

    /// As one number: the generation above, the slot below.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        (self.generation as u64) << 32 | self.slot as u64
    }

    /// Back from [`as_u64`](Self::as_u64).
    #[must_use]
    pub const fn from_u64(number: u64) -> Self {
        Self {
            generation: (number >> 32) as u32,
            slot: number as u32,
        }
    }
}

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.slot, self.generation)
    }
}

impl fmt::Debug for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkId({self})")
    }
}

/// Where a link is in its life.
///
/// ```text
///  Dialling ──► Open ──► Finishing ──► Closing ──► Lingering ──► (gone)
///     ▲          ▲          │             │            │
///   dialled   accepted      │ calls are   │ bytes are  │ the peer's end,
///                           │ answered    │ sent: FIN  │ or the deadline
/// ```
/// From each it can be gone at once: reset, deadline, [`Verdict::CloseNow`](crate::Verdict::CloseNow).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Waits for the outcome of a connect. What is sent is kept.
    Dialling,
    /// Both ways.
    Open,
    /// Reads no more; answers what is outstanding.
    Finishing,
    /// Sends what is in the outbox; what comes is thrown away.
    Closing,
    /// All sent and our stream ended; waits for the peer's end, so that closing does not reset what it has not read yet.
    Lingering,
}

/// What all links of one listener or dialler have in common.
pub(crate) struct Origin {
    pub(crate) limits: LinkLimits,
    /// How a push is written to links of this protocol; none for protocols without commands.
    pub(crate) encoder: Option<Rc<dyn Encoder<Head = u32>>>,
}

/// What few links have, or have for a while.
pub(crate) struct Extra {
    pub(crate) memberships: Vec<Membership>,
    pub(crate) attached: Option<Box<dyn Any>>,
    /// Why it is closing.
    pub(crate) reason: Option<Reason>,
    /// Bytes of replies that are there and wait for those of earlier calls.
    pub(crate) held_bytes: usize,
    /// Since when its peer has taken none of the bytes that wait for it; never if none wait.
    pub(crate) stalled_since: Time,
    /// How often it was paused and not resumed since.
    #[cfg(feature = "node")]
    pub(crate) pauses: u32,
    /// When the session wants to be woken.
    pub(crate) wake_at: Time,
    /// When the outbox had come down, of a session that waited for that and was not told yet; never otherwise.
    pub(crate) drained_at: Time,
    /// When the link leaves its state by force.
    pub(crate) state_deadline: Time,
}

impl Default for Extra {
    fn default() -> Self {
        Self {
            memberships: Vec::new(),
            attached: None,
            reason: None,
            held_bytes: 0,
            #[cfg(feature = "node")]
            pauses: 0,
            stalled_since: Time::NEVER,
            wake_at: Time::NEVER,
            drained_at: Time::NEVER,
            state_deadline: Time::NEVER,
        }
    }
}

pub(crate) struct Link<S> {
    pub(crate) generation: u32,
    pub(crate) state: State,
    /// The driver said readable and no read has blocked since.
    pub(crate) readable: bool,
    /// A write blocked, and the driver has not said writable since.
    pub(crate) write_blocked: bool,
    /// It is on the list of links to be written at the end of the turn.
    pub(crate) dirty: bool,
    /// It is on the list of links to be served in the next turn.
    pub(crate) queued: bool,
    /// Its outbox passed the high mark and has not come down to the low mark since.
    pub(crate) choked: bool,
    /// Its inbox holds frames that the session has not looked at.
    pub(crate) leftover: bool,
    /// The driver said that a short read proves nothing: the end of the stream, or urgent data, may lie behind it.
    pub(crate) uneven: bool,
    /// A read gave the end of the peer's stream.
    pub(crate) ended: bool,
    /// It was to close when sent before it was up.
    pub(crate) close_when_up: bool,
    /// Our stream ends when the outbox is empty.
    pub(crate) end_when_sent: bool,
    /// Our stream has ended.
    pub(crate) end_sent: bool,
    /// An order to close it now waits on the list.
    pub(crate) doomed: bool,
    /// What it sent last cannot go on yet, so it is not read.
    pub(crate) paused: bool,
    /// Its session is to be woken when its outbox has come down.
    pub(crate) tells_drained: bool,
    /// Unanswered calls.
    pub(crate) calls: u32,
    pub(crate) origin: Rc<Origin>,
    /// Out only while it is being called.
    pub(crate) session: Option<Box<dyn Session<S>>>,
    pub(crate) outbox: Outbox,
    pub(crate) inbox: Inbox,
    /// The one timer for all of its deadlines, and when it fires: at or before the first of them.
    pub(crate) timer: Option<TimerKey>,
    pub(crate) timer_at: Time,
    /// When the frame that is not whole yet began; never if there is none.
    pub(crate) part_since: Time,
    /// When bytes last came.
    pub(crate) received_at: Time,
    pub(crate) extra: Option<Box<Extra>>,
}

impl<S> Link<S> {
    pub(crate) fn new(
        generation: u32,
        state: State,
        origin: Rc<Origin>,
        session: Box<dyn Session<S>>,
        now: Time,
    ) -> Self {
        Self {
            generation,
            state,
            readable: false,
            write_blocked: false,
            dirty: false,
            queued: false,
            choked: false,
            leftover: false,
            uneven: false,
            ended: false,
            close_when_up: false,
            end_when_sent: false,
            end_sent: false,
            doomed: false,
            paused: false,
            tells_drained: false,
            calls: 0,
            origin,
            session: Some(session),
            outbox: Outbox::default(),
            inbox: Inbox::default(),
            timer: None,
            timer_at: Time::NEVER,
            part_since: Time::NEVER,
            received_at: now,
            extra: None,
        }
    }

    /// What it has besides, made if it is not there.
    pub(crate) fn extra(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    pub(crate) fn held_bytes(&self) -> usize {
        self.extra.as_ref().map_or(0, |extra| extra.held_bytes)
    }

    /// Notes since when its peer has taken nothing of what waits for it.
    #[inline]
    pub(crate) fn stall(&mut self, since: Time) {
        if since != Time::NEVER {
            self.extra().stalled_since = since;
        } else if let Some(extra) = &mut self.extra {
            extra.stalled_since = since;
        }
    }

    #[inline]
    pub(crate) fn stalled_since(&self) -> Time {
        let extra = self.extra.as_ref();
        extra.map_or(Time::NEVER, |extra| extra.stalled_since)
    }

    /// Whether its session may be handed a frame now.
    #[inline]
    pub(crate) fn takes_frames(&self) -> bool {
        self.is_served()
            && !self.choked
            && !self.paused
            && self.calls < self.origin.limits.calls_max
    }

    /// Whether so little waits to be sent that a session which waited for room is told.
    #[inline]
    pub(crate) fn is_drained(&self) -> bool {
        let limits = &self.origin.limits;
        self.outbox.len() <= limits.outbox_bytes_low.min(limits.outbox_bytes_max / 8)
    }

    /// Whether what was read from it is still served: not behind an order to close it, however softly.
    #[inline]
    pub(crate) fn is_served(&self) -> bool {
        let state = match self.state {
            State::Open => true,
            // Frames that were read before the loop began to stop are still handled.
            State::Finishing => self.leftover,
            State::Dialling | State::Closing | State::Lingering => false,
        };
        state && !self.doomed
    }

    /// Whether its session is told of what comes later, since an answer can still go out: not behind an order to close when what is there is sent.
    pub(crate) fn takes_answers(&self) -> bool {
        !self.doomed && matches!(self.state, State::Dialling | State::Open | State::Finishing)
    }

    /// Bytes that wait to be sent, those held up by other replies included.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.outbox.len() + self.held_bytes()
    }

    /// Whether bytes put on their way now can still be sent.
    #[inline]
    pub(crate) fn takes_output(&self) -> bool {
        !self.end_sent && !self.doomed
    }

    /// Whether it could be served now: bytes wait in the kernel or in the inbox, and somebody may look at them.
    #[inline]
    pub(crate) fn has_work(&self) -> bool {
        match self.state {
            State::Dialling => false,
            State::Open => (self.readable || self.leftover) && self.takes_frames(),
            State::Finishing => self.leftover && self.takes_frames(),
            State::Closing | State::Lingering => self.readable && !self.doomed,
        }
    }

    /// Whether nothing becomes of it when all is sent: it is open both ways, and stays so.
    #[inline]
    pub(crate) fn goes_on(&self) -> bool {
        self.state == State::Open && !self.end_when_sent && !self.end_sent
    }

    /// Whether being served may have given it a deadline before the one that its timer is set to. Of an open link that is only a part
    /// frame's: what else moves, moves away.
    #[inline]
    pub(crate) fn has_new_deadline(&self) -> bool {
        self.part_since != Time::NEVER || self.state != State::Open
    }

    /// The first of its deadlines.
    pub(crate) fn deadline(&self) -> Time {
        let limits = &self.origin.limits;
        let part = self.part_since + limits.frame_deadline;
        let idle = match limits.idle_timeout {
            Some(span) if self.state == State::Open => self.received_at + span,
            _ => Time::NEVER,
        };
        let rare = self.extra.as_ref().map_or(Time::NEVER, |extra| {
            let stall = extra.stalled_since + limits.write_deadline;
            let woken = extra.wake_at.min(extra.drained_at);
            stall.min(woken).min(extra.state_deadline)
        });
        part.min(idle).min(rare)
    }
}
