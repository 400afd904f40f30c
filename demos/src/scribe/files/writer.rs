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

use crate::scribe::config::settings::Rotation;
use crate::scribe::files::naming::{Names, Second};
use crate::scribe::files::record::Records;

/// What batches are made of, and so what of a file's end is a torn one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// [Records](crate::scribe::files::record): behind the last whole one is nothing that was answered.
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
