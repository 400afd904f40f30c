//! One turn of the loop: the rules that every driver shares.
//!
//! ```text
//!  the driver's events          one turn
//!  ───────────────────          ────────
//!  acceptable(listener) ─┐      accept what a budget left over
//!  readable(link)       ─┼──►   read what a budget left over
//!  writable(link)       ─┘      letters from other threads, due timers, settled deferreds
//!                               write every link that has output, once
//!                               close what was ordered to close
//! ```
//! Whatever an early exit leaves undone stands on a list, or has a timer: readiness is told once.

mod accept;
mod call;
mod close;
mod serve;
mod turn;

#[cfg(test)]
mod memory;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::buffer::SparePool;
use crate::context::{Agenda, Context, Driver, Limits, LinkId, Links, Listeners, Mailbox, Stop};
use crate::error::Result;
use crate::time::Time;

/// The state, the links and what is to be done, over some world.
pub(crate) struct Engine<S, D> {
    pub(crate) state: S,
    pub(crate) driver: D,
    links: Links<S>,
    agenda: Agenda<S>,
    listeners: Listeners<S>,
    /// Where every link's bytes are read: a link without a part frame owns no memory for input.
    scratch: Box<[u8]>,
    /// Links to be served in this turn without a new event.
    due: VecDeque<LinkId>,
    /// Buffers for part frames, between uses.
    spare: SparePool,
    turn_began: Time,
    /// Turns since a stopping loop had nothing left but work that its own callbacks put off.
    turns_settling: u32,
}

impl<S, D: Driver> Engine<S, D> {
    pub(crate) fn new(
        state: S,
        mut driver: D,
        limits: Limits,
        mailbox: Arc<Mailbox<S>>,
    ) -> Result<Self> {
        limits.check()?;
        log::debug!("{limits:?}");
        let now = driver.now();
        let mut links = Links::new(limits.buffered_bytes_max);
        links.now = now;
        Ok(Self {
            state,
            driver,
            links,
            scratch: vec![0; limits.link.read_bytes_per_turn_max.min(1 << 20)].into(),
            due: VecDeque::new(),
            spare: SparePool::default(),
            agenda: Agenda::new(limits, mailbox),
            listeners: Listeners::default(),
            turn_began: now,
            turns_settling: 0,
        })
    }

    /// What a callback gets, here given to the one who drives.
    pub(crate) fn context(&mut self) -> Context<'_, S> {
        Context {
            state: &mut self.state,
            links: &mut self.links,
            agenda: &mut self.agenda,
            listeners: &mut self.listeners,
            driver: &mut self.driver,
        }
    }

    /// Whether it has stopped: nothing is left to be done.
    pub(crate) fn is_done(&self) -> bool {
        self.agenda.stop == Stop::Done
    }

    /// What the last panic of a handler or a callback said, if there was one.
    #[cfg(feature = "sim")]
    pub(crate) fn last_panic(&self) -> Option<&str> {
        self.links.panicked.as_deref()
    }

    /// What is still open, with its name. Of a loop that has stopped, what its application keeps (timers, callbacks) is not: it would
    /// have gone on for ever. Nor are its jobs: it waited for them, or was told to stop at once and gave them up.
    #[cfg(feature = "sim")]
    pub(crate) fn left_over(&self) -> Vec<(&'static str, usize)> {
        let counters = &self.links.counters;
        let mut left = vec![
            ("links", self.links.len()),
            ("open calls", counters.calls_open as usize),
            ("bytes to be sent", counters.outbox_bytes),
            ("bytes of part frames", counters.inbox_bytes),
        ];
        if !self.is_done() {
            left.extend([
                ("blocking jobs", self.agenda.remotes_len()),
                ("timers", self.agenda.timers.len()),
                ("callbacks that wait", self.agenda.callbacks.len()),
                ("promises", self.agenda.ready.open()),
                ("settled deferreds", self.agenda.ready.len()),
                (
                    "letters",
                    self.agenda.letters.len() + self.agenda.mailbox.len(),
                ),
            ]);
        }
        left
    }

    /// Whether what is counted is what is there, and whoever has work is on a list or has a timer.
    ///
    /// # Panics
    /// If not: a bug here.
    pub(crate) fn check(&self) {
        self.links.check();
        self.listeners.check();
    }
}

impl<S, D> Drop for Engine<S, D> {
    /// Breaks the circle of promises that wait in the queue that they hold.
    fn drop(&mut self) {
        drop(self.agenda.mailbox.close());
        self.agenda.ready.close();
    }
}
