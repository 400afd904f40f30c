//! What official servers were seen to be sent, and what is made of it here.

use oneloop::thrift::{
    Binary, Compact, Form, Kind, Message, MessageKind, Protocol, ProtocolErrorKind, Read, Value,
};

use crate::support::{DEFAULT, Nest, Wire, bytes_of, read_whole, skip_whole};

use ProtocolErrorKind::{BadVersion, InvalidData, NegativeSize, TrailingBytes, Truncated};
use Wire::{Binary as B, Compact as C};

/// The head of a message in this protocol, or why it is refused.
fn head(wire: Wire, hex: &str) -> Result<(MessageKind, Form), ProtocolErrorKind> {
    let bytes = bytes_of(hex);
    let read = match wire {
        B => Binary::reader(&bytes, DEFAULT).message(),
        C => Compact::reader(&bytes, DEFAULT).message(),
    };
    read.map(|head| (head.kind, head.form))
        .map_err(|error| error.kind())
}

#[test]
fn heads() {
    let strict = |kind| Ok((kind, Form::Strict));
    let old = |kind| Ok((kind, Form::Old));
    for (wire, hex, expected) in [
        (
            B,
            "80010001 00000001 6d 00000001",
            strict(MessageKind::Call),
        ),
        // Nobody looks at the third byte.
        (
            B,
            "8001ff04 00000001 6d 00000001",
            strict(MessageKind::Oneway),
        ),
        (
            B,
            "80010009 00000001 6d 00000001",
            strict(MessageKind::Other(9)),
        ),
        (
            B,
            "80010000 00000001 6d 00000001",
            strict(MessageKind::Other(0)),
        ),
        (B, "80020001 00000001 6d 00000001", Err(BadVersion)),
        (B, "80000001 00000001 6d 00000001", Err(BadVersion)),
        (B, "ffffffff 00000001 6d 00000001", Err(BadVersion)),
        (B, "80010001 ffffffff 6d 00000001", Err(NegativeSize)),
        (B, "80010001 00000006 6d 00000001", Err(Truncated)),
        (B, "80010001 00000001 ff 00000001", Err(InvalidData)),
        (B, "00000001 6d 01 00000001", old(MessageKind::Call)),
        (B, "00000000 02 00000001", old(MessageKind::Reply)),
        (B, "00000007 6d 01 00000001", Err(Truncated)),
        (
            B,
            "7fffffff 6d 01 00000001",
            Err(ProtocolErrorKind::SizeLimit),
        ),
        (C, "8221 01 01 6d", strict(MessageKind::Call)),
        (C, "82e1 01 01 6d", strict(MessageKind::Other(7))),
        (C, "8222 01 01 6d", Err(BadVersion)),
        (C, "8220 01 01 6d", Err(BadVersion)),
        (C, "8321 01 01 6d", Err(BadVersion)),
        (C, "8221 01 02 6d", Err(Truncated)),
        (C, "8221 01 01 ff", Err(InvalidData)),
        // 2 to the 31st, and a number of 33 bits.
        (C, "8221 01 8080808008 6d", Err(NegativeSize)),
        (C, "8221 ffffffff1f 01 6d", Err(InvalidData)),
        (C, "8221 808080808000 01 6d", Err(InvalidData)),
        // Longer than it need be, and taken.
        (C, "8221 8100 8100 6d", strict(MessageKind::Call)),
    ] {
        assert_eq!(head(wire, hex), expected, "{wire:?} {hex}");
    }
}

/// What is read of a `Nest` that has only its name to say, or why it is refused; read, then skipped.
fn name(wire: Wire, hex: &str) -> (Result<String, ProtocolErrorKind>, Option<ProtocolErrorKind>) {
    let bytes = bytes_of(hex);
    let read = read_whole::<Nest>(wire, &bytes, DEFAULT).map_err(|error| error.kind());
    let skipped = skip_whole(wire, Kind::Struct, &bytes, DEFAULT);
    (
        read.map(|nest| nest.name),
        skipped.err().map(|error| error.kind()),
    )
}

