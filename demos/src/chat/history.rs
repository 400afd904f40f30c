//! What was said: numbered, kept until it is written, and found again.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use crate::chat::archive::Archive;
use crate::chat::line::Line;
use crate::chat::words::{Name, Text};

/// The lines of all rooms: gives them their numbers, and keeps them until they are in the file, if there is one.
///
/// ```text
///   add ──► unwritten ── next_batch ──► Batch::write, on a worker ──► batch_done ──► (in the file)
///              ▲                                                          │
///              └───────────────── failed: they stay ──────────────────────┘
/// ```
/// One batch is under way at a time; what comes meanwhile is the next one. So the file has the lines in the order of their numbers.
#[derive(Debug, Default)]
pub struct History {
    archive: Option<Arc<Archive>>,
    /// The length of the file that is known to be good.
    archived_bytes: u64,
    /// The number of the last line.
    last_number: u64,
    /// In the order of their numbers; the first `writing` of them are under way.
    unwritten: VecDeque<Rc<Line>>,
    /// Bytes of text and names in `unwritten`.
    unwritten_bytes: usize,
    writing: usize,
    /// The last batch failed. The next is begun by [`resume`](Self::resume) alone.
    failing: bool,
    /// Lines in the file that were written by us.
    written: u64,
    /// Lines that were given up, because too many waited.
    lost: u64,
}

/// Lines on their way into the file.
#[derive(Debug)]
pub struct Batch {
    archive: Arc<Archive>,
    bytes: Vec<u8>,
    good_bytes: u64,
}

/// What a finished batch means.
#[derive(Debug)]
pub enum Progress {
    /// All is well.
    Written,
    /// All is well again.
    Recovered,
    /// The lines wait for another attempt; before this all was well.
    Failed(io::Error),
    /// The lines wait for yet another attempt.
    FailedAgain,
}

/// A question to the file.
#[derive(Debug)]
pub struct Query {
    archive: Option<Arc<Archive>>,
    /// The room asked about.
    pub room: Name,
    good_bytes: u64,
    /// What was not in the file when the question was put, of this room. The answer does not have it.
    pub unwritten: Vec<Rc<Line>>,
}

/// How many lines of a room are remembered.
pub const LINES_MAX: usize = 50;
/// Bytes of one batch, about.
const BATCH_BYTES_MAX: usize = 1 << 20;
/// Bytes that may wait to be written. Beyond it the oldest lines are given up.
const UNWRITTEN_BYTES_MAX: usize = 16 << 20;

