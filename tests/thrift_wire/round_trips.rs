//! Any value comes back as it was, by either protocol.

use std::collections::BTreeSet;

use bytes::Bytes;
use oneloop::thrift::{
    Binary, Compact, Form, Kind, Message, MessageKind, OrderedDouble, Protocol, Read, Text, Uuid,
    Value, Write,
};
use proptest::prelude::*;

use crate::dynamic::Dynamic;
use crate::support::{DEFAULT, Wire, read_whole, skip_whole, write_whole};

/// Plain values of one kind, so that containers have elements that agree.
fn plain(kind: Kind) -> BoxedStrategy<Dynamic> {
    match kind {
        Kind::Bool => any::<bool>().prop_map(Dynamic::Bool).boxed(),
        Kind::I8 => any::<i8>().prop_map(Dynamic::I8).boxed(),
        Kind::I16 => any::<i16>().prop_map(Dynamic::I16).boxed(),
        Kind::I32 => any::<i32>().prop_map(Dynamic::I32).boxed(),
        Kind::I64 => any::<i64>().prop_map(Dynamic::I64).boxed(),
        Kind::Double => any::<u64>().prop_map(Dynamic::Double).boxed(),
        Kind::Uuid => any::<[u8; 16]>().prop_map(Dynamic::Uuid).boxed(),
        _ => prop::collection::vec(any::<u8>(), 0..200)
            .prop_map(Dynamic::String)
            .boxed(),
    }
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![
        Kind::Bool,
        Kind::I8,
        Kind::I16,
        Kind::I32,
        Kind::I64,
        Kind::Double,
        Kind::Uuid,
        Kind::String,
    ])
}

fn values(levels: u32) -> BoxedStrategy<Dynamic> {
    let leaf = kinds().prop_flat_map(plain);
    if levels == 0 {
        return leaf.boxed();
    }
    let list = kinds().prop_flat_map(|kind| {
        prop::collection::vec(plain(kind), 0..20).prop_map(move |found| Dynamic::List(kind, found))
    });
    let set = kinds().prop_flat_map(|kind| {
        prop::collection::vec(plain(kind), 0..20).prop_map(move |found| Dynamic::Set(kind, found))
    });
    let map = (kinds(), kinds()).prop_flat_map(|(key, value)| {
        prop::collection::vec((plain(key), plain(value)), 0..20)
            .prop_map(move |pairs| Dynamic::Map(key, value, pairs))
    });
    let structs = prop::collection::vec(structs(levels - 1), 0..4);
    let deep = structs.prop_map(|found| Dynamic::List(Kind::Struct, found));
    prop_oneof![leaf, list, set, map, deep, structs_as_values(levels - 1)].boxed()
}

fn structs_as_values(levels: u32) -> BoxedStrategy<Dynamic> {
    structs(levels).boxed()
}

fn structs(levels: u32) -> impl Strategy<Value = Dynamic> {
    let ids = prop_oneof![any::<i16>(), 1_i16..20];
    prop::collection::vec((ids, values(levels)), 0..6).prop_map(Dynamic::Struct)
}

fn round<P: Protocol>(value: &Dynamic) -> Dynamic {
    let mut bytes = b"before".to_vec();
    value
        .write(&mut P::writer(&mut bytes, DEFAULT))
        .expect("it is small");
    assert!(bytes.starts_with(b"before"), "it is appended");
    let mut input = P::reader(&bytes[6..], DEFAULT);
    let back = Dynamic::read(Kind::Struct, 64, &mut input).expect("it was written");
    input.finish().expect("and nothing else");
    let mut input = P::reader(&bytes[6..], DEFAULT);
    input.skip(Kind::Struct).expect("it was written");
    input.finish().expect("and nothing else");
    back
}

/// The typed value comes back, is skipped to its end, and is longer than any part of it that can be read.
fn typed<T: Value + PartialEq + std::fmt::Debug>(value: &T) {
    for wire in [Wire::Binary, Wire::Compact] {
        let bytes = write_whole(wire, value, DEFAULT).expect("it is small");
        let back: T = read_whole(wire, &bytes, DEFAULT).expect("it was written");
        assert_eq!(&back, value);
        skip_whole(wire, T::KIND, &bytes, DEFAULT).expect("it was written");
        for end in (0..bytes.len()).step_by(bytes.len() / 50 + 1) {
            assert!(
                read_whole::<T>(wire, &bytes[..end], DEFAULT).is_err(),
                "{end}"
            );
        }
    }
}

type Scalars = (bool, i8, i16, i32, i64, [u8; 16], u64);

proptest! {
    #[test]
    fn structs_of_any_shape(value in structs(3)) {
        prop_assert_eq!(&round::<Binary>(&value), &value);
        let compact = round::<Compact>(&value);
        prop_assert_eq!(compact, value.without_types_of_empty_maps());
    }

    #[test]
    fn typed_values(
        scalars in any::<Scalars>(),
        text in any::<String>(),
        binary in any::<Vec<u8>>(),
        list in prop::collection::vec(prop::collection::vec(any::<i32>(), 0..20), 0..20),
        bools in any::<Vec<bool>>(),
    ) {
        let (a, b, c, d, e, f, g) = scalars;
        typed(&a);
        typed(&b);
        typed(&c);
        typed(&d);
        typed(&e);
        typed(&f);
        typed(&Uuid(f));
        typed(&OrderedDouble(f64::from_bits(g)));
        typed(&text);
        typed(&Text::from(text.as_str()));
        typed(&Box::new(text));
        typed(&binary);
        typed(&Bytes::from(binary));
        typed(&list);
        typed(&bools);
    }

    #[test]
    fn typed_sets_and_maps(
        set in any::<BTreeSet<i64>>(),
        names in prop::collection::hash_set(".{0,20}", 0..20),
        map in prop::collection::btree_map(any::<i16>(), prop::collection::vec(any::<bool>(), 0..20), 0..20),
        hash in prop::collection::hash_map(".{0,20}", any::<bool>(), 0..20),
    ) {
        typed(&set);
        typed(&names);
        typed(&map);
        typed(&hash);
    }

    #[test]
    fn heads_of_messages(name in ".{0,40}", number in any::<u8>(), sequence in any::<i32>(), old in any::<bool>()) {
        let form = if old { Form::Old } else { Form::Strict };
        let head = Message { name: &name, kind: MessageKind::from_number(number), sequence, form };
        let mut bytes = Vec::new();
        Binary::writer(&mut bytes, DEFAULT).message(&head).expect("it is short");
        prop_assert_eq!(Binary::reader(&bytes, DEFAULT).message().expect("it was written"), head);

        let head = Message { kind: MessageKind::from_number(number & 7), form: Form::Strict, ..head };
        let mut bytes = Vec::new();
        Compact::writer(&mut bytes, DEFAULT).message(&head).expect("it is short");
        prop_assert_eq!(Compact::reader(&bytes, DEFAULT).message().expect("it was written"), head);
    }

    #[test]
    fn any_bytes(data in prop::collection::vec(any::<u8>(), 0..300)) {
        crate::thrift_fuzz::binary(&data);
        crate::thrift_fuzz::compact(&data);
    }
}
