//! The most of everything of a link between two nodes.

use std::time::Duration;

use crate::context::LinkLimits;
use crate::error::Misuse;
use crate::thrift::BetweenLimits;

/// The most of everything of a link between two nodes, at either end. Every one has a default that is safe.
///
/// ```
/// use std::time::Duration;
/// use oneloop::node::NodeLimits;
///
/// let limits = NodeLimits { queued_calls_max: 100, ..NodeLimits::default() };
/// assert!(limits.check().is_ok());
/// assert_eq!(limits.link.call_deadline, Duration::from_secs(10));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeLimits {
    /// Those of the link. `call_deadline` (10 s here) is that of the calls that this end makes, and the most that it gives a call of the
    /// other's; `calls_max` the most calls under way, each way, besides those that are
    /// [set aside](Self::aside_calls_max). The other end is read however much waits to be sent to it, so
    /// `outbox_bytes_high` is not looked at; `outbox_bytes_max` has to be four times `frame_out_bytes_max` or more: a call or an answer
    /// that does not fit beside what waits is refused, and the link goes on.
    pub link: LinkLimits,
    /// After so much silence the other end gives a sign of life. 5 s.
    pub heartbeat: Duration,
    /// A link on which nothing came for so long is closed. 15 s.
    pub silence_deadline: Duration,
    /// The largest frame that is taken before its sender has proven who it is, in bytes. 4 KiB.
    pub unproven_frame_bytes_max: usize,
    /// Both ends must have proven who they are by then. 5 s.
    pub unproven_deadline: Duration,
    /// Links of a root whose other end has not proven yet. With a further one, one of them is closed: drawn by lot of those from the
    /// address (of IPv6, the network of 64 bits) that has the most, so that a crowd from one place keeps nobody else out. 1,000.
    pub unproven_links_max: usize,
    /// A root takes a child so long after the one before, at the earliest; who comes sooner waits. So a root that comes back is not busy
    /// with all its children at once. 5 ms; zero: none waits.
    pub child_after_min: Duration,
    /// Calls over a remote that wait while its root is not there; one more fails. 0: all fail at once.
    pub queued_calls_max: usize,
    /// Forwarded commands of clients, and pushes to them, that wait for room in a link that is up; one more fails. A client with a command
    /// that waits is not read, so of each client that is connected here there is one; of pushes there are as many as are made. 10,000.
    pub held_calls_max: usize,
    /// Bytes of those; one that would make it more fails. 16 MiB.
    pub held_bytes_max: usize,
    /// Forwarded commands of clients that are [set aside](super::pass_to_child#one-link-and-several-children), at either end of the link, since
    /// the child that they are passed on to is slow: they are not among its `calls_max`, and their clients are not read until they are
    /// answered. One more is not set aside: it is one of the link's calls, so that in the end all clients behind the link wait. 10,000;
    /// 0: none is set aside.
    pub aside_calls_max: usize,
    /// Bytes of their bodies, at the end that passes them on; one that would make it more is not set aside. 16 MiB.
    pub aside_bytes_max: usize,
    /// A remote dials again after so long; then after twice that, and so on; each time half of it is drawn by lot. 100 ms.
    pub redial_after_min: Duration,
    /// The longest until it dials again, for ever. 10 s.
    pub redial_after_max: Duration,
}

impl Default for NodeLimits {
    fn default() -> Self {
        Self {
            link: LinkLimits {
                call_deadline: Duration::from_secs(10),
                ..LinkLimits::default()
            },
            heartbeat: Duration::from_secs(5),
            silence_deadline: Duration::from_secs(15),
            unproven_frame_bytes_max: 4 << 10,
            unproven_deadline: Duration::from_secs(5),
            unproven_links_max: 1000,
            child_after_min: Duration::from_millis(5),
            queued_calls_max: 0,
            held_calls_max: 10_000,
            held_bytes_max: 16 << 20,
            aside_calls_max: 10_000,
            aside_bytes_max: 16 << 20,
            redial_after_min: Duration::from_millis(100),
            redial_after_max: Duration::from_secs(10),
        }
    }
}

impl NodeLimits {
    /// The least that [`unproven_frame_bytes_max`](Self::unproven_frame_bytes_max) may be: what both ends say of themselves has to go
    /// into a frame.
    pub const UNPROVEN_FRAME_BYTES_MIN: usize = 512;

