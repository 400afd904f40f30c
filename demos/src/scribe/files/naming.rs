//! How files are named, which one is next, and when.
//!
//! ```text
//! FOLDER/[SUB/]BASE_NNNNN                    never rotated by time
//! FOLDER/[SUB/]BASE-YYYY-MM-DD_NNNNN         rotated by time: numbers begin anew each day
//! FOLDER/[SUB/]BASE_current                  a link to the newest
//! FOLDER/[SUB/]BASE_torn                     what was behind the last end of a line
//! FOLDER/CATEGORY/[SUB/]CATEGORY_NNNNN       of a store that was made after another one
//! ```
//! All of it is a function of the time of day, which is UTC, and of the names in the folder: a day is as long as any other, no hour is
//! there twice, and what a file is called does not depend on where the machine stands. (scribe takes the machine's zone.)

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::scribe::config::settings::{FileStore, Period, Rotation};
use crate::scribe::config::word::FileWord;

/// A second of UTC, as seconds since the beginning of 1970; leap seconds are not counted. The last is that of the year 9999.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Second(u64);

impl Second {
    /// So many seconds after the beginning of 1970, or the last.
    #[must_use]
    pub const fn of(since_1970: u64) -> Self {
        match since_1970 > LAST {
            true => Self(LAST),
            false => Self(since_1970),
        }
    }

    /// Year, month and day, the latter two from 1.
    #[must_use]
    pub const fn date(self) -> (u64, u64, u64) {
        // Days are counted from the first of March of the year 0, so that a leap day is the last of its year; 400 years are a round of
        // 146,097 days. See Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
        let days = self.0 / DAY + 719_468;
        let (round, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, later) = match month < 10 {
            true => (month + 3, 0),
            false => (month - 9, 1),
        };
        (round * 400 + year + later, month, day)
    }

    /// The hour of the day, from 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u64 {
        self.0 % DAY / HOUR
    }

    /// The minute of the hour, from 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u64 {
        self.0 % HOUR / MINUTE
    }

    /// Seconds since the beginning of 1970.
    #[must_use]
    pub const fn since_1970(self) -> u64 {
        self.0
    }

    /// How many rounds of `length` seconds have begun by now, of which each begins `offset` seconds late.
    const fn round(self, length: u64, offset: u64) -> u64 {
        // One round more, lest the first one begins before the count.
        (self.0 + length - offset) / length
    }
}

/// `2026-01-31`.
impl fmt::Display for Second {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Rotation {
    /// Whether a file that was begun then and has so many bytes now is to be followed by the next.
    ///
    /// Each mark on the clock between then and now counts, however long ago: a collector that was stopped at the hour of rotation does
    /// not wait for the next day's. A clock that was put back rotates nothing.
    #[must_use]
    pub fn is_due(&self, begun: Second, now: Second, file_bytes: u64) -> bool {
        let minute = u64::from(self.minute.min(59)) * MINUTE;
        let hour = u64::from(self.hour.min(23)) * HOUR;
        let by_time = match self.period {
            Period::Never => false,
            Period::Hourly => now.round(HOUR, minute) > begun.round(HOUR, minute),
            Period::Daily => now.round(DAY, hour + minute) > begun.round(DAY, hour + minute),
            Period::Every(span) => {
                now > begun && Duration::from_secs(now.0.saturating_sub(begun.0)) >= span
            }
        };
        by_time || self.file_bytes_max.is_some_and(|most| file_bytes > most)
    }
}

/// Where the files of a store are, and what they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    folder: PathBuf,
    base: FileWord,
    link: Option<String>,
    period: Period,
}

impl Names {
    /// Of a store that is as its rule describes it. `dir` is the collector's folder, `host` the name of its machine.
    #[must_use]
    pub fn of(store: &FileStore, category: &FileWord, dir: &Path, host: &FileWord) -> Self {
        let base = store.base_name.as_ref().unwrap_or(category).clone();
        Self::new(store, folder_of(store, dir), base, host)
    }

