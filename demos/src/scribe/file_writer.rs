//! Writes batches into files of which each was answered for.
//!
//! ```text
//!           open              it is time
//!   closed ──────► BASE_00007 ───────────► BASE_00008 ───► ...
//!                   │      │ a sync failed: cut back,      ▲
//!                   │      └── and the batch again, in ────┘
//!                   │ an append failed: cut back,
//!                   └── and the answer is no
//! ```
//! What [`FileWriter::write`] has answered is in a file, synced, in a folder of which the names are synced. What it has refused may be
//! there nevertheless, all of it, a part, or not at all: whoever hands it in again may find it twice, one behind the other. Batches are in
//! their order, file by file.
//!
//! A sync that fails has lost what it should have written, and none after it says so; thus no further batch goes into such a file. It is
//! cut back to what was answered, as far as the disk still does that, and the batch is written into the next file. Only if that fails too
//! the answer is no. A full disk is no failed sync: then the file is cut back, and goes on when there is room again. Which file that was
//! is forgotten when the process ends: the next one goes on with the newest.
//!
//! All of it blocks: it belongs on a worker thread, one store at a time.

use std::io;
use std::path::{Path, PathBuf};

use oneloop::disk::{Disk, Entry, EntryKind, Tail};

use crate::scribe::naming::{Names, Second};
use crate::scribe::record::Records;
use crate::scribe::settings::Rotation;

/// What batches are made of, and so what of a file's end is a torn one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// [Records](crate::scribe::record): behind the last whole one is nothing that was answered.
    Records,
    /// Each batch ends with the end of a line: behind the last one is nothing that was answered.
    Lines,
    /// Anything: nobody can say where a batch ends, so nothing is cut off.
    Bytes,
}

/// Writes batches into files, one after the other.
pub struct FileWriter {
    names: Names,
    rotation: Rotation,
    form: Form,
    open: Option<Open>,
    /// Whether the newest file is not to be opened again: a sync of it has failed.
    is_spoilt: bool,
    cut_bytes: u64,
}

/// The file that is written.
struct Open {
    tail: Box<dyn Tail>,
    path: PathBuf,
    /// Up to here it was answered for, or it was there before.
    good_bytes: u64,
    begun: Second,
}

impl FileWriter {
    /// One that has no file yet.
    #[must_use]
    pub const fn new(names: Names, rotation: Rotation, form: Form) -> Self {
        Self {
            names,
            rotation,
            form,
            open: None,
            is_spoilt: false,
            cut_bytes: 0,
        }
    }

