//! Where the texts come from, the disk or memory, and where what is generated goes. The only file of this room that touches the disk
//! and asks the environment.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

/// Gives the texts of files by their paths.
pub trait Files {
    /// The bytes of the file, or the first `most + 1` of them if it is longer; `None` if there is no such file.
    ///
    /// # Errors
    /// Whatever keeps an existing file from being read.
    fn read(&mut self, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>>;

    /// What two paths of one file have in common, so that it is loaded once.
    fn identity(&mut self, path: &Path) -> PathBuf {
        without_detours(path)
    }
}

/// The files of the disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&mut self, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(path) {
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(None);
            }
            other => other?,
        };
        let mut bytes = Vec::new();
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn identity(&mut self, path: &Path) -> PathBuf {
        fs::canonicalize(path).unwrap_or_else(|_| without_detours(path))
    }
}

/// Files in memory, by their paths; `a/../b.thrift` and `./b.thrift` are `b.thrift`.
///
/// ```
/// use oneloop::idl::Memory;
///
/// let files = Memory::from([("shared.thrift", "enum Mood { GOOD, BAD }")]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Memory(BTreeMap<PathBuf, Vec<u8>>);

impl Memory {
    /// Adds a file; one with the same path is replaced.
    pub fn insert(&mut self, path: impl AsRef<Path>, text: impl Into<Vec<u8>>) {
        self.0.insert(without_detours(path.as_ref()), text.into());
    }
}

impl<P: AsRef<Path>, T: Into<Vec<u8>>, const COUNT: usize> From<[(P, T); COUNT]> for Memory {
    fn from(files: [(P, T); COUNT]) -> Self {
        let mut memory = Self::default();
        for (path, text) in files {
            memory.insert(path, text);
        }
        memory
    }
}

impl Files for Memory {
    fn read(&mut self, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
        let found = self.0.get(&without_detours(path));
        Ok(found.map(|text| {
            let length = text.len().min(most.saturating_add(1));
            text.get(..length).unwrap_or_default().to_vec()
        }))
    }
}

/// The folder in which Cargo wants a build script's output.
pub(super) fn out_dir() -> Option<PathBuf> {
    env::var_os("OUT_DIR").map(PathBuf::from)
}

/// Writes a file, unless it is as it should be: then its time stays what it was, and nothing is built anew for it.
pub(super) fn put(path: &Path, text: &str) -> io::Result<()> {
    if is_same(path, text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Whether the file is there and has this text.
pub(super) fn is_same(path: &Path, text: &str) -> bool {
    fs::read(path).is_ok_and(|found| found == text.as_bytes())
}

/// The path without `.`, and without `..` where something is before it.
fn without_detours(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(clean.components().next_back(), Some(Component::Normal(_))) =>
            {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detours_are_taken_out() {
        for (path, clean) in [
            ("./a/./b", "a/b"),
            ("a/../b", "b"),
            ("../a", "../a"),
            ("../../a/../b", "../../b"),
            ("/a/../b", "/b"),
        ] {
            assert_eq!(without_detours(Path::new(path)), PathBuf::from(clean));
        }
    }

    #[test]
    fn no_more_than_one_byte_beyond_the_limit_is_read() {
        let mut memory = Memory::from([("a", "1234")]);
        let mut length = |most| memory.read(Path::new("./a"), most).unwrap().unwrap().len();
        assert_eq!([length(2), length(3), length(4), length(5)], [3, 4, 4, 4]);
        assert!(memory.read(Path::new("b"), 9).unwrap().is_none());
        let here = Path::new(file!());
        assert_eq!(Disk.read(here, 9).unwrap().unwrap().len(), 10);
        assert!(Disk.read(Path::new("no/such/file"), 9).unwrap().is_none());
    }
}
