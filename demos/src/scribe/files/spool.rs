//! The files of a buffer: messages that wait until they can be sent, the oldest file first.
//!
//! They are named as a file store's are, never by the day, and made of [records](crate::scribe::files::record), one for each message:
//!
//! ```text
//! | length | category | text |      length: u16, little-endian, of the category in bytes; the text goes to the record's end
//! ```
//! Each record names its category, so that the files of a store for one category and of one for several are alike, and can be read
//! whatever the configuration has become since. (scribe has two forms, and reads neither by the other's configuration.)
//!
//! A file is read in pieces, of which each is a read of bounded bytes; no file is ever in memory as a whole. What is damaged is passed over
//! and counted. All of it blocks: it belongs on a worker thread.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use oneloop::disk::{Disk, Entry, EntryKind};

use crate::scribe::files::naming::{Names, Second};
use crate::scribe::files::record::{MARK_BYTES, Records, TooLong, may_be_records, write_record};

/// Bytes of a file that are read at once: 512 KiB. A piece has the messages that end within them; of a message that is longer, more is
/// read.
pub const PIECE_BYTES_MAX: usize = 512 << 10;

/// The most bytes of a category: 65,535.
pub const CATEGORY_BYTES_MAX: usize = u16::MAX as usize;

/// Adds messages to what is written into a file.
///
/// # Errors
/// One is too long, and so is none of them in there.
pub fn compose<'a>(
    messages: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<u8>, TooLong> {
    let (mut file, mut record) = (Vec::new(), Vec::new());
    for (category, text) in messages {
        let length = u16::try_from(category.len()).map_err(|_| TooLong(category.len()))?;
        record.clear();
        record.extend_from_slice(&length.to_le_bytes());
        record.extend_from_slice(category.as_bytes());
        record.extend_from_slice(text);
        write_record(&record, &mut file)?;
    }
    Ok(file)
}

/// The files of one buffer.
#[derive(Clone, Debug)]
pub struct Spool {
    names: Names,
}

/// A file that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpoolFile {
    /// Its number: those before it are older.
    pub number: u32,
    /// How long it is.
    pub bytes: u64,
}

impl Spool {
    /// That of the files with these names, which are those of files never rotated by time.
    #[must_use]
    pub const fn new(names: Names) -> Self {
        Self { names }
    }

    /// What waits, the oldest first; nothing if there is no folder. A file in front that is none of records is not among them: a file
    /// store has written it, when the configuration was another one, and nobody else has it.
    ///
    /// # Errors
    /// As the disk gives them.
    pub fn files(&self, disk: &dyn Disk) -> io::Result<Vec<SpoolFile>> {
        let entries = match disk.list(self.names.folder()) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            entries => entries?,
        };
        let file = |entry: &Entry| match entry.kind {
            EntryKind::File(bytes) => Some(SpoolFile {
                number: self.number(entry.name.to_str()?)?,
                bytes,
            }),
            EntryKind::Folder | EntryKind::Other => None,
        };
        let mut files: Vec<SpoolFile> = entries.iter().filter_map(file).collect();
        files.sort_unstable_by_key(|file| file.number);
        let foreign = files.iter().take_while(|file| self.is_foreign(disk, file));
        let foreign = foreign.count();
        files.drain(..foreign);
        Ok(files)
    }

    /// Whether a file is none of ours. One that cannot be read is: why, is found when it is its turn.
    fn is_foreign(&self, disk: &dyn Disk, file: &SpoolFile) -> bool {
        let start = disk.read(&self.path(file.number), 0, MARK_BYTES);
        start.is_ok_and(|start| !may_be_records(&start))
    }

    /// The number of the file of this name, if it is one of them.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        self.names.number(Second::default(), name)
    }

    /// Begins to read a file to which nothing is added any more.
    #[must_use]
    pub fn read(&self, file: SpoolFile) -> Reading {
        Reading {
            path: self.path(file.number),
            bytes: file.bytes,
            records: Records::default(),
            category: None,
            is_over: false,
            foreign_bytes: 0,
            lost_told: 0,
        }
    }

    /// Removes a file for good. Nothing may be written meanwhile: once it is gone, another file may have its number.
    ///
    /// # Errors
    /// As the disk gives them. Then it is still there.
    pub fn remove(&self, disk: &dyn Disk, number: u32) -> io::Result<()> {
        let path = self.path(number);
        if let Err(error) = disk.remove(&path) {
            // What failed may have been done all the same.
            match disk.read(&path, 0, 0) {
                Err(found) if found.kind() == ErrorKind::NotFound => {}
                _ => return Err(error),
            }
        }
        if let Err(error) = disk.sync_folder(self.names.folder()) {
            // It is gone, and must not be looked for again. If the power fails before the next sync it is sent twice.
            let path = path.display();
            log::warn!("{path} may be there again after a power failure: {error}");
        }
        Ok(())
    }

    fn path(&self, number: u32) -> PathBuf {
        let name = self.names.file(Second::default(), number);
        self.names.folder().join(name)
    }
}

