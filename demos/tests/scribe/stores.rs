//! What a store has said Ok to is in its files, whatever fails; and what it has not, it gives back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use oneloop::Limits;
use oneloop::deferred::Deferred;
use oneloop::disk::Disk as _;
use oneloop::sim::{Disk, DiskFaults};
use oneloop_demos::scribe::collector::counts::Fate;
use oneloop_demos::scribe::config::settings::{
    BucketChoice, BucketStore, Buckets, FileStore, MultiStore, Period, Rotation, Store as Plan,
};
use oneloop_demos::scribe::store::category::Category;
use oneloop_demos::scribe::store::slots::Slots;
use oneloop_demos::scribe::store::{Batch, Outcome, Shared};

use crate::site::{Picky, Site, batch, files, message, texts, word};

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
    // While it is open, and while it is laid down; alone, and with its folder.
    for (checks_before, checks_after) in [(0, 1), (0, 3), (2, 0), (2, 1), (1, 2)] {
        for is_in_folder in [false, true] {
            let disk = Disk::new(1);
            let mut site = Site::new(1, &disk);
            let plan = file(|plan| plan.folder = is_in_folder.then(|| "f".into()));
            let store = site.build(&plan, "web");
            site.take(&store, batch("web", &["a"])).expect("no faults");
            for _ in 0..checks_before {
                site.check(&store);
            }
            let name = ["web_00000", "f/web_00000"][usize::from(is_in_folder)];
            disk.remove(&Path::new("/log").join(name))
                .expect("it is there");
            for _ in 0..checks_after {
                site.check(&store);
            }
            site.take(&store, batch("web", &["b"])).expect("no faults");
            // What was answered after that is there for good.
            disk.cut_power();
            assert_eq!(texts(&disk), own(&[(name, "b\n")]));
        }
    }
}

#[test]
fn a_file_that_somebody_has_changed_goes_on_behind_that() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let store = site.build(&file(|_| {}), "web");
    for (bytes, text) in [(4, "b"), (2, "c"), (4, "d")] {
        site.take(&store, batch("web", &["aa", text]))
            .expect("no faults");
        site.check(&store);
        site.check(&store);
        disk.truncate("/log/web_00000".as_ref(), bytes)
            .expect("it is there");
    }
    site.take(&store, batch("web", &["e"])).expect("no faults");
    disk.set_faults(faults(|it| it.bytes_max = 7));
    site.take(&store, batch("web", &["full"]))
        .expect_err("it is full");
    assert_eq!(texts(&disk), own(&[("web_00000", "aaaae\n")]));
}

#[test]
fn what_an_append_left_that_failed_is_cut_off_each_time() {
    let disk = Disk::new(1);
    let picky = Picky::new(&disk);
    let mut site = Site::on(1, Arc::new(picky.clone()));
    let store = site.build(&file(|_| {}), "web");
    for (text, is_full) in [
        ("one", false),
        ("no, never", true),
        ("two", false),
        ("no", true),
        ("never", true),
    ] {
        picky.refuse(if is_full { &["/log"] } else { &[] });
        let taken = site.take(&store, batch("web", &[text]));
        assert_eq!(taken.is_err(), is_full);
    }
    assert_eq!(texts(&disk), own(&[("web_00000", "one\ntwo\n")]));
}

#[test]
fn after_a_panic_the_batch_comes_back_and_another_file_is_begun() {
    let disk = Disk::new(1);
    let picky = Picky::new(&disk);
    let mut site = Site::on(1, Arc::new(picky.clone()));
    let store = site.build(&file(|_| {}), "web");
    site.take(&store, batch("web", &["one"]))
        .expect("no faults");
    picky.known().panics = true;
    let unsent = site
        .take(&store, batch("web", &["two"]))
        .expect_err("it panics");
    assert_eq!(unsent.left, batch("web", &["two"]));
    assert!(
        unsent.fault.text.contains("as it was told to"),
        "{}",
        unsent.fault
    );
    site.check(&store);
    site.take(&store, unsent.left).expect("no faults");
    site.take(&store, batch("web", &["three"]))
        .expect("no faults");
    assert_eq!(Site::fault(&store), None);
    let due = [("web_00000", "one\n"), ("web_00001", "two\nthree\n")];
    assert_eq!(texts(&disk), own(&due));
    site.close(&store);
}

