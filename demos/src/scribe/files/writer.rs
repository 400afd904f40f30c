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

use std::borrow::Cow;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use oneloop::disk::{Disk, Entry, EntryKind, Tail};

use crate::scribe::config::settings::{FileStore, Rotation};
use crate::scribe::files::compose::Layout;
use crate::scribe::files::naming::{Names, Second};
use crate::scribe::files::pace::Pace;
use crate::scribe::files::record::{MARK_BYTES, Records, are_records, may_be_records};

/// What batches are made of, and so what of a file's end is a torn one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// [Records](crate::scribe::files::record): behind the last whole one is nothing that was answered.
    Records,
    /// Each batch ends with the end of a line: behind the last one is nothing that was answered, unless it was written when the store was
    /// to write anything. Nobody can say that, so what is cut off is kept in [a file of its own](Names::torn).
    Lines,
    /// Anything: nobody can say where a batch ends, so nothing is cut off. But most batches end with the end of a line, and what is
    /// written behind one that does not would be read as a part of it: another process's file is gone on with only if it ends so.
    Bytes,
}

/// Writes batches into files, one after the other.
pub struct FileWriter {
    names: Names,
    rotation: Rotation,
    form: Form,
    piece_bytes_max: usize,
    writes_next_name: bool,
    writes_stats: bool,
    current: Option<Current>,
    /// The current file's. It is laid down while nothing is written.
    tail: Option<Box<dyn Tail>>,
    /// Whether the newest file is not to be opened again: a sync of it has failed, or it was finished.
    is_over: bool,
    cut_bytes: u64,
    /// Of what may go wrong with each batch.
    pace: Pace,
}

/// The file that is written.
struct Current {
    path: PathBuf,
    /// Up to here it was answered for, or it was there before.
    good_bytes: u64,
    begun: Second,
    /// Messages since then.
    messages: u64,
}

impl FileWriter {
    /// One that has no file yet.
    #[must_use]
    pub const fn new(names: Names, rotation: Rotation, form: Form) -> Self {
        Self {
            names,
            rotation,
            form,
            piece_bytes_max: usize::MAX,
            writes_next_name: false,
            writes_stats: false,
            current: None,
            tail: None,
            is_over: false,
            cut_bytes: 0,
            pace: Pace::new(),
        }
    }

    /// One that has no file yet, and writes them as a store is to: in pieces, with the next file's name, with statistics.
    #[must_use]
    pub fn of(names: Names, store: &FileStore) -> Self {
        Self {
            piece_bytes_max: usize::try_from(store.write_bytes_max.max(1)).unwrap_or(usize::MAX),
            writes_next_name: store.write_next_name,
            writes_stats: store.write_stats,
            ..Self::new(names, store.rotation.clone(), Layout::of(store).form())
        }
    }

