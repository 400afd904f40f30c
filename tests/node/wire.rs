//! What is on the wire, byte by byte.

use oneloop::node::Node;
use oneloop::sim::World;

use crate::raw::{CALL, Fields, ONEWAY, REPLY, Raw, frame, hello};
use crate::support::{Echo, Never, deadline, down, machine, millis, root, secs, text};

const SECRET: &[u8] = b"correct horse battery staple";

#[test]
fn hello_and_proof_are_these_bytes() {
    let mut hello = hello();
    hello.name = "n".into();
    hello.epoch = 2;
    hello.heartbeat_ms = 3;
    let mut bytes = b"\0\0\0\x77\x80\x01\0\x01\0\0\0\x0doneloop:hello\0\0\0\x01\
        \x08\0\x01\0\0\0\x01\x0b\0\x02\0\0\0\x01n\x0b\0\x03\0\0\0\x10"
        .to_vec();
    bytes.extend([9; 16]);
    bytes.extend(b"\x0a\0\x04\0\0\0\0\0\0\0\x02\x0b\0\x05\0\0\0\x20");
    bytes.extend([5; 32]);
    bytes.extend(b"\x08\0\x06\0\0\0\x03\x08\0\x07\0\0\0\x01\0");
    bytes[3] = (bytes.len() - 4) as u8;
    assert_eq!(hello.frame(), bytes);
}

#[test]
fn a_child_of_thirty_lines_is_called_and_calls() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate")
            .epoch(7)
            .instance([1; 16])
            .root("gate:9000", root().limits(deadline(secs(2))))
    });
    let mut raw = Raw::dial(&mut world, "raw");
    let welcome = raw.welcome(&mut world, &hello());
    assert_eq!(welcome.of(1), 1_i32.to_be_bytes());
    assert_eq!(welcome.of(2), b"gate");
    assert_eq!(welcome.of(3), [1; 16]);
    assert_eq!(welcome.of(4), 7_i64.to_be_bytes());
    assert_eq!(welcome.of(5).len(), 32);
    assert_eq!(
        welcome.of(7),
        [0; 4],
        "it wants no signs of life, and is not asked for any"
    );
    drop(raw);
    let mut raw = Raw::join(&mut world, "raw", &hello(), SECRET);
    // A call: its deadline in front, in milliseconds.
    down::<Echo>(&mut world, &gate, "raw", "hi");
    let came = raw.next(&mut world);
    assert_eq!((came.kind, &*came.name, came.sequence), (CALL, "echo", 1));
    assert_eq!(
        came.body,
        b"\x08\x7f\xff\0\0\x07\xd0\x0b\0\x01\0\0\0\x02hi\0"
    );
    raw.send(&frame("echo", REPLY, 1, b"\x0b\0\0\0\0\0\x02yo\0"));
    world.run_for(millis(100));
    assert_eq!(world.state(&gate).texts(), ["yo"]);
    // One that nobody waits for any more.
    world.with(&gate, |cx| {
        drop(cx.child("raw").call::<Never, _>(cx, text("")))
    });
    let came = raw.next(&mut world);
    assert_eq!((&*came.name, came.sequence), ("never", 2));
    let came = raw.next(&mut world);
    assert_eq!((came.kind, &*came.name), (ONEWAY, "oneloop:cancel"));
    assert_eq!(came.body, b"\x08\0\x01\0\0\0\x02\0");
    // One that expires is cancelled too.
    down::<Never>(&mut world, &gate, "raw", "");
    assert_eq!(raw.next(&mut world).sequence, 3);
    let came = raw.next(&mut world);
    assert_eq!(came.body, b"\x08\0\x01\0\0\0\x03\0");
    assert_eq!(world.state(&gate).texts(), ["yo", "! timeout"]);
    // The other way round, without a deadline, as any library calls; and cancelled.
    raw.send(&frame("echo", CALL, 0, b"\x0b\0\x01\0\0\0\x02me\0"));
    let came = raw.next(&mut world);
    assert_eq!((came.kind, &*came.name, came.sequence), (REPLY, "echo", 0));
    assert_eq!(came.body, b"\x0b\0\0\0\0\0\x02me\0");
    raw.send(&frame("never", CALL, 5, b"\0"));
    raw.send(&frame(
        "oneloop:cancel",
        ONEWAY,
        0,
        b"\x08\0\x01\0\0\0\x05\0",
    ));
    let came = raw.next(&mut world);
    assert_eq!((came.kind, came.sequence), (3, 5));
    assert_eq!(world.state(&gate).given_up(), 1);
    // One whose time is up already is not begun.
    raw.send(&frame(
        "echo",
        CALL,
        6,
        b"\x08\x7f\xff\0\0\0\0\x0b\0\x01\0\0\0\x02me\0",
    ));
    assert_eq!(raw.next(&mut world).kind, 3);
    assert_eq!(world.state(&gate).served.len(), 2);
    // One that gives the callee a second, and says no more.
    let called = world.now();
    raw.send(&frame("never", CALL, 9, b"\x08\x7f\xff\0\0\x03\xe8\0"));
    let came = raw.next(&mut world);
    assert_eq!((came.kind, came.sequence), (3, 9));
    let waited = world.now() - called;
    assert!(
        waited >= millis(1000) && waited < millis(1010),
        "{waited:?}"
    );
    let failure = Fields::read(&mut &came.body[..]);
    assert_eq!(failure.of(2), 0x6f6c_0001_i32.to_be_bytes(), "timeout");
    // Nothing is said for a minute, since it wanted no signs of life.
    assert!(raw.next_within(&mut world, 60).is_none());
    assert!(raw.peer.is_open());
    // A method that there is not between nodes.
    raw.send(&frame("oneloop:later", CALL, 7, b"\0"));
    assert_eq!(raw.next(&mut world).kind, 3);
    raw.send(&frame("oneloop:later", ONEWAY, 8, b"\0"));
    assert!(raw.next_within(&mut world, 1).is_none());
    assert!(raw.peer.is_open());
}

#[test]
fn signs_of_life_come_when_nothing_else_does() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    let mut hello = hello();
    hello.heartbeat_ms = 2000;
    let mut raw = Raw::join(&mut world, "raw", &hello, SECRET);
    let joined = world.now();
    let came = raw.next(&mut world);
    assert_eq!(
        (came.kind, &*came.name, came.body.as_slice()),
        (ONEWAY, "oneloop:heartbeat", &b"\0"[..])
    );
    let waited = world.now() - joined;
    assert!(
        waited >= millis(1990) && waited < millis(2010),
        "{waited:?}"
    );
    // A call is a sign of life too.
    world.run_for(secs(1));
    down::<Never>(&mut world, &gate, "raw", "");
    let called = world.now();
    assert_eq!(raw.next(&mut world).name, "never");
    assert_eq!(raw.next(&mut world).name, "oneloop:heartbeat");
    let waited = world.now() - called;
    assert!(
        waited >= millis(1990) && waited < millis(2010),
        "{waited:?}"
    );
    // It gives none itself, and is given up after the silence deadline.
    world.run_until(|_| raw.peer.end().is_some(), secs(20));
    let waited = world.now() - joined;
    assert!(
        waited >= millis(14_990) && waited < millis(15_100),
        "{waited:?}"
    );
    world.run_for(millis(10));
    assert_eq!(world.state(&gate).texts(), ["! timeout"]);
    let told = world.state(&gate).told.last().expect("it is told").clone();
    assert_eq!(
        told,
        "lost raw/1: the peer broke the protocol: it gave no sign of life"
    );
}
