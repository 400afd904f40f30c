//! What is generated of some files, kept in folders of its own, compared with what is generated now, and compiled with those who use it:
//! these tests, those with foreign peers, and the Thrift bench.
//!
//! `ONELOOP_IDL_GOLDEN=1 cargo test --test idl golden` writes them anew.

use std::env;
use std::fs;
use std::path::Path;

use oneloop::idl::{Binaries, Config, Containers, Memory};

use super::corpus;

/// Of this package.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// With the folder in which the files of each are kept, and nothing else.
fn configs() -> Vec<(&'static str, Config)> {
    let config = |files: &[&str]| {
        let options = corpus::options();
        let mut config = Config::new().options(options);
        for file in files {
            config = config.input(corpus::folder().join(file));
        }
        config
    };
    let peer = || Config::new().input(root().join("benches/thrift/peer.thrift"));
    vec![
        ("tests/idl/golden/plain", config(&PLAIN)),
        (
            "tests/idl/golden/shared",
            config(&["shared/all_types.thrift"]).shared(true),
        ),
        (
            "tests/idl/golden/hashed",
            config(&["shared/all_types.thrift"])
                .maps(Containers::Hashed)
                .sets(Containers::Hashed)
                .binaries(Binaries::Shared),
        ),
        (
            "tests/foreign/ours",
            Config::new().input(root().join("tests/foreign/everything.thrift")),
        ),
        (
            "tests/idl/golden/served",
            config(&["../../thrift/served.thrift"]),
        ),
        ("benches/thrift/owned", peer().clients(false)),
        ("benches/thrift/shared", peer().clients(false).shared(true)),
    ]
}

#[test]
fn what_is_generated_is_what_is_kept() {
    let anew = env::var_os("ONELOOP_IDL_GOLDEN").is_some();
    let mut faults = Vec::new();
    for (folder, config) in configs() {
        let config = config.out_dir(root().join(folder));
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
        let kept = fs::read_dir(root().join(folder)).expect("a folder");
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

#[test]
fn what_nodes_say_to_each_other_is_generated_of_its_interface() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/node");
    let config = Config::new()
        .input(folder.join("wire.thrift"))
        .clients(false)
        .out_dir(&folder);
    let generated = match config.generate() {
        Ok((generated, _)) => generated,
        Err(reports) => panic!("{reports}"),
    };
    if env::var_os("ONELOOP_IDL_GOLDEN").is_some() {
        config.write(&generated).expect("a folder");
    }
    let stale = config.stale(&generated).expect("a folder");
    assert!(
        stale.is_empty(),
        "src/node/wire.rs is not as generated; if that is meant, run again with ONELOOP_IDL_GOLDEN=1"
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

fn refused(files: &mut Memory, config: &Config) -> String {
    match config.generate_from(files) {
        Ok(_) => panic!("it is taken"),
        Err(reports) => reports.to_string(),
    }
}

#[test]
fn two_names_that_would_be_one_in_rust_are_told_with_both_places() {
    let config = Config::new().input("a.thrift");
    for (text, told) in [
        (
            "struct A {\n  1: i32 fooBar\n  2: i32 foo_bar\n}",
            "error: `foo_bar` and `fooBar` of a.thrift:2:10 would both be `foo_bar` in Rust\n --> a.thrift:3:10\n",
        ),
        (
            "struct a_b {}\nstruct AB {}",
            "error: `AB` and `a_b` of a.thrift:1:8 would both be `AB` in Rust\n --> a.thrift:2:8\n",
        ),
        (
            "service S {\n void a_b(),\n void aB()\n}",
            "error: `aB` and `a_b` of a.thrift:2:7 would both be `a_b` in Rust\n --> a.thrift:3:7\n",
        ),
    ] {
        let mut files = Memory::from([("a.thrift", text)]);
        let reports = refused(&mut files, &config);
        assert!(reports.starts_with(told), "{reports}");
    }
    let mut files = Memory::from([("a.thrift", "include 'x/A.thrift'"), ("x/A.thrift", "")]);
    assert!(refused(&mut files, &config).contains("would both be the module `a`"));
}

#[test]
fn a_derive_that_is_none_is_told_and_one_that_is_stands_with_all_types() {
    let mut files = Memory::from([("a.thrift", "struct A {}\nenum B {}\nunion C {}")]);
    let config = Config::new().input("a.thrift");
    let told = refused(&mut files, &config.clone().derive("serde::)"));
    assert!(told.contains("is no Rust"), "{told}");
    let (generated, _) = config
        .derive("serde::Serialize")
        .generate_from(&mut files)
        .expect("it is good");
    assert_eq!(generated[0].text.matches("serde::Serialize").count(), 3);
}
