//! How failing runs are told, and run again.

use std::cell::RefCell;
use std::rc::Rc;

use oneloop::sim::{self, LinkFaults, NodeFaults, World};

use crate::processes::{is_child, paste, run};
use crate::support::{Seen, Watch, idle, ms, panic_of, secs, server};

const REPLAY: &str = "to replay it: ";

// ---- scenarios, each for a process of its own ----

/// Fails at every seed that is a multiple of 7, and says which seeds it ran.
#[test]
fn fails_at_sevens() {
    if is_child() {
        sim::search(1..1_000, |world| {
            println!("ran {}", world.seed());
            assert!(world.seed() % 7 != 0, "a multiple of seven");
        });
    }
}

/// Four links and two nodes with every kind of trouble; fails if the second link is reset and the server was paused.
fn reset_and_pause(world: &mut World) {
    let faults = LinkFaults {
        latency: ms(1)..=ms(5),
        piece_bytes: 1..=9,
        reset: 0.7,
        within_bytes: 200,
        stall: 0.5,
        stall_for: ms(1)..=ms(20),
        half_close: 0.3,
        partial_writes: 0.5,
        ..LinkFaults::none()
    };
    world.set_link_faults(faults);
    world.set_node_faults(NodeFaults {
        partial_reads: 0.5,
        spurious: 0.5,
        crash_every: Some(secs(3)),
        partition_every: Some(secs(1)),
        ..NodeFaults::none()
    });
    let node = server(world, "server", Watch::echo);
    let paused = Rc::new(RefCell::new(false));
    let mark = Rc::clone(&paused);
    for name in ["red herring", "another, with a comma"] {
        world.fault_after(ms(300), name, |world| world.reset("client", "server"));
    }
    world.fault_after(ms(400), "pause it's", move |world| {
        world.pause("server");
        *mark.borrow_mut() = true;
        // The steps that it makes are its own.
        world.fault_after(ms(1), "within", |_| ());
        world.after(ms(50), |world| world.resume("server"));
    });
    world.fault_after(ms(500), "within", |_| ());
    let peers: Vec<_> = (0..4)
        .map(|_| world.peer("client", "server:7000"))
        .collect();
    for _ in 0..200 {
        for peer in &peers {
            peer.send(&[1; 20]);
        }
        world.run_for(ms(10));
    }
    let reset = world.faults().iter().any(|fault| fault == "reset:client/2");
    assert!(!(reset && *paused.borrow()), "what was to be found");
    let _ = node;
}

#[test]
fn needs_two_of_many() {
    if is_child() {
        sim::search(0..500, reset_and_pause);
    }
}

/// Fails whatever happens, by a panic, an error, or a destructor.
#[test]
fn fails_by_an_error() {
    if is_child() {
        sim::search(5..10, |world| {
            let _node = server(world, "server", Watch::echo);
            world.node("server", || (), |_| Ok(())).map(drop)
        });
    }
}

#[test]
fn fails_in_a_destructor() {
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            panic!("not closed");
        }
    }
    if is_child() {
        sim::search(5..10, |world| {
            world.node("a", || Last, |_| Ok(())).map(drop)?;
            world.run_for(secs(1));
            Ok::<(), oneloop::Error>(())
        });
    }
}

#[test]
fn fails_in_another_way_without_its_fault() {
    if is_child() {
        sim::search(5..10, |world| {
            world.fault_after(ms(1), "trouble", |_| ());
            world.run_for(secs(1));
            Err::<(), _>(if world.faults().is_empty() {
                "something else"
            } else {
                "what was found"
            })
        });
    }
}

#[test]
fn fails_once_only() {
    if is_child() {
        let ran = std::cell::Cell::new(0);
        sim::search(5..10, |_| {
            ran.set(ran.get() + 1);
            assert!(ran.get() > 1, "of its own accord");
        });
    }
}

/// A world of a test's own, without a search.
#[test]
fn fails_in_a_world() {
    if is_child() {
        let mut world = World::new(77);
        let _node = idle(&mut world, "a");
        world.fault_after(ms(1), "trouble", |world| world.note("it strikes"));
        world.run_until(|_| false, secs(1));
    }
}

