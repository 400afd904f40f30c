//! Calling the methods of a service from the loop.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

use crate::codec::Framed;
use crate::context::{Connect, Context, LinkId, Links, State};
use crate::deferred::Deferred;
use crate::error::{Error, Misuse, Result};
use crate::time::Time;

use super::answer::NoException;
use super::arguments::{Arguments, Passed};
use super::awaited::{Caught, Value, Waiting, Wanted};
use super::between::{self, Between, ticket};
use super::binary::Binary;
use super::calls::Calls;
use super::client::{Client, ONEWAY_SEQUENCE, Shared};
use super::compact::Compact;
use super::held::IfFull;
use super::kind::MessageKind;
use super::limits::WireLimits;
use super::line::{Head, frame};
use super::message::{Detected, Form};
use super::method::Method;
use super::plain::{Plain, Positional};
use super::protocol::Protocol;
use super::reply;
use super::value::Value as _;

/// Calls the methods of a service over one dialled link, from the loop and without waiting: each call gives a [`Deferred`].
///
/// Many calls may be under way. Each has a number, by which its reply finds it; so replies may come in any order. Generated clients
/// (`CalculatorClient`) are made of one. A clone calls over the same link.
///
/// ```
/// # mod generated {
/// #     pub mod base {
/// #         include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/idl/golden/plain/base.rs"));
/// #     }
/// #     pub mod moods {
/// #         include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/idl/golden/plain/moods.rs"));
/// #     }
/// #     pub mod tutorial {
/// #         include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/idl/golden/plain/tutorial.rs"));
/// #     }
/// # }
/// # use generated::tutorial as calculator;
/// use std::time::Duration;
///
/// use calculator::CalculatorClient; // generated of calculator.thrift
/// use oneloop::thrift::{Caller, Compact};
/// use oneloop::{Connect, Context, LinkLimits, Result};
///
/// struct App { calculator: Option<CalculatorClient>, sum: i32 }
///
/// fn start(cx: &mut Context<'_, App>) -> Result<()> {
///     let limits = LinkLimits { calls_max: 64, ..LinkLimits::default() };
///     let caller = Caller::connect::<Compact, _>(cx, Connect::new("server:9090").limits(limits))?;
///     // Calls made from here on are sent when the link is up.
///     cx.state.calculator = Some(CalculatorClient::new(caller));
///     Ok(())
/// }
///
/// fn add(cx: &mut Context<'_, App>, calculator: &CalculatorClient) {
///     // This call has a second; others of the same link have what its limits say.
///     let second = calculator.caller().with_deadline(Duration::from_secs(1));
///     let sum = CalculatorClient::new(second).add(cx, 1, 2);
///     cx.when(sum, |cx, sum| match sum {
///         Ok(sum) => cx.state.sum = sum,
///         Err(error) => eprintln!("no sum: {error}"),
///     });
/// }
/// ```
///
/// # What comes of a call
///
/// | What happens | The call |
/// |---|---|
/// | a reply with a value, or with an exception that the method declares | has it |
/// | an `EXCEPTION` reply | fails with [`Error::Failed`], an [`ApplicationException`](super::ApplicationException) within |
/// | a reply without a result, or with another method's name | the same: missing result, wrong method name |
/// | a result that cannot be read | fails with [`Error::Peer`] |
/// | no reply by the deadline, [`LinkLimits::call_deadline`](crate::LinkLimits::call_deadline) or [its own](Self::with_deadline) | fails with [`Error::Timeout`]; a late reply is dropped |
/// | [`LinkLimits::calls_max`](crate::LinkLimits::calls_max) calls are under way, or [`LinkLimits::outbox_bytes_max`](crate::LinkLimits::outbox_bytes_max) bytes would wait to be sent | fails with [`Error::Busy`], at once |
/// | arguments that cannot be written or are over [`LinkLimits::frame_out_bytes_max`](crate::LinkLimits::frame_out_bytes_max) | fails with [`Error::Misuse`], at once |
/// | its `Deferred` is dropped | is forgotten; a late reply is dropped |
/// | the server answers a number that no call has | fails, as all others, with bad sequence id; the link is closed |
/// | an empty frame, a head that cannot be read, a call from the server, junk behind a message | fails, as all others, with [`Error::Peer`]; the link is closed |
/// | the link could not be made, or fails | fails with [`Error::Io`] and the reason |
/// | the link is closed, by whomever | fails with [`Error::LinkClosed`]; if the loop stops, with [`Error::Stopped`] |
///
/// A link that is closed stays so: who wants to go on connects anew. Dropping the last caller leaves the link open, since calls that are
/// under way are still to be answered: [`close`](Self::close) it. A loop that stops closes it, and its calls fail.
#[derive(Clone)]
pub struct Caller {
    pub(super) shared: Rc<Shared>,
    /// What stands before the methods' names, if several services share the link.
    pub(super) service: Option<Rc<str>>,
    /// How long each call may take.
    pub(super) call_deadline: Duration,
    /// Between nodes: its calls have their own time, whatever call is being served.
    pub(super) detached: bool,
}

