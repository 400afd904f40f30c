//! Each limit at, below and above; with each protocol, read, skipped and written.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use oneloop::thrift::{
    Binary, Compact, Form, Kind, Message, MessageKind, Protocol, ProtocolErrorKind, Read, Text,
    Value, WireLimits, Write,
};

use crate::support::{DEFAULT, Nest, Wire, bytes_of, read_whole, skip_whole, write_whole};

const WIRES: [Wire; 2] = [Wire::Binary, Wire::Compact];

fn verdict<T, E>(
    result: Result<T, E>,
    kind: impl Fn(E) -> ProtocolErrorKind,
) -> Option<ProtocolErrorKind> {
    result.err().map(kind)
}

#[test]
fn strings_may_be_as_long_as_the_limit() {
    let limits = WireLimits {
        string_bytes_max: 10,
        ..DEFAULT
    };
    for wire in WIRES {
        for (length, refused) in [(0, false), (9, false), (10, false), (11, true), (200, true)] {
            let bytes = write_whole(wire, &"x".repeat(length), DEFAULT).expect("short");
            let expected = refused.then_some(ProtocolErrorKind::SizeLimit);
            let verdicts = [
                verdict(read_whole::<String>(wire, &bytes, limits), |error| {
                    error.kind()
                }),
                verdict(read_whole::<Text>(wire, &bytes, limits), |error| {
                    error.kind()
                }),
                verdict(read_whole::<Vec<u8>>(wire, &bytes, limits), |error| {
                    error.kind()
                }),
                verdict(read_whole::<bytes::Bytes>(wire, &bytes, limits), |error| {
                    error.kind()
                }),
                verdict(skip_whole(wire, Kind::String, &bytes, limits), |error| {
                    error.kind()
                }),
            ];
            assert_eq!(verdicts, [expected; 5], "{wire:?}, {length}");
        }
    }
}

#[test]
fn names_may_be_as_long_as_the_limit() {
    fn judge<P: Protocol>(form: Form) {
        let limits = WireLimits {
            string_bytes_max: 10,
            ..DEFAULT
        };
        for (length, refused) in [(0, false), (9, false), (10, false), (11, true)] {
            let (name, mut bytes) = ("n".repeat(length), Vec::new());
            let head = Message {
                name: &name,
                kind: MessageKind::Call,
                sequence: 1,
                form,
            };
            P::writer(&mut bytes, DEFAULT)
                .message(&head)
                .expect("short");
            let read = P::reader(&bytes, limits).message();
            let expected = refused.then_some(ProtocolErrorKind::SizeLimit);
            assert_eq!(verdict(read, |error| error.kind()), expected, "{length}");
        }
    }
    judge::<Binary>(Form::Strict);
    judge::<Binary>(Form::Old);
    judge::<Compact>(Form::Strict);
}

#[test]
fn containers_may_have_as_many_elements_as_the_limit() {
    fn judge<T: Value>(make: fn(i32) -> T) {
        let limits = WireLimits {
            container_len_max: 20,
            ..DEFAULT
        };
        for wire in WIRES {
            for (len, refused) in [
                (0, false),
                (14, false),
                (15, false),
                (19, false),
                (20, false),
                (21, true),
            ] {
                let bytes = write_whole(wire, &make(len), DEFAULT).expect("short");
                let expected = refused.then_some(ProtocolErrorKind::SizeLimit);
                let read = verdict(read_whole::<T>(wire, &bytes, limits), |error| error.kind());
                let skip = verdict(skip_whole(wire, T::KIND, &bytes, limits), |error| {
                    error.kind()
                });
                assert_eq!([read, skip], [expected; 2], "{wire:?}, {len}");
            }
        }
    }
    judge(|len| (0..len).collect::<Vec<i32>>());
    judge(|len| vec![true; len as usize]);
    judge(|len| (0..len).collect::<BTreeSet<i32>>());
    judge(|len| (0..len).collect::<HashSet<i32>>());
    judge(|len| {
        (0..len)
            .map(|key| (key, String::new()))
            .collect::<BTreeMap<_, _>>()
    });
    judge(|len| {
        (0..len)
            .map(|key| (key, String::new()))
            .collect::<HashMap<_, _>>()
    });
}

/// Elements are charged as they lie in memory, all containers of a message together; what is skipped takes none.
#[test]
fn elements_may_take_as_much_memory_as_the_limit() {
    fn judge<T: Value>(value: &T, bytes: u32) {
        for wire in WIRES {
            let written = write_whole(wire, value, DEFAULT).expect("short");
            for (most, refused) in [(bytes - 1, true), (bytes, false), (bytes + 1, false)] {
                let limits = WireLimits {
                    container_bytes_max: most,
                    ..DEFAULT
                };
                let expected = refused.then_some(ProtocolErrorKind::SizeLimit);
                let read = read_whole::<T>(wire, &written, limits);
                let read = verdict(read, |error| error.kind());
                assert_eq!(read, expected, "{wire:?}, {most}");
                assert!(skip_whole(wire, T::KIND, &written, limits).is_ok());
            }
        }
    }
    let string = size_of::<String>() as u32;
    judge(&vec![7_i32; 100], 400);
    judge(&vec![String::new(); 10], 10 * string);
    judge(&vec![vec![7_i64; 3]; 5], 5 * string + 15 * 8);
    judge(&(0..9).collect::<BTreeSet<i32>>(), 36);
    judge(&(0..9).collect::<HashSet<i32>>(), 36);
    judge(&BTreeMap::from([(1_i32, 2_i32), (3, 4)]), 16);
    judge(&HashMap::from([(1_i32, 2_i32), (3, 4)]), 16);
}

