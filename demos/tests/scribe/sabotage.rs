//! Collectors on disks that fail, are full or stall: no OK for what is not kept, and no help needed afterwards.
//!
//! Ignored, since they need what not every machine has or allows: strace (or the library of `.ci/syncs.c`), name spaces, prlimit.
//! `.ci/run sabotage` runs them.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use oneloop::fb303::FbStatus;
use oneloop::thrift::BlockingCaller;
use oneloop_demos::scribe::interface::{LogEntry, ResultCode, ScribeBlocking};

use crate::crash::{files, seed};
use crate::crowd::{CATEGORIES, Crowd, Dice, Ends, Sizes};
use crate::daemon::{Daemon, Scratch};
use crate::saboteur::{
    Saboteur, SmallDisk, Syncs, ahead_of_others, let_files_grow, with_small_files,
};

const ENDS: Ends = Ends::Collector;

fn begin(dir: &Path, config: &Path, before: Vec<OsString>) -> Daemon {
    Daemon::begin(dir, config, &files(ENDS), before)
}

/// Logs one line of a category of its own: what was answered.
fn ask(link: &mut ScribeBlocking, text: &str) -> ResultCode {
    let entry = LogEntry {
        category: "own".into(),
        message: text.to_owned().into(),
    };
    link.log(vec![entry]).expect("it answers")
}

fn link(address: SocketAddr) -> ScribeBlocking {
    ScribeBlocking::new(BlockingCaller::connect(address).expect("it listens"))
}

#[test]
#[ignore = "needs strace, which may trace: .ci/run sabotage"]
fn while_syncs_fail_nothing_is_answered_ok_and_then_it_goes_on() {
    let seed = seed("sabotage-eio");
    let mut dice = Dice::new(seed);
    let scratch = Scratch::new("sabotage-eio");
    let dir = scratch.path();
    let saboteur = Saboteur::new(dir);
    let mut daemon = begin(dir, &dir.join("scribe.toml"), saboteur.before());
    let crowd = Crowd::begin(4, daemon.address(), ENDS, Sizes::Mixed, seed);
    // Its file is open when the syncs begin to fail: else it fails to be begun.
    let mut own = link(daemon.address());
    assert_eq!(ask(&mut own, "yes"), ResultCode::OK);
    let (mut kept, mut refused) = (vec!["yes".to_owned()], 0);
    for round in 0..6 {
        crowd.until_answered(10 + dice.draw(20));
        let sabotage = saboteur.begin(&daemon, Syncs::Fail);
        // Sent when no sync does well any more, so that every OK were a lie.
        for attempt in 0..10 {
            let answer = ask(&mut own, &format!("no {round}.{attempt}"));
            assert_eq!(answer, ResultCode::TRY_LATER, "of a failed sync");
            refused += 1;
        }
        crowd.until_refused(5);
        daemon.until(FbStatus::WARNING);
        let is_killed = round % 2 == 1;
        if is_killed {
            daemon.kill();
        }
        drop(sabotage);
        if is_killed {
            daemon.start();
            own = link(daemon.address());
        }
        // By itself.
        crowd.until_answered(10);
        let line = format!("yes {round}");
        assert_eq!(ask(&mut own, &line), ResultCode::OK);
        kept.push(line);
        crowd.until_answered(20);
    }
    let (ledger, tally) = crowd.finish();
    daemon.until(FbStatus::ALIVE);
    let logs = dir.join("logs");
    let twice = Crowd::check(&logs, &ledger, Sizes::Mixed);
    let own = own_lines(&logs);
    let said: Vec<_> = own.iter().filter(|line| line.starts_with("yes")).collect();
    assert_eq!(said, kept.iter().collect::<Vec<_>>());
    println!(
        "syncs that fail, by {}: {tally:?}, {refused} refused of our own, {twice} lines are there once more",
        saboteur.name()
    );
}

#[test]
#[ignore = "needs strace, which may trace: .ci/run sabotage"]
fn while_syncs_falter_what_is_answered_ok_stays_there() {
    let seed = seed("sabotage-falter");
    let mut dice = Dice::new(seed);
    let scratch = Scratch::new("sabotage-falter");
    let dir = scratch.path();
    let saboteur = Saboteur::new(dir);
    let mut daemon = begin(dir, &dir.join("scribe.toml"), saboteur.before());
    let crowd = Crowd::begin(4, daemon.address(), ENDS, Sizes::Mixed, seed);
    for _ in 0..6 {
        let sabotage = saboteur.begin(&daemon, Syncs::Falter);
        // What a sync has failed for is cut off again, and nothing before it.
        crowd.until_answered(20 + dice.draw(20));
        crowd.wait(Duration::from_micros(dice.draw(6_000)));
        daemon.kill();
        drop(sabotage);
        daemon.start();
    }
    crowd.until_answered(20);
    let (ledger, tally) = crowd.finish();
    daemon.until(FbStatus::ALIVE);
    let twice = Crowd::check(&dir.join("logs"), &ledger, Sizes::Mixed);
    println!(
        "syncs that falter, by {}: {tally:?}, {twice} lines are there once more",
        saboteur.name()
    );
}

