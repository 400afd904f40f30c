//! Which of its faults a failure needs.

use log::LevelFilter;

use crate::sim::journal::Journal;
use crate::sim::plan::Plan;
use crate::sim::search::{Passes, Run};
use crate::sim::world::World;

/// Runs that are spent on finding out.
const RUNS_MAX: usize = 300;

/// Drops faults, half of them at first and then ever smaller shares, as long as the run of this seed still fails in the same way (delta
/// debugging, Zeller and Hildebrandt, 2002). Gives those that are left.
pub(super) fn minimise<R: Passes>(
    seed: u64,
    faults: &[String],
    failure: &str,
    scenario: &impl Fn(&mut World) -> R,
) -> Vec<String> {
    let mut needed = faults.to_vec();
    let way = way(failure);
    let mut runs = 0;
    let mut fails = |faults: &[String]| {
        runs += 1;
        let plan = Plan::only(faults.iter().cloned());
        // Whatever log the environment wants is of the run that is shown, and not of these.
        let run = Run::of(seed, plan, scenario, Journal::new(LevelFilter::Off, false));
        let same = run
            .failure
            .is_some_and(|failure| self::way(&failure) == way);
        (runs < RUNS_MAX).then_some(same)
    };
    let mut share = needed.len().div_ceil(2);
    while share > 0 && !needed.is_empty() {
        let mut at = 0;
        let mut dropped = false;
        while at < needed.len() {
            let end = (at + share).min(needed.len());
            let without = [&needed[..at], &needed[end..]].concat();
            match fails(&without) {
                None => return needed,
                Some(true) => {
                    needed = without;
                    dropped = true;
                }
                Some(false) => at = end,
            }
        }
        // At single faults: once more if one went, since that may have made others needless.
        share = if share == 1 && dropped { 1 } else { share / 2 };
    }
    needed
}

/// In which way it failed: what it says but for the numbers, which are others in another run.
fn way(failure: &str) -> String {
    failure.chars().filter(|c| !c.is_ascii_digit()).collect()
}