impl History {
    /// One without a file: rooms remember as long as somebody is in them.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// One in a file. Blocks: call it before there is a loop.
    ///
    /// # Errors
    /// As [`Archive::open`], with the file's name.
    pub fn open(path: &Path) -> io::Result<Self> {
        let found = Archive::open(path).map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("cannot use the history {}: {error}", path.display()),
            )
        })?;
        if found.cut_bytes > 0 {
            log::warn!(
                "{}: a torn line was cut off its end, {} bytes",
                path.display(),
                found.cut_bytes
            );
        }
        log::info!(
            "{}: {} bytes, last line {}",
            path.display(),
            found.bytes,
            found.last_number
        );
        Ok(Self {
            archive: Some(Arc::new(found.archive)),
            archived_bytes: found.bytes,
            last_number: found.last_number,
            ..Self::default()
        })
    }

    /// Takes a line, and numbers it.
    pub fn add(&mut self, room: Name, name: Name, text: Text) -> Rc<Line> {
        self.last_number += 1;
        let line = Rc::new(Line {
            number: self.last_number,
            room,
            name,
            text,
        });
        if self.archive.is_some() {
            self.unwritten_bytes += weight(&line);
            self.unwritten.push_back(Rc::clone(&line));
            while self.unwritten_bytes > UNWRITTEN_BYTES_MAX && self.unwritten.len() > self.writing
            {
                // Those under way are not given up: they may be in the file already.
                if let Some(line) = self.unwritten.remove(self.writing) {
                    self.unwritten_bytes -= weight(&line);
                    self.lost += 1;
                }
            }
        }
        line
    }

    /// What is to be written now: nothing, if a batch is under way, or the last one failed.
    pub fn next_batch(&mut self) -> Option<Batch> {
        let archive = self.archive.as_ref()?;
        if self.writing > 0 || self.failing || self.unwritten.is_empty() {
            return None;
        }
        let mut bytes = Vec::new();
        for line in &self.unwritten {
            line.write_to(&mut bytes);
            self.writing += 1;
            if bytes.len() >= BATCH_BYTES_MAX {
                break;
            }
        }
        Some(Batch {
            archive: Arc::clone(archive),
            bytes,
            good_bytes: self.archived_bytes,
        })
    }

    /// Tries again after a failure.
    pub fn resume(&mut self) -> Option<Batch> {
        let failing = std::mem::take(&mut self.failing);
        let batch = self.next_batch();
        self.failing = failing;
        batch
    }

    /// The batch under way is over; if all is well, with the bytes it added.
    pub fn batch_done(&mut self, outcome: io::Result<u64>) -> Progress {
        let count = std::mem::take(&mut self.writing);
        match outcome {
            Ok(bytes) => {
                self.archived_bytes += bytes;
                self.written += count as u64;
                for line in self.unwritten.drain(..count) {
                    self.unwritten_bytes -= weight(&line);
                }
                if std::mem::take(&mut self.failing) {
                    Progress::Recovered
                } else {
                    Progress::Written
                }
            }
            Err(error) => {
                if std::mem::replace(&mut self.failing, true) {
                    Progress::FailedAgain
                } else {
                    Progress::Failed(error)
                }
            }
        }
    }

    /// The question for the last lines of a room. Put it to the file on a worker; then [`recall`] puts all together.
    #[must_use]
    pub fn query(&self, room: &Name) -> Query {
        let of_room = |line: &&Rc<Line>| line.room == *room;
        Query {
            archive: self.archive.clone(),
            room: room.clone(),
            good_bytes: self.archived_bytes,
            unwritten: self
                .unwritten
                .iter()
                .filter(of_room)
                .map(Rc::clone)
                .collect(),
        }
    }

    /// Lines written, lines that wait to be, and lines given up.
    #[must_use]
    pub fn tally(&self) -> (u64, usize, u64) {
        (self.written, self.unwritten.len(), self.lost)
    }
}

impl Batch {
    /// Writes it. Blocks. Gives the bytes it added.
    ///
    /// # Errors
    /// As [`Archive::append`].
    pub fn write(&self) -> io::Result<u64> {
        self.archive.append(&self.bytes, self.good_bytes)?;
        Ok(self.bytes.len() as u64)
    }
}

impl Query {
    /// The part that blocks, as a job for a worker; none if there is no file.
    pub fn job(&self) -> Option<impl FnOnce() -> io::Result<Vec<Line>> + Send + 'static> {
        let (archive, room, good_bytes) =
            (self.archive.clone()?, self.room.clone(), self.good_bytes);
        Some(move || archive.last_lines(&room, good_bytes, LINES_MAX))
    }
}

/// The last lines of a room, each once and in the order of their numbers: what the file had, what waited to be written when it was
/// asked, and what the room remembers to have been said since. Any two of them may overlap.
#[must_use]
pub fn recall(
    archived: Vec<Line>,
    unwritten: &[Rc<Line>],
    recent: &VecDeque<Rc<Line>>,
) -> Vec<Rc<Line>> {
    let mut lines: Vec<Rc<Line>> = archived.into_iter().map(Rc::new).collect();
    lines.extend(unwritten.iter().chain(recent).map(Rc::clone));
    lines.sort_by_key(|line| line.number);
    lines.dedup_by_key(|line| line.number);
    lines.drain(..lines.len().saturating_sub(LINES_MAX));
    lines
}

