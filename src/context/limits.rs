//! The most of everything.

use std::time::Duration;

use crate::error::Misuse;

/// Limits of one loop. Every one has a default that is safe, and none is unlimited.
///
/// ```
/// use oneloop::{Limits, LinkLimits};
///
/// let limits = Limits { links_max: 500, link: LinkLimits { calls_max: 16, ..LinkLimits::default() }, ..Limits::default() };
/// assert!(limits.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once, accepted and dialled. A further one is accepted and closed at once, and counted as refused. 10,000. Nodes
    /// (feature `node`) have some kept for their own links, which other listeners do not take: one for each remote; and 64 for each root's
    /// children, but not more than a quarter of all.
    pub links_max: usize,
    /// Bytes buffered over all links, in and out. Above it accepting pauses, a link that has more than its low mark waiting and wants
    /// to send still more is dropped as a slow reader, and one whose part frame grows is dropped for want of memory. 256 MiB.
    pub buffered_bytes_max: usize,
    /// Connections accepted from one listener before others have their turn. 64.
    pub accepts_per_turn_max: u32,
    /// Posted closures run before others have their turn. 1,024.
    pub posts_per_turn_max: u32,
    /// Posted closures that may wait; a further one is refused. 65,536.
    pub posts_max: usize,
    /// Due timers run before others have their turn. 1,024.
    pub timers_per_turn_max: u32,
    /// Settled deferreds carried on before others have their turn. 4,096.
    pub continuations_per_turn_max: u32,
    /// Threads for blocking work, started when first needed. 4.
    pub worker_threads_max: usize,
    /// Blocking jobs that may wait for a thread; a further one is refused at once. 1,024.
    pub worker_queue_max: usize,
    /// How long a stopping loop waits for its links and blocking jobs. 10 s.
    pub drain_deadline: Duration,
    /// A turn that takes longer is logged with the handler that held it up. (Of several handlers in one turn it is known once there was
    /// a slow turn in the last minute: only then is each timed.) 100 ms.
    pub turn_warn: Duration,
    /// The limits of a link whose listener or dialler names no others.
    pub link: LinkLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            links_max: 10_000,
            buffered_bytes_max: 256 << 20,
            accepts_per_turn_max: 64,
            posts_per_turn_max: 1024,
            posts_max: 65_536,
            timers_per_turn_max: 1024,
            continuations_per_turn_max: 4096,
            worker_threads_max: 4,
            worker_queue_max: 1024,
            drain_deadline: Duration::from_secs(10),
            turn_warn: Duration::from_millis(100),
            link: LinkLimits::default(),
        }
    }
}

/// Limits of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkLimits {
    /// The largest frame taken, in bytes: what the format's length field counts. 1 MiB.
    pub frame_bytes_max: usize,
    /// The largest body sent in one frame, in bytes. A larger reply is its handler's error, a larger push is refused. 1 MiB.
    pub frame_out_bytes_max: usize,
    /// Frames handled before others have their turn. 256.
    pub frames_per_turn_max: u32,
    /// Bytes read before others have their turn. 256 KiB: a few frames of 64 KiB are in one piece then, and need no copy.
    pub read_bytes_per_turn_max: usize,
    /// A link that was not read because too much waited to be sent is read again at or below this. 64 KiB.
    pub outbox_bytes_low: usize,
    /// A link with at least so many bytes waiting to be sent is not read. 256 KiB.
    pub outbox_bytes_high: usize,
    /// A link with more bytes waiting to be sent is dropped as a slow reader. 4 MiB.
    pub outbox_bytes_max: usize,
    /// Calls that may be unanswered; at so many the link is not read. 1,024.
    pub calls_max: u32,
    /// A call not answered by then fails with a timeout. 60 s.
    pub call_deadline: Duration,
    /// A frame that began must be whole by then. 30 s.
    pub frame_deadline: Duration,
    /// A link from which no byte came for so long, and to which we owe no answer, is closed. None: it may be silent.
    pub idle_timeout: Option<Duration>,
    /// A link whose peer takes none of the bytes that wait for it, for so long, is dropped as a slow reader. 30 s.
    pub write_deadline: Duration,
    /// A dialled connection must be up by then. 10 s.
    pub connect_deadline: Duration,
    /// A closing link must have sent its last bytes, and seen its peer's end, by then. 5 s.
    pub close_deadline: Duration,
}

impl Default for LinkLimits {
    fn default() -> Self {
        Self {
            frame_bytes_max: 1 << 20,
            frame_out_bytes_max: 1 << 20,
            frames_per_turn_max: 256,
            read_bytes_per_turn_max: 256 << 10,
            outbox_bytes_low: 64 << 10,
            outbox_bytes_high: 256 << 10,
            outbox_bytes_max: 4 << 20,
            calls_max: 1024,
            call_deadline: Duration::from_secs(60),
            frame_deadline: Duration::from_secs(30),
            idle_timeout: None,
            write_deadline: Duration::from_secs(30),
            connect_deadline: Duration::from_secs(10),
            close_deadline: Duration::from_secs(5),
        }
    }
}

