//! Arguments that are not what the interface says, to a generated service: each time a verdict, and then a good call.

use oneloop::thrift::{ApplicationExceptionKind as Kind, Protocol};

use crate::bad_input::Verdict::{self, Refused, Replied};
use crate::bad_input::{call, judge};
use crate::support::{both, is_binary};

both! { arguments }

/// What, method, binary, compact, verdict.
type Row = (
    &'static str,
    &'static str,
    &'static [u8],
    &'static [u8],
    Verdict,
);

fn arguments<P: Protocol>() {
    const PROTOCOL: Kind = Kind::ProtocolError;
    let rows: &[Row] = &[
        ("no arguments", "echo", b"\0", b"\0", Replied("")),
        (
            "a required argument is missing",
            "greet",
            b"\x08\0\x02\0\0\0\x07\0",
            b"\x25\x0e\0",
            Refused(PROTOCOL, "Served.greet.name: the field is required"),
        ),
        (
            "a required argument of another type",
            "greet",
            b"\x08\0\x01\0\0\0\x07\0",
            b"\x15\x0e\0",
            Refused(PROTOCOL, "Served.greet.name: the field is required"),
        ),
        (
            "an argument with a default is missing",
            "greet",
            b"\x0b\0\x01\0\0\0\x02hi\0",
            b"\x18\x02hi\0",
            Replied("hi 1"),
        ),
        (
            "a required field is missing, within",
            "plant",
            b"\x0c\0\x01\x0c\0\x03\0\0\0",
            b"\x1c\x3c\0\0\0",
            Refused(
                PROTOCOL,
                "Served.plant.tree, Tree.leaf, Leaf.name: the field is required",
            ),
        ),
        (
            "all fields are missing that need not be there",
            "plant",
            b"\x0c\0\x01\0\0",
            b"\x1c\0\0",
            Replied(" 0 None"),
        ),
        (
            "the right id and another type",
            "echo",
            b"\x08\0\x01\0\0\0\x07\0",
            b"\x15\x0e\0",
            Replied(""),
        ),
        (
            "a list of other elements",
            "weigh",
            b"\x0f\0\x01\x0b\0\0\0\x01\0\0\0\x01a\0",
            b"\x19\x18\x01a\0",
            Refused(PROTOCOL, "Served.weigh.numbers: elements of type"),
        ),
        (
            "a map of other keys",
            "weigh",
            b"\x0d\0\x04\x08\x0c\0\0\0\x01\0\0\0\x01\0\0",
            b"\x4b\x01\x5c\x02\0\0",
            Refused(PROTOCOL, "Served.weigh.named: elements of type"),
        ),
        (
            "an unknown field",
            "echo",
            b"\x08\0\x63\0\0\0\x07\x0b\0\x01\0\0\0\x02hi\0",
            b"\x05\xc6\x01\x0e\x08\x02\x02hi\0",
            Replied("hi"),
        ),
        (
            "the same field twice: the last wins",
            "echo",
            b"\x0b\0\x01\0\0\0\x01a\x0b\0\x01\0\0\0\x01b\0",
            b"\x18\x01a\x08\x02\x01b\0",
            Replied("b"),
        ),
        (
            "a member that no enum has",
            "mood",
            b"\x08\0\x01\0\0\0\x63\0",
            b"\x15\xc6\x01\0",
            Replied("99"),
        ),
        (
            "the first type that is none",
            "echo",
            b"\x05\0\x02x\0",
            b"\x1ex\0",
            Refused(PROTOCOL, "is no type"),
        ),
        (
            "a type far from any",
            "echo",
            b"\x63\0\x02x\0",
            b"\x1fx\0",
            Refused(PROTOCOL, "is no type"),
        ),
        (
            "elements of no type",
            "echo",
            b"\x0f\0\x09\x05\0\0\0\x01\0\0",
            b"\x99\x1e\0\0",
            Refused(PROTOCOL, "is no type"),
        ),
        (
            "a negative length",
            "echo",
            b"\x0b\0\x01\xff\xff\xff\xff\0",
            b"\x18\xff\xff\xff\xff\x0f\0",
            Refused(PROTOCOL, "Ground.echo.text"),
        ),
        (
            "a length of 2 GiB",
            "echo",
            b"\x0b\0\x01\x7f\xff\xff\xff\0",
            b"\x18\xff\xff\xff\xff\x07\0",
            Refused(PROTOCOL, "Ground.echo.text"),
        ),
        (
            "a negative length of bytes",
            "weigh",
            b"\x0b\0\x05\xff\xff\xff\xff\0",
            b"\x58\xff\xff\xff\xff\x0f\0",
            Refused(PROTOCOL, "Served.weigh.raw"),
        ),
        (
            "a list of 2 Gi",
            "weigh",
            b"\x0f\0\x01\x08\x7f\xff\xff\xff\0",
            b"\x19\xf5\xff\xff\xff\xff\x07\0",
            Refused(PROTOCOL, "Served.weigh.numbers"),
        ),
        (
            "a list of 2 Gi in a field that is skipped",
            "echo",
            b"\x0f\0\x09\x0b\x7f\xff\xff\xff\0",
            b"\x99\xf8\xff\xff\xff\xff\x07\0",
            Refused(PROTOCOL, ""),
        ),
        (
            "a negative list",
            "weigh",
            b"\x0f\0\x01\x08\xff\xff\xff\xff\0",
            b"\x19\xf5\xff\xff\xff\xff\x0f\0",
            Refused(PROTOCOL, "Served.weigh.numbers"),
        ),
        (
            "a negative list in a field that is skipped",
            "echo",
            b"\x0f\0\x09\x0b\xff\xff\xff\xff\0",
            b"\x99\xf8\xff\xff\xff\xff\x0f\0",
            Refused(PROTOCOL, ""),
        ),
        (
            "a set of 2 Gi",
            "weigh",
            b"\x0e\0\x03\x08\x7f\xff\xff\xff\0",
            b"\x3a\xf5\xff\xff\xff\xff\x07\0",
            Refused(PROTOCOL, "Served.weigh.unique"),
        ),
        (
            "a map of 2 Gi",
            "weigh",
            b"\x0d\0\x04\x0b\x0c\x7f\xff\xff\xff\0",
            b"\x4b\xff\xff\xff\xff\x07\x8c\0",
            Refused(PROTOCOL, "Served.weigh.named"),
        ),
        (
            "a map of 2 Gi in a field that is skipped",
            "echo",
            b"\x0d\0\x09\x0b\x0b\x7f\xff\xff\xff\0",
            b"\x9b\xff\xff\xff\xff\x07\x88\0",
            Refused(PROTOCOL, ""),
        ),
        (
            "a negative map",
            "weigh",
            b"\x0d\0\x04\x0b\x0c\xff\xff\xff\xff\0",
            b"\x4b\xff\xff\xff\xff\x0f\x8c\0",
            Refused(PROTOCOL, "Served.weigh.named"),
        ),
        (
            "text that is not UTF-8",
            "echo",
            b"\x0b\0\x01\0\0\0\x02\xff\xfe\0",
            b"\x18\x02\xff\xfe\0",
            Refused(PROTOCOL, "Ground.echo.text: a string is not UTF-8"),
        ),
        (
            "text that is not UTF-8 in a field that is skipped",
            "echo",
            b"\x0b\0\x09\0\0\0\x02\xff\xfe\0",
            b"\x98\x02\xff\xfe\0",
            Replied(""),
        ),
        (
            "bytes that are not UTF-8",
            "weigh",
            b"\x0b\0\x05\0\0\0\x02\xff\xfe\0",
            b"\x58\x02\xff\xfe\0",
            Replied("[0, 0, 0, 0] 2"),
        ),
        (
            "the end is missing",
            "echo",
            b"\x0b\0\x01\0\0\0\x02hi",
            b"\x18\x02hi",
            Refused(PROTOCOL, "ends before its time"),
        ),
        (
            "cut in the text",
            "echo",
            b"\x0b\0\x01\0\0\0\x02h",
            b"\x18\x02h",
            Refused(PROTOCOL, "Ground.echo.text"),
        ),
        (
            "nothing at all",
            "echo",
            b"",
            b"",
            Refused(PROTOCOL, "ends before its time"),
        ),
        (
            "the target fails",
            "fail",
            b"\0",
            b"\0",
            Refused(Kind::InternalError, "internal error"),
        ),
        (
            "an unknown method",
            "nope",
            b"\x0b\0\x01\0\0\0\x02hi\0",
            b"\x18\x02hi\0",
            Refused(Kind::UnknownMethod, "nope"),
        ),
        (
            "an unknown method whose arguments cannot be read",
            "nope",
            b"\x0b\0\x01\0\0\0\x02h",
            b"\x18\x02h",
            Refused(PROTOCOL, "cannot be read"),
        ),
    ];
    for (what, method, binary, compact, verdict) in rows {
        let bytes = if is_binary::<P>() { binary } else { compact };
        judge::<P>(what, method, &call::<P>(method, bytes), verdict);
    }
}
