//! Each file of the corpus says what is told of it, in comments such as
//!
//! ```text
//! # expect: error 3:5 duplicate field id 2
//! # expect: error base.thrift 1:9 expected a type
//! ```
//! severity, file if it is another, line and column, and a part of the message. Nothing else may be told. Files in `valid` have no
//! errors, those in `invalid` have some.

use std::fs;
use std::path::{Path, PathBuf};

use oneloop::idl::{self, Options, Report, Severity};

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/idl/corpus")
}

pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = self::folder().join(folder);
    let entries = fs::read_dir(folder).expect("the corpus");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

pub(crate) fn options() -> Options {
    Options {
        include_dirs: vec![
            folder().join("no_such_folder"),
            folder().join("shared/dirs"),
        ],
        ..Options::default()
    }
}

#[test]
fn every_valid_file_gives_a_model_and_the_warnings_it_expects() {
    let files = files("valid");
    assert!(files.len() >= 45, "{} files", files.len());
    let mut faults = Vec::new();
    for file in files {
        match idl::load(&file, &options()) {
            Ok((_, warnings)) => compare(&file, &warnings.iter().collect::<Vec<_>>(), &mut faults),
            Err(reports) => faults.push(reports.to_string()),
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_invalid_file_is_refused_for_the_reasons_it_expects() {
    let files = files("invalid");
    assert!(files.len() >= 65, "{} files", files.len());
    let mut faults = Vec::new();
    for file in files {
        match idl::load(&file, &options()) {
            Ok(_) => faults.push(format!("{} is taken", file.display())),
            Err(reports) => {
                assert!(
                    reports
                        .iter()
                        .all(|report| report.severity() == Severity::Warning
                            || !report.help().is_empty()),
                    "every error says the mend"
                );
                compare(&file, &reports.iter().collect::<Vec<_>>(), &mut faults);
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn compare(file: &Path, told: &[&Report], faults: &mut Vec<String>) {
    let text = fs::read_to_string(file).expect("text");
    let mut expected: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# expect: "))
        .map(|line| parts(file, line))
        .collect();
    for report in told {
        let place = format!(
            "{} {} {}:{}",
            match report.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            report
                .file()
                .file_name()
                .unwrap_or_default()
                .to_string_lossy(),
            report.line().unwrap_or_default(),
            report.column().unwrap_or_default()
        );
        let found = expected
            .iter()
            .position(|(at, part)| *at == place && report.message().contains(part.as_str()));
        match found {
            Some(index) => {
                expected.swap_remove(index);
            }
            None => faults.push(format!("{place} not expected: {}", report.message())),
        }
    }
    for (place, part) in expected {
        faults.push(format!("{place} not told: {part}"));
    }
}

/// The place, with the file's name in any case, and the part of the message.
fn parts(file: &Path, line: &str) -> (String, String) {
    let mut words = line.splitn(3, ' ');
    let mut next = || words.next().expect("severity, place, message").to_owned();
    let (severity, second, rest) = (next(), next(), next());
    if second.ends_with(".thrift") {
        let (at, message) = rest.split_once(' ').expect("a message");
        return (format!("{severity} {second} {at}"), message.to_owned());
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    (format!("{severity} {name} {second}"), rest)
}
