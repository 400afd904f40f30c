//! What was answered is in the collector's files, whatever fails: on the simulator's disk, and on this machine's.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use oneloop::disk::{Disk as _, EntryKind, Machine};
use oneloop::sim::{Disk, DiskFaults};
use oneloop_demos::scribe::config::settings::{FileStore, Period, Rotation};
use oneloop_demos::scribe::config::word::FileWord;
use oneloop_demos::scribe::files::naming::{Names, Second};
use oneloop_demos::scribe::files::record::{Records, write_record};
use oneloop_demos::scribe::files::writer::{FileWriter, Form};

fn word(text: &str) -> FileWord {
    FileWord::of(text).expect("a word")
}

fn writer(period: Period, form: Form) -> FileWriter {
    let rotation = Rotation {
        period,
        file_bytes_max: Some(300),
        ..Rotation::default()
    };
    let store = FileStore {
        rotation: rotation.clone(),
        ..FileStore::default()
    };
    let names = Names::of(&store, &word("web"), Path::new("/log"), &word("ann"));
    FileWriter::new(names, rotation, form)
}

/// All files, the oldest first.
fn files(disk: &Disk) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new("/log");
    let entries = disk.list(folder).unwrap_or_default();
    let files = entries
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File(_)))
        // What is in there was cut off elsewhere.
        .filter(|entry| entry.name != "web_torn");
    files
        .map(|entry| {
            let name = entry.name.to_str().expect("ours").to_owned();
            let bytes = disk
                .read(&folder.join(&name), 0, usize::MAX)
                .expect("it is there");
            (name, bytes)
        })
        .collect()
}

/// A draw that is as good as any, and the same in every run.
struct Dice(u64);

impl Dice {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

const NOW: Second = Second::of(1_795_350_411);

/// A batch by its number: some lines, each with its number and a length of its own.
fn lines(number: u64) -> Vec<String> {
    let line = |index| {
        format!(
            "{number}.{index} {}",
            "x".repeat((number * 7 + index) as usize % 40)
        )
    };
    (0..number % 3 + 1).map(line).collect()
}

fn batch(number: u64, form: Form) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines(number) {
        match form {
            Form::Records => write_record(line.as_bytes(), &mut bytes).expect("short"),
            Form::Lines | Form::Bytes => bytes.extend_from_slice(format!("{line}\n").as_bytes()),
        }
    }
    bytes
}

/// The lines of a file. What is behind the last whole one was answered by nobody.
fn read(bytes: &[u8], form: Form) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("ours");
    if form == Form::Records {
        let (mut records, mut rest, mut found) = (Records::default(), bytes, Vec::new());
        while let Some(record) = records.next(&mut rest) {
            found.push(text(record));
        }
        return found;
    }
    let mut lines: Vec<String> = text(bytes).split('\n').map(str::to_owned).collect();
    lines.pop();
    // What a sync has lost that failed, in a file that another process went on with.
    let lines = lines
        .iter()
        .map(|line| line.trim_start_matches('\0').to_owned());
    lines.collect()
}

/// What befell one disk.
#[derive(Default)]
struct Course {
    refused: u64,
    files: usize,
    twice: usize,
}

