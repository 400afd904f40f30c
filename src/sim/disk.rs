//! A disk whose faults a seed draws.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk as DiskTrait, Entry, EntryKind, Tail};

use super::random::Random;

/// A disk in memory, for nodes of a [`World`](super::World): it keeps what its node has synced, and of the rest what the seed says.
///
/// It is given to a node's state, and a copy is kept by the test: all copies are one disk, which outlives its nodes.
///
/// ```
/// use std::path::Path;
/// use oneloop::disk::Disk as _;
/// use oneloop::sim::Disk;
///
/// let disk = Disk::new(7);
/// disk.make_folder(Path::new("/log"))?;
/// let mut tail = disk.open(Path::new("/log/a"))?;
/// tail.append(b"kept")?;
/// tail.sync()?;
/// disk.sync_folder(Path::new("/log"))?;
/// tail.append(b", and this may be")?;
/// disk.cut_power();
/// assert!(tail.append(b"more").is_err(), "whoever had it open is dead");
/// let found = disk.read(Path::new("/log/a"), 0, 100)?;
/// assert!(found.starts_with(b"kept"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// A process that dies loses nothing: after a [`crash`](super::World::crash) its disk is as it was. When the power fails, by
/// [`cut_power`](Self::cut_power), what was not synced is there up to any byte or not at all, its last bytes as zeros perhaps; and of the
/// changes of names the first ones.
#[derive(Clone)]
pub struct Disk(Arc<Mutex<Platter>>);

/// What goes wrong with a disk. Shares are from 0 (never) to 1 (always).
#[derive(Clone, Debug, PartialEq)]
pub struct DiskFaults {
    /// The share of appends that fail, with any number of their bytes in the file.
    pub append: f64,
    /// The share of syncs that fail. Of what such a one should have written nothing is written, and it is not told again.
    pub sync: f64,
    /// The share of all other changes that fail, with nothing done.
    pub change: f64,
    /// Bytes that fit: all beyond is refused as by a full disk.
    pub bytes_max: u64,
}

impl DiskFaults {
    /// A disk without faults and without an end.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            append: 0.0,
            sync: 0.0,
            change: 0.0,
            bytes_max: u64::MAX,
        }
    }
}

impl Default for DiskFaults {
    fn default() -> Self {
        Self::none()
    }
}

impl Disk {
    /// An empty one: the folder `/`, and the one in which a path begins that has no `/` in front.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let root = ["/", ""].map(|path| (PathBuf::from(path), Named::Folder));
        let root = BTreeMap::from(root);
        Self(Arc::new(Mutex::new(Platter {
            random: Random::new(seed),
            faults: DiskFaults::none(),
            files: BTreeMap::new(),
            names: root.clone(),
            names_kept: root,
            changes: Vec::new(),
            next_file: 0,
            life: 0,
            operations: 0,
            power_fails_at: u64::MAX,
        })))
    }

    /// What goes wrong from now on.
    pub fn set_faults(&self, faults: DiskFaults) {
        self.platter().faults = faults;
    }

    /// The power fails, and comes back. Whatever is open is dead.
    pub fn cut_power(&self) {
        self.platter().cut_power();
    }

    /// The power fails in the middle of something: from the operation on that comes after so many, all fail, until
    /// [`cut_power`](Self::cut_power) is called, which they are to be followed by.
    pub fn fail_after(&self, operations: u64) {
        let mut platter = self.platter();
        platter.power_fails_at = platter.operations.saturating_add(operations);
    }

    /// How many operations there were: reading is none.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.platter().operations
    }

    /// Turns over one bit of a file, as the years do.
    ///
    /// # Errors
    /// There is no such file, or no such byte in it.
    pub fn flip(&self, path: &Path, byte: u64, bit: u8) -> io::Result<()> {
        let mut platter = self.platter();
        let file = platter.file_at(path)?;
        let file = platter.files.get_mut(&file).ok_or(ErrorKind::NotFound)?;
        let index = usize::try_from(byte).unwrap_or(usize::MAX);
        let byte = file.bytes.get_mut(index).ok_or(ErrorKind::InvalidInput)?;
        *byte ^= 1 << (bit % 8);
        Ok(())
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let platter = self.platter();
        f.debug_struct("Disk")
            .field("files", &platter.files.len())
            .field("operations", &platter.operations)
            .finish_non_exhaustive()
    }
}

