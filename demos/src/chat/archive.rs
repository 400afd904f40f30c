//! The history file.
//!
//! ```text
//! oneloop chat history 1 LF
//! line LF                        see Line::write_to
//! line LF
//! ...                            only ever appended to
//! ```
//! A process killed in the middle of an append leaves a part of it. So [`Archive::open`] looks for the end of the last whole line and
//! cuts off what is behind; a failed append is cut off at once, or at the latest by the next one. Nobody reads beyond the
//! length that is known to be good.
//!
//! Everything here blocks, and is called on a thread of the worker pool, or before there is a loop.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind, Result, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::chat::line::Line;
use crate::chat::words::Name;

/// The history file, locked for this process.
#[derive(Debug)]
pub struct Archive {
    file: File,
}

/// A file as it was found.
#[derive(Debug)]
pub struct Found {
    /// The file.
    pub archive: Archive,
    /// Its length up to the end of the last whole line.
    pub bytes: u64,
    /// The number of that line; 0 if there is none.
    pub last_number: u64,
    /// Bytes of a torn line that were cut off.
    pub cut_bytes: u64,
}

/// How the file begins, so that nothing else is taken for one.
const TITLE: &[u8] = b"oneloop chat history 1\n";
/// Bytes read at once on the way back.
const CHUNK_BYTES: u64 = 64 << 10;
/// How far back the last lines of a room are looked for. A room whose last words are behind so many of others' is silent.
const SEARCH_BYTES_MAX: u64 = 16 << 20;
/// How much may be cut off. An append is never so long: a file that ends in more of what is no line was damaged by something else, and
/// is left for somebody to look at.
const CUT_BYTES_MAX: u64 = 4 << 20;