/// Passes, with an event in each world.
#[test]
fn passes() {
    if is_child() {
        let searched = sim::search(10..20, |world| {
            world.set_link_faults(LinkFaults {
                reset: 1.0,
                within_bytes: 0,
                piece_bytes: 1..=1,
                ..LinkFaults::none()
            });
            let _node = server(world, "server", Watch::silent);
            let peer = world.peer("client", "server:7000");
            peer.send(b"xx");
            world.run_for(ms(1));
            println!("seed {} faults {:?}", world.seed(), world.faults());
        });
        println!("SEARCHED {searched}");
    }
}

fn child(test: &str) -> String {
    format!("failing::{test}")
}

// ---- what is said of them ----

#[test]
fn a_search_stops_at_the_first_seed_that_fails() {
    let run = run(&child("fails_at_sevens"), &[]);
    assert!(!run.passed);
    assert!(run.says("seed 7: a multiple of seven"), "{}", run.said);
    assert!(run.says("oneloop: seed 7 fails: a multiple of seven"));
    assert!(run.says("ran 6\n") && !run.says("ran 8\n"));
    assert!(run.says("oneloop: seed 7 failed at 0.000000s"));
    assert_eq!(
        run.line(REPLAY),
        "ONELOOP_SIM_SEED=7 ONELOOP_SIM_FAULTS= ONELOOP_SIM_LOG=debug cargo test failing::fails_at_sevens -- --exact --nocapture"
    );
}

#[test]
fn the_environment_says_which_seeds() {
    let one = run(&child("fails_at_sevens"), &[("ONELOOP_SIM_SEED", "20")]);
    assert!(one.passed && one.says("ran 20\n") && !one.says("ran 1\n"));
    let few = run(&child("fails_at_sevens"), &[("ONELOOP_SIM_SEEDS", "5")]);
    assert!(few.passed && few.says("ran 5\n") && !few.says("ran 6\n"));
    let many = run(&child("passes"), &[("ONELOOP_SIM_SEEDS", "2500")]);
    assert!(many.passed && many.says("SEARCHED 2500 seeds passed, "));
    assert!(many.says("oneloop: 1000 of 2500 seeds passed"), "progress");
    assert!(many.says("oneloop: 2000 of 2500 seeds passed"));
}

