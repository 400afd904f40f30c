//! What was measured, for a person to read.

use std::fmt;
use std::time::Duration;

use crate::load::measured::Measured;
use crate::load::plan::Plan;

/// What was measured, for a person to read.
#[derive(Debug)]
pub struct Table<'a> {
    /// What the run was to be.
    pub plan: &'a Plan,
    /// What it was.
    pub measured: &'a Measured,
}

/// What is shown of the latencies: the name, and the share of replies that took no longer.
pub const PERCENTILES: [(&str, f64); 4] =
    [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan, measured } = self;
        writeln!(f, "load        {plan}")?;
        writeln!(
            f,
            "measured    {:.3} s, after {:.3} s of warm-up",
            measured.span().as_secs_f64(),
            plan.warm_up.as_secs_f64()
        )?;
        writeln!(
            f,
            "replies     {}, every byte as asked",
            grouped(measured.replies())
        )?;
        let bytes_per_s = measured.rate() * plan.body_bytes as f64;
        writeln!(
            f,
            "throughput  {} replies/s, {:.1} MB/s of bodies each way",
            grouped(measured.rate().round() as u64),
            bytes_per_s / 1e6
        )?;
        let percentiles = PERCENTILES.map(|(name, share)| (name, measured.quantile(share)));
        let columns = [("mean", measured.mean())]
            .into_iter()
            .chain(percentiles)
            .chain([("max", measured.most())]);
        let (mut names, mut values) = (String::from("latency"), String::from("       "));
        for (name, latency) in columns {
            let value = latency.map_or_else(|| "-".into(), span);
            names += &format!("{name:>11}");
            values += &format!("{value:>11}");
        }
        write!(f, "{names}\n{values}")
    }
}

/// A number whose thousands are set apart.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A latency in three digits, with its unit.
#[must_use]
pub fn span(span: Duration) -> String {
    let nanos = span.as_nanos() as f64;
    let (value, unit) = match nanos {
        nanos if nanos < 999.5 => return format!("{nanos:.0} ns"),
        nanos if nanos < 999.5e3 => (nanos / 1e3, "us"),
        nanos if nanos < 999.5e6 => (nanos / 1e6, "ms"),
        nanos => (nanos / 1e9, "s"),
    };
    let places = match value {
        value if value < 9.995 => 2,
        value if value < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.places$} {unit}")
}

#[cfg(test)]
mod tests {
    use oneloop::DataPack;

    use super::*;

    fn plan() -> Plan {
        Plan {
            server: "127.0.0.1:7000".parse().expect("an address"),
            codec: DataPack::default(),
            command: 1,
            connections: 50,
            in_flight: 16,
            body_bytes: 64,
            warm_up: Duration::from_secs(1),
            measured: Duration::from_secs(3),
            deadline: Duration::from_secs(5),
        }
    }

    #[test]
    fn what_was_measured_is_all_there() {
        let mut measured = Measured::default();
        measured.record(Duration::from_micros(100), 900_000);
        measured.record(Duration::from_millis(3), 100_000);
        measured.set_span(Duration::from_secs(2));
        let table = Table {
            plan: &plan(),
            measured: &measured,
        };
        let expected = "\
load        50 connections, 16 in flight on each, 64-byte bodies
measured    2.000 s, after 1.000 s of warm-up
replies     1,000,000, every byte as asked
throughput  500,000 replies/s, 32.0 MB/s of bodies each way
latency       mean        p50        p90        p99      p99.9        max
            390 us     100 us     100 us    3.00 ms    3.00 ms    3.00 ms";
        assert_eq!(table.to_string(), expected);
    }

    #[test]
    fn of_nothing_there_is_a_table_too() {
        let table = Table {
            plan: &plan(),
            measured: &Measured::default(),
        };
        let text = table.to_string();
        assert!(text.contains("replies     0,") && text.contains("0 replies/s"));
        assert!(text.ends_with("          -          -"), "{text}");
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (123_456, "123,456"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_latency_has_three_digits_and_the_unit_that_suits_it() {
        for (nanos, text) in [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_000, "1.00 us"),
            (9_994, "9.99 us"),
            (9_996, "10.0 us"),
            (99_960, "100 us"),
            (999_600, "1.00 ms"),
            (12_345_678, "12.3 ms"),
            (999_700_000, "1.00 s"),
            (61_000_000_000, "61.0 s"),
            (3_600_000_000_000, "3600 s"),
        ] {
            assert_eq!(span(Duration::from_nanos(nanos)), text);
        }
    }
}
