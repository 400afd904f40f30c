//! Every call has exactly one outcome, whoever supplies it and whatever becomes of him.

use std::time::Duration;

use oneloop::Result;
use oneloop::sim::{self, Random, World};

use crate::support::desk::{FAILED, Kind, Manners, Told};
use crate::support::weather::{self, LONG};
use crate::support::workload::{ASKING, Workload};
use crate::support::{SEEDS, tell};

#[test]
fn every_call_has_exactly_one_outcome() {
    let searched = sim::search(0..SEEDS, |world| {
        let mut random = weather::numbers(world);
        let stormy = random.chance(0.4);
        let links = if stormy {
            weather::set_stormy(world)
        } else {
            weather::set_lossless(world)
        };
        let manners = draw_manners(&mut random, stormy);
        let grain = weather::grain(&links, &manners.limits);
        let workload = Workload::begin(world, &mut random, &manners, body_bytes_max(grain))?;
        if stormy {
            world.run_for(Duration::from_millis(random.between(1..=10_000)));
            world.calm()?;
            world.run_for(ASKING);
            world.comes_true(|_| workload.is_answered(), Duration::from_secs(60));
            settle(world, &workload);
            workload.check();
            Ok(())
        } else {
            calm_day(world, &workload)
        }
    });
    tell("outcomes", searched);
}

/// A body through the eye of a needle is a short one.
pub(crate) fn body_bytes_max(grain: usize) -> usize {
    (grain * 16).clamp(32, 8 << 10)
}

pub(crate) fn draw_manners(random: &mut Random, stormy: bool) -> Manners {
    let mut limits = weather::narrow_limits(random);
    limits.link.call_deadline = Duration::from_millis(random.between(1..=3_000));
    if stormy {
        limits.link = weather::with_deadlines(limits.link);
    }
    Manners {
        ordered: random.chance(0.5),
        strict: random.chance(0.2),
        limits,
    }
}

/// The clients go, and nothing is left over.
fn settle(world: &mut World, workload: &Workload) {
    workload.end(world);
    world.run_until(World::is_quiet, LONG);
}

/// On a network that loses nothing each call is handled and has its outcome, and who asked is told of it.
fn calm_day(world: &mut World, workload: &Workload) -> Result<()> {
    world.run_for(ASKING);
    world.run_until(|_| workload.is_answered(), LONG);
    // Long enough for anything that would be told twice.
    world.run_for(Duration::from_secs(20));
    workload.check();
    let strict = workload.manners.strict;
    {
        let tally = workload.tally.borrow();
        for asker in &*workload.askers.borrow() {
            let vain = asker
                .asked
                .iter()
                .any(|&(command, _)| !Kind::of(command).is_sure());
            if strict && vain {
                // Some call may have closed the link.
                continue;
            }
            assert!(!asker.client.is_cut(), "a part of a frame came");
            assert_eq!(asker.client.frames.len(), asker.answers_wanted());
            for (command, _) in &asker.asked {
                let kind = Kind::of(*command);
                assert!(tally.handled.contains_key(command), "{command:#x} {kind:?}");
                let told = tally.over.get(command).and_then(|told| told.first());
                let mut frames = asker.client.frames.iter();
                let answer = frames.find(|(frame, _)| frame & !FAILED == *command);
                let wanted = match answer {
                    None => Told::Silent,
                    Some((answer, _)) if answer & FAILED != 0 => Told::Failed,
                    Some(_) => Told::Replied,
                };
                assert_eq!(told, Some(&wanted), "{command:#x} {kind:?}");
            }
        }
        for (command, count) in &tally.whens {
            assert_eq!(*count, 1, "{command:#x}: a callback ran {count} times");
        }
    }
    settle(world, workload);
    Ok(())
}
