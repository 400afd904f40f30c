//! What drivers and protocols say to each other.
//!
//! A protocol is a [`Session`] for each [link](LinkId): it takes bytes and gives verdicts. A driver is a [`Driver`]: sockets, a
//! clock, threads. Between them stand the rules that both share, and [`Context`], what a callback may do. No room below names a
//! socket, a thread or the clock of the system.

mod address;
mod agenda;
mod closing;
mod counters;
mod driver;
mod groups;
mod later;
mod limits;
mod link;
mod links;
mod listeners;
mod mailbox;
mod parts;
mod protocol;
mod push;
mod reason;
mod sending;
mod session;
mod steps;
mod timers;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

pub use address::{Address, Connect, Listen, SocketOptions};
pub(crate) use agenda::{
    Agenda, CALLBACK_CANCELLED, CALLBACK_SETTLED, CallbackKey, Cause, Due, Run, Stop,
};
pub use counters::{Counters, Label};
pub use driver::{AcceptFault, Driver, Job};
pub use groups::GroupId;
pub use later::{Tick, TimerId};
pub use limits::{Limits, LinkLimits};
pub use link::LinkId;
pub(crate) use link::{Link, Origin, State};
pub use links::Links;
pub use listeners::ListenerId;
pub(crate) use listeners::Listeners;
pub use mailbox::Handle;
pub(crate) use mailbox::{Letter, Mailbox};
pub use protocol::{Protocol, Sessions};
pub use reason::{Reason, ReasonKind};
pub use session::{Session, Verdict};

use crate::buffer::{Body, Input};
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
impl<S> Context<'_, S> {
    /// The time, as of the beginning of this turn: one reading for all its callbacks.
    #[must_use]
    pub fn now(&self) -> Time {
        self.links.now
    }

    /// The time, read anew: for measuring. From here on [`now`](Self::now) gives it too.
    #[must_use]
    pub fn clock(&mut self) -> Time {
        self.links.now = self.driver.now();
        self.links.now
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
    /// A host's name is looked up on the spot, which may hold up the loop: listen by name at the start only.
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
        log::debug!("listening on {address}");
        self.listeners
            .insert(address, origin, make, listen.takes_reserved);
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
        let closed = self.listeners.remove(listener);
        let known = closed.is_some();
        if let Some(retry) = closed.and_then(|closed| closed.retry) {
            self.agenda.timers.cancel(retry);
        }
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
        let deadline = self.clock() + origin.limits.connect_deadline;
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
            link.extra().state_deadline = deadline;
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

    /// Keeps links of `links_max` free: so many that are dialled, and so many, up to a quarter of all, that listeners accept which
    /// [take reserved ones](Listen::reserved). They are besides those that were reserved before.
    #[cfg(feature = "node")]
    pub(crate) fn reserve_links(&mut self, dialled: usize, accepted: usize) {
        let reserved = &mut self.agenda.reserved;
        reserved.dialled = reserved.dialled.saturating_add(dialled);
        let accepted = reserved.accepted.saturating_add(accepted);
        reserved.accepted = accepted.min(self.agenda.limits.links_max / 4);
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
        self.links.get(id)?;
        self.driver.peer_address(id)
    }

    /// Our end's address, if the connection still knows it.
    #[must_use]
    pub fn local_address(&self, id: LinkId) -> Option<Address> {
        self.links.get(id)?;
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
        let goes_on = self
            .agenda
            .link
            .is_some_and(|id| self.links.takes_frames(id));
        if !goes_on || !input.admit_frame() {
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
        if let Some(id) = self.agenda.link {
            self.wake_link_at(id, at);
        }
    }

    /// The same for any link's session.
    pub(crate) fn wake_link_at(&mut self, id: LinkId, at: Time) {
        if let Some(link) = self.links.get_mut(id) {
            link.extra().wake_at = at;
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

    /// What is served from here on, until this callback is over, is a call of this link.
    pub(crate) fn serve_until_deadline(&mut self) {
        self.agenda.until = self.links.now + self.call_deadline();
    }

    /// The same, of a call whose caller waits so long.
    pub(crate) fn serve_for(&mut self, left: Option<Duration>) {
        let span = self.call_deadline();
        self.agenda.until = self.links.now + left.map_or(span, |left| left.min(span));
    }

    /// No call is being served from here on.
    pub(crate) fn serve_no_more(&mut self) {
        self.agenda.until = Time::NEVER;
    }

    /// When the call that is being served has to be answered: a client's command, or a call between nodes, while its target runs. After
    /// that nobody waits for the answer. None in every other callback, and so in what a target has put off: keep it.
    ///
    /// Calls between nodes that a target makes have no more time than this, by themselves.
    ///
    /// ```
    /// # use oneloop::Context;
    /// use std::time::Duration;
    ///
    /// fn is_worth_it<S>(cx: &Context<'_, S>) -> bool {
    ///     cx.call_until().is_none_or(|until| until - cx.now() > Duration::from_millis(50))
    /// }
    /// ```
    #[must_use]
    pub fn call_until(&self) -> Option<Time> {
        (self.agenda.until != Time::NEVER).then_some(self.agenda.until)
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

    /// Says what is run from here on, in case it holds up the loop: what was run before is over.
    #[inline]
    pub fn label(&mut self, label: Label) {
        if self.agenda.steps.are_timed() {
            return self.label_timed(label);
        }
        self.agenda.steps.name(label);
    }

    /// The same for a command, as the hot way has it.
    #[inline]
    pub(crate) fn label_command(&mut self, command: u32) {
        if self.agenda.steps.are_timed() {
            return self.label_timed(Label::numbered("command", command));
        }
        self.agenda.steps.name_command(command);
    }

    #[cold]
    fn label_timed(&mut self, label: Label) {
        let before = self.agenda.steps.label();
        if self.agenda.steps.name(label) {
            let now = self.driver.now();
            self.agenda.steps.done(before, now);
            self.links.now = now;
        }
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
