//! How a failure is told, and how it is run again. Alone in this room names the process: its environment, its threads.

use std::cell::Cell;
use std::env;
use std::panic;
use std::sync::Once;

use log::LevelFilter;

use crate::sim::journal::Journal;
use crate::sim::plan::Plan;
use crate::sim::world::World;

/// The environment's word for the one seed to run.
const SEED: &str = "ONELOOP_SIM_SEED";
/// For the faults that are to take place, if not all.
const FAULTS: &str = "ONELOOP_SIM_FAULTS";
/// For how many seeds to run, from the first on.
const SEEDS: &str = "ONELOOP_SIM_SEEDS";
/// For the level of the event log, shown on standard error.
const LOG: &str = "ONELOOP_SIM_LOG";

/// What the environment wants to be run.
pub(super) struct Wanted {
    pub(super) seed: Option<u64>,
    pub(super) seeds: Option<u64>,
    pub(super) plan: Plan,
}

impl Wanted {
    pub(super) fn from_environment() -> Self {
        let plan = env::var(FAULTS).map(|faults| Plan::only_named(&faults));
        Self {
            seed: number_from(SEED),
            seeds: number_from(SEEDS),
            plan: plan.unwrap_or_default(),
        }
    }
}

/// Whether this thread is on its way out of a panic.
pub(super) fn is_panicking() -> bool {
    std::thread::panicking()
}

/// What a failing run leaves behind for the reader.
pub(super) fn report(world: &World, faults: &[String], in_full: bool) -> String {
    let seed = world.seed();
    let tail = world.log_tail();
    let mut report = format!("\noneloop: seed {seed} failed at {}\n", world.now());
    if !tail.is_empty() {
        report += &format!("the last events:\n{tail}");
    }
    if !faults.is_empty() {
        report += &format!("the faults: {}\n", faults.join(", "));
    }
    let thread = std::thread::current();
    // The test runner names a test's thread after it.
    let test = thread.name().filter(|name| *name != "main").map_or_else(
        || "THE_TEST --".to_owned(),
        |name| format!("{name} -- --exact"),
    );
    let only = if in_full {
        format!(" {FAULTS}={}", quoted(&faults.join(",")))
    } else {
        String::new()
    };
    // A world that a test made by itself has the seed that the test says, whatever the environment wants.
    let chosen = if world.watched {
        format!("{SEED}={seed}{only} ")
    } else {
        String::new()
    };
    report += &format!("to replay it: {chosen}{LOG}=debug cargo test {test} --nocapture\n");
    report
}

/// As a shell takes it for one word: faults of a script have any name.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:,".contains(c);
    if word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A journal as the environment wants it.
pub(super) fn journal(level: LevelFilter) -> Journal {
    let Ok(wanted) = env::var(LOG) else {
        return Journal::new(level, false);
    };
    match wanted.parse() {
        Ok(wanted) => Journal::new(wanted, true),
        Err(_) => panic!(
            "{LOG} is {wanted:?}, which is no level: there are off, error, warn, info, debug and trace"
        ),
    }
}

fn number_from(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{variable} is {text:?}, which is no number"),
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `act` without showing its panics, of which there may be hundreds.
pub(super) fn quietly<R>(act: impl FnOnce() -> R) -> R {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                shown(info);
            }
        }));
    });
    QUIET.set(true);
    let result = act();
    QUIET.set(false);
    result
}
