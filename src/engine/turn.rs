//! The order of a turn.

use std::time::Duration;

use crate::context::{
    CALLBACK_CANCELLED, CALLBACK_SETTLED, CallbackKey, Cause, Context, Driver, Due, Letter, LinkId,
    Run, Stop, Tick,
};
use crate::deferred::{Ready, Ticket};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::time::Time;

impl<S, D: Driver> Engine<S, D> {
    /// The driver's events are about to be told.
    pub(crate) fn begin_turn(&mut self) {
        let now = self.driver.now();
        self.links.now = now;
        self.turn_began = now;
        self.agenda.steps.begin_turn(now);
        self.due.append(&mut self.links.ready);
    }

    /// All events are told: does the rest, and closes what was ordered to close.
    pub(crate) fn end_turn(&mut self) {
        // Those set from here on are for the turn after this.
        let postponed = std::mem::take(&mut self.agenda.next_turn);
        self.accept_waiting();
        self.serve_ready();
        for key in postponed {
            self.call_back(key, Cause::Settled);
        }
        self.read_letters();
        self.fire_timers();
        self.carry_on();
        self.stop_if_ordered();
        self.flush();
        self.close_doomed();
        // What a closing session had to say to others goes out with this turn too.
        self.flush();
        self.close_doomed();
        self.conclude_draining();
        self.count_turn();
        if cfg!(debug_assertions) {
            self.check();
        }
    }

    /// How long the driver may wait for events: not at all if there is work, else until the next timer; `None` for ever.
    pub(crate) fn patience(&mut self) -> Option<Duration> {
        let work = self.agenda.has_work()
            || !self.links.ready.is_empty()
            || !self.due.is_empty()
            || !self.links.dirty.is_empty()
            || !self.links.doomed.is_empty()
            || !self.listeners.waiting.is_empty();
        if work {
            return Some(Duration::ZERO);
        }
        let next = self.agenda.timers.next()?;
        Some(next - self.driver.now())
    }

    /// Other threads put letters into the mailbox.
    pub(crate) const fn mail_came(&mut self) {
        self.agenda.mail_waits = true;
    }

    /// The world outside asks the loop to stop; a second time it means at once.
    pub(crate) fn interrupt(&mut self) {
        match self.agenda.stop {
            Stop::No => self.context().stop(),
            Stop::Ordered { .. } | Stop::Draining => self.context().stop_now(),
            Stop::Done => {}
        }
    }

