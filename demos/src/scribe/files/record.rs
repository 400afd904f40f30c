//! Records of the buffer's files, of which a damaged one costs no other.
//!
//! ```text
//! ff ff fe | length | sum    | bytes |      length and sum: u32, little-endian
//!   mark   '---- stuffed as below ----'     sum: CRC-32 (IEEE) of the length's four bytes and of the bytes
//! ```
//! Behind the mark, whenever two `ff` are followed by `fe` or `33`, there is a `33` between them that means nothing. So the mark is
//! nowhere but in front of a record, whatever is in the bytes, and the way back from any damage is to look for the next mark.
//!
//! Why a mark and not the length alone: a flipped bit in a length makes everything behind it unreadable; scribe's own buffer files end
//! there. Why not a plain mark, or blocks of a fixed size: a message may have the mark in it, even a whole record, which would come to
//! light as somebody's message when the one around it is damaged; and a block takes all of its records with it. Here no more is lost than
//! the record with the flipped bit: a wrong length runs into the next mark or misses the sum, a mark that is none any more is searched
//! past, and one that came about by the flip begins a record without a sum. (That of a record in a message does not come about: `33` is
//! several bits from `ff` and `fe`. Who wants a record of his own in there writes one that lacks a single bit, and waits for the disk
//! to turn over that very one.) Text in UTF-8 has no `ff`, so it is never stuffed; the worst case grows by a third. A file's end of
//! zeros, as the power leaves it, has no mark in it.

use std::fmt;

/// The most bytes of one record: 16 MiB, more than a frame of Thrift carries.
pub const RECORD_BYTES_MAX: usize = 16 << 20;

/// A record would have so many bytes, which are more than [`RECORD_BYTES_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong(pub usize);

impl std::error::Error for TooLong {}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0;
        write!(
            f,
            "a record of {bytes} bytes is too long: {RECORD_BYTES_MAX} are the most"
        )
    }
}

/// So many bytes of a file tell whether it is [one of records](may_be_records): 3.
pub const MARK_BYTES: usize = MARK.len();

/// Whether a file that begins with these bytes begins with a record.
#[must_use]
pub fn are_records(start: &[u8]) -> bool {
    start.starts_with(&MARK)
}

/// Whether a file that begins with these bytes may be one of records: some of them may be damaged, or zeros as the power leaves them.
#[must_use]
pub fn may_be_records(start: &[u8]) -> bool {
    let mut pairs = start.iter().zip(MARK);
    start.is_empty() || pairs.any(|(byte, mark)| *byte == mark || *byte == 0)
}

/// Writes a record behind what is in `file`.
///
/// ```
/// use oneloop_demos::scribe::files::record::{Records, write_record};
///
/// let mut file = Vec::new();
/// write_record(b"one", &mut file)?;
/// write_record(b"two", &mut file)?;
/// file[12] ^= 1;
/// let (mut records, mut input) = (Records::default(), &file[..]);
/// assert_eq!(records.next(&mut input), Some(&b"two"[..]));
/// assert_eq!(records.next(&mut input), None);
/// assert_eq!(records.lost_bytes(), 14);
/// # Ok::<(), oneloop_demos::scribe::files::record::TooLong>(())
/// ```
///
/// # Errors
/// They are more than a record has; then nothing is written.
pub fn write_record(bytes: &[u8], file: &mut Vec<u8>) -> Result<(), TooLong> {
    let length = u32::try_from(bytes.len())
        .ok()
        .filter(|_| bytes.len() <= RECORD_BYTES_MAX)
        .ok_or(TooLong(bytes.len()))?
        .to_le_bytes();
    file.reserve(MARK.len() + HEAD_BYTES + bytes.len());
    file.extend_from_slice(&MARK);
    let sum = sum(length, bytes).to_le_bytes();
    let mut run = 0;
    for part in [&length[..], &sum, bytes] {
        stuff(part, &mut run, file);
    }
    Ok(())
}

