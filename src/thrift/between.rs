//! What a link between two nodes has besides: calls both ways, deadlines that travel, calls that wait for the link.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use crate::context::{Context, LinkId};
use crate::deferred::{Deferred, Ticket};
use crate::error::{Error, Result};
use crate::time::Time;

use super::awaited::{Waiting, Wanted};
use super::binary::Binary;
use super::caller::{Caller, CallerLimits};
use super::calls::Calls;
use super::client::Shared;
use super::kind::MessageKind;
use super::line::{Head, frame};
use super::message::{Detected, Form};
use super::method::Method;
use super::protocol::Protocol;
use super::reply;
use super::value::Value as _;
use super::write::Write;

/// What a link between two nodes has besides.
#[derive(Debug)]
pub(super) struct Between {
    /// Calls can be sent.
    up: Cell<bool>,
    /// Calls that wait until it is.
    queue: RefCell<VecDeque<Queued>>,
    queued_calls_max: usize,
    frame_out_bytes_max: usize,
    /// So many bytes of calls may wait for the link, or at it.
    waiting_bytes_max: usize,
    /// When the next timer fires that looks for what has expired; never if there is none.
    timed: Cell<Time>,
    /// When something was last sent.
    sent_at: Cell<Time>,
}

/// A call that waits for the link.
#[derive(Debug)]
struct Queued {
    number: i32,
    frame: Vec<u8>,
    /// Where in it the milliseconds are that its caller waits.
    deadline_at: usize,
}

/// What the client's half of a link between two nodes is bounded by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BetweenLimits {
    pub(crate) calls_max: usize,
    pub(crate) call_deadline: Duration,
    /// None wait if it is zero: they fail at once.
    pub(crate) queued_calls_max: usize,
    pub(crate) frame_out_bytes_max: usize,
    pub(crate) outbox_bytes_max: usize,
}

impl Between {
    pub(super) const fn is_up(&self) -> bool {
        self.up.get()
    }

    pub(super) const fn queues(&self) -> bool {
        self.queued_calls_max > 0
    }

    /// So many bytes may wait to be sent for a call to be put behind them: less than the link's limit, so that there is room for answers.
    pub(super) const fn waiting_bytes_max(&self) -> usize {
        self.waiting_bytes_max
    }

    pub(super) fn note_sent(&self, now: Time) {
        self.sent_at.set(now);
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
                queued_calls_max: limits.queued_calls_max,
                frame_out_bytes_max: limits.frame_out_bytes_max,
                waiting_bytes_max: limits.outbox_bytes_max / 2,
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
        let Some(between) = &self.between else {
            return Ok(());
        };
        let link = cx.link();
        self.link.set(link);
        between.up.set(true);
        let now = cx.clock();
        let queue = between.queue.take();
        for mut queued in queue {
            let left = {
                let mut calls = self.calls.borrow_mut();
                let Some((awaited, deadline)) = calls.get_mut(queued.number) else {
                    continue;
                };
                if awaited.is_cancelled() || deadline <= now {
                    // Nobody is told of what never left. One that is late fails when that is looked at, which is soon.
                    if awaited.is_cancelled() {
                        let withdrawn = calls.withdraw(queued.number);
                        drop(calls);
                        drop(withdrawn);
                    }
                    continue;
                }
                awaited.notify_cancel(Ticket {
                    owner: link.as_u64(),
                    // Positive.
                    call: u64::from(queued.number.unsigned_abs()),
                });
                deadline - now
            };
            let field = queued.deadline_at..queued.deadline_at.saturating_add(4);
            if let Some(bytes) = queued.frame.get_mut(field) {
                bytes.copy_from_slice(&milliseconds(left).to_be_bytes());
            }
            between.note_sent(now);
            cx.links.send_frame(link, &queued.frame)?;
        }
        Ok(())
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
        let calls = self.calls.borrow();
        let mut queue = between.queue.borrow_mut();
        queue.retain(|queued| calls.contains(queued.number));
        let next = calls.deadline();
        drop((calls, queue));
        if next != Time::NEVER {
            self.time_queue(cx, next);
        }
    }

    /// What waits for the link fails; calls may wait for it again.
    pub(super) fn drop_queued(&self) {
        if let Some(between) = &self.between {
            drop(between.queue.take());
            let calls = self.calls.borrow_mut().take_all();
            for awaited in calls {
                awaited.failed(Error::LinkClosed);
            }
        }
    }

    fn time_queue<S>(self: &Rc<Self>, cx: &mut Context<'_, S>, at: Time) {
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

impl Caller {
    /// Has a call wait until the link is up, for as long as its deadline lets it.
    pub(super) fn queue<M: Method, W: Wanted<M>, P: Protocol, S>(
        &self,
        cx: &mut Context<'_, S>,
        between: &Between,
        name: Cow<'static, str>,
        number: i32,
        arguments: &M::Arguments,
    ) -> Result<Deferred<W::Value>> {
        let shared = &self.shared;
        if between.queue.borrow().len() >= between.queued_calls_max {
            return Err(Error::Busy);
        }
        let mut room = String::new();
        let head = Head {
            name: reply::wire_name(&name, self.service.as_deref(), &mut room),
            sequence: number,
            form: Form::Strict,
            silent: false,
        };
        let (mut bytes, most) = (Vec::new(), between.frame_out_bytes_max);
        let (kind, wire) = (MessageKind::Call, shared.wire);
        frame::<Binary>(&mut bytes, most, &head, kind, wire, |output| {
            write_deadline(output, self.call_deadline);
            arguments.write(output)
        })?;
        let queued = between.queue.borrow().iter().map(|it| it.frame.len()).sum();
        if bytes.len().saturating_add(queued) > between.waiting_bytes_max {
            return Err(Error::Busy);
        }
        let (promise, later) = cx.defer();
        let deadline = cx.clock() + self.call_deadline;
        let deadline_at = DEADLINE_AT + head.name.len();
        let waiting = Waiting::<M, P, W>::new(promise, name, self.service.clone());
        let waiting = Box::new(waiting);
        shared.calls.borrow_mut().insert(number, waiting, deadline);
        between.queue.borrow_mut().push_back(Queued {
            number,
            deadline_at,
            frame: bytes,
        });
        shared.time_queue(cx, deadline);
        Ok(later)
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
const DEADLINE_AT: usize = 4 + 4 + 4 + 4 + 3;