#[test]
fn structs() {
    let said = |name: &str| (Ok(name.to_owned()), None);
    let both = |kind| (Err(kind), Some(kind));
    let deep = |levels: usize, open: &str| [open.repeat(levels), "00".repeat(levels)].concat();
    for (what, binary, compact, expected) in [
        ("it", "0b0002 00000001 61 00", "28 01 61 00", said("a")),
        ("absent", "00", "00", said("")),
        (
            "of another type",
            "080002 00000001 00",
            "25 02 00",
            said(""),
        ),
        (
            "unknown",
            "080009 00000001 0b0002 00000001 61 00",
            "95 02 0804 01 61 00",
            said("a"),
        ),
        (
            "negative",
            "08ffff 00000001 0b0002 00000001 61 00",
            "0501 02 38 01 61 00",
            said("a"),
        ),
        (
            "twice",
            "0b0002 00000001 61 0b0002 00000001 62 00",
            "28 01 61 0804 01 62 00",
            said("b"),
        ),
        ("type 5, nibble 14", "050002 00", "2e 00", both(InvalidData)),
        (
            "type 99, nibble 15",
            "630002 00",
            "2f 00",
            both(InvalidData),
        ),
        ("type 1, nibble 0", "010002 00", "20 00", both(InvalidData)),
        (
            "negative string",
            "0b0002 ffffffff 61 00",
            "28 ffffffff0f 61 00",
            both(NegativeSize),
        ),
        (
            "string of 2^31 - 1",
            "0b0002 7fffffff 61 00",
            "28 ffffffff07 61 00",
            both(ProtocolErrorKind::SizeLimit),
        ),
        (
            "string beyond",
            "0b0002 00000003 61 00",
            "28 03 61 00",
            both(Truncated),
        ),
        (
            "not UTF-8",
            "0b0002 00000001 ff 00",
            "28 01 ff 00",
            (Err(InvalidData), None),
        ),
        (
            "not UTF-8, unknown",
            "0b0009 00000001 ff 00",
            "98 01 ff 00",
            said(""),
        ),
        (
            "negative list",
            "0f0003 0c ffffffff 00",
            "39 fc ffffffff0f 00",
            both(NegativeSize),
        ),
        (
            "list of 2^31 - 1",
            "0f0003 0c 7fffffff 00",
            "39 fc ffffffff07 00",
            both(Truncated),
        ),
        (
            "list of another type",
            "0f0003 03 00000001 07 00",
            "39 13 07 00",
            (Err(InvalidData), None),
        ),
        (
            "empty list of another type",
            "0f0003 03 00000000 00",
            "39 03 00",
            said(""),
        ),
        (
            "empty list of no type",
            "0f0003 00 00000000 00",
            "39 00 00",
            said(""),
        ),
        (
            "list of no type",
            "0f0003 00 00000001 00 00",
            "39 10 00 00",
            both(InvalidData),
        ),
        (
            "list of type 5, 14",
            "0f0003 05 00000000 00",
            "39 0e 00",
            both(InvalidData),
        ),
        (
            "map of 2^31 - 1",
            "0d0009 03 03 7fffffff 00",
            "9b ffffffff07 33 00",
            both(Truncated),
        ),
        (
            "negative map",
            "0d0009 03 03 ffffffff 00",
            "9b ffffffff0f 33 00",
            both(NegativeSize),
        ),
        (
            "map of no type",
            "0d0009 03 00 00000001 00 00",
            "9b 01 30 00 00",
            both(InvalidData),
        ),
        ("trailing", "00 00", "00 00", both(TrailingBytes)),
        (
            "60 deep",
            &deep(60, "0c0009"),
            &deep(60, "9c"),
            both(Truncated),
        ),
    ] {
        assert_eq!(name(B, binary), expected, "binary: {what}");
        assert_eq!(name(C, compact), expected, "compact: {what}");
    }
    let inside = |levels| deep(levels, "0c0009") + "00";
    assert_eq!(name(B, &inside(60)), said(""));
    assert_eq!(name(B, &inside(70)), both(ProtocolErrorKind::DepthLimit));
    let inside = |levels| deep(levels, "9c") + "00";
    assert_eq!(name(C, &inside(60)), said(""));
    assert_eq!(name(C, &inside(70)), both(ProtocolErrorKind::DepthLimit));
}