/// Writes bytes behind others that end in so many `ff`, two at most.
fn stuff(mut bytes: &[u8], run: &mut usize, file: &mut Vec<u8>) {
    while let Some((&byte, rest)) = bytes.split_first() {
        if *run == 0 {
            // What has no `ff` in it is taken as it is.
            let plain = bytes.iter().position(|byte| *byte == FLAG);
            let (plain, rest) = bytes.split_at(plain.unwrap_or(bytes.len()));
            if !plain.is_empty() {
                file.extend_from_slice(plain);
                bytes = rest;
                continue;
            }
        }
        if *run == 2 && GUARDED.contains(&byte) {
            file.push(STUFFING);
        }
        file.push(byte);
        *run = after(byte, *run);
        bytes = rest;
    }
}

/// Reads records of a file that comes in pieces, wherever it is cut, and counts what is none.
///
/// Every byte that was read is one of a whole record, or lost, or of the tail: what is behind the last whole record and not known to
/// be lost, because no further record has begun.
#[derive(Debug, Default)]
pub struct Records {
    state: State,
    /// How many `ff` were the last bytes, two at most.
    run: usize,
    /// Whether the last byte was stuffing, so that the next has to be one that needs it.
    stuffed: bool,
    /// Length, sum and bytes of the record that is being read.
    held: Vec<u8>,
    whole_bytes: u64,
    lost_bytes: u64,
    tail_bytes: u64,
}

/// ```text
///              mark                     whole, or no record
///   Seeking ─────────► Reading ─────────────────────────────► Seeking
///                      ▲     │ mark: what was read is lost
///                      └─────┘
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Seeking,
    Reading,
}

impl Records {
    /// The next record, and takes its bytes off the front of `input`; `None` if there is none that ends in there, and takes all.
    pub fn next(&mut self, input: &mut &[u8]) -> Option<&[u8]> {
        while !input.is_empty() {
            let wanted = self.wanted();
            let plain = self.take_plain(input, wanted);
            if plain == 0 {
                let (&byte, rest) = input.split_first()?;
                *input = rest;
                self.take(byte);
            }
            if self.state == State::Reading && self.held.len() >= self.wanted() {
                self.state = State::Seeking;
                if self.has_its_sum() {
                    self.whole_bytes += self.tail_bytes;
                    self.tail_bytes = 0;
                    // Its last bytes still count as flags: if it was torn, and what came behind has completed it, they are the mark's.
                    return self.held.get(HEAD_BYTES..);
                }
            }
        }
        None
    }

    /// Bytes of whole records.
    #[must_use]
    pub const fn whole_bytes(&self) -> u64 {
        self.whole_bytes
    }

    /// Bytes that are no record, and were behind none when one began.
    #[must_use]
    pub const fn lost_bytes(&self) -> u64 {
        self.lost_bytes
    }

    /// Bytes behind the last record and the last that was lost: at the end of the file, what an append has left that did not come to
    /// its own end, to be cut off.
    #[must_use]
    pub const fn tail_bytes(&self) -> u64 {
        self.tail_bytes
    }

    /// All that was read.
    #[must_use]
    pub const fn read_bytes(&self) -> u64 {
        self.whole_bytes + self.lost_bytes + self.tail_bytes
    }

    /// How much there has to be of a record before something can be said of it: its head, and then all of it.
    fn wanted(&self) -> usize {
        match self.length() {
            Some(length) => HEAD_BYTES.saturating_add(length),
            None => HEAD_BYTES,
        }
    }

    /// The length that its head says, if that is there.
    fn length(&self) -> Option<usize> {
        let (head, _) = self.held.split_first_chunk::<HEAD_BYTES>()?;
        let (length, _) = head.split_first_chunk::<4>()?;
        usize::try_from(u32::from_le_bytes(*length)).ok()
    }

    fn has_its_sum(&self) -> bool {
        let Some((length, rest)) = self.held.split_first_chunk::<4>() else {
            return false;
        };
        let Some((said, bytes)) = rest.split_first_chunk::<4>() else {
            return false;
        };
        u32::from_le_bytes(*said) == sum(*length, bytes)
    }