    /// The file that is written, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.current.as_ref().map(|current| current.path.as_path())
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.names.folder()
    }

    /// Whether it keeps a file open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.tail.is_some()
    }

    /// Bytes that were cut off when a file was opened, because no batch ended in them.
    #[must_use]
    pub const fn cut_bytes(&self) -> u64 {
        self.cut_bytes
    }

    /// Opens the file that was laid down, or the newest of the day without its torn end, or begins the first; unless one is open.
    ///
    /// # Errors
    /// As the disk gives them.
    pub fn open(&mut self, disk: &dyn Disk, now: Second) -> io::Result<()> {
        if self.tail.is_some() || self.take_up(disk)? {
            return Ok(());
        }
        if self.is_over {
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
            Some(EntryKind::Folder | EntryKind::Other) => return self.begin(disk, now),
            Some(EntryKind::File(_)) if self.rotation.on_open => return self.begin(disk, now),
            Some(EntryKind::File(bytes))
                if self.is_foreign(disk, &path)? || self.is_ragged(disk, &path, bytes)? =>
            {
                return self.begin(disk, now);
            }
            Some(EntryKind::File(bytes)) => {
                let torn = self.torn_bytes(disk, &path, bytes)?;
                let whole = bytes.saturating_sub(torn);
                if torn > 0 && self.form == Form::Lines {
                    let aside = self.names.torn();
                    let mut entries = entries.iter();
                    if entries.any(|it| it.name == *aside && !is_file(it)) {
                        return self.begin(disk, now);
                    }
                    self.set_aside(disk, &path, whole, &aside)?;
                }
                if torn > 0 {
                    disk.truncate(&path, whole)?;
                    self.cut_bytes = self.cut_bytes.saturating_add(torn);
                    let path = path.display();
                    log::warn!("{path} ended in {torn} bytes of no whole batch: cut off");
                }
            }
            None => {}
        }
        let (tail, current) = self.take(disk, path, &name, now)?;
        (self.tail, self.current) = (Some(tail), Some(current));
        Ok(())
    }

    /// Adds a batch, and returns when it will survive.
    ///
    /// # Errors
    /// As the disk gives them. Then the batch is not answered for, though it may be there; the next call may succeed.
    pub fn write(&mut self, disk: &dyn Disk, now: Second, batch: &[u8]) -> io::Result<()> {
        self.write_composed(disk, now, 0, |_| Cow::Borrowed(batch))
    }

    /// The same with a batch of so many messages that depends on where in a file it begins: `compose` is told, once or twice.
    ///
    /// # Errors
    /// The same.
    pub fn write_composed<'b>(
        &mut self,
        disk: &dyn Disk,
        now: Second,
        messages: u64,
        compose: impl Fn(u64) -> Cow<'b, [u8]>,
    ) -> io::Result<()> {
        self.open(disk, now)?;
        if self.is_due(now)
            && let Err(error) = self.begin(disk, now)
            && self.pace.allows("no further file", now)
        {
            // The file that there is takes messages as well.
            log::warn!(
                "no further file in {}: {error}",
                self.names.folder().display()
            );
        }
        match self.add(disk, now, messages, &compose) {
            Ok(()) if self.is_in_place(disk) => Ok(()),
            Ok(()) => {
                self.lose();
                self.open(disk, now)?;
                self.add(disk, now, messages, &compose)
            }
            // The file is as it was, and what is wrong is not the file.
            Err(error) if self.tail.is_some() => Err(error),
            Err(error) => {
                if self.pace.allows("next file", now) {
                    log::error!(
                        "the next file is begun in {}: {error}",
                        self.names.folder().display()
                    );
                }
                self.begin(disk, now)?;
                self.add(disk, now, messages, &compose)
            }
        }
    }

    /// Looks after the file that is open: whether it is still there, and begins the next one if it is time; whether it was.
    ///
    /// # Errors
    /// As the disk gives them. The file that was written stays so.
    pub fn check(&mut self, disk: &dyn Disk, now: Second) -> io::Result<bool> {
        if self.tail.is_some() && !self.is_in_place(disk) {
            self.lose();
        }
        let is_due = self.is_due(now);
        if is_due {
            self.begin(disk, now)?;
        }
        Ok(is_due)
    }

    /// Whether the next file is to be begun.
    #[must_use]
    pub fn is_due(&self, now: Second) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|it| self.rotation.is_due(it.begun, now, it.good_bytes))
    }

    /// Lays the open file down: it is not kept open, and goes on with the next batch as if it had been.
    pub fn rest(&mut self) {
        self.tail = None;
    }

    /// Ends the newest file: the next batch goes into another one.
    pub fn finish(&mut self) {
        (self.tail, self.current) = (None, None);
        self.is_over = true;
    }

    /// Whether the open file still has its name and all that was written. One that cannot be read is not known to have lost anything.
    fn is_in_place(&self, disk: &dyn Disk) -> bool {
        let Some(current) = &self.current else {
            return true;
        };
        let read = match current.good_bytes.checked_sub(1) {
            Some(last) => disk.read(&current.path, last, 1).map(|it| it.len() == 1),
            None => disk.read(&current.path, 0, 0).map(|_| true),
        };
        read.unwrap_or_else(|error| error.kind() != ErrorKind::NotFound)
    }

    /// Somebody has taken the file away, or cut it. What is added to a file without a name is gone with it.
    fn lose(&mut self) {
        if let Some(current) = self.current.take() {
            let path = current.path.display();
            log::warn!("{path} is gone, or was cut: a file is opened anew");
        }
        self.tail = None;
    }

    /// Opens the file that was laid down, if there is one.
    fn take_up(&mut self, disk: &dyn Disk) -> io::Result<bool> {
        let Some(current) = &mut self.current else {
            return Ok(false);
        };
        let tail = match disk.open(&current.path) {
            Ok(tail) => tail,
            // Its folder is gone, or a link is in its place.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => {
                log::warn!("{}: {error}", current.path.display());
                self.current = None;
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        let bytes = tail.bytes();
        if bytes != current.good_bytes {
            let path = current.path.display();
            log::warn!("somebody has changed {path}: it is {bytes} bytes long");
        }
        if bytes != current.good_bytes || bytes == 0 {
            // Perhaps it was just made, so that its name has yet to survive.
            disk.sync_folder(self.names.folder())?;
        }
        current.good_bytes = bytes;
        self.tail = Some(tail);
        Ok(true)
    }

    /// Begins the next file. If that fails, all stays as it was.
    fn begin(&mut self, disk: &dyn Disk, now: Second) -> io::Result<()> {
        disk.make_folder(self.names.folder())?;
        let entries = disk.list(self.names.folder())?;
        let next = self.names.next(now, names_of(&entries));
        let mut names = next
            .into_iter()
            .flat_map(|next| next..=u32::MAX)
            .map(|number| self.names.file(now, number));
        // What is no file may have such a name too.
        let name = names
            .find(|name| entries.iter().all(|entry| entry.name != **name))
            .ok_or_else(|| io::Error::other("the numbers of files have come to their end"))?;
        let path = self.names.folder().join(&name);
        let taken = self.take(disk, path.clone(), &name, now);
        let (tail, current) = taken.inspect_err(|_| {
            // Nothing in it was answered for. If it stays, it is empty.
            _ = disk.remove(&path);
        })?;
        let last_tail = self.tail.replace(tail);
        if let Some(last) = self.current.replace(current) {
            self.say_goodbye(disk, &last, last_tail, now);
        }
        Ok(())
    }

    /// Opens a file to be written from now on. Its name survives.
    fn take(
        &mut self,
        disk: &dyn Disk,
        path: PathBuf,
        name: &str,
        now: Second,
    ) -> io::Result<(Box<dyn Tail>, Current)> {
        let tail = disk.open(&path)?;
        disk.sync_folder(self.names.folder())?;
        // The link is a help for people: nothing depends on it.
        if let Some(link) = self.names.link() {
            let at = self.names.folder().join(link);
            if let Err(error) = disk.link(Path::new(name), &at)
                && self.pace.allows("no link", now)
            {
                log::warn!("no link {}: {error}", at.display());
            }
        }
        self.is_over = false;
        let current = Current {
            path,
            good_bytes: tail.bytes(),
            begun: now,
            messages: 0,
        };
        Ok((tail, current))
    }

    /// Writes what is to be told when a file is followed by the next, for people and their programs: nothing depends on it.
    fn say_goodbye(
        &mut self,
        disk: &dyn Disk,
        last: &Current,
        tail: Option<Box<dyn Tail>>,
        now: Second,
    ) {
        if let Some(path) = self.path().filter(|_| self.writes_next_name) {
            let line = format!("{NEXT_NAME}{}\n", path.display());
            let tail = tail.map_or_else(|| disk.open(&last.path), Ok);
            let told = tail.and_then(|mut tail| {
                tail.append(line.as_bytes())?;
                tail.sync()
            });
            if let Err(error) = told {
                // It may be opened again, if the next one is gone before anything is in it.
                _ = disk.truncate(&last.path, last.good_bytes);
                let last = last.path.display();
                if self.pace.allows("no next name", now) {
                    log::warn!("{last} does not say what comes next: {error}");
                }
            }
        }
        if self.writes_stats {
            let line = format!(
                "{now}-{:02}:{:02} wrote <{}> bytes in <{}> events to file <{}>\n",
                now.hour(),
                now.minute(),
                last.good_bytes,
                last.messages,
                last.path.display()
            );
            let folder = self.names.folder();
            let stats = disk.open(&folder.join(STATS));
            if let Err(error) = stats.and_then(|mut stats| stats.append(line.as_bytes()))
                && self.pace.allows("no statistics", now)
            {
                log::warn!("no statistics in {}: {error}", folder.display());
            }
        }
    }

    /// Adds a batch to the open file. If that fails, the file is as it was, or is not open any more.
    fn add<'b>(
        &mut self,
        disk: &dyn Disk,
        now: Second,
        messages: u64,
        compose: &impl Fn(u64) -> Cow<'b, [u8]>,
    ) -> io::Result<()> {
        let (Some(mut tail), Some(mut current)) = (self.tail.take(), self.current.take()) else {
            return Err(ErrorKind::NotConnected.into());
        };
        let batch = compose(current.good_bytes);
        let before = tail.bytes();
        let mut pieces = batch.chunks(self.piece_bytes_max);
        let added = pieces.try_for_each(|piece| tail.append(piece));
        let is_sound = added.is_err();
        let Err(error) = added.and_then(|()| tail.sync()) else {
            // Not what the tail says, which may count what an append has left that failed before this one, and was cut off.
            current.good_bytes = current.good_bytes.saturating_add(batch.len() as u64);
            current.messages = current.messages.saturating_add(messages);
            (self.tail, self.current) = (Some(tail), Some(current));
            return Ok(());
        };
        let left_bytes = tail.bytes().saturating_sub(before);
        let due_bytes = current.good_bytes.saturating_add(left_bytes);
        // A truncate syncs: what is left of the file is on the disk. One of which nothing is left is in the way. And one that somebody has
        // changed, or put in this one's place, is nobody's to cut.
        let cut = match current.good_bytes {
            _ if !has_bytes(disk, &current.path, due_bytes) => {
                Err(io::Error::other("somebody has changed it"))
            }
            0 if !is_sound => disk.remove(&current.path),
            good_bytes => disk.truncate(&current.path, good_bytes),
        };
        match cut {
            Ok(()) if is_sound => (self.tail, self.current) = (Some(tail), Some(current)),
            Ok(()) => self.is_over = true,
            Err(fault) => {
                self.is_over = true;
                let path = current.path.display();
                if self.pace.allows("a part is left", now) {
                    log::warn!("a part of a batch is left in {path}: {fault}");
                }
            }
        }
        Err(error)
    }

    /// Keeps what is behind so many bytes of a file in the file that is called so.
    fn set_aside(&self, disk: &dyn Disk, path: &Path, from: u64, aside: &str) -> io::Result<()> {
        let folder = self.names.folder();
        let mut tail = disk.open(&folder.join(aside))?;
        let mut from = from;
        loop {
            let piece = disk.read(path, from, PIECE_BYTES)?;
            if piece.is_empty() {
                break;
            }
            tail.append(&piece)?;
            from = from.saturating_add(piece.len() as u64);
        }
        tail.append(b"\n")?;
        tail.sync()?;
        disk.sync_folder(folder)
    }

    /// Whether a file is of another form, from a time when the configuration was another one: there is nothing of ours in it, and none of
    /// it is torn.
    fn is_foreign(&self, disk: &dyn Disk, path: &Path) -> io::Result<bool> {
        let start = disk.read(path, 0, MARK_BYTES)?;
        Ok(match self.form {
            Form::Records => !may_be_records(&start),
            Form::Lines | Form::Bytes => are_records(&start),
        })
    }

    /// Whether a file may end within a message, of which nobody can say where it begins.
    fn is_ragged(&self, disk: &dyn Disk, path: &Path, bytes: u64) -> io::Result<bool> {
        let Some(last) = bytes.checked_sub(1).filter(|_| self.form == Form::Bytes) else {
            return Ok(false);
        };
        Ok(disk.read(path, last, 1)? != b"\n")
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

/// Whether a file is so long, as far as it can be read.
fn has_bytes(disk: &dyn Disk, path: &Path, bytes: u64) -> bool {
    let (from, due) = match bytes.checked_sub(1) {
        Some(last) => (last, 1),
        None => (0, 0),
    };
    disk.read(path, from, 2).is_ok_and(|it| it.len() == due)
}

/// The names of files. A folder has no number, whatever it is called: a client chooses what its category's folder is called.
fn names_of(entries: &[Entry]) -> impl Iterator<Item = &str> {
    let files = entries.iter().filter(|entry| is_file(entry));
    files.filter_map(|entry| entry.name.to_str())
}

const fn is_file(entry: &Entry) -> bool {
    matches!(entry.kind, EntryKind::File(_))
}

/// Bytes read at once when a file is opened.
const PIECE_BYTES: usize = 64 << 10;
/// What a line begins with that has the name of the next file. As scribe writes it, which puts no end of the line behind it.
const NEXT_NAME: &str = "scribe_meta<new_logfile>: ";
/// The file with what was written to others. As scribe has it.
const STATS: &str = "scribe_stats";
