//! Strangers who attack: they reach no target, keep no memory, and do not hold up those who have proven who they are.
//!
//! Time is virtual here: a latency is how many turns of the loop a call had to wait for, not what the machine needs for them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use oneloop::node::{Node, NodeLimits, Root};
use oneloop::sim::{Crash, Node as Machine, NodeFaults, World};
use oneloop::{Context, Input, Result, Session, Verdict};

use crate::book::Shared;
use crate::raw::{CALL, EXCEPTION, Hello, ONEWAY, REPLY, Raw, frame, hello, proof_frame};
use crate::support::{App, How, SECRET, Target, call, limits, machine, millis, remote, root, secs};

const CALC: [u8; 16] = [11; 16];

/// A gate with a proven child, and strangers.
struct Siege {
    world: World,
    book: Shared,
    gate: Machine<App>,
    calc: Machine<App>,
    /// The longest that a call took in peace.
    peace: Duration,
    worst: Duration,
    unproven_links_max: usize,
}

impl Siege {
    fn begin() -> Self {
        Self::of(limits(), |root| root)
    }

    fn of(limits: NodeLimits, change: impl Fn(Root<App>) -> Root<App> + 'static) -> Self {
        let mut world = World::new(1);
        let book = Shared::default();
        let unproven_links_max = limits.unproven_links_max;
        let gate = machine(&mut world, "gate", &book, move || {
            Node::new("gate").root("gate:9000", change(root().limits(limits.clone())))
        });
        let calc = machine(&mut world, "calc", &book, || {
            Node::new("calc")
                .instance(CALC)
                .epoch(5)
                .remote("gate", "gate:9000", remote(0))
        });
        // A turn takes its time, so that it is seen whether calls wait for many.
        world.set_node_faults(NodeFaults {
            turn: Duration::from_micros(10)..=Duration::from_micros(10),
            ..NodeFaults::none()
        });
        world.run_for(secs(1));
        let mut siege = Self {
            world,
            book,
            gate,
            calc,
            peace: Duration::ZERO,
            worst: Duration::ZERO,
            unproven_links_max,
        };
        for _ in 0..50 {
            siege.goes_on();
            siege.world.run_for(millis(1));
        }
        siege.peace = std::mem::take(&mut siege.worst);
        siege
    }

    /// Calls go both ways, and bounds hold.
    fn goes_on(&mut self) {
        let how = How {
            method: "echo",
            takes_ms: 0,
            deadline: None,
            drop_after: None,
        };
        let began = self.world.now();
        let down = Target::Instance("calc", CALC);
        let calls = [
            call(&mut self.world, &self.gate, down, how),
            call(&mut self.world, &self.calc, Target::Gate, how),
        ];
        let book = Rc::clone(&self.book);
        let over = |number: &i32| {
            !book.borrow().calls[*number as usize - 1]
                .outcomes
                .is_empty()
        };
        while !calls.iter().all(over) {
            assert!(self.world.now() - began < secs(1), "calls stand still");
            self.world.run_for(Duration::from_micros(10));
            self.is_bounded();
        }
        self.worst = self.worst.max(self.world.now() - began);
    }

    fn is_bounded(&mut self) {
        let counters = self.world.counters("gate");
        let most = 1 + self.unproven_links_max;
        assert!(counters.links_open <= most, "{} links", counters.links_open);
        let bytes_max = self.unproven_links_max * (4 + limits().unproven_frame_bytes_max);
        assert!(counters.inbox_bytes <= bytes_max, "{counters:?}");
        assert!(counters.outbox_bytes < 1 << 20, "{counters:?}");
    }

    /// Whatever they did, nothing came of it.
    fn ends(mut self) {
        self.goes_on();
        {
            let book = self.book.borrow();
            book.check();
            assert_eq!(book.children_up, BTreeMap::from([("calc".into(), 1)]));
            for made in &book.calls {
                assert!(matches!(made.outcomes[..], [Ok(_)]), "{:?}", made.outcomes);
            }
        }
        // As many turns more as there are pieces of strangers' that may come first.
        let most = self.peace + Duration::from_micros(500);
        assert!(
            self.worst <= most,
            "{:?}, and {:?} in peace",
            self.worst,
            self.peace
        );
        self.world.run_for(limits().unproven_deadline + secs(2));
        let counters = self.world.counters("gate");
        assert_eq!(counters.links_open, 1, "only who has proven it is there");
        assert_eq!((counters.inbox_bytes, counters.outbox_bytes), (0, 0));
        assert_eq!((counters.calls_open, counters.panics), (0, 0));
        assert_eq!(counters.timers_open, 1);
    }
}