#[test]
fn the_environment_says_which_faults() {
    let seed = ("ONELOOP_SIM_SEED", "10");
    let all = run(&child("passes"), &[seed]);
    assert!(
        all.says(r#"faults ["pieces", "reset:client/1"]"#),
        "{}",
        all.said
    );
    let few = run(
        &child("passes"),
        &[seed, ("ONELOOP_SIM_FAULTS", " pieces ,")],
    );
    assert!(few.says(r#"faults ["pieces"]"#), "{}", few.said);
    let none = run(&child("passes"), &[seed, ("ONELOOP_SIM_FAULTS", "")]);
    assert!(none.says("faults []"), "{}", none.said);
}

#[test]
fn the_environment_says_how_much_is_logged() {
    let silent = run(&child("passes"), &[]);
    assert!(!silent.says("server starts"));
    let shown = run(&child("passes"), &[("ONELOOP_SIM_LOG", "info")]);
    assert!(shown.says("INFO  server starts") && !shown.says("DEBUG"));
    let more = run(&child("passes"), &[("ONELOOP_SIM_LOG", "trace")]);
    assert!(more.says("TRACE") && more.says("DEBUG"));
}

#[test]
fn values_that_make_no_sense_are_told() {
    for (word, value, complaint) in [
        (
            "ONELOOP_SIM_SEED",
            "ten",
            "ONELOOP_SIM_SEED is \"ten\", which is no number",
        ),
        (
            "ONELOOP_SIM_SEEDS",
            "-1",
            "ONELOOP_SIM_SEEDS is \"-1\", which is no number",
        ),
        (
            "ONELOOP_SIM_LOG",
            "loud",
            "ONELOOP_SIM_LOG is \"loud\", which is no level",
        ),
    ] {
        let run = run(&child("passes"), &[(word, value)]);
        assert!(!run.passed && run.says(complaint), "{}", run.said);
    }
}

#[test]
fn the_faults_that_are_needed_are_found_and_the_line_replays_them() {
    let found = run(&child("needs_two_of_many"), &[]);
    assert!(!found.passed);
    let faults = found.line("the faults: ");
    assert_eq!(
        faults, "reset:client/2, script:pause it's/1",
        "{}",
        found.said
    );
    assert!(found.says("(with 2 of its "), "{}", found.said);
    assert!(found.says("the last events:\n"));
    let line = found.line(REPLAY);
    assert!(
        line.contains(r"'reset:client/2,script:pause it'\''s/1'"),
        "{line}"
    );
    let again = paste(line);
    assert!(
        !again.passed && again.says("what was to be found"),
        "{}",
        again.said
    );
    assert_eq!(again.line("the faults: "), faults);
    assert_eq!(again.line(REPLAY), line, "it says the same again");
    let starts = again.said.matches("INFO  server starts").count();
    // Once as it happens, and once among the last events if it is one of them.
    assert!((1..=2).contains(&starts), "it is run once: {}", again.said);
    // Without one of the two it does not fail.
    let without = line.replace("reset:client/2,", "");
    assert!(paste(&without).passed);
}

#[test]
fn errors_fail_a_seed_and_so_do_destructors() {
    let error = run(&child("fails_by_an_error"), &[]);
    assert!(error.says("seed 5: ") && error.says("there is a node called server"));
    let drop = run(&child("fails_in_a_destructor"), &[]);
    assert!(drop.says("seed 5: not closed"), "{}", drop.said);
    assert!(
        drop.line(REPLAY).starts_with("ONELOOP_SIM_SEED=5 "),
        "it has its report"
    );
    assert!(drop.says("oneloop: seed 5 failed at 1.000000s"));
}

#[test]
fn a_fault_without_which_it_fails_in_another_way_is_needed() {
    let run = run(&child("fails_in_another_way_without_its_fault"), &[]);
    assert!(run.says("oneloop: seed 5 fails: what was found\n"));
    assert_eq!(run.line("the faults: "), "script:trouble/1");
    assert!(run.says("seed 5: what was found"), "{}", run.said);
}

#[test]
fn what_does_not_fail_again_is_said_to_be_so() {
    let run = run(&child("fails_once_only"), &[]);
    assert!(!run.passed && run.says("seed 5: of its own accord (and not when it is run again"));
    assert!(run.line(REPLAY).starts_with("ONELOOP_SIM_SEED=5 "));
}

#[test]
fn a_world_that_goes_down_with_a_test_says_its_seed() {
    let run = run(&child("fails_in_a_world"), &[]);
    assert!(!run.passed && run.says("oneloop: seed 77 failed at 1.000000s"));
    assert_eq!(run.line("the faults: "), "script:trouble/1");
    assert!(run.says("it strikes"), "the last events");
    let line = run.line(REPLAY);
    assert!(!line.contains("FAULTS"), "a world of its own has them all");
    assert!(paste(line).says("oneloop: seed 77 failed at 1.000000s"));
}

// ---- the same in this process ----

#[test]
fn a_search_counts() {
    let searched = sim::search(0..20, |world| {
        let node = server(world, "server", Watch::echo);
        let peer = world.peer("client", "server:7000");
        world.run_for(ms(1));
        assert!(peer.is_open());
        world.with(&node, |cx| cx.state.count += 1);
    });
    if std::env::var_os("ONELOOP_SIM_SEED").is_none() {
        assert!(searched.events >= searched.seeds * 3, "{searched}");
        assert!(searched.to_string().contains(" seeds passed, "));
    }
    assert_eq!(sim::search(3..3, |_| ()).seeds, 0);
}

#[test]
fn steps_that_are_no_faults_are_never_left_out() {
    if std::env::var_os("ONELOOP_SIM_SEED").is_some() {
        return;
    }
    let worlds = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&worlds);
    let message = panic_of(|| {
        sim::search(4..5, |world| {
            let node = world
                .node("a", Seen::default, |_| Ok(()))
                .expect("it starts");
            world.after(ms(1), |world| world.note("a step"));
            world.fault_after(ms(2), "one", |world| world.note("a fault"));
            world.run_for(ms(5));
            seen.borrow_mut().push((world.faults().len(), world.now()));
            assert!(world.with(&node, |cx| cx.state.count) == 1, "always");
        });
    });
    assert!(
        message.starts_with("seed 4 (with 0 of its 1 faults): "),
        "{message}"
    );
    let worlds = worlds.borrow();
    assert!(
        worlds.len() >= 3,
        "first, without the fault, and to be shown"
    );
    assert_eq!(worlds[0].0, 1);
    assert!(
        worlds[1..]
            .iter()
            .all(|run| run.0 == 0 && run.1 == worlds[0].1)
    );
}
