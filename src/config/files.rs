//! Where the file of a cluster and its secrets come from: this machine, or memory. The only file of this room that touches the disk and
//! asks the environment.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Gives files by their paths and variables by their names.
pub trait Surroundings {
    /// The bytes of the file, or the first `most + 1` of them if it is longer; `None` if there is no such file.
    ///
    /// # Errors
    /// Whatever keeps an existing file from being read.
    fn read(&self, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>>;

    /// The bytes of an environment variable, if it is set.
    fn variable(&self, name: &str) -> Option<Vec<u8>>;
}

/// This machine's disk, and this process's environment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine;

impl Surroundings for Machine {
    fn read(&self, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
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

    fn variable(&self, name: &str) -> Option<Vec<u8>> {
        env::var_os(name).map(|value| value.into_encoded_bytes())
    }
}

/// Files and variables in memory, for tests and for nodes in the simulator.
///
/// ```
/// use oneloop::config::Memory;
///
/// let memory = Memory::default().variable("CLUSTER_SECRET", "0123456789abcdef").file("cluster.toml", "[servers]");
/// ```
#[derive(Clone, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
    variables: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// With a file.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }

    /// With a variable.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }
}

impl Surroundings for Memory {
    fn read(&self, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(self.files.get(path).map(|bytes| {
            let length = bytes.len().min(most.saturating_add(1));
            bytes.get(..length).unwrap_or_default().to_vec()
        }))
    }

    fn variable(&self, name: &str) -> Option<Vec<u8>> {
        self.variables.get(name).cloned()
    }
}

/// Names only: what they hold may be secret.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("files", &self.files.keys())
            .field("variables", &self.variables.keys())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_one_byte_beyond_the_limit_is_read() {
        let memory = Memory::default().file("a", "1234").variable("B", "hidden");
        let length = |most| memory.read(Path::new("a"), most).unwrap().unwrap().len();
        assert_eq!([length(2), length(3), length(4), length(5)], [3, 4, 4, 4]);
        assert!(memory.read(Path::new("b"), 9).unwrap().is_none());
        assert!(!format!("{memory:?}").contains("hidden"));
        let here = Path::new(file!());
        assert_eq!(Machine.read(here, 9).unwrap().unwrap().len(), 10);
        assert!(
            Machine
                .read(Path::new("no/such/file"), 9)
                .unwrap()
                .is_none()
        );
        assert!(Machine.variable("PATH").is_some());
        assert!(Machine.variable("ONELOOP_NO_SUCH_VARIABLE").is_none());
    }
}
