//! What drivers and protocols say to each other.
//!
//! A protocol is a [`Session`] for each [link](LinkId): it takes bytes and gives verdicts. A driver is a [`Driver`]: sockets, a
//! clock, threads. Between them stand the rules that both share, and [`Context`], what a callback may do. No room below names a
//! socket, a thread or the clock of the system.

mod address;
mod agenda;
mod counters;
mod driver;
mod groups;
mod limits;
mod link;
mod links;
mod listeners;
mod mailbox;
mod reason;
mod session;
mod timers;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

pub use address::{Address, Connect, Listen, SocketOptions};
pub(crate) use agenda::{
    Agenda, CALLBACK_CANCELLED, CALLBACK_SETTLED, CallbackKey, Cause, Due, Run, Stop,
};
use agenda::{Entry, Every};
pub use counters::{Counters, Label};
pub use driver::{AcceptFault, Driver, Job};
pub use groups::GroupId;
pub use limits::{Limits, LinkLimits};
pub use link::LinkId;
pub(crate) use link::{Link, Origin, State};
pub use links::Links;
pub use listeners::ListenerId;
pub(crate) use listeners::Listeners;
pub use mailbox::Handle;
pub(crate) use mailbox::{Letter, Mailbox};
pub use reason::Reason;
pub use session::{Session, Verdict};

use crate::buffer::{Body, Input};
use crate::codec::Encoder;
use crate::deferred::{Deferred, Promise, SendPromise, Ticket};
use crate::error::{Error, PeerFault, Result};
use crate::time::Time;

/// What a callback may do. Every callback of a loop gets one; with it the application's state, which is never shared and so never
/// locked.
///
/// `state` and `links` are fields, so that one can be borrowed while the other is used.
pub struct Context<'a, S> {
    /// The application's state.
    pub state: &'a mut S,
    /// Every live connection.
    pub links: &'a mut Links<S>,
    pub(crate) agenda: &'a mut Agenda<S>,
    pub(crate) listeners: &'a mut Listeners<S>,
    pub(crate) driver: &'a mut dyn Driver,
}

/// A protocol for the links of one listener or dialler: what [`Context::listen`] and [`Context::connect`] take as their service.
///
/// `C` is the codec it runs over.
pub trait Protocol<S, C> {
    /// A maker of sessions, one for each link, and how a push is written to those links, if they have commands.
    ///
    /// # Errors
    /// A mistake in how the service was put together, found now and not at the first call.
    fn sessions(self, codec: C) -> Result<Sessions<S>>;
}

/// What a [`Protocol`] is made into.
pub struct Sessions<S> {
    /// Makes the session of one link.
    pub make: Rc<dyn Fn() -> Box<dyn Session<S>>>,
    /// Writes a pushed command; none if the protocol has no commands.
    pub encoder: Option<Rc<dyn Encoder<Head = u32>>>,
}

impl<S> fmt::Debug for Sessions<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("commands", &self.encoder.is_some())
            .finish_non_exhaustive()
    }
}

/// A function that makes sessions is a protocol that brings its own codec: pass `()` for it.
impl<S, N, F> Protocol<S, ()> for F
where
    N: Session<S> + 'static,
    F: Fn() -> N + 'static,
{
    fn sessions(self, (): ()) -> Result<Sessions<S>> {
        Ok(Sessions {
            make: Rc::new(move || Box::new(self())),
            encoder: None,
        })
    }
}

/// One beat of [`Context::every`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// When it was due: a whole number of periods after the timer was set, however late it is now.
    pub due: Time,
    /// Beats before this one that were missed because the loop was busy, since the last one that was not.
    pub skipped: u64,
}

/// Names one timer, and no other after it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimerId(CallbackKey);