impl Archive {
    /// Opens the file, or makes it, and cuts off a torn end.
    ///
    /// # Errors
    /// As the system gives them; [`ErrorKind::InvalidData`] if it is something else than a chat's history,
    /// [`ErrorKind::ResourceBusy`] if another process has it.
    pub fn open(path: &Path) -> Result<Found> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        if !file.metadata()?.is_file() {
            return Err(Error::new(ErrorKind::InvalidInput, "it is no regular file"));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(
                    ErrorKind::ResourceBusy,
                    "another server is using it",
                ));
            }
            // A file system without locks.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        Self { file }.recover()
    }

    fn recover(self) -> Result<Found> {
        let bytes_found = self.file.metadata()?.len();
        let mut title = vec![0; bytes_found.min(TITLE.len() as u64) as usize];
        self.file.read_exact_at(&mut title, 0)?;
        if !TITLE.starts_with(&title) {
            return Err(Error::new(
                ErrorKind::InvalidData,
                "it is not the history of a chat",
            ));
        }
        if title.len() < TITLE.len() {
            // New, or torn at birth.
            self.file.set_len(0)?;
            self.write(TITLE)?;
            return Ok(Found {
                archive: self,
                bytes: TITLE.len() as u64,
                last_number: 0,
                cut_bytes: title.len() as u64,
            });
        }
        let (bytes, last_number) = self.last_whole_line(bytes_found)?;
        let cut_bytes = bytes_found - bytes;
        if cut_bytes > CUT_BYTES_MAX {
            return Err(Error::new(
                ErrorKind::InvalidData,
                format!("its last {cut_bytes} bytes are damaged"),
            ));
        }
        if cut_bytes > 0 {
            self.file.set_len(bytes)?;
            self.file.sync_data()?;
        }
        Ok(Found {
            archive: self,
            bytes,
            last_number,
            cut_bytes,
        })
    }

    /// Where the last whole line ends, and its number.
    fn last_whole_line(&self, bytes: u64) -> Result<(u64, u64)> {
        let mut found = (TITLE.len() as u64, 0);
        self.read_back(bytes, CUT_BYTES_MAX + CHUNK_BYTES, |end, line| {
            let Some(line) = Line::read_from(line) else {
                return true;
            };
            found = (end, line.number);
            false
        })?;
        Ok(found)
    }

    /// Appends lines behind the first `good_bytes` bytes, and waits until they are on the disk. If that fails, nothing of them is
    /// left there.
    ///
    /// # Errors
    /// As the system gives them.
    pub fn append(&self, lines: &[u8], good_bytes: u64) -> Result<()> {
        // What an append left that failed, and could not be cut off then.
        if self.file.metadata()?.len() != good_bytes {
            self.file.set_len(good_bytes)?;
        }
        let outcome = self.write(lines);
        if outcome.is_err()
            && let Err(error) = self.file.set_len(good_bytes)
        {
            log::warn!("a part of a line is left in the history for now: {error}");
        }
        outcome
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        (&self.file).write_all(bytes)?;
        self.file.sync_data()
    }

    /// The last `count` lines of `room`, the oldest first, within the first `good_bytes` bytes. Damaged lines are passed over.
    ///
    /// # Errors
    /// As the system gives them.
    pub fn last_lines(&self, room: &Name, good_bytes: u64, count: usize) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        self.read_back(good_bytes, SEARCH_BYTES_MAX, |_, line| {
            lines.extend(Line::read_from(line).filter(|line| line.room == *room));
            lines.len() < count
        })?;
        lines.reverse();
        Ok(lines)
    }

    /// Shows the lines before `end` to `look`, the last first, each with the place where it ends, until it has seen enough or `most`
    /// bytes are read. What has no line feed at its end is not shown.
    fn read_back(
        &self,
        end: u64,
        most: u64,
        mut look: impl FnMut(u64, &[u8]) -> bool,
    ) -> Result<()> {
        let (first, mut begin) = (TITLE.len() as u64, end);
        // The bytes from `begin` on that are not shown yet: the end of a line that began before.
        let mut held: Vec<u8> = Vec::new();
        while begin > first && end - begin < most {
            let chunk_begin = begin.saturating_sub(CHUNK_BYTES).max(first);
            let mut chunk = vec![0; (begin - chunk_begin) as usize];
            self.file.read_exact_at(&mut chunk, chunk_begin)?;
            chunk.append(&mut held);
            begin = chunk_begin;
            let mut held_bytes = chunk.len();
            // The last line feed within the chunk ends the last line; what is behind it is torn.
            while let Some(line_end) = find_back(&chunk[..held_bytes]) {
                let line_begin = find_back(&chunk[..line_end]).map(|feed| feed + 1);
                let starts_file = begin == first;
                let Some(line_begin) = line_begin.or_else(|| starts_file.then_some(0)) else {
                    break;
                };
                if !look(begin + line_end as u64 + 1, &chunk[line_begin..line_end]) {
                    return Ok(());
                }
                held_bytes = line_begin;
            }
            chunk.truncate(held_bytes);
            held = chunk;
        }
        Ok(())
    }
}

