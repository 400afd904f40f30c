//! The limits of a node by their names: what a file may set, and how it reads.

use std::time::Duration;

use super::measure;
use super::tree::Value;
use crate::context::Limits;
use crate::report::Span;

/// A limit that a file may set.
pub(super) struct Limit {
    pub(super) name: &'static str,
    field: Field,
}

/// Where it is in [`Limits`], and so of what kind it is.
enum Field {
    Count(fn(&mut Limits) -> &mut usize),
    Short(fn(&mut Limits) -> &mut u32),
    Bytes(fn(&mut Limits) -> &mut usize),
    Span(fn(&mut Limits) -> &mut Duration),
    /// One that may be `"never"`.
    Patience(fn(&mut Limits) -> &mut Option<Duration>),
}

/// A limit that was set, by which key.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) limit: &'static Limit,
    amount: Amount,
    /// Where its value stands.
    pub(super) at: Span,
    pub(super) key: String,
}

#[derive(Clone, Copy)]
enum Amount {
    Count(usize),
    Short(u32),
    Span(Duration),
    Never,
}

impl Limit {
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        LIMITS.iter().find(|limit| limit.name == name)
    }

    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        LIMITS.iter().map(|limit| limit.name)
    }

    /// The setting that a value makes, or how to write one.
    pub(super) fn read(
        &'static self,
        value: &Value,
        at: Span,
        key: &str,
    ) -> Result<Setting, &'static str> {
        let whole = match value {
            Value::Whole(number) => u64::try_from(*number).ok(),
            _ => None,
        };
        let text = match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let span = || {
            let written = text.and_then(measure::span);
            written.or_else(|| whole.and_then(measure::millis))
        };
        let size = |number: u64| usize::try_from(number).ok().map(Amount::Count);
        let (amount, help) = match self.field {
            Field::Count(_) => (
                whole.and_then(size),
                "write a whole number, as in 1000, without quotes",
            ),
            Field::Short(_) => (
                whole.and_then(|n| u32::try_from(n).ok().map(Amount::Short)),
                "write a whole number below 2^32, as in 1000, without quotes",
            ),
            Field::Bytes(_) => {
                let bytes = text.and_then(measure::size).or(whole);
                (bytes.and_then(size), measure::SIZE_HELP)
            }
            Field::Span(_) => (span().map(Amount::Span), measure::SPAN_HELP),
            Field::Patience(_) if text == Some("never") => (Some(Amount::Never), ""),
            Field::Patience(_) => (span().map(Amount::Span), measure::SPAN_HELP),
        };
        match amount {
            Some(amount) => Ok(Setting {
                limit: self,
                amount,
                at,
                key: key.to_owned(),
            }),
            None => Err(help),
        }
    }

    fn restore(&self, limits: &mut Limits) {
        let defaults = &mut Limits::default();
        match self.field {
            Field::Count(field) | Field::Bytes(field) => *field(limits) = *field(defaults),
            Field::Short(field) => *field(limits) = *field(defaults),
            Field::Span(field) => *field(limits) = *field(defaults),
            Field::Patience(field) => *field(limits) = *field(defaults),
        }
    }

    fn text(&self, limits: &mut Limits) -> String {
        match self.field {
            Field::Count(field) => field(limits).to_string(),
            Field::Short(field) => field(limits).to_string(),
            Field::Bytes(field) => {
                measure::size_text(u64::try_from(*field(limits)).unwrap_or(u64::MAX))
            }
            Field::Span(field) => measure::span_text(*field(limits)),
            Field::Patience(field) => field(limits).map_or("never".into(), measure::span_text),
        }
    }
}

impl Setting {
    fn apply(&self, limits: &mut Limits) {
        match (&self.limit.field, self.amount) {
            (Field::Count(field) | Field::Bytes(field), Amount::Count(amount)) => {
                *field(limits) = amount;
            }
            (Field::Short(field), Amount::Short(amount)) => *field(limits) = amount,
            (Field::Span(field), Amount::Span(amount)) => *field(limits) = amount,
            (Field::Patience(field), Amount::Span(amount)) => *field(limits) = Some(amount),
            (Field::Patience(field), Amount::Never) => *field(limits) = None,
            // `Limit::read` makes no other pair.
            _ => {}
        }
    }
}

/// The defaults with these settings, of which later ones win; and the settings that contradict others or themselves, each with what
/// [`Limits::check`] says. Limits that contradict are as by default then.
pub(super) fn settle(settings: &[Setting]) -> (Limits, Vec<(Setting, String)>) {
    let mut limits = Limits::default();
    for setting in settings {
        setting.apply(&mut limits);
    }
    let mut faults = Vec::new();
    // Each round puts one limit back to its default at least, and the defaults are consistent.
    for _ in &LIMITS {
        let Err(misuse) = limits.check() else { break };
        let message = misuse.to_string();
        let words: Vec<&str> = message
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .collect();
        let named = LIMITS.iter().filter(|limit| words.contains(&limit.name));
        for limit in named {
            limit.restore(&mut limits);
        }
        // The last one set is the one that found the others as they were.
        let last = settings
            .iter()
            .filter(|setting| words.contains(&setting.limit.name))
            .max_by_key(|setting| setting.at.start);
        if let Some(setting) = last {
            faults.push((setting.clone(), message));
        }
    }
    (limits, faults)
}

