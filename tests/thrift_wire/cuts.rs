//! Every message cut at every byte: an error, never a panic and never a value.

use oneloop::thrift::{Kind, ProtocolErrorKind};

use crate::support::{
    DEFAULT, Nest, Wire, read_message, read_whole, skip_message, skip_whole, write_whole,
};
use crate::vectors;

#[test]
fn a_message_cut_at_any_byte_is_truncated() {
    for (number, wire, bytes, _) in vectors::messages() {
        for end in 0..bytes.len() {
            for error in [
                read_message(wire, &bytes[..end]).map(drop).err(),
                skip_message(wire, &bytes[..end]).err(),
            ] {
                assert_eq!(
                    error.map(|error| error.kind()),
                    Some(ProtocolErrorKind::Truncated),
                    "vector {number} at {end}"
                );
            }
        }
    }
}

#[test]
fn a_struct_cut_at_any_byte_is_truncated() {
    for (number, wire, bytes, _) in vectors::structs() {
        skip_whole(wire, Kind::Struct, &bytes, DEFAULT).expect("whole");
        for end in 0..bytes.len() {
            let skipped = skip_whole(wire, Kind::Struct, &bytes[..end], DEFAULT);
            assert_eq!(
                skipped.err().map(|error| error.kind()),
                Some(ProtocolErrorKind::Truncated),
                "vector {number} at {end}"
            );
        }
    }
}

#[test]
fn a_typed_struct_cut_at_any_byte_is_truncated() {
    let nest = Nest {
        inner: Some(Box::new(Nest::of_depth(3))),
        name: "caf\u{e9} ".repeat(30),
        more: vec![Nest::of_depth(2); 20],
        flag: true,
    };
    for wire in [Wire::Binary, Wire::Compact] {
        let bytes = write_whole(wire, &nest, DEFAULT).expect("it is small");
        let read: Nest = read_whole(wire, &bytes, DEFAULT).expect("whole");
        assert_eq!(read, nest);
        for end in 0..bytes.len() {
            let read = read_whole::<Nest>(wire, &bytes[..end], DEFAULT);
            assert_eq!(
                read.err().map(|error| error.kind()),
                Some(ProtocolErrorKind::Truncated),
                "{wire:?} at {end}"
            );
        }
    }
}
