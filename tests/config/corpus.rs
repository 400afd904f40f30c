//! What is told of each file of the folders `good` and `bad`, compared with what is kept beside it: the warnings and the plan of a good
//! one, the errors of a bad one.
//!
//! `ONELOOP_CONFIG_GOLDEN=1 cargo test --test config corpus` writes them anew.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use oneloop::config::{Config, Reports};

use super::APPS;

/// The files of a folder of the corpus, by name.
pub(super) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/config")
        .join(folder);
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension != "told")
        })
        .collect();
    files.sort();
    files
}

/// Parses a file under its own name, so that what is told is the same on every machine.
fn parse(path: &Path) -> Result<Config, Reports> {
    let text = fs::read_to_string(path).expect("a file");
    let format = super::hostile::format_of(path);
    Config::parse(&text, path.file_name().expect("a name"), format, &APPS)
}

fn told(result: &Result<Config, Reports>) -> String {
    match result {
        Ok(config) => {
            let mut told = String::new();
            for warning in config.warnings() {
                writeln!(told, "{warning}\n").expect("a text");
            }
            told + &config.plan()
        }
        Err(reports) => format!("{reports}\n"),
    }
}

#[test]
fn what_is_told_of_each_file_is_what_is_kept() {
    let anew = env::var_os("ONELOOP_CONFIG_GOLDEN").is_some();
    let mut faults = Vec::new();
    for (folder, is_good) in [("good", true), ("bad", false)] {
        let files = files(folder);
        assert!(files.len() > 3, "{folder} was found");
        for path in files {
            let result = parse(&path);
            assert_eq!(
                result.is_ok(),
                is_good,
                "{}:\n{}",
                path.display(),
                told(&result)
            );
            let kept = path.with_added_extension("told");
            if anew {
                fs::write(&kept, told(&result)).expect("a folder");
            }
            if fs::read_to_string(&kept).ok().as_ref() != Some(&told(&result)) {
                faults.push(format!("{}:\n{}", path.display(), told(&result)));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "not as kept; if that is meant, run again with ONELOOP_CONFIG_GOLDEN=1:\n{}",
        faults.join("\n")
    );
}

#[test]
fn no_secret_is_told() {
    // Whatever is secret in the corpus has this word in it.
    for folder in ["good", "bad"] {
        for path in files(folder) {
            let result = parse(&path);
            let told = told(&result) + &format!("{result:?}");
            assert!(!told.contains("hunter2"), "{}:\n{told}", path.display());
        }
    }
}