/// Calls of strangers, none of which is to be executed: each has a number below zero.
fn messages() -> Vec<Vec<u8>> {
    let echo = b"\x08\0\x01\xff\xff\xff\xff\0";
    let forward = b"\x0b\0\x01\0\0\0\x100123456789abcdef\x08\0\x02\0\0\0\x01\x0b\0\x03\0\0\0\0\0";
    vec![
        frame("echo", CALL, 1, echo),
        frame("echo", ONEWAY, 1, echo),
        frame("never", CALL, 1, echo),
        frame("relay", CALL, 0, echo),
        frame("oneloop.clients:forward", CALL, 1, forward),
        frame("echo", REPLY, 1, b"\x0b\0\0\0\0\0\x02hi\0"),
        frame(
            "echo",
            EXCEPTION,
            1,
            b"\x0b\0\x01\0\0\0\0\x08\0\x02\0\0\0\x06\0",
        ),
        frame("hello", REPLY, 1, b"\0"),
        frame("oneloop:cancel", ONEWAY, 0, b"\x08\0\x01\0\0\0\x01\0"),
        frame("oneloop:cancel", CALL, 0, b"\x08\0\x01\0\0\0\x01\0"),
        frame("oneloop:heartbeat", ONEWAY, 0, b"\0"),
        frame("oneloop:hello", ONEWAY, 0, b"\0"),
        frame("oneloop:hello", REPLY, 0, b"\0"),
        frame("oneloop:", CALL, 0, b"\0"),
        frame("", CALL, 0, b"\0"),
    ]
}

#[test]
fn a_proof_by_another_secret_is_worth_nothing() {
    let mut siege = Siege::begin();
    let hello = hello();
    for round in 0..100_u32 {
        let mut raw = Raw::dial(&mut siege.world, "thief");
        let welcome = raw.welcome(&mut siege.world, &hello);
        let proof = match round % 4 {
            0 => hello.proof(b"another secret altogether", "child", &welcome),
            1 => hello.proof(b"", "child", &welcome),
            // The right one, but for a bit; and the right one of the other end.
            2 => {
                let mut proof = hello.proof(SECRET, "child", &welcome);
                proof[round as usize % 32] ^= 1 << (round % 8);
                proof
            }
            _ => welcome.of(6).to_vec(),
        };
        raw.send(&proof_frame(&proof));
        for message in messages() {
            raw.send(&message);
        }
        siege.goes_on();
    }
    siege.ends();
}

/// The bytes of a child's good handshake, and the root's welcome.
fn recorded(world: &mut World, hello: &Hello) -> (Vec<u8>, Vec<u8>) {
    let mut raw = Raw::dial(world, "honest");
    raw.send(&hello.frame());
    world.run_for(millis(10));
    let welcome = raw.peer.take_received();
    let mut fields = welcome[4..].split_at(4 + 4 + "hello".len() + 4).1;
    let outcome = crate::raw::Fields::read(&mut fields);
    let read = crate::raw::Fields::read(&mut outcome.of(0));
    let proof = proof_frame(&hello.proof(SECRET, "child", &read));
    raw.send(&proof);
    assert_eq!(raw.next(world).body, [0], "it is taken");
    raw.peer.reset();
    world.run_for(millis(10));
    (proof, welcome)
}

#[test]
fn a_recorded_proof_is_worth_nothing_in_this_life_or_the_next() {
    let mut siege = Siege::begin();
    let hello = hello();
    let (proof, _) = recorded(&mut siege.world, &hello);
    siege.book.borrow_mut().children_up.remove("raw");
    for _ in 0..3 {
        for pipelined in [false, true] {
            let mut raw = Raw::dial(&mut siege.world, "thief");
            if pipelined {
                raw.send(&hello.frame());
            } else {
                raw.welcome(&mut siege.world, &hello);
            }
            raw.send(&proof);
            for message in messages() {
                raw.send(&message);
            }
            siege.goes_on();
        }
        // Another life of the root: of the same instance, and all else that it says of itself as before.
        siege.world.crash("gate", Crash::Process);
        siege.world.restart("gate").expect("it starts");
        siege.world.run_for(secs(2));
        *siege
            .book
            .borrow_mut()
            .children_up
            .entry("calc".into())
            .or_default() -= 1;
    }
    siege.ends();
}

