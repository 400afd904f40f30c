//! Texts that nobody wrote: the compiler comes to an end with a verdict, without a panic.
//!
//! `ONELOOP_FUZZ_RUNS` sets how many, for the loop with a seed.

use std::fs;

use oneloop::idl;
use proptest::prelude::*;

use super::corpus::{self, files};

/// The words and marks of the language, and a few names that meet each other.
const SOUP: [&str; 84] = [
    "include",
    "cpp_include",
    "namespace",
    "const",
    "typedef",
    "enum",
    "struct",
    "union",
    "exception",
    "service",
    "extends",
    "throws",
    "oneway",
    "async",
    "void",
    "required",
    "optional",
    "bool",
    "byte",
    "i8",
    "i16",
    "i32",
    "i64",
    "double",
    "string",
    "binary",
    "uuid",
    "list",
    "set",
    "map",
    "cpp_type",
    "xsd_all",
    "xsd_optional",
    "xsd_nillable",
    "xsd_attrs",
    "true",
    "false",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    ",",
    ";",
    ":",
    "=",
    "*",
    "&",
    "\n",
    "\n",
    "\n",
    "A",
    "B",
    "C",
    "a",
    "b",
    "A.X",
    "a.A",
    "X",
    "0",
    "1",
    "2",
    "-1",
    "32768",
    "2147483648",
    "9223372036854775808",
    "1.5",
    ".5",
    "1e9",
    "'a.thrift'",
    "\"text\"",
    "'open",
    "/** doc */",
    "/* open",
    "# line\n",
    "@",
    "é",
    "1: i32 a",
    "struct A {",
    "enum B { X }",
    "}\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_a_verdict(text in "\\PC*") {
        idl::fuzz(text.as_bytes());
    }

    #[test]
    fn any_bytes_have_a_verdict(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        idl::fuzz(&bytes);
    }

    #[test]
    fn any_soup_of_words_has_a_verdict(words in prop::collection::vec(prop::sample::select(&SOUP[..]), 0..120)) {
        idl::fuzz(words.join(" ").as_bytes());
    }
}

#[test]
fn every_beginning_of_the_corpus_has_a_verdict() {
    for folder in ["valid", "invalid"] {
        for file in files(folder) {
            let bytes = fs::read(&file).expect("a file");
            for end in 0..=bytes.len() {
                idl::fuzz(&bytes[..end]);
            }
        }
    }
}

#[test]
fn files_that_were_spoiled_have_a_verdict() {
    let texts: Vec<Vec<u8>> = ["valid", "invalid"]
        .iter()
        .flat_map(|folder| files(folder))
        .map(|file| fs::read(file).expect("a file"))
        .collect();
    let runs = std::env::var("ONELOOP_FUZZ_RUNS").ok();
    let runs: u64 = runs.and_then(|runs| runs.parse().ok()).unwrap_or(3000);
    let mut state = 1009_u64;
    let mut below = move |most: usize| {
        // xorshift64: the same numbers in every run.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % most.max(1) as u64) as usize
    };
    for _ in 0..runs {
        let mut bytes = texts[below(texts.len())].clone();
        for _ in 0..=below(4) {
            let at = below(bytes.len() + 1);
            match below(5) {
                0 if at < bytes.len() => {
                    bytes.remove(at);
                }
                1 if at < bytes.len() => bytes[at] = below(256) as u8,
                2 => {
                    let end = (at + below(40)).min(bytes.len());
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                3 => {
                    let other = &texts[below(texts.len())];
                    let from = below(other.len() + 1);
                    bytes.splice(at..at, other[from..].iter().copied());
                }
                _ => {
                    let word = SOUP[below(SOUP.len())];
                    bytes.splice(at..at, format!(" {word} ").into_bytes());
                }
            }
        }
        idl::fuzz(&bytes);
    }
}

#[test]
fn no_text_makes_the_compiler_recurse_without_bound() {
    let many = 5_000;
    let texts = [
        "list<".repeat(many),
        format!("typedef {}", "map<i32,".repeat(many)),
        format!("const i32 a = {}", "[".repeat(many)),
        format!("const i32 a = {}", "{1:".repeat(many)),
        format!(
            "struct A {{ 1: i32 a {}",
            "xsd_attrs { 1: i32 a ".repeat(many)
        ),
        "struct A {".repeat(many),
        "(".repeat(many),
        // Long chains are no nesting, and are followed without recursion.
        (0..many)
            .map(|n| format!("typedef T{} T{n}\n", n + 1))
            .collect::<String>()
            + &format!("typedef i32 T{many}"),
        (0..many)
            .map(|n| format!("typedef list<T{}> T{n}\n", n + 1))
            .collect::<String>()
            + &format!("typedef i32 T{many}"),
        (0..many)
            .map(|n| format!("struct S{n} {{ 1: S{} s }}\n", n + 1))
            .collect::<String>()
            + &format!("struct S{many} {{ 1: S0 s }}"),
        (0..many)
            .map(|n| format!("service S{} extends S{n} {{}}\n", n + 1))
            .collect::<String>()
            + "service S0 {}",
        format!(
            "const i32 C0 = 1\n{}",
            (0..many)
                .map(|n| format!("const i32 C{} = C{n}\n", n + 1))
                .collect::<String>()
        ),
        // As a type written out it would have 2 to the power of 200 leaves.
        "typedef i32 T0\ntypedef i32 U0\n".to_owned()
            + &(0..200)
                .map(|n| {
                    format!(
                        "typedef map<T{n}, T{n}> T{0}\ntypedef map<U{n}, U{n}> U{0}\n",
                        n + 1
                    )
                })
                .collect::<String>()
            + "const T200 a = {}\nconst U200 b = a\n",
    ];
    for text in &texts {
        idl::fuzz(text.as_bytes());
    }
}

#[test]
fn the_corpus_is_there() {
    assert!(corpus::folder().join("shared").is_dir());
}
