//! Files that have to survive: what a store asks of a disk. With the feature `disk`.
//!
//! A store that asks a [`Disk`] and not `std::fs` runs on this [`Machine`]'s, and in tests on the simulator's, where power fails between
//! any two operations, what was not synced is torn at any byte, a sync fails and drops what it should have written, and the disk is full.
//!
//! ```
//! use std::path::Path;
//! use oneloop::disk::{Disk, Machine};
//!
//! fn note(disk: &dyn Disk, folder: &Path, line: &[u8]) -> std::io::Result<()> {
//!     let mut notes = disk.open(&folder.join("notes"))?;
//!     notes.append(line)?;
//!     notes.sync()?; // from here on it survives
//!     disk.sync_folder(folder) // and so does the file's name
//! }
//!
//! # let folder = std::env::temp_dir().join(format!("oneloop-doc-disk-{}", std::process::id()));
//! # Machine.make_folder(&folder)?;
//! note(&Machine, &folder, b"hello\n")?;
//! # Machine.remove(&folder.join("notes"))?;
//! # std::fs::remove_dir(&folder)?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! All of it blocks: call it from [`Context::blocking`](crate::Context::blocking).
//!
//! # What survives
//!
//! | What happens | Bytes behind the last sync | Names behind the last [`sync_folder`](Disk::sync_folder) |
//! |---|---|---|
//! | the process dies | stay | stay |
//! | the power fails, the kernel dies | as many of the first as it likes, perhaps as zeros | as many of the first changes as it likes |
//! | [`Tail::sync`] fails | may be lost, and a later sync that succeeds does not tell: write them again, to another file or behind a [`truncate`](Disk::truncate) | |
//! | [`Tail::append`] fails | as many of the first as [`Tail::bytes`] says are in the file | |

mod machine;

use std::ffi::OsString;
use std::io;
use std::path::Path;

pub use machine::Machine;
#[cfg(feature = "sim")]
pub(crate) use machine::{is_a_link, within_one_folder};

/// Where files are.
pub trait Disk: Send + Sync + 'static {
    /// Opens a file to add to its end; it is made if it is not there, and its folder is not.
    ///
    /// # Errors
    /// Whatever keeps it from that. A symbolic link is [`InvalidInput`](io::ErrorKind::InvalidInput): it is not followed.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Tail>>;

    /// As many bytes as there are from `from` on, and `bytes_max` at most.
    ///
    /// # Errors
    /// There is no such file, or it cannot be read.
    fn read(&self, path: &Path, from: u64, bytes_max: usize) -> io::Result<Vec<u8>>;

    /// Cuts a file off behind so many bytes, and syncs it. A file that has fewer stays as it is.
    ///
    /// # Errors
    /// There is no such file, or it cannot be written. A symbolic link is not followed.
    fn truncate(&self, path: &Path, bytes: u64) -> io::Result<()>;

    /// What is in a folder, in the order of the names.
    ///
    /// # Errors
    /// There is no such folder, or it cannot be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;

    /// Makes a folder and those that it is in, as far as they are missing, for good.
    ///
    /// # Errors
    /// Whatever keeps it from that.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;

    /// Gives a file another name in the same folder. A file that has that name already is gone.
    ///
    /// # Errors
    /// There is no such file, or the folder cannot be written; and if the folders differ.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file, or a link.
    ///
    /// # Errors
    /// There is no such file, or the folder cannot be written.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a symbolic link to `target`, which is seen from the link's folder, instead of what has that name.
    ///
    /// # Errors
    /// The folder cannot be written.
    fn link(&self, target: &Path, at: &Path) -> io::Result<()>;

    /// From then on the changes of names in this folder survive.
    ///
    /// # Errors
    /// There is no such folder, or it cannot be written.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Bytes that can still be written where this folder is.
    ///
    /// # Errors
    /// There is no such folder.
    fn free_bytes(&self, folder: &Path) -> io::Result<u64>;
}

/// The end of a file, to which is added.
pub trait Tail: Send {
    /// Adds bytes. They are in the file as soon as this returns, and survive after the next [`sync`](Self::sync).
    ///
    /// # Errors
    /// The disk is full, or broken. Some of the first bytes may be in the file: [`bytes`](Self::bytes) says how many.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// From then on all that was added survives.
    ///
    /// # Errors
    /// The disk is full, or broken. What was added since the last sync may be lost, even if a later one succeeds.
    fn sync(&mut self) -> io::Result<()>;

    /// How long the file is.
    fn bytes(&self) -> u64;
}

/// What has a name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the folder.
    pub name: OsString,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file with so many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A symbolic link, or what is neither of these.
    Other,
}