/// The most of what a [`Caller`] has besides what its [`LinkLimits`](crate::LinkLimits) bound.
///
/// ```
/// use oneloop::thrift::CallerLimits;
///
/// assert_eq!(CallerLimits::default().calls_forgotten_max, 16_384);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallerLimits {
    /// The most of everything within one message.
    pub wire: WireLimits,
    /// So many calls that expired or were cancelled are remembered until their replies come, which are dropped then. Of more the oldest
    /// are not known any more, and a reply to one of those is a fault. 16,384; each takes a few bytes.
    pub calls_forgotten_max: usize,
}

impl Default for CallerLimits {
    fn default() -> Self {
        Self {
            wire: WireLimits::default(),
            calls_forgotten_max: 16_384,
        }
    }
}

impl Caller {
    /// Dials, and calls over that link by the protocol `P`, each message in a frame. Calls may be made at once; they are sent when the
    /// link is up, and fail if it does not come up.
    ///
    /// # Errors
    /// As [`Context::connect`].
    pub fn connect<P: Protocol, S: 'static>(
        cx: &mut Context<'_, S>,
        connect: impl Into<Connect>,
    ) -> Result<Self> {
        Self::connect_limited::<P, S>(cx, connect, CallerLimits::default())
    }

    /// The same, with other limits.
    ///
    /// # Errors
    /// As [`Context::connect`].
    pub fn connect_limited<P: Protocol, S: 'static>(
        cx: &mut Context<'_, S>,
        connect: impl Into<Connect>,
        limits: CallerLimits,
    ) -> Result<Self> {
        let mut connect = connect.into();
        let mut link_limits = match connect.limits.take() {
            Some(limits) => limits,
            None => cx.limits().link.clone(),
        };
        link_limits.check()?;
        // However much waits to be sent, replies are read: a server that reads no more before its replies are taken would otherwise wait
        // for us, and we for it. There are never more replies than calls.
        link_limits.outbox_bytes_high = link_limits.outbox_bytes_max;
        let shared = Rc::new(Shared {
            link: Cell::new(LinkId::NONE),
            calls: RefCell::new(Calls::new(limits.calls_forgotten_max)),
            over: Cell::new(false),
            oneway_sent: Cell::new(false),
            wake_at: Cell::new(Time::NEVER),
            protocol: P::DETECTED,
            wire: limits.wire,
            calls_max: link_limits.calls_max as usize,
            call_deadline: link_limits.call_deadline,
            between: None,
        });
        let call_deadline = link_limits.call_deadline;
        connect.limits = Some(link_limits);
        let client = Client::<P> {
            shared: Rc::clone(&shared),
            protocol: PhantomData,
        };
        let link = cx.connect(connect, Framed::default(), client)?;
        shared.link.set(link);
        Ok(Self {
            shared,
            service: None,
            call_deadline,
            detached: false,
        })
    }

    /// Calls one of several services that the server has on this link: the names of its methods are `service:method` on the wire, as
    /// with [`Multiplexed`](super::Multiplexed). The link and its limits are shared.
    ///
    /// # Errors
    /// [`Misuse::Option`] if the name is empty or has a colon.
    pub fn service(&self, name: &str) -> Result<Self> {
        if !reply::is_service_name(name) {
            return Err(Misuse::Option(format!("{name:?} is no name of a service")).into());
        }
        Ok(Self {
            service: Some(name.into()),
            ..self.clone()
        })
    }

    /// Calls over the same link, and each call may take so long instead of [`LinkLimits::call_deadline`](crate::LinkLimits::call_deadline).
    /// A client over this caller has it for each of its calls:
    /// `CalculatorClient::new(calculator.caller().with_deadline(short)).ping(cx)`.
    #[must_use]
    pub fn with_deadline(&self, call_deadline: Duration) -> Self {
        Self {
            call_deadline,
            ..self.clone()
        }
    }

    /// Calls over the same link, and the calls have their own deadline whatever call is being served. Between nodes a call that is made
    /// by a target of a call has no more time than [that one has](Context::call_until): who waits for it does not wait longer. What is to
    /// go on when nobody waits any more wants this. Of other callers it makes no difference.
    #[must_use]
    pub fn detached(&self) -> Self {
        Self {
            detached: true,
            ..self.clone()
        }
    }

    /// How long each call may take.
    #[cfg(feature = "node")]
    pub(crate) const fn call_deadline(&self) -> Duration {
        self.call_deadline
    }

    /// How long a call that is made now may take.
    pub(super) fn span<S>(&self, cx: &Context<'_, S>) -> Duration {
        match cx.call_until() {
            Some(until) if self.shared.between.is_some() && !self.detached => {
                self.call_deadline.min(until - cx.now())
            }
            _ => self.call_deadline,
        }
    }

    /// Calls a method that declares no exception.
    pub fn call<M, S>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Deferred<M::Output>
    where
        M: Method<Exception = NoException>,
    {
        const { assert!(!M::ONEWAY, "a oneway method is not answered: send it") };
        self.begin::<M, Value, S>(cx, M::NAME.into(), &arguments)
    }

    /// Calls a method, and has its declared exceptions apart from what else may go wrong.
    pub fn call_catching<M: Method, S>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Deferred<Result<M::Output, M::Exception>> {
        const { assert!(!M::ONEWAY, "a oneway method is not answered: send it") };
        self.begin::<M, Caught, S>(cx, M::NAME.into(), &arguments)
    }

    /// Sends a call that is not answered. That it was sent does not say that it arrives.
    ///
    /// # Errors
    /// [`Error::LinkClosed`], [`Error::Busy`] and [`Error::Misuse`], as with calls that are answered; there is no most of calls under
    /// way, since none is.
    pub fn send<M: Method, S>(
        &self,
        cx: &mut Context<'_, S>,
        arguments: M::Arguments,
    ) -> Result<()> {
        const { assert!(M::ONEWAY, "the method is answered: call it") };
        self.send_oneway::<M, S>(cx, M::NAME, &arguments)
    }

    /// Calls a plain function by its name, as [`Functions`](super::Functions) serve them, or a method of which there is no generated
    /// code here. The arguments are [a tuple, or one value](Arguments); the result is [a value, an `Option` or `()`](Passed).
    ///
    /// ```
    /// use oneloop::thrift::Caller;
    /// use oneloop::{Context, Deferred};
    ///
    /// fn sum(caller: &Caller, cx: &mut Context<'_, ()>) -> Deferred<i64> {
    ///     caller.call_named(cx, "add", (1i64, 2i64))
    /// }
    /// ```
    ///
    /// It fails as other calls do. A declared exception, which only a method of an interface can throw, cannot be read here: it is a
    /// missing result.
    pub fn call_named<T: Passed>(
        &self,
        cx: &mut Context<'_, impl Sized>,
        name: impl Into<Cow<'static, str>>,
        arguments: impl Arguments,
    ) -> Deferred<T> {
        self.begin_plain(cx, name.into(), &Positional(arguments))
    }

    /// The same, of a call that is not answered: sent as `ONEWAY`.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_named<A: Arguments>(
        &self,
        cx: &mut Context<'_, impl Sized>,
        name: &str,
        arguments: A,
    ) -> Result<()> {
        self.send_oneway::<Plain<A, ()>, _>(cx, name, &Positional(arguments))
    }

    /// The link. Between nodes, a stale name while it is down.
    #[must_use]
    pub fn link(&self) -> LinkId {
        self.shared.link.get()
    }

    /// Whether calls are taken: the link is up or on its way up, and nobody has ordered its end. That it is does not say that the server
    /// still listens.
    #[must_use]
    pub fn is_open<S>(&self, cx: &Context<'_, S>) -> bool {
        self.check_open(cx.links).is_ok()
    }

    /// Calls of this link that are under way, of all its callers.
    #[must_use]
    pub fn calls_open(&self) -> usize {
        self.shared.calls.borrow().len()
    }

    /// Closes the link now. What is under way fails after this callback, with [`Error::LinkClosed`]; no call is taken from here on.
    pub fn close<S>(&self, cx: &mut Context<'_, S>) {
        if let Some(between) = &self.shared.between
            && !between.is_up()
            && !self.shared.over.get()
        {
            self.shared.drop_queued();
            return;
        }
        self.shared.over.set(true);
        cx.links.close(self.link());
    }

    fn begin_plain<A: Arguments, T: Passed, S>(
        &self,
        cx: &mut Context<'_, S>,
        name: Cow<'static, str>,
        arguments: &Positional<A>,
    ) -> Deferred<T> {
        self.begin::<Plain<A, T>, Value, S>(cx, name, arguments)
    }

    fn send_oneway<M: Method, S>(
        &self,
        cx: &mut Context<'_, S>,
        name: &str,
        arguments: &M::Arguments,
    ) -> Result<()> {
        self.check_open(cx.links)?;
        if self.shared.between.as_ref().is_some_and(|it| !it.is_up()) {
            // Only calls that have a deadline wait.
            return Err(Error::LinkClosed);
        }
        self.shared.oneway_sent.set(true);
        let (kind, number) = (MessageKind::Oneway, ONEWAY_SEQUENCE);
        match self.shared.protocol {
            Detected::Binary => self.write::<M, Binary, S>(cx, name, kind, number, arguments),
            Detected::Compact => self.write::<M, Compact, S>(cx, name, kind, number, arguments),
        }
    }

    fn begin<M: Method, W: Wanted<M>, S>(
        &self,
        cx: &mut Context<'_, S>,
        name: Cow<'static, str>,
        arguments: &M::Arguments,
    ) -> Deferred<W::Value> {
        let begun = match self.shared.protocol {
            Detected::Binary => {
                self.begin_over::<M, W, Binary, S>(cx, name, arguments, IfFull::Fail)
            }
            Detected::Compact => {
                self.begin_over::<M, W, Compact, S>(cx, name, arguments, IfFull::Fail)
            }
        };
        begun.unwrap_or_else(Deferred::failed)
    }

    pub(super) fn begin_over<M: Method, W: Wanted<M>, P: Protocol, S>(
        &self,
        cx: &mut Context<'_, S>,
        name: Cow<'static, str>,
        arguments: &M::Arguments,
        if_full: IfFull<'_>,
    ) -> Result<Deferred<W::Value>> {
        self.check_open(cx.links)?;
        let (link, behalf) = (self.link(), if_full.behalf());
        let between = self.shared.between.as_ref();
        let unsent = between.map_or(0, Between::unsent);
        let (number, full) = {
            let mut calls = self.shared.calls.borrow_mut();
            let full = calls.counted().saturating_sub(unsent) >= self.shared.calls_max;
            (calls.next_number(), full)
        };
        if let Some(between) = between
            && !between.is_up()
        {
            if unsent >= self.shared.calls_max {
                return Err(Error::Busy);
            }
            let queued = self.queue::<M, W, P, S>(cx, between, name, number, arguments, behalf);
            return queued.map(|held| held.reply);
        }
        // Who may wait does so behind those that do.
        let waits = matches!(if_full, IfFull::Wait(..));
        let written = match full || (waits && unsent > 0) {
            true => Err(Error::Busy),
            false => self.write::<M, P, S>(cx, &name, MessageKind::Call, number, arguments),
        };
        match (written, if_full, between) {
            (Ok(()), ..) => {}
            (Err(Error::Busy), IfFull::Wait(freed, _), Some(between)) => {
                let queued = self.queue::<M, W, P, S>(cx, between, name, number, arguments, behalf);
                return queued.map(|held| {
                    *freed = held.freed;
                    held.reply
                });
            }
            (Err(error), ..) => return Err(error),
        }
        let (mut promise, later) = cx.defer();
        promise.notify_cancel(ticket(link, number));
        let deadline = cx.clock() + self.span(cx);
        let waiting = Waiting::<M, P, W>::new(promise, name, self.service.clone(), behalf.client);
        self.shared
            .calls
            .borrow_mut()
            .insert(number, Box::new(waiting), deadline);
        self.shared.wake_by(deadline, cx);
        Ok(later)
    }

    /// Puts a call on its way, or nothing.
    fn write<M: Method, P: Protocol, S>(
        &self,
        cx: &mut Context<'_, S>,
        name: &str,
        kind: MessageKind,
        sequence: i32,
        arguments: &M::Arguments,
    ) -> Result<()> {
        let mut room = String::new();
        let head = Head {
            name: reply::wire_name(name, self.service.as_deref(), &mut room),
            sequence,
            form: Form::Strict,
            silent: false,
        };
        let link = self.link();
        let (waiting, mut most) = cx.links.outbox_room(link);
        let shared = &*self.shared;
        if let Some(between) = &shared.between {
            between.note_sent(cx.now());
            most = between.waiting_bytes_max();
        }
        let (room, span) = (most.saturating_sub(waiting), self.span(cx));
        let sent = cx.links.write_frame(link, |tail, most| {
            let at = tail.len();
            let bytes = frame::<P>(tail, most, &head, kind, shared.wire, |output| {
                if shared.between.is_some() && kind == MessageKind::Call {
                    between::write_deadline(output, span);
                }
                arguments.write(output)
            })?;
            if tail.len() - at >= room {
                // Sent, it would have the link dropped.
                tail.truncate(at);
                return Err(match waiting {
                    0 => Misuse::FrameTooLong { bytes, most: room }.into(),
                    _ => Error::Busy,
                });
            }
            Ok(bytes)
        });
        sent.map(drop)
    }

    fn check_open<S>(&self, links: &Links<S>) -> Result<()> {
        if let Some(between) = &self.shared.between
            && !between.is_up()
        {
            // Between two nodes nothing goes out before both have proven who they are.
            return match self.shared.over.get() {
                false if between.queues() => Ok(()),
                _ => Err(Error::LinkClosed),
            };
        }
        let link = links.get(self.link());
        let open = link.is_some_and(|link| {
            matches!(link.state, State::Dialling | State::Open)
                && !link.close_when_up
                && link.takes_output()
        });
        if !open || self.shared.over.get() {
            return Err(Error::LinkClosed);
        }
        Ok(())
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("link", &self.link())
            .field("protocol", &self.shared.protocol)
            .field("service", &self.service)
            .field("call_deadline", &self.call_deadline)
            .field("calls_open", &self.calls_open())
            .finish_non_exhaustive()
    }
}
