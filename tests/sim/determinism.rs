//! The same seed, the same run: event for event, in this process, in another one, and on other machines.
//!
//! The digests in [`crate::scenarios`] are of the event logs at trace level. They change when the simulator draws its numbers or words its
//! log in another way, and when the engine's steps change; every recorded seed then stands for another run, which the change log should
//! say. To renew them: `ONELOOP_SIM_DIGESTS=1 cargo test --test sim digests -- --nocapture` prints those of now; they have to be the
//! same with `--release`.

use log::LevelFilter;
use oneloop::sim::World;

use crate::processes::{file, is_child, run};
use crate::scenarios::{ALL, SEED, Scenario};

/// The event log of a scenario.
fn log_of(scenario: &Scenario, seed: u64) -> String {
    run_of(scenario, seed).log()
}

fn run_of(scenario: &Scenario, seed: u64) -> World {
    let mut world = World::new(seed);
    world.set_log_level(LevelFilter::Trace);
    (scenario.run)(&mut world);
    world
}

/// The same, with how it ended: what no digest is of, since a new counter is no other run.
fn account_of(scenario: &Scenario, seed: u64) -> String {
    let mut world = run_of(scenario, seed);
    let mut counters = |node: &str| world.counters(node).to_string();
    let tables = match scenario.name {
        "jobs" => counters("office"),
        "chat" => counters("lobby"),
        "letters" => counters("x"),
        _ => counters("a"),
    };
    format!("{}{tables}\n{:?}\n", world.log(), world.faults())
}

/// FNV-1a.
fn sum(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Where two logs part, for the reader.
#[track_caller]
fn assert_same(name: &str, one: &str, other: &str) {
    let lines = one.lines().zip(other.lines()).enumerate();
    for (number, (one, other)) in lines {
        assert_eq!(one, other, "{name}: line {}", number + 1);
    }
    assert_eq!(one.len(), other.len(), "{name}: one has more lines");
}

#[test]
fn the_same_seed_is_the_same_run_after_other_worlds_too() {
    let logs: Vec<String> = ALL
        .iter()
        .map(|scenario| account_of(scenario, SEED))
        .collect();
    for (scenario, log) in ALL.iter().zip(&logs).rev() {
        assert!(log.lines().count() > 100, "{}: {log}", scenario.name);
        assert_same(scenario.name, log, &account_of(scenario, SEED));
    }
}

#[test]
fn other_seeds_are_other_runs() {
    for scenario in &ALL {
        // Its faults are the script's, and no number is drawn.
        if scenario.name != "script" {
            let (one, other) = (log_of(scenario, 1), log_of(scenario, 2));
            assert_ne!(one, other, "{}", scenario.name);
        }
    }
}

/// Writes the logs of all scenarios, if it is told where to.
#[test]
fn writes_its_logs() {
    if let Ok(path) = std::env::var("ONELOOP_SIM_TESTS_LOGS")
        && is_child()
    {
        let logs: Vec<String> = ALL
            .iter()
            .map(|scenario| account_of(scenario, SEED))
            .collect();
        std::fs::write(path, logs.join("\0")).expect("it is written");
    }
}

#[test]
fn two_processes_have_the_same_runs() {
    let both = ["one", "other"].map(|name| {
        let path = file(name);
        let place = path.display().to_string();
        let run = run(
            "determinism::writes_its_logs",
            &[("ONELOOP_SIM_TESTS_LOGS", &place)],
        );
        assert!(run.passed, "{}", run.said);
        let logs = std::fs::read_to_string(&path).expect("its logs");
        std::fs::remove_file(&path).expect("it is there");
        logs
    });
    let mut logs = both.iter().map(|logs| logs.split('\0'));
    let (one, other) = (logs.next().expect("one"), logs.next().expect("other"));
    let mut count = 0;
    for ((one, other), scenario) in one.zip(other).zip(&ALL) {
        assert_same(scenario.name, one, other);
        count += 1;
    }
    assert_eq!(count, ALL.len());
}

#[test]
fn the_digests_are_written_in_stone() {
    let renew = std::env::var_os("ONELOOP_SIM_DIGESTS").is_some();
    let mut wrong = Vec::new();
    for scenario in &ALL {
        let digest = sum(&log_of(scenario, SEED));
        if renew {
            println!("{}: {digest:#018x}", scenario.name);
        } else if digest != scenario.digest {
            wrong.push(format!("{}: {digest:#018x}", scenario.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "other runs than were recorded: {wrong:?}; see the head of this file"
    );
}
