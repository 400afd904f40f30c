//! How a collector is: what an operator asks at three in the morning.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::time::Duration;

use oneloop::fb303::FbStatus;
use oneloop::thrift::BlockingLimits;

use crate::scribe::client::connect;
use crate::scribe::collector::trouble::Moment;

/// How a collector is. Any server of fb303's is shown as far as it tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// What it calls itself, and its version.
    pub name: String,
    /// How it says that it is.
    pub status: Option<FbStatus>,
    /// Why.
    pub details: String,
    /// Since when it runs, in seconds since 1970.
    pub alive_since: Option<u64>,
    /// All that it counts.
    pub counters: BTreeMap<String, i64>,
}

/// Asks one.
///
/// # Errors
/// It is not there, or does not even say its status.
pub fn ask(address: &str) -> Result<Status, String> {
    let limits = BlockingLimits {
        connect_timeout: ANSWER_MAX,
        read_timeout: ANSWER_MAX,
        call_deadline: ANSWER_MAX,
        ..BlockingLimits::default()
    };
    let mut link = connect(address, limits)
        .map_err(|error| format!("{address} cannot be reached: {error}"))?;
    let status = link.get_status();
    let status = status.map_err(|error| format!("{address} does not say its status: {error}"))?;
    // Not all servers have all of these: what is missing is not shown.
    let name = link.get_name().unwrap_or_default();
    let version = link.get_version().unwrap_or_default();
    Ok(Status {
        name: format!("{name} {version}").trim().to_owned(),
        status: Some(status),
        details: link.get_status_details().unwrap_or_default(),
        alive_since: link
            .alive_since()
            .ok()
            .and_then(|it| u64::try_from(it).ok()),
        counters: link.get_counters().unwrap_or_default(),
    })
}

impl Status {
    /// 0 if it is alive, 2 if it says something else.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self.status {
            Some(FbStatus::ALIVE) => 0,
            _ => 2,
        }
    }

    fn of(&self, whose: &str, name: &str) -> Option<i64> {
        self.counters.get(&format!("{whose}:{name}")).copied()
    }

    /// All that have a counter of scribe's. A category may have a colon in it, a counter's name has none.
    fn categories(&self) -> BTreeSet<&str> {
        let named = self.counters.keys().filter_map(|key| key.rsplit_once(':'));
        let known = named.filter(|(_, name)| COLUMNS.iter().any(|(_, it, _)| it == name));
        let whose = known.map(|(whose, _)| whose);
        whose.filter(|whose| *whose != ALL).collect()
    }
}

/// Several lines, each with its end.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name.is_empty() {
            "a server"
        } else {
            &self.name
        };
        let status = self.status.unwrap_or_default();
        write!(f, "{} is {status}", printable(name))?;
        if let Some(since) = self.alive_since {
            write!(f, ", and runs since {}", Moment(since))?;
        }
        writeln!(f)?;
        if !self.details.is_empty() {
            writeln!(f, "last error  {}", printable(&self.details))?;
        }
        if let Some(bytes) = self.of(ALL, "disk left bytes") {
            writeln!(f, "disk left   {}", size(bytes))?;
        }
        for (told, name) in ASIDE {
            if let Some(count) = self.of(ALL, name).filter(|count| *count > 0) {
                writeln!(f, "{told:<11} {count} {name}")?;
            }
        }
        let mut rows = vec![COLUMNS.map(|(head, ..)| head.to_owned()).to_vec()];
        let shown = |whose: &str, label: &str| {
            let cells = COLUMNS.iter().map(|(_, name, show)| {
                let value = self.of(whose, name);
                value.map_or_else(|| "-".to_owned(), show)
            });
            std::iter::once(label.to_owned())
                .chain(cells)
                .collect::<Vec<_>>()
        };
        for row in &mut rows {
            row.insert(0, "category".to_owned());
        }
        for category in self.categories() {
            rows.push(shown(category, &printable(category)));
        }
        if rows.len() > 1 {
            rows.push(shown(ALL, "all"));
            writeln!(f)?;
            f.write_str(&table(&rows))?;
        }
        Ok(())
    }
}