    /// Of a store that was made after one, for a category: in a folder of its own.
    #[must_use]
    pub fn of_copy(store: &FileStore, category: &FileWord, dir: &Path, host: &FileWord) -> Self {
        let folder = folder_of(store, dir).join(category.as_str());
        Self::new(store, folder, category.clone(), host)
    }

    fn new(store: &FileStore, folder: PathBuf, base: FileWord, host: &FileWord) -> Self {
        let by_host = || store.by_host.then_some(host);
        let sub = store.sub_folder.as_ref().or_else(by_host);
        let link = store.link_name.as_ref().unwrap_or(&base);
        Self {
            folder: match sub {
                Some(sub) => folder.join(sub.as_str()),
                None => folder,
            },
            link: store.link.then(|| format!("{link}_current")),
            base,
            period: store.rotation.period,
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What all its files' names begin with, whatever the day: stores with one stem in one folder take each other's files for their own.
    #[must_use]
    pub fn stem(&self) -> &str {
        let base = self.base.as_str();
        match (&self.period, base.len().checked_sub(DATED.len())) {
            // Its files are those of a day of another store, which are named after the rest.
            (Period::Never, Some(at)) if base.get(at..).is_some_and(is_dated) => {
                base.get(..at).unwrap_or(base)
            }
            _ => base,
        }
    }

    /// What the link to the newest file is called, if there is to be one.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// What the file is called with what was cut off at the ends of others.
    #[must_use]
    pub fn torn(&self) -> String {
        format!("{}_torn", self.base)
    }

    /// What the file of this number is called that is begun on this day.
    #[must_use]
    pub fn file(&self, day: Second, number: u32) -> String {
        format!("{}{number:05}", self.start(day))
    }

    /// The number of a file of this day; `None` if the name is another's.
    #[must_use]
    pub fn number(&self, day: Second, name: &str) -> Option<u32> {
        let digits = name.strip_prefix(&self.start(day))?;
        let is_ours = digits.bytes().all(|byte| byte.is_ascii_digit())
            // A name that we would not write is not read either: it would be two names of one file.
            && (digits.len() == 5 || digits.len() > 5 && !digits.starts_with('0'));
        digits.parse().ok().filter(|_| is_ours)
    }

    /// The numbers of this day's files among these names, the oldest first.
    #[must_use]
    pub fn numbers<'a>(&self, day: Second, names: impl Iterator<Item = &'a str>) -> Vec<u32> {
        let mut numbers: Vec<u32> = names.filter_map(|name| self.number(day, name)).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The file to go on with when a store is opened: the newest of this day, or the first.
    #[must_use]
    pub fn newest<'a>(&self, now: Second, names: impl Iterator<Item = &'a str>) -> u32 {
        let newest = self.numbers(now, names).pop();
        newest.unwrap_or_else(|| self.first(now))
    }

    /// The file to begin behind those that there are; `None` if the numbers have come to their end.
    #[must_use]
    pub fn next<'a>(&self, now: Second, names: impl Iterator<Item = &'a str>) -> Option<u32> {
        let first = self.first(now);
        match self.numbers(now, names).pop() {
            Some(newest) => Some(newest.checked_add(1)?.max(first)),
            None => Some(first),
        }
    }

    /// Of files rotated every hour the number begins at the hour, so that with one in each hour it is the hour.
    fn first(&self, now: Second) -> u32 {
        match self.period {
            Period::Hourly => u32::try_from(now.hour()).unwrap_or_default(),
            Period::Never | Period::Daily | Period::Every(_) => 0,
        }
    }

    fn start(&self, day: Second) -> String {
        match self.period {
            Period::Never => format!("{}_", self.base),
            Period::Hourly | Period::Daily | Period::Every(_) => format!("{}-{day}_", self.base),
        }
    }
}

