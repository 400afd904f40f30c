//! This machine's disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::{Disk, Entry, EntryKind, Tail};

/// This machine's disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Machine;

impl Disk for Machine {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .custom_flags(NO_LINK)
            .open(path)
            .map_err(told_of_link)?;
        let bytes = file.metadata()?.len();
        Ok(Box::new(OpenFile { file, bytes }))
    }

    fn read(&self, path: &Path, from: u64, bytes_max: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        let most = u64::try_from(bytes_max).unwrap_or(u64::MAX);
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn truncate(&self, path: &Path, bytes: u64) -> io::Result<()> {
        let file = OpenOptions::new()
            .write(true)
            .custom_flags(NO_LINK)
            .open(path)
            .map_err(told_of_link)?;
        if file.metadata()?.len() > bytes {
            file.set_len(bytes)?;
        }
        file.sync_all()
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = match entry.metadata() {
                Ok(known) if known.is_file() => EntryKind::File(known.len()),
                Ok(known) if known.is_dir() => EntryKind::Folder,
                Ok(_) => EntryKind::Other,
                // It went meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let name = entry.file_name();
            entries.push(Entry { name, kind });
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        make_folder(folder, |above, is_made| match is_made {
            true => self.sync_folder(above),
            false => sync_above(above),
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        within_one_folder(from, to)?;
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn link(&self, target: &Path, at: &Path) -> io::Result<()> {
        // A link cannot be changed, but what is renamed takes another's place at once.
        let mut name = at.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new: PathBuf = at.with_file_name(name);
        match fs::remove_file(&new) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::os::unix::fs::symlink(target, &new)?;
        fs::rename(&new, at)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        let told = rustix::fs::statvfs(folder)?;
        Ok(told.f_bavail.saturating_mul(told.f_frsize))
    }
}

struct OpenFile {
    file: File,
    bytes: u64,
}

impl Tail for OpenFile {
    fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.file.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => {
                    self.bytes = self.bytes.saturating_add(count as u64);
                    bytes = bytes.get(count..).unwrap_or_default();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Makes a folder and those that it is in, as far as they are missing: each is kept before the next is made. `sync` is told a folder that
/// has a name to be kept, and whether that was made just now.
fn make_folder(
    folder: &Path,
    mut sync: impl FnMut(&Path, bool) -> io::Result<()>,
) -> io::Result<()> {
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|it| !it.as_os_str().is_empty() && !it.exists())
        .collect();
    // Whoever made the last that is there may have died before its name was kept, or may have failed to keep it.
    sync(
        parent(missing.last().map_or(folder, |top| parent(top))),
        false,
    )?;
    for new in missing.iter().rev() {
        fs::create_dir_all(new)?;
        sync(parent(new), true)?;
    }
    fs::create_dir_all(folder)
}

/// Has the names in a folder survive that we have not made. It may be one that is nobody's to open, or where nothing can be synced: then
/// they are somebody else's to keep.
fn sync_above(folder: &Path) -> io::Result<()> {
    let kept = File::open(folder).and_then(|folder| folder.sync_all());
    kept.or_else(|error| match error.kind() {
        ErrorKind::PermissionDenied
        | ErrorKind::InvalidInput
        | ErrorKind::ReadOnlyFilesystem
        | ErrorKind::Unsupported => Ok(()),
        _ => Err(error),
    })
}

/// The folder that a path is in.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => path,
    }
}

/// What is said of a link where a file is to be written.
pub(crate) fn is_a_link() -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, "a symbolic link is not written to")
}

fn told_of_link(error: io::Error) -> io::Error {
    match error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
        true => is_a_link(),
        false => error,
    }
}

/// A link leads anywhere: whoever may add a file to a folder is not to choose what else is written.
const NO_LINK: i32 = OFlags::NOFOLLOW.bits().cast_signed();

/// What holds on every disk, so that nobody finds out on another one.
pub(crate) fn within_one_folder(from: &Path, to: &Path) -> io::Result<()> {
    match from.parent() == to.parent() {
        true => Ok(()),
        false => Err(io::Error::new(
            ErrorKind::InvalidInput,
            "a file keeps its folder",
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_folders_name_is_kept_though_the_first_who_made_it_failed_to() {
        let root = std::env::temp_dir().join(format!("oneloop-folders-{}", std::process::id()));
        for fails_at in 0..5 {
            let mut kept = BTreeSet::new();
            let mut syncs = 0;
            let mut sync = |folder: &Path, _: bool| {
                syncs += 1;
                if syncs > fails_at {
                    return Err(io::Error::other("as it was told to"));
                }
                // All names that are in there are kept.
                let names = fs::read_dir(folder)?.map(|it| Ok(it?.path()));
                kept.extend(names.collect::<io::Result<Vec<_>>>()?);
                Ok(())
            };
            let folder = root.join("a/b");
            let first = make_folder(&folder, &mut sync);
            assert_eq!(
                first.is_err(),
                fails_at < 4,
                "one more than there are folders"
            );
            let mut sync = |folder: &Path, _: bool| {
                let names = fs::read_dir(folder)?.map(|it| Ok(it?.path()));
                kept.extend(names.collect::<io::Result<Vec<_>>>()?);
                Ok(())
            };
            make_folder(&folder, &mut sync).expect("no faults");
            let due = [&folder, &root.join("a"), &root].map(PathBuf::from);
            let is_kept = due.iter().all(|it| kept.contains(it));
            fs::remove_dir_all(&root).expect("it is there");
            assert!(is_kept, "{fails_at}: {kept:?}");
        }
    }
}
