//! What may go wrong, and how often.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::sim::Random;

/// What a link's network does to it. Shares are from 0 (never) to 1 (always); each link draws its own fate from the seed when it is
/// dialled.
///
/// ```
/// use std::time::Duration;
/// use oneloop::sim::LinkFaults;
///
/// let mobile = LinkFaults {
///     latency: Duration::from_millis(40)..=Duration::from_millis(900),
///     reset: 0.1,
///     ..LinkFaults::none()
/// };
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LinkFaults {
    /// How long bytes travel, one way; drawn anew for each piece, which never overtakes the one before it. 50 us.
    pub latency: RangeInclusive<Duration>,
    /// The bytes that go through in a second, each way. None: as many as come.
    pub bandwidth_bytes_per_s: Option<u64>,
    /// In pieces of how many bytes the stream arrives, a microsecond apart at least: `1..=1` is byte for byte. Whole as written.
    pub piece_bytes: RangeInclusive<usize>,
    /// Bytes that fit between two ends, those not read yet included: the peer's window. 256 KiB.
    pub window_bytes: usize,
    /// The share of writes that are taken in part only.
    pub partial_writes: f64,
    /// The share of links that are reset, at any byte of the first [`within_bytes`](Self::within_bytes) of either direction.
    pub reset: f64,
    /// The share of links of which one direction ends in peace at any such byte, and swallows what comes after.
    pub half_close: f64,
    /// The share of links of which one direction stands still at any such byte: a peer that stops reading.
    pub stall: f64,
    /// For how long it stands still.
    pub stall_for: RangeInclusive<Duration>,
    /// Up to which byte of a direction these three happen. 4 KiB.
    pub within_bytes: u64,
    /// The share of connects that are refused although somebody listens.
    pub refuse: f64,
    /// The share of connects that get no answer at all.
    pub hang: f64,
}

impl LinkFaults {
    /// A network on which nothing goes wrong.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            latency: Duration::from_micros(50)..=Duration::from_micros(50),
            bandwidth_bytes_per_s: None,
            piece_bytes: usize::MAX..=usize::MAX,
            window_bytes: 256 << 10,
            partial_writes: 0.0,
            reset: 0.0,
            half_close: 0.0,
            stall: 0.0,
            stall_for: Duration::from_secs(1)..=Duration::from_secs(1),
            within_bytes: 4 << 10,
            refuse: 0.0,
            hang: 0.0,
        }
    }

    /// A network that is slow and cuts everything, but loses nothing: each kind of trouble is there or not, as drawn, and as bad as
    /// drawn. A run with a little of everything finds less than many runs with much of something.
    #[must_use]
    pub fn lossless(random: &mut Random) -> Self {
        let mut faults = Self::none();
        if random.chance(0.5) {
            let most = Duration::from_micros(random.between(50..=200_000));
            faults.latency = Duration::from_micros(random.between(1..=50))..=most;
        }
        if random.chance(0.2) {
            faults.bandwidth_bytes_per_s = Some(random.between(2_000..=1_000_000));
        }
        if random.chance(0.6) {
            faults.piece_bytes = 1..=*random.pick(&[1, 3, 17, 64, 1460]);
        }
        if random.chance(0.4) {
            faults.window_bytes = *random.pick(&[1, 16, 100, 4 << 10, 64 << 10]);
        }
        if random.chance(0.4) {
            faults.partial_writes = *random.pick(&[0.05, 0.5, 1.0]);
        }
        faults
    }

    /// The same, and links are reset, cut off, stood still, refused and left hanging too.
    #[must_use]
    pub fn stormy(random: &mut Random) -> Self {
        let mut faults = Self::lossless(random);
        let rate = |random: &mut Random| {
            if random.chance(0.4) {
                *random.pick(&[0.02, 0.1, 0.5])
            } else {
                0.0
            }
        };
        faults.reset = rate(random);
        faults.half_close = rate(random);
        faults.stall = rate(random);
        faults.stall_for = Duration::from_millis(1)..=Duration::from_secs(random.between(1..=60));
        faults.within_bytes = *random.pick(&[64, 1 << 10, 32 << 10]);
        faults.refuse = rate(random) / 2.0;
        faults.hang = rate(random) / 4.0;
        faults
    }
}

impl Default for LinkFaults {
    fn default() -> Self {
        Self::none()
    }
}