/// What is on the disk, and what would be if the power failed.
struct Platter {
    random: Random,
    faults: DiskFaults,
    files: BTreeMap<u64, File>,
    names: BTreeMap<PathBuf, Named>,
    names_kept: BTreeMap<PathBuf, Named>,
    /// What happened to names that is not kept yet.
    changes: Vec<Change>,
    next_file: u64,
    /// Counts the power failures: what was opened in an earlier one is dead.
    life: u64,
    operations: u64,
    power_fails_at: u64,
}

#[derive(Clone, Debug)]
enum Named {
    File(u64),
    Folder,
    Link(PathBuf),
}

/// Names in a folder that have this meaning now, or none: all at once.
struct Change {
    folder: PathBuf,
    names: Vec<(PathBuf, Option<Named>)>,
}

#[derive(Debug, Default)]
struct File {
    bytes: Vec<u8>,
    /// So many of them survive.
    kept: usize,
    /// But these: a sync that failed has dropped them, and later ones knew nothing of them.
    dropped: Vec<Range<usize>>,
}

impl Platter {
    /// Begins what changes something.
    fn operate(&mut self) -> io::Result<()> {
        if self.operations >= self.power_fails_at {
            return Err(broken());
        }
        self.operations += 1;
        Ok(())
    }

    /// The same, of what is neither an append nor a sync of a file.
    fn change(&mut self) -> io::Result<()> {
        self.operate()?;
        match self.random.chance(self.faults.change) {
            true => Err(broken()),
            false => Ok(()),
        }
    }

    fn rename(&mut self, folder: &Path, names: Vec<(PathBuf, Option<Named>)>) {
        let folder = folder.to_owned();
        let change = Change { folder, names };
        change.apply(&mut self.names);
        self.changes.push(change);
    }

