//! Numbers, sizes and times, as the two formats write them and people read them.

use std::time::Duration;

use crate::scribe::config::settings::Period;

/// The number that a text says in scribe's format, which is C's: `0x` in front of hexadecimal digits, `0` in front of octal ones.
pub(super) fn number(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (digits, radix) = match lower.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None if lower.len() > 1 && lower.starts_with('0') => (lower.as_str(), 8),
        None => (lower.as_str(), 10),
    };
    // A sign is no digit.
    match digits.starts_with(['+', '-']) {
        true => None,
        false => u64::from_str_radix(digits, radix).ok(),
    }
}

/// The number of bytes that a text with a unit says.
pub(super) fn size(text: &str) -> Option<u64> {
    scaled(text, &SIZES)
}

/// The span that a text with a unit says, such as `500ms` or `5min`; `None` too if it is beyond a year.
#[must_use]
pub fn span(text: &str) -> Option<Duration> {
    millis(scaled(text, &SPANS)?)
}

/// So many milliseconds, unless that is more than a year.
pub(super) fn millis(count: u64) -> Option<Duration> {
    let span = Duration::from_millis(count);
    (span <= SPAN_MAX).then_some(span)
}

/// How often a file is followed by the next: `never`, `hourly`, `daily`, or a number with one of `s`, `m`, `h`, `d`, `w`, or nothing
/// for seconds.
pub(super) fn period(text: &str) -> Option<Period> {
    match text {
        "never" => Some(Period::Never),
        "hourly" => Some(Period::Hourly),
        "daily" => Some(Period::Daily),
        _ => {
            let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
            let unit = text.strip_prefix(digits)?;
            let (_, seconds) = PERIODS.iter().find(|(name, _)| *name == unit)?;
            let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            let count: u64 = digits.parse().ok().filter(|_| all_digits)?;
            let span = Duration::from_secs(count.checked_mul(*seconds)?);
            let fits = !span.is_zero() && span <= SPAN_MAX;
            fits.then_some(Period::Every(span))
        }
    }
}

/// A span by the largest unit that it is a whole number of.
pub(super) fn span_text(span: Duration) -> String {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    largest(millis, &SPANS)
}

/// A number of bytes, likewise.
pub(super) fn size_text(bytes: u64) -> String {
    match bytes {
        0 => "0 B".to_owned(),
        _ => largest(bytes, &SIZES),
    }
}

fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = text.split_at_checked(end)?;
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    let (_, scale) = units.iter().find(|(name, _)| *name == unit)?;
    digits.parse::<u64>().ok()?.checked_mul(*scale)
}

fn largest(count: u64, units: &[(&str, u64)]) -> String {
    let whole = units
        .iter()
        .filter(|(_, scale)| count >= *scale && count.is_multiple_of(*scale))
        .max_by_key(|(_, scale)| *scale);
    match whole {
        Some((name, scale)) => format!("{} {name}", count / scale),
        None => count.to_string(),
    }
}

/// How to write a size.
pub(super) const SIZE_HELP: &str = "write a number of bytes, or a whole number with its unit, as in \"64KiB\", \"5MB\" or \"1GiB\"";
/// How to write a span.
pub const SPAN_HELP: &str = "write a whole number with its unit, as in \"500ms\", \"10s\", \"5min\" or \"1h\"; the most is 365 days";
/// How to write a period.
pub(super) const PERIOD_HELP: &str = "write `never`, `hourly`, `daily`, or a number with one of the units s, m, h, d and w, as in `15m`; the most is 365 days";

const SPANS: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("min", 60_000), ("h", 3_600_000)];
const SIZES: [(&str, u64); 7] = [
    ("B", 1),
    ("kB", 1000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("GiB", 1 << 30),
];
const PERIODS: [(&str, u64); 6] = [
    ("", 1),
    ("s", 1),
    ("m", 60),
    ("h", 3600),
    ("d", 86_400),
    ("w", 604_800),
];
/// Beyond what makes sense for any of them, and far below what a clock cannot count.
const SPAN_MAX: Duration = Duration::from_hours(365 * 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_c_does() {
        for (text, value) in [
            ("0", Some(0)),
            ("10", Some(10)),
            ("0x1F", Some(31)),
            ("0X1f", Some(31)),
            ("017", Some(15)),
            ("00", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("0xffffffffffffffff", Some(u64::MAX)),
            ("08", None),
            ("0x", None),
            ("0x-1", None),
            ("-1", None),
            ("+1", None),
            ("1 ", None),
            ("1k", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(number(text), value, "{text:?}");
        }
    }

    #[test]
    fn sizes_and_spans_are_said_back() {
        for (text, bytes, shown) in [
            ("64KiB", 65_536, "64 KiB"),
            ("5MB", 5_000_000, "5 MB"),
            ("1 GB", 1_000_000_000, "1 GB"),
            ("20480B", 20_480, "20 KiB"),
            ("3B", 3, "3 B"),
            ("0B", 0, "0 B"),
        ] {
            assert_eq!(size(text), Some(bytes));
            assert_eq!(size_text(bytes), shown);
        }
        assert_eq!(span("5min"), Some(Duration::from_secs(300)));
        assert_eq!(span_text(Duration::from_secs(300)), "5 min");
        assert_eq!(span_text(Duration::from_millis(1500)), "1500 ms");
        for text in [
            "",
            "10",
            "s",
            "1.5s",
            "-1s",
            "10 sec",
            "8761h",
            "99999999999999999999s",
        ] {
            assert_eq!(span(text), None, "{text}");
        }
        assert!(span("8760h").is_some() && span("8759h").is_some());
        assert_eq!(size("17179869184GiB"), None);
    }

    #[test]
    fn periods_have_their_own_units() {
        let every = |seconds| Some(Period::Every(Duration::from_secs(seconds)));
        for (text, period_due) in [
            ("never", Some(Period::Never)),
            ("hourly", Some(Period::Hourly)),
            ("daily", Some(Period::Daily)),
            ("30", every(30)),
            ("30s", every(30)),
            ("15m", every(900)),
            ("2h", every(7200)),
            ("3d", every(259_200)),
            ("2w", every(1_209_600)),
            ("365d", every(31_536_000)),
            ("366d", None),
            ("0s", None),
            ("-1s", None),
            ("+1s", None),
            ("1x", None),
            ("1mm", None),
            ("m", None),
            ("", None),
            ("Daily", None),
            ("30500568904944w", None),
        ] {
            assert_eq!(period(text), period_due, "{text:?}");
        }
    }
}
