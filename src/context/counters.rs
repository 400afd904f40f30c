//! What happened, in numbers.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::context::ReasonKind;

/// What a loop did since it began, and what it holds now. Read it by [`Context::counters`](crate::Context::counters); print it, and it
/// is a table.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Connections accepted and served.
    pub accepted: u64,
    /// Connections accepted and closed at once: over `links_max`, or no descriptors.
    pub refused: u64,
    /// Accepts that failed, whatever the cause.
    pub accepts_failed: u64,
    /// Connections dialled.
    pub dialled: u64,
    /// Dialled connections that came up.
    pub connected: u64,
    /// Links closed, by the place of the reason's kind.
    pub(crate) closed_by: [u64; ReasonKind::ALL.len()],
    /// Links open now, or on their way in or out.
    pub links_open: usize,
    /// Whole frames that came.
    pub frames_in: u64,
    /// Frames put on their way: replies and pushes.
    pub frames_out: u64,
    /// Bytes read.
    pub bytes_in: u64,
    /// Bytes written.
    pub bytes_out: u64,
    /// Calls whose reply was to come later.
    pub calls_deferred: u64,
    /// Of those, unanswered now.
    pub calls_open: u64,
    /// Calls that failed for want of an answer by their deadline.
    pub calls_expired: u64,
    /// Calls between nodes that were set aside, since they wait for a node that is slow: forwarded commands, whose clients are not read
    /// until they are answered. Counted at both ends.
    pub calls_set_aside: u64,
    /// Replies that came when nobody waited any more: the link was gone, or the deadline past.
    pub replies_late: u64,
    /// Handlers that returned an error, or whose promise failed.
    pub handlers_failed: u64,
    /// Handlers and callbacks that panicked.
    pub panics: u64,
    /// Frames with a command that nobody serves.
    pub commands_unknown: u64,
    /// Frames pushed: not in answer to anything.
    pub pushes: u64,
    /// Pushes that a link did not take: gone, or too slow.
    pub pushes_refused: u64,
    /// Bytes waiting to be sent now.
    pub outbox_bytes: usize,
    /// The most that ever waited to be sent at the end of a turn, in bytes.
    pub outbox_bytes_peak: usize,
    /// Bytes of part frames, and of frames not yet handled, now.
    pub inbox_bytes: usize,
    /// Closures posted from other threads and run.
    pub posts: u64,
    /// Closures posted and refused, as of the last that was run.
    pub posts_refused: u64,
    /// Timers that fired.
    pub timers_fired: u64,
    /// Timers pending now.
    pub timers_open: usize,
    /// Blocking jobs given to the worker pool.
    pub jobs: u64,
    /// Of those, unfinished now.
    pub jobs_open: usize,
    /// Blocking jobs refused.
    pub jobs_refused: u64,
    /// Turns of the loop.
    pub turns: u64,
    /// Turns that took longer than `turn_warn`.
    pub turns_slow: u64,
    /// The longest turn.
    pub turn_longest: Duration,
    /// What held that turn up.
    pub turn_longest_by: Label,
}

impl Counters {
    /// Links closed, whatever the reason.
    #[must_use]
    pub fn closed(&self) -> u64 {
        self.closed_by.iter().sum()
    }

    /// Links closed for a reason of this kind.
    #[must_use]
    pub const fn closed_by(&self, kind: ReasonKind) -> u64 {
        self.closed_by[kind as usize]
    }

    /// Each by the name of its field, those of links closed as `closed_slow_reader` and so on, the longest turn in microseconds: for
    /// who tells them elsewhere.
    ///
    /// ```
    /// # fn tell<S>(cx: &oneloop::Context<'_, S>) {
    /// for (name, value) in cx.counters().named() {
    ///     println!("{name} {value}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn named(&self) -> Vec<(Cow<'static, str>, u64)> {
        // Taken apart whole, so that none is forgotten.
        let Self {
            accepted,
            refused,
            accepts_failed,
            dialled,
            connected,
            closed_by: _,
            links_open,
            frames_in,
            frames_out,
            bytes_in,
            bytes_out,
            calls_deferred,
            calls_open,
            calls_expired,
            calls_set_aside,
            replies_late,
            handlers_failed,
            panics,
            commands_unknown,
            pushes,
            pushes_refused,
            outbox_bytes,
            outbox_bytes_peak,
            inbox_bytes,
            posts,
            posts_refused,
            timers_fired,
            timers_open,
            jobs,
            jobs_open,
            jobs_refused,
            turns,
            turns_slow,
            turn_longest,
            turn_longest_by: _,
        } = self;
        let now = |count: &usize| u64::try_from(*count).unwrap_or(u64::MAX);
        let named = [
            ("accepted", *accepted),
            ("refused", *refused),
            ("accepts_failed", *accepts_failed),
            ("dialled", *dialled),
            ("connected", *connected),
            ("links_open", now(links_open)),
            ("frames_in", *frames_in),
            ("frames_out", *frames_out),
            ("bytes_in", *bytes_in),
            ("bytes_out", *bytes_out),
            ("calls_deferred", *calls_deferred),
            ("calls_open", *calls_open),
            ("calls_expired", *calls_expired),
            ("calls_set_aside", *calls_set_aside),
            ("replies_late", *replies_late),
            ("handlers_failed", *handlers_failed),
            ("panics", *panics),
            ("commands_unknown", *commands_unknown),
            ("pushes", *pushes),
            ("pushes_refused", *pushes_refused),
            ("outbox_bytes", now(outbox_bytes)),
            ("outbox_bytes_peak", now(outbox_bytes_peak)),
            ("inbox_bytes", now(inbox_bytes)),
            ("posts", *posts),
            ("posts_refused", *posts_refused),
            ("timers_fired", *timers_fired),
            ("timers_open", now(timers_open)),
            ("jobs", *jobs),
            ("jobs_open", now(jobs_open)),
            ("jobs_refused", *jobs_refused),
            ("turns", *turns),
            ("turns_slow", *turns_slow),
            (
                "turn_longest_us",
                u64::try_from(turn_longest.as_micros()).unwrap_or(u64::MAX),
            ),
            ("closed", self.closed()),
        ];
        let reasons = ReasonKind::ALL.iter().map(|&kind| {
            let name = format!("closed_{}", kind.name().replace(' ', "_"));
            (Cow::Owned(name), self.closed_by(kind))
        });
        let named = named.map(|(name, value)| (Cow::Borrowed(name), value));
        named.into_iter().chain(reasons).collect()
    }
}