impl<S> Context<'_, S> {
    /// The time, as of the beginning of this callback.
    #[must_use]
    pub fn now(&self) -> Time {
        self.links.now
    }

    /// The time, read anew: for measuring within a callback.
    #[must_use]
    pub fn clock(&mut self) -> Time {
        self.driver.now()
    }

    /// The same context for a shorter while: for a struct that keeps one.
    pub fn reborrow(&mut self) -> Context<'_, S> {
        Context {
            state: self.state,
            links: self.links,
            agenda: self.agenda,
            listeners: self.listeners,
            driver: self.driver,
        }
    }

    // ---- listening and dialling ----

    /// Listens, and serves what comes over `codec` by `service`. The links' first frames are handled after this callback.
    ///
    /// # Errors
    /// [`Error::Misuse`] if the address, the limits or the service make no sense, [`Error::Io`] if the address cannot be had,
    /// [`Error::Stopped`] if the loop is stopping.
    pub fn listen<C>(
        &mut self,
        listen: impl Into<Listen>,
        codec: C,
        service: impl Protocol<S, C>,
    ) -> Result<ListenerId> {
        let mut listen = listen.into();
        if self.agenda.stop != Stop::No {
            return Err(Error::Stopped);
        }
        if let Err(misuse) = &listen.address {
            return Err(misuse.clone().into());
        }
        let (origin, make) = self.origin(listen.limits.take(), service.sessions(codec)?)?;
        let id = self.listeners.next_id();
        let address = self.driver.listen(id, &mut listen).map_err(|error| {
            let wanted = listen
                .address
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            std::io::Error::new(error.kind(), format!("cannot listen on {wanted}: {error}"))
        })?;
        log::info!("listening on {address}");
        self.listeners.insert(address, origin, make);
        Ok(id)
    }

    /// The address that a listener has: with port 0 asked for, the port it became.
    #[must_use]
    pub fn listener_address(&self, listener: ListenerId) -> Option<&Address> {
        self.listeners
            .get(listener)
            .map(|listener| &listener.address)
    }

    /// Stops listening. The listener's links live on. False if it was closed before.
    pub fn unlisten(&mut self, listener: ListenerId) -> bool {
        let known = self.listeners.remove(listener).is_some();
        if known {
            self.driver.unlisten(listener);
        }
        known
    }

    /// Dials. The link has its name at once, and what is sent to it is kept until it is up; then its session is `opened`. A failure
    /// closes it with [`Reason::ConnectFailed`] or [`Reason::ConnectDeadline`], after this callback.
    ///
    /// # Errors
    /// [`Error::Misuse`] if the limits or the service make no sense, [`Error::Busy`] if there are `links_max` links,
    /// [`Error::Stopped`] if the loop is stopping.
    pub fn connect<C>(
        &mut self,
        connect: impl Into<Connect>,
        codec: C,
        service: impl Protocol<S, C>,
    ) -> Result<LinkId> {
        let mut connect = connect.into();
        if self.agenda.stop != Stop::No {
            return Err(Error::Stopped);
        }
        if self.links.len() >= self.agenda.limits.links_max {
            return Err(Error::Busy);
        }
        let (origin, make) = self.origin(connect.limits.take(), service.sessions(codec)?)?;
        let deadline = self.now() + origin.limits.connect_deadline;
        let id = self.links.insert(State::Dialling, origin, make());
        self.links.counters.dialled += 1;
        let dialled = match &connect.address {
            Ok(_) => self.driver.connect(id, &connect),
            Err(misuse) => Err(std::io::Error::new(
                std::io::ErrorKind::InvalidInput,
                misuse.clone(),
            )),
        };
        if let Err(error) = dialled {
            self.links.doom(id, Reason::ConnectFailed(error));
        }
        if let Some(link) = self.links.get_mut(id) {
            link.state_deadline = deadline;
        }
        self.arm(id);
        Ok(id)
    }

    #[expect(
        clippy::type_complexity,
        reason = "a maker of sessions is one, wherever it is written"
    )]
    fn origin(
        &self,
        limits: Option<LinkLimits>,
        sessions: Sessions<S>,
    ) -> Result<(Rc<Origin>, Rc<dyn Fn() -> Box<dyn Session<S>>>)> {
        let limits = limits.unwrap_or_else(|| self.agenda.limits.link.clone());
        limits.check()?;
        Ok((
            Rc::new(Origin {
                limits,
                encoder: sessions.encoder,
            }),
            sessions.make,
        ))
    }

    // ---- links ----

    /// The link that this callback is about: in the calls of its session, and of its service.
    ///
    /// # Panics
    /// In a callback that is about no link: a timer, a posted closure. Use [`current_link`](Self::current_link) where either may be.
    #[must_use]
    pub fn link(&self) -> LinkId {
        self.agenda.link.expect("this callback is about no link")
    }

    /// The link that this callback is about, if it is about one.
    #[must_use]
    pub const fn current_link(&self) -> Option<LinkId> {
        self.agenda.link
    }

    /// The peer's address, if the connection still knows it.
    #[must_use]
    pub fn peer_address(&self, id: LinkId) -> Option<Address> {
        self.driver.peer_address(id)
    }

    /// Our end's address, if the connection still knows it.
    #[must_use]
    pub fn local_address(&self, id: LinkId) -> Option<Address> {
        self.driver.local_address(id)
    }

    /// Cuts the next frame off the front of `input` for this link's session, if the link may go on: within its budget for this turn,
    /// its unanswered calls, and what waits to be sent to it. `Ok(None)`: no more for now, and what is left comes again.
    ///
    /// # Errors
    /// What `decode` gives.
    #[inline]
    pub fn next_frame<'i, F>(
        &mut self,
        input: &mut Input<'i>,
        decode: impl FnOnce(&mut Input<'i>) -> Result<Option<F>, PeerFault>,
    ) -> Result<Option<F>> {
        if input.rest().is_empty() && input.needed() == 0 {
            return Ok(None);
        }
        let open = self
            .agenda
            .link
            .and_then(|id| self.links.get(id))
            .is_some_and(Link::takes_frames);
        if !open || !input.admit_frame() {
            input.halt();
            return Ok(None);
        }
        let frame = decode(input)?;
        if frame.is_some() {
            self.links.counters.frames_in += 1;
        } else {
            input.readmit_frame();
        }
        Ok(frame)
    }

    /// Sends bytes as they are to the link this callback is about: for sessions that write their own format.
    ///
    /// # Errors
    /// [`Error::LinkClosed`] if it is gone or going, or there is none.
    pub fn send_bytes<'b>(&mut self, bytes: impl Into<Body<'b>>) -> Result<()> {
        let id = self.agenda.link.ok_or(Error::LinkClosed)?;
        self.links.send_bytes(id, bytes)
    }

    /// Has this link's session [woken](Session::woken) at `at`, instead of when it was to be before.
    pub fn wake_at(&mut self, at: Time) {
        let Some(id) = self.agenda.link else { return };
        if let Some(link) = self.links.get_mut(id) {
            link.wake_at = at;
            self.arm(id);
        }
    }

    /// Sees to it that the link's timer fires at or before the first of its deadlines.
    pub(crate) fn arm(&mut self, id: LinkId) {
        if let Some(link) = self.links.get_mut(id) {
            arm(link, id, &mut self.agenda.timers);
        }
    }

    /// How long a call of this link may stay unanswered.
    pub(crate) fn call_deadline(&self) -> Duration {
        let link = self.agenda.link.and_then(|id| self.links.get(id));
        link.map_or(self.agenda.limits.link.call_deadline, |link| {
            link.origin.limits.call_deadline
        })
    }

    // ---- timers ----

    /// Runs `callback` once, `span` from now; at most about a millisecond late while the loop is not busy, and never early.
    pub fn after(
        &mut self,
        span: Duration,
        callback: impl FnOnce(&mut Context<'_, S>) + 'static,
    ) -> TimerId {
        let at = self.now() + span;
        TimerId(self.agenda.after(at, Run::Once(Box::new(callback))))
    }

    /// Runs `callback` every `period`, beginning one period from now. The beats do not drift: each is due a whole number of periods
    /// from now, and those that a busy loop misses are skipped and [counted](Tick::skipped), never made up for in a rush. A period
    /// below one millisecond is taken as one.
    pub fn every(
        &mut self,
        period: Duration,
        callback: impl FnMut(&mut Context<'_, S>, Tick) + 'static,
    ) -> TimerId {
        let period = period.max(Duration::from_millis(1));
        let due = self.now() + period;
        TimerId(self.agenda.after(
            due,
            Run::Every(Every {
                period,
                due,
                run: Some(Box::new(callback)),
            }),
        ))
    }

    /// Cancels a timer, also from within its own callback. False if it was over.
    pub fn cancel(&mut self, timer: TimerId) -> bool {
        self.agenda.cancel(timer.0)
    }

    // ---- values to come ----

    /// A promise and what it promises, of this loop.
    pub fn defer<T: 'static>(&mut self) -> (Promise<T>, Deferred<T>) {
        self.agenda.ready.pair()
    }

    /// Has this link's session [told](Session::answered), under the number `call`, when `deferred` is settled; for sessions that keep
    /// values to come. Notes that a call is [open](Links::call_opened): the session says when it is
    /// [closed](Links::call_closed). False if nobody will tell, since the value is there already.
    pub fn notify_link<T: 'static>(&mut self, deferred: &mut Deferred<T>, call: u64) -> bool {
        let Some(id) = self.agenda.link else {
            return false;
        };
        let will_tell = deferred.notify(Ticket {
            owner: id.as_u64(),
            call,
        });
        if will_tell {
            self.links.call_opened(id);
        }
        will_tell
    }

    /// Both values, or the first failure; then the other is cancelled.
    pub fn join<A: 'static, B: 'static>(
        &mut self,
        a: Deferred<A>,
        b: Deferred<B>,
    ) -> Deferred<(A, B)> {
        crate::deferred::join(&self.agenda.ready, a, b)
    }

    /// The outcomes of all, in their order, when the last is there.
    pub fn join_all<T: 'static>(&mut self, all: Vec<Deferred<T>>) -> Deferred<Vec<Result<T>>> {
        crate::deferred::join_all(&self.agenda.ready, all)
    }

    /// Runs `callback` with the outcome when it is there: never within this call, and never within another callback.
    pub fn when<T: 'static>(
        &mut self,
        mut deferred: Deferred<T>,
        callback: impl FnOnce(&mut Context<'_, S>, Result<T>) + 'static,
    ) {
        let key = self.agenda.callbacks.next_key();
        let ticket = Agenda::<S>::ticket(key);
        if !deferred.notify(ticket) {
            // It is there already, with no queue to say so.
            self.agenda.next_turn.push(key);
        }
        let run = Run::Once(Box::new(move |cx: &mut Context<'_, S>| {
            let outcome = deferred.take().unwrap_or(Err(Error::Dropped));
            callback(cx, outcome);
        }));
        self.agenda.callbacks.insert(Entry { timer: None, run });
    }

    /// The same value, or [`Error::Timeout`] if it is not there within `span`; then the one who was to supply it learns that nobody
    /// waits any more.
    pub fn timeout<T: 'static>(
        &mut self,
        mut deferred: Deferred<T>,
        span: Duration,
    ) -> Deferred<T> {
        let (mut promise, later) = self.agenda.ready.pair();
        let key = self.agenda.callbacks.next_key();
        if !deferred.notify(Agenda::<S>::ticket(key)) {
            return deferred;
        }
        promise.notify_cancel(Agenda::<S>::cancel_ticket(key));
        let run = Run::First(Box::new(move |_: &mut Context<'_, S>, cause| match cause {
            Cause::Settled => promise.settle(deferred.take().unwrap_or(Err(Error::Dropped))),
            Cause::Expired => {
                drop(deferred);
                promise.reject(Error::Timeout);
            }
            Cause::Cancelled => drop((deferred, promise)),
        }));
        let at = self.now() + span;
        self.agenda.after(at, run);
        later
    }

    /// Runs `callback` in the next turn of the loop, after the events that wait by then.
    pub fn next_turn(&mut self, callback: impl FnOnce(&mut Context<'_, S>) + 'static) {
        let key = self.agenda.callbacks.next_key();
        self.agenda.callbacks.insert(Entry {
            timer: None,
            run: Run::Once(Box::new(callback)),
        });
        self.agenda.next_turn.push(key);
    }

    /// A promise that may go to another thread, and what it promises here.
    pub fn defer_remote<T: Send + 'static>(&mut self) -> (SendPromise<T>, Deferred<T>)
    where
        S: 'static,
    {
        let (promise, later) = self.agenda.ready.pair();
        let id = self.agenda.next_remote();
        let outlet: std::sync::Arc<Mailbox<S>> = std::sync::Arc::clone(&self.agenda.mailbox);
        let (remote, acceptor) = promise.into_remote(id, outlet);
        self.agenda.keep_remote(acceptor);
        (remote, later)
    }

    /// Runs `work` on a thread of the worker pool: for files, databases, and whatever else would hold up the loop. A panic there is
    /// [`Error::Panicked`]; if the pool's queue is full the value is [`Error::Busy`] at once.
    pub fn blocking<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Deferred<T>
    where
        S: 'static,
    {
        let (promise, later) = self.defer_remote();
        let job: Job =
            Box::new(
                move || match std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
                    Ok(value) => promise.resolve(value),
                    Err(panic) => promise.reject(Error::Panicked(panic_message(&*panic))),
                },
            );
        match self.driver.submit(job) {
            Ok(()) => {
                self.links.counters.jobs += 1;
                later
            }
            Err(job) => {
                // The job goes with its promise, whose letter finds nobody.
                drop(later);
                drop(job);
                Deferred::failed(Error::Busy)
            }
        }
    }

    // ---- the loop ----

    /// A handle for other threads.
    #[must_use]
    pub fn handle(&self) -> Handle<S> {
        Handle::new(std::sync::Arc::clone(&self.agenda.mailbox))
    }

    /// Stops the loop: it accepts no more, answers what is outstanding, sends what is waiting, and ends by the drain deadline.
    pub fn stop(&mut self) {
        if self.agenda.stop == Stop::No {
            self.agenda.stop = Stop::Ordered { at_once: false };
        }
    }

    /// Stops the loop at once: what is outstanding is dropped.
    pub fn stop_now(&mut self) {
        if self.agenda.stop != Stop::Done {
            self.agenda.stop = Stop::Ordered { at_once: true };
        }
    }

    /// Runs `callback` when the loop begins to stop, before any link is closed: the last moment to say goodbye, or to give a last job
    /// to the worker pool, which is waited for.
    pub fn on_stop(&mut self, callback: impl FnOnce(&mut Context<'_, S>) + 'static) {
        self.agenda.on_stop.push(Box::new(callback));
    }

    /// What happened so far, in numbers.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let mut counters = self.links.counters.clone();
        counters.links_open = self.links.len();
        counters.replies_late += self.agenda.ready.late();
        counters.timers_open = self.agenda.timers.len();
        counters.jobs_open = self.agenda.remotes_len();
        counters
    }

    /// The limits of this loop.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.agenda.limits
    }

    /// Notes what this callback is run for, in case it holds up the loop.
    #[inline]
    pub const fn label(&mut self, label: Label) {
        self.agenda.label = label;
    }
}

impl<S> fmt::Debug for Context<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = &self.agenda.link;
        f.debug_struct("Context")
            .field("now", &self.links.now)
            .field("link", link)
            .finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Links<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// Sees to it that the link's one timer fires at or before the first of its deadlines. A deadline that moves away leaves the timer
/// where it is: it fires, finds nothing due, and is set anew, which costs less than moving it with every frame.
pub(crate) fn arm<S>(link: &mut Link<S>, id: LinkId, timers: &mut timers::Timers<Due>) {
    let deadline = link.deadline();
    if deadline >= link.timer_at {
        return;
    }
    if let Some(timer) = link.timer.take() {
        timers.cancel(timer);
    }
    link.timer = Some(timers.arm(deadline, Due::Link(id)));
    link.timer_at = deadline;
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".into())
}
