//! A link to another collector, or to one of several, dialled when it is needed.
//!
//! ```text
//!            dial: the next remote           an answer
//!   no link ───────────────────────► fresh ────────────► proven
//!      ▲                               │ none came          │ a call failed, or the remote closed it
//!      └───────────────────────────────┴────────────────────┘
//! ```
//! A fresh link may lead nowhere: what is called first over it costs nothing if it is lost, as an empty `Log`. Then nobody has to guess
//! whether a batch that got no answer has ever reached anybody, and it may be sent to the next remote.

use std::cell::{Cell, RefCell};
use std::net::{IpAddr, SocketAddr};
use std::rc::{Rc, Weak};
use std::time::Duration;

use oneloop::thrift::{Binary, Caller};
use oneloop::{Address, Connect, Context, LinkId, LinkLimits, Result, SocketOptions};

use crate::scribe::config::settings::NetworkStore;

/// The largest frame that is sent: 17,000,000 bytes, for a single message that is as long as a collector may have been sent. A remote that
/// takes less, as Thrift's readers do by default (16,384,000), closes the link, and whatever is behind such a message waits: a collector
/// is to take no longer ones than those that it sends to.
pub const FRAME_BYTES_MAX: usize = 17_000_000;

/// A link to one of some remotes, if there is one.
pub struct Line {
    remotes: Vec<(String, u16)>,
    /// Counts the dials, and so says whose turn it is.
    dials: Cell<usize>,
    caller: RefCell<Option<Caller>>,
    is_proven: Cell<bool>,
    /// How many stores have it.
    stores: Cell<usize>,
}

/// The lines that stores share.
#[derive(Default)]
struct Lines(RefCell<Vec<Weak<Line>>>);

impl Line {
    /// The line of a store: its own, or the one that all with the same remotes share. The first remote is drawn by chance, so that not all
    /// collectors of a fleet go to one.
    pub fn of<S>(plan: &NetworkStore, cx: &mut Context<'_, S>) -> Rc<Self> {
        let line = match plan.shared_link {
            true => Self::shared(plan, cx),
            false => Rc::new(Self::new(plan, cx)),
        };
        line.stores.set(line.stores.get() + 1);
        line
    }

    fn shared<S>(plan: &NetworkStore, cx: &mut Context<'_, S>) -> Rc<Self> {
        let lines = match cx.part::<Lines>() {
            Some(lines) => lines,
            None => {
                cx.keep_part(Lines::default());
                cx.part::<Lines>().unwrap_or_default()
            }
        };
        let mut lines = lines.0.borrow_mut();
        // As many are kept as there are stores.
        lines.retain(|line| line.strong_count() > 0);
        let mut known = lines.iter().filter_map(Weak::upgrade);
        if let Some(line) = known.find(|line| line.remotes == plan.remotes) {
            return line;
        }
        let line = Rc::new(Self::new(plan, cx));
        lines.push(Rc::downgrade(&line));
        line
    }

    fn new<S>(plan: &NetworkStore, cx: &mut Context<'_, S>) -> Self {
        let mut drawn = [0; 4];
        // Without chance the first comes first, which is as good.
        _ = cx.random(&mut drawn);
        Self {
            remotes: plan.remotes.clone(),
            dials: Cell::new(u32::from_le_bytes(drawn) as usize),
            caller: RefCell::default(),
            is_proven: Cell::new(false),
            stores: Cell::new(0),
        }
    }

