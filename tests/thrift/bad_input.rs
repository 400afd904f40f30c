//! What a hostile peer may send to a generated service: each time a verdict, and then a good call.

use std::time::Duration;

use oneloop::thrift::{ApplicationExceptionKind as Kind, Binary, MessageKind, Protocol};

use crate::served::{processor, said};
use crate::service::Nothing;
use crate::support::{Client, Stage, both, exception, is_binary, message};

/// What is to become of a frame.
pub(crate) enum Verdict {
    /// It is answered with the text, and the link lives.
    Replied(&'static str),
    /// It is answered with an exception of this kind whose text has these words, and the link lives.
    Refused(Kind, &'static str),
    /// Nothing comes of it, and the link lives.
    Silent,
    /// The link is closed, and nothing is answered.
    Closed,
    /// It is answered with the text, and the link is closed.
    RepliedAndClosed(&'static str),
}
use Verdict::{Closed, Refused, Replied, RepliedAndClosed, Silent};

both! {
    messages frames heads nesting nothing_is_served_behind_a_call_that_closed_its_link
    a_call_before_one_that_closed_its_link_is_answered_if_that_was_meant
}

/// A message of this method whose arguments are these bytes.
pub(crate) fn sent<P: Protocol>(method: &str, kind: MessageKind, arguments: &[u8]) -> Vec<u8> {
    let mut whole = message::<P, _>(method, kind, 5, &Nothing::default());
    whole.pop();
    whole.extend_from_slice(arguments);
    whole
}

pub(crate) fn call<P: Protocol>(method: &str, arguments: &[u8]) -> Vec<u8> {
    sent::<P>(method, MessageKind::Call, arguments)
}

/// The arguments of a call of echo.
pub(crate) fn echo<P: Protocol>(text: &str) -> Vec<u8> {
    let length = text.len() as u8;
    let head: &[u8] = if is_binary::<P>() {
        &[0x0b, 0, 1, 0, 0, 0, length]
    } else {
        &[0x18, length]
    };
    [head, text.as_bytes(), b"\0"].concat()
}

fn stage() -> Stage {
    Stage::with(processor, |listen| listen)
}

/// A good call, which is answered.
fn assert_serves<P: Protocol>(what: &str, stage: &mut Stage, client: &mut Client) {
    client.send(&call::<P>("echo", &echo::<P>("on")));
    let reply = stage.reply(client);
    assert_eq!(said::<P>(&reply, "echo", 5), "on", "{what}");
}

pub(crate) fn judge<P: Protocol>(what: &str, method: &str, frame: &[u8], verdict: &Verdict) {
    let mut stage = stage();
    let mut client = stage.peer();
    client.send(frame);
    if let Replied(text) | RepliedAndClosed(text) = verdict {
        let reply = stage.reply(&mut client);
        assert_eq!(said::<P>(&reply, method, 5), *text, "{what}");
    }
    match verdict {
        Refused(kind, words) => {
            let reply = stage.reply(&mut client);
            let (found, text) = exception::<P>(&reply, method, 5);
            assert_eq!(found, *kind, "{what}");
            assert!(text.contains(words), "{what}: {text}");
            assert!(!text.contains("swordfish"), "{what}: {text}");
        }
        Closed | RepliedAndClosed(_) => {
            stage.assert_closed(&mut client);
            client = stage.peer();
        }
        Replied(_) | Silent => {}
    }
    assert_serves::<P>(what, &mut stage, &mut client);
}

/// What, method, kind, arguments, verdict, whether a target runs.
type Row<'a> = (
    &'static str,
    &'static str,
    MessageKind,
    &'a [u8],
    Verdict,
    bool,
);

/// Messages of other kinds than their methods ask for.
fn messages<P: Protocol>() {
    use MessageKind::{Call, Exception, Oneway, Reply};
    let good = echo::<P>("hi");
    let no_call = || Refused(Kind::InvalidMessageType, "is no call");
    let rows: &[Row<'_>] = &[
        ("a reply", "echo", Reply, &good, no_call(), false),
        ("an exception", "echo", Exception, &good, no_call(), false),
        ("a call sent oneway", "echo", Oneway, &good, Silent, true),
        (
            "oneway, as it should be",
            "note",
            Oneway,
            &good,
            Silent,
            true,
        ),
        ("oneway, called", "note", Call, &good, Silent, true),
        ("oneway that fails", "fall", Oneway, b"\0", Silent, true),
        (
            "oneway that fails, called",
            "fall",
            Call,
            b"\0",
            Silent,
            true,
        ),
        ("oneway that is cut", "note", Oneway, b"", Silent, false),
        ("oneway to nobody", "nope", Oneway, &good, Silent, false),
        ("oneway to nobody, cut", "nope", Oneway, b"", Silent, false),
    ];
    for (what, method, kind, arguments, verdict, served) in rows {
        judge::<P>(what, method, &sent::<P>(method, *kind, arguments), verdict);
        let mut stage = stage();
        let client = stage.peer();
        client.send(&sent::<P>(method, *kind, arguments));
        stage.world.run_for(Duration::from_millis(100));
        let told = &stage.world.state(&stage.node).told;
        assert_eq!(told.len(), usize::from(*served), "{what}: {told:?}");
    }
    // Kinds that have no name: in compact there are eight.
    let nameless: [&[u8]; 2] = if is_binary::<P>() {
        [
            b"\x80\x01\0\x09\0\0\0\x04echo\0\0\0\x05\0",
            b"\x80\x01\0\0\0\0\0\x04echo\0\0\0\x05\0",
        ]
    } else {
        [b"\x82\xe1\x05\x04echo\0", b"\x82\x01\x05\x04echo\0"]
    };
    for frame in nameless {
        judge::<P>("a kind without a name", "echo", frame, &no_call());
    }
}

/// What is in a frame besides one message.
fn frames<P: Protocol>() {
    let one = call::<P>("echo", &echo::<P>("hi"));
    let junk = [one.as_slice(), b"\x7f"].concat();
    judge::<P>("junk behind", "echo", &junk, &RepliedAndClosed("hi"));
    judge::<P>("no message", "echo", b"", &Closed);
    if is_binary::<P>() {
        let old = [b"\0\0\0\x04echo\x01\0\0\0\x05", &*echo::<P>("hi")].concat();
        judge::<P>("the old form", "echo", &old, &Replied("hi"));
    }
    let mut stage = stage();
    let mut client = stage.peer();
    client.send(&[one.clone(), one].concat());
    for _ in 0..2 {
        let reply = stage.reply(&mut client);
        assert_eq!(said::<P>(&reply, "echo", 5), "hi");
    }
    assert_serves::<P>("two messages", &mut stage, &mut client);
}

fn heads<P: Protocol>() {
    let good = call::<P>("echo", b"\0");
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
        judge::<P>(what, "echo", bytes, &Closed);
    }
    // Cut anywhere within the head, it cannot be answered; behind it, it can.
    let head_bytes = good.len() - 1;
    for at in 1..good.len() {
        let verdict = if at < head_bytes {
            Closed
        } else {
            Refused(Kind::ProtocolError, "ends before its time")
        };
        judge::<P>("cut", "echo", &good[..at], &verdict);
    }
}

/// Structs within structs in a field that nobody knows: 63 within the arguments, which are the first, and one more.
fn nesting<P: Protocol>() {
    let (opens, open): (&[u8], &[u8]) = if is_binary::<P>() {
        (b"\x0c\0\x09", b"\x0c\0\x01")
    } else {
        (b"\x9c", b"\x1c")
    };
    let refused = || Refused(Kind::ProtocolError, "too many structs");
    let rows = [
        (60, Replied("")),
        (63, Replied("")),
        (64, refused()),
        (70, refused()),
    ];
    for (depth, verdict) in rows {
        let mut bytes = opens.to_vec();
        for _ in 1..depth {
            bytes.extend_from_slice(open);
        }
        bytes.resize(bytes.len() + depth + 1, 0);
        let frame = call::<P>("echo", &bytes);
        judge::<P>(&format!("{depth} deep"), "echo", &frame, &verdict);
    }
}

/// A frame over the limit is refused by its head, one of a negative length too.
#[test]
fn frames_too_long_close_the_link() {
    for length in [(1_u32 << 20) + 1, 0x7fff_ffff, 0xffff_ffff] {
        let mut stage = stage();
        let mut client = stage.peer();
        client.peer.send(&length.to_be_bytes());
        stage.assert_closed(&mut client);
        client = stage.peer();
        assert_serves::<Binary>("a new link", &mut stage, &mut client);
    }
}

/// Nothing is served behind a call that closed its link, in the same frame or another: the peer has the call's reply if the order was to
/// send what there is, and then the end.
fn nothing_is_served_behind_a_call_that_closed_its_link<P: Protocol>() {
    for (how, answered) in [("now", false), ("sent", true), ("answered", true)] {
        for one_frame in [true, false] {
            let mut stage = stage();
            let mut client = stage.peer();
            let leave = call::<P>("leave", &echo::<P>(how));
            let behind = call::<P>("echo", &echo::<P>("too late"));
            if one_frame {
                client.send(&[leave, behind].concat());
            } else {
                client.send(&leave);
                client.send(&behind);
            }
            if answered {
                let reply = stage.reply(&mut client);
                assert_eq!(said::<P>(&reply, "leave", 5), how);
            }
            stage.assert_closed(&mut client);
            let told = &stage.world.state(&stage.node).told;
            assert!(told.is_empty(), "{how}, one frame {one_frame}: {told:?}");
        }
    }
}

/// A call before it that is not answered yet still is, if the order was to wait for answers, and not if it was to send what there is.
fn a_call_before_one_that_closed_its_link_is_answered_if_that_was_meant<P: Protocol>() {
    for (how, answered) in [("now", false), ("sent", false), ("answered", true)] {
        let mut stage = stage();
        let mut client = stage.peer();
        client.send(&call::<P>("held", b"\0"));
        client.send(&call::<P>("leave", &echo::<P>(how)));
        client.send(&call::<P>("echo", &echo::<P>("too late")));
        stage.world.run_for(Duration::from_millis(100));
        stage.world.with(&stage.node, |cx| {
            for promise in std::mem::take(&mut cx.state.texts) {
                promise.resolve("at last".into());
            }
        });
        if answered {
            let reply = stage.reply(&mut client);
            assert_eq!(said::<P>(&reply, "held", 5), "at last");
            let reply = stage.reply(&mut client);
            assert_eq!(said::<P>(&reply, "leave", 5), how);
        }
        stage.assert_closed(&mut client);
        assert!(stage.world.state(&stage.node).told.is_empty(), "{how}");
        client.peer.close();
        stage.world.run_for(Duration::from_millis(100));
        assert_eq!(stage.world.counters(&stage.node).calls_open, 0, "{how}");
    }
}
