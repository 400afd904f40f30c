//! What must hold for every frame of a Thrift peer, as plain functions of arbitrary bytes: the seeded loop of `tests/thrift_wire/`
//! calls them, and so do the targets of `tests/fuzz/`. The bytes are taken for a message, and for a struct alone.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "included as a private module by several crates, each of which uses a part"
)]

use std::collections::{BTreeMap, HashSet};

use bytes::Bytes;
use oneloop::thrift::{
    Binary, Compact, Kind, OrderedDouble, Protocol, ProtocolErrorKind, Read, Text, Value,
    WireLimits, Write,
};

use crate::dynamic::Dynamic;

/// The binary protocol.
pub fn binary(data: &[u8]) {
    judge::<Binary, Compact>(data);
}

/// The compact protocol.
pub fn compact(data: &[u8]) {
    judge::<Compact, Binary>(data);
}

fn judge<P: Protocol, Other: Protocol>(data: &[u8]) {
    let mut input = P::reader(data, LIMITS);
    if let Ok(head) = input.message() {
        // What was read can be written, and is read as the same.
        let mut bytes = Vec::new();
        P::writer(&mut bytes, LIMITS)
            .message(&head)
            .expect("a name that came is short");
        let again = P::reader(&bytes, LIMITS).message();
        assert_eq!(again.expect("it was written"), head);
        body::<P, Other>(input.rest());
    }
    body::<P, Other>(data);
    typed::<P, Vec<Vec<String>>>(data);
    typed::<P, Vec<Text>>(data);
    typed::<P, BTreeMap<String, Vec<OrderedDouble>>>(data);
    typed::<P, HashSet<i64>>(data);
    typed::<P, Vec<bool>>(data);
    same_text::<P>(data);
}

fn body<P: Protocol, Other: Protocol>(data: &[u8]) {
    let mut input = P::reader(data, LIMITS);
    let read = Dynamic::read(Kind::Struct, LIMITS.depth_max, &mut input);
    let mut skipper = P::reader(data, LIMITS);
    let skipped = skipper.skip(Kind::Struct);
    let Ok(value) = read else {
        return;
    };
    skipped.expect("what can be read can be skipped");
    assert_eq!(skipper.rest().len(), input.rest().len());

    let mut bytes = Vec::new();
    value
        .write(&mut P::writer(&mut bytes, LIMITS))
        .expect("it was read within the limits");
    let again = Dynamic::read(Kind::Struct, u16::MAX, &mut P::reader(&bytes, LIMITS));
    assert_eq!(again.expect("it was written"), value);

    let mut bytes = Vec::new();
    value
        .write(&mut Other::writer(&mut bytes, LIMITS))
        .expect("it was read within the limits");
    let mut input = Other::reader(&bytes, LIMITS);
    let other = Dynamic::read(Kind::Struct, u16::MAX, &mut input).expect("it was written");
    assert_eq!(
        other.without_types_of_empty_maps(),
        value.without_types_of_empty_maps()
    );
    input.finish().expect("and nothing else");
}

/// A typed value that can be read can be written and is the same again; and one that cannot be skipped cannot be read.
fn typed<P: Protocol, T: Value + PartialEq + std::fmt::Debug>(data: &[u8]) {
    let mut input = P::reader(data, LIMITS);
    let Ok(value) = T::read(&mut input) else {
        return;
    };
    let mut skipper = P::reader(data, LIMITS);
    skipper
        .skip(T::KIND)
        .expect("what can be read can be skipped");
    assert_eq!(skipper.rest().len(), input.rest().len());
    let mut bytes = Vec::new();
    value
        .write(&mut P::writer(&mut bytes, LIMITS))
        .expect("it was read within the limits");
    let again = T::read(&mut P::reader(&bytes, LIMITS));
    assert_eq!(again.expect("it was written"), value);
}

/// Borrowed, owned, copied and shared strings are of one mind.
fn same_text<P: Protocol>(data: &[u8]) {
    let frame = Bytes::copy_from_slice(data);
    let mut input = P::shared_reader(&frame, LIMITS);
    let shared = input.text();
    let borrowed = P::reader(data, LIMITS);
    let (mut first, mut second, mut third) =
        (borrowed, P::reader(data, LIMITS), P::reader(data, LIMITS));
    match (first.string(), shared) {
        (Ok(string), Ok(text)) => {
            assert_eq!(text, string);
            let inside = frame.as_ptr_range().contains(&text.as_bytes().as_ptr());
            assert!(text.is_empty() || inside, "it is shared");
            assert_eq!(input.rest().len(), first.rest().len());
            assert_eq!(String::read(&mut second).expect("the same"), string);
            assert_eq!(third.text().expect("the same"), string);
        }
        (Err(one), Err(other)) => {
            assert_eq!(one.kind(), other.kind());
            let kind = String::read(&mut second).expect_err("the same").kind();
            assert_eq!(one.kind(), kind);
            assert_ne!(kind, ProtocolErrorKind::TrailingBytes);
        }
        (one, other) => panic!("{one:?} and {other:?}"),
    }
}

const LIMITS: WireLimits = WireLimits {
    string_bytes_max: 1000,
    container_len_max: 1000,
    container_bytes_max: 1 << 20,
    depth_max: 20,
};