    /// The world outside calls for something.
    pub(crate) fn signalled(&mut self, callback: impl FnOnce(&mut Context<'_, S>)) {
        self.run("a signal", callback);
    }

    fn read_letters(&mut self) {
        if self.agenda.mail_waits && self.agenda.letters.is_empty() {
            // Not before the last ones are read: what waits is bounded by the mailbox, which refuses when it is full.
            self.agenda.mail_waits = false;
            self.agenda.letters = self.agenda.mailbox.empty().into();
        }
        let before = self.links.counters.posts;
        for _ in 0..self.agenda.limits.posts_per_turn_max {
            let Some(letter) = self.agenda.letters.pop_front() else {
                break;
            };
            match letter {
                Letter::Run(closure) => {
                    self.links.counters.posts += 1;
                    self.run("a posted closure", closure);
                }
                Letter::Settle(id, outcome) => {
                    if let Some(acceptor) = self.agenda.take_remote(id) {
                        self.run("a settled promise", |_| acceptor.accept(outcome));
                    } else {
                        self.drop_safely("a late outcome", outcome);
                    }
                }
                Letter::Stop { at_once: false } => self.context().stop(),
                Letter::Stop { at_once: true } => self.context().stop_now(),
            }
        }
        let ran = self.links.counters.posts - before;
        if ran > 0 {
            self.links.counters.posts_refused = self.agenda.mailbox.ran(ran as usize);
        }
    }

    fn fire_timers(&mut self) {
        // One time for all, so that a callback that sets a timer of no length does not keep the loop here.
        let now = self.links.now;
        for _ in 0..self.agenda.limits.timers_per_turn_max {
            let Some((_, due)) = self.agenda.timers.pop_due(now) else {
                return;
            };
            match due {
                Due::Link(id) => self.link_due(id),
                Due::Listener(id) => self.retry_accepting(id),
                Due::Drain => self.drain_due(),
                Due::Callback(key) => {
                    self.links.counters.timers_fired += 1;
                    self.fire(key, now);
                }
            }
        }
    }

    fn fire(&mut self, key: CallbackKey, now: Time) {
        let Some(entry) = self.agenda.callbacks.get_mut(key) else {
            return;
        };
        entry.timer = None;
        let Run::Every(every) = &mut entry.run else {
            return self.call_back(key, Cause::Expired);
        };
        let Some(mut callback) = every.run.take() else {
            return;
        };
        let (due, period) = (every.due, every.period);
        let skipped = ((now - due).as_nanos() / period.as_nanos()) as u64;
        let tick = Tick {
            due: due + nanos(period, skipped),
            skipped,
        };
        let outcome = self.run("a timer", |cx| callback(cx, tick));
        // It may have cancelled itself, and one that panicked is not called again.
        let next = tick.due + period;
        match self.agenda.callbacks.get_mut(key) {
            Some(entry) if outcome.is_some() => {
                if let Run::Every(every) = &mut entry.run {
                    every.due = next;
                    every.run = Some(callback);
                }
                entry.timer = Some(self.agenda.timers.arm(next, Due::Callback(key)));
            }
            Some(_) => {
                let entry = self.agenda.callbacks.remove(key);
                self.drop_safely("a timer", (entry, callback));
            }
            None => self.drop_safely("a timer", callback),
        }
    }

    /// Runs a callback that waited, for what it was waiting for.
    fn call_back(&mut self, key: CallbackKey, cause: Cause) {
        let Some(entry) = self.agenda.callbacks.remove(key) else {
            return;
        };
        if let Some(timer) = entry.timer {
            self.agenda.timers.cancel(timer);
        }
        let label = if cause == Cause::Expired {
            "a timer"
        } else {
            "a deferred"
        };
        match entry.run {
            Run::Once(callback) => self.run(label, callback),
            Run::First(callback) => self.run(label, |cx| callback(cx, cause)),
            Run::Every(_) => None,
        };
    }

    /// Carries on with deferreds that are settled.
    fn carry_on(&mut self) {
        for _ in 0..self.agenda.limits.continuations_per_turn_max {
            match self.agenda.ready.pop() {
                None => return,
                Some(Ready::Job(job)) => _ = self.run("a deferred", |_| job.run()),
                Some(Ready::Ticket(Ticket {
                    owner: CALLBACK_SETTLED,
                    call,
                })) => {
                    self.call_back(CallbackKey::from_u64(call), Cause::Settled);
                }
                Some(Ready::Ticket(Ticket {
                    owner: CALLBACK_CANCELLED,
                    call,
                })) => {
                    self.call_back(CallbackKey::from_u64(call), Cause::Cancelled);
                }
                Some(Ready::Ticket(Ticket { owner, call })) => {
                    let id = LinkId::from_u64(owner);
                    if !self.links.get(id).is_some_and(|link| link.takes_answers()) {
                        continue;
                    }
                    self.call(id, "a reply that came later", |session, cx| {
                        session.answered(call, cx)
                    });
                }
            }
        }
    }

    fn count_turn(&mut self) {
        let counters = &mut self.links.counters;
        counters.turns += 1;
        counters.outbox_bytes_peak = counters.outbox_bytes_peak.max(counters.outbox_bytes);
        let now = self.driver.now();
        self.links.now = now;
        let took = now - self.turn_began;
        let counters = &mut self.links.counters;
        let slow = took >= self.agenda.limits.turn_warn;
        if took > counters.turn_longest {
            counters.turn_longest = took;
            counters.turn_longest_by = self.agenda.steps.blame();
        }
        if slow {
            counters.turns_slow += 1;
            let (took, blame) = (took.as_secs_f64() * 1e3, self.agenda.steps.blame());
            log::warn!("a turn took {took:.0} ms, held up by {blame}");
            self.agenda.steps.suspect(now);
        }
    }

    /// Runs `start` with the context, outside of any event.
    pub(crate) fn start<R>(
        &mut self,
        start: impl FnOnce(&mut Context<'_, S>) -> Result<R>,
    ) -> Result<R> {
        self.begin_turn();

        self.run("the start", start)
            .unwrap_or_else(|| Err(Error::Panicked("the start".into())))
    }
}

/// `count` periods.
fn nanos(period: Duration, count: u64) -> Duration {
    Duration::from_nanos((period.as_nanos() * u128::from(count)).min(u128::from(u64::MAX)) as u64)
}