impl Limits {
    /// Whether the limits make sense together.
    ///
    /// # Errors
    /// [`Misuse::Option`], which names the limit: one that is zero where that would stop all work, or marks in the wrong order.
    pub fn check(&self) -> Result<(), Misuse> {
        let positive = [
            ("links_max", self.links_max),
            ("buffered_bytes_max", self.buffered_bytes_max),
            ("accepts_per_turn_max", self.accepts_per_turn_max as usize),
            ("posts_per_turn_max", self.posts_per_turn_max as usize),
            ("posts_max", self.posts_max),
            ("timers_per_turn_max", self.timers_per_turn_max as usize),
            (
                "continuations_per_turn_max",
                self.continuations_per_turn_max as usize,
            ),
            ("worker_threads_max", self.worker_threads_max),
            ("worker_queue_max", self.worker_queue_max),
        ];
        refuse_zero(&positive)?;
        refuse_zero_spans(&[
            ("drain_deadline", self.drain_deadline),
            ("turn_warn", self.turn_warn),
        ])?;
        if self.links_max >= 1 << 31 {
            return Err(Misuse::Option("links_max must be below 2^31".into()));
        }
        self.link.check()
    }
}

impl LinkLimits {
    /// So many bytes may wait to be sent before any mark or limit has to be looked at: below the low mark no other is reached.
    #[inline]
    pub(crate) fn room(&self) -> usize {
        self.outbox_bytes_low.min(self.frame_out_bytes_max)
    }

    /// Whether the limits make sense together.
    ///
    /// # Errors
    /// [`Misuse::Option`], which names the limit.
    pub fn check(&self) -> Result<(), Misuse> {
        let positive = [
            ("frame_bytes_max", self.frame_bytes_max),
            ("frame_out_bytes_max", self.frame_out_bytes_max),
            ("frames_per_turn_max", self.frames_per_turn_max as usize),
            ("read_bytes_per_turn_max", self.read_bytes_per_turn_max),
            ("outbox_bytes_high", self.outbox_bytes_high),
            ("calls_max", self.calls_max as usize),
        ];
        refuse_zero(&positive)?;
        refuse_zero_spans(&[
            ("call_deadline", self.call_deadline),
            ("frame_deadline", self.frame_deadline),
            ("idle_timeout", self.idle_timeout.unwrap_or(Duration::MAX)),
            ("write_deadline", self.write_deadline),
            ("connect_deadline", self.connect_deadline),
            ("close_deadline", self.close_deadline),
        ])?;
        if self.outbox_bytes_low >= self.outbox_bytes_high
            || self.outbox_bytes_high > self.outbox_bytes_max
        {
            return Err(Misuse::Option(format!(
                "the marks must rise: outbox_bytes_low {} < outbox_bytes_high {} <= outbox_bytes_max {}",
                self.outbox_bytes_low, self.outbox_bytes_high, self.outbox_bytes_max
            )));
        }
        Ok(())
    }
}

fn refuse_zero(limits: &[(&str, usize)]) -> Result<(), Misuse> {
    match limits.iter().find(|(_, value)| *value == 0) {
        Some((name, _)) => Err(Misuse::Option(format!("{name} must not be zero"))),
        None => Ok(()),
    }
}

fn refuse_zero_spans(limits: &[(&str, Duration)]) -> Result<(), Misuse> {
    match limits.iter().find(|(_, span)| span.is_zero()) {
        Some((name, _)) => Err(Misuse::Option(format!("{name} must not be zero"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_make_sense_and_none_is_unlimited() {
        let limits = Limits::default();
        limits.check().expect("the defaults");
        // Every field by name: a limit added later has to be looked at here.
        let Limits {
            links_max,
            buffered_bytes_max,
            accepts_per_turn_max,
            posts_per_turn_max,
            posts_max,
            timers_per_turn_max,
            continuations_per_turn_max,
            worker_threads_max,
            worker_queue_max,
            drain_deadline,
            turn_warn,
            link,
        } = limits;
        let LinkLimits {
            frame_bytes_max,
            frame_out_bytes_max,
            frames_per_turn_max,
            read_bytes_per_turn_max,
            outbox_bytes_low,
            outbox_bytes_high,
            outbox_bytes_max,
            calls_max,
            call_deadline,
            frame_deadline,
            idle_timeout: _, // The one that is off: an idle link owns no buffer, and many games keep silent links.
            write_deadline,
            connect_deadline,
            close_deadline,
        } = link;
        for count in [
            links_max,
            buffered_bytes_max,
            accepts_per_turn_max as usize,
            posts_per_turn_max as usize,
            posts_max,
            timers_per_turn_max as usize,
            continuations_per_turn_max as usize,
            worker_threads_max,
            worker_queue_max,
            frame_bytes_max,
            frame_out_bytes_max,
            frames_per_turn_max as usize,
            read_bytes_per_turn_max,
            outbox_bytes_low,
            outbox_bytes_high,
            outbox_bytes_max,
            calls_max as usize,
        ] {
            assert!(count > 0 && count <= 256 << 20, "{count}");
        }
        for span in [
            drain_deadline,
            turn_warn,
            call_deadline,
            frame_deadline,
            write_deadline,
            connect_deadline,
            close_deadline,
        ] {
            assert!(
                span > Duration::ZERO && span <= Duration::from_secs(60),
                "{span:?}"
            );
        }
    }

    #[test]
    fn marks_out_of_order_are_refused_by_name() {
        let link = LinkLimits {
            outbox_bytes_low: 10,
            outbox_bytes_high: 10,
            ..LinkLimits::default()
        };
        let error = Limits {
            link,
            ..Limits::default()
        }
        .check()
        .expect_err("equal marks");
        assert!(error.to_string().contains("outbox_bytes_low"), "{error}");
        let error = Limits {
            posts_max: 0,
            ..Limits::default()
        }
        .check()
        .expect_err("a zero");
        assert_eq!(error.to_string(), "posts_max must not be zero");
    }
}
