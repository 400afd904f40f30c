//! What a block says, key by key: each value of the right kind and size, or an error at its place.

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::time::Duration;

use oneloop::report::{Desk, nearest};

use crate::scribe::config::measure;
use crate::scribe::config::tree::{Block, Key, Value};
use crate::scribe::config::word::FileWord;

/// In which format a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML, with names and units of our own. Every key has to be known.
    Toml,
    /// scribe's own. A key that nobody knows is a warning: scribe passes it over without one.
    Conf,
}

/// A key's name in TOML, and in scribe's format; empty where there is none.
pub(super) type Name = (&'static str, &'static str);

/// Takes what a block says, and knows in the end what nobody has taken.
pub(super) struct Reader<'a> {
    pub(super) desk: &'a mut Desk,
    pub(super) format: Format,
    pub(super) block: &'a Block,
    /// The keys that lead here: `store[2].primary`.
    pub(super) path: String,
    /// Whether it is not known what the block is, and so which keys it may have.
    pub(super) is_vague: bool,
    known: Vec<&'static str>,
    known_blocks: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        desk: &'a mut Desk,
        format: Format,
        block: &'a Block,
        path: impl Into<String>,
    ) -> Self {
        Self {
            desk,
            format,
            block,
            path: path.into(),
            is_vague: false,
            known: Vec::new(),
            known_blocks: Vec::new(),
        }
    }

    /// The block as it is, to read something else of it.
    pub(super) const fn block(&self) -> &'a Block {
        self.block
    }

    /// One for a block in this one.
    pub(super) fn inner<'i>(&'i mut self, block: &'i Block, name: &str) -> Reader<'i> {
        let path = self.path_of(name);
        Reader::new(self.desk, self.format, block, path)
    }

    /// The name of a key in this file's format.
    pub(super) const fn shown(&self, name: Name) -> &'static str {
        match self.format {
            Format::Toml => name.0,
            Format::Conf => name.1,
        }
    }

    pub(super) fn path_of(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    /// A key's value, if it is there. From then on its name is known.
    pub(super) fn take(&mut self, name: Name) -> Option<&'a Key> {
        let name = self.shown(name);
        if name.is_empty() {
            return None;
        }
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        self.block.key(name)
    }

    /// A block in this one, if it is there.
    pub(super) fn take_block(&mut self, name: &str) -> Option<&'a Block> {
        if !self.known_blocks.iter().any(|known| known == name) {
            self.known_blocks.push(name.to_owned());
        }
        let mut blocks = self.block.blocks.iter();
        blocks.find(|block| block.name == name)
    }

    /// Something is wrong with a key's value.
    pub(super) fn refuse(&mut self, key: &Key, message: impl Into<String>, help: &str) {
        let path = self.path_of(&key.name);
        self.desk.error_of(key.value_at, path, message, help);
    }

    fn wrong<T>(&mut self, key: &Key, what: &str, help: &str) -> Option<T> {
        let message = match &key.value {
            Value::Raw(text) | Value::Text(text) => format!("`{text}` is no {what}"),
            Value::Whole(number) => format!("{number} is no {what}"),
            other => format!("a {what} is due here, this is {}", other.kind()),
        };
        self.refuse(key, message, help);
        None
    }

    /// Something is missing in the block.
    pub(super) fn miss(&mut self, message: impl Into<String>, help: impl Into<String>) {
        let (at, path) = (self.block.at, self.path.clone());
        self.desk.error_of(at, path, message, help);
    }

    /// A whole number.
    pub(super) fn count(&mut self, name: Name, range: RangeInclusive<u64>) -> Option<u64> {
        let key = self.take(name)?;
        let found = match &key.value {
            Value::Raw(text) => measure::number(text),
            Value::Whole(number) => u64::try_from(*number).ok(),
            _ => None,
        };
        let help = format!(
            "write a whole number from {} to {}",
            range.start(),
            range.end()
        );
        match found.filter(|number| range.contains(number)) {
            Some(number) => Some(number),
            None => self.wrong(key, "number that can stand here", &help),
        }
    }

    /// A number of bytes, at least so many.
    pub(super) fn bytes(&mut self, name: Name, least: u64) -> Option<u64> {
        let key = self.take(name)?;
        let found = match &key.value {
            Value::Raw(text) => measure::number(text),
            Value::Text(text) => measure::size(text),
            Value::Whole(number) => u64::try_from(*number).ok(),
            _ => None,
        };
        let range = least..=BYTES_MAX;
        match found {
            Some(bytes) if range.contains(&bytes) => Some(bytes),
            Some(bytes) => {
                let message = format!("{bytes} bytes are out of bounds");
                let help = format!("write {least} at least, and {BYTES_MAX} at most");
                self.refuse(key, message, &help);
                None
            }
            None => {
                let help = match self.format {
                    Format::Toml => measure::SIZE_HELP,
                    Format::Conf => NUMBER_HELP,
                };
                self.wrong(key, "number of bytes", help)
            }
        }
    }

    /// A span of time; in scribe's format a number of units of so many milliseconds.
    pub(super) fn span(
        &mut self,
        name: Name,
        unit_millis: u64,
        least: Duration,
    ) -> Option<Duration> {
        let key = self.take(name)?;
        let found = match &key.value {
            Value::Raw(text) => measure::number(text)
                .and_then(|count| count.checked_mul(unit_millis))
                .and_then(measure::millis),
            Value::Text(text) => measure::span(text),
            _ => None,
        };
        match found {
            Some(span) if span >= least => Some(span),
            Some(_) => {
                let help = format!("{} is the least", measure::span_text(least));
                self.wrong(key, "time that can stand here", &help)
            }
            None => {
                let help = match (self.format, unit_millis) {
                    (Format::Toml, _) => measure::SPAN_HELP,
                    (Format::Conf, 1) => "write a number of milliseconds; the most is 365 days",
                    (Format::Conf, _) => "write a number of seconds; the most is 365 days",
                };
                self.wrong(key, "span of time", help)
            }
        }
    }

    /// Yes or no. scribe takes for no what it does not know, so that `true` is no; here it is refused.
    pub(super) fn flag(&mut self, name: Name) -> Option<bool> {
        let key = self.take(name)?;
        match &key.value {
            Value::Raw(text) if text == "yes" => Some(true),
            Value::Raw(text) if text == "no" => Some(false),
            Value::Flag(flag) => Some(*flag),
            _ => {
                let help = match self.format {
                    Format::Toml => "write `true` or `false`, without quotes",
                    Format::Conf => "write `yes` or `no`",
                };
                self.wrong(key, "answer to a question", help)
            }
        }
    }

    /// A share, from 0 to 1.
    pub(super) fn share(&mut self, name: Name) -> Option<f64> {
        let key = self.take(name)?;
        let found = match &key.value {
            Value::Raw(text) => text.parse().ok(),
            Value::Fraction(number) => Some(*number),
            Value::Whole(0) => Some(0.0),
            Value::Whole(1) => Some(1.0),
            _ => None,
        };
        match found.filter(|share| (0.0..=1.0).contains(share)) {
            Some(share) => Some(share),
            None => self.wrong(
                key,
                "share",
                "write a number from 0 to 1, such as 0.75, without quotes",
            ),
        }
    }

    /// A text with something in it, and its key.
    pub(super) fn text(&mut self, name: Name) -> Option<(&'a str, &'a Key)> {
        let key = self.take(name)?;
        match &key.value {
            Value::Raw(text) | Value::Text(text) if !text.is_empty() => Some((text, key)),
            Value::Raw(_) | Value::Text(_) => {
                self.refuse(key, "there is nothing", "write something, or leave it out");
                None
            }
            _ => self.wrong(key, "text", "write it in double quotes"),
        }
    }

    /// A part of a file's name.
    pub(super) fn word(&mut self, name: Name) -> Option<FileWord> {
        let (text, key) = self.text(name)?;
        match FileWord::of(text) {
            Ok(word) => Some(word),
            Err(fault) => {
                let message = format!("`{text}` is no part of a file's name: {fault}");
                self.refuse(key, message, "write a name without a folder");
                None
            }
        }
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(&mut self, name: Name, words: &[(&str, T)]) -> Option<T> {
        let (text, key) = self.text(name)?;
        if let Some((_, chosen)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*chosen);
        }
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let help = advice(text, &words, "write one of");
        self.refuse(key, format!("`{text}` is not known here"), &help);
        None
    }

    /// A key of scribe's that has no effect here.
    pub(super) fn pass_over(&mut self, name: &'static str, why: &str) {
        if let Some(key) = self.take(("", name)) {
            let path = self.path_of(name);
            self.desk
                .warning_of(key.at, path, format!("it is passed over: {why}"), "");
        }
    }

    /// A key of scribe's for something that this collector does not do.
    pub(super) fn out(&mut self, name: &'static str, what: &str, help: &str) {
        if let Some(key) = self.take(("", name)) {
            let path = self.path_of(name);
            let message = format!("{what} is no part of this collector");
            self.desk.error_of(key.at, path, message, help);
        }
    }

    /// Tells of the keys and blocks that nobody took.
    pub(super) fn finish(self) {
        let Self {
            desk,
            format,
            block,
            path,
            is_vague,
            known,
            known_blocks,
        } = self;
        if is_vague {
            return;
        }
        let dot = if path.is_empty() { "" } else { "." };
        for key in &block.keys {
            let name = key.name.as_str();
            // What a key with a type in front means is said where its store is read.
            let is_for_others = format == Format::Conf && name.contains("::");
            if known.contains(&name) || is_for_others {
                continue;
            }
            let shown = format!("{path}{dot}{name}");
            let help = advice(name, &known, "the keys here are");
            match format {
                Format::Toml => desk.error_of(key.at, shown, "there is no such key", help),
                Format::Conf => {
                    let message = "there is no such key here; it is passed over";
                    desk.warning_of(key.at, shown, message, help);
                }
            }
        }
        let names: Vec<&str> = known_blocks.iter().map(String::as_str).collect();
        let mut seen: Vec<&str> = Vec::new();
        for inner in &block.blocks {
            let name = inner.name.as_str();
            let (message, help) = if !names.contains(&name) {
                let help = match names.is_empty() {
                    true => "take it out".to_owned(),
                    false => advice(name, &names, "those that may stand here are"),
                };
                ("nothing of this name can stand here", help)
            } else if seen.contains(&name) && !(path.is_empty() && name == "store") {
                ("it is here twice", "keep one of the two".to_owned())
            } else {
                seen.push(name);
                continue;
            };
            desk.error_of(inner.at, format!("{path}{dot}{name}"), message, help);
        }
    }
}

/// What somebody meant, or else what there is.
pub(super) fn advice(name: &str, known: &[&str], otherwise: &str) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let mut help = format!("{otherwise}: ");
            for (index, name) in known.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                _ = write!(help, "{comma}{name}");
            }
            help
        }
    }
}

/// 1 PiB: beyond any disk's file.
const BYTES_MAX: u64 = 1 << 50;
const NUMBER_HELP: &str =
    "write a whole number: decimal, with `0x` in front hexadecimal, with `0` in front octal";
