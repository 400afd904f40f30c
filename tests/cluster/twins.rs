//! Two that say that they are the same: one is taken, and when it goes the other.

use std::cell::Cell;

use oneloop::node::Node;
use oneloop::sim::{Crash, Node as Machine, World};

use crate::book::Shared;
use crate::support::{App, Bounds, gate, heals_within, limits, machine, millis, remote};

fn epochs(world: &mut World, gate: &Machine<App>) -> Vec<i64> {
    world.with(gate, |cx| {
        cx.children("calc").iter().map(|it| it.epoch).collect()
    })
}

#[test]
fn the_newer_of_two_processes_is_taken_and_the_older_when_that_is_gone() {
    let (mut world, book) = (World::new(1), Shared::default());
    let gate = gate(&mut world, &book, &Bounds::wide());
    for (host, epoch) in [("old", 1), ("new", 2)] {
        machine(&mut world, host, &book, move || {
            Node::new("calc")
                .instance([11; 16])
                .epoch(epoch)
                .remote("gate", "gate:9000", remote(0))
        });
        world.run_for(millis(100));
        assert_eq!(epochs(&mut world, &gate), [epoch]);
    }
    // The older dials again and again, and does not come between.
    for _ in 0..100 {
        world.run_for(millis(100));
        assert_eq!(epochs(&mut world, &gate), [2]);
    }
    assert_eq!(world.counters("new").dialled, 1);
    let vain = world.counters("old").dialled;
    assert!((10..40).contains(&vain), "{vain} times");
    for crash in [Crash::Process, Crash::Silent] {
        world.crash("new", crash);
        world.run_for(heals_within(&limits()));
        assert_eq!(epochs(&mut world, &gate), [1]);
        world.restart("new").expect("it starts");
        world.run_for(millis(100));
        assert_eq!(epochs(&mut world, &gate), [2]);
    }
}

/// Its next life has a lower epoch than its last, of which nobody has seen the end.
#[test]
fn a_child_whose_clock_went_back_is_taken_when_its_last_life_is_given_up() {
    let (mut world, book) = (World::new(1), Shared::default());
    let gate = gate(&mut world, &book, &Bounds::wide());
    let next = Cell::new(10);
    let calc = machine(&mut world, "calc", &book, move || {
        next.set(next.get() - 1);
        Node::new("calc")
            .instance([11; 16])
            .epoch(next.get())
            .remote("gate", "gate:9000", remote(0))
    });
    world.run_for(millis(100));
    for (crash, epoch) in [(Crash::Silent, 8), (Crash::Process, 7), (Crash::Silent, 6)] {
        world.crash(&calc, crash);
        world.restart(&calc).expect("it starts");
        world.run_for(heals_within(&limits()));
        assert_eq!(epochs(&mut world, &gate), [epoch]);
    }
}