    /// Takes what can neither be stuffed nor begin a mark, at once.
    fn take_plain(&mut self, input: &mut &[u8], wanted: usize) -> usize {
        if self.run > 0 || self.stuffed {
            return 0;
        }
        let flag = input.iter().position(|byte| *byte == FLAG);
        let mut count = flag.unwrap_or(input.len());
        if self.state == State::Reading {
            count = count.min(wanted.saturating_sub(self.held.len()));
        }
        let (plain, rest) = input.split_at(count);
        if self.state == State::Reading {
            self.held.extend_from_slice(plain);
            self.check_length();
        }
        *input = rest;
        self.tail_bytes += plain.len() as u64;
        plain.len()
    }

    fn take(&mut self, byte: u8) {
        self.tail_bytes += 1;
        let stuffed = std::mem::take(&mut self.stuffed);
        if self.run == 2 && byte == MARK_END {
            self.begin();
            return;
        }
        let is_stuffing = self.run == 2 && byte == STUFFING;
        if stuffed && !GUARDED.contains(&byte) {
            // This is no record: nobody writes so. What comes is looked at for the next mark.
            self.state = State::Seeking;
        }
        self.run = after(byte, self.run);
        if self.state == State::Reading {
            self.stuffed = is_stuffing;
            if !is_stuffing {
                self.held.push(byte);
                self.check_length();
            }
        }
    }

    /// A mark: whatever was before it, and no whole record, is lost.
    fn begin(&mut self) {
        let mark_bytes = MARK.len() as u64;
        self.lost_bytes += self.tail_bytes.saturating_sub(mark_bytes);
        self.tail_bytes = self.tail_bytes.min(mark_bytes);
        self.state = State::Reading;
        self.run = 0;
        self.held.clear();
    }

    /// A record that would be too long is none: it is not waited for.
    fn check_length(&mut self) {
        if self
            .length()
            .is_some_and(|length| length > RECORD_BYTES_MAX)
        {
            self.state = State::Seeking;
        }
    }
}

fn sum(length: [u8; 4], bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length);
    hasher.update(bytes);
    hasher.finalize()
}

/// How many flags are the last bytes behind this one, two at most.
fn after(byte: u8, run: usize) -> usize {
    match byte {
        FLAG => (run + 1).min(2),
        _ => 0,
    }
}