impl fmt::Display for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "links     {} accepted, {} refused, {} accepts failed, {} dialled ({} came up), {} open",
            self.accepted,
            self.refused,
            self.accepts_failed,
            self.dialled,
            self.connected,
            self.links_open
        )?;
        write!(f, "closed    {}", self.closed())?;
        let mut between = " (";
        for &kind in ReasonKind::ALL
            .iter()
            .filter(|&&kind| self.closed_by(kind) > 0)
        {
            write!(f, "{between}{} {}", self.closed_by(kind), kind.name())?;
            between = ", ";
        }
        writeln!(f, "{}", if self.closed() > 0 { ")" } else { "" })?;
        writeln!(
            f,
            "frames    {} in, {} out, {} pushed, {} pushes refused",
            self.frames_in, self.frames_out, self.pushes, self.pushes_refused
        )?;
        writeln!(
            f,
            "bytes     {} in, {} out; waiting: {} to be sent ({} at most), {} come in part",
            self.bytes_in,
            self.bytes_out,
            self.outbox_bytes,
            self.outbox_bytes_peak,
            self.inbox_bytes
        )?;
        writeln!(
            f,
            "calls     {} deferred, {} open, {} expired, {} set aside, {} late replies, {} failed, {} panics, {} unknown",
            self.calls_deferred,
            self.calls_open,
            self.calls_expired,
            self.calls_set_aside,
            self.replies_late,
            self.handlers_failed,
            self.panics,
            self.commands_unknown
        )?;
        writeln!(
            f,
            "besides   {} posts ({} refused), {} jobs ({} refused, {} open), {} timers fired ({} open)",
            self.posts,
            self.posts_refused,
            self.jobs,
            self.jobs_refused,
            self.jobs_open,
            self.timers_fired,
            self.timers_open
        )?;
        write!(
            f,
            "turns     {}, {} slow, longest {:.3} ms by {}",
            self.turns,
            self.turns_slow,
            self.turn_longest.as_secs_f64() * 1e3,
            self.turn_longest_by
        )
    }
}

/// What a callback was run for: short enough to be noted for each one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Label {
    kind: &'static str,
    number: Option<u32>,
}

const ONE_OF: &str = "one of";

impl Label {
    /// A kind of work without a number: `"timer"`.
    #[must_use]
    pub const fn new(kind: &'static str) -> Self {
        Self { kind, number: None }
    }

    /// One of so many.
    pub(crate) const fn one_of(count: u32) -> Self {
        Self {
            kind: ONE_OF,
            number: Some(count),
        }
    }

    /// A kind of work with a number: `"command"`, 7.
    #[must_use]
    pub const fn numbered(kind: &'static str, number: u32) -> Self {
        Self {
            kind,
            number: Some(number),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, self.number) {
            ("", _) => f.write_str("nothing"),
            (ONE_OF, Some(count)) => write!(f, "one of {count} steps (the next slow one is named)"),
            (kind, None) => f.write_str(kind),
            (kind, Some(number)) => write!(f, "{kind} {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn each_has_a_name_of_its_own() {
        let mut counters = Counters {
            accepted: 1,
            links_open: 2,
            turn_longest: Duration::from_millis(3),
            ..Counters::default()
        };
        counters.closed_by[ReasonKind::SlowReader as usize] = 4;
        let named = counters.named();
        let by_name: BTreeMap<_, _> = named.iter().cloned().collect();
        assert_eq!(by_name.len(), named.len(), "no name twice");
        for (name, value) in [
            ("accepted", 1),
            ("links_open", 2),
            ("turn_longest_us", 3000),
            ("closed", 4),
            ("closed_slow_reader", 4),
            ("closed_idle", 0),
        ] {
            assert_eq!(by_name.get(name), Some(&value), "{name}");
        }
    }
}
