//! What a store has said Ok to is in its files, whatever fails; and what it has not, it gives back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use oneloop::deferred::Deferred;
use oneloop::disk::Disk as _;
use oneloop::sim::{Disk, DiskFaults};
use oneloop_demos::scribe::collector::counts::Fate;
use oneloop_demos::scribe::config::settings::{FileStore, Period, Rotation, Store as Plan};
use oneloop_demos::scribe::store::{Batch, Outcome, Shared};

use crate::site::{Site, batch, files, message, texts};

fn file(change: impl FnOnce(&mut FileStore)) -> Plan {
    let mut plan = FileStore {
        add_newlines: true,
        link: false,
        ..FileStore::default()
    };
    change(&mut plan);
    Plan::File(plan)
}

fn faults(change: impl FnOnce(&mut DiskFaults)) -> DiskFaults {
    let mut faults = DiskFaults::none();
    change(&mut faults);
    faults
}

// ---- files ----

#[test]
fn a_batch_is_written_with_one_sync_however_large_it_is() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let store = site.build(&file(|plan| plan.write_bytes_max = 10), "web");
    site.take(&store, batch("web", &["first"]))
        .expect("no faults");
    for (bytes, pieces) in [(9, 1), (10, 1), (11, 2), (1000, 100)] {
        let before = disk.operations();
        let text = "x".repeat(bytes - 1);
        site.take(&store, batch("web", &[&text]))
            .expect("no faults");
        assert_eq!(disk.operations() - before, pieces + 1, "{bytes}");
    }
    assert_eq!(files(&disk).len(), 1);
}

#[test]
fn files_are_as_the_plan_has_them() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let plan = file(|plan| {
        plan.write_category = true;
        plan.write_next_name = true;
        plan.write_stats = true;
        plan.chunk_bytes = Some(8);
        plan.rotation.file_bytes_max = Some(16);
    });
    let store = site.build(&plan, "web");
    for texts in [&["a", "b"][..], &["cde"], &["f"]] {
        site.take(&store, batch("web", texts)).expect("no faults");
    }
    let due = [
        (
            "scribe_stats",
            "2000-01-01-00:00 wrote <24> bytes in <3> events to file </log/web_00000>\n",
        ),
        (
            "web_00000",
            "web\na\n\0\0web\nb\n\0\0web\ncde\nscribe_meta<new_logfile>: /log/web_00001\n",
        ),
        ("web_00001", "web\nf\n"),
    ];
    assert_eq!(
        texts(&disk),
        due.map(|(name, text)| (name.to_owned(), text.to_owned()))
    );
}

#[test]
fn a_file_is_followed_by_time_though_nothing_is_written() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let plan = file(|plan| plan.rotation.period = Period::Hourly);
    let store = site.build(&plan, "web");
    site.check(&store);
    assert!(files(&disk).is_empty(), "it is opened with the first batch");
    site.take(&store, batch("web", &["a"])).expect("no faults");
    // The file is laid down meanwhile, and its hour is not forgotten.
    for _ in 0..3 {
        site.check(&store);
    }
    site.world.run_for(Duration::from_secs(14 * 60));
    site.check(&store);
    let names = |disk: &Disk| -> Vec<String> { files(disk).into_iter().map(|it| it.0).collect() };
    assert_eq!(names(&disk), ["web-2000-01-01_00000"]);
    site.world.run_for(Duration::from_secs(60));
    site.check(&store);
    assert_eq!(
        names(&disk),
        ["web-2000-01-01_00000", "web-2000-01-01_00001"]
    );
    site.world.run_for(Duration::from_secs(3600));
    site.check(&store);
    assert_eq!(names(&disk).len(), 3);
}

#[test]
fn an_idle_file_goes_on_as_if_it_had_been_open() {
    for on_open in [false, true] {
        for newlines in [false, true] {
            let disk = Disk::new(1);
            let mut site = Site::new(1, &disk);
            let plan = file(|plan| {
                plan.add_newlines = newlines;
                plan.rotation.on_open = on_open;
            });
            let store = site.build(&plan, "web");
            for text in ["a", "b", "c"] {
                site.take(&store, batch("web", &[text])).expect("no faults");
                for _ in 0..3 {
                    site.check(&store);
                }
            }
            let due = if newlines { "a\nb\nc\n" } else { "abc" };
            assert_eq!(texts(&disk), [("web_00000".to_owned(), due.to_owned())]);
        }
    }
}

#[test]
fn a_file_that_somebody_took_away_is_begun_anew() {
    for checks in 1..4 {
        let disk = Disk::new(1);
        let mut site = Site::new(1, &disk);
        let store = site.build(&file(|_| {}), "web");
        site.take(&store, batch("web", &["a"])).expect("no faults");
        disk.remove("/log/web_00000".as_ref()).expect("it is there");
        for _ in 0..checks {
            site.check(&store);
        }
        site.take(&store, batch("web", &["b"])).expect("no faults");
        disk.cut_power();
        assert_eq!(texts(&disk), [("web_00000".to_owned(), "b\n".to_owned())]);
    }
}