    /// The link that there is, or a new one: what is called over it is sent when it is up.
    ///
    /// # Errors
    /// As [`Context::connect`].
    pub fn caller<S: 'static>(&self, cx: &mut Context<'_, S>, timeout: Duration) -> Result<Caller> {
        let known = self.caller.borrow().clone();
        if let Some(caller) = known
            && caller.is_open(cx)
        {
            return Ok(caller);
        }
        self.is_proven.set(false);
        let connect = Connect::new(self.address())
            .limits(limits(timeout))
            .options(SocketOptions {
                // A remote whose machine is gone is missed before there is something to send.
                keepalive: Some(KEEPALIVE),
                ..SocketOptions::default()
            });
        // A host's name is looked up by the driver, on a thread of its own.
        let caller = Caller::connect::<Binary, S>(cx, connect)?;
        self.caller.replace(Some(caller.clone()));
        Ok(caller)
    }

    /// Whether the present link has answered something.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.is_proven.get()
    }

    /// This link has answered.
    pub fn prove(&self, link: LinkId) {
        if self.is(link) {
            self.is_proven.set(true);
        }
    }

    /// Closes this link, if it is still the one that there is. The next one leads to the next remote.
    pub fn close<S>(&self, link: LinkId, cx: &mut Context<'_, S>) {
        if self.is(link) {
            self.close_any(cx);
            self.dials.set(self.dials.get().wrapping_add(1));
        }
    }

    /// A store has it no more. With the last one goes the link.
    pub fn leave<S>(&self, cx: &mut Context<'_, S>) {
        let left = self.stores.get().saturating_sub(1);
        self.stores.set(left);
        if left == 0 {
            self.close_any(cx);
        }
    }

    fn close_any<S>(&self, cx: &mut Context<'_, S>) {
        let caller = self.caller.take();
        self.is_proven.set(false);
        if let Some(caller) = caller {
            caller.close(cx);
        }
    }

    /// How many remotes there are.
    #[must_use]
    pub fn remotes_len(&self) -> usize {
        self.remotes.len()
    }

    /// Where the present link leads, or the next one.
    #[must_use]
    pub fn address(&self) -> Address {
        let turn = self.dials.get() % self.remotes.len().max(1);
        match self.remotes.get(turn) {
            Some((host, port)) => match host.parse::<IpAddr>() {
                Ok(ip) => SocketAddr::new(ip, *port).into(),
                Err(_) => Address::Name(host.clone(), *port),
            },
            None => Address::Unnamed,
        }
    }

    fn is(&self, link: LinkId) -> bool {
        let caller = self.caller.borrow();
        caller.as_ref().is_some_and(|it| it.link() == link)
    }
}

fn limits(timeout: Duration) -> LinkLimits {
    let timeout = timeout.max(TIMEOUT_MIN);
    LinkLimits {
        frame_bytes_max: ANSWER_BYTES_MAX,
        frame_out_bytes_max: FRAME_BYTES_MAX,
        // A long message behind the calls of others who share the link.
        outbox_bytes_max: 4 * FRAME_BYTES_MAX,
        call_deadline: timeout,
        connect_deadline: timeout,
        write_deadline: timeout,
        ..LinkLimits::default()
    }
}

/// A deadline of nothing would be none.
const TIMEOUT_MIN: Duration = Duration::from_millis(1);
/// The largest frame that is taken: an answer is a number, or a text that says what went wrong.
const ANSWER_BYTES_MAX: usize = 64 << 10;
const KEEPALIVE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_make_sense_however_short_the_timeout() {
        for timeout in [Duration::ZERO, TIMEOUT_MIN, Duration::MAX] {
            assert_eq!(limits(timeout).check(), Ok(()), "{timeout:?}");
        }
    }

    #[test]
    fn remotes_take_turns_and_are_addresses_or_names() {
        let remotes = [("ann", 1), ("10.0.0.5", 2), ("::1", 3)];
        let line = Line {
            remotes: remotes.map(|(host, port)| (host.to_owned(), port)).into(),
            dials: Cell::new(0),
            caller: RefCell::default(),
            is_proven: Cell::new(false),
            stores: Cell::new(0),
        };
        for address in ["ann:1", "10.0.0.5:2", "[::1]:3", "ann:1"] {
            assert_eq!(line.address().to_string(), address);
            line.dials.set(line.dials.get() + 1);
        }
        line.dials.set(usize::MAX);
        assert!(line.address().port().is_some());
    }
}
