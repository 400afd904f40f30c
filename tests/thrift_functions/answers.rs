//! What comes back: values, errors, deferreds, panics, and nothing.

use std::time::Duration;

use oneloop::thrift::{MessageKind, Protocol};

use crate::dynamic::Dynamic;
use crate::support::{Stage, both, framed, message, text};

both! { own_errors_are_told other_errors_are_not panics later_answers order oneway unknown_names too_long }

const INTERNAL_ERROR: i32 = 6;

fn own_errors_are_told<P: Protocol>() {
    let mut stage = Stage::new();
    for name in ["refuse", "refuse_within", "refuse_answer", "later_refuse"] {
        let reply = stage.call::<P>(name, &[]);
        assert_eq!(reply.exception(), (1001, "no such room".to_owned()));
    }
    let reply = stage.call::<P>("later_or_not", &[(1, Dynamic::I64(0))]);
    assert_eq!(reply.exception(), (1001, "no such room".to_owned()));
    assert_eq!(stage.world.counters("server").handlers_failed, 5);
}

fn other_errors_are_not<P: Protocol>() {
    let mut stage = Stage::new();
    for name in ["fail", "fail_text", "fail_answer", "later_fail"] {
        let reply = stage.call::<P>(name, &[]);
        assert_eq!(
            reply.exception(),
            (INTERNAL_ERROR, "internal error".to_owned())
        );
    }
    // A promise that nobody keeps is one as well.
    let peer = stage.peer();
    peer.send(&framed(&message::<P>("held", MessageKind::Call, 5, &[])));
    stage.world.run_for(Duration::from_secs(1));
    stage.world.state_mut(&stage.node).held.clear();
    assert_eq!(stage.reply::<P>(&peer).exception().0, INTERNAL_ERROR);
    // And one that is late.
    peer.send(&framed(&message::<P>("held", MessageKind::Call, 5, &[])));
    assert_eq!(stage.reply::<P>(&peer).exception().0, INTERNAL_ERROR);
    assert_eq!(stage.world.counters("server").calls_expired, 1);
}

fn panics<P: Protocol>() {
    let mut stage = Stage::new();
    stage.world.allow_panics();
    let peer = stage.peer();
    peer.send(&framed(&message::<P>("panic", MessageKind::Call, 5, &[])));
    let told = stage.reply::<P>(&peer).exception();
    assert_eq!(told, (INTERNAL_ERROR, "internal error".to_owned()));
    stage.world.run_for(Duration::from_secs(1));
    assert!(peer.end().is_some(), "the link is closed");
    // An overflow is one: the crate's own build checks for it, and so does a test's.
    let most = [(1, Dynamic::I64(i64::MAX)), (2, Dynamic::I64(1))];
    let told = stage.call::<P>("add", &most).exception();
    assert_eq!(told, (INTERNAL_ERROR, "internal error".to_owned()));
    stage.assert_serves();
}

fn later_answers<P: Protocol>() {
    let mut stage = Stage::new();
    for (name, seconds) in [
        ("later", 1),
        ("later_or_not", 1),
        ("later_still", 1),
        ("later_answer", 1),
    ] {
        let began = stage.world.now();
        let reply = stage.call::<P>(name, &[(1, Dynamic::I64(4))]);
        assert_eq!(reply.result(), [(0, Dynamic::I64(4))], "{name}");
        let took = stage.world.now() - began;
        assert!(took >= Duration::from_secs(seconds), "{name}: {took:?}");
    }
    let reply = stage.call::<P>("later_void", &[]);
    assert_eq!(reply.result(), []);
}

fn order<P: Protocol>() {
    let mut stage = Stage::new();
    let peer = stage.peer();
    peer.send(&framed(&message::<P>(
        "later",
        MessageKind::Call,
        1,
        &[(1, Dynamic::I64(4))],
    )));
    peer.send(&framed(&message::<P>("seven", MessageKind::Call, 2, &[])));
    stage.world.run_for(Duration::from_millis(900));
    assert_eq!(peer.received_len(), 0, "the second waits for the first");
    stage.world.run_for(Duration::from_secs(1));
    let came = peer.take_received();
    let place = |name: &[u8]| came.windows(name.len()).position(|bytes| bytes == name);
    let (first, second) = (place(b"later"), place(b"seven"));
    assert!(first.is_some() && first < second, "{came:?}");
}

fn oneway<P: Protocol>() {
    let mut stage = Stage::new();
    let peer = stage.peer();
    for name in ["note", "fail", "refuse", "nope"] {
        let fields = [(1, text(name))];
        peer.send(&framed(&message::<P>(
            name,
            MessageKind::Oneway,
            5,
            &fields,
        )));
    }
    stage.world.run_for(Duration::from_secs(1));
    assert_eq!(peer.received_len(), 0);
    assert_eq!(stage.world.state(&stage.node).called, ["note"]);
    assert!(peer.is_open());
}

fn unknown_names<P: Protocol>() {
    let mut stage = Stage::new();
    for name in ["nope", "", "ADD", "add ", "s:add"] {
        let reply = stage.call::<P>(name, &[(1, Dynamic::I64(4))]);
        assert_eq!(reply.exception(), (1, format!("no method {name:?}")));
    }
    stage.assert_serves();
}

/// `frame_out_bytes_max` is 10,000 here. The name, the head and the rest take less than 100.
fn too_long<P: Protocol>() {
    let mut stage = Stage::new();
    let reply = stage.call::<P>("long", &[(1, Dynamic::I32(9_900))]);
    assert_eq!(reply.result(), [(0, Dynamic::String(vec![0; 9_900]))]);
    let reply = stage.call::<P>("long", &[(1, Dynamic::I32(10_001))]);
    assert_eq!(reply.exception().0, INTERNAL_ERROR);
    let reply = stage.call::<P>("refuse_at_length", &[(1, Dynamic::I32(9_900))]);
    assert_eq!(reply.exception(), (1002, "x".repeat(9_900)));
    // An error of one's own that cannot be told is one that is not: the link lives.
    let peer = stage.peer();
    for bytes in [10_001, 1_000_000] {
        let fields = [(1, Dynamic::I32(bytes))];
        let call = message::<P>("refuse_at_length", MessageKind::Call, 5, &fields);
        peer.send(&framed(&call));
        assert_eq!(stage.reply::<P>(&peer).exception().0, INTERNAL_ERROR);
    }
}