    fn file_at(&self, path: &Path) -> io::Result<u64> {
        let target;
        let named = match self.names.get(path) {
            Some(Named::Link(to)) => {
                target = path.with_file_name("").join(to);
                self.names.get(&target)
            }
            other => other,
        };
        match named {
            Some(Named::File(file)) => Ok(*file),
            Some(Named::Folder) => Err(ErrorKind::IsADirectory.into()),
            Some(Named::Link(_)) | None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn refuse_link(&self, path: &Path) -> io::Result<()> {
        match self.names.get(path) {
            Some(Named::Link(_)) => Err(crate::disk::is_a_link()),
            _ => Ok(()),
        }
    }

    fn check_folder(&self, folder: &Path) -> io::Result<()> {
        match self.names.get(folder) {
            Some(Named::Folder) => Ok(()),
            Some(_) => Err(ErrorKind::NotADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn free_bytes(&self) -> u64 {
        let used = self.files.values().map(|file| file.bytes.len() as u64);
        self.faults.bytes_max.saturating_sub(used.sum())
    }

    fn keep_names(&mut self, folder: &Path) {
        let kept = &mut self.names_kept;
        self.changes.retain(|change| {
            let here = change.folder == folder;
            if here {
                change.apply(kept);
            }
            !here
        });
        self.forget_files();
    }

    /// Files that have no name any more, and would have none if the power failed.
    fn forget_files(&mut self) {
        let pending = self.changes.iter().flat_map(|change| &change.names);
        let pending = pending.filter_map(|(_, named)| named.as_ref());
        let all = self.names.values().chain(self.names_kept.values());
        let named: BTreeSet<u64> = all
            .chain(pending)
            .filter_map(|named| match named {
                Named::File(file) => Some(*file),
                Named::Folder | Named::Link(_) => None,
            })
            .collect();
        self.files.retain(|file, _| named.contains(file));
    }

    fn cut_power(&mut self) {
        self.life += 1;
        self.power_fails_at = u64::MAX;
        let survive = self.random.between(0..=self.changes.len() as u64) as usize;
        for change in self.changes.drain(..).take(survive) {
            change.apply(&mut self.names_kept);
        }
        self.names = self.names_kept.clone();
        for file in self.files.values_mut() {
            file.cut_power(&mut self.random);
        }
        self.forget_files();
    }
}

impl Change {
    fn apply(&self, names: &mut BTreeMap<PathBuf, Named>) {
        for (path, named) in &self.names {
            match named {
                Some(named) => names.insert(path.clone(), named.clone()),
                None => names.remove(path),
            };
        }
    }
}

impl File {
    fn cut_power(&mut self, random: &mut Random) {
        let loose = self.bytes.len() - self.kept;
        let survive = self.kept + random.between(0..=loose as u64) as usize;
        self.bytes.truncate(survive);
        // The length of a file may be written before its bytes are.
        if random.chance(0.3) {
            let zeros = random.between(0..=(survive - self.kept) as u64) as usize;
            self.bytes[survive - zeros..].fill(0);
        }
        for dropped in self.dropped.drain(..) {
            let end = dropped.end.min(survive);
            self.bytes[dropped.start.min(end)..end].fill(0);
        }
        self.kept = survive;
    }

    fn truncate(&mut self, bytes: usize) {
        self.bytes.truncate(bytes);
        self.kept = self.bytes.len();
        // What comes behind the cut is written anew.
        for dropped in &mut self.dropped {
            dropped.end = dropped.end.min(bytes);
        }
        self.dropped.retain(|dropped| !dropped.is_empty());
    }
}

impl DiskTrait for Disk {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        let mut platter = self.platter();
        platter.refuse_link(path)?;
        let file = match platter.file_at(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                platter.change()?;
                let folder = path.parent().unwrap_or(path);
                platter.check_folder(folder)?;
                let file = platter.next_file;
                platter.next_file += 1;
                platter.files.insert(file, File::default());
                let named = Some(Named::File(file));
                platter.rename(folder, vec![(path.to_owned(), named)]);
                file
            }
            Err(error) => return Err(error),
        };
        let life = platter.life;
        drop(platter);
        let disk = self.clone();
        Ok(Box::new(OpenFile { disk, file, life }))
    }

    fn read(&self, path: &Path, from: u64, bytes_max: usize) -> io::Result<Vec<u8>> {
        let platter = self.platter();
        let file = platter.file_at(path)?;
        let bytes = platter.files.get(&file).map(|file| &*file.bytes);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = bytes.unwrap_or_default().get(from..).unwrap_or_default();
        Ok(rest.iter().copied().take(bytes_max).collect())
    }

    fn truncate(&self, path: &Path, bytes: u64) -> io::Result<()> {
        let mut platter = self.platter();
        platter.change()?;
        platter.refuse_link(path)?;
        let file = platter.file_at(path)?;
        if let Some(file) = platter.files.get_mut(&file) {
            file.truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        }
        Ok(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let platter = self.platter();
        platter.check_folder(folder)?;
        // What is below a folder comes right behind it.
        let names = platter.names.range(folder.to_owned()..);
        let below = names.take_while(|(path, _)| path.starts_with(folder));
        let entries = below.filter(|(path, _)| path.parent() == Some(folder));
        Ok(entries
            .map(|(path, named)| Entry {
                name: path.file_name().map(OsString::from).unwrap_or_default(),
                kind: match named {
                    Named::File(file) => {
                        let length = platter.files.get(file).map_or(0, |it| it.bytes.len());
                        EntryKind::File(length as u64)
                    }
                    Named::Folder => EntryKind::Folder,
                    Named::Link(_) => EntryKind::Other,
                },
            })
            .collect())
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let mut platter = self.platter();
        platter.change()?;
        for path in folder.ancestors() {
            match platter.names.get(path) {
                Some(Named::Folder) => break,
                Some(_) => return Err(ErrorKind::NotADirectory.into()),
                None => {
                    platter.names.insert(path.to_owned(), Named::Folder);
                    platter.names_kept.insert(path.to_owned(), Named::Folder);
                }
            }
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        crate::disk::within_one_folder(from, to)?;
        let mut platter = self.platter();
        platter.change()?;
        let named = match platter.names.get(from) {
            Some(Named::Folder) => return Err(ErrorKind::IsADirectory.into()),
            Some(named) => named.clone(),
            None => return Err(ErrorKind::NotFound.into()),
        };
        if let Some(Named::Folder) = platter.names.get(to) {
            return Err(ErrorKind::IsADirectory.into());
        }
        let names = vec![(from.to_owned(), None), (to.to_owned(), Some(named))];
        platter.rename(from.parent().unwrap_or(from), names);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut platter = self.platter();
        platter.change()?;
        match platter.names.get(path) {
            Some(Named::Folder) => Err(ErrorKind::IsADirectory.into()),
            Some(_) => {
                let names = vec![(path.to_owned(), None)];
                platter.rename(path.parent().unwrap_or(path), names);
                Ok(())
            }
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn link(&self, target: &Path, at: &Path) -> io::Result<()> {
        let mut platter = self.platter();
        platter.change()?;
        let folder = at.parent().unwrap_or(at);
        platter.check_folder(folder)?;
        if let Some(Named::Folder) = platter.names.get(at) {
            return Err(ErrorKind::IsADirectory.into());
        }
        let named = Some(Named::Link(target.to_owned()));
        platter.rename(folder, vec![(at.to_owned(), named)]);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut platter = self.platter();
        platter.change()?;
        platter.check_folder(folder)?;
        platter.keep_names(folder);
        Ok(())
    }

    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        let platter = self.platter();
        platter.check_folder(folder)?;
        Ok(platter.free_bytes())
    }
}

struct OpenFile {
    disk: Disk,
    file: u64,
    life: u64,
}

impl Tail for OpenFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut platter = self.disk.platter();
        if platter.life != self.life {
            return Err(broken());
        }
        platter.operate()?;
        let free = platter.free_bytes();
        let fails = platter.faults.append;
        let mut count = bytes.len();
        let mut outcome = Ok(());
        if bytes.len() as u64 > free {
            count = free as usize;
            outcome = Err(ErrorKind::StorageFull.into());
        } else if platter.random.chance(fails) {
            count = platter.random.between(0..=bytes.len() as u64) as usize;
            outcome = Err(broken());
        }
        if let Some(file) = platter.files.get_mut(&self.file) {
            file.bytes.extend_from_slice(&bytes[..count]);
        }
        outcome
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut platter = self.disk.platter();
        if platter.life != self.life {
            return Err(broken());
        }
        platter.operate()?;
        let fails = platter.faults.sync;
        let failed = platter.random.chance(fails);
        let Some(file) = platter.files.get_mut(&self.file) else {
            return Ok(());
        };
        let length = file.bytes.len();
        if failed {
            file.dropped.push(file.kept..length);
        }
        file.kept = length;
        if failed { Err(broken()) } else { Ok(()) }
    }

    fn bytes(&self) -> u64 {
        let platter = self.disk.platter();
        let file = platter.files.get(&self.file);
        file.map_or(0, |file| file.bytes.len() as u64)
    }
}

/// What a kernel says of a broken disk: EIO.
fn broken() -> io::Error {
    io::Error::from_raw_os_error(EIO)
}

/// The number is the same on all systems.
const EIO: i32 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> PathBuf {
        Path::new("/log").join(name)
    }

    /// A file of which 3 bytes are synced, and 5 are not.
    fn torn(seed: u64) -> Vec<u8> {
        let disk = Disk::new(seed);
        disk.make_folder(Path::new("/log")).expect("no faults");
        let mut tail = disk.open(&path("a")).expect("no faults");
        disk.sync_folder(Path::new("/log")).expect("no faults");
        tail.append(b"abc").expect("no faults");
        tail.sync().expect("no faults");
        tail.append(b"defgh").expect("no faults");
        disk.cut_power();
        disk.read(&path("a"), 0, 100).expect("its name is kept")
    }

    #[test]
    fn what_is_synced_survives_and_the_rest_is_torn_at_every_byte() {
        let mut lengths = [0; 9];
        let mut zeros = 0;
        for seed in 0..1000 {
            let found = torn(seed);
            assert!(found.starts_with(b"abc"));
            let rest = found[3..].iter().zip(b"defgh");
            let mut rest = rest.skip_while(|(found, said)| found == said);
            let is_zeros = rest.by_ref().all(|(found, _)| *found == 0);
            assert!(is_zeros, "{found:?}");
            zeros += usize::from(found.ends_with(&[0]));
            lengths[found.len()] += 1;
        }
        assert_eq!(lengths[..3], [0; 3]);
        assert!(lengths[3..].iter().all(|&count| count > 50), "{lengths:?}");
        assert!(zeros > 50, "{zeros}");
    }

    #[test]
    fn a_failed_sync_drops_what_a_later_one_does_not_tell() {
        let disk = Disk::new(1);
        let mut tail = disk.open(Path::new("a")).expect("no faults");
        disk.sync_folder(Path::new("")).expect("no faults");
        tail.append(b"lost").expect("no faults");
        let sync = 1.0;
        disk.set_faults(DiskFaults {
            sync,
            ..DiskFaults::none()
        });
        assert_eq!(tail.sync().unwrap_err().raw_os_error(), Some(EIO));
        disk.set_faults(DiskFaults::none());
        tail.append(b"kept").expect("no faults");
        tail.sync().expect("no faults");
        let read = || disk.read(Path::new("a"), 0, 100).expect("it is there");
        assert_eq!(read(), b"lostkept", "as long as the power is on");
        disk.cut_power();
        assert_eq!(read(), b"\0\0\0\0kept");
    }

    #[test]
    fn what_is_written_behind_a_cut_was_not_dropped_before_it() {
        let disk = Disk::new(1);
        let mut tail = disk.open(Path::new("a")).expect("no faults");
        disk.sync_folder(Path::new("")).expect("no faults");
        tail.append(b"dropped").expect("no faults");
        let sync = 1.0;
        disk.set_faults(DiskFaults {
            sync,
            ..DiskFaults::none()
        });
        tail.sync().expect_err("it fails");
        disk.set_faults(DiskFaults::none());
        disk.truncate(Path::new("a"), 2).expect("no faults");
        tail.append(b"kept").expect("no faults");
        tail.sync().expect("no faults");
        disk.cut_power();
        let found = disk.read(Path::new("a"), 0, 100).expect("it is there");
        assert_eq!(found, b"\0\0kept");
    }

    #[test]
    fn of_names_that_are_not_synced_the_first_survive() {
        let mut kept = [0; 4];
        for seed in 0..400 {
            let disk = Disk::new(seed);
            for name in ["a", "b", "c"] {
                disk.open(Path::new(name)).expect("no faults");
            }
            disk.cut_power();
            let found = disk.list(Path::new("")).expect("it is there");
            let names: Vec<_> = found.into_iter().map(|it| it.name).collect();
            assert_eq!(names, ["a", "b", "c"][..names.len()]);
            kept[names.len()] += 1;
        }
        assert!(kept.iter().all(|&count| count > 50), "{kept:?}");
    }

    #[test]
    fn a_rename_is_done_or_not() {
        for seed in 0..100 {
            let disk = Disk::new(seed);
            let (old, new) = (Path::new("old"), Path::new("new"));
            let mut tail = disk.open(old).expect("no faults");
            tail.append(b"x").expect("no faults");
            tail.sync().expect("no faults");
            disk.sync_folder(Path::new("")).expect("no faults");
            disk.rename(old, new).expect("no faults");
            disk.cut_power();
            let found = [old, new].map(|path| disk.read(path, 0, 9).is_ok());
            assert!(found[0] != found[1], "{found:?}");
        }
    }

    #[test]
    fn a_full_disk_takes_what_fits() {
        let disk = Disk::new(1);
        let mut tail = disk.open(Path::new("a")).expect("no faults");
        let fill = |tail: &mut dyn Tail, bytes_max: u64| {
            disk.set_faults(DiskFaults {
                bytes_max,
                ..DiskFaults::none()
            });
            let outcome = tail.append(b"abcd").map_err(|error| error.kind());
            (outcome, tail.bytes())
        };
        assert_eq!(fill(&mut *tail, 4), (Ok(()), 4));
        assert_eq!(fill(&mut *tail, 9), (Ok(()), 8));
        assert_eq!(fill(&mut *tail, 11), (Err(ErrorKind::StorageFull), 11));
        assert_eq!(disk.free_bytes(Path::new("")).expect("it is there"), 0);
    }

    #[test]
    fn power_fails_after_so_many_operations() {
        let disk = Disk::new(1);
        let mut tail = disk.open(Path::new("a")).expect("no faults");
        disk.fail_after(2);
        tail.append(b"a").expect("the first");
        tail.sync().expect("the second");
        assert!(tail.append(b"b").is_err());
        assert!(disk.sync_folder(Path::new("")).is_err());
        disk.cut_power();
        assert!(tail.append(b"b").is_err(), "it is dead");
        disk.open(Path::new("b")).expect("the power is back");
    }
}
