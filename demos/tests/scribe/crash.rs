//! A collector is killed as `kill -9` does, at random moments under load: what was answered OK is there.
//!
//! A kill takes nothing that was written, synced or not: what a failing sync and a lost power take is tried in `sabotage` and in the
//! simulator. What it does take is whatever was answered too early, and it leaves lines of which only a part is written.
//!
//! `ONELOOP_CRASH_SEED=17` draws the same batches and moments again; the machine's own moments remain.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use oneloop::fb303::FbStatus;

use crate::crowd::{CATEGORIES, Crowd, Dice, Ends, Sizes};
use crate::daemon::{Daemon, Scratch};

/// A seed, which is printed.
pub(crate) fn seed(what: &str) -> u64 {
    let given = std::env::var("ONELOOP_CRASH_SEED").ok();
    let drawn = || {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        now.map_or(0, |now| u64::from(now.subsec_nanos()))
    };
    let seed = given.and_then(|it| it.parse().ok()).unwrap_or_else(drawn);
    println!("{what}: seed {seed}");
    seed
}

/// A moment: after some answers more, and a little later.
pub(crate) fn moment(crowd: &Crowd, dice: &mut Dice) {
    crowd.until_answered(dice.draw(30));
    crowd.wait(Duration::from_micros(dice.draw(6_000)));
}

/// Half a line at the end of the newest file of each category, as a write leaves it that the kill has cut short. (Of itself that is rare:
/// a write is short, and a sync is long.)
pub(crate) fn tear(logs: &Path, dice: &mut Dice) {
    for (category, name) in CATEGORIES.iter().enumerate() {
        let entries = fs::read_dir(logs.join(name))
            .into_iter()
            .flatten()
            .flatten();
        let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let Some(newest) = files.map(|entry| entry.path()).max() else {
            continue;
        };
        let line = format!("0 {name} {category}{category}{category}{category}{category} torn");
        let half = &line.as_bytes()[..dice.draw(line.len() as u64) as usize];
        let mut file = File::options()
            .append(true)
            .open(newest)
            .expect("it is there");
        file.write_all(half).expect("there is room");
    }
}

/// Into files of 300 kB, so that many are begun.
pub(crate) fn files(ends: Ends) -> String {
    let add_newlines = ends == Ends::Collector;
    format!(
        "[[store]]\ncategories = ['default']\ntype = 'file'\nfolder = 'logs'\n\
         file_bytes_max = '300kB'\nadd_newlines = {add_newlines}\n"
    )
}

fn one_collector(kills: u64, ends: Ends) {
    let name = format!("crash-{ends:?}-{kills}");
    let seed = seed(&name);
    let mut dice = Dice::new(seed);
    let scratch = Scratch::new(&name);
    let dir = scratch.path();
    let config = dir.join("scribe.toml");
    let mut daemon = Daemon::begin(dir, &config, &files(ends), Vec::new());
    let crowd = Crowd::begin(6, daemon.address(), ends, Sizes::Mixed, seed);
    for _ in 0..kills {
        moment(&crowd, &mut dice);
        daemon.kill();
        if dice.draw(2) == 0 {
            tear(&dir.join("logs"), &mut dice);
        }
        daemon.start();
    }
    crowd.until_answered(30);
    let (ledger, tally) = crowd.finish();
    daemon.until(FbStatus::ALIVE);
    let twice = Crowd::check(&dir.join("logs"), &ledger, Sizes::Mixed);
    println!("{kills} kills: {tally:?}, {twice} lines are there once more");
    // It went through what it is about.
    assert!(tally.unknown >= kills, "{tally:?}");
}

#[test]
fn a_collector_is_killed_and_what_was_answered_is_there() {
    one_collector(20, Ends::Collector);
}

#[test]
fn a_collector_is_killed_whose_clients_end_their_lines() {
    one_collector(10, Ends::Client);
}

#[test]
#[ignore = "takes minutes"]
fn a_collector_is_killed_650_times() {
    one_collector(450, Ends::Collector);
    one_collector(200, Ends::Client);
}
