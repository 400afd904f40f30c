//! A node that is told to stop finishes what began, is done by its deadline, and leaves nothing behind.

use std::time::Duration;

use oneloop::Time;
use oneloop::sim::{self, PeerEnd, Random, World};

use crate::outcomes::{body_bytes_max, draw_manners};
use crate::support::desk::{BYE, FAILED, Kind};
use crate::support::weather::{self, LONG};
use crate::support::workload::{ASKING, Workload};
use crate::support::{SEEDS, tell};

/// What a node with slow steps may be late.
const SLACK: Duration = Duration::from_secs(3);

#[test]
fn nothing_is_left_over_after_a_drain() {
    let searched = sim::search(0..SEEDS, |world| {
        let mut random = weather::numbers(world);
        let stormy = random.chance(0.3);
        let links = if stormy {
            weather::set_stormy_links(world)
        } else {
            weather::set_lossless(world)
        };
        let mut manners = draw_manners(&mut random, stormy);
        manners.limits.drain_deadline = match random.below(3) {
            0 => LONG,
            1 => Duration::from_millis(random.between(1..=500)),
            _ => Duration::from_millis(random.between(500..=20_000)),
        };
        let grain = weather::grain(&links, &manners.limits);
        let workload = Workload::begin(world, &mut random, &manners, body_bytes_max(grain))?;
        // Among what is asked, or when all is answered.
        let moment = random.span(&(Duration::ZERO..=ASKING * 2));
        world.run_for(moment);
        let told = world.now();
        let known = known_clients(&workload);
        order_stop(world, &mut random, &workload);
        let sooner = random
            .chance(0.2)
            .then(|| random.span(&(Duration::ZERO..=ASKING)));
        let finished = drain(world, &workload, sooner);
        if !stormy {
            // What was sent last is still on its way.
            world.run_until(|_| workload.is_cut_off(), LONG);
        }
        workload.check();
        let jobs = world.counters(&workload.server).jobs_open;
        assert!(jobs == 0 || !finished, "{jobs} jobs were not waited for");
        check_farewell(&workload, finished, told);
        if finished && !stormy {
            all_is_answered(&workload, &known);
        }
        workload.end(world);
        world.run_until(World::is_quiet, LONG);
        Ok::<(), oneloop::Error>(())
    });
    tell("drain", searched);
}

/// In each of the ways in which a node is told.
fn order_stop(world: &mut World, random: &mut Random, workload: &Workload) {
    let server = &workload.server;
    match random.below(4) {
        0 => world.signal(server),
        1 => world.handle(server).stop(),
        2 => world.with(server, |cx| cx.stop()),
        _ => {
            let handle = world.handle(server);
            let posted = handle.post(|cx| _ = cx.after(Duration::ZERO, |cx| cx.stop()));
            posted.expect("it runs");
        }
    }
}

/// Clients that hold a connection which they did not end, and the server has it too: they will be told goodbye.
fn known_clients(workload: &Workload) -> Vec<usize> {
    let askers = workload.askers.borrow();
    let known = askers.iter().enumerate().filter(|(_, asker)| {
        let peer = &asker.client.peer;
        peer.is_open() && !asker.has_ended && peer.server_link().is_some()
    });
    known.map(|(number, _)| number).collect()
}

/// Lets the server come to its end, in time. Whether it finished what it had begun.
fn drain(world: &mut World, workload: &Workload, sooner: Option<Duration>) -> bool {
    let deadline = workload.manners.limits.drain_deadline;
    let began = world.now();
    let is_done = |world: &mut World| {
        for asker in &*workload.askers.borrow() {
            // A client that was told that all is said hangs up.
            if asker.client.peer.end() == Some(PeerEnd::Ended) {
                asker.client.peer.close();
            }
        }
        !world.is_up(&workload.server)
    };
    let patience = sooner.unwrap_or(deadline).min(deadline);
    let finished = world.comes_true(is_done, patience);
    if !finished {
        if sooner.is_some_and(|sooner| sooner < deadline) {
            world.signal(&workload.server);
        }
        world.run_until(is_done, SLACK);
    }
    assert!(world.now() <= began + deadline + SLACK, "late");
    // Near the deadline it may have been that: the clock of a node with slow steps is ahead of the world's.
    finished && world.now() + SLACK < began + deadline
}

/// What was left for the end was done, once.
fn check_farewell(workload: &Workload, finished: bool, told: Time) {
    let tally = workload.tally.borrow();
    assert_eq!(tally.stops, 1, "told to stop at {told}");
    assert!(tally.farewells <= 1, "told to stop at {told}");
    assert!(!finished || tally.farewells == 1, "told to stop at {told}");
}

/// Each call that the server had taken was answered, and whoever was there was told goodbye.
fn all_is_answered(workload: &Workload, known: &[usize]) {
    let tally = workload.tally.borrow();
    for (number, asker) in workload.askers.borrow().iter().enumerate() {
        let vain = asker
            .asked
            .iter()
            .any(|&(command, _)| !Kind::of(command).is_sure());
        if workload.manners.strict && vain {
            // Some call may have closed the link.
            continue;
        }
        let frames = &asker.client.frames;
        for (command, _) in &asker.asked {
            let kind = Kind::of(*command);
            let answered = frames.iter().any(|(frame, _)| frame & !FAILED == *command);
            let wanted = tally.handled.contains_key(command) && kind != Kind::Silent;
            assert_eq!(answered, wanted, "{command:#x} {kind:?}");
        }
        let told = frames.iter().any(|(command, _)| *command == BYE);
        assert!(
            told || !known.contains(&number),
            "client {number} was told nothing"
        );
    }
}
