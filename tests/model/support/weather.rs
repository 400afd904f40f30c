//! What goes wrong in a world, how narrow its limits are, and how much may be sent in it.

use std::time::Duration;

use oneloop::sim::{LinkFaults, NodeFaults, Random, World};
use oneloop::{Limits, LinkLimits};

/// Longer than anything takes on a network that loses nothing, in any world here.
pub(crate) const LONG: Duration = Duration::from_secs(4 * 3600);

/// A stream of numbers for the scenario, to be had while the world is used.
pub(crate) fn numbers(world: &mut World) -> Random {
    Random::new(world.random().next_u64())
}

/// Has a network and nodes that are slow and odd, but lose nothing. Gives what befalls the links.
pub(crate) fn set_lossless(world: &mut World) -> LinkFaults {
    let links = LinkFaults::lossless(world.random());
    world.set_link_faults(links.clone());
    let nodes = NodeFaults::lossless(world.random());
    world.set_node_faults(nodes);
    links
}

/// The same, and everything that can break breaks. Nodes crash later than at the start, or they would do nothing else.
pub(crate) fn set_stormy(world: &mut World) -> LinkFaults {
    let links = LinkFaults::stormy(world.random());
    world.set_link_faults(links.clone());
    let nodes = NodeFaults::stormy(world.random());
    world.set_node_faults(nodes);
    links
}

/// Links break; nodes are slow and odd, but go on.
pub(crate) fn set_stormy_links(world: &mut World) -> LinkFaults {
    set_lossless(world);
    let links = LinkFaults::stormy(world.random());
    world.set_link_faults(links.clone());
    links
}

/// Limits so narrow that every early exit of the loop is taken, each narrow or not as drawn. No deadline strikes.
pub(crate) fn narrow_limits(random: &mut Random) -> Limits {
    let narrow = |random: &mut Random, most: u64, wide: u64| {
        if random.chance(0.5) {
            random.between(1..=most)
        } else {
            wide
        }
    };
    let few = |random: &mut Random| narrow(random, 4, 1000) as u32;
    Limits {
        accepts_per_turn_max: few(random),
        posts_per_turn_max: few(random),
        timers_per_turn_max: few(random),
        continuations_per_turn_max: few(random),
        worker_threads_max: narrow(random, 2, 4) as usize,
        drain_deadline: LONG,
        link: LinkLimits {
            frames_per_turn_max: few(random),
            read_bytes_per_turn_max: *random.pick(&[1, 7, 64, 4096, 64 << 10, 64 << 10]),
            calls_max: few(random),
            ..patient_link(random)
        },
        ..Limits::default()
    }
}

/// Marks as drawn, but the last is never reached; no deadline strikes.
fn patient_link(random: &mut Random) -> LinkLimits {
    let high = *random.pick(&[1, 100, 5000, 256 << 10]);
    LinkLimits {
        outbox_bytes_low: random.below(high as u64) as usize,
        outbox_bytes_high: high,
        call_deadline: LONG,
        frame_deadline: LONG,
        write_deadline: LONG,
        connect_deadline: LONG,
        close_deadline: LONG,
        ..LinkLimits::default()
    }
}

/// On a network that breaks, somebody has to lose patience.
pub(crate) fn with_deadlines(link: LinkLimits) -> LinkLimits {
    LinkLimits {
        frame_deadline: Duration::from_secs(30),
        idle_timeout: Some(Duration::from_secs(60)),
        write_deadline: Duration::from_secs(30),
        connect_deadline: Duration::from_secs(20),
        close_deadline: Duration::from_secs(5),
        ..link
    }
}

/// The bytes that arrive or are read at once, on average: what is sent through the eye of a needle has to be little, or a world takes
/// for ever.
pub(crate) fn grain(links: &LinkFaults, limits: &Limits) -> usize {
    let piece = links.piece_bytes.end().min(&(1 << 20)).div_ceil(2);
    let window = links.window_bytes.div_ceil(2);
    piece.min(window).min(limits.link.read_bytes_per_turn_max)
}
