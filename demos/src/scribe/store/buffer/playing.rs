//! A file of a buffer on its way to the primary, piece by piece.
//!
//! ```text
//!   look ──► the oldest file ──► read ──► piece ──► taken ──► read ... the last piece ──► taken ──► remove ──► look
//!                                           │ not taken
//!                                           └──► what is left is the piece, when it is tried again
//! ```
//! How far a file has come is known as long as the process lives; the next one begins at the file's beginning.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use oneloop::disk::Disk;

use crate::scribe::files::naming::Second;
use crate::scribe::files::spool::{Reading, Spool, SpoolFile};
use crate::scribe::files::writer::FileWriter;
use crate::scribe::store::{Batch, Message};

/// What waits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    /// The file that is sent first.
    pub(super) oldest: Option<SpoolFile>,
    /// How many there are.
    pub(super) count: usize,
    /// What they have together.
    pub(super) bytes: u64,
}

/// Looks for what waits. Blocks.
///
/// To the oldest file nothing is added any more: if it is the one that is written, the writer begins the next. When a process looks for the first time, what no
/// batch ended in is cut off the newest one, so that behind the last record of a file is nothing but damage.
///
/// # Errors
/// As the disk gives them.
pub(super) fn look(
    spool: &Spool,
    writer: &mut FileWriter,
    disk: &dyn Disk,
    now: Second,
    is_first: bool,
) -> io::Result<Found> {
    let mut files = spool.files(disk)?;
    if is_first && !files.is_empty() {
        writer.open(disk, now)?;
        writer.rest();
        files = spool.files(disk)?;
    }
    // It may be written though it is not the newest: if the next one could not be begun altogether.
    let written = writer.path().and_then(|path| path.file_name()?.to_str());
    let written = written.and_then(|name| spool.number(name));
    if !is_first && (files.len() <= 1 || files.first().map(|it| it.number) == written) {
        writer.finish();
    }
    Ok(Found {
        oldest: files.first().copied(),
        count: files.len(),
        bytes: files.iter().map(|file| file.bytes).sum(),
    })
}

/// A file that is replayed.
#[derive(Debug)]
pub(super) struct Playing {
    file: SpoolFile,
    reading: Arc<Mutex<Reading>>,
    /// Up to here it was taken.
    taken_bytes: u64,
    is_read: bool,
    piece: Option<Piece>,
}

/// Some messages of it.
#[derive(Debug)]
pub(super) struct Piece {
    /// Those that are not taken yet.
    pub(super) batch: Batch,
    /// Where it ends in the file.
    up_to: u64,
    /// Whether the file ends there as well.
    is_last: bool,
    /// Bytes that were found to be lost with it.
    pub(super) lost_bytes: u64,
}

impl Playing {
    /// Begins a file.
    #[must_use]
    pub(super) fn new(spool: &Spool, file: SpoolFile) -> Self {
        Self {
            file,
            reading: Arc::new(Mutex::new(spool.read(file))),
            taken_bytes: 0,
            is_read: false,
            piece: None,
        }
    }

    /// Its number.
    #[must_use]
    pub(super) const fn number(&self) -> u32 {
        self.file.number
    }

    /// How long it is.
    #[must_use]
    pub(super) const fn bytes(&self) -> u64 {
        self.file.bytes
    }

    /// How much of it was taken.
    #[must_use]
    pub(super) const fn taken_bytes(&self) -> u64 {
        self.taken_bytes
    }

    /// Whether all of it was taken, so that it can be removed.
    #[must_use]
    pub(super) const fn is_over(&self) -> bool {
        self.is_read && self.piece.is_none()
    }

    /// What is to be taken next, if it was read.
    #[must_use]
    pub(super) const fn piece(&self) -> Option<&Piece> {
        self.piece.as_ref()
    }

    /// Where it is read: by [`read`], on another thread.
    #[must_use]
    pub(super) fn reading(&self) -> Arc<Mutex<Reading>> {
        Arc::clone(&self.reading)
    }

    /// A piece was read.
    pub(super) fn put(&mut self, piece: Piece) {
        self.is_read = piece.is_last;
        match piece.batch.is_empty() {
            true => self.taken_bytes = piece.up_to,
            false => self.piece = Some(piece),
        }
    }

    /// The piece was taken.
    pub(super) fn taken(&mut self) {
        if let Some(piece) = self.piece.take() {
            self.taken_bytes = piece.up_to;
        }
    }

    /// This is left of the piece.
    pub(super) fn left(&mut self, left: Batch) {
        if let Some(piece) = &mut self.piece {
            piece.batch = left;
        }
    }
}

/// Reads the next piece. Blocks.
///
/// # Errors
/// As the disk gives them. The next call reads the same.
pub(super) fn read(reading: &Mutex<Reading>, disk: &dyn Disk) -> io::Result<Piece> {
    let mut reading: MutexGuard<'_, Reading> =
        reading.lock().unwrap_or_else(PoisonError::into_inner);
    let found = match reading.next(disk) {
        // Somebody has taken it away, perhaps since it could not be read: then it is over.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            log::warn!("a file that waited is gone");
            reading.end();
            Vec::new()
        }
        found => found?,
    };
    let message = |(category, text)| Message { category, text };
    Ok(Piece {
        batch: Arc::new(found.into_iter().map(message).collect()),
        up_to: reading.read_bytes(),
        is_last: reading.is_over(),
        lost_bytes: reading.take_lost_bytes(),
    })
}