fn folder_of(store: &FileStore, dir: &Path) -> PathBuf {
    match &store.folder {
        Some(folder) => dir.join(folder),
        None => dir.to_owned(),
    }
}

fn is_dated(end: &str) -> bool {
    let mut pairs = end.bytes().zip(DATED.bytes());
    pairs.all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    })
}

/// The shape of a date in a name.
const DATED: &str = "-0000-00-00";
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// 9999-12-31 23:59:59.
const LAST: u64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(text: &str) -> FileWord {
        FileWord::of(text).expect("a word")
    }

    fn store(period: Period) -> FileStore {
        FileStore {
            rotation: Rotation {
                period,
                ..Rotation::default()
            },
            ..FileStore::default()
        }
    }

    fn names(period: Period) -> Names {
        Names::of(
            &store(period),
            &word("web"),
            Path::new("/log"),
            &word("ann"),
        )
    }

    /// 2026-11-22 12:26:51.
    const NOW: Second = Second(1_795_350_411);

    #[test]
    fn every_day_of_ten_thousand_years_has_its_date() {
        let mut due = (1970, 1, 1);
        for day in 0.. {
            let second = Second(day * DAY + day % DAY);
            if due.0 == 10_000 {
                assert_eq!(second.0 / DAY, LAST / DAY + 1);
                break;
            }
            assert_eq!(second.date(), due);
            let (year, month, last): (u64, u64, u64) = due;
            let is_leap =
                year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
            let length = match month {
                2 => 28 + u64::from(is_leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            due = match (last == length, month) {
                (false, _) => (year, month, last + 1),
                (true, 12) => (year + 1, 1, 1),
                (true, _) => (year, month + 1, 1),
            };
        }
        assert_eq!(NOW.to_string(), "2026-11-22");
        assert_eq!((NOW.hour(), NOW.minute()), (12, 26));
        assert_eq!(Second::of(u64::MAX).to_string(), "9999-12-31");
        assert_eq!(Second::of(u64::MAX).hour(), 23);
    }

    #[test]
    fn files_are_named_as_scribe_names_them() {
        for (period, file, odd) in [
            (Period::Never, "web_00007", "web_123456"),
            (
                Period::Hourly,
                "web-2026-11-22_00007",
                "web-2026-11-22_123456",
            ),
            (
                Period::Daily,
                "web-2026-11-22_00007",
                "web-2026-11-22_123456",
            ),
            (
                Period::Every(Duration::from_secs(1)),
                "web-2026-11-22_00007",
                "web-2026-11-22_123456",
            ),
        ] {
            let names = names(period);
            assert_eq!(names.file(NOW, 7), file);
            assert_eq!(names.file(NOW, 123_456), odd);
            assert_eq!(names.number(NOW, file), Some(7));
            assert_eq!(names.number(NOW, odd), Some(123_456));
            assert_eq!(names.link(), Some("web_current"));
            for other in [
                "",
                "web",
                "web_",
                "web_7",
                "web_000007",
                "web_+0007",
                "web_0000x",
                "xweb_00007",
                "web_current",
                "web_torn",
                "web_99999999999",
                "web-2026-11-21_00007",
                "web_00007.gz",
                "web_00007_00001",
                "web_٠٠٠٠٧",
            ] {
                assert_eq!(names.number(NOW, other), None, "{other}");
            }
        }
    }

    #[test]
    fn a_base_that_ends_in_a_date_is_the_one_before_it() {
        for (base, period, stem) in [
            ("web", Period::Never, "web"),
            ("web", Period::Daily, "web"),
            ("web-2026-11-22", Period::Never, "web"),
            ("web-2026-11-22", Period::Daily, "web-2026-11-22"),
            ("web-2026-11-2x", Period::Never, "web-2026-11-2x"),
            ("web_2026-11-22", Period::Never, "web_2026-11-22"),
            ("2026-11-22", Period::Never, "2026-11-22"),
            ("é2026-11-22", Period::Never, "é2026-11-22"),
        ] {
            let names = Names::of(&store(period), &word(base), Path::new("/log"), &word("ann"));
            assert_eq!(names.stem(), stem);
        }
    }

    #[test]
    fn folders_are_the_stores_and_of_copies_the_categories() {
        let mut store = FileStore {
            folder: Some("logs".into()),
            ..store(Period::Never)
        };
        let (dir, host) = (Path::new("/var"), word("ann"));
        let own = |store: &FileStore| Names::of(store, &word("web"), dir, &host);
        let copy = |store: &FileStore| Names::of_copy(store, &word("web"), dir, &host);
        assert_eq!(own(&store).folder(), Path::new("/var/logs"));
        assert_eq!(copy(&store).folder(), Path::new("/var/logs/web"));
        store.by_host = true;
        store.base_name = Some(word("all"));
        assert_eq!(own(&store).folder(), Path::new("/var/logs/ann"));
        assert_eq!(copy(&store).folder(), Path::new("/var/logs/web/ann"));
        assert_eq!(own(&store).file(NOW, 0), "all_00000");
        assert_eq!(copy(&store).file(NOW, 0), "web_00000");
        store.sub_folder = Some(word("sub"));
        store.folder = Some("/abs".into());
        assert_eq!(own(&store).folder(), Path::new("/abs/sub"));
        store.link_name = Some(word("newest"));
        assert_eq!(own(&store).link(), Some("newest_current"));
        store.link = false;
        assert_eq!(own(&store).link(), None);
        store.folder = None;
        store.sub_folder = None;
        store.by_host = false;
        assert_eq!(own(&store).folder(), Path::new("/var"));
    }

    #[test]
    fn the_next_file_is_behind_all_of_its_day() {
        let found = [
            "web_00001",
            "web_00009",
            "web-2026-11-22_00003",
            "web-2026-11-21_00050",
            "web_x",
        ];
        let found = || found.into_iter();
        for (period, newest, next) in [
            (Period::Never, 9, 10),
            (Period::Daily, 3, 4),
            (Period::Hourly, 3, 12),
        ] {
            assert_eq!(names(period).newest(NOW, found()), newest);
            assert_eq!(names(period).next(NOW, found()), Some(next));
        }
        let tomorrow = Second(NOW.0 + DAY);
        assert_eq!(names(Period::Daily).newest(tomorrow, found()), 0);
        assert_eq!(names(Period::Daily).next(tomorrow, found()), Some(0));
        assert_eq!(names(Period::Hourly).newest(tomorrow, found()), 12);
        let last = ["web_4294967295"];
        assert_eq!(names(Period::Never).next(NOW, last.into_iter()), None);
        let one_less = ["web_4294967294"];
        assert_eq!(
            names(Period::Never).next(NOW, one_less.into_iter()),
            Some(u32::MAX)
        );
    }

    fn rotation(period: Period) -> Rotation {
        Rotation {
            period,
            hour: 1,
            minute: 15,
            file_bytes_max: Some(100),
            on_open: false,
        }
    }

    #[test]
    fn a_file_is_followed_when_it_is_too_large() {
        for (bytes, is_due) in [(0, false), (99, false), (100, false), (101, true)] {
            let rotation = rotation(Period::Never);
            assert_eq!(rotation.is_due(NOW, NOW, bytes), is_due, "{bytes}");
        }
        let unbound = Rotation {
            file_bytes_max: None,
            ..rotation(Period::Never)
        };
        assert!(!unbound.is_due(Second(0), Second(LAST), u64::MAX));
    }

    #[test]
    fn a_file_is_followed_at_the_next_mark_of_the_clock() {
        let at =
            |day: u64, hour: u64, minute: u64| Second(day * DAY + hour * HOUR + minute * MINUTE);
        let daily = rotation(Period::Daily);
        for (begun, now, is_due) in [
            (at(9, 1, 15), at(9, 23, 59), false),
            (at(9, 1, 15), at(10, 1, 14), false),
            (at(9, 1, 15), at(10, 1, 15), true),
            (at(9, 1, 14), at(9, 1, 15), true),
            (at(9, 23, 0), at(10, 0, 30), false),
            (at(9, 23, 0), at(10, 2, 5), true),
            (at(9, 0, 0), at(30, 0, 0), true),
            (at(10, 2, 0), at(9, 0, 0), false),
            (at(0, 0, 0), at(0, 1, 14), false),
            (at(0, 0, 0), at(0, 1, 15), true),
        ] {
            assert_eq!(daily.is_due(begun, now, 0), is_due, "{begun:?} {now:?}");
        }
        let hourly = rotation(Period::Hourly);
        for (begun, now, is_due) in [
            (at(9, 1, 15), at(9, 2, 14), false),
            (at(9, 1, 15), at(9, 2, 15), true),
            (at(9, 1, 14), at(9, 1, 15), true),
            (at(9, 1, 15), at(10, 1, 15), true),
            (at(9, 2, 15), at(9, 1, 0), false),
        ] {
            assert_eq!(hourly.is_due(begun, now, 0), is_due, "{begun:?} {now:?}");
        }
        let every = rotation(Period::Every(Duration::from_secs(60)));
        for (seconds, is_due) in [(59, false), (60, true), (61, true)] {
            assert_eq!(every.is_due(NOW, Second(NOW.0 + seconds), 0), is_due);
        }
        assert!(!every.is_due(NOW, Second(0), 0));
    }

    proptest! {
        #[test]
        fn a_name_has_its_number_and_the_next_is_nobodys(
            base in "[a-z_0-9.-]{1,12}",
            at in 0..=LAST,
            numbers in prop::collection::vec(any::<u32>(), 0..8),
            hourly in any::<bool>(),
        ) {
            let period = if hourly { Period::Hourly } else { Period::Never };
            let base = FileWord::of(&base);
            prop_assume!(base.is_ok());
            let names = Names::of(&store(period), &base.expect("assumed"), Path::new("/log"), &word("ann"));
            let at = Second(at);
            let found: Vec<String> = numbers.iter().map(|number| names.file(at, *number)).collect();
            for (name, number) in found.iter().zip(&numbers) {
                prop_assert_eq!(names.number(at, name), Some(*number));
                prop_assert!(name.len() <= 255);
            }
            if let Some(next) = names.next(at, found.iter().map(String::as_str)) {
                prop_assert!(!found.contains(&names.file(at, next)));
            }
        }

        /// Whatever a client calls its category: its files are in the folder, or it is refused.
        #[test]
        fn no_category_leads_out_of_the_folder(category in any::<String>()) {
            if let Ok(category) = FileWord::of(&category) {
                let names = Names::of_copy(&store(Period::Never), &category, Path::new("/log"), &word("ann"));
                let path = names.folder().join(names.file(NOW, 0));
                let parts: Vec<_> = path.components().collect();
                prop_assert_eq!(parts.len(), 4, "{:?}", path);
                prop_assert!(parts.iter().skip(1).all(|part| matches!(part, std::path::Component::Normal(_))));
            }
        }

        #[test]
        fn rotation_has_an_answer_for_every_time(
            begun in 0..=LAST, now in 0..=LAST, hour in any::<u8>(), minute in any::<u8>(), bytes in any::<u64>()
        ) {
            for period in [Period::Hourly, Period::Daily, Period::Every(Duration::MAX)] {
                let rotation = Rotation { period, hour, minute, file_bytes_max: None, on_open: false };
                let is_due = rotation.is_due(Second(begun), Second(now), bytes);
                prop_assert!(!is_due || now > begun);
            }
        }
    }
}