/// A file on its way, piece by piece.
#[derive(Debug)]
pub struct Reading {
    path: PathBuf,
    /// So many it has.
    bytes: u64,
    records: Records,
    /// That of the last message: most have the same.
    category: Option<Arc<str>>,
    is_over: bool,
    /// Of whole records that are none of ours.
    foreign_bytes: u64,
    lost_told: u64,
}

impl Reading {
    /// The next messages, category and text; none if that was the last piece.
    ///
    /// # Errors
    /// As the disk gives them. The next call goes on where this one has begun.
    pub fn next(&mut self, disk: &dyn Disk) -> io::Result<Vec<(Arc<str>, Bytes)>> {
        let mut found = Found::default();
        while !self.is_over && found.ends.is_empty() {
            let piece = disk.read(&self.path, self.records.read_bytes(), PIECE_BYTES_MAX)?;
            let mut rest = &piece[..];
            while let Some(record) = self.records.next(&mut rest) {
                if !found.add(record, &mut self.category) {
                    self.foreign_bytes += record.len() as u64;
                }
            }
            self.is_over = piece.is_empty() || self.records.read_bytes() >= self.bytes;
        }
        Ok(found.messages())
    }

    /// Nothing more is read of it.
    pub const fn end(&mut self) {
        self.is_over = true;
    }

    /// Whether the last piece was given.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.is_over
    }

    /// How many bytes were read.
    #[must_use]
    pub const fn read_bytes(&self) -> u64 {
        self.records.read_bytes()
    }

    /// Bytes that are found to be lost since the last time this was asked: those of damaged records. Behind the last record of a file that
    /// is over there is nothing but these: what an append left unfinished was cut off.
    pub fn take_lost_bytes(&mut self) -> u64 {
        let tail = match self.is_over {
            true => self.records.tail_bytes(),
            false => 0,
        };
        let lost = self.records.lost_bytes() + self.foreign_bytes + tail;
        lost - std::mem::replace(&mut self.lost_told, lost)
    }
}

/// The messages of a piece: their texts are in one place, of which each has a slice.
#[derive(Default)]
struct Found {
    texts: Vec<u8>,
    /// Of each the category, and where its text ends.
    ends: Vec<(Arc<str>, usize)>,
}

impl Found {
    /// Adds what a record says; false if that is nothing.
    fn add(&mut self, record: &[u8], last: &mut Option<Arc<str>>) -> bool {
        let Some((category, text)) = parts(record) else {
            return false;
        };
        let category = match last {
            Some(last) if &**last == category => Arc::clone(last),
            _ => Arc::clone(last.insert(category.into())),
        };
        self.texts.extend_from_slice(text);
        self.ends.push((category, self.texts.len()));
        true
    }

    fn messages(self) -> Vec<(Arc<str>, Bytes)> {
        let texts = Bytes::from(self.texts);
        let mut begin = 0;
        let message = |(category, end)| {
            let text = texts.slice(begin..end);
            begin = end;
            (category, text)
        };
        self.ends.into_iter().map(message).collect()
    }
}

