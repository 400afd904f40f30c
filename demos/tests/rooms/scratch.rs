//! Files that are gone at the end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use oneloop_demos::chat::line::Line;

/// A file of its own, gone at the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("rooms-{}-{number}.history", std::process::id());
        // Where there is one, in memory: thousands of parties wait for the disk otherwise.
        let memory = Path::new("/dev/shm");
        let directory = if memory.is_dir() {
            memory
        } else {
            Path::new(env!("CARGO_TARGET_TMPDIR"))
        };
        Self(directory.join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Its lines, all of them whole.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Line> {
        let bytes = std::fs::read(&self.0).expect("the file");
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n');
        assert_eq!(lines.next(), Some(&b"oneloop chat history 1\n"[..]));
        lines
            .map(|line| line.strip_suffix(b"\n").and_then(Line::read_from))
            .map(|line| line.expect("a whole line"))
            .collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.0);
    }
}