const FLAG: u8 = 0xff;
const MARK_END: u8 = 0xfe;
/// More than one bit from the others: no flip makes one of them of it.
const STUFFING: u8 = 0x33;
/// What does not stand behind two flags as it is.
const GUARDED: [u8; 2] = [MARK_END, STUFFING];
const MARK: [u8; 3] = [FLAG, FLAG, MARK_END];
/// Length and sum.
const HEAD_BYTES: usize = 8;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Records of all kinds that may be hard.
    fn samples() -> Vec<Vec<u8>> {
        let mut inner = Vec::new();
        write_record(b"a record in a record", &mut inner).expect("short");
        let mut hard: Vec<Vec<u8>> = [
            &b"hello\n"[..],
            b"",
            &[0xff; 9],
            &[0xff, 0xff, 0xfe],
            &[0xff, 0xff, 0x33],
            &[0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0x33, 0x33],
            &[0xff, 0xff],
            b"x\xff",
            &[0xfe],
            &[0; 20],
            b"the last\n",
        ]
        .map(<[u8]>::to_vec)
        .into();
        hard.insert(4, inner);
        hard
    }

    fn file_of(records: &[Vec<u8>]) -> Vec<u8> {
        let mut file = Vec::new();
        for record in records {
            write_record(record, &mut file).expect("short");
        }
        file
    }

    /// Where each record ends.
    fn ends(records: &[Vec<u8>]) -> Vec<usize> {
        (0..=records.len())
            .map(|count| file_of(&records[..count]).len())
            .collect()
    }

    fn read(mut file: &[u8]) -> (Vec<Vec<u8>>, Records) {
        let mut records = Records::default();
        let mut found = Vec::new();
        while let Some(record) = records.next(&mut file) {
            found.push(record.to_vec());
        }
        assert!(file.is_empty());
        (found, records)
    }

    #[test]
    fn a_file_of_records_is_known_though_its_mark_is_damaged() {
        let mut file = Vec::new();
        write_record(b"one", &mut file).expect("it is short");
        assert!(are_records(&file) && !are_records(&file[..2]) && !are_records(b"one"));
        for bit in 0..8 {
            for byte in 0..MARK_BYTES {
                let mut file = file.clone();
                file[byte] ^= 1 << bit;
                assert!(may_be_records(&file[..MARK_BYTES]));
            }
        }
        for (start, may_be) in [
            (&b""[..], true),
            (b"\xff", true),
            (b"\0\0\0", true),
            (b"o", false),
            (b"one", false),
        ] {
            assert_eq!(may_be_records(start), may_be, "{start:?}");
        }
    }

    #[test]
    fn its_bytes_are_as_drawn() {
        let mut file = Vec::new();
        write_record(b"hi", &mut file).expect("short");
        let sum = crc32fast::hash(b"\x02\0\0\0hi").to_le_bytes();
        assert_eq!(file, [&b"\xff\xff\xfe\x02\0\0\0"[..], &sum, b"hi"].concat());
        for (bytes, stuffed) in [
            (&b"\xff\xff\xfe"[..], &b"\xff\xff\x33\xfe"[..]),
            (b"\xff\xff\x33", b"\xff\xff\x33\x33"),
            (b"\xff\xff\xff\xfe", b"\xff\xff\xff\x33\xfe"),
            (b"\xff\xff\x34\xff\xfe", b"\xff\xff\x34\xff\xfe"),
        ] {
            file.clear();
            write_record(bytes, &mut file).expect("short");
            assert_eq!(file[11..], *stuffed);
        }
    }

    #[test]
    fn records_come_back_wherever_the_file_is_cut() {
        let samples = samples();
        let file = file_of(&samples);
        for size in 1..=file.len() {
            let mut records = Records::default();
            let mut found = Vec::new();
            for mut piece in file.chunks(size) {
                while let Some(record) = records.next(&mut piece) {
                    found.push(record.to_vec());
                }
            }
            assert_eq!(found, samples, "pieces of {size}");
            assert_eq!(records.whole_bytes(), file.len() as u64);
            assert_eq!((records.lost_bytes(), records.tail_bytes()), (0, 0));
        }
    }

    #[test]
    fn a_file_torn_at_any_byte_has_all_before_it_and_a_tail() {
        let samples = samples();
        let (file, ends) = (file_of(&samples), ends(&samples));
        for cut in 0..=file.len() {
            let whole = ends.iter().rposition(|end| *end <= cut).expect("0 is one");
            for zeros in [0, 1, 100] {
                let mut torn = file[..cut].to_vec();
                torn.resize(cut + zeros, 0);
                let (found, records) = read(&torn);
                // Zeros may be what was cut off: then they belong to the record.
                let fits = found.len() == whole
                    || found.len() == whole + 1 && torn.starts_with(&file[..ends[whole + 1]]);
                assert!(fits, "cut at {cut}, {zeros} zeros");
                assert_eq!(found, samples[..found.len()]);
                assert_eq!(records.whole_bytes(), ends[found.len()] as u64);
                assert_eq!(
                    records.tail_bytes(),
                    (torn.len() - ends[found.len()]) as u64
                );
                assert_eq!(records.lost_bytes(), 0);
                // What is written behind a tail that nobody has cut off is read. (A record of flags that lacks its last ones is
                // completed by the mark's.)
                let mut longer = torn.clone();
                write_record(b"later", &mut longer).expect("short");
                let (mut more, after) = read(&longer);
                assert_eq!(more.pop().as_deref(), Some(&b"later"[..]), "cut at {cut}");
                assert!(
                    more == found || more == samples[..=found.len()],
                    "cut at {cut}"
                );
                assert!(after.lost_bytes() <= records.tail_bytes());
                assert_eq!(
                    (after.tail_bytes(), after.read_bytes()),
                    (0, longer.len() as u64)
                );
            }
        }
    }

    #[test]
    fn a_flipped_bit_costs_its_own_record_and_no_other() {
        let samples = samples();
        let (file, ends) = (file_of(&samples), ends(&samples));
        for byte in 0..file.len() {
            let hit = ends.iter().rposition(|end| *end <= byte).expect("0 is one");
            for bit in 0..8 {
                let mut damaged = file.clone();
                damaged[byte] ^= 1 << bit;
                let (found, records) = read(&damaged);
                let mut due = samples.clone();
                due.remove(hit);
                assert_eq!(found, due, "bit {bit} of byte {byte}");
                let (lost, tail) = (records.lost_bytes(), records.tail_bytes());
                assert_eq!(lost + tail, (ends[hit + 1] - ends[hit]) as u64);
                assert_eq!(records.read_bytes(), file.len() as u64);
                if hit + 1 < samples.len() {
                    assert_eq!(tail, 0, "bit {bit} of byte {byte}");
                }
            }
        }
    }

    #[test]
    fn a_record_has_an_end() {
        for (length, fits) in [
            (RECORD_BYTES_MAX - 1, true),
            (RECORD_BYTES_MAX, true),
            (RECORD_BYTES_MAX + 1, false),
        ] {
            let mut file = Vec::new();
            let due = if fits { Ok(()) } else { Err(TooLong(length)) };
            assert_eq!(write_record(&vec![b'x'; length], &mut file), due);
            assert_eq!(file.is_empty(), !fits);
            if length == RECORD_BYTES_MAX {
                assert_eq!(read(&file).0.len(), 1);
            }
            // One that would be longer is not waited for, nor held.
            let said = u32::try_from(length).expect("short").to_le_bytes();
            let file = [&MARK[..], &said, &[0; 4], &[b'x'; 1000]].concat();
            let (_, records) = read(&file);
            assert_eq!(records.state == State::Reading, fits, "{length}");
            assert_eq!(records.held.len(), HEAD_BYTES + if fits { 1000 } else { 0 });
        }
    }

    /// Bytes of which many are those that matter.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            Just(0xff_u8),
            Just(0xff_u8),
            Just(0xfe_u8),
            Just(0x33_u8),
            any::<u8>(),
            Just(0)
        ];
        prop::collection::vec(byte, 0..40)
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(written in prop::collection::vec(bytes(), 0..12)) {
            let file = file_of(&written);
            let (found, records) = read(&file);
            prop_assert_eq!(&found, &written);
            prop_assert_eq!(records.whole_bytes(), file.len() as u64);
            let plain: usize = written.iter().map(|record| MARK.len() + HEAD_BYTES + record.len()).sum();
            prop_assert!(file.len() <= plain + plain / 3);
            let marks = file.windows(3).filter(|three| *three == MARK).count();
            prop_assert_eq!(marks, written.len());
        }

        #[test]
        fn no_damage_makes_a_record_that_nobody_wrote(
            written in prop::collection::vec(bytes(), 1..12),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
            size in 1..50_usize,
        ) {
            let mut file = file_of(&written);
            for (at, byte, how) in damage {
                let at = at.index(file.len().max(1)).min(file.len().saturating_sub(1));
                match how {
                    0 if !file.is_empty() => file[at] = byte,
                    1 if !file.is_empty() => drop(file.remove(at)),
                    2 => file.insert(at, byte),
                    _ => file.truncate(file.len() - file.len() / 8),
                }
            }
            let (found, records) = read(&file);
            prop_assert_eq!(records.read_bytes(), file.len() as u64);
            // In their order, each at most once.
            let mut rest = written.iter();
            for record in &found {
                prop_assert!(rest.any(|it| it == record), "{:?}", record);
            }
            // And the same in pieces.
            let mut pieces = Records::default();
            let mut count = 0;
            for mut piece in file.chunks(size) {
                while pieces.next(&mut piece).is_some() {
                    count += 1;
                }
            }
            prop_assert_eq!(count, found.len());
            prop_assert_eq!(pieces.lost_bytes(), records.lost_bytes());
            prop_assert_eq!(pieces.tail_bytes(), records.tail_bytes());
        }

        #[test]
        fn no_bytes_are_too_much_for_it(mut noise in prop::collection::vec(bytes(), 0..20)) {
            let mut file = noise.concat();
            let (_, records) = read(&file);
            prop_assert_eq!(records.read_bytes(), file.len() as u64);
            noise.clear();
            write_record(b"found", &mut file).expect("short");
            let (found, _) = read(&file);
            prop_assert_eq!(found.last().map(Vec::as_slice), Some(&b"found"[..]));
        }
    }
}
