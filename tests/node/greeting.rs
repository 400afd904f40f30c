//! Who is taken, and what becomes of who is not.

use std::cell::RefCell;
use std::rc::Rc;

use oneloop::node::{Node, NodeLimits, Remote, Root, Secret};
use oneloop::sim::{Node as Machine, World};
use oneloop::{Context, Misuse};

use crate::raw::{CALL, ONEWAY, REPLY, Raw, frame, hello, proof_frame};
use crate::support::{App, machine, millis, remote, root, secret, secs};

const SECRET: &[u8] = b"correct horse battery staple";

fn gate(world: &mut World) -> Machine<App> {
    machine(world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    })
}

#[test]
fn a_wrong_secret_is_found_by_either_end() {
    let mut world = World::new(1);
    let gate = gate(&mut world);
    // The child finds it first: the root proves first.
    let calc = machine(&mut world, "calc", || {
        let other = Secret::new("another secret altogether").expect("long enough");
        Node::new("calc").remote("gate", "gate:9000", remote().secret(other))
    });
    world.run_for(millis(100));
    let told = world.state(&calc).told.join("; ");
    assert!(told.contains("\"gate\" is refused (Proof)"), "{told}");
    assert!(
        world.state(&gate).told.is_empty(),
        "it did not get as far as that"
    );
    // One that does not look at the root's proof is refused by the root.
    let mut raw = Raw::dial(&mut world, "raw");
    let hello = hello();
    let welcome = raw.welcome(&mut world, &hello);
    raw.send(&proof_frame(&hello.proof(
        b"something else",
        "child",
        &welcome,
    )));
    assert_eq!(raw.refused(&mut world), 3);
    // Nor does an empty one do, nor the root's own.
    for proof in [Vec::new(), welcome.of(6).to_vec()] {
        let mut raw = Raw::dial(&mut world, "raw");
        raw.welcome(&mut world, &hello);
        raw.send(&proof_frame(&proof));
        assert_eq!(raw.refused(&mut world), 3);
    }
    let state = world.state(&gate);
    assert_eq!(state.told.len(), 3);
    assert!(
        state.told[0].starts_with("\"raw\" is refused (Proof)"),
        "{}",
        state.told[0]
    );
    assert!(state.served.is_empty());
    world.with(&gate, |cx| assert!(cx.all_children().is_empty()));
}

#[test]
fn a_recorded_proof_is_worth_nothing() {
    let mut world = World::new(1);
    let gate = gate(&mut world);
    let hello = hello();
    let mut raw = Raw::dial(&mut world, "raw");
    let welcome = raw.welcome(&mut world, &hello);
    let proof = proof_frame(&hello.proof(SECRET, "child", &welcome));
    raw.send(&proof);
    assert_eq!(raw.next(&mut world).name, "proof");
    raw.peer.close();
    world.run_for(secs(1));
    let mut again = Raw::dial(&mut world, "thief");
    let welcome_again = again.welcome(&mut world, &hello);
    assert_ne!(welcome_again.of(5), welcome.of(5), "a nonce is used once");
    again.send(&proof);
    assert_eq!(again.refused(&mut world), 3);
    world.with(&gate, |cx| assert!(cx.all_children().is_empty()));
}