    /// The file that is written, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.open.as_ref().map(|open| open.path.as_path())
    }

    /// Bytes that were cut off when a file was opened, because no batch ended in them.
    #[must_use]
    pub const fn cut_bytes(&self) -> u64 {
        self.cut_bytes
    }

    /// Opens the newest file of the day, without its torn end, or begins the first; unless one is open.
    ///
    /// # Errors
    /// As the disk gives them.
    pub fn open(&mut self, disk: &dyn Disk, now: Second) -> io::Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        if self.is_spoilt {
            return self.begin(disk, now);
        }
        disk.make_folder(self.names.folder())?;
        let entries = disk.list(self.names.folder())?;
        let newest = self.names.newest(now, names_of(&entries));
        let name = self.names.file(now, newest);
        let found = entries.iter().find(|entry| entry.name == *name);
        let path = self.names.folder().join(&name);
        match found.map(|entry| entry.kind) {
            // A link may lead anywhere, and a folder is none of ours.
            Some(EntryKind::Folder | EntryKind::Other) => self.begin(disk, now),
            Some(EntryKind::File(_)) if self.rotation.on_open => self.begin(disk, now),
            Some(EntryKind::File(bytes)) => {
                let torn = self.torn_bytes(disk, &path, bytes)?;
                if torn > 0 {
                    disk.truncate(&path, bytes.saturating_sub(torn))?;
                    self.cut_bytes = self.cut_bytes.saturating_add(torn);
                }
                self.take(disk, path, &name, now)
            }
            None => self.take(disk, path, &name, now),
        }
    }

    /// Adds a batch, and returns when it will survive.
    ///
    /// # Errors
    /// As the disk gives them. Then the batch is not answered for, though it may be there; the next call may succeed.
    pub fn write(&mut self, disk: &dyn Disk, now: Second, batch: &[u8]) -> io::Result<()> {
        self.open(disk, now)?;
        if self.is_due(now)
            && let Err(error) = self.begin(disk, now)
        {
            // The file that there is takes messages as well.
            log::warn!(
                "no further file in {}: {error}",
                self.names.folder().display()
            );
        }
        match self.add(disk, batch) {
            Ok(()) => Ok(()),
            // The file is as it was, and what is wrong is not the file.
            Err(error) if self.open.is_some() => Err(error),
            Err(error) => {
                log::error!(
                    "the next file is begun in {}: {error}",
                    self.names.folder().display()
                );
                self.begin(disk, now)?;
                self.add(disk, batch)
            }
        }
    }

    /// Begins the next file if it is time; whether it was.
    ///
    /// # Errors
    /// As the disk gives them. The file that was open stays so.
    pub fn check(&mut self, disk: &dyn Disk, now: Second) -> io::Result<bool> {
        let is_due = self.is_due(now);
        if is_due {
            self.begin(disk, now)?;
        }
        Ok(is_due)
    }

    fn is_due(&self, now: Second) -> bool {
        let open = self.open.as_ref();
        open.is_some_and(|open| self.rotation.is_due(open.begun, now, open.good_bytes))
    }

    /// Begins the next file. If that fails, all stays as it was.
    fn begin(&mut self, disk: &dyn Disk, now: Second) -> io::Result<()> {
        disk.make_folder(self.names.folder())?;
        let entries = disk.list(self.names.folder())?;
        let number = self.names.next(now, names_of(&entries));
        let number = number
            .ok_or_else(|| io::Error::other("the numbers of files have come to their end"))?;
        let name = self.names.file(now, number);
        let path = self.names.folder().join(&name);
        self.take(disk, path.clone(), &name, now).inspect_err(|_| {
            // Nothing in it was answered for. If it stays, it is empty.
            _ = disk.remove(&path);
        })
    }

    /// Opens a file to be written from now on. Its name survives.
    fn take(&mut self, disk: &dyn Disk, path: PathBuf, name: &str, now: Second) -> io::Result<()> {
        let tail = disk.open(&path)?;
        disk.sync_folder(self.names.folder())?;
        // The link is a help for people: nothing depends on it.
        if let Some(link) = self.names.link() {
            let at = self.names.folder().join(link);
            if let Err(error) = disk.link(Path::new(name), &at) {
                log::warn!("no link {}: {error}", at.display());
            }
        }
        self.is_spoilt = false;
        let good_bytes = tail.bytes();
        self.open = Some(Open {
            tail,
            path,
            good_bytes,
            begun: now,
        });
        Ok(())
    }

    /// Adds a batch to the open file. If that fails, the file is as it was, or is not open any more.
    fn add(&mut self, disk: &dyn Disk, batch: &[u8]) -> io::Result<()> {
        let Some(mut open) = self.open.take() else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let added = open.tail.append(batch);
        let is_sound = added.is_err();
        let Err(error) = added.and_then(|()| open.tail.sync()) else {
            open.good_bytes = open.tail.bytes();
            self.open = Some(open);
            return Ok(());
        };
        // A truncate syncs: what is left of the file is on the disk. One of which nothing is left is in the way.
        let cut = match open.good_bytes {
            0 if !is_sound => disk.remove(&open.path),
            good_bytes => disk.truncate(&open.path, good_bytes),
        };
        match cut {
            Ok(()) if is_sound => self.open = Some(open),
            Ok(()) => self.is_spoilt = true,
            Err(fault) => {
                self.is_spoilt = true;
                let path = open.path.display();
                log::warn!("a part of a batch is left in {path}: {fault}");
            }
        }
        Err(error)
    }

    /// How many of a file's last bytes belong to no whole batch.
    fn torn_bytes(&self, disk: &dyn Disk, path: &Path, bytes: u64) -> io::Result<u64> {
        match self.form {
            Form::Bytes => Ok(0),
            Form::Records => {
                let mut records = Records::default();
                while records.read_bytes() < bytes {
                    let piece = disk.read(path, records.read_bytes(), PIECE_BYTES)?;
                    if piece.is_empty() {
                        break;
                    }
                    let mut rest = &piece[..];
                    while records.next(&mut rest).is_some() {}
                }
                Ok(records.tail_bytes())
            }
            Form::Lines => {
                let mut end = bytes;
                while end > 0 {
                    let start = end.saturating_sub(PIECE_BYTES as u64);
                    let length = usize::try_from(end - start).unwrap_or(PIECE_BYTES);
                    let piece = disk.read(path, start, length)?;
                    if let Some(at) = piece.iter().rposition(|byte| *byte == b'\n') {
                        return Ok(bytes.saturating_sub(start + at as u64 + 1));
                    }
                    end = start;
                }
                Ok(bytes)
            }
        }
    }
}