/// Where the last line feed is.
fn find_back(bytes: &[u8]) -> Option<usize> {
    bytes.iter().rposition(|&byte| byte == b'\n')
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A file of its own, gone at the end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new() -> Self {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let number = COUNT.fetch_add(1, Ordering::SeqCst);
            let name = format!("oneloop-archive-{}-{number}", std::process::id());
            Self(std::env::temp_dir().join(name))
        }

        fn with(bytes: &[u8]) -> Self {
            let scratch = Self::new();
            std::fs::write(&scratch.0, bytes).expect("a scratch file");
            scratch
        }

        fn open(&self) -> Result<Found> {
            Archive::open(&self.0)
        }

        fn bytes(&self) -> Vec<u8> {
            std::fs::read(&self.0).expect("the scratch file")
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            _ = std::fs::remove_file(&self.0);
        }
    }

    fn line(number: u64, room: &str) -> Line {
        Line {
            number,
            room: room.parse().expect("a name"),
            name: "ann".parse().expect("a name"),
            text: format!("line {number}").parse().expect("a text"),
        }
    }

    fn file_of(lines: &[Line]) -> Vec<u8> {
        let mut bytes = TITLE.to_vec();
        for line in lines {
            line.write_to(&mut bytes);
        }
        bytes
    }

    #[test]
    fn a_file_torn_at_any_byte_is_cut_to_its_last_whole_line() {
        let lines = [line(1, "lobby"), line(2, "den"), line(3, "lobby")];
        let whole = file_of(&lines);
        for cut in 0..=whole.len() {
            let scratch = Scratch::with(&whole[..cut]);
            let found = scratch.open().expect("a torn file is ours");
            let kept = lines
                .iter()
                .rev()
                .find(|line| file_of(&lines[..line.number as usize]).len() <= cut)
                .map_or(0, |line| line.number);
            let good = file_of(&lines[..kept as usize]);
            assert_eq!(found.last_number, kept, "cut at {cut}");
            assert_eq!(scratch.bytes(), good, "cut at {cut}");
            assert_eq!(found.bytes, good.len() as u64);
            let torn = if cut < TITLE.len() {
                cut
            } else {
                cut - good.len()
            };
            assert_eq!(found.cut_bytes, torn as u64, "cut at {cut}");
        }
    }

    #[test]
    fn a_last_line_with_a_wrong_sum_is_cut_too() {
        let mut bytes = file_of(&[line(1, "lobby"), line(2, "lobby")]);
        let good = bytes.len();
        line(3, "lobby").write_to(&mut bytes);
        bytes[good + 12] ^= 1;
        bytes.extend_from_slice(&[0; 100]);
        let scratch = Scratch::with(&bytes);
        let found = scratch.open().expect("it is ours");
        assert_eq!((found.bytes, found.last_number), (good as u64, 2));
        assert_eq!(scratch.bytes().len(), good);
    }

    #[test]
    fn what_is_no_history_is_left_alone() {
        for bytes in [&b"my diary\n"[..], b"oneloop chat history 2\n"] {
            let scratch = Scratch::with(bytes);
            let error = scratch.open().expect_err("not ours");
            assert_eq!(error.kind(), ErrorKind::InvalidData);
            assert_eq!(scratch.bytes(), bytes);
        }
        let mut damaged = file_of(&[line(1, "lobby")]);
        damaged.resize(CUT_BYTES_MAX as usize * 2, b'?');
        let scratch = Scratch::with(&damaged);
        assert!(scratch.open().is_err());
        assert_eq!(scratch.bytes().len(), damaged.len());
        let error = Archive::open(Path::new("/dev/full")).expect_err("no file");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn one_server_at_a_time() {
        let scratch = Scratch::new();
        let first = scratch.open().expect("a new file");
        assert_eq!(
            scratch.open().expect_err("locked").kind(),
            ErrorKind::ResourceBusy
        );
        drop(first);
        scratch.open().expect("free again");
    }

    #[test]
    fn the_last_lines_of_one_room_among_many() {
        // Several chunks long, so that lines lie across their borders.
        let lines: Vec<Line> = (1..=9_000)
            .map(|number| line(number, if number % 90 == 0 { "den" } else { "lobby" }))
            .collect();
        let bytes = file_of(&lines);
        assert!(bytes.len() as u64 > 4 * CHUNK_BYTES);
        let scratch = Scratch::with(&bytes);
        let found = scratch.open().expect("it is ours");
        assert_eq!((found.cut_bytes, found.last_number), (0, 9_000));
        let numbers = |room: &str, count| -> Vec<u64> {
            let room = room.parse().expect("a name");
            let lines = found.archive.last_lines(&room, found.bytes, count);
            lines
                .expect("readable")
                .iter()
                .map(|line| line.number)
                .collect()
        };
        let den: Vec<u64> = (1..=100).map(|count| count * 90).collect();
        assert_eq!(numbers("den", 50), den[50..]);
        assert_eq!(numbers("den", 500), den, "all there are");
        assert_eq!(numbers("lobby", 2), [8_998, 8_999]);
        assert!(numbers("attic", 50).is_empty());
    }

    #[test]
    fn an_append_goes_behind_what_is_good() {
        let scratch = Scratch::new();
        let found = scratch.open().expect("a new file");
        let mut bytes = Vec::new();
        line(1, "lobby").write_to(&mut bytes);
        found.archive.append(&bytes, found.bytes).expect("written");
        // What a failed append left.
        (&found.archive.file).write_all(b"torn").expect("written");
        let good = found.bytes + bytes.len() as u64;
        bytes.clear();
        line(2, "lobby").write_to(&mut bytes);
        found.archive.append(&bytes, good).expect("written");
        assert_eq!(
            scratch.bytes(),
            file_of(&[line(1, "lobby"), line(2, "lobby")])
        );
    }
}
