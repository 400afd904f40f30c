//! What is generated of some files, kept beside this file, compared with what is generated now, and compiled with these tests.
//!
//! `ONELOOP_IDL_GOLDEN=1 cargo test --test idl golden` writes them anew.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use oneloop::idl::{Binaries, Config, Containers};

use super::corpus;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/idl/golden")
}

/// With the folder in which the files of each are kept.
fn configs() -> Vec<(&'static str, Config)> {
    let config = |files: &[&str]| {
        let options = corpus::options();
        let mut config = Config::new().options(options).clients(false);
        for file in files {
            config = config.input(corpus::folder().join(file));
        }
        config
    };
    vec![
        ("plain", config(&PLAIN)),
        ("shared", config(&["shared/all_types.thrift"]).shared(true)),
        (
            "hashed",
            config(&["shared/all_types.thrift"])
                .maps(Containers::Hashed)
                .sets(Containers::Hashed)
                .binaries(Binaries::Shared),
        ),
    ]
}

#[test]
fn what_is_generated_is_what_is_kept() {
    let anew = env::var_os("ONELOOP_IDL_GOLDEN").is_some();
    let mut faults = Vec::new();
    for (folder, config) in configs() {
        let config = config.out_dir(golden().join(folder));
        let generated = match config.generate() {
            Ok((generated, _)) => generated,
            Err(reports) => panic!("{reports}"),
        };
        if anew {
            config.write(&generated).expect("a folder");
        }
        let stale = config.stale(&generated).expect("a folder");
        faults.extend(
            stale
                .iter()
                .map(|file| format!("{folder}/{}", file.file_name)),
        );
        let kept = fs::read_dir(golden().join(folder)).expect("a folder");
        for entry in kept {
            let name = entry.expect("an entry").file_name();
            if !generated.iter().any(|file| *file.file_name == *name) {
                faults.push(format!("{folder}/{} is not generated", name.display()));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "not as kept; if that is meant, run again with ONELOOP_IDL_GOLDEN=1:\n{}",
        faults.join("\n")
    );
}

const PLAIN: [&str; 19] = [
    "shared/all_types.thrift",
    "shared/evil_names.thrift",
    "valid/annotations.thrift",
    "valid/const_across_files.thrift",
    "valid/const_containers.thrift",
    "valid/const_numbers.thrift",
    "valid/const_references.thrift",
    "valid/const_struct.thrift",
    "valid/const_texts.thrift",
    "valid/containers.thrift",
    "valid/docs.thrift",
    "valid/double_infinite.thrift",
    "valid/empty.thrift",
    "valid/fb303.thrift",
    "valid/inheritance.thrift",
    "valid/names_of_words.thrift",
    "valid/recursive.thrift",
    "valid/scribe.thrift",
    "valid/tutorial.thrift",
];