#[test]
fn structs_may_be_as_deep_as_the_limit_read_and_written_and_skipped() {
    let roomy = WireLimits {
        depth_max: 1000,
        ..DEFAULT
    };
    for (limits, deepest) in [
        (WireLimits::default(), 64),
        (
            WireLimits {
                depth_max: 3,
                ..DEFAULT
            },
            3,
        ),
    ] {
        for wire in WIRES {
            for depth in [1, deepest - 1, deepest, deepest + 1, deepest + 100] {
                let nest = Nest::of_depth(depth);
                let bytes = write_whole(wire, &nest, roomy).expect("it is roomy");
                let expected = (depth > deepest).then_some(ProtocolErrorKind::DepthLimit);
                let read = verdict(read_whole::<Nest>(wire, &bytes, limits), |error| {
                    error.kind()
                });
                let write = verdict(write_whole(wire, &nest, limits), |error| error.kind());
                assert_eq!([read, write], [expected; 2], "{wire:?}, {depth}");
                // Each of them has a list, and the innermost as well: that is a level more.
                let skip = verdict(skip_whole(wire, Kind::Struct, &bytes, limits), |error| {
                    error.kind()
                });
                let expected = (depth + 1 > deepest).then_some(ProtocolErrorKind::DepthLimit);
                assert_eq!(skip, expected, "{wire:?}, {depth}");
            }
        }
    }
}

#[test]
fn siblings_are_no_deeper_than_one() {
    let nest = Nest {
        more: vec![Nest::default(); 500],
        ..Nest::default()
    };
    let limits = WireLimits {
        depth_max: 3,
        ..DEFAULT
    };
    for wire in WIRES {
        let bytes = write_whole(wire, &nest, limits).expect("two levels");
        assert_eq!(
            read_whole::<Nest>(wire, &bytes, limits).expect("two levels"),
            nest
        );
        let skipped = WireLimits {
            depth_max: 4,
            ..DEFAULT
        };
        skip_whole(wire, Kind::Struct, &bytes, skipped).expect("with two lists, four levels");
    }
}

/// What is within unknown fields counts from where they are.
#[test]
fn structs_and_containers_that_are_skipped_may_be_64_deep() {
    for depth in [1, 10, 60, 63, 64, 65, 70, 1000] {
        let expected = (depth > 64).then_some(ProtocolErrorKind::DepthLimit);
        let binary = [
            // Structs, lists, sets and maps, each in the one before.
            ["0c0001".repeat(depth - 1), "00".repeat(depth)].concat(),
            ["0f00000001".repeat(depth - 1), "0800000000".into()].concat(),
            ["0e00000001".repeat(depth - 1), "0800000000".into()].concat(),
            ["030d0000000100".repeat(depth - 1), "080800000000".into()].concat(),
        ];
        let compact = [
            ["1c".repeat(depth - 1), "00".repeat(depth)].concat(),
            ["19".repeat(depth - 1), "05".into()].concat(),
            ["1a".repeat(depth - 1), "05".into()].concat(),
            ["013b00".repeat(depth - 1), "00".into()].concat(),
        ];
        for (wire, texts) in [(Wire::Binary, binary), (Wire::Compact, compact)] {
            for (text, kind) in texts
                .iter()
                .zip([Kind::Struct, Kind::List, Kind::Set, Kind::Map])
            {
                let skipped = skip_whole(wire, kind, &bytes_of(text), DEFAULT);
                let found = verdict(skipped, |error| error.kind());
                assert_eq!(found, expected, "{wire:?}, {kind}, {depth}");
            }
        }
    }
    // In the 64th struct, a list is too deep; a number is not.
    for (wire, list, number) in [
        (Wire::Binary, "0f00090800000000", "0800090000002a"),
        (Wire::Compact, "9905", "952a"),
    ] {
        let open = if wire == Wire::Binary { "0c0001" } else { "1c" }.repeat(63);
        for (field, expected) in [(list, Some(ProtocolErrorKind::DepthLimit)), (number, None)] {
            let bytes = bytes_of(&[&open, field, &"00".repeat(64)].concat());
            let skipped = skip_whole(wire, Kind::Struct, &bytes, DEFAULT);
            assert_eq!(verdict(skipped, |error| error.kind()), expected, "{wire:?}");
        }
    }
}