/// Category and text.
fn parts(record: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = record.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_le_bytes(*length));
    let (category, text) = rest.split_at_checked(length)?;
    Some((str::from_utf8(category).ok()?, text))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use oneloop::sim;
    use proptest::prelude::*;

    use super::*;
    use crate::scribe::config::settings::FileStore;
    use crate::scribe::config::word::FileWord;
    use crate::scribe::files::record::RECORD_BYTES_MAX;

    type Said = Vec<(String, Vec<u8>)>;

    fn spool() -> Spool {
        let word = |text| FileWord::of(text).expect("a word");
        let (store, dir) = (FileStore::default(), Path::new("/log"));
        Spool::new(Names::of(&store, &word("web"), dir, &word("ann")))
    }

    fn disk_with(files: &[(&str, &[u8])]) -> sim::Disk {
        let disk = sim::Disk::new(1);
        disk.make_folder(Path::new("/log")).expect("no faults");
        for (name, bytes) in files {
            let mut tail = disk.open(&Path::new("/log").join(name)).expect("no faults");
            tail.append(bytes).expect("no faults");
        }
        disk
    }

    fn composed(messages: &Said) -> Vec<u8> {
        let parts = messages
            .iter()
            .map(|(category, text)| (&**category, &**text));
        compose(parts).expect("they are short")
    }

    /// All of the oldest file, in pieces, and how many bytes of it are lost.
    fn read(disk: &sim::Disk) -> (Vec<Said>, u64) {
        let files = spool().files(disk).expect("no faults");
        let mut reading = spool().read(files[0]);
        let (mut pieces, mut lost) = (Vec::new(), 0);
        while !reading.is_over() {
            let piece = reading.next(disk).expect("no faults");
            let said = piece
                .iter()
                .map(|(category, text)| (category.to_string(), text.to_vec()));
            pieces.push(said.collect());
            lost += reading.take_lost_bytes();
        }
        assert_eq!(reading.take_lost_bytes(), 0);
        assert_eq!(reading.next(disk).expect("no faults"), []);
        assert_eq!(reading.read_bytes(), files[0].bytes);
        (pieces, lost)
    }

    #[test]
    fn the_oldest_is_first_and_others_names_are_none() {
        let disk = disk_with(&[
            ("web_00010", b"abc"),
            ("web_00002", b""),
            ("web_123456", b"x"),
            ("web-2026-11-22_00001", b"x"),
            ("webs_00001", b"x"),
        ]);
        disk.make_folder(Path::new("/log/web_00001"))
            .expect("no faults");
        disk.link(Path::new("web_00002"), Path::new("/log/web_00000"))
            .expect("no faults");
        let found = spool().files(&disk).expect("no faults");
        let found: Vec<_> = found.iter().map(|file| (file.number, file.bytes)).collect();
        assert_eq!(found, [(2, 0), (10, 3), (123_456, 1)]);
        assert_eq!(spool().files(&sim::Disk::new(1)).expect("no folder"), []);
    }

    #[test]
    fn a_removed_file_stays_removed_and_may_be_removed_again() {
        let disk = disk_with(&[("web_00001", b"x"), ("web_00002", b"x")]);
        disk.sync_folder(Path::new("/log")).expect("no faults");
        for _ in 0..2 {
            spool().remove(&disk, 1).expect("no faults");
            disk.cut_power();
            let left = spool().files(&disk).expect("no faults");
            assert_eq!(left.iter().map(|it| it.number).collect::<Vec<_>>(), [2]);
        }
    }

    #[test]
    fn a_removed_file_is_gone_though_its_folder_cannot_be_synced() {
        let (mut kept, mut gone) = (0, 0);
        for seed in 0..50 {
            let disk = sim::Disk::new(seed);
            disk.make_folder(Path::new("/log")).expect("no faults");
            disk.open(Path::new("/log/web_00000")).expect("no faults");
            disk.set_faults(sim::DiskFaults {
                change: 0.5,
                ..sim::DiskFaults::none()
            });
            let removed = spool().remove(&disk, 0).is_ok();
            let left = spool().files(&disk).expect("reading does not fail");
            assert_eq!(left.is_empty(), removed);
            *if removed { &mut gone } else { &mut kept } += 1;
        }
        assert!(kept > 10 && gone > 10);
    }

    #[test]
    fn no_more_is_read_at_once_than_is_allowed_but_for_a_long_message() {
        let text = |bytes: usize| ("web".to_owned(), vec![b'x'; bytes]);
        // Mark, length, sum, length of the category, category.
        let head = 3 + 8 + 2 + 3;
        let half = PIECE_BYTES_MAX / 2 - head;
        for (second, pieces) in [(half - 1, 1), (half, 1), (half + 1, 2)] {
            let said = vec![text(half), text(second)];
            let disk = disk_with(&[("web_00000", &composed(&said))]);
            let (found, lost) = read(&disk);
            assert_eq!((found.len(), lost), (pieces, 0), "{second}");
            assert_eq!(found.concat(), said);
        }
        let long = vec![text(1), text(3 * PIECE_BYTES_MAX), text(2)];
        let (found, _) = read(&disk_with(&[("web_00000", &composed(&long))]));
        assert_eq!(found.len(), 2);
        assert_eq!(found.concat(), long);
    }

    #[test]
    fn what_is_too_long_is_not_composed() {
        for (bytes, fits) in [
            (CATEGORY_BYTES_MAX - 1, true),
            (CATEGORY_BYTES_MAX, true),
            (CATEGORY_BYTES_MAX + 1, false),
        ] {
            let category = "c".repeat(bytes);
            assert_eq!(compose([(&*category, &b""[..])]).is_ok(), fits, "{bytes}");
        }
        let text = vec![0; RECORD_BYTES_MAX];
        let room = RECORD_BYTES_MAX - 2 - 1;
        for (bytes, fits) in [(room - 1, true), (room, true), (room + 1, false)] {
            assert_eq!(compose([("c", &text[..bytes])]).is_ok(), fits, "{bytes}");
        }
    }

    #[test]
    fn a_record_that_is_none_of_ours_is_lost() {
        let mut file = Vec::new();
        let strange: [&[u8]; 4] = [b"", b"\x01", b"\x03\0ab", b"\x01\0\xff"];
        for record in strange {
            write_record(record, &mut file).expect("short");
        }
        file.extend(composed(&vec![("web".into(), b"found".to_vec())]));
        let (found, lost) = read(&disk_with(&[("web_00000", &file)]));
        assert_eq!(found.concat(), [("web".to_owned(), b"found".to_vec())]);
        let strange: usize = strange.iter().map(|it| it.len()).sum();
        assert_eq!(lost, strange as u64);
    }

    fn said() -> impl Strategy<Value = Said> {
        let text = prop::collection::vec(any::<u8>(), 0..30);
        prop::collection::vec(("[a-cé]{0,3}", text), 0..20)
    }

    proptest! {
        #[test]
        fn what_was_composed_is_read(said in said()) {
            let (found, lost) = read(&disk_with(&[("web_00000", &composed(&said))]));
            prop_assert_eq!(found.concat(), said);
            prop_assert_eq!(lost, 0);
        }

        #[test]
        fn a_flipped_bit_costs_one_message_and_is_counted(
            said in said(),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let file = composed(&said);
            prop_assume!(!file.is_empty());
            let disk = disk_with(&[("web_00000", &file)]);
            let at = at.index(file.len());
            disk.flip(Path::new("/log/web_00000"), at as u64, bit).expect("it is there");
            let (found, lost) = read(&disk);
            let found = found.concat();
            prop_assert_eq!(found.len() + 1, said.len());
            prop_assert!(lost > 0);
            let mut rest = said.iter();
            for message in &found {
                prop_assert!(rest.any(|it| it == message));
            }
        }
    }
}
