//! What a run is to be.

use std::fmt;
use std::time::Duration;

use oneloop::{Address, DataPack, Limits, LinkLimits};

use crate::load::body::BODY_BYTES_MIN;

/// What a run is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The server.
    pub server: Address,
    /// How its frames begin.
    pub codec: DataPack,
    /// The command of every request.
    pub command: u32,
    /// Connections.
    pub connections: usize,
    /// Requests outstanding on each.
    pub in_flight: usize,
    /// The body of each request, in bytes.
    pub body_bytes: usize,
    /// How long it runs before it is measured.
    pub warm_up: Duration,
    /// How long it is measured.
    pub measured: Duration,
    /// How long a reply may take, and a connection.
    pub deadline: Duration,
}

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanFault {
    /// No connection.
    NoConnections,
    /// More connections than we number.
    TooManyConnections,
    /// No request at all.
    NothingInFlight,
    /// A body without room for its numbers, in bytes.
    BodyTooSmall(usize),
    /// A body that no frame carries, in bytes.
    BodyTooLarge(usize),
    /// So many bytes would be outstanding at once.
    TooMuchAtOnce(u128),
    /// Nothing would be measured.
    NoTime,
    /// No reply would be in time.
    NoDeadline,
}

/// What a frame counts besides the body, in bytes: the command.
const COMMAND_BYTES: usize = 4;
/// A frame's head, in bytes.
const HEAD_BYTES: usize = 17;
/// The largest body, in bytes: with the command it is the largest frame that a server takes by default.
pub const BODY_BYTES_MAX: usize = (1 << 20) - COMMAND_BYTES;
/// The most that may be outstanding at once over all connections, in bytes.
pub const OUTSTANDING_BYTES_MAX: usize = 1 << 30;
/// As many as a system has ports for.
pub const CONNECTIONS_MAX: usize = 65_535;

impl Plan {
    /// Whether it can be run.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), PlanFault> {
        let at_once = self.connections as u128 * self.outstanding_bytes();
        match self {
            Self { connections: 0, .. } => Err(PlanFault::NoConnections),
            Self { connections, .. } if *connections > CONNECTIONS_MAX => {
                Err(PlanFault::TooManyConnections)
            }
            Self { in_flight: 0, .. } => Err(PlanFault::NothingInFlight),
            Self { body_bytes, .. } if *body_bytes < BODY_BYTES_MIN => {
                Err(PlanFault::BodyTooSmall(*body_bytes))
            }
            Self { body_bytes, .. } if *body_bytes > BODY_BYTES_MAX => {
                Err(PlanFault::BodyTooLarge(*body_bytes))
            }
            Self { measured, .. } if measured.is_zero() => Err(PlanFault::NoTime),
            Self { deadline, .. } if deadline.is_zero() => Err(PlanFault::NoDeadline),
            _ if at_once > OUTSTANDING_BYTES_MAX as u128 => Err(PlanFault::TooMuchAtOnce(at_once)),
            _ => Ok(()),
        }
    }

    /// All outstanding requests of one connection, in bytes.
    const fn outstanding_bytes(&self) -> u128 {
        self.in_flight as u128 * (HEAD_BYTES + self.body_bytes) as u128
    }

    /// Limits of a loop that carries it.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            links_max: self.connections,
            // What is outstanding may wait here in both directions; a plan that is too much for that is refused.
            buffered_bytes_max: 3 * OUTSTANDING_BYTES_MAX,
            link: self.link_limits(),
            ..Limits::default()
        }
    }

    /// Limits of each connection: replies are read however much waits to be sent, lest both ends wait for each other.
    #[must_use]
    pub fn link_limits(&self) -> LinkLimits {
        let default = LinkLimits::default();
        let outstanding_bytes = self.outstanding_bytes() as usize;
        LinkLimits {
            outbox_bytes_high: default.outbox_bytes_high.max(2 * outstanding_bytes),
            outbox_bytes_max: default.outbox_bytes_max.max(2 * outstanding_bytes),
            frames_per_turn_max: 4096,
            connect_deadline: self.deadline,
            // Our own deadline says more.
            frame_deadline: self.deadline.saturating_mul(2),
            write_deadline: self.deadline.saturating_mul(2),
            ..default
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.connections == 1 { "" } else { "s" };
        write!(
            f,
            "{} connection{plural}, {} in flight on each, {}-byte bodies",
            self.connections, self.in_flight, self.body_bytes
        )
    }
}

impl std::error::Error for PlanFault {}

impl fmt::Display for PlanFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoConnections => f.write_str("--connections must be at least 1"),
            Self::TooManyConnections => {
                write!(f, "--connections must be at most {CONNECTIONS_MAX}")
            }
            Self::NothingInFlight => f.write_str("--in-flight must be at least 1"),
            Self::BodyTooSmall(bytes) => write!(
                f,
                "--body {bytes} has no room for the numbers that every body begins with: at least {BODY_BYTES_MIN} bytes are needed"
            ),
            Self::BodyTooLarge(bytes) => write!(
                f,
                "--body {bytes} is more than a frame carries: at most {BODY_BYTES_MAX} bytes"
            ),
            Self::TooMuchAtOnce(bytes) => write!(
                f,
                "{bytes} bytes would be outstanding at once, and the most is {OUTSTANDING_BYTES_MAX}: take fewer --connections, --in-flight or --body"
            ),
            Self::NoTime => f.write_str("--seconds must be more than 0"),
            Self::NoDeadline => f.write_str("--deadline must be more than 0"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            server: "127.0.0.1:7000".parse().expect("an address"),
            codec: DataPack::default(),
            command: 1,
            connections: 1,
            in_flight: 1,
            body_bytes: 64,
            warm_up: Duration::ZERO,
            measured: Duration::from_secs(1),
            deadline: Duration::from_secs(1),
        }
    }

    #[test]
    fn what_cannot_be_run_is_refused() {
        type Change = fn(&mut Plan);
        let changes: [(Change, PlanFault); 8] = [
            (|plan| plan.connections = 0, PlanFault::NoConnections),
            (
                |plan| plan.connections = 65_536,
                PlanFault::TooManyConnections,
            ),
            (|plan| plan.in_flight = 0, PlanFault::NothingInFlight),
            (|plan| plan.body_bytes = 11, PlanFault::BodyTooSmall(11)),
            (
                |plan| plan.body_bytes = 1_048_573,
                PlanFault::BodyTooLarge(1_048_573),
            ),
            (
                |plan| (plan.body_bytes, plan.in_flight) = (1_048_572, 1_024),
                PlanFault::TooMuchAtOnce(1_024 * 1_048_589),
            ),
            (|plan| plan.measured = Duration::ZERO, PlanFault::NoTime),
            (|plan| plan.deadline = Duration::ZERO, PlanFault::NoDeadline),
        ];
        for (change, fault) in changes {
            let mut plan = plan();
            change(&mut plan);
            assert_eq!(plan.check(), Err(fault));
        }
    }

    #[test]
    fn what_can_be_run_has_limits_that_make_sense() {
        for (connections, in_flight, body_bytes) in [
            (1, 1, 12),
            (65_535, 1, 64),
            (1, 1_000, 1_048_572),
            (1, 1_000_000, 64),
        ] {
            let mut plan = plan();
            (plan.connections, plan.in_flight, plan.body_bytes) =
                (connections, in_flight, body_bytes);
            assert_eq!(plan.check(), Ok(()));
            assert_eq!(plan.limits().check(), Ok(()));
        }
    }
}
