//! Frames arrive whole, once and in order, or the link is closed with a reason that says what became of it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{self, LinkFaults, Random, World};
use oneloop::{Context, Limits, ReasonKind, Result};

use crate::support::content::CONTENT_BYTES_MAX;
use crate::support::talkers::{Book, Lane, Plan, dial, listen};
use crate::support::weather::{self, LONG};
use crate::support::wire::Format;
use crate::support::{SEEDS, tell};

/// A few links, and what is sent over them: as much as goes through this network in some hundreds of steps.
fn draw_lanes(random: &mut Random, limits: &Limits, links: &LinkFaults) -> Vec<Lane> {
    let mut budget = (weather::grain(links, limits) * STEPS).min(4 * CONTENT_BYTES_MAX);
    // Sizes at which something ends: a read, a mark, a buffer that is kept, a piece of the network.
    let edges = [
        limits.link.read_bytes_per_turn_max,
        limits.link.outbox_bytes_high,
        limits.link.outbox_bytes_low,
        *links.piece_bytes.end(),
        links.window_bytes,
        2048,
        4096,
        CONTENT_BYTES_MAX,
    ];
    let mut draw_plan = |random: &mut Random, format: Format| -> Plan {
        let mut plan = Plan::new();
        for _ in 0..random.between(0..=6) {
            let bytes = match random.below(4) {
                0 => *random.pick(&[0, 1, 2, 16, 100]),
                1 => random.below(CONTENT_BYTES_MAX as u64) as usize,
                _ => {
                    let edge = *random.pick(&edges).min(&CONTENT_BYTES_MAX);
                    let off = random.below(3) as usize * format.overhead();
                    edge.saturating_sub(off) + random.below(3) as usize
                }
            };
            let bytes = bytes.min(CONTENT_BYTES_MAX).min(budget);
            budget = budget.saturating_sub(bytes + format.overhead());
            let most = *random.pick(&[0, 1_000, 100_000, 3_000_000]);
            plan.push((Duration::from_micros(random.between(0..=most)), bytes));
        }
        plan.sort_by_key(|&(delay, _)| delay);
        plan
    };
    let count = random.between(1..=3);
    let lanes = (0..count).map(|_| {
        let format = *random.pick(&Format::ALL);
        Lane {
            format,
            plans: [draw_plan(random, format), draw_plan(random, format)],
            replies: random.chance(0.3),
        }
    });
    lanes.collect()
}

/// Steps of the network that one world may take, about.
const STEPS: usize = 150;

#[test]
fn frames_arrive_whole_once_and_in_order_or_the_link_is_closed() {
    let searched = sim::search(0..SEEDS, |world| {
        let mut random = weather::numbers(world);
        let stormy = random.chance(0.5);
        let links = if stormy {
            weather::set_stormy(world)
        } else {
            weather::set_lossless(world)
        };
        let mut limits = weather::narrow_limits(&mut random);
        if stormy {
            limits.link = weather::with_deadlines(limits.link);
        }
        let lanes = draw_lanes(&mut random, &limits, &links);
        let ends = RefCell::default();
        let book = Rc::new(Book { lanes, ends });
        // Two that both wait for the other to read before they do would wait for ever: one of them has room.
        let mut both = [limits.clone(), limits];
        let roomy = &mut both[usize::from(random.chance(0.5))].link;
        (roomy.outbox_bytes_low, roomy.outbox_bytes_high) = (1 << 20, 2 << 20);
        let [dialling, called] = both;
        let kept = Rc::clone(&book);
        let start = move |cx: &mut Context<'_, ()>| listen(cx, &kept);
        world.node_with_limits("server", called, || (), start)?;
        let kept = Rc::clone(&book);
        let start = move |cx: &mut Context<'_, ()>| dial(cx, &kept);
        world.node_with_limits("client", dialling, || (), start)?;
        if stormy {
            storm(world, &mut random, &book)
        } else {
            world.run_until(World::is_quiet, LONG);
            everything_came(&book);
            Ok(())
        }
    });
    tell("frames", searched);
}

/// Each frame came, and each end learned that the other closed, or closed itself.
fn everything_came(book: &Book) {
    let ends = book.ends.borrow();
    assert_eq!(ends.len(), 2 * book.lanes.len(), "ends of links");
    for (lane, side, end) in &*ends {
        let plans = &book.lanes[*lane].plans;
        assert!(!end.refused, "lane {lane}: {end:?}");
        assert_eq!(end.sent, plans[*side].len(), "lane {lane}: {end:?}");
        assert_eq!(end.got, plans[1 - side].len(), "lane {lane}: {end:?}");
        let wanted = [ReasonKind::Closed, ReasonKind::PeerClosed][*side];
        assert_eq!(end.kind, Some(wanted), "lane {lane}: {end:?}");
        assert_eq!(end.closed.len(), 1, "lane {lane}: {end:?}");
    }
}

/// Rages for a while, and then whoever is still up ends his links in one way or the other.
fn storm(world: &mut World, random: &mut Random, book: &Book) -> Result<()> {
    world.run_for(Duration::from_millis(random.between(1..=20_000)));
    world.calm()?;
    world.run_until(World::is_quiet, LONG);
    let crashes = |name: &str| {
        let begins = format!("crash:{name}/");
        world
            .faults()
            .iter()
            .any(|fault| fault.starts_with(&begins))
    };
    let crashed = [crashes("client"), crashes("server")];
    for (lane, side, end) in &*book.ends.borrow() {
        // One whose node crashed was told nothing.
        let untold = end.closed.is_empty() && crashed[*side];
        assert!(untold || end.closed.len() == 1, "lane {lane}: {end:?}");
        let fits = end.kind.is_none_or(|kind| FITS.contains(&kind));
        assert!(fits, "lane {lane}: {end:?}");
    }
    Ok(())
}

/// What a storm may end a link with. Not a fault but a cut frame, no failure, no panic, no want of memory.
const FITS: [ReasonKind; 9] = [
    ReasonKind::PeerClosed,
    ReasonKind::Closed,
    ReasonKind::Fault,
    ReasonKind::Io,
    ReasonKind::FrameDeadline,
    ReasonKind::Idle,
    ReasonKind::SlowReader,
    ReasonKind::ConnectFailed,
    ReasonKind::ConnectDeadline,
];