/// Batches until all are answered, each handed in again until it is; meanwhile the disk fails, the power, the process.
fn run(seed: u64, period: Period, form: Form) -> Course {
    let disk = Disk::new(seed);
    let mut dice = Dice(seed * 2 + 1);
    for _ in 0..8 {
        dice.draw(2);
    }
    let mut writer_now = writer(period, form);
    let mut second = 1_795_350_411;
    let mut course = Course::default();
    let share = |dice: &mut Dice| [0.0, 0.0, 0.1, 0.5][dice.draw(4) as usize];
    let count = 25;
    for number in 0..count {
        for attempt in 0.. {
            second += dice.draw(4000);
            let faults = DiskFaults {
                append: share(&mut dice),
                sync: share(&mut dice),
                change: share(&mut dice),
                bytes_max: [u64::MAX, u64::MAX, 900][dice.draw(3) as usize],
            };
            disk.set_faults(if attempt < 6 {
                faults
            } else {
                DiskFaults::none()
            });
            if dice.draw(8) == 0 && attempt < 6 {
                disk.fail_after(dice.draw(8));
            }
            let now = Second::of(second);
            let written = writer_now.write(&disk, now, &batch(number, form));
            match dice.draw(12) {
                0 => {
                    disk.cut_power();
                    writer_now = writer(period, form);
                }
                1 => writer_now = writer(period, form),
                _ => {}
            }
            if written.is_ok() {
                break;
            }
            course.refused += 1;
            if attempt >= 6 {
                // Whatever was to fail has failed.
                disk.cut_power();
                writer_now = writer(period, form);
            }
            assert!(attempt < 9, "seed {seed}: batch {number} is never taken");
        }
    }
    disk.set_faults(DiskFaults::none());
    disk.cut_power();
    let files = files(&disk);
    course.files = files.len();
    let found: Vec<String> = files
        .iter()
        .flat_map(|(_, bytes)| read(bytes, form))
        .collect();
    let due: Vec<String> = (0..count).flat_map(lines).collect();
    let present: BTreeSet<&String> = found.iter().collect();
    for line in &due {
        assert!(
            present.contains(line),
            "seed {seed}: {line} was answered for, and is not in {files:#?}"
        );
    }
    // Nothing else, and batch by batch: one that was refused may be there more than once.
    let number = |line: &String| {
        assert!(due.contains(line), "seed {seed}: nobody wrote {line:?}");
        line.split('.')
            .next()
            .and_then(|number| number.parse::<u64>().ok())
    };
    let numbers: Vec<_> = found.iter().map(number).collect();
    assert!(numbers.is_sorted(), "seed {seed}: {numbers:?}");
    course.twice = found.len() - present.len();
    course
}

/// Whatever fails: a failure says its seed. `ONELOOP_SIM_SEED=17` runs that one, `ONELOOP_SIM_SEEDS=100000` so many.
#[test]
fn what_was_answered_is_there_whatever_fails() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let count = number("ONELOOP_SIM_SEEDS").unwrap_or(SEEDS);
    let seeds = match number("ONELOOP_SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..count,
    };
    let is_search = seeds.end - seeds.start >= SEEDS;
    let mut total = Course::default();
    for seed in seeds {
        let form = [Form::Records, Form::Lines][seed as usize % 2];
        let period = [Period::Never, Period::Daily, Period::Hourly][seed as usize / 2 % 3];
        let course = run(seed, period, form);
        total.refused += course.refused;
        total.files += course.files;
        total.twice += course.twice;
    }
    // It went through what it is about.
    assert!(!is_search || total.refused > count, "{}", total.refused);
    assert!(!is_search || total.twice > 0 && total.files as u64 > count * 2);
}

const SEEDS: u64 = 3000;

#[test]
fn without_faults_each_batch_is_there_once_and_files_follow_by_size() {
    for form in [Form::Records, Form::Lines, Form::Bytes] {
        let disk = Disk::new(1);
        let mut one = writer(Period::Never, form);
        for number in 0..20 {
            // A new process goes on with the newest file.
            if number % 6 == 5 {
                one = writer(Period::Never, form);
            }
            one.write(&disk, NOW, &batch(number, form))
                .expect("no faults");
        }
        disk.cut_power();
        let files = files(&disk);
        let found: Vec<String> = files
            .iter()
            .flat_map(|(_, bytes)| read(bytes, form))
            .collect();
        assert_eq!(found, (0..20).flat_map(lines).collect::<Vec<_>>());
        assert!(files.len() > 2);
        for (index, (name, bytes)) in files.iter().enumerate() {
            assert_eq!(*name, format!("web_{index:05}"));
            // It is followed when it has more, by a batch at most.
            let is_last = index + 1 == files.len();
            assert!(
                is_last || (301..=600).contains(&bytes.len()),
                "{}",
                bytes.len()
            );
        }
    }
}

