//! What a hostile peer may send: each time a verdict, and then a good call.

use oneloop::thrift::{ApplicationExceptionKind as Kind, MessageKind, Protocol};

use crate::service::{Echo, Nothing, Text};
use crate::support::{Stage, both, exception, is_binary, message, result};

/// What is to become of a frame.
enum Verdict {
    /// It is answered with the text, and the link lives.
    Replied(&'static str),
    /// It is answered with an exception, and the link lives.
    Refused(Kind),
    /// The link is closed, and nothing is answered.
    Closed,
}
use Verdict::{Closed, Refused, Replied};

both! { arguments heads nesting }

/// A call of echo whose arguments are these bytes.
fn call<P: Protocol>(arguments: &[u8]) -> Vec<u8> {
    let mut whole = message::<P, _>("echo", MessageKind::Call, 5, &Nothing::default());
    whole.pop();
    whole.extend_from_slice(arguments);
    whole
}

fn judge<P: Protocol>(what: &str, frame: &[u8], verdict: &Verdict) {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    client.send(frame);
    match verdict {
        Replied(said) => {
            let reply = stage.reply(&mut client);
            let result = result::<P, Echo>(&reply, 5);
            assert_eq!(result.success.as_deref(), Some(*said), "{what}");
        }
        Refused(kind) => {
            let reply = stage.reply(&mut client);
            assert_eq!(exception::<P>(&reply, "echo", 5).0, *kind, "{what}");
        }
        Closed => {
            stage.assert_closed(&mut client);
            return stage.assert_serves();
        }
    }
    // The same link serves on.
    let text = Text {
        text: Some("on".into()),
    };
    client.call::<P, Echo>(6, &text);
    let reply = stage.reply(&mut client);
    assert_eq!(
        result::<P, Echo>(&reply, 6).success.as_deref(),
        Some("on"),
        "{what}"
    );
}

fn arguments<P: Protocol>() {
    // What, binary, compact, verdict.
    let rows: &[(&str, &[u8], &[u8], Verdict)] = &[
        ("no arguments", b"\0", b"\0", Replied("")),
        (
            "the right id and another type",
            b"\x08\0\x01\0\0\0\x07\0",
            b"\x15\x0e\0",
            Replied(""),
        ),
        (
            "an unknown field",
            b"\x08\0\x63\0\0\0\x07\x0b\0\x01\0\0\0\x02hi\0",
            b"\x05\xc6\x01\x0e\x08\x02\x02hi\0",
            Replied("hi"),
        ),
        (
            "the same field twice: the last wins",
            b"\x0b\0\x01\0\0\0\x01a\x0b\0\x01\0\0\0\x01b\0",
            b"\x18\x01a\x08\x02\x01b\0",
            Replied("b"),
        ),
        (
            "an unknown type",
            b"\x63\0\x02x\0",
            b"\x1fx\0",
            Refused(Kind::ProtocolError),
        ),
        (
            "a negative length",
            b"\x0b\0\x01\xff\xff\xff\xff\0",
            b"\x18\xff\xff\xff\xff\x0f\0",
            Refused(Kind::ProtocolError),
        ),
        (
            "a length of 2 GiB",
            b"\x0b\0\x01\x7f\xff\xff\xff\0",
            b"\x18\xff\xff\xff\xff\x07\0",
            Refused(Kind::ProtocolError),
        ),
        (
            "a list of 2 Gi in a field that is skipped",
            b"\x0f\0\x09\x0b\x7f\xff\xff\xff\0",
            b"\x99\xf8\xff\xff\xff\xff\x07\0",
            Refused(Kind::ProtocolError),
        ),
        (
            "a negative list",
            b"\x0f\0\x09\x0b\xff\xff\xff\xff\0",
            b"\x99\xf8\xff\xff\xff\xff\x0f\0",
            Refused(Kind::ProtocolError),
        ),
        (
            "a map of 2 Gi",
            b"\x0d\0\x09\x0b\x0b\x7f\xff\xff\xff\0",
            b"\x9b\xff\xff\xff\xff\x07\x88\0",
            Refused(Kind::ProtocolError),
        ),
        (
            "text that is not UTF-8",
            b"\x0b\0\x01\0\0\0\x02\xff\xfe\0",
            b"\x18\x02\xff\xfe\0",
            Refused(Kind::ProtocolError),
        ),
        (
            "text that is not UTF-8 in a field that is skipped",
            b"\x0b\0\x09\0\0\0\x02\xff\xfe\0",
            b"\x98\x02\xff\xfe\0",
            Replied(""),
        ),
        (
            "the end is missing",
            b"\x0b\0\x01\0\0\0\x02hi",
            b"\x18\x02hi",
            Refused(Kind::ProtocolError),
        ),
        (
            "cut in the text",
            b"\x0b\0\x01\0\0\0\x02h",
            b"\x18\x02h",
            Refused(Kind::ProtocolError),
        ),
        ("nothing at all", b"", b"", Refused(Kind::ProtocolError)),
    ];
    for (what, binary, compact, verdict) in rows {
        let bytes = if is_binary::<P>() { binary } else { compact };
        judge::<P>(what, &call::<P>(bytes), verdict);
    }
}

fn heads<P: Protocol>() {
    let good = message::<P, _>("echo", MessageKind::Call, 5, &Nothing::default());
    let rows: [(&str, &[u8], &[u8]); 6] = [
        (
            "another version",
            b"\x80\x02\0\x01\0\0\0\x04echo\0\0\0\x05\0",
            b"\x82\x22\x05\x04echo\0",
        ),
        ("neither", b"\xc0\x01\0\x01\0", b"\x83\x21\x05\x04echo\0"),
        (
            "a name of 2 GiB",
            b"\x80\x01\0\x01\x7f\xff\xff\xffecho",
            b"\x82\x21\x05\xff\xff\xff\xff\x07echo",
        ),
        (
            "a negative name",
            b"\x80\x01\0\x01\xff\xff\xff\xffecho",
            b"\x82\x21\x05\xff\xff\xff\xff\x0fecho",
        ),
        ("one byte", b"\x80", b"\x82"),
        (
            "an endless number",
            b"\0\0\0\x7fecho",
            b"\x82\x21\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ),
    ];
    for (what, binary, compact) in rows {
        let bytes = if is_binary::<P>() { binary } else { compact };
        judge::<P>(what, bytes, &Closed);
    }
    // Cut anywhere within the head, it cannot be answered; behind it, it can.
    let head_bytes = good.len() - 1;
    for at in 1..good.len() {
        let verdict = if at < head_bytes {
            Closed
        } else {
            Refused(Kind::ProtocolError)
        };
        judge::<P>("cut", &good[..at], &verdict);
    }
}

/// Structs within structs in a field that nobody knows: 63 within the arguments, which are the first, and one more.
fn nesting<P: Protocol>() {
    let (opens, open): (&[u8], &[u8]) = if is_binary::<P>() {
        (b"\x0c\0\x09", b"\x0c\0\x01")
    } else {
        (b"\x9c", b"\x1c")
    };
    for (depth, verdict) in [(63, Replied("")), (64, Refused(Kind::ProtocolError))] {
        let mut bytes = opens.to_vec();
        for _ in 1..depth {
            bytes.extend_from_slice(open);
        }
        bytes.resize(bytes.len() + depth + 1, 0);
        judge::<P>(&format!("{depth} deep"), &call::<P>(&bytes), &verdict);
    }
}

/// A frame over the limit is refused by its head, one of a negative length too.
#[test]
fn frames_too_long_close_the_link() {
    for length in [(1_u32 << 20) + 1, 0x7fff_ffff, 0xffff_ffff] {
        let mut stage = Stage::new();
        let mut client = stage.peer();
        client.peer.send(&length.to_be_bytes());
        stage.assert_closed(&mut client);
        stage.assert_serves();
    }
}
