//! The loop on mio: sockets, the clock of the system, threads and signals. Alone names them.

mod door;
mod signals;
mod sockets;
mod stream;
mod workers;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mio::{Events, Poll, Token, Waker};

use crate::context::{
    Address, Connect, Context, Counters, Handle, Limits, LinkId, Listen, ListenerId, Mailbox,
    Protocol,
};
use crate::engine::Engine;
use crate::error::Result;
use crate::reactor::signals::{Signals, Told};
use crate::reactor::sockets::Sockets;
use crate::reactor::workers::Workers;

/// The loop on mio: one thread that polls, reads, calls, and writes.
///
/// ```no_run
/// use oneloop::{CommandService, DataPack, Reactor};
///
/// # fn main() -> oneloop::Result<()> {
/// let mut echo = CommandService::new();
/// echo.on(1, |call| call.reply(call.body()))?;
/// let mut reactor = Reactor::new(())?; // () is the application's state
/// reactor.listen("127.0.0.1:7000", DataPack::default(), echo)?;
/// reactor.stop_on_signals()?; // SIGINT and SIGTERM drain; a second one stops at once
/// reactor.run()
/// # }
/// ```
pub struct Reactor<S> {
    engine: Engine<S, Sockets>,
    poll: Poll,
    events: Events,
    signals: Signals<S>,
    handle: Handle<S>,
}

const WAKER: Token = Token(usize::MAX);
const SIGNALS: Token = Token(usize::MAX - 1);
/// The bit that a listener's slot has in its token, and a link's has not.
const LISTENER: u32 = 1 << 31;
/// Events taken at once. What is beyond them comes with the next poll.
const EVENTS_MAX: usize = 1024;
/// mio's back end on poll(2) forgets a wake-up if a descriptor is deregistered before it is seen (tokio-rs/mio#1874): under it the
/// mailbox is looked at in every turn, and no turn is far off.
const WAKES_GET_LOST: bool = cfg!(mio_unsupported_force_poll_poll);
/// The longest that a poll waits: what a clock of the system does in suspend is noticed by then.
const POLL_MAX: Duration = if WAKES_GET_LOST {
    Duration::from_millis(20)
} else {
    Duration::from_secs(3600)
};

fn link_token(link: LinkId) -> Token {
    Token(link.as_u64() as usize)
}

fn listener_token(listener: ListenerId) -> Token {
    Token(listener.as_u64() as usize | LISTENER as usize)
}

impl<S> Reactor<S> {
    /// A loop over `state`, with the default limits.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the system has no poll to give.
    pub fn new(state: S) -> Result<Self>
    where
        S: 'static,
    {
        Self::with_limits(state, Limits::default())
    }

    /// A loop over `state`, with these limits.
    ///
    /// # Errors
    /// [`Error::Misuse`](crate::Error::Misuse) if the limits make no sense, [`Error::Io`](crate::Error::Io) if the system has no
    /// poll to give.
    pub fn with_limits(state: S, limits: Limits) -> Result<Self>
    where
        S: 'static,
    {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
        let workers = Workers::new(limits.worker_threads_max, limits.worker_queue_max);
        let sockets = Sockets::new(poll.registry().try_clone()?, Arc::clone(&waker), workers);
        let bell = Box::new(move || {
            if let Err(error) = waker.wake() {
                log::error!("the loop could not be woken: {error}");
            }
        });
        let mailbox = Arc::new(Mailbox::new(limits.posts_max, bell));
        let handle = Handle::new(Arc::clone(&mailbox));
        let engine = Engine::new(state, sockets, limits, mailbox)?;
        Ok(Self {
            engine,
            poll,
            events: Events::with_capacity(EVENTS_MAX),
            signals: Signals::default(),
            handle,
        })
    }

    /// Has SIGINT and SIGTERM stop the loop: the first lets it finish what it began, within the drain deadline; a second stops it at
    /// once. One that has [a callback of its own](Self::on_signal) runs that instead.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the handlers cannot be installed.
    pub fn stop_on_signals(&mut self) -> Result<()> {
        self.signals.stop_on(self.poll.registry(), SIGNALS)
    }

