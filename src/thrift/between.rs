//! What a link between two nodes has besides: calls both ways, deadlines that travel, calls that wait for the link or for room in it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::context::{Context, LinkId};
use crate::deferred::Ticket;
use crate::error::{Error, Result};
use crate::time::Time;

use super::awaited::Awaited;
use super::caller::{Caller, CallerLimits};
use super::calls::Calls;
use super::client::Shared;
use super::message::Detected;
use super::queue::{Queue, Queued};
use super::write::Write;

/// What a link between two nodes has besides.
#[derive(Debug)]
pub(super) struct Between {
    /// Calls can be sent.
    up: Cell<bool>,
    /// Calls that wait until it is; and, when it is, those that wait for room.
    pub(super) queue: RefCell<Queue>,
    pub(super) limits: BetweenLimits,
    /// When the next timer fires that looks for what has expired; never if there is none.
    timed: Cell<Time>,
    /// When something was last sent.
    sent_at: Cell<Time>,
}

/// What the client's half of a link between two nodes is bounded by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BetweenLimits {
    pub(crate) calls_max: usize,
    pub(crate) call_deadline: Duration,
    /// So many calls may wait until the link is up. None if it is zero: they fail at once.
    pub(crate) queued_calls_max: usize,
    /// So many calls, and bytes of them, may wait for room in a link that is up.
    pub(crate) held_calls_max: usize,
    pub(crate) held_bytes_max: usize,
    /// So many calls may be set aside by the other end, which are under way besides.
    pub(crate) aside_calls_max: usize,
    pub(crate) frame_out_bytes_max: usize,
    pub(crate) outbox_bytes_max: usize,
}

impl Between {
    pub(super) const fn is_up(&self) -> bool {
        self.up.get()
    }

    pub(super) const fn queues(&self) -> bool {
        self.limits.queued_calls_max > 0
    }

    /// So many calls of those under way are not sent.
    pub(super) fn unsent(&self) -> usize {
        self.queue.borrow().len()
    }

    /// So many bytes may wait to be sent for a call to be put behind them: less than the link's limit, so that there is room for answers.
    pub(super) const fn waiting_bytes_max(&self) -> usize {
        self.limits.outbox_bytes_max / 2
    }

    pub(super) fn note_sent(&self, now: Time) {
        self.sent_at.set(now);
    }

    /// Whether one more call of so many bytes may wait.
    pub(super) fn may_wait(&self, bytes: usize) -> bool {
        let queue = self.queue.borrow();
        let BetweenLimits {
            queued_calls_max,
            held_calls_max,
            held_bytes_max,
            ..
        } = self.limits;
        let (calls, most) = match self.is_up() {
            true => (held_calls_max, held_bytes_max),
            false => (queued_calls_max, self.waiting_bytes_max()),
        };
        queue.counted() < calls && queue.bytes().saturating_add(bytes) <= most
    }
}

impl Shared {
    /// The client's half of a link between two nodes, which is not up yet.
    pub(crate) fn between(limits: BetweenLimits) -> Rc<Self> {
        let caller = CallerLimits::default();
        Rc::new(Self {
            link: Cell::new(LinkId::NONE),
            calls: RefCell::new(Calls::new(caller.calls_forgotten_max)),
            over: Cell::new(false),
            oneway_sent: Cell::new(false),
            wake_at: Cell::new(Time::NEVER),
            protocol: Detected::Binary,
            wire: caller.wire,
            calls_max: limits.calls_max,
            call_deadline: limits.call_deadline,
            between: Some(Between {
                up: Cell::new(false),
                queue: RefCell::default(),
                limits,
                timed: Cell::new(Time::NEVER),
                sent_at: Cell::new(Time::START),
            }),
        })
    }

    /// Who calls by it.
    pub(crate) fn caller(self: &Rc<Self>) -> Caller {
        Caller {
            shared: Rc::clone(self),
            service: None,
            call_deadline: self.call_deadline,
            detached: false,
        }
    }

    /// Calls can be made.
    pub(crate) fn is_up(&self) -> bool {
        !self.over.get() && self.between.as_ref().is_some_and(Between::is_up)
    }