/// What goes wrong with nodes. Shares are from 0 (never) to 1 (always).
///
/// ```
/// use std::time::Duration;
/// use oneloop::sim::NodeFaults;
///
/// let flaky = NodeFaults { crash_every: Some(Duration::from_secs(30)), ..NodeFaults::none() };
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NodeFaults {
    /// How long a turn of a node takes at least. 1 us.
    pub turn: RangeInclusive<Duration>,
    /// How long a [blocking](crate::Context::blocking) job takes. 200 us.
    pub job: RangeInclusive<Duration>,
    /// The share of steps (a handler, a callback) that are slow.
    pub slow: f64,
    /// How long a slow one takes.
    pub slow_for: RangeInclusive<Duration>,
    /// The share of reads that give less than there is.
    pub partial_reads: f64,
    /// The share of turns in which a link is said to be readable and writable that is not.
    pub spurious: f64,
    /// The share of accepts that fail, in any of the ways in which they do.
    pub accept: f64,
    /// The time between two crashes of a node, on average. None: it does not crash.
    pub crash_every: Option<Duration>,
    /// The share of crashes that take the whole machine, which then resets no link.
    pub crash_silent: f64,
    /// How long a crashed node is down.
    pub down_for: RangeInclusive<Duration>,
    /// The time between two pauses of a node, on average: it stands still, and its clock jumps when it goes on.
    pub pause_every: Option<Duration>,
    /// How long it stands still.
    pub pause_for: RangeInclusive<Duration>,
    /// The time between two partitions of the network, on average: each host is on one of two sides.
    pub partition_every: Option<Duration>,
    /// How long until it heals.
    pub partition_for: RangeInclusive<Duration>,
}

impl NodeFaults {
    /// Nodes with which nothing goes wrong.
    #[must_use]
    pub const fn none() -> Self {
        const SECOND: Duration = Duration::from_secs(1);
        Self {
            turn: Duration::from_micros(1)..=Duration::from_micros(1),
            job: Duration::from_micros(200)..=Duration::from_micros(200),
            slow: 0.0,
            slow_for: Duration::from_millis(1)..=Duration::from_millis(50),
            partial_reads: 0.0,
            spurious: 0.0,
            accept: 0.0,
            crash_every: None,
            crash_silent: 0.5,
            down_for: Duration::ZERO..=SECOND,
            pause_every: None,
            pause_for: Duration::ZERO..=SECOND,
            partition_every: None,
            partition_for: Duration::ZERO..=SECOND,
        }
    }

    /// Nodes that are slow and told of readiness oddly, but that neither crash nor pause: each kind of trouble is there or not, as
    /// drawn.
    #[must_use]
    pub fn lossless(random: &mut Random) -> Self {
        let mut faults = Self::none();
        if random.chance(0.5) {
            faults.turn =
                Duration::from_nanos(100)..=Duration::from_micros(random.between(1..=500));
        }
        if random.chance(0.5) {
            faults.job = Duration::ZERO..=Duration::from_millis(random.between(0..=2_000));
        }
        if random.chance(0.3) {
            faults.slow = *random.pick(&[0.01, 0.2]);
        }
        if random.chance(0.3) {
            faults.partial_reads = *random.pick(&[0.1, 1.0]);
        }
        if random.chance(0.3) {
            faults.spurious = *random.pick(&[0.1, 1.0]);
        }
        faults
    }

    /// The same, and accepts fail, nodes crash and pause and lose sight of each other.
    #[must_use]
    pub fn stormy(random: &mut Random) -> Self {
        let mut faults = Self::lossless(random);
        if random.chance(0.3) {
            faults.accept = *random.pick(&[0.1, 0.5]);
        }
        let every = |random: &mut Random| {
            random
                .chance(0.4)
                .then(|| Duration::from_millis(random.between(50..=10_000)))
        };
        faults.crash_every = every(random);
        faults.pause_every = every(random);
        faults.partition_every = every(random);
        let most = Duration::from_millis(random.between(1..=20_000));
        faults.down_for = Duration::ZERO..=most;
        faults.pause_for = Duration::ZERO..=most;
        faults.partition_for = Duration::ZERO..=most;
        faults
    }
}

impl Default for NodeFaults {
    fn default() -> Self {
        Self::none()
    }
}