/// Says to each that dials it what it is told to, whatever it hears; and what it heard is kept.
struct Recording {
    says: Option<Vec<u8>>,
    heard: Rc<RefCell<Vec<u8>>>,
}

impl Session<()> for Recording {
    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, ()>) -> Result<Verdict> {
        let bytes = input.rest().to_vec();
        let _ = input.take(bytes.len());
        self.heard.borrow_mut().extend(&bytes);
        match &self.says {
            Some(says) => cx.send_bytes(says)?,
            // Whatever it hears.
            None => cx.send_bytes(&bytes)?,
        }
        Ok(Verdict::Continue)
    }
}

#[test]
fn a_false_root_gets_neither_a_proof_nor_a_call() {
    let mut siege = Siege::begin();
    let (_, welcome) = recorded(&mut siege.world, &hello());
    siege.book.borrow_mut().children_up.remove("raw");
    let call_first = messages().concat();
    for (number, says) in [
        Some(welcome.clone()),
        None,
        Some(call_first.clone()),
        Some([welcome, call_first].concat()),
        Some(frame("proof", REPLY, 2, b"\0")),
        Some(b"\0\0\x10\x01".to_vec()),
    ]
    .into_iter()
    .enumerate()
    {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let ears = Rc::clone(&heard);
        let (host, child) = [
            ("false0", "child0"),
            ("false1", "child1"),
            ("false2", "child2"),
            ("false3", "child3"),
            ("false4", "child4"),
            ("false5", "child5"),
        ][number];
        let door = format!("{host}:9000");
        let at = door.clone();
        let started = siege.world.node(
            host,
            || (),
            move |cx| {
                let (says, ears) = (says.clone(), Rc::clone(&ears));
                cx.listen(&*at, (), move || Recording {
                    says: says.clone(),
                    heard: Rc::clone(&ears),
                })
            },
        );
        started.expect("it starts");
        // As the one whose handshake was recorded, down to its instance.
        let victim = machine(&mut siege.world, child, &siege.book, move || {
            Node::new("raw")
                .instance([9; 16])
                .epoch(1)
                .remote("gate", &*door, remote(5))
        });
        let how = How {
            method: "echo",
            takes_ms: 0,
            deadline: Some(secs(2)),
            drop_after: None,
        };
        let vain = call(&mut siege.world, &victim, Target::Gate, how);
        for _ in 0..30 {
            siege.world.run_for(millis(100));
            siege.goes_on();
        }
        let mut book = siege.book.borrow_mut();
        let outcomes = std::mem::replace(
            &mut book.calls[vain as usize - 1].outcomes,
            vec![Ok(format!("echo {vain}"))],
        );
        assert_eq!(outcomes, [Err("timeout".into())]);
        book.executed("echo", vain);
        drop(book);
        let heard = heard.borrow();
        assert!(!heard.is_empty(), "{host} is dialled");
        let proof = heard.windows(13).any(|it| it == b"oneloop:proof");
        assert!(!proof, "{host} is given a proof");
        assert!(
            !heard.windows(4).any(|it| it == b"echo"),
            "{host} is called"
        );
        siege.world.crash(child, Crash::Process);
    }
    siege.ends();
}

#[test]
fn frames_that_are_too_long_or_never_end_are_not_waited_for() {
    let mut limits = limits();
    limits.unproven_links_max = 200;
    let mut siege = Siege::of(limits, |root| root);
    let claims = [4097_u32, 1 << 20, u32::MAX, 0x4745_5420];
    for round in 0..40 {
        let raw = Raw::dial(&mut siege.world, "stranger");
        raw.send(&claims[round % 4].to_be_bytes());
        raw.send(&[7; 5000]);
        siege.goes_on();
        assert!(raw.peer.end().is_some(), "it is not waited for");
    }
    // As long as it may be, a byte at a time, on as many links as there may be; and a hello before that on every other.
    let mut raws = Vec::new();
    for number in 0..200 {
        let mut raw = Raw::dial(&mut siege.world, "stranger");
        if number % 2 == 0 {
            raw.welcome(&mut siege.world, &hello());
        }
        raw.send(&4096_u32.to_be_bytes());
        raws.push(raw);
    }
    let began = siege.world.now();
    for _ in 0..120 {
        for raw in &raws {
            raw.send(&[0; 30]);
        }
        siege.world.run_for(millis(10));
        siege.goes_on();
    }
    assert!(siege.world.now() - began > secs(1));
    for raw in &raws {
        assert!(raw.peer.end().is_some(), "it has had its time");
    }
    siege.ends();
}