#[test]
fn nothing_is_served_before_the_proof() {
    let mut world = World::new(1);
    let gate = gate(&mut world);
    let call = frame("echo", CALL, 1, b"\x0b\0\x01\0\0\0\x02hi\0");
    let strangers: [&[u8]; 9] = [
        &call,
        &frame("fire", ONEWAY, 1, b"\x0b\0\x01\0\0\0\x02hi\0"),
        &frame("oneloop:heartbeat", ONEWAY, 1, b"\0"),
        &frame("oneloop:cancel", CALL, 1, b"\0"),
        &frame("hello", REPLY, 1, b"\0"),
        &proof_frame(b"too early"),
        b"\0\0\0\x00",
        b"\0\0\0\x08GET / HTTP",
        &frame("oneloop:hello", CALL, 1, b"\x0b\0\x01\x7f\xff\xff\xff"),
    ];
    for (number, stranger) in strangers.iter().enumerate() {
        let raw = Raw::dial(&mut world, "raw");
        raw.send(stranger);
        world.run_until(|_| raw.peer.end().is_some(), secs(1));
        assert_eq!(raw.peer.received_len(), 0, "{number}");
        // The same behind a hello, sent with it or after the welcome.
        let raw = Raw::dial(&mut world, "raw");
        raw.send(&[&hello().frame(), *stranger].concat());
        world.run_until(|_| raw.peer.end().is_some(), secs(1));
        if number != 5 {
            let mut raw = Raw::dial(&mut world, "raw");
            raw.welcome(&mut world, &hello());
            raw.send(stranger);
            world.run_until(|_| raw.peer.end().is_some(), secs(1));
        }
    }
    // A hello twice.
    let raw = Raw::dial(&mut world, "raw");
    raw.send(&[hello().frame(), hello().frame()].concat());
    world.run_until(|_| raw.peer.end().is_some(), secs(1));
    // Who is refused is given time to read so.
    world.run_for(secs(6));
    assert!(world.state(&gate).served.is_empty());
    assert_eq!(world.counters("gate").links_open, 0);
}

#[test]
fn a_first_frame_that_is_long_endless_or_slow_ends_the_link() {
    let mut world = World::new(1);
    let gate = gate(&mut world);
    // At the limit it is looked at, above it is not even awaited.
    for (bytes, looked_at) in [
        (4095_u32, true),
        (4096, true),
        (4097, false),
        (u32::MAX, false),
    ] {
        let raw = Raw::dial(&mut world, "raw");
        raw.send(&bytes.to_be_bytes());
        world.run_for(millis(100));
        assert_eq!(raw.peer.is_open(), looked_at, "{bytes}");
        raw.peer.reset();
    }
    let raw = Raw::dial(&mut world, "raw");
    let began = world.now();
    // A byte each second would take for ever.
    let frame = hello().frame();
    for byte in &frame[..10] {
        raw.send(&[*byte]);
        world.run_for(secs(1));
    }
    world.run_until(|_| raw.peer.end().is_some(), secs(1));
    let silent = Raw::dial(&mut world, "raw");
    let welcomed = world.now();
    let mut slow = Raw::dial(&mut world, "raw");
    slow.welcome(&mut world, &hello());
    world.run_for(millis(4900));
    assert!(silent.peer.is_open() && slow.peer.is_open());
    world.run_for(millis(200));
    assert!(silent.peer.end().is_some() && slow.peer.end().is_some());
    assert!(world.now() - welcomed < secs(6) && world.now() > began);
    assert_eq!(world.counters("gate").links_open, 0);
    drop(gate);
}

#[test]
fn links_that_have_proven_nothing_are_bounded_and_do_not_keep_others_out() {
    let mut world = World::new(1);
    let limits = NodeLimits {
        unproven_links_max: 3,
        ..NodeLimits::default()
    };
    let gate = machine(&mut world, "gate", move || {
        Node::new("gate").root("gate:9000", root().limits(limits.clone()))
    });
    let raws: Vec<Raw> = (0..4).map(|_| Raw::dial(&mut world, "raw")).collect();
    world.run_for(millis(100));
    let open: Vec<&Raw> = raws.iter().filter(|raw| raw.peer.is_open()).collect();
    assert_eq!(open.len(), 3, "one makes room");
    // One that goes makes room, one that is taken too.
    open[0].peer.close();
    world.run_for(millis(100));
    let one = Raw::join(&mut world, "raw", &hello(), SECRET);
    let other = Raw::dial(&mut world, "raw");
    world.run_for(millis(100));
    assert!(one.peer.is_open() && other.peer.is_open());
    // After the deadline all are gone but the one, and there is room for all again.
    world.run_for(secs(6));
    assert_eq!(world.counters("gate").links_open, 1);
    let raws: Vec<Raw> = (0..3).map(|_| Raw::dial(&mut world, "raw")).collect();
    world.run_for(millis(100));
    assert!(raws.iter().all(|raw| raw.peer.is_open()));
    drop(gate);
}

