//! Of two collectors, one forwards to the other, and keeps what that does not take: either is killed as `kill -9` does, or the other is away
//! for a while. What was answered OK arrives.

use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::crash::{files, moment, seed, tear};
use crate::crowd::{Crowd, Dice, Ends, Sizes};
use crate::daemon::{Daemon, PATIENCE, Scratch};

/// Two collectors: one forwards to the other, and keeps what that does not take.
struct Pair {
    scratch: Scratch,
    primary: Daemon,
    leaf: Daemon,
}

impl Pair {
    fn begin(name: &str) -> Self {
        let scratch = Scratch::new(name);
        let folder = |name: &str| {
            let folder = scratch.path().join(name);
            fs::create_dir(&folder).expect("a folder");
            folder
        };
        let (far, near) = (folder("far"), folder("near"));
        let primary = Daemon::begin(
            &far,
            &far.join("scribe.toml"),
            &files(Ends::Collector),
            Vec::new(),
        );
        let buffer = format!(
            "check_interval = '20ms'\n\
             [[store]]\ncategories = ['default']\ntype = 'buffer'\nretry_interval = '50ms'\n\
             retry_interval_range = '20ms'\nfiles_per_check = 10\n\
             [store.primary]\ntype = 'network'\nhost = '{}'\nport = {}\ntimeout = '2s'\n\
             [store.secondary]\ntype = 'file'\nfolder = 'waits'\nfile_bytes_max = '200kB'\n",
            primary.address().ip(),
            primary.address().port()
        );
        let leaf = Daemon::begin(&near, &near.join("scribe.toml"), &buffer, Vec::new());
        Self {
            scratch,
            primary,
            leaf,
        }
    }

    /// Waits until nothing waits at the leaf.
    fn until_replayed(&self) {
        let (mut base, began) = (self.leaf.base(), Instant::now());
        let waits = self.scratch.path().join("near/waits");
        while bytes(&waits) > 0 {
            base.get_status().expect("it answers");
            let logged = self.leaf.logged();
            assert!(
                began.elapsed() < PATIENCE,
                "{} bytes wait: {logged:#?}",
                bytes(&waits)
            );
        }
    }
}

/// The sum of the files in a folder, and in those in it.
fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let each = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => bytes(&entry.path()),
        Ok(kind) if kind.is_file() => entry.metadata().map_or(0, |known| known.len()),
        // A link, or it went meanwhile.
        _ => 0,
    });
    each.sum()
}

fn two_collectors(kills: u64) {
    let name = format!("crash-pair-{kills}");
    let seed = seed(&name);
    let mut dice = Dice::new(seed);
    let mut pair = Pair::begin(&name);
    let address = pair.leaf.address();
    let crowd = Crowd::begin(4, address, Ends::Collector, Sizes::Mixed, seed);
    let mut waited = 0;
    for _ in 0..kills {
        moment(&crowd, &mut dice);
        match dice.draw(3) {
            0 => {
                pair.leaf.kill();
                pair.leaf.start();
            }
            1 => {
                pair.primary.kill();
                tear(&pair.scratch.path().join("far/logs"), &mut dice);
                pair.primary.start();
            }
            _ => {
                pair.primary.kill();
                // The leaf answers by itself, and may be killed meanwhile.
                moment(&crowd, &mut dice);
                crowd.until_answered(5);
                waited = waited.max(bytes(&pair.scratch.path().join("near/waits")));
                if dice.draw(2) == 0 {
                    pair.leaf.kill();
                    pair.leaf.start();
                }
                pair.primary.start();
            }
        }
    }
    crowd.until_answered(30);
    let (ledger, tally) = crowd.finish();
    pair.until_replayed();
    let logs = pair.scratch.path().join("far/logs");
    let twice = Crowd::check(&logs, &ledger, Sizes::Mixed);
    println!("{kills} kills: {tally:?}, {waited} bytes waited, {twice} lines are there once more");
    assert!(waited > 0, "nothing was kept for the primary");
}

#[test]
fn either_of_two_collectors_is_killed_and_what_was_answered_arrives() {
    two_collectors(20);
}

#[test]
#[ignore = "takes minutes"]
fn either_of_two_collectors_is_killed_350_times() {
    two_collectors(350);
}