    /// Whether the limits make sense together.
    ///
    /// # Errors
    /// [`Misuse::Option`], which names the limit.
    pub fn check(&self) -> Result<(), Misuse> {
        // The high mark is not looked at, whatever it is.
        let outbox_bytes_high = self.link.outbox_bytes_max;
        let link = LinkLimits {
            outbox_bytes_high,
            ..self.link.clone()
        };
        link.check()?;
        let spans = [
            ("heartbeat", self.heartbeat),
            ("unproven_deadline", self.unproven_deadline),
            ("redial_after_min", self.redial_after_min),
        ];
        for (name, span) in spans {
            if span < MILLISECOND {
                return Err(Misuse::Option(format!(
                    "{name} must be a millisecond or more"
                )));
            }
        }
        let wrong = if self.silence_deadline < BEAT_MIN * 2 {
            "silence_deadline must be 200 milliseconds or more"
        } else if self.heartbeat >= self.silence_deadline {
            "heartbeat must be below silence_deadline"
        } else if self.silence_deadline > DAY || self.unproven_deadline > DAY {
            "silence_deadline and unproven_deadline must be a day or less"
        } else if self.redial_after_max < self.redial_after_min || self.redial_after_max > DAY {
            "redial_after_max must be redial_after_min or more, and a day or less"
        } else if self.unproven_frame_bytes_max < Self::UNPROVEN_FRAME_BYTES_MIN {
            "unproven_frame_bytes_max must be 512 or more"
        } else if self.link.outbox_bytes_max / 4 < self.link.frame_out_bytes_max {
            "outbox_bytes_max must be four times frame_out_bytes_max or more"
        } else if self.child_after_min >= self.unproven_deadline {
            // The second of two that come at once would not be taken.
            "child_after_min must be below unproven_deadline"
        } else if self.unproven_links_max == 0 {
            "unproven_links_max must not be zero"
        } else {
            return Ok(());
        };
        Err(Misuse::Option(wrong.into()))
    }

    /// Those of the calls that this end makes.
    pub(super) const fn of_calls(&self, queued_calls_max: usize) -> BetweenLimits {
        BetweenLimits {
            calls_max: self.link.calls_max as usize,
            call_deadline: self.link.call_deadline,
            queued_calls_max,
            held_calls_max: self.held_calls_max,
            held_bytes_max: self.held_bytes_max,
            aside_calls_max: self.aside_calls_max,
            frame_out_bytes_max: self.link.frame_out_bytes_max,
            outbox_bytes_max: self.link.outbox_bytes_max,
        }
    }

    /// So many calls of ours may be under way, as the other end is told it.
    pub(super) fn window(&self) -> i32 {
        i32::try_from(self.link.calls_max).unwrap_or(i32::MAX)
    }

    /// Those that the loop keeps.
    pub(super) fn of_link(&self) -> LinkLimits {
        LinkLimits {
            // However much waits to be sent, replies are read: two ends that stop reading each other would wait for ever. What the other
            // end may have us do is bounded by its calls under way, of which one too many is answered at once.
            outbox_bytes_high: self.link.outbox_bytes_max,
            calls_max: u32::MAX,
            ..self.link.clone()
        }
    }
}

/// No other end may have us give more signs of life than that.
pub(super) const BEAT_MIN: Duration = Duration::from_millis(100);

const MILLISECOND: Duration = Duration::from_millis(1);
const DAY: Duration = Duration::from_secs(24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        type Change = fn(&mut NodeLimits);
        let changes: [(&str, Change); 10] = [
            ("outbox_bytes_max", |it| {
                it.link.frame_out_bytes_max = it.link.outbox_bytes_max / 4 + 1;
            }),
            ("heartbeat", |it| it.heartbeat = it.silence_deadline),
            ("heartbeat", |it| it.heartbeat = Duration::ZERO),
            ("silence", |it| it.silence_deadline = DAY * 2),
            ("unproven_deadline", |it| {
                it.unproven_deadline = Duration::ZERO
            }),
            ("unproven_frame", |it| it.unproven_frame_bytes_max = 511),
            ("unproven_links", |it| it.unproven_links_max = 0),
            ("child_after", |it| {
                it.child_after_min = it.unproven_deadline
            }),
            ("redial_after_max", |it| {
                it.redial_after_max = Duration::from_millis(99);
            }),
            ("calls_max", |it| it.link.calls_max = 0),
        ];
        assert_eq!(NodeLimits::default().check(), Ok(()));
        for high in [0, 1, usize::MAX] {
            let mut limits = NodeLimits::default();
            limits.link.outbox_bytes_high = high;
            assert_eq!(limits.check(), Ok(()), "it is not looked at");
        }
        for (name, change) in changes {
            let mut limits = NodeLimits::default();
            change(&mut limits);
            let misuse = limits.check().expect_err(name);
            assert!(misuse.to_string().contains(name), "{misuse}");
        }
    }
}