fn names_of(entries: &[Entry]) -> impl Iterator<Item = &str> {
    entries.iter().filter_map(|entry| entry.name.to_str())
}

/// Bytes read at once when a file is opened.
const PIECE_BYTES: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use oneloop::disk::Machine;
    use oneloop::sim::{self, DiskFaults};

    use super::*;
    use crate::scribe::record::write_record;
    use crate::scribe::settings::{FileStore, Period};
    use crate::scribe::word::FileWord;

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
    fn files(disk: &sim::Disk) -> Vec<(String, Vec<u8>)> {
        let folder = Path::new("/log");
        let entries = disk.list(folder).unwrap_or_default();
        let files = entries
            .iter()
            .filter(|entry| matches!(entry.kind, EntryKind::File(_)));
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
                Form::Lines | Form::Bytes => {
                    bytes.extend_from_slice(format!("{line}\n").as_bytes())
                }
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
        let disk = sim::Disk::new(seed);
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

    #[test]
    fn what_was_answered_is_there_whatever_fails() {
        let mut total = Course::default();
        for seed in 0..SEEDS {
            let form = [Form::Records, Form::Lines][seed as usize % 2];
            let period = [Period::Never, Period::Daily, Period::Hourly][seed as usize / 2 % 3];
            let course = run(seed, period, form);
            total.refused += course.refused;
            total.files += course.files;
            total.twice += course.twice;
        }
        // The search went through what it is about.
        assert!(total.refused > SEEDS, "{}", total.refused);
        assert!(total.twice > 0 && total.files > SEEDS as usize * 2);
    }

    const SEEDS: u64 = 3000;

    #[test]
    fn without_faults_each_batch_is_there_once_and_files_follow_by_size() {
        for form in [Form::Records, Form::Lines, Form::Bytes] {
            let disk = sim::Disk::new(1);
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
        let disk = sim::Disk::new(1);
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
        let disk = sim::Disk::new(1);
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
            let disk = sim::Disk::new(seed);
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
        let disk = sim::Disk::new(1);
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
        let disk = sim::Disk::new(1);
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
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
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
                    let disk = sim::Disk::new(1);
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
        let dir =
            std::env::temp_dir().join(format!("oneloop-scribe-writer-{}", std::process::id()));
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
        let disk = sim::Disk::new(1);
        disk.make_folder(Path::new("/log/web_00003"))
            .expect("no faults");
        let mut one = writer(Period::Never, Form::Lines);
        one.write(&disk, NOW, b"one\n").expect("no faults");
        assert_eq!(one.path(), Some(Path::new("/log/web_00004")));
        disk.link(Path::new("elsewhere"), Path::new("/log/web_00005"))
            .expect("no faults");
        let mut two = writer(Period::Never, Form::Lines);
        two.write(&disk, NOW, b"two\n").expect("no faults");
        assert_eq!(two.path(), Some(Path::new("/log/web_00006")));
    }
}