    /// Runs `callback` on the loop when the process gets this signal, by its number: SIGHUP is 1, SIGUSR1 10 on Linux. What the system does
    /// at that signal otherwise, such as ending the process, it does no more. Signals of one number that come close together may be one
    /// call. A callback for a number that has one takes its place, also if that is to [stop](Self::stop_on_signals): to stop is its
    /// business then.
    ///
    /// ```no_run
    /// # use oneloop::Reactor;
    /// # fn main() -> oneloop::Result<()> {
    /// # let mut reactor = Reactor::new(0)?;
    /// reactor.on_signal(1, |cx| *cx.state += 1)?; // SIGHUP
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Misuse`](crate::Error::Misuse) if nobody can wait for such a signal: SIGKILL and SIGSTOP, those of a process that went
    /// wrong (SIGILL, SIGFPE, SIGSEGV), and what is no number of a signal; [`Error::Io`](crate::Error::Io) if the handler cannot be
    /// installed.
    pub fn on_signal(
        &mut self,
        signal: i32,
        callback: impl FnMut(&mut Context<'_, S>) + 'static,
    ) -> Result<()> {
        let registry = self.poll.registry();
        self.signals
            .call_on(registry, SIGNALS, signal, Box::new(callback))
    }

    /// See [`Context::listen`].
    ///
    /// # Errors
    /// See there.
    pub fn listen<C>(
        &mut self,
        listen: impl Into<Listen>,
        codec: C,
        service: impl Protocol<S, C>,
    ) -> Result<ListenerId> {
        self.engine.context().listen(listen, codec, service)
    }

    /// The address that a listener has: with port 0 asked for, the port it became.
    pub fn listener_address(&mut self, listener: ListenerId) -> Option<Address> {
        self.engine.context().listener_address(listener).cloned()
    }

    /// See [`Context::connect`].
    ///
    /// # Errors
    /// See there.
    pub fn connect<C>(
        &mut self,
        connect: impl Into<Connect>,
        codec: C,
        service: impl Protocol<S, C>,
    ) -> Result<LinkId> {
        self.engine.begin_turn();
        self.engine.context().connect(connect, codec, service)
    }

    /// Runs `start`, which sets up an application: listeners, timers, connections.
    ///
    /// # Errors
    /// What `start` gives, or [`Error::Panicked`](crate::Error::Panicked).
    pub fn start<R>(&mut self, start: impl FnOnce(&mut Context<'_, S>) -> Result<R>) -> Result<R> {
        self.engine.start(start)
    }

    /// Runs until the loop is stopped: by [`Context::stop`], a [`Handle`], or a signal.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the poll fails. Nothing else ends the loop.
    pub fn run(&mut self) -> Result<()> {
        while self.turn(None)? {}
        Ok(())
    }

    /// One turn: waits for events, for `at_most` if that is given, and does what there is to do. False when the loop has stopped.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn turn(&mut self, at_most: Option<Duration>) -> Result<bool> {
        if self.engine.is_done() {
            return Ok(false);
        }
        let patience = self
            .engine
            .patience()
            .into_iter()
            .chain(at_most)
            .min()
            .unwrap_or(POLL_MAX);
        match self
            .poll
            .poll(&mut self.events, Some(patience.min(POLL_MAX)))
        {
            Ok(()) => {}
            // A signal with a handler of somebody else's: the time to wait is reckoned anew.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => self.events.clear(),
            Err(error) => return Err(error.into()),
        }
        self.engine.begin_turn();
        let mut woken = WAKES_GET_LOST;
        for event in &self.events {
            let token = event.token();
            match token {
                WAKER => woken = true,
                SIGNALS => {
                    for signal in self.signals.pending() {
                        match self.signals.told(signal) {
                            Told::Stop => self.engine.interrupt(),
                            Told::Call(callback) => self.engine.signalled(callback),
                        }
                    }
                }
                Token(number) if number as u32 & LISTENER != 0 => {
                    let number = number as u64;
                    let (slot, generation) = (number as u32 & !LISTENER, (number >> 32) as u32);
                    self.engine.acceptable(ListenerId { slot, generation });
                }
                Token(number) => {
                    let link = LinkId::from_u64(number as u64);
                    if event.is_error() {
                        self.engine.failed(link);
                    }
                    if event.is_writable() || event.is_error() {
                        self.engine.writable(link);
                    }
                    if event.is_readable() || event.is_read_closed() || event.is_error() {
                        // After these a read that comes short may not be the last.
                        let uneven =
                            event.is_read_closed() || event.is_error() || event.is_priority();
                        self.engine.readable(link, uneven);
                    }
                }
            }
        }
        if woken {
            for link in self.engine.driver.take_up_resolved() {
                self.engine.writable(link);
            }
            self.engine.mail_came();
        }
        self.engine.end_turn();
        Ok(!self.engine.is_done())
    }

    /// A handle for other threads.
    #[must_use]
    pub fn handle(&self) -> Handle<S> {
        self.handle.clone()
    }

    /// The application's state.
    #[must_use]
    pub const fn state(&self) -> &S {
        &self.engine.state
    }

    /// The application's state, to be changed.
    #[must_use]
    pub const fn state_mut(&mut self) -> &mut S {
        &mut self.engine.state
    }

    /// What happened so far, in numbers.
    pub fn counters(&mut self) -> Counters {
        self.engine.context().counters()
    }
}

impl<S> fmt::Debug for Reactor<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reactor")
            .field("done", &self.engine.is_done())
            .finish_non_exhaustive()
    }
}