fn own_lines(logs: &Path) -> Vec<String> {
    let entries = fs::read_dir(logs.join("own")).expect("it is there");
    let mut paths: Vec<_> = entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let texts = paths
        .iter()
        .map(|path| fs::read_to_string(path).expect("ours"));
    texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
#[ignore = "needs strace, which may trace: .ci/run sabotage"]
fn while_the_disk_stalls_the_loop_answers_others() {
    let seed = seed("sabotage-stall");
    let scratch = Scratch::new("sabotage-stall");
    let dir = scratch.path();
    let saboteur = Saboteur::new(dir);
    // How long its turns are is measured, and not how long others have the processor meanwhile, where the machine allows that.
    let ahead = ahead_of_others();
    let how = if ahead.is_empty() {
        "beside"
    } else {
        "ahead of"
    };
    let before = [ahead, saboteur.before()].concat();
    let mut daemon = begin(dir, &dir.join("scribe.toml"), before);
    let crowd = Crowd::begin(4, daemon.address(), ENDS, Sizes::Mixed, seed);
    crowd.until_answered(50);
    let before = daemon.count("loop:turn_longest_us");
    let stall = saboteur.begin(&daemon, Syncs::Stall);
    let address = daemon.address();
    let mut base = daemon.base();
    let (mut asked, mut longest, mut waits) = (0_u64, Duration::ZERO, Vec::new());
    for number in 0..8 {
        let (began, before) = (Instant::now(), asked);
        let waiting = thread::spawn(move || ask(&mut link(address), &format!("slow {number}")));
        // Asked and answered while the line waits for the disk.
        while !waiting.is_finished() {
            let began = Instant::now();
            base.get_status().expect("it answers");
            longest = longest.max(began.elapsed());
            asked += 1;
        }
        let (answer, wait) = (waiting.join().expect("it is answered"), began.elapsed());
        assert_eq!(answer, ResultCode::OK);
        waits.push(wait);
        let meanwhile = asked - before;
        assert!(
            meanwhile >= 10,
            "{meanwhile} answers while a line waited {wait:?}"
        );
    }
    // Each has waited for a sync: else nothing was tried.
    let shortest = waits.iter().min().copied().unwrap_or_default();
    assert!(shortest >= Duration::from_millis(200), "{shortest:?}");
    let turn = daemon.count("loop:turn_longest_us");
    drop(stall);
    let (ledger, tally) = crowd.finish();
    _ = Crowd::check(&dir.join("logs"), &ledger, Sizes::Mixed);
    println!(
        "the disk stalls, by {}: lines wait {shortest:?} at least; meanwhile {asked} answers of fb303 on another link, the slowest \
         after {longest:?}; run {how} others, the loop's longest turn is {turn} us, {before} us before; {tally:?}",
        saboteur.name()
    );
    daemon.kill();
}

/// The disk is full until `make_room`; the collector is killed meanwhile, and what it was answered is looked for.
fn is_full(
    name: &str,
    daemon: &mut Daemon,
    logs: &Path,
    sizes: Sizes,
    make_room: impl FnOnce(&Daemon),
) {
    let seed = seed(name);
    let mut dice = Dice::new(seed);
    let crowd = Crowd::begin(4, daemon.address(), ENDS, sizes, seed);
    crowd.until_refused(20);
    let full = crowd.tally();
    for _ in 0..5 {
        daemon.kill();
        daemon.start();
        crowd.until_refused(5 + dice.draw(10));
    }
    daemon.until(FbStatus::WARNING);
    let mut own = link(daemon.address());
    assert_eq!(own.get_status().expect("it answers"), FbStatus::WARNING);
    let details = own.get_status_details().expect("it answers");
    make_room(daemon);
    // By itself.
    crowd.until_answered(40);
    daemon.until(FbStatus::ALIVE);
    let (ledger, tally) = crowd.finish();
    let twice = Crowd::check(logs, &ledger, sizes);
    println!(
        "{name}: full after {} lines; {tally:?}, {twice} lines are there once more; told of as {details:?}",
        full.lines
    );
    assert!(full.lines > 0 && ledger.len() >= CATEGORIES.len());
}

fn small_disk(name: &str, mount: impl FnOnce(&Path, &Path) -> Result<SmallDisk, String>) {
    let scratch = Scratch::new(name);
    let dir = scratch.path().join("disk");
    fs::create_dir(&dir).expect("a folder");
    let disk = match mount(&dir, &scratch.path().join("image")) {
        Ok(disk) => disk,
        Err(why) => return println!("IGNORED: {name}: {why}"),
    };
    let burden = disk.burden(6 << 20);
    let mut daemon = begin(&dir, &scratch.path().join("scribe.toml"), disk.before());
    let logs = disk.seen().join("logs");
    is_full(name, &mut daemon, &logs, Sizes::Mixed, |_| {
        fs::remove_file(burden).expect("it is there");
    });
}

#[test]
#[ignore = "needs a name space: .ci/run sabotage"]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    small_disk("a tmpfs of 16 MiB", |folder, _| SmallDisk::memory(folder));
}

#[test]
#[ignore = "needs to mount an image: .ci/run sabotage"]
fn a_full_ext4_refuses_and_goes_on_when_there_is_room() {
    small_disk("an ext4 of 16 MiB", SmallDisk::image);
}

#[test]
#[ignore = "needs prlimit: .ci/run sabotage"]
fn files_that_may_not_grow_refuse_and_go_on_when_they_may() {
    let scratch = Scratch::new("sabotage-limit");
    let dir = scratch.path();
    let config = dir.join("scribe.toml");
    let text = files(ENDS).replace("'300kB'", "0");
    let mut daemon = Daemon::begin(dir, &config, &text, with_small_files(100_000));
    let logs = dir.join("logs");
    is_full(
        "files of 100 kB",
        &mut daemon,
        &logs,
        Sizes::Small,
        let_files_grow,
    );
}
