//! What is generated of some files, kept in folders of its own, compared with what is generated now, and compiled with those who use it:
//! these tests, those with foreign peers, and two benches.
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
        (
            "tests/fb303/generated",
            Config::new().input(root().join("tests/fb303/shop.thrift")),
        ),
        ("benches/thrift/owned", peer().clients(false)),
        ("benches/thrift/shared", peer().clients(false).shared(true)),
        (
            "benches/node/generated",
            Config::new().input(root().join("benches/node/work.thrift")),
        ),
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
fn what_servers_tell_of_themselves_is_generated_of_its_interface() {
    let folder = root().join("src/fb303");
    let config = Config::new()
        .input(folder.join("fb303.thrift"))
        .nulls(false)
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
        "src/fb303/fb303.rs is not as generated; if that is meant, run again with ONELOOP_IDL_GOLDEN=1"
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

const PLAIN: [&str; 20] = [
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
    "valid/names_of_case.thrift",
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
fn of_two_names_that_are_one_in_rust_the_second_has_another_and_is_told() {
    let config = Config::new().input("a.thrift");
    for (text, told, written) in [
        (
            "struct A {\n  1: i32 fooBar\n  2: i32 foo_bar\n}",
            "warning: `foo_bar` is `foo_bar_` in Rust: `fooBar` of a.thrift:2:10 is `foo_bar`\n --> a.thrift:3:10\n",
            "pub foo_bar_: i32",
        ),
        (
            "struct A { 1: i32 type\n  2: i32 Type }",
            "warning: `Type` is `type_` in Rust: `type` of a.thrift:1:19 is `r#type`\n --> a.thrift:2:10\n",
            "pub type_: i32",
        ),
        (
            "struct a_b {}\nstruct AB {}",
            "warning: `AB` is `AB_` in Rust: `a_b` of a.thrift:1:8 is `AB`\n --> a.thrift:2:8\n",
            "pub struct AB_ {}",
        ),
        (
            "const i32 FOO = 1\nenum FOO {}",
            "warning: `FOO` is `FOO_` in Rust: `FOO` of a.thrift:1:11 is `FOO`\n --> a.thrift:2:6\n",
            "pub struct FOO_(pub i32)",
        ),
        (
            // Who can have the name that is asked for has it, though it stands further down.
            "enum E { Red\n  RED\n  RED_ }",
            "warning: `RED` is `RED__` in Rust: `Red` of a.thrift:1:10 is `RED`\n --> a.thrift:2:3\n",
            "pub const RED__: Self = Self(1)",
        ),
        (
            "service S {\n void a_b(),\n void aB()\n}",
            "warning: `aB` is `a_b_` and `AB_` in Rust: `a_b` of a.thrift:2:7 is `a_b`\n --> a.thrift:3:7\n",
            "fn a_b_(",
        ),
        (
            "exception E {}\nservice S { void a() throws (1: E userID,\n 2: E userId) }",
            "warning: `userId` is `UserId_` and `user_id_` in Rust: `userID` of a.thrift:2:35 is `user_id`\n --> a.thrift:3:7\n",
            "Self::UserId_(exception)",
        ),
    ] {
        let mut files = Memory::from([("a.thrift", text)]);
        let (generated, warnings) = config.generate_from(&mut files).expect("it is taken");
        assert_eq!(warnings.len(), 1, "{text}");
        assert!(warnings[0].to_string().starts_with(told), "{}", warnings[0]);
        assert!(generated[0].text.contains(written), "{}", generated[0].text);
    }
    // Nothing has another name because of what is ours.
    let text = "exception E {}\nservice S { void a(1: i32 cx) throws (1: E success) }";
    let mut files = Memory::from([("a.thrift", text)]);
    let (_, warnings) = config.generate_from(&mut files).expect("it is taken");
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn two_files_of_one_module_are_refused() {
    let config = Config::new().input("a.thrift");
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
