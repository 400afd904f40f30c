//! The same seed in two processes gives the same run, to the byte: nothing that differs from process to process, such as the order of
//! a hash map, gets into what is sent.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use log::LevelFilter;
use oneloop::sim::World;

use crate::parties::{BIG, Plan};
use crate::party::Weather;

/// Where a process that is to run the scenarios puts what happened.
const LOG: &str = "ROOMS_LOG";

#[test]
fn the_events_of_a_seed_are_the_same_in_every_process() {
    if let Some(path) = env::var_os(LOG) {
        return fs::write(path, events()).expect("a file");
    }
    let [first, second] = ["first", "second"].map(run_apart);
    assert!(
        first.lines().count() > 10_000,
        "there was something to compare"
    );
    let differ = first
        .lines()
        .zip(second.lines())
        .find(|(one, other)| one != other);
    assert_eq!(differ, None);
    assert_eq!(first.len(), second.len());
}

/// All that happens at three parties, to every turn and the sum of all bytes.
fn events() -> String {
    let mut events = String::new();
    for (seed, weather) in [Weather::Fair, Weather::Rough, Weather::Stormy]
        .into_iter()
        .enumerate()
    {
        let mut world = World::new(seed as u64);
        world.set_log_level(LevelFilter::Trace);
        let in_file = weather != Weather::Stormy;
        Plan {
            weather,
            in_file,
            ..BIG
        }
        .run(&mut world);
        events += &world.log();
    }
    events
}

/// The same, by a process of its own.
fn run_apart(name: &str) -> String {
    let log: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("rooms-{}-{name}.log", std::process::id()));
    let test = "twice::the_events_of_a_seed_are_the_same_in_every_process";
    let run = Command::new(env::current_exe().expect("a path"))
        .args(["--exact", test])
        .env(LOG, &log)
        .output()
        .expect("it starts");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stdout)
    );
    let events = fs::read_to_string(&log).expect("it was written");
    fs::remove_file(&log).expect("it is there");
    events
}
