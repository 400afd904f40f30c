//! Two hundred children who are lost together and come again together, from seeds.

use std::io::{self, Write as _};

use oneloop::Result;
use oneloop::node::Node;
use oneloop::sim::{self, Crash, Node as Machine, Random, World};

use crate::book::Shared;
use crate::support::{
    App, Bounds, How, Target, call, gate, heals_within, limits, machine, millis, remote, secs,
};

const SEEDS: u64 = 10;
const CHILDREN: usize = 200;
/// So many of them have one name.
const TWINS: usize = 4;

#[test]
fn two_hundred_children_come_again_after_each_storm() {
    let searched = sim::search(0..SEEDS, |world| -> Result<()> {
        let mut random = Random::new(world.random().next_u64());
        let book = Shared::default();
        let mut bounds = Bounds::draw(&mut random);
        // Too few for all to be let wait at once, or not.
        bounds.links.unproven_links_max = *random.pick(&[20, 1_000]);
        let gate = gate(world, &book, &bounds);
        let children: Vec<Machine<App>> = (0..CHILDREN)
            .map(|number| child(world, &book, number))
            .collect();
        world.run_for(heals_within(&limits()));
        for _ in 0..random.between(1..=3) {
            calls(world, &gate, &children, &mut random);
            storm(world, &children, &mut random)?;
            calls(world, &gate, &children, &mut random);
            let span = random.between(0..=3_000);
            world.run_for(millis(span));
        }
        world.calm()?;
        world.run_for(heals_within(&limits()));
        world.with(&gate, |cx| {
            let mut up: Vec<_> = cx
                .all_children()
                .into_iter()
                .map(|it| it.instance)
                .collect();
            up.sort_unstable_by_key(|it| it.0);
            up.dedup();
            assert_eq!(up.len(), CHILDREN, "each is there");
            assert_eq!(cx.all_children().len(), CHILDREN, "and once");
        });
        world.run_for(millis(1_000));
        book.borrow().check();
        assert_eq!(world.counters(&gate).links_open, CHILDREN);
        assert_eq!(world.counters(&gate).calls_open, 0);
        for machine in children.iter().chain([&gate]) {
            assert_eq!(world.counters(machine).calls_open, 0);
            world.signal(machine);
        }
        world.run_until(World::is_quiet, secs(30));
        world.assert_quiet();
        Ok(())
    });
    // Past the test runner, which keeps back what a test prints that passes.
    let _ = writeln!(io::stderr(), "storms: {searched}");
}

fn child(world: &mut World, book: &Shared, number: usize) -> Machine<App> {
    // A few hundred short texts, for as long as the tests run.
    let host: &'static str = format!("c{number}").leak();
    machine(world, host, book, move || {
        let instance = (number as u128 + 1).to_be_bytes();
        Node::new(format!("n{}", number / TWINS))
            .instance(instance)
            .remote("gate", "gate:9000", remote(0))
    })
}

/// Some each way.
fn calls(world: &mut World, gate: &Machine<App>, children: &[Machine<App>], random: &mut Random) {
    for _ in 0..40 {
        let method = *random.pick(&["echo", "later", "never"]);
        let how = How {
            method,
            takes_ms: random.between(0..=500) as i32,
            deadline: (method == "never").then_some(millis(800)),
            drop_after: None,
        };
        let number = random.below(children.len() as u64) as usize;
        if random.chance(0.5) && world.is_up(gate) {
            let name = format!("n{}", number / TWINS);
            call(world, gate, Target::Child(&name), how);
        } else if world.is_up(&children[number]) {
            call(world, &children[number], Target::Gate, how);
        }
    }
}

/// All are lost at once, in one way or another.
fn storm(world: &mut World, children: &[Machine<App>], random: &mut Random) -> Result<()> {
    let crash = *random.pick(&[Crash::Process, Crash::Silent]);
    let away = millis(*random.pick(&[0, 10, 1_000, 4_000]));
    match random.below(5) {
        0 => {
            world.crash("gate", crash);
            world.run_for(away);
            world.restart("gate")?;
        }
        1 => {
            // Longer than the silence deadline, or not.
            world.pause("gate");
            world.run_for(away);
            world.resume("gate");
        }
        2 => {
            world.partition(&[&["gate"]]);
            world.run_for(away);
            world.heal();
        }
        3 => {
            for child in children {
                world.crash(child, crash);
            }
            world.run_for(away);
            for child in children {
                world.restart(child)?;
            }
        }
        _ => {
            // Again and again, each before the last storm is over.
            for _ in 0..5 {
                for child in children {
                    if random.chance(0.5) {
                        world.crash(child, crash);
                        world.restart(child)?;
                    }
                }
                let span = random.between(0..=300);
                world.run_for(millis(span));
            }
        }
    }
    Ok(())
}