/// Columns as wide as their widest cell, numbers to the right.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            _ = match index {
                0 => write!(text, "{cell:<width$}"),
                _ => write!(text, "  {cell:>width$}"),
            };
        }
        text.push('\n');
    }
    text
}

/// What others have written, on a terminal of ours: on one line, and without what moves the cursor.
fn printable(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).collect()
}

fn count(value: i64) -> String {
    value.to_string()
}

fn size(bytes: i64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut unit = 0;
    let mut tenths = u64::try_from(bytes).unwrap_or_default().saturating_mul(10);
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1000;
        unit += 1;
    }
    let name = units.get(unit).unwrap_or(&"");
    match unit {
        0 => format!("{} {name}", tenths / 10),
        _ => format!("{}.{} {name}", tenths / 10, tenths % 10),
    }
}

fn age(seconds: i64) -> String {
    let seconds = u64::try_from(seconds).unwrap_or_default();
    match seconds {
        0 => "-".to_owned(),
        1..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// A column's head, the counter that it shows, and how.
type Column = (&'static str, &'static str, fn(i64) -> String);

const COLUMNS: [Column; 8] = [
    ("a second", "messages per second", count),
    ("received", "received good", count),
    ("sent", "sent", count),
    ("requeued", "requeue", count),
    ("lost", "lost", count),
    ("queue", "queue bytes", size),
    ("unsent", "unsent bytes", size),
    ("oldest", "oldest unsent seconds", age),
];
/// What went another way than from a client into a store that keeps it.
const ASIDE: [(&str, &str); 6] = [
    ("passed over", "received bad"),
    ("passed over", "received blank category"),
    ("told later", "denied for rate"),
    ("told later", "denied for queue size"),
    ("not kept", "ignored"),
    ("damaged", "bytes lost"),
];
/// What scribe calls all categories.
const ALL: &str = "scribe_overall";
/// An answer is waited for so long.
const ANSWER_MAX: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_as_far_as_it_is_known() {
        let mut status = Status {
            name: "Scribe 0.1.0".into(),
            status: Some(FbStatus::WARNING),
            details: "web: the disk\nis full".into(),
            alive_since: Some(86_399),
            counters: BTreeMap::new(),
        };
        let head = "Scribe 0.1.0 is WARNING, and runs since 1970-01-01 23:59:59 UTC\nlast error  web: the disk is full\n";
        assert_eq!((status.to_string(), status.code()), (head.to_owned(), 2));
        for (name, value) in [
            ("loop:turns", 7),
            ("web:received good", 12),
            ("web:sent", 10),
            ("web:queue bytes", 1500),
            ("a:b:oldest unsent seconds", 7200),
            ("scribe_overall:received good", 12),
            ("scribe_overall:received bad", 3),
            ("scribe_overall:ignored", 4),
            ("scribe_overall:disk left bytes", 38_190_000_000),
        ] {
            status.counters.insert(name.into(), value);
        }
        assert_eq!(
            status.to_string(),
            format!(
                "{head}disk left   38.1 GB
passed over 3 received bad
not kept    4 ignored

category  a second  received  sent  requeued  lost   queue  unsent  oldest
a:b              -         -     -         -     -       -       -     2 h
web              -        12    10         -     -  1.5 kB       -       -
all              -        12     -         -     -       -       -       -
"
            )
        );
    }

    #[test]
    fn only_who_is_alive_is_well() {
        for (status, code) in [
            (FbStatus::ALIVE, 0),
            (FbStatus::STARTING, 2),
            (FbStatus::STOPPING, 2),
            (FbStatus::DEAD, 2),
            (FbStatus(17), 2),
        ] {
            let status = Status {
                status: Some(status),
                ..Status::default()
            };
            assert_eq!(status.code(), code);
        }
    }

    #[test]
    fn sizes_and_ages_are_short() {
        for (bytes, said) in [
            (-1, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_999, "999.9 kB"),
            (i64::MAX, "1844674.4 TB"),
        ] {
            assert_eq!(size(bytes), said);
        }
        for (seconds, said) in [(0, "-"), (119, "119 s"), (120, "2 min"), (172_800, "2 d")] {
            assert_eq!(age(seconds), said);
        }
    }
}