#[test]
fn names_and_addresses_are_looked_up_on_the_lists() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root().names(["calc", "chat"]))
    });
    let mut raw = Raw::dial(&mut world, "raw");
    let hello = hello();
    let welcome = raw.welcome(&mut world, &hello);
    raw.send(&proof_frame(&hello.proof(SECRET, "child", &welcome)));
    assert_eq!(raw.refused(&mut world), 2);
    let mut named = hello.clone();
    named.name = "chat".into();
    let _joined = Raw::join(&mut world, "raw", &named, SECRET);
    assert_eq!(world.state(&gate).told.len(), 2);

    let mut world = World::new(1);
    let probe = Raw::dial(&mut world, "friend");
    drop(probe);
    let friend = world.ip("friend");
    let gate = machine(&mut world, "gate", move || {
        Node::new("gate").root("gate:9000", root().addresses([friend]))
    });
    let stranger = Raw::dial(&mut world, "stranger");
    world.run_until(|_| stranger.peer.end().is_some(), secs(1));
    let told = world.state(&gate).told.join("; ");
    assert!(told.contains("(Address)"), "{told}");
    let _friend = Raw::join(&mut world, "friend", &hello, SECRET);
}

#[test]
fn a_hello_that_makes_no_sense_is_told_so() {
    let mut world = World::new(1);
    let gate = gate(&mut world);
    type Change = fn(&mut crate::raw::Hello);
    let changes: [(i32, Change); 7] = [
        (1, |hello| hello.version = 2),
        (6, |hello| hello.name = String::new()),
        (6, |hello| hello.name = "x".repeat(65)),
        (6, |hello| hello.instance.push(1)),
        (6, |hello| hello.nonce.truncate(31)),
        (6, |hello| hello.nonce.clear()),
        (6, |hello| hello.heartbeat_ms = -1),
    ];
    for (code, change) in changes {
        let mut hello = hello();
        change(&mut hello);
        let raw = &mut Raw::dial(&mut world, "raw");
        raw.send(&hello.frame());
        assert_eq!(raw.refused(&mut world), code, "{hello:?}");
    }
    assert_eq!(world.state(&gate).told.len(), 7);
    world.run_for(secs(6));
    assert_eq!(world.counters("gate").links_open, 0);
}

#[test]
fn the_same_instance_again_takes_over_unless_it_is_older() {
    let mut world = World::new(1);
    let gate = gate(&mut world);
    let mut hello = hello();
    hello.epoch = 5;
    let mut old = Raw::join(&mut world, "raw", &hello, SECRET);
    hello.epoch = 4;
    let mut raw = Raw::dial(&mut world, "other");
    let welcome = raw.welcome(&mut world, &hello);
    raw.send(&proof_frame(&hello.proof(SECRET, "child", &welcome)));
    assert_eq!(raw.refused(&mut world), 4);
    assert!(old.peer.is_open());
    // Of the same life too: it has lost its link, and this end has not seen it.
    for epoch in [5, 6] {
        hello.epoch = epoch;
        let new = Raw::join(&mut world, "other", &hello, SECRET);
        world.run_until(|_| old.peer.end().is_some(), secs(1));
        assert!(new.peer.is_open());
        old = new;
    }
    let told = world.state(&gate).told.clone();
    let replaced = "the same peer came anew, over another link";
    assert_eq!(
        told[2..],
        [
            format!("lost raw/5: {replaced}"),
            "up raw/5".to_owned(),
            format!("lost raw/5: {replaced}"),
            "up raw/6".to_owned()
        ]
    );
    // Another instance of the name is another child, and so is another name of the instance.
    hello.epoch = 1;
    hello.instance = vec![8; 16];
    let _second = Raw::join(&mut world, "other", &hello, SECRET);
    hello.name = "third".into();
    let _third = Raw::join(&mut world, "other", &hello, SECRET);
    world.with(&gate, |cx| {
        assert_eq!(cx.children("raw").len(), 2);
        assert_eq!(cx.all_children().len(), 3);
    });
}

