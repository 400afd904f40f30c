//! Spans of time and numbers of bytes, as people write and read them.

use std::time::Duration;

/// The span that `text` says: a whole number and a unit of [`SPANS`], with a space between them or none.
pub(super) fn span(text: &str) -> Option<Duration> {
    millis(scaled(text, &SPANS)?)
}

/// So many milliseconds, unless they are beyond the most that a span may be.
pub(super) fn millis(count: u64) -> Option<Duration> {
    let span = Duration::from_millis(count);
    (span <= SPAN_MAX).then_some(span)
}

/// The number of bytes that `text` says: a whole number and a unit of [`SIZES`].
pub(super) fn size(text: &str) -> Option<u64> {
    scaled(text, &SIZES)
}

/// A span by the largest unit that it is a whole number of.
pub(super) fn span_text(span: Duration) -> String {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    largest(millis, &SPANS)
}

/// A number of bytes by the largest unit that it is a whole number of.
pub(super) fn size_text(bytes: u64) -> String {
    largest(bytes, &SIZES)
}

fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(end)?;
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    let (_, scale) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*scale)
}

fn largest(count: u64, units: &[(&str, u64)]) -> String {
    let fits = |(_, scale): &&(&str, u64)| count >= *scale && count.is_multiple_of(*scale);
    match units.iter().rev().find(fits) {
        Some((name, scale)) => format!("{} {name}", count / scale),
        None => count.to_string(),
    }
}

/// What a wrong span is told.
pub(super) const SPAN_HELP: &str = "write a whole number with its unit, as in \"500ms\", \"10s\", \"5min\" or \"1h\", or a number of milliseconds; the most is 365 days";
/// What a wrong number of bytes is told.
pub(super) const SIZE_HELP: &str = "write a number of bytes, or a whole number with its unit, as in \"64KiB\", \"1MiB\" or \"1GiB\"";
const SPANS: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("min", 60_000), ("h", 3_600_000)];
const SIZES: [(&str, u64); 4] = [
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];
/// Far beyond what makes sense for a server, and far below what a clock cannot count.
const SPAN_MAX: Duration = Duration::from_hours(365 * 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_sizes_are_said_back() {
        for (text, millis, shown) in [
            ("500ms", 500, "500 ms"),
            ("10s", 10_000, "10 s"),
            ("90 s", 90_000, "90 s"),
            ("60s", 60_000, "1 min"),
            ("5min", 300_000, "5 min"),
            ("48h", 172_800_000, "48 h"),
            ("0s", 0, "0"),
        ] {
            let span = span(text).expect(text);
            assert_eq!(span, Duration::from_millis(millis));
            assert_eq!(span_text(span), shown);
        }
        assert_eq!(size("64KiB"), Some(65_536));
        assert_eq!(size("1 MiB"), Some(1 << 20));
        assert_eq!(size_text(65_536), "64 KiB");
        assert_eq!(size_text(65_537), "65537 B");
    }

    #[test]
    fn what_is_no_span_is_none() {
        for text in [
            "",
            "10",
            "s",
            "1.5s",
            "-1s",
            "10 sec",
            "10  s",
            "10S",
            "10s ",
            "99999999999999999999s",
            "18446744073709551615h",
        ] {
            assert_eq!(span(text), None, "{text}");
        }
        assert_eq!(size("1kB"), None);
        assert_eq!(size("17179869184GiB"), None, "2^64");
    }

    #[test]
    fn a_span_is_a_year_at_most() {
        assert!(span("8759h").is_some() && span("8760h").is_some());
        assert!(span("8761h").is_none() && millis(8760 * 3_600_000 + 1).is_none());
    }
}