#[test]
fn a_name_is_not_had_by_claiming_it() {
    for listed in [false, true] {
        let mut siege = Siege::of(limits(), move |root| match listed {
            true => root.names(["calc"]),
            false => root,
        });
        let mut claim = hello();
        claim.name = "calc".into();
        claim.instance = CALC.to_vec();
        // Newer than the child that is there, who would go if it were true.
        claim.epoch = i64::MAX;
        for proof in [vec![], vec![0; 32], vec![1; 31], vec![2; 3000]] {
            let mut raw = Raw::dial(&mut siege.world, "thief");
            raw.welcome(&mut siege.world, &claim);
            raw.send(&proof_frame(&proof));
            assert_eq!(raw.refused(&mut siege.world), 3);
            siege.goes_on();
        }
        // One that has the secret, and is not on the list.
        let mut other = hello();
        other.name = "chat".into();
        let mut raw = Raw::dial(&mut siege.world, "inside");
        let welcome = raw.welcome(&mut siege.world, &other);
        raw.send(&proof_frame(&other.proof(SECRET, "child", &welcome)));
        if listed {
            assert_eq!(raw.refused(&mut siege.world), 2);
        } else {
            assert_eq!(
                raw.next(&mut siege.world).body,
                [0],
                "whoever has it may take any"
            );
            raw.peer.reset();
            siege.world.run_for(millis(10));
            siege.book.borrow_mut().children_up.remove("chat");
        }
        // One that has the secret and says that it is an earlier life of who is there.
        claim.epoch = 4;
        let mut raw = Raw::dial(&mut siege.world, "inside");
        let welcome = raw.welcome(&mut siege.world, &claim);
        raw.send(&proof_frame(&claim.proof(SECRET, "child", &welcome)));
        assert_eq!(raw.refused(&mut siege.world), 4);
        siege.ends();
    }
}

#[test]
fn ten_thousand_links_that_prove_nothing_are_bounded() {
    let mut siege = Siege::begin();
    let mut most = 0;
    let mut peers = Vec::new();
    for round in 0..100 {
        for number in 0..100 {
            let peer = siege.world.peer("stranger", "gate:9000");
            if number % 3 == 0 {
                // As much as one can have kept.
                peer.send(&4096_u32.to_be_bytes());
                peer.send(&[0; 4095]);
            }
            peers.push(peer);
        }
        siege.world.run_for(millis(1));
        most = most.max(siege.world.counters("gate").links_open);
        if round % 10 == 9 {
            siege.goes_on();
        }
    }
    let bound = siege.unproven_links_max + 1;
    assert_eq!(most, bound, "so many are let wait");
    // Somebody who can prove it is taken all the same.
    let mut other = hello();
    other.name = "chat".into();
    let raw = Raw::join(&mut siege.world, "honest", &other, SECRET);
    raw.peer.reset();
    siege.world.run_for(millis(10));
    siege.book.borrow_mut().children_up.remove("chat");
    siege.ends();
}

#[test]
fn nothing_but_a_hello_and_a_proof_is_heard_before_the_proof() {
    let mut siege = Siege::begin();
    let again = [hello().frame(), hello().frame()].concat();
    let mut all = messages();
    all.push(again.clone());
    all.push(again.repeat(50));
    for message in &all {
        // At first; behind a hello; behind a hello and its welcome; behind a proof that is none.
        let raw = Raw::dial(&mut siege.world, "stranger");
        raw.send(message);
        siege.goes_on();
        let raw = Raw::dial(&mut siege.world, "stranger");
        raw.send(&[&hello().frame(), &message[..]].concat());
        siege.goes_on();
        let mut raw = Raw::dial(&mut siege.world, "stranger");
        raw.welcome(&mut siege.world, &hello());
        raw.send(message);
        siege.goes_on();
        let mut raw = Raw::dial(&mut siege.world, "stranger");
        raw.welcome(&mut siege.world, &hello());
        raw.send(&proof_frame(&[0; 32]));
        raw.send(message);
        siege.goes_on();
    }
    siege.ends();
}