    /// Notes that something was sent.
    pub(crate) fn note_sent(&self, now: Time) {
        if let Some(between) = &self.between {
            between.note_sent(now);
        }
    }

    /// When something was last sent.
    pub(crate) fn sent_at(&self) -> Time {
        let between = self.between.as_ref();
        between.map_or(Time::START, |between| between.sent_at.get())
    }

    /// The link is up: what has waited is sent, as far as somebody still waits for the answer.
    pub(crate) fn came_up<S>(&self, cx: &mut Context<'_, S>) -> Result<()> {
        if let Some(between) = &self.between {
            self.link.set(cx.link());
            between.up.set(true);
        }
        self.send_queued(cx)
    }

    /// Sends of what waits as much as there is room for. To be called when there may be more of it: a call is over, or the outbox has
    /// come down.
    pub(crate) fn send_queued<S>(&self, cx: &mut Context<'_, S>) -> Result<()> {
        let Some(between) = &self.between else {
            return Ok(());
        };
        if !between.is_up() || self.over.get() {
            return Ok(());
        }
        while let Some((number, bytes)) = self.next_queued() {
            let (link, now) = (self.link.get(), cx.clock());
            if let Some(over) = self.take_over_in_queue(number, now) {
                // Nobody is told of what never left.
                if !over.is_cancelled() {
                    cx.links.counters.calls_expired += 1;
                }
                over.failed(Error::Timeout);
                continue;
            }
            let (waiting, _) = cx.links.outbox_room(link);
            let most = between.waiting_bytes_max();
            if waiting > 0 && waiting.saturating_add(bytes) >= most {
                cx.links.tell_when_drained(link);
                break;
            }
            let queued = between.queue.borrow_mut().remove(number);
            let Some(mut queued) = queued else { break };
            let left = self.leaves(number, &queued, link) - now;
            let field = queued.deadline_at..queued.deadline_at.saturating_add(4);
            if let Some(bytes) = queued.frame.get_mut(field) {
                bytes.copy_from_slice(&milliseconds(left).to_be_bytes());
            }
            between.note_sent(now);
            if let Some(freed) = queued.freed {
                freed.resolve(());
            }
            cx.links.send_frame(link, &queued.frame)?;
        }
        Ok(())
    }

    /// The number of the call that is to be sent next, and its bytes, if one more call may be under way.
    fn next_queued(&self) -> Option<(i32, usize)> {
        let mut queue = self.between.as_ref()?.queue.borrow_mut();
        let sent = self.calls.borrow().counted().saturating_sub(queue.len());
        let (number, queued) = queue.front()?;
        (sent < self.calls_max).then_some((number, queued.frame.len()))
    }