#[test]
fn without_a_secret_a_root_listens_on_loopback_only() {
    fn start(cx: &mut Context<'_, ()>, listen: &str) -> oneloop::Result<()> {
        Node::new("gate").root(listen, Root::new()).start(cx)?;
        Ok(())
    }
    let mut world = World::new(1);
    for address in ["gate:9000", "0.0.0.0:9000", "10.0.0.1:9000"] {
        let error = world.node("gate", || (), move |cx| start(cx, address));
        let error = error.expect_err(address);
        assert!(
            matches!(error, oneloop::Error::Misuse(Misuse::Option(_))),
            "{error}"
        );
    }
    let both = world.node(
        "host",
        || (),
        |cx| {
            start(cx, "localhost:9000")?;
            Node::new("calc")
                .remote("gate", "localhost:9000", Remote::new())
                .start(cx)
        },
    );
    let both = both.expect("it starts");
    world.run_for(secs(1));
    world.with(&both, |cx| assert_eq!(cx.children("calc").len(), 1));
    // One end with a secret and the other without do not come together.
    let mut world = World::new(1);
    let told = Rc::new(RefCell::new(Vec::new()));
    let hear = Rc::clone(&told);
    let host = world.node(
        "host",
        || (),
        move |cx| {
            let root = Root::new().secret(secret());
            Node::new("gate").root("localhost:9000", root).start(cx)?;
            let hear = Rc::clone(&hear);
            let bare = Remote::new().on_refused(move |_, refusal| {
                hear.borrow_mut().push(refusal.to_string());
            });
            Node::new("calc")
                .remote("gate", "localhost:9000", bare)
                .start(cx)
        },
    );
    let host = host.expect("it starts");
    world.run_for(secs(1));
    assert!(told.borrow()[0].contains("(Proof)"), "{told:?}");
    world.with(&host, |cx| assert!(cx.children("calc").is_empty()));
}

#[test]
fn a_root_of_another_name_is_not_taken() {
    let mut world = World::new(1);
    let gate = gate(&mut world);
    let calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("master", "gate:9000", remote())
    });
    world.run_for(secs(1));
    let told = world.state(&calc).told.join("; ");
    assert!(told.contains("\"gate\" is refused (Name)"), "{told}");
    world.with(&gate, |cx| assert!(cx.all_children().is_empty()));
}

#[test]
fn fuzzed_frames_before_the_proof_reach_no_target() {
    let mut world = World::new(7);
    let gate = gate(&mut world);
    let good = hello().frame();
    let rounds = 3_000;
    for _ in 0..rounds {
        let raw = Raw::dial(&mut world, "raw");
        let mut bytes = match world.random().below(4) {
            0 => frame("fire", ONEWAY, 1, b"\0"),
            1 => frame("echo", CALL, 1, b"\0"),
            _ => good.clone(),
        };
        for _ in 0..world.random().between(0..=4) {
            let at = world.random().below(bytes.len() as u64) as usize;
            bytes[at] = world.random().next_u64() as u8;
        }
        let cut = world.random().below(bytes.len() as u64 * 3) as usize;
        bytes.truncate(cut.max(1));
        if world.random().chance(0.2) {
            let twin = bytes.clone();
            bytes.extend(twin);
        }
        raw.send(&bytes);
        world.run_for(millis(1));
        raw.peer.close();
        drop(raw);
    }
    world.run_for(secs(10));
    let state = world.state(&gate);
    assert!(state.served.is_empty());
    assert!(
        state.told.iter().all(|line| line.contains("refused")),
        "{:?}",
        state.told
    );
    assert_eq!(world.counters("gate").links_open, 0);
    assert_eq!(world.counters("gate").panics, 0);
}