#[test]
fn a_batch_that_finds_no_room_in_the_pool_comes_back() {
    let limits = Limits {
        worker_threads_max: 1,
        worker_queue_max: 1,
        ..Limits::default()
    };
    let disk = Disk::new(1);
    let mut site = Site::with_limits(1, Arc::new(disk.clone()), limits);
    let stores = ["a", "b", "c", "d"].map(|name| site.build(&file(|_| {}), name));
    let outcomes = stores
        .each_ref()
        .map(|store| site.begin(store, batch("web", &["x"])));
    let outcomes = outcomes.map(|outcome| site.wait(outcome));
    let mut refused = 0;
    for (outcome, store) in outcomes.into_iter().zip(&stores) {
        if let Err(unsent) = outcome {
            refused += 1;
            assert!(unsent.fault.is_passing, "{}", unsent.fault);
            site.take(store, unsent.left).expect("there is room");
        }
    }
    assert_eq!(refused, 2);
    assert!(texts(&disk).iter().all(|(_, text)| text == "x\n"));
    assert_eq!(files(&disk).len(), 4);
}

#[test]
fn a_check_that_fails_is_told_of_until_one_succeeds() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let plan = file(|plan| plan.rotation.period = Period::Every(Duration::from_secs(60)));
    let store = site.build(&plan, "web");
    site.take(&store, batch("web", &["one"]))
        .expect("no faults");
    site.world.run_for(Duration::from_secs(60));
    disk.set_faults(faults(|it| it.change = 1.0));
    site.check(&store);
    assert!(
        Site::fault(&store).is_some_and(|fault| fault.starts_with("web: cannot write in /log: "))
    );
    // The file that there is takes batches as well.
    site.take(&store, batch("web", &["two"]))
        .expect("an append is no change");
    assert_eq!(Site::fault(&store), None);
    site.check(&store);
    assert!(Site::fault(&store).is_some());
    disk.set_faults(DiskFaults::none());
    site.check(&store);
    assert_eq!(Site::fault(&store), None);
    // But one that has cost a batch, until a batch succeeds.
    disk.set_faults(faults(|it| it.append = 1.0));
    site.take(&store, batch("web", &["three"]))
        .expect_err("it fails");
    disk.set_faults(DiskFaults::none());
    site.world.run_for(Duration::from_secs(60));
    site.check(&store);
    assert!(Site::fault(&store).is_some());
    let due = [
        ("web-2000-01-01_00000", "one\ntwo\n"),
        ("web-2000-01-01_00001", ""),
        ("web-2000-01-01_00002", ""),
    ];
    assert_eq!(texts(&disk), own(&due));
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
    // Else clients do, as most clients of scribe.
    let adds_newlines = !seed.is_multiple_of(3);
    let plan = file(|plan| {
        plan.write_bytes_max = 50;
        plan.add_newlines = adds_newlines;
        plan.write_next_name = seed % 2 == 1;
        plan.chunk_bytes = [None, Some(64)][seed as usize / 2 % 2];
        plan.rotation = Rotation {
            period: [Period::Never, Period::Hourly][seed as usize / 4 % 2],
            file_bytes_max: Some(200),
            on_open: seed.is_multiple_of(5),
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
                    let mut texts = lines(category, course.next);
                    if !adds_newlines {
                        texts.iter_mut().for_each(|text| text.push('\n'));
                    }
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

// ---- buckets ----

fn buckets(choice: BucketChoice, remove_key: bool, buckets: Buckets) -> Plan {
    Plan::Bucket(Box::new(BucketStore {
        choice,
        delimiter: b':',
        remove_key,
        buckets,
    }))
}

/// Three file stores and one for no key, `zero` to `three`.
fn each() -> Buckets {
    let names = ["zero", "one", "two", "three"];
    Buckets::Each(
        names
            .map(|name| file(|plan| plan.folder = Some(name.into())))
            .into(),
    )
}

fn copies(failure: Option<&str>) -> Buckets {
    Buckets::Copies {
        model: Box::new(file(|plan| plan.folder = Some("b".into()))),
        count: 3,
        folder_prefix: word("bucket"),
        offset: 9,
        failure_folder: failure.map(word),
    }
}

fn own(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    own.collect()
}

#[test]
fn messages_go_to_the_buckets_of_their_keys() {
    let messages = batch("web", &["1:a", "2:b", "none", "4:c", "3:d", "0:e"]);
    for (buckets_of, remove_key, due) in [
        (
            each(),
            false,
            own(&[
                ("one/web_00000", "3:d\n0:e\n"),
                ("three/web_00000", "2:b\n"),
                ("two/web_00000", "1:a\n4:c\n"),
                ("zero/web_00000", "none\n"),
            ]),
        ),
        (
            copies(None),
            true,
            own(&[
                ("b/bucket009/web_00000", "none\n"),
                ("b/bucket010/web_00000", "d\ne\n"),
                ("b/bucket011/web_00000", "a\nc\n"),
                ("b/bucket012/web_00000", "b\n"),
            ]),
        ),
        (
            copies(Some("failed")),
            true,
            own(&[
                ("b/bucket010/web_00000", "d\ne\n"),
                ("b/bucket011/web_00000", "a\nc\n"),
                ("b/bucket012/web_00000", "b\n"),
                ("b/failed/web_00000", "none\n"),
            ]),
        ),
    ] {
        let disk = Disk::new(1);
        let mut site = Site::new(1, &disk);
        let plan = buckets(BucketChoice::KeyModulo, remove_key, buckets_of);
        let store = site.build(&plan, "web");
        site.take(&store, messages.clone()).expect("no faults");
        assert_eq!(texts(&disk), due);
        site.check(&store);
        site.close(&store);
        site.take(&store, messages.clone())
            .expect_err("it is closed");
        // All let go of their files.
        site.take(&site.build(&plan, "web"), messages.clone())
            .expect("no faults");
    }
    // Of a category that has its store made after another's, they are in its folder.
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let plan = buckets(BucketChoice::KeyModulo, true, copies(None));
    let store = site
        .try_build(&plan, "web", true)
        .expect("its files are its own");
    site.take(&store, batch("web", &["1:a"]))
        .expect("no faults");
    assert_eq!(texts(&disk), own(&[("b/bucket011/web/web_00000", "a\n")]));
}

#[test]
fn what_one_bucket_leaves_comes_back_as_it_came() {
    for count in [1, 1000] {
        let disk = Disk::new(1);
        let picky = Picky::new(&disk);
        let mut site = Site::on(1, Arc::new(picky.clone()));
        let plan = buckets(BucketChoice::KeyModulo, true, each());
        let store = site.build(&plan, "web");
        let all: Vec<String> = (0..6 * count)
            .map(|number| format!("{number}:x{number}"))
            .collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        picky.refuse(&["/log/two", "/log/three"]);
        let unsent = site
            .take(&store, batch("web", &all))
            .expect_err("two are full");
        assert_eq!(unsent.fault.text, "the disk is full: /log/two");
        let is_left = |text: &&&str| {
            text.split(':')
                .next()
                .and_then(|key| key.parse::<u64>().ok())
                .is_some_and(|key| key % 3 > 0)
        };
        let left: Vec<&str> = all.iter().filter(is_left).copied().collect();
        assert_eq!(unsent.left, batch("web", &left));
        assert!(Site::fault(&store).is_some_and(|fault| fault.contains("full")));
        picky.refuse(&[]);
        site.take(&store, unsent.left).expect("there is room");
        assert_eq!(Site::fault(&store), None);
        let mut found: Vec<String> = texts(&disk)
            .iter()
            .flat_map(|(_, text)| text.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let mut due: Vec<String> = (0..6 * count).map(|number| format!("x{number}")).collect();
        found.sort();
        due.sort();
        assert_eq!(found, due);
    }
}

#[test]
fn chance_gives_to_all_alike_and_a_seed_the_same() {
    let run = |seed| {
        let disk = Disk::new(1);
        let mut site = Site::new(seed, &disk);
        let store = site.build(&buckets(BucketChoice::Random, false, each()), "web");
        for _ in 0..10 {
            site.take(&store, vec![message("web", "x"); 90].into())
                .expect("no faults");
        }
        let counts = texts(&disk)
            .into_iter()
            .map(|(name, text)| (name, text.len() / 2));
        counts.collect::<Vec<_>>()
    };
    let counts = run(1);
    assert_eq!(counts.len(), 3, "none without a bucket");
    assert!(
        counts.iter().all(|(_, count)| (200..400).contains(count)),
        "{counts:?}"
    );
    assert_eq!(run(1), counts);
    assert_ne!(run(2), counts);
}

#[test]
fn two_stores_on_one_file_are_refused() {
    let disk = Disk::new(1);
    let site = Site::new(1, &disk);
    let twice = || vec![file(|_| {}), Plan::Null, file(|_| {})];
    for plan in [
        Plan::Multi(MultiStore {
            stores: twice(),
            all_must_succeed: true,
        }),
        buckets(BucketChoice::KeyHash, false, Buckets::Each(twice())),
    ] {
        let fault = site
            .try_build(&plan, "web", false)
            .err()
            .expect("they are one");
        assert!(
            fault
                .text
                .starts_with("two stores would write to /log/web_NNNNN"),
            "{fault}"
        );
        // Nothing of it is left.
        assert!(site.try_build(&file(|_| {}), "web", false).is_ok());
    }
}

// ---- several ----

#[test]
fn all_of_several_stores_have_to_take_a_batch_or_any() {
    for all_must_succeed in [true, false] {
        let disk = Disk::new(1);
        let picky = Picky::new(&disk);
        let mut site = Site::on(1, Arc::new(picky.clone()));
        let stores = ["one", "two"].map(|name| file(|plan| plan.folder = Some(name.into())));
        let plan = Plan::Multi(MultiStore {
            stores: stores.into(),
            all_must_succeed,
        });
        let store = site.build(&plan, "web");
        site.take(&store, batch("web", &["a"])).expect("no faults");
        picky.refuse(&["/log/two"]);
        let taken = site.take(&store, batch("web", &["b"]));
        match (taken, all_must_succeed) {
            (Err(unsent), true) => assert_eq!(unsent.left, batch("web", &["b"])),
            (taken, _) => assert_eq!(taken.is_ok(), !all_must_succeed),
        }
        assert!(Site::fault(&store).is_some(), "it is told in any case");
        picky.refuse(&["/log"]);
        let unsent = site
            .take(&store, batch("web", &["c"]))
            .expect_err("none has it");
        assert_eq!(unsent.left, batch("web", &["c"]));
        picky.refuse(&[]);
        site.take(&store, unsent.left).expect("no faults");
        assert_eq!(
            texts(&disk),
            own(&[("one/web_00000", "a\nb\nc\n"), ("two/web_00000", "a\nc\n")])
        );
    }
}

// ---- categories ----

#[test]
fn thousands_of_categories_have_their_files_and_few_are_open() {
    const COUNT: usize = 3000;
    let disk = Disk::new(1);
    let picky = Picky::new(&disk);
    let mut site = Site::on(1, Arc::new(picky.clone()));
    let store = site.build(&Plan::Category(Box::new(file(|_| {}))), "all");
    for round in 0..2 {
        let messages = (0..2 * COUNT)
            .map(|number| message(&format!("c{}", number % COUNT), format!("{round}.{number}")));
        site.take(&store, Arc::new(messages.collect()))
            .expect("no faults");
        let open = picky.known().open;
        assert_eq!(open, Slots::MOST);
        // They work four at a time here; each may have one open besides.
        assert!(
            picky.known().open_max <= Slots::MOST + 4,
            "{}",
            picky.known().open_max
        );
        site.check(&store);
        site.check(&store);
        assert_eq!(picky.known().open, 0, "all are laid down");
        let other = site.build(&Plan::Category(Box::new(file(|_| {}))), "other");
        site.take(&other, batch("other", &["x"]))
            .expect("no faults");
        assert_eq!(picky.known().open, 1, "there is room again");
        site.close(&other);
        assert_eq!(picky.known().open, 0, "and it is not kept");
    }
    let mut found = texts(&disk);
    found.retain(|(name, _)| !name.starts_with("other/"));
    assert_eq!(found.len(), COUNT);
    let due = |number| {
        let (one, two) = (number, number + COUNT);
        let text = format!("0.{one}\n0.{two}\n1.{one}\n1.{two}\n");
        (format!("c{number}/c{number}_00000"), text)
    };
    let mut due: Vec<(String, String)> = (0..COUNT).map(due).collect();
    found.sort();
    due.sort();
    assert!(found == due);
    site.close(&store);
}

#[test]
fn categories_have_an_end_and_each_has_to_name_a_file() {
    let disk = Disk::new(1);
    let mut site = Site::new(1, &disk);
    let store = site.build(&Plan::Category(Box::new(Plan::Null)), "all");
    let of = |numbers: std::ops::Range<usize>| -> Batch {
        let messages = numbers.map(|number| message(&format!("c{number}"), "x"));
        Arc::new(messages.collect())
    };
    let most = Category::STORES_MAX;
    site.take(&store, of(0..most - 1)).expect("below");
    site.take(&store, of(most - 1..most)).expect("at");
    let unsent = site
        .take(&store, of(most - 1..most + 1))
        .expect_err("above");
    assert_eq!(
        (unsent.left, unsent.fault.text.as_str()),
        (of(most..most + 1), "there are 10000 stores already")
    );
    assert!(Site::fault(&store).is_some());
    site.take(&store, of(0..most))
        .expect("those that are there go on");

    let store = site.build(&Plan::Category(Box::new(file(|_| {}))), "all");
    let unsent = site
        .take(
            &store,
            [message("..", "x"), message("b", "y")].to_vec().into(),
        )
        .expect_err("no file");
    assert_eq!(*unsent.left, [message("..", "x")]);
    assert_eq!(texts(&disk), own(&[("b/b_00000", "y\n")]));
    site.close(&store);
    site.take(&store, batch("c", &["z"]))
        .expect_err("none is made after the end");
    assert_eq!(texts(&disk).len(), 1);
}
