//! Bytes that the official Python library 0.25.0 wrote: read as what they mean, and written from it byte by byte.

use oneloop::buffer::{Input, Outbox};
use oneloop::codec::{Decoder, Encoder, Framed};
use oneloop::thrift::{
    ApplicationException, ApplicationExceptionKind, Form, Kind, Message, MessageKind,
    ProtocolError, Read, Value, Write,
};

use crate::dynamic::Dynamic;
use crate::support::{
    DEFAULT, Said, Wire, bytes_of, read_message, read_whole, write_message, write_whole,
};

use Dynamic::{Bool, Double, I8, I16, I32, I64, List, Map, Set, Struct, Uuid};

const CALL_HI: &str = "800100010000000a74657374537472696e67000000010b000100000002686900";

/// Each whole message with its number in the list of vectors.
pub(crate) fn messages() -> Vec<(&'static str, Wire, Vec<u8>, Said<'static>)> {
    use MessageKind::{Call, Exception, Oneway, Reply};
    use Wire::{Binary, Compact};

    let hi = || Struct(vec![(1, text("hi"))]);
    let application = |message: &str, kind| Struct(vec![(1, text(message)), (2, I32(kind))]);
    let xception = || {
        let inner = Struct(vec![(1, I32(1001)), (2, text("Xception"))]);
        Struct(vec![(1, inner)])
    };
    let nothing = || Struct(vec![]);
    let log = {
        let entry = Struct(vec![(1, text("cat")), (2, text("hello\n"))]);
        Struct(vec![(1, List(Kind::Struct, vec![entry]))])
    };
    let rows = [
        ("1", Binary, CALL_HI, head(Call, "testString", 1), hi()),
        (
            "2",
            Compact,
            "8221010a74657374537472696e671802686900",
            head(Call, "testString", 1),
            hi(),
        ),
        (
            "3",
            Binary,
            "0000000a74657374537472696e6701000000010b000100000002686900",
            old(Call, "testString", 1),
            hi(),
        ),
        (
            "5a",
            Compact,
            "8221ac02016d00",
            head(Call, "m", 300),
            nothing(),
        ),
        (
            "5b",
            Compact,
            "8221ffffffff0f016d00",
            head(Call, "m", -1),
            nothing(),
        ),
        (
            "5c",
            Compact,
            "82218080808008016d00",
            head(Call, "m", i32::MIN),
            nothing(),
        ),
        (
            "6 binary",
            Binary,
            "800100020000000874657374566f69640000000100",
            head(Reply, "testVoid", 1),
            nothing(),
        ),
        (
            "6 compact",
            Compact,
            "8241010874657374566f696400",
            head(Reply, "testVoid", 1),
            nothing(),
        ),
        (
            "7 binary",
            Binary,
            "800100020000000a74657374537472696e67000000010b000000000002686900",
            head(Reply, "testString", 1),
            Struct(vec![(0, text("hi"))]),
        ),
        (
            "7 compact",
            Compact,
            "8241010a74657374537472696e67080002686900",
            head(Reply, "testString", 1),
            Struct(vec![(0, text("hi"))]),
        ),
        (
            "8",
            Binary,
            "800100020000000d74657374457863657074696f6e000000020c0001080001000003e90b0002000000085863657074696f6e0000",
            head(Reply, "testException", 2),
            xception(),
        ),
        (
            "9",
            Compact,
            "8241020d74657374457863657074696f6e1c15d20f18085863657074696f6e0000",
            head(Reply, "testException", 2),
            xception(),
        ),
        (
            "10 binary",
            Binary,
            "80010003000000046e6f7065000000030b0001000000026e6f0800020000000100",
            head(Exception, "nope", 3),
            application("no", 1),
        ),
        (
            "10 compact",
            Compact,
            "826103046e6f706518026e6f150200",
            head(Exception, "nope", 3),
            application("no", 1),
        ),
        (
            "11 binary",
            Binary,
            "800100040000000a746573744f6e65776179000000040800010000000100",
            head(Oneway, "testOneway", 4),
            Struct(vec![(1, I32(1))]),
        ),
        (
            "11 compact",
            Compact,
            "8281040a746573744f6e65776179150200",
            head(Oneway, "testOneway", 4),
            Struct(vec![(1, I32(1))]),
        ),
        (
            "12",
            Compact,
            "8221051e5365636f6e64536572766963653a7365636f6e6474657374537472696e671803666f6f00",
            head(Call, "SecondService:secondtestString", 5),
            Struct(vec![(1, text("foo"))]),
        ),
        (
            "19 without its length",
            Binary,
            "000000034c6f6701000000000f00010c000000010b0001000000036361740b00020000000668656c6c6f0a0000",
            old(Call, "Log", 0),
            log,
        ),
        (
            "20 without its length",
            Binary,
            "80010002000000034c6f67000000000800000000000100",
            head(Reply, "Log", 0),
            Struct(vec![(0, I32(1))]),
        ),
        (
            "21",
            Binary,
            "80010003000000046e6f7065000000070b00010000001b496e76616c6964206d6574686f64206e616d653a20276e6f7065270800020000000100",
            head(Exception, "nope", 7),
            application("Invalid method name: 'nope'", 1),
        ),
        (
            "22",
            Binary,
            "80010003000000046563686f000000070b000100000004626f6f6d0800020000000000",
            head(Exception, "echo", 7),
            application("boom", 0),
        ),
    ];
    rows.map(|(number, wire, hex, head, body)| (number, wire, bytes_of(hex), (head, body)))
        .to_vec()
}