    /// The other end has set a call aside: it counts no more among those under way, and its client is not read until it is over.
    #[cfg(feature = "node")]
    pub(super) fn set_aside<S: 'static>(&self, number: i32, cx: &mut Context<'_, S>) {
        let Some(between) = &self.between else { return };
        if between.queue.borrow().contains(number) {
            // Nobody can have heard of it.
            return;
        }
        let mut calls = self.calls.borrow_mut();
        if calls.aside() >= between.limits.aside_calls_max {
            return;
        }
        let Some(awaited) = calls.set_aside(number) else {
            return;
        };
        cx.links.counters.calls_set_aside += 1;
        let client = awaited.client();
        if client != LinkId::NONE {
            let (promise, over) = cx.defer();
            awaited.set_aside(promise);
            cx.links.pause(client);
            cx.when(over, move |cx, _| cx.links.resume(client));
        }
    }

    /// Takes a call that waits out if nobody waits for it any more, or its time is up.
    fn take_over_in_queue(&self, number: i32, now: Time) -> Option<Box<dyn Awaited>> {
        let between = self.between.as_ref()?;
        let mut calls = self.calls.borrow_mut();
        let over = match calls.get_mut(number) {
            Some((awaited, deadline)) => awaited.is_cancelled() || deadline <= now,
            None => false,
        };
        over.then(|| between.queue.borrow_mut().remove(number));
        over.then(|| calls.withdraw(number)).flatten()
    }

    /// A call that has waited is sent: from here on the session is told when nobody waits for it. Gives its deadline.
    fn leaves(&self, number: i32, queued: &Queued, link: LinkId) -> Time {
        let mut calls = self.calls.borrow_mut();
        let Some((awaited, deadline)) = calls.get_mut(number) else {
            return Time::START;
        };
        if !queued.tells_cancel {
            awaited.notify_cancel(ticket(link, number));
        }
        deadline
    }

    /// A call whose time is up, if there is one. True if it was sent.
    pub(super) fn take_due(&self, now: Time) -> Option<(i32, bool, Box<dyn Awaited>)> {
        let number = self.calls.borrow().due(now)?;
        let unsent = self.unqueue(number);
        let mut calls = self.calls.borrow_mut();
        let awaited = match unsent {
            true => calls.withdraw(number),
            false => calls.expired(now),
        };
        Some((number, !unsent, awaited?))
    }

    /// Takes a call out of those that wait. True if it was there.
    pub(super) fn unqueue(&self, number: i32) -> bool {
        let between = self.between.as_ref();
        between.is_some_and(|it| it.queue.borrow_mut().remove(number).is_some())
    }

    /// Calls that wait for the link and have expired fail. There is one timer for all, while there is need of one.
    fn expire_queued<S>(self: &Rc<Self>, cx: &mut Context<'_, S>) {
        let Some(between) = &self.between else { return };
        between.timed.set(Time::NEVER);
        if between.up.get() || self.over.get() {
            // The session looks after them, or they have failed.
            return;
        }
        self.expire(cx);
        let next = self.calls.borrow().deadline();
        if next != Time::NEVER {
            self.time_queue(cx, next);
        }
    }

    /// What waits is not sent any more.
    pub(super) fn forget_queue(&self) {
        if let Some(between) = &self.between {
            let queue = between.queue.take();
            // Outside of the borrow, since who waited for room is told.
            drop(queue);
        }
    }

    /// What waits for the link fails; calls may wait for it again.
    pub(super) fn drop_queued(&self) {
        self.forget_queue();
        let calls = self.calls.borrow_mut().take_all();
        for awaited in calls {
            awaited.failed(Error::LinkClosed);
        }
    }

    pub(super) fn time_queue<S>(self: &Rc<Self>, cx: &mut Context<'_, S>, at: Time) {
        let Some(between) = &self.between else { return };
        // A later timer that was set before finds nothing to do.
        if between.timed.get() <= at {
            return;
        }
        between.timed.set(at);
        let (span, shared) = (at - cx.now(), Rc::clone(self));
        cx.after(span, move |cx| shared.expire_queued(cx));
    }
}

/// By which the session learns that nobody waits for a call any more.
pub(super) fn ticket(link: LinkId, number: i32) -> Ticket {
    Ticket {
        owner: link.as_u64(),
        // Positive.
        call: u64::from(number.unsigned_abs()),
    }
}

/// Puts the milliseconds that a caller waits in front of a call's arguments: a field that any server knows or skips.
///
/// ```text
/// 0      1       3               7
/// | type | id    | milliseconds  | the arguments' own fields, and a zero
///   08     7f ff   i32
/// ```
pub(super) fn write_deadline<W: Write>(output: &mut W, span: Duration) {
    // As the binary protocol, which these links speak, has a field's head.
    output.i8(DEADLINE_HEAD[0] as i8);
    output.i16(DEADLINE_ID);
    output.i32(milliseconds(span));
}

/// How long a caller waits, if the arguments begin with it.
pub(super) fn read_deadline(arguments: &[u8]) -> Option<i32> {
    let rest = arguments.strip_prefix(&DEADLINE_HEAD)?;
    rest.first_chunk().map(|bytes| i32::from_be_bytes(*bytes))
}

/// Whole ones, and one at least: less than that would be none.
fn milliseconds(span: Duration) -> i32 {
    i32::try_from(span.as_millis()).unwrap_or(i32::MAX).max(1)
}

/// `i32`.
const DEADLINE_HEAD: [u8; 3] = [8, 0x7f, 0xff];

/// The highest there is: an interface that has a field of it would have to have thought of every number below.
const DEADLINE_ID: i16 = i16::MAX;

/// The frame's length, the version, the name's length, the number, the field's head; and the name, which is not counted.
pub(super) const DEADLINE_AT: usize = 4 + 4 + 4 + 4 + 3;
