//! What frames that claim much may cost: memory grows with what came.

use std::collections::{BTreeMap, HashMap, HashSet};

use allocation_counter::measure;
use bytes::Bytes;
use oneloop::thrift::{Binary, Kind, Protocol, ProtocolError, Read, Value, Write};

use crate::support::{DEFAULT, Nest, Wire, bytes_of, read_whole, skip_whole};

const MOST: u64 = 1 << 20;

/// A struct that is a byte on the wire, and a hundred times as much in memory.
#[derive(Clone, Copy, Debug)]
struct Wide {
    _room: [u64; 13],
}

impl Value for Wide {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        input.skip(Kind::Struct)?;
        Ok(Self { _room: [0; 13] })
    }

    fn write<W: Write>(&self, _: &mut W) -> Result<(), ProtocolError> {
        unreachable!("it is only read")
    }
}

fn refused<T: Value>(wire: Wire, frame: &[u8]) {
    let used = measure(|| assert!(read_whole::<T>(wire, frame, DEFAULT).is_err()));
    assert!(used.bytes_max < MOST, "{wire:?}: {} bytes", used.bytes_max);
    let used = measure(|| assert!(skip_whole(wire, T::KIND, frame, DEFAULT).is_err()));
    assert!(used.bytes_max < 1000, "{wire:?}: {} bytes", used.bytes_max);
}

/// The three of facts that took a server past gigabytes, at the size that they had.
#[test]
fn small_frames_that_claim_millions_are_refused_at_no_cost() {
    for (wire, structs, numbers, string) in [
        (
            Wire::Binary,
            "0c 05f5e100 00000000000000000000",
            "08 018cba80 00000001",
            "0632ea00 61",
        ),
        (
            Wire::Compact,
            "fc 80c2d72f 00000000000000000000",
            "f5 80f5b20c 02",
            "80d4cb31 61",
        ),
    ] {
        refused::<Vec<Wide>>(wire, &bytes_of(structs));
        refused::<Vec<Nest>>(wire, &bytes_of(structs));
        refused::<Vec<i32>>(wire, &bytes_of(numbers));
        refused::<HashSet<i32>>(wire, &bytes_of(numbers));
        refused::<String>(wire, &bytes_of(string));
        refused::<Vec<u8>>(wire, &bytes_of(string));
    }
    refused::<BTreeMap<i32, String>>(Wire::Binary, &bytes_of("080b 05f5e100 00"));
    refused::<HashMap<i32, String>>(Wire::Compact, &bytes_of("80c2d72f 58 00"));
}

/// The count is one that the frame can hold, and the first element is wrong: room for the others is not made.
#[test]
fn room_is_made_for_what_was_read_and_not_for_what_may_come() {
    let zeros = vec![0; 1_000_000];
    let list = [bytes_of("0c 000f4240 05"), zeros.clone()].concat();
    refused_when_read::<Vec<Wide>>(Wire::Binary, &list);
    let list = [bytes_of("fc c0843d 0e"), zeros].concat();
    refused_when_read::<Vec<Wide>>(Wire::Compact, &list);
    // A set or a map of strings that are not UTF-8.
    let bad = [bytes_of("00000001 ff"), vec![0; 4_000_000]].concat();
    let set = [bytes_of("0b 000f4240"), bad.clone()].concat();
    refused_when_read::<HashSet<String>>(Wire::Binary, &set);
    let map = [bytes_of("0b03 000b71b0"), bad].concat();
    refused_when_read::<HashMap<String, i8>>(Wire::Binary, &map);
}

fn refused_when_read<T: Value>(wire: Wire, frame: &[u8]) {
    let used = measure(|| assert!(read_whole::<T>(wire, frame, DEFAULT).is_err()));
    assert!(
        used.bytes_max < 32_768,
        "{wire:?}: {} bytes",
        used.bytes_max
    );
}

/// 60 lists within each other, in structs, and each claims all that the frame has.
#[test]
fn claims_within_claims_do_not_add_up() {
    let (mut binary, mut compact) = (Vec::new(), Vec::new());
    for _ in 0..60 {
        binary.extend(bytes_of("0f0003 0c 000f4240"));
        compact.extend(bytes_of("39 fc c0843d"));
    }
    for (wire, mut frame, no_type) in [(Wire::Binary, binary, 5), (Wire::Compact, compact, 14)] {
        frame.push(no_type);
        frame.extend(vec![0; 2_000_000]);
        let used = measure(|| assert!(read_whole::<Nest>(wire, &frame, DEFAULT).is_err()));
        assert!(used.bytes_max < MOST, "{wire:?}: {} bytes", used.bytes_max);
    }
}

#[test]
fn what_is_borrowed_shared_or_skipped_is_not_allocated() {
    let frame = Bytes::from(
        [
            bytes_of("0f0003 0b 00000064"),
            [0, 0, 0, 1, b'a'].repeat(100),
        ]
        .concat(),
    );
    let kept = frame.clone();
    let used = measure(|| {
        let mut input = Binary::shared_reader(&kept, DEFAULT);
        input.begin_struct().expect("a struct");
        input.field(&mut ()).expect("a field");
        for _ in 0..input.list().expect("a list").len {
            assert_eq!(input.text().expect("a text").as_bytes(), b"a");
        }
    });
    assert_eq!(used.count_total, 0);
}