#[test]
fn the_link_leads_to_the_file_that_is_written() {
    let disk = Disk::new(1);
    let mut one = writer(Period::Never, Form::Bytes);
    for _ in 0..2 {
        one.write(&disk, NOW, &[b'x'; 301]).expect("no faults");
        let link = disk
            .read(Path::new("/log/web_current"), 0, 1000)
            .expect("it leads there");
        assert_eq!(link.len(), 301);
    }
    assert_eq!(one.path(), Some(Path::new("/log/web_00001")));
    assert!(one.check(&disk, NOW).expect("no faults"));
    assert!(!one.check(&disk, NOW).expect("no faults"));
    assert_eq!(one.path(), Some(Path::new("/log/web_00002")));
    let link = disk.read(Path::new("/log/web_current"), 0, 1000);
    assert_eq!(link.expect("it leads there"), b"");
}

#[test]
fn after_a_failed_sync_the_batch_is_in_the_next_file_and_only_there() {
    let disk = Disk::new(1);
    let mut one = writer(Period::Never, Form::Lines);
    one.write(&disk, NOW, b"one\n").expect("no faults");
    let faults = |sync| DiskFaults {
        sync,
        ..DiskFaults::none()
    };
    disk.set_faults(faults(1.0));
    assert!(one.write(&disk, NOW, b"no\n").is_err(), "both fail");
    disk.set_faults(faults(0.0));
    one.write(&disk, NOW, b"two\n").expect("no faults");
    disk.cut_power();
    let due = [("web_00000", "one\n"), ("web_00001", "two\n")]
        .map(|(name, text)| (name.to_owned(), text.into()));
    assert_eq!(files(&disk), due);
    // One fails and the next does not: then the answer is yes, at once.
    let mut answers = 0;
    for seed in 0..100 {
        let disk = Disk::new(seed);
        let mut one = writer(Period::Never, Form::Lines);
        one.write(&disk, NOW, b"one\n").expect("no faults");
        disk.set_faults(faults(0.5));
        let is_taken = one.write(&disk, NOW, b"two\n").is_ok();
        disk.cut_power();
        if is_taken && one.path() == Some(Path::new("/log/web_00001")) {
            answers += 1;
            assert_eq!(files(&disk), due);
        }
    }
    assert!(answers > 10, "{answers}");
}

#[test]
fn a_disk_whose_syncs_fail_is_not_littered() {
    let disk = Disk::new(1);
    let mut one = writer(Period::Never, Form::Lines);
    one.write(&disk, NOW, b"one\n").expect("no faults");
    disk.set_faults(DiskFaults {
        sync: 1.0,
        ..DiskFaults::none()
    });
    for _ in 0..100 {
        one.write(&disk, NOW, b"no\n").expect_err("it fails");
    }
    assert_eq!(files(&disk), [("web_00000".to_owned(), b"one\n".to_vec())]);
}

#[test]
fn a_full_disk_refuses_and_goes_on_in_the_same_file_when_there_is_room() {
    let disk = Disk::new(1);
    let mut one = writer(Period::Never, Form::Lines);
    one.write(&disk, NOW, b"one\n").expect("no faults");
    let room = |bytes_max| DiskFaults {
        bytes_max,
        ..DiskFaults::none()
    };
    for (bytes, is_taken) in [(7, false), (8, true), (12, true)] {
        disk.set_faults(room(bytes));
        let taken = one.write(&disk, NOW, b"two\n");
        assert_eq!(taken.is_ok(), is_taken, "{bytes}");
    }
    disk.set_faults(room(12));
    let error = one.write(&disk, NOW, b"two\n").expect_err("full");
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    assert_eq!(
        files(&disk),
        [("web_00000".to_owned(), b"one\ntwo\ntwo\n".to_vec())]
    );
}

