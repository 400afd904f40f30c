//! What it costs to join a group and to leave it, beside a set by hand.

use std::collections::HashSet;
use std::time::Duration;

use oneloop::sim::{Node, World};
use oneloop::{CommandService, DataPack, LinkId};

use crate::clock::nanos_each;
use crate::figures::short;
use crate::load::Spans;
use crate::turns::by_turns;

const LEGEND: &str = "
Groups: nanoseconds of CPU time for a member, picked at random, to leave and to join again; beside a HashSet<LinkId> by hand, which
forgets no link that died. The links are on a simulated network: groups do not touch the network.
";

/// Measures and prints.
pub(crate) fn print(sizes: &[usize], rounds: usize, count: usize) {
    println!("{LEGEND}");
    println!("          │      oneloop      │      HashSet");
    println!("  members │      min   median │      min   ratio");
    println!("──────────┼───────────────────┼─────────────────");
    for &size in sizes {
        let mut contestants: [Box<dyn FnMut() -> f64>; 2] =
            [Box::new(ours(size, count)), Box::new(set(size, count))];
        let figures = by_turns(rounds, &mut contestants, |contestant| contestant());
        let [ours, set] = [figures[0], figures[1]];
        println!(
            "{size:>9} │ {:>8} {:>8} │ {:>8} {:>7.2}",
            short(ours.min),
            short(ours.median),
            short(set.min),
            ours.min / set.min
        );
    }
    println!();
}

/// A group on a node that so many links came to.
fn ours(size: usize, count: usize) -> impl FnMut() -> f64 {
    let mut world = World::new(1);
    let node: Node<()> = world
        .node(
            "server",
            || (),
            |cx| cx.listen("server:7000", DataPack::default(), CommandService::new()),
        )
        .expect("it starts");
    let clients: Node<()> = world
        .node("clients", || (), |_| Ok(()))
        .expect("they start");
    // Some at a time, so that the listener's backlog does for them.
    for first in (0..size).step_by(500) {
        world.with(&clients, |cx| {
            for _ in first..size.min(first + 500) {
                cx.connect("server:7000", DataPack::default(), CommandService::new())
                    .expect("the address is good");
            }
        });
        world.run_for(Duration::from_secs(1));
    }
    let (group, ids) = world.with(&node, |cx| {
        let ids: Vec<LinkId> = cx.links.ids().collect();
        let group = cx.links.create_group();
        assert!(ids.iter().all(|&id| cx.links.join(group, id)));
        (group, ids)
    });
    assert_eq!(ids.len(), size);
    let mut spans = Spans::new();
    move || {
        world.with(&node, |cx| {
            nanos_each(count, || {
                for _ in 0..count {
                    let id = ids[spans.place(size)];
                    assert!(cx.links.leave(group, id));
                    assert!(cx.links.join(group, id));
                }
            })
        })
    }
}

fn set(size: usize, count: usize) -> impl FnMut() -> f64 {
    let ids: Vec<LinkId> = (0..size as u64).map(LinkId::from_u64).collect();
    let mut set: HashSet<LinkId> = ids.iter().copied().collect();
    let mut spans = Spans::new();
    move || {
        nanos_each(count, || {
            for _ in 0..count {
                let id = ids[spans.place(size)];
                assert!(set.remove(&id));
                assert!(set.insert(id));
            }
        })
    }
}
