//! Texts that nobody wrote: each gives a configuration, or errors that name a line inside the file.

use std::fs;
use std::path::Path;

use oneloop::config::{Config, Format};
use proptest::prelude::*;
use proptest::sample::Index;

use super::{APPS, corpus};

pub(super) fn format_of(path: &Path) -> Format {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => Format::Toml,
        Some("json") => Format::Json,
        _ => panic!("{} is neither", path.display()),
    }
}

/// Parses a text; looks at what is told, if it is no configuration, and at the plan, if it is one.
fn look(text: &str, format: Format) -> Result<(), TestCaseError> {
    let result = Config::parse(text, "a.toml", format, &APPS);
    let lines = text.lines().count().max(1);
    let reports = match &result {
        Ok(config) => {
            prop_assert!(config.nodes().count() > 0);
            for node in config.nodes() {
                prop_assert!(node.limits.check().is_ok());
                prop_assert!(
                    !(node.net.is_empty() && node.root.is_none() && node.remotes.is_empty())
                );
                prop_assert!(APPS.contains(&&*node.app));
            }
            prop_assert!(config.plan().ends_with(" default\n"));
            config.warnings().iter().collect::<Vec<_>>()
        }
        Err(reports) => {
            prop_assert!(reports.iter().count() > 0);
            reports.iter().collect()
        }
    };
    for report in reports {
        let line = report.line().expect("a line") as usize;
        let width = text
            .lines()
            .nth(line - 1)
            .unwrap_or_default()
            .chars()
            .count();
        prop_assert!(line <= lines, "{report}\nin {text:?}");
        let column = report.column().expect("a column") as usize;
        prop_assert!(column <= width + 1, "{report}\nin {text:?}");
        prop_assert!(!report.message().is_empty() && !report.help().is_empty());
        let shown = report.to_string();
        prop_assert!(!shown.chars().any(|c| c == '\u{1b}'), "a control");
    }
    Ok(())
}

fn good() -> impl Strategy<Value = (String, Format)> {
    let files: Vec<(String, Format)> = corpus::files("good")
        .iter()
        .map(|path| (fs::read_to_string(path).expect("a file"), format_of(path)))
        .collect();
    prop::sample::select(files)
}

/// Words and marks of both languages, and of ours.
const SOUP: [&str; 44] = [
    "[servers.gate]",
    "[servers.net]",
    "[cluster]",
    "servers",
    "gate",
    "net",
    "app",
    "host",
    "netport",
    "netlisten",
    "rootport",
    "rootlisten",
    "remoteport",
    "rootname",
    "limits",
    "secret",
    "secret_env",
    "links_max",
    "idle_timeout",
    "=",
    "=",
    ":",
    ".",
    ",",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "\"\"\"",
    "\n",
    "\n",
    " ",
    "0",
    "1000",
    "70000",
    "-1",
    "1e9",
    "\"10s\"",
    "null",
    "true",
    "\u{1b}",
    "é",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_ends_in_a_verdict(text in "(?s).{0,200}") {
        look(&text, Format::Toml)?;
        look(&text, Format::Json)?;
    }

    #[test]
    fn any_soup_of_words_ends_in_a_verdict(words in prop::collection::vec(prop::sample::select(&SOUP[..]), 0..60)) {
        let text = words.concat();
        look(&text, Format::Toml)?;
        look(&text, Format::Json)?;
    }

    #[test]
    fn any_change_of_a_good_file_ends_in_a_verdict(
        (text, format) in good(),
        changes in prop::collection::vec((any::<Index>(), 0..12_usize, prop::sample::select(&SOUP[..])), 1..4),
    ) {
        let mut letters: Vec<char> = text.chars().collect();
        for (at, removed, word) in changes {
            let start = at.index(letters.len() + 1);
            let end = (start + removed).min(letters.len());
            letters.splice(start..end, word.chars());
        }
        look(&letters.iter().collect::<String>(), format)?;
    }

    #[test]
    fn any_two_lines_of_a_good_file_change_places(
        (text, format) in good(), one in any::<Index>(), other in any::<Index>(), twice in any::<bool>(),
    ) {
        let mut lines: Vec<&str> = text.lines().collect();
        let (one, other) = (one.index(lines.len()), other.index(lines.len()));
        if twice {
            lines.insert(one, lines[other]);
        } else {
            lines.swap(one, other);
        }
        look(&lines.join("\n"), format)?;
    }
}

#[test]
fn every_beginning_of_a_good_file_ends_in_a_verdict() {
    for path in corpus::files("good") {
        let text = fs::read_to_string(&path).expect("a file");
        for (end, _) in text.char_indices() {
            look(&text[..end], format_of(&path)).expect("a verdict");
        }
    }
}

#[test]
fn hostile_texts_end_in_a_verdict_however_long() {
    for piece in [
        "[",
        "{",
        "a.",
        "[[a]]\n",
        "a={",
        "\"",
        "secret",
        "secret_env ",
        "{\"a\":",
        "'''\n",
        "[servers.a]\n",
        "[servers.\"\u{1b}\"]\n",
        "\n",
        " ",
        "#",
        "é",
        "\\u",
        "{\"\":0,",
    ] {
        // Four times the length takes four times as long: that is looked at by hand, for a busy machine would make it fail.
        for bytes in [1 << 10, 1 << 17] {
            let text = piece.repeat(bytes / piece.len());
            look(&text, Format::Toml).expect("a verdict");
            look(&text, Format::Json).expect("a verdict");
        }
    }
}