#[test]
fn a_torn_end_is_cut_when_a_file_is_opened_and_nothing_else() {
    let whole = |form| [batch(1, form), batch(2, form)].concat();
    for form in [Form::Records, Form::Lines, Form::Bytes] {
        let whole = whole(form);
        for cut in 0..=whole.len() {
            for zeros in [0, 3] {
                let disk = Disk::new(1);
                disk.make_folder(Path::new("/log")).expect("no faults");
                let mut tail = disk.open(Path::new("/log/web_00000")).expect("no faults");
                tail.append(&whole[..cut]).expect("no faults");
                tail.append(&vec![0; zeros]).expect("no faults");
                let before = read(&[&whole[..cut], &vec![0; zeros][..]].concat(), form);
                let mut one = writer(Period::Never, form);
                one.open(&disk, NOW).expect("no faults");
                let after = files(&disk).remove(0).1;
                let kept = cut + zeros - usize::try_from(one.cut_bytes()).expect("short");
                assert_eq!(after.len(), kept);
                if form == Form::Bytes {
                    assert_eq!(one.cut_bytes(), 0);
                    // What ends within a line stays as it is, and the next batch is in a file of its own.
                    let is_ragged = !after.is_empty() && !after.ends_with(b"\n");
                    one.write(&disk, NOW, &batch(3, form)).expect("no faults");
                    let last = [
                        if is_ragged { vec![] } else { after.clone() },
                        batch(3, form),
                    ];
                    let files = files(&disk).into_iter().map(|(_, bytes)| bytes);
                    let due = is_ragged
                        .then_some(after)
                        .into_iter()
                        .chain([last.concat()]);
                    assert!(files.eq(due), "cut at {cut}");
                    continue;
                }
                assert_eq!(read(&after, form), before, "cut at {cut}");
                assert!(whole.starts_with(&after));
                one.write(&disk, NOW, &batch(3, form)).expect("no faults");
                let found = read(&files(&disk).remove(0).1, form);
                assert_eq!(found, [before, lines(3)].concat(), "cut at {cut}");
            }
        }
    }
}

#[test]
fn this_machines_disk_is_one_too() {
    let dir = std::env::temp_dir().join(format!("oneloop-scribe-writer-{}", std::process::id()));
    let store = FileStore {
        folder: Some("a/b".into()),
        ..FileStore::default()
    };
    let names = Names::of_copy(&store, &word("web"), &dir, &word("ann"));
    let mut due = Vec::new();
    for number in 0..4 {
        let rotation = Rotation {
            on_open: number == 3,
            ..Rotation::default()
        };
        let mut one = FileWriter::new(names.clone(), rotation, Form::Records);
        one.write(&Machine, NOW, &batch(number, Form::Records))
            .expect("written");
        due.extend(lines(number));
        // A process dies in the middle of a batch.
        if number == 1 {
            let mut tail = Machine.open(one.path().expect("open")).expect("there");
            tail.append(&batch(9, Form::Records)[..9]).expect("written");
        }
        assert_eq!(one.cut_bytes(), if number == 2 { 9 } else { 0 });
    }
    let folder = dir.join("a/b/web");
    let file = |name: &str| std::fs::read(folder.join(name)).expect("it is there");
    let found = [file("web_00000"), file("web_00001")].map(|bytes| read(&bytes, Form::Records));
    let link = std::fs::read_link(folder.join("web_current")).expect("it is there");
    _ = std::fs::remove_dir_all(&dir);
    assert_eq!(found.concat(), due);
    assert_eq!(found[1], lines(3));
    assert_eq!(link, Path::new("web_00001"));
}

#[test]
fn what_is_no_file_of_ours_is_not_written_to() {
    let disk = Disk::new(1);
    disk.make_folder(Path::new("/log/web_00000"))
        .expect("no faults");
    let mut one = writer(Period::Never, Form::Lines);
    one.write(&disk, NOW, b"one\n").expect("no faults");
    assert_eq!(one.path(), Some(Path::new("/log/web_00001")));
    disk.link(Path::new("elsewhere"), Path::new("/log/web_00002"))
        .expect("no faults");
    one.finish();
    one.write(&disk, NOW, b"two\n").expect("no faults");
    assert_eq!(one.path(), Some(Path::new("/log/web_00003")));
}
