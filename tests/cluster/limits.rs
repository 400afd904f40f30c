//! Each limit of a link between nodes, at, below and above. Those that are not here are elsewhere: `calls_max`, `call_deadline`,
//! `queued_calls_max` in `tests/node/calls.rs`; `unproven_frame_bytes_max`, `unproven_deadline` and `unproven_links_max` in
//! `tests/node/greeting.rs`; `heartbeat` and `silence_deadline`, to the millisecond, in `tests/node/wire.rs`.

use std::time::Duration;

use oneloop::Misuse;
use oneloop::node::{Node, NodeLimits};
use oneloop::sim::{LinkFaults, World};

use crate::book::Shared;
use crate::raw::{CALL, Fields, Raw, frame, hello};
use crate::support::{
    App, How, SECRET, Target, call, machine, millis, remote, root, secret, secs, work,
};

const DAY: Duration = Duration::from_secs(24 * 3600);
const MICROSECOND: Duration = Duration::from_micros(1);

/// What is checked before anything starts: on the edge it is taken, and a step beyond it is not.
#[test]
fn what_makes_no_sense_is_refused_from_the_edge_on() {
    type Change = fn(&mut NodeLimits, bool);
    let edges: [(&str, Change); 15] = [
        ("heartbeat", |it, over| {
            it.heartbeat = millis(1) - MICROSECOND * u32::from(over);
        }),
        ("unproven_deadline", |it, over| {
            it.child_after_min = Duration::ZERO;
            it.unproven_deadline = millis(1) - MICROSECOND * u32::from(over);
        }),
        ("child_after_min", |it, over| {
            it.child_after_min = it.unproven_deadline - MICROSECOND * u32::from(!over);
        }),
        ("redial_after_min", |it, over| {
            it.redial_after_min = millis(1) - MICROSECOND * u32::from(over);
        }),
        ("silence_deadline", |it, over| {
            it.heartbeat = millis(50);
            it.silence_deadline = millis(200) - MICROSECOND * u32::from(over);
        }),
        ("heartbeat", |it, over| {
            it.heartbeat = it.silence_deadline - MICROSECOND * u32::from(!over);
        }),
        ("silence_deadline", |it, over| {
            it.silence_deadline = DAY + MICROSECOND * u32::from(over);
        }),
        ("unproven_deadline", |it, over| {
            it.unproven_deadline = DAY + MICROSECOND * u32::from(over);
        }),
        ("redial_after_max", |it, over| {
            it.redial_after_max = DAY + MICROSECOND * u32::from(over);
        }),
        ("redial_after_max", |it, over| {
            it.redial_after_max = it.redial_after_min - MICROSECOND * u32::from(over);
        }),
        ("unproven_frame_bytes_max", |it, over| {
            it.unproven_frame_bytes_max = 512 - usize::from(over);
        }),
        ("unproven_links_max", |it, over| {
            it.unproven_links_max = usize::from(!over)
        }),
        ("outbox_bytes_max", |it, over| {
            it.link.outbox_bytes_max = 4 * it.link.frame_out_bytes_max - usize::from(over);
        }),
        ("calls_max", |it, over| it.link.calls_max = u32::from(!over)),
        ("queued_calls_max", |it, _| it.queued_calls_max = 0),
    ];
    for (number, (name, change)) in edges.into_iter().enumerate() {
        for over in [false, true] {
            let mut limits = NodeLimits::default();
            change(&mut limits, over);
            match limits.check() {
                Ok(()) => assert!(!over || name == "queued_calls_max", "{number}: {name}"),
                Err(Misuse::Option(text)) => {
                    assert!(over && text.contains(name), "{number}: {name}: {text}");
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

/// So long between two dials: half of it is drawn, the rest is there at least; doubled each time up to the most.
#[test]
fn a_remote_dials_again_after_twice_the_time_and_no_later_than_the_longest() {
    for (least, most) in [(100, 800), (100, 100), (1, 5), (300, 2_000)] {
        let (mut world, book) = (World::new(1), Shared::default());
        let limits = NodeLimits {
            redial_after_min: millis(least),
            redial_after_max: millis(most),
            ..NodeLimits::default()
        };
        machine(&mut world, "calc", &book, move || {
            let remote = remote(0).limits(limits.clone());
            Node::new("calc").remote("gate", "gate:9000", remote)
        });
        let mut wanted = least;
        let mut before = world.counters("calc").dialled;
        let mut last = world.now();
        for place in 0..12 {
            world.run_until(|world| world.counters("calc").dialled > before, secs(10));
            before = world.counters("calc").dialled;
            let span = world.now() - last;
            last = world.now();
            // Dialling itself, and the turns, take less than a millisecond.
            let (half, all) = (millis(wanted) / 2, millis(wanted) + millis(1));
            assert!(
                span >= half && span <= all,
                "{place}: {span:?} of {wanted} ms"
            );
            wanted = (wanted * 2).min(most);
        }
    }
}

/// The largest frame that is taken of a child that has proven who it is.
#[test]
fn a_frame_is_taken_up_to_the_largest_and_not_beyond() {
    const MOST: usize = 2_000;
    for bytes in [MOST - 1, MOST, MOST + 1] {
        let (mut world, book) = (World::new(1), Shared::default());
        let gate = machine(&mut world, "gate", &book, || {
            let mut limits = NodeLimits::default();
            limits.link.frame_bytes_max = MOST;
            Node::new("gate").root("gate:9000", root().limits(limits))
        });
        let mut raw = Raw::join(&mut world, "raw", &hello(), SECRET);
        // A field that nobody knows fills it up.
        let head = b"\x08\0\x01\0\0\0\x07\x0b\0\x63";
        let mut call = frame("echo", CALL, 1, head);
        let text = bytes + 4 - call.len() - 4 - 1;
        call.extend((text as u32).to_be_bytes());
        call.resize(call.len() + text, b'x');
        call.push(0);
        let length = (call.len() - 4) as u32;
        assert_eq!(length as usize, bytes);
        call[..4].copy_from_slice(&length.to_be_bytes());
        raw.send(&call);
        if bytes <= MOST {
            let came = raw.next(&mut world);
            let reply = Fields::read(&mut &came.body[..]);
            assert_eq!(reply.of(0), b"echo 7");
        } else {
            world.run_until(|_| raw.peer.end().is_some(), secs(1));
            assert!(book.borrow().executed.is_empty());
            world.run_for(secs(6));
            world.with(&gate, |cx| assert!(cx.all_children().is_empty()));
        }
    }
}

/// The largest call that is sent: one more byte, and it is its caller's error, and the link goes on.
#[test]
fn a_call_is_sent_up_to_the_largest_and_not_beyond() {
    const MOST: usize = 1_000;
    let (mut world, book) = (World::new(1), Shared::default());
    let gate = machine(&mut world, "gate", &book, || {
        let mut limits = NodeLimits::default();
        limits.link.frame_out_bytes_max = MOST;
        Node::new("gate").root("gate:9000", root().limits(limits))
    });
    let mut raw = Raw::join(&mut world, "raw", &hello(), SECRET);
    let mut sent = 0;
    // The first that does not fit is found by trying: each is a byte longer than the one before.
    for len in 900..=MOST {
        let outcome = world.with(&gate, |cx| {
            cx.child("raw").send_named(cx, "note", "x".repeat(len))
        });
        if outcome.is_err() {
            sent = len;
            break;
        }
        let came = raw.next_within(&mut world, 1).expect("it is sent");
        let frame = 4 + 4 + "note".len() + 4 + came.body.len();
        assert!(frame <= MOST, "{frame} bytes");
        sent = len;
        if frame == MOST {
            // At the most; the next is above.
            let above = world.with(&gate, |cx| {
                cx.child("raw").send_named(cx, "note", "x".repeat(len + 1))
            });
            assert!(above.is_err());
            break;
        }
    }
    assert!(sent > 900, "some fit, and one does not");
    assert!(
        raw.next_within(&mut world, 1).is_none(),
        "nothing of it is sent"
    );
    let how = How {
        method: "echo",
        takes_ms: 0,
        deadline: None,
        drop_after: None,
    };
    call(&mut world, &gate, Target::Child("raw"), how);
    assert_eq!(raw.next(&mut world).name, "echo", "the link goes on");
}

/// What a root wants to hear of a child is what its limits say; and it is a whole number of milliseconds.
#[test]
fn signs_of_life_are_wanted_as_often_as_the_limits_say() {
    for (heartbeat, told) in [(millis(1), 1), (millis(400), 400), (secs(5), 5_000)] {
        let (mut world, book) = (World::new(1), Shared::default());
        let limits = NodeLimits {
            heartbeat,
            ..NodeLimits::default()
        };
        machine(&mut world, "gate", &book, move || {
            Node::new("gate").root("gate:9000", root().limits(limits.clone()))
        });
        let mut hello = hello();
        hello.heartbeat_ms = 1;
        let mut raw = Raw::dial(&mut world, "raw");
        let welcome = raw.welcome(&mut world, &hello);
        assert_eq!(welcome.of(7), i32::to_be_bytes(told));
    }
}

/// A connect that gets no answer is given up by its deadline, and dialled again.
#[test]
fn a_dial_without_an_answer_is_given_up_by_its_deadline() {
    let (mut world, book) = (World::new(1), Shared::default());
    world.set_link_faults(LinkFaults {
        hang: 1.0,
        ..LinkFaults::none()
    });
    let mut limits = NodeLimits::default();
    limits.link.connect_deadline = secs(1);
    limits.redial_after_max = limits.redial_after_min;
    machine(&mut world, "gate", &book, || {
        Node::<App>::new("gate").root("gate:9000", root())
    });
    machine(&mut world, "calc", &book, move || {
        let remote = oneloop::node::Remote::new().secret(secret()).serve(work());
        Node::new("calc").remote("gate", "gate:9000", remote.limits(limits.clone()))
    });
    world.run_for(millis(999));
    assert_eq!(world.counters("calc").dialled, 1);
    assert_eq!(world.counters("calc").links_open, 1);
    world.run_for(millis(2));
    assert_eq!(world.counters("calc").links_open, 0);
    world.run_for(millis(101));
    assert_eq!(world.counters("calc").dialled, 2);
}