#[test]
fn a_full_disk_is_told_of_until_there_is_room() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let store = site.build(&file(|_| {}), "web");
    site.take(&store, batch("web", &["one"]))
        .expect("no faults");
    disk.set_faults(faults(|it| it.bytes_max = 7));
    let refused = batch("web", &["two", "three"]);
    for _ in 0..3 {
        let unsent = site.take(&store, refused.clone()).expect_err("it is full");
        assert_eq!(unsent.left, refused);
        assert_eq!(unsent.fault.text, "the disk is full: /log");
        assert!(!unsent.fault.is_passing);
        let told = Site::fault(&store).expect("it is told");
        assert_eq!(
            told,
            "web: the disk is full: /log (since 2000-01-01 00:00 UTC)"
        );
        site.world.run_for(Duration::from_secs(60));
    }
    disk.set_faults(DiskFaults::none());
    site.take(&store, refused).expect("there is room");
    assert_eq!(Site::fault(&store), None);
    assert_eq!(
        texts(&disk),
        [("web_00000".to_owned(), "one\ntwo\nthree\n".to_owned())]
    );
}

#[test]
fn a_sync_that_fails_is_no_ok() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let store = site.build(&file(|_| {}), "web");
    disk.set_faults(faults(|it| it.sync = 1.0));
    let unsent = site
        .take(&store, batch("web", &["one"]))
        .expect_err("it fails");
    assert_eq!(unsent.left, batch("web", &["one"]));
    assert!(
        unsent.fault.text.starts_with("cannot write in /log: "),
        "{}",
        unsent.fault
    );
    disk.set_faults(DiskFaults::none());
    site.take(&store, unsent.left).expect("no faults");
    disk.cut_power();
    let found = texts(&disk);
    assert!(found.iter().any(|(_, text)| text == "one\n"), "{found:?}");
}

#[test]
fn a_closed_store_lets_go_of_its_files_when_its_batch_is_written() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let store = site.build(&file(|_| {}), "web");
    let mut outcome = site.begin(&store, batch("web", &["one"]));
    let mut closed = site.world.with(&site.node, |cx| store.close(cx));
    let plan = file(|_| {});
    let refused = site
        .try_build(&plan, "web", false)
        .err()
        .expect("they are another's");
    assert!(refused.text.contains("/log/web_NNNNN"), "{refused}");
    site.world
        .run_until(|_| closed.is_ready(), Duration::from_secs(1));
    assert!(closed.take().expect("it is ready").is_ok());
    assert!(
        matches!(outcome.take(), Some(Ok(Ok(())))),
        "it was written first"
    );
    let next = site.build(&plan, "web");
    site.take(&next, batch("web", &["two"])).expect("no faults");
    site.take(&store, batch("web", &["no"]))
        .expect_err("it is closed");
    site.check(&store);
    assert_eq!(
        texts(&disk),
        [("web_00000".to_owned(), "one\ntwo\n".to_owned())]
    );
    // One that is dropped lets go as well.
    drop(next);
    assert!(site.try_build(&plan, "web", false).is_ok());
}

/// A category, and what its store has yet to be handed.
struct Course {
    store: Option<Shared>,
    due: Vec<String>,
    next: usize,
    under_way: Option<(Deferred<Outcome>, usize)>,
    waiting: Option<Batch>,
}

const BATCHES: usize = 12;

fn lines(category: &str, number: usize) -> Vec<String> {
    let line = |index| {
        format!(
            "{category}.{number:03}.{index} {}",
            "x".repeat((number * 7 + index) % 40)
        )
    };
    (0..number % 3 + 1).map(line).collect()
}