#[test]
fn what_only_the_compact_protocol_has() {
    let said = |name: &str| (Ok(name.to_owned()), None);
    let both = |kind| (Err(kind), Some(kind));
    for (what, hex, expected) in [
        (
            "a list in the long form though it is short",
            "39 fc 01 00 08 04 01 61 00",
            said("a"),
        ),
        ("ids that go down", "95 02 08 04 01 61 00", said("a")),
        (
            "an id beyond 32767",
            "05 feff03 02 15 02 00",
            both(InvalidData),
        ),
        ("an id of 17 bits", "05 808008 02 00", both(InvalidData)),
        (
            "a list that is empty in the long form",
            "39 fc 00 00",
            said(""),
        ),
    ] {
        assert_eq!(name(C, hex), expected, "{what}");
    }
    for (hex, expected) in [
        ("31 01 02 00", Ok(vec![true, false, false])),
        ("32 01 02 00", Ok(vec![true, false, false])),
        ("31 01 03 00", Err(InvalidData)),
    ] {
        let read = read_whole::<Vec<bool>>(C, &bytes_of(hex), DEFAULT);
        assert_eq!(read.map_err(|error| error.kind()), expected, "{hex}");
    }
    for (hex, expected) in [
        ("ffffffff0f", Ok(i32::MIN)),
        ("feffffff0f", Ok(i32::MAX)),
        ("8000", Ok(0)),
        ("ffffffff1f", Err(InvalidData)),
        ("808080808000", Err(InvalidData)),
        ("80808080", Err(Truncated)),
    ] {
        let read = read_whole::<i32>(C, &bytes_of(hex), DEFAULT);
        assert_eq!(read.map_err(|error| error.kind()), expected, "{hex}");
    }
    for (hex, expected) in [
        ("ffffffffffffffffff01", Ok(i64::MIN)),
        ("feffffffffffffffff01", Ok(i64::MAX)),
        ("ffffffffffffffffff02", Err(InvalidData)),
        ("8080808080808080808000", Err(InvalidData)),
    ] {
        let read = read_whole::<i64>(C, &bytes_of(hex), DEFAULT);
        assert_eq!(read.map_err(|error| error.kind()), expected, "{hex}");
    }
    for (hex, expected) in [
        ("ffff03", Ok(i16::MIN)),
        ("feff03", Ok(i16::MAX)),
        ("808004", Err(InvalidData)),
    ] {
        let read = read_whole::<i16>(C, &bytes_of(hex), DEFAULT);
        assert_eq!(read.map_err(|error| error.kind()), expected, "{hex}");
    }
}

#[test]
fn any_byte_but_zero_is_true_in_binary() {
    for byte in 0..=u8::MAX {
        let read = read_whole::<bool>(B, &[byte], DEFAULT).expect("a byte");
        assert_eq!(read, byte != 0);
    }
}

#[test]
fn two_messages_in_one_frame_are_read_one_after_the_other() {
    let first = bytes_of("80010001 00000001 61 00000001 00");
    let second = bytes_of("00000001 62 01 00000002 00");
    let frame = [first, second].concat();
    let mut input = Binary::reader(&frame, DEFAULT);
    for (name, sequence, form) in [("a", 1, Form::Strict), ("b", 2, Form::Old)] {
        let kind = MessageKind::Call;
        let head = input.message().expect("a message");
        assert_eq!(
            head,
            Message {
                name,
                kind,
                sequence,
                form
            }
        );
        Nest::read(&mut input).expect("a struct");
    }
    input.finish().expect("and nothing else");
}

#[test]
fn an_error_tells_the_way_to_the_culprit() {
    let bytes = bytes_of("0f0003 0c 00000002 00 0c0001 0b0002 00000001 ff 00 00 00");
    let error = read_whole::<Nest>(B, &bytes, DEFAULT).expect_err("it is not UTF-8");
    assert_eq!(
        error.to_string(),
        "Nest.more, Nest.inner, Nest.name: a string is not UTF-8"
    );
}