/// The limits that differ from the defaults, by name and value, in the order of [`Limits`].
pub(super) fn unusual(limits: &Limits) -> Vec<(&'static str, String)> {
    let mut limits = limits.clone();
    let mut defaults = Limits::default();
    let mut found = Vec::new();
    for limit in &LIMITS {
        let text = limit.text(&mut limits);
        if text != limit.text(&mut defaults) {
            found.push((limit.name, text));
        }
    }
    found
}

macro_rules! limit {
    ($kind:ident $($path:ident).+, $name:literal) => {
        Limit { name: $name, field: Field::$kind(|limits| &mut limits.$($path).+) }
    };
}

static LIMITS: [Limit; 25] = [
    limit!(Count links_max, "links_max"),
    limit!(Bytes buffered_bytes_max, "buffered_bytes_max"),
    limit!(Short accepts_per_turn_max, "accepts_per_turn_max"),
    limit!(Short posts_per_turn_max, "posts_per_turn_max"),
    limit!(Count posts_max, "posts_max"),
    limit!(Short timers_per_turn_max, "timers_per_turn_max"),
    limit!(Short continuations_per_turn_max, "continuations_per_turn_max"),
    limit!(Count worker_threads_max, "worker_threads_max"),
    limit!(Count worker_queue_max, "worker_queue_max"),
    limit!(Span drain_deadline, "drain_deadline"),
    limit!(Span turn_warn, "turn_warn"),
    limit!(Bytes link.frame_bytes_max, "frame_bytes_max"),
    limit!(Bytes link.frame_out_bytes_max, "frame_out_bytes_max"),
    limit!(Short link.frames_per_turn_max, "frames_per_turn_max"),
    limit!(Bytes link.read_bytes_per_turn_max, "read_bytes_per_turn_max"),
    limit!(Bytes link.outbox_bytes_low, "outbox_bytes_low"),
    limit!(Bytes link.outbox_bytes_high, "outbox_bytes_high"),
    limit!(Bytes link.outbox_bytes_max, "outbox_bytes_max"),
    limit!(Short link.calls_max, "calls_max"),
    limit!(Span link.call_deadline, "call_deadline"),
    limit!(Span link.frame_deadline, "frame_deadline"),
    limit!(Patience link.idle_timeout, "idle_timeout"),
    limit!(Span link.write_deadline, "write_deadline"),
    limit!(Span link.connect_deadline, "connect_deadline"),
    limit!(Span link.close_deadline, "close_deadline"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, value: Value) -> Result<Setting, &'static str> {
        let limit = Limit::find(name).expect(name);
        limit.read(&value, Span::default(), name)
    }

    #[test]
    fn every_limit_has_its_own_name_and_place() {
        // The debug text has each field by name: a limit added later is missed here.
        let defaults = format!("{:?}", Limits::default());
        let fields: Vec<&str> = defaults
            .split(['{', ' '])
            .filter_map(|word| word.strip_suffix(':'))
            .filter(|word| *word != "link")
            .collect();
        assert_eq!(fields, Limit::names().collect::<Vec<_>>());
        for limit in &LIMITS {
            let value = match limit.field {
                Field::Span(_) | Field::Patience(_) => Value::Text("7h".into()),
                _ => Value::Whole(300_007),
            };
            let mut limits = Limits::default();
            set(limit.name, value).expect("fits").apply(&mut limits);
            let shown = unusual(&limits);
            assert_eq!(shown.len(), 1, "{}", limit.name);
            assert_eq!(shown[0].0, limit.name);
            assert!(format!("{limits:?}").contains(&format!("{}: ", limit.name)));
            limit.restore(&mut limits);
            assert_eq!(limits, Limits::default());
        }
    }

    #[test]
    fn values_of_a_wrong_kind_or_size_are_refused_with_the_mend() {
        for (name, value) in [
            ("links_max", Value::Text("5".into())),
            ("links_max", Value::Whole(-1)),
            ("calls_max", Value::Whole(1 << 32)),
            ("frame_bytes_max", Value::Text("64".into())),
            ("frame_bytes_max", Value::Null),
            ("call_deadline", Value::Text("soon".into())),
            ("call_deadline", Value::Text("never".into())),
            ("idle_timeout", Value::Whole(i64::MAX)),
        ] {
            assert!(
                set(name, value.clone()).is_err_and(|help| help.starts_with("write ")),
                "{value:?}"
            );
        }
        assert!(set("calls_max", Value::Whole((1 << 32) - 1)).is_ok());
        let mut limits = Limits::default();
        for (value, set_to) in [
            (Value::Whole(5), Some(Duration::from_millis(5))),
            (Value::Text("never".into()), None),
        ] {
            set("idle_timeout", value).expect("fits").apply(&mut limits);
            assert_eq!(limits.link.idle_timeout, set_to);
        }
    }

    #[test]
    fn all_contradictions_are_found() {
        let settings: Vec<Setting> = [
            ("links_max", 0),
            ("outbox_bytes_low", 1 << 20),
            ("call_deadline", 0),
            ("posts_max", 0),
        ]
        .map(|(name, number)| set(name, Value::Whole(number)).expect("fits"))
        .into();
        let (limits, faults) = settle(&settings);
        let names: Vec<&str> = faults.iter().map(|(s, _)| s.limit.name).collect();
        assert_eq!(
            names,
            [
                "links_max",
                "posts_max",
                "call_deadline",
                "outbox_bytes_low"
            ]
        );
        assert_eq!(limits, Limits::default());
    }
}