/// What a line weighs while it waits, in bytes.
fn weight(line: &Line) -> usize {
    size_of::<Line>() + line.name.as_str().len() + line.text.as_str().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().expect(text)
    }

    fn numbers(lines: &[Rc<Line>]) -> Vec<u64> {
        lines.iter().map(|line| line.number).collect()
    }

    fn say(history: &mut History, room: &str) -> Rc<Line> {
        history.add(name(room), name("ann"), Text::of("hello"))
    }

    /// One with a file that is deleted already: it lives as long as the history.
    fn on_disk() -> History {
        let path = std::env::temp_dir().join(format!(
            "oneloop-history-{}-{:?}",
            std::process::id(),
            std::thread::current().id()
        ));
        let history = History::open(&path).expect("a scratch file");
        std::fs::remove_file(path).expect("the scratch file");
        history
    }

    fn archived(history: &History, room: &str) -> Vec<u64> {
        let job = history.query(&name(room)).job().expect("there is a file");
        job()
            .expect("readable")
            .iter()
            .map(|line| line.number)
            .collect()
    }

    #[test]
    fn what_comes_while_a_batch_is_written_is_the_next_batch() {
        let mut history = on_disk();
        say(&mut history, "lobby");
        let first = history.next_batch().expect("a line waits");
        say(&mut history, "lobby");
        say(&mut history, "den");
        assert!(history.next_batch().is_none(), "one at a time");
        assert!(archived(&history, "lobby").is_empty());
        assert!(matches!(
            history.batch_done(first.write()),
            Progress::Written
        ));
        let second = history.next_batch().expect("two lines wait");
        assert!(matches!(
            history.batch_done(second.write()),
            Progress::Written
        ));
        assert!(history.next_batch().is_none());
        assert_eq!(archived(&history, "lobby"), [1, 2]);
        assert_eq!(history.tally(), (3, 0, 0));
    }

    #[test]
    fn a_failed_batch_waits_for_another_attempt() {
        let mut history = on_disk();
        let full = || Err(io::ErrorKind::StorageFull.into());
        say(&mut history, "lobby");
        assert!(history.next_batch().is_some());
        assert!(matches!(history.batch_done(full()), Progress::Failed(_)));
        say(&mut history, "lobby");
        assert!(history.next_batch().is_none(), "not with every line");
        assert!(history.resume().is_some());
        assert!(matches!(history.batch_done(full()), Progress::FailedAgain));
        let batch = history.resume().expect("two lines wait");
        assert!(matches!(
            history.batch_done(batch.write()),
            Progress::Recovered
        ));
        assert_eq!(archived(&history, "lobby"), [1, 2]);
    }

    #[test]
    fn what_cannot_be_written_is_given_up_in_the_end() {
        let mut history = on_disk();
        let text = Text::of(&"x".repeat(2_000));
        let add = |history: &mut History| history.add(name("den"), name("ann"), text.clone());
        add(&mut history);
        let batch = history.next_batch().expect("a line waits");
        for _ in 0..20_000 {
            add(&mut history);
        }
        let (_, waiting, lost) = history.tally();
        assert_eq!(waiting as u64 + lost, 20_001);
        assert!(history.unwritten_bytes <= UNWRITTEN_BYTES_MAX && lost > 0);
        assert_eq!(history.unwritten[0].number, 1, "it is under way");
        assert_eq!(history.unwritten[1].number, lost + 2, "the oldest are gone");
        history.batch_done(batch.write());
        assert_eq!(archived(&history, "den"), [1]);
    }

    #[test]
    fn lines_are_recalled_once_and_in_order_wherever_they_are() {
        let mut history = on_disk();
        let mut recent = VecDeque::new();
        // Four lines in the file, and one of another room; two under way; one that waits.
        for room in ["lobby", "lobby", "den", "lobby", "lobby"] {
            say(&mut history, room);
        }
        let batch = history.next_batch().expect("lines wait");
        history.batch_done(batch.write());
        say(&mut history, "lobby");
        recent.push_back(say(&mut history, "lobby"));
        let under_way = history.next_batch().expect("lines wait");
        recent.push_back(say(&mut history, "lobby"));
        let query = history.query(&name("lobby"));
        // Said and written between the question and the answer.
        history.batch_done(under_way.write());
        recent.push_back(say(&mut history, "lobby"));
        let answer = query.job().expect("there is a file")().expect("readable");
        assert_eq!(answer.len(), 4, "as of the question");
        let lines = recall(answer, &query.unwritten, &recent);
        assert_eq!(numbers(&lines), [1, 2, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn no_more_than_the_last_fifty_are_recalled() {
        let mut history = History::in_memory();
        let recent: VecDeque<_> = (0..60).map(|_| say(&mut history, "lobby")).collect();
        assert!(history.next_batch().is_none() && history.query(&name("lobby")).job().is_none());
        let lines = recall(Vec::new(), &[], &recent);
        assert_eq!(numbers(&lines), (11..=60).collect::<Vec<_>>());
    }
}
