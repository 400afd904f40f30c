//! Many seeds, and what the first failing one needs to fail.

use std::fmt;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};

use log::LevelFilter;

use crate::context::panic_message;
use crate::sim::journal::Journal;
use crate::sim::minimise::minimise;
use crate::sim::plan::Plan;
use crate::sim::replay::{Wanted, journal, quietly, report};
use crate::sim::world::World;

/// Runs `scenario` in a world of each seed, and stops at the first that fails: by a panic, an assertion, or an error it returns. Says
/// on standard error how far it is and, of a failure, the seed, the faults without which it does not fail, the last events, and the
/// line that replays it.
///
/// From the environment: `ONELOOP_SIM_SEED=17` runs that seed only, `ONELOOP_SIM_FAULTS=pieces,reset:client/1` only with these faults,
/// `ONELOOP_SIM_LOG=trace` shows the event log, `ONELOOP_SIM_SEEDS=1000000` runs so many instead.
///
/// ```
/// use std::time::Duration;
/// use oneloop::sim::{self, LinkFaults, NodeFaults, World};
/// use oneloop::{CommandService, Context, DataPack, Result};
///
/// fn start(cx: &mut Context<'_, ()>) -> Result<()> { // what main gives to a reactor
///     let mut echo = CommandService::new();
///     echo.catch_all(|call| call.reply(call.body()))?;
///     cx.listen("server:7000", DataPack::default(), echo)?;
///     Ok(())
/// }
///
/// sim::search(0..100, |world| {
///     let faults = LinkFaults::lossless(world.random());
///     world.set_link_faults(faults);
///     let faults = NodeFaults::lossless(world.random());
///     world.set_node_faults(faults);
///     world.node("server", || (), start)?;
///     let client = world.peer("client", "server:7000");
///     client.send(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 1, b'h', b'i']);
///     world.run_until(|_| client.received_len() == 19, Duration::from_secs(30));
///     client.close();
///     world.run_until(World::is_quiet, Duration::from_secs(30));
///     Ok::<(), oneloop::Error>(())
/// });
/// ```
///
/// # Panics
/// If a seed fails.
#[track_caller]
pub fn search<R: Passes>(seeds: Range<u64>, scenario: impl Fn(&mut World) -> R) -> Searched {
    let Wanted {
        seed,
        seeds: count,
        plan,
    } = Wanted::from_environment();
    let seeds = match (seed, count) {
        (Some(seed), _) => seed..seed.saturating_add(1),
        (None, Some(count)) => seeds.start..seeds.start.saturating_add(count),
        (None, None) => seeds,
    };
    let replays = seed.is_some();
    let mut searched = Searched::default();
    let count = seeds.end.saturating_sub(seeds.start);
    for seed in seeds {
        let level = if replays {
            LevelFilter::Debug
        } else {
            LevelFilter::Off
        };
        let run = Run::of(seed, plan.clone(), &scenario, journal(level));
        searched.seeds += 1;
        searched.events += run.events;
        if let Some(failure) = &run.failure {
            if replays {
                // It is what was asked for.
                eprint!("{}", run.report);
                panic!("seed {seed}: {failure}");
            }
            fail(seed, &run, failure, &scenario);
        }
        if replays {
            eprintln!("oneloop: seed {seed} passes");
        }
        for fault in &run.missing {
            eprintln!("oneloop: the fault {fault}, which was asked for, did not take place");
        }
        let tenth = (count / 10).max(100);
        if searched.seeds % tenth == 0 && searched.seeds < count {
            eprintln!("oneloop: {} of {count} seeds passed", searched.seeds);
        }
    }
    searched
}

/// What a [search] went through without a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Seeds that were run.
    pub seeds: u64,
    /// Events in all their worlds.
    pub events: u64,
}

impl fmt::Display for Searched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} seeds passed, {} events", self.seeds, self.events)
    }
}

/// What a scenario returns: nothing, or a result.
pub trait Passes {
    /// # Errors
    /// Why it did not.
    fn passes(self) -> Result<(), String>;
}

impl Passes for () {
    fn passes(self) -> Result<(), String> {
        Ok(())
    }
}

impl<E: fmt::Display> Passes for Result<(), E> {
    fn passes(self) -> Result<(), String> {
        self.map_err(|error| error.to_string())
    }
}

/// One run of a scenario.
pub(super) struct Run {
    pub(super) failure: Option<String>,
    pub(super) faults: Vec<String>,
    /// Those that were asked for and did not take place.
    missing: Vec<String>,
    events: u64,
    report: String,
}

impl Run {
    pub(super) fn of<R: Passes>(
        seed: u64,
        plan: Plan,
        scenario: &impl Fn(&mut World) -> R,
        journal: Journal,
    ) -> Self {
        let shown = journal.level > LevelFilter::Off;
        let mut world = World::with_plan(seed, plan, journal);
        world.watched = true;
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| scenario(&mut world).passes()));
        let failure = match outcome {
            Ok(passed) => passed.err(),
            Err(panic) => Some(panic_message(&*panic)),
        };
        // Of one that is shown in any case: it may fail yet, when nothing is there any more to report on.
        let report = if shown || failure.is_some() {
            report(&world, &world.faults(), true)
        } else {
            String::new()
        };
        let events = world.net.borrow().schedule.count();
        let faults = world.faults();
        let missing = world.net.borrow().plan.missing();
        // A world that was left in the middle of something may panic again when it is dropped.
        let dropped = panic::catch_unwind(AssertUnwindSafe(|| drop(world)));
        let failure = failure.or_else(|| dropped.err().map(|panic| panic_message(&*panic)));
        Self {
            failure,
            faults,
            missing,
            events,
            report,
        }
    }
}

/// Finds out what the failure needs, shows it, and panics.
#[track_caller]
fn fail<R: Passes>(
    seed: u64,
    first: &Run,
    failure: &str,
    scenario: &impl Fn(&mut World) -> R,
) -> ! {
    // Told now: with fewer faults it may fail in another way.
    eprintln!("oneloop: seed {seed} fails: {failure}");
    eprintln!("oneloop: looking for the faults that it needs");
    let faults = &first.faults;
    let needed = quietly(|| minimise(seed, faults, failure, scenario));
    let plan = Plan::only(needed.iter().cloned());
    let run = quietly(|| Run::of(seed, plan, scenario, journal(LevelFilter::Debug)));
    let Some(again) = &run.failure else {
        eprint!("{}", first.report);
        panic!(
            "seed {seed}: {failure} (and not when it is run again: something in it is not drawn from the seed)"
        );
    };
    let of = if needed.len() < faults.len() {
        format!(" (with {} of its {} faults)", needed.len(), faults.len())
    } else {
        String::new()
    };
    let first = if again == failure {
        String::new()
    } else {
        format!(" (with all of them: {failure})")
    };
    eprint!("{}", run.report);
    panic!("seed {seed}{of}: {again}{first}");
}