/// Stores of a few categories get their batches, each again until it is taken; meanwhile disk, power and process fail.
fn endure(seed: u64) -> (usize, usize) {
    let disk = Disk::new(seed);
    let mut site = Site::new(seed, &disk);
    let mut refused = 0;
    let plan = file(|plan| {
        plan.write_bytes_max = 50;
        plan.write_next_name = seed % 2 == 1;
        plan.chunk_bytes = [None, Some(64)][seed as usize / 2 % 2];
        plan.rotation = Rotation {
            period: [Period::Never, Period::Hourly][seed as usize / 4 % 2],
            file_bytes_max: Some(200),
            on_open: seed % 5 == 0,
            ..Rotation::default()
        };
    });
    let categories = ["ann", "bob", "cat"];
    let mut courses = categories.map(|category| Course {
        store: None,
        due: (0..BATCHES)
            .flat_map(|number| lines(category, number))
            .collect(),
        next: 0,
        under_way: None,
        waiting: None,
    });
    for round in 0.. {
        assert!(round < 500, "seed {seed}: it comes to no end");
        let is_rough = round < 60;
        let random = site.world.random();
        let share = |random: &mut oneloop::sim::Random| *random.pick(&[0.0, 0.0, 0.0, 0.1, 0.5]);
        let (append, sync, change) = (share(random), share(random), share(random));
        let bytes_max = *random.pick(&[u64::MAX, u64::MAX, u64::MAX, 1500]);
        let dies_after = random.chance(0.05).then(|| random.below(30));
        let (restarts, checks) = (random.chance(0.05), random.chance(0.3));
        let pause = Duration::from_secs(random.below(2000));
        disk.set_faults(match is_rough {
            true => DiskFaults {
                append,
                sync,
                change,
                bytes_max,
            },
            false => DiskFaults::none(),
        });
        if let Some(operations) = dies_after.filter(|_| is_rough) {
            disk.fail_after(operations);
        }
        for (course, category) in courses.iter_mut().zip(categories) {
            let store = course.store.get_or_insert_with(|| {
                site.try_build(&plan, category, true)
                    .expect("its files are its own")
            });
            if checks {
                site.world.with(&site.node, |cx| store.check(cx));
            }
            if course.next < BATCHES {
                let whole = || {
                    let texts = lines(category, course.next);
                    batch(
                        category,
                        &texts.iter().map(String::as_str).collect::<Vec<_>>(),
                    )
                };
                let batch = course.waiting.take().unwrap_or_else(whole);
                let outcome = site.world.with(&site.node, |cx| store.take(cx, batch));
                course.under_way = Some((outcome, course.next));
            }
        }
        let all_ready = |courses: &[Course]| {
            let mut under_way = courses.iter().filter_map(|it| it.under_way.as_ref());
            under_way.all(|(outcome, _)| outcome.is_ready())
        };
        site.world
            .run_until(|_| all_ready(&courses), Duration::from_secs(60));
        for course in &mut courses {
            let Some((mut outcome, _)) = course.under_way.take() else {
                continue;
            };
            match outcome.take().expect("it is ready").expect("stores answer") {
                Ok(()) => course.next += 1,
                Err(unsent) => {
                    refused += 1;
                    course.waiting = Some(unsent.left);
                }
            }
        }
        site.world.run_for(pause);
        if dies_after.is_some() && is_rough || restarts || round == 60 {
            if dies_after.is_some() || round == 60 {
                disk.cut_power();
            }
            for course in &mut courses {
                course.store = None;
            }
            site = Site::new(seed + 1000 * (round + 1), &disk);
        }
        if courses.iter().all(|course| course.next == BATCHES) {
            break;
        }
    }
    disk.set_faults(DiskFaults::none());
    disk.cut_power();
    let found = files(&disk);
    let mut twice = 0;
    for (course, category) in courses.iter().zip(categories) {
        let own = found
            .iter()
            .filter(|(name, _)| name.starts_with(&format!("{category}/")));
        let lines: Vec<String> = own.flat_map(|(_, bytes)| read(bytes)).collect();
        let present: BTreeSet<&String> = lines.iter().collect();
        for line in &course.due {
            assert!(
                present.contains(line),
                "seed {seed}: {line} is not in {:#?}",
                found
                    .iter()
                    .map(|(name, bytes)| (name, String::from_utf8_lossy(bytes)))
                    .collect::<Vec<_>>()
            );
        }
        for line in &lines {
            assert!(
                course.due.contains(line),
                "seed {seed}: nobody wrote {line:?}"
            );
        }
        let numbers: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.split('.').nth(1))
            .collect();
        assert!(numbers.is_sorted(), "seed {seed}: {numbers:?}");
        twice += lines.len() - present.len();
    }
    (refused, twice)
}

/// The lines of a file, without what is behind the last whole one, what fills chunks up, and what is ours.
fn read(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).expect("ours");
    let mut lines: Vec<&str> = text.split('\n').collect();
    lines.pop();
    let lines = lines.into_iter().map(|line| line.trim_start_matches('\0'));
    let lines = lines.filter(|line| !line.starts_with("scribe_meta"));
    lines.map(str::to_owned).collect()
}

#[test]
fn what_file_stores_took_is_there_whatever_fails() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let count = number("ONELOOP_SIM_SEEDS").unwrap_or(200);
    let (seeds, is_search) = match number("ONELOOP_SIM_SEED") {
        Some(seed) => (seed..seed + 1, false),
        None => (0..count, true),
    };
    let (mut refused, mut twice) = (0, 0);
    for seed in seeds {
        let course = endure(seed);
        refused += course.0;
        twice += course.1;
    }
    assert!(
        !is_search || refused as u64 > count && twice > 0,
        "{refused} {twice}"
    );
}

// ---- nothing ----

#[test]
fn a_null_store_counts_what_it_ignores() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let store = site.build(&Plan::Null, "web");
    let messages = ["a", "a", "b", "a"].map(|category| message(category, "x"));
    site.take(&store, messages.to_vec().into())
        .expect("it takes all");
    let many = vec![message("b", "x"); 5000];
    site.take(&store, many.into()).expect("it takes all");
    let named: BTreeMap<String, i64> = site.world.state(&site.node).counts.named().collect();
    let due = [
        ("a:ignored", 3),
        ("b:ignored", 5001),
        ("scribe_overall:ignored", 5004),
    ];
    assert_eq!(
        named,
        due.map(|(name, count)| (name.to_owned(), count)).into()
    );
    assert_eq!(Fate::Ignored.name(), "ignored");
    assert!(store.ignores() && files(&disk).is_empty());
}