/// Structs by themselves: vectors 13 to 16.
pub(crate) fn structs() -> [(&'static str, Wire, Vec<u8>, Dynamic); 4] {
    let scalars = || {
        Struct(vec![
            (1, Bool(true)),
            (2, Bool(false)),
            (3, I8(-1)),
            (4, I16(-2)),
            (5, I32(150)),
            (6, I64(-(1 << 35))),
            (7, Double(1.5_f64.to_bits())),
            (8, text("\u{e9}")),
            (
                9,
                Uuid(*b"\0\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"),
            ),
            (100, I32(1)),
            (50, I32(2)),
            (-5, I16(3)),
        ])
    };
    let containers = |key, value| {
        let bools = [true, false, true].map(Bool).to_vec();
        Struct(vec![
            (1, List(Kind::Bool, bools)),
            (2, List(Kind::I32, (0..15).map(I32).collect())),
            (3, Set(Kind::I64, vec![I64(1), I64(-1)])),
            (4, Map(key, value, vec![])),
            (5, Map(Kind::String, Kind::I32, vec![(text("a"), I32(-1))])),
            (6, List(Kind::Struct, vec![Struct(vec![])])),
            (7, List(Kind::I32, vec![])),
        ])
    };
    [
        (
            "13",
            Wire::Binary,
            "0200010102000200030003ff060004fffe080005000000960a0006fffffff8000000000400073ff80000000000000b000800000002c3a910000900112233445566778899aabbccddeeff080064000000010800320000000206fffb000300",
            scalars(),
        ),
        (
            "14",
            Wire::Compact,
            "111213ff140315ac0216ffffffffff0117000000000000f83f1802c3a91d00112233445566778899aabbccddeeff05c8010205640404090600",
            scalars(),
        ),
        (
            "15",
            Wire::Compact,
            "193101020119f50f00020406080a0c0e10121416181a1c1a2602011b001b0185016101191c00190500",
            containers(Kind::Stop, Kind::Stop),
        ),
        (
            "16",
            Wire::Binary,
            "0f000102000000030100010f0002080000000f000000000000000100000002000000030000000400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0e00030a000000020000000000000001ffffffffffffffff0d0004080b000000000d00050b08000000010000000161ffffffff0f00060c00000001000f0007080000000000",
            containers(Kind::I32, Kind::String),
        ),
    ]
    .map(|(number, wire, hex, value)| (number, wire, bytes_of(hex), value))
}

#[test]
fn recorded_messages_are_read_and_written_as_the_official_library_does() {
    for (number, wire, bytes, said) in messages() {
        let read = read_message(wire, &bytes);
        let read = read.unwrap_or_else(|error| panic!("vector {number}: {error}"));
        assert_eq!(read, said, "vector {number}");
        assert_eq!(write_message(wire, &said), bytes, "vector {number}");
    }
}

#[test]
fn recorded_structs_are_read_and_written_as_the_official_library_does() {
    for (number, wire, bytes, value) in structs() {
        let read = read_whole::<Any>(wire, &bytes, DEFAULT);
        let read = read.unwrap_or_else(|error| panic!("vector {number}: {error}"));
        assert_eq!(read.0, value, "vector {number}");
        let written = write_whole(wire, &read, DEFAULT).expect("it is small");
        assert_eq!(written, bytes, "vector {number}");
    }
}

/// Vectors 4, 19 and 20: a length in front.
#[test]
fn recorded_frames_are_cut_and_written_as_the_official_library_does() {
    let vectors = messages();
    for (frame, payload) in [
        ("00000020", "1"),
        ("0000002d", "19 without its length"),
        ("00000017", "20 without its length"),
    ] {
        let (.., bytes, _) = vectors
            .iter()
            .find(|(number, ..)| *number == payload)
            .expect("it is in the list");
        let frame = [bytes_of(frame), bytes.clone()].concat();
        let cut = Framed::default().decode(&mut Input::new(&frame));
        assert_eq!(cut, Ok(Some(&bytes[..])));
        let mut output = Outbox::default();
        Framed::default()
            .encode((), (&bytes[..]).into(), &mut output)
            .expect("it is short");
        assert_eq!(output.single(), Some(&frame[..]));
    }
}

#[test]
fn recorded_exceptions_are_of_the_type_that_has_a_name() {
    let said =
        |message| ApplicationException::new(ApplicationExceptionKind::UnknownMethod, message);
    for (wire, hex, expected) in [
        (
            Wire::Binary,
            "0b0001000000026e6f0800020000000100",
            said("no"),
        ),
        (Wire::Compact, "18026e6f150200", said("no")),
    ] {
        let bytes = bytes_of(hex);
        let read: ApplicationException = read_whole(wire, &bytes, DEFAULT).expect("it is one");
        assert_eq!(read, expected);
        assert_eq!(write_whole(wire, &read, DEFAULT).expect("short"), bytes);
    }
}

/// A struct of any sort.
struct Any(Dynamic);

impl Value for Any {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(Dynamic::read(Kind::Struct, 64, input)?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        self.0.write(output)
    }
}

fn text(text: &str) -> Dynamic {
    Dynamic::String(text.as_bytes().to_vec())
}

fn head(kind: MessageKind, name: &'static str, sequence: i32) -> Message<'static> {
    Message {
        name,
        kind,
        sequence,
        form: Form::Strict,
    }
}

fn old(kind: MessageKind, name: &'static str, sequence: i32) -> Message<'static> {
    Message {
        form: Form::Old,
        ..head(kind, name, sequence)
    }
}
