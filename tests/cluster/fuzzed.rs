//! Frames of strangers, spoiled in every way: nothing is reached, and nothing stays.
//!
//! `ONELOOP_FUZZ_RUNS` sets how many strangers there are, `ONELOOP_FUZZ_SEED` the seed of the first world of them.

use std::io::{self, Write as _};

use oneloop::sim::World;

use crate::book::Shared;
use crate::fuzz::{Door, SECRET, call as stranger_call, handshake, hello};
use crate::random::{Random, ToldIfItFails, set};
use crate::raw::{self, CALL, EXCEPTION, Fields, ONEWAY, REPLY, Raw, frame, proof_frame};
use crate::support::{Bounds, How, Target, calc, call, gate, millis};

const RUNS: usize = 100_000;
/// In one world: a world that fails is run again in a moment.
const STRANGERS: usize = 500;
/// At once.
const CROWD: usize = 10;

#[test]
fn spoiled_frames_reach_nothing_before_the_proof() {
    let first: u64 = set("ONELOOP_FUZZ_SEED").unwrap_or(1);
    let runs: usize = set("ONELOOP_FUZZ_RUNS").unwrap_or(RUNS);
    let worlds = runs.div_ceil(STRANGERS) as u64;
    let mut bytes = 0;
    for seed in first..first + worlds {
        let _told = ToldIfItFails(seed);
        let mut random = Random::new(seed);
        let pieces = [0, 0, 0, 0, 0, 0, 64, 17, 1];
        let mut door = Door::new(seed, pieces[random.below(pieces.len())]);
        for _ in 0..STRANGERS / CROWD {
            bytes += crowd(&mut door, &mut random);
        }
        door.close();
    }
    let strangers = worlds as usize * STRANGERS;
    // Past the test runner, which keeps back what a test prints that passes.
    let _ = writeln!(io::stderr(), "fuzzed: {strangers} strangers, {bytes} bytes");
}

fn crowd(door: &mut Door, random: &mut Random) -> usize {
    let mut texts = Vec::new();
    // Of those who are to be heard a second time: a good hello, and a spoiled proof behind the welcome.
    let mut patient = Vec::new();
    for _ in 0..CROWD {
        let waits = random.below(3) == 0;
        patient.push(waits);
        texts.push(match random.below(3) {
            _ if waits => hello(),
            0 => [hello(), spoiled(material(random), random)].concat(),
            _ => spoiled(material(random), random),
        });
    }
    let mut bytes = texts.iter().map(Vec::len).sum();
    door.knock(&texts, |number, heard| {
        if !patient[number] {
            return stranger_call();
        }
        let text = match random.below(4) {
            0 => spoiled(material(random), random),
            _ => spoiled(false_proof(&heard), random),
        };
        bytes += text.len();
        [text, stranger_call()].concat()
    });
    bytes
}

/// A proof with everything right but for a half of its bytes: so no mending by chance makes it a good one.
fn false_proof(heard: &[u8]) -> Vec<u8> {
    let mut fields = &heard[4 + 4 + 4 + "hello".len() + 4..];
    let outcome = Fields::read(&mut fields);
    let welcome = Fields::read(&mut outcome.of(0));
    let mut proof = raw::hello().proof(SECRET, "child", &welcome);
    proof[..16].iter_mut().for_each(|byte| *byte ^= 0xff);
    proof_frame(&proof)
}

/// Something that a peer could say.
fn material(random: &mut Random) -> Vec<u8> {
    match random.below(8) {
        0 | 1 => hello(),
        2 => proof_frame(&[random.byte(); 32]),
        3 => stranger_call(),
        4 => {
            let names = [
                "oneloop:hello",
                "oneloop:proof",
                "oneloop:cancel",
                "oneloop.clients:push",
            ];
            let kinds = [0, CALL, REPLY, EXCEPTION, ONEWAY, 5, 255];
            let kind = kinds[random.below(kinds.len())];
            let sequence = random.next() as i32;
            frame(
                names[random.below(names.len())],
                kind,
                sequence,
                b"\x08\0\x01\0\0\0\x01\0",
            )
        }
        5 => {
            let mut long = raw::hello();
            match random.below(4) {
                0 => long.name = "x".repeat(random.size(4096)),
                1 => long.nonce = vec![random.byte(); random.size(64)],
                2 => long.instance = vec![random.byte(); random.size(64)],
                _ => long.version = random.next() as i32,
            }
            long.frame()
        }
        6 => {
            let len = random.size(300);
            let body: Vec<u8> = (0..len).map(|_| random.byte()).collect();
            [&(len as u32).to_be_bytes()[..], &body].concat()
        }
        _ => (0..random.size(300)).map(|_| random.byte()).collect(),
    }
}

/// Changed here and there, doubled, cut anywhere.
fn spoiled(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..random.size(6) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        match random.below(8) {
            0 => bytes[at] = random.byte(),
            1 | 2 => bytes[at] ^= 1 << random.below(8),
            3 => bytes.insert(at, random.byte()),
            4 => _ = bytes.remove(at),
            5 => {
                // Numbers that lengths, kinds and counts are wrong by.
                let numbers = [
                    0,
                    1,
                    0x7f,
                    0x80,
                    0xfff,
                    0x1000,
                    0x1001,
                    i32::MAX,
                    i32::MIN,
                    -1,
                ];
                let number = numbers[random.below(numbers.len())].to_be_bytes();
                for (byte, new) in bytes[at..].iter_mut().zip(number) {
                    *byte = new;
                }
            }
            6 => bytes.truncate(at),
            _ => {
                let twin = bytes[at..].to_vec();
                let place = random.below(bytes.len());
                _ = bytes.splice(place..place, twin);
            }
        }
    }
    bytes
}

#[test]
fn any_bytes_are_taken_at_each_stage_of_a_handshake() {
    let texts = [
        hello(),
        stranger_call(),
        proof_frame(&[7; 32]),
        b"\0\0\0\0".to_vec(),
        Vec::new(),
    ];
    for text in &texts {
        for stage in 0..3 {
            for piece in [0, 1, 5] {
                for cut in [0, 1, 3, 4, 5, text.len() / 2, text.len()] {
                    let head = [stage, piece];
                    handshake(&[&head, &text[..cut.min(text.len())]].concat());
                }
            }
        }
    }
    handshake(&[]);
    handshake(&[1]);
}

/// One that has proven who it is and goes mad: it loses its own link at most.
#[test]
fn spoiled_frames_of_a_child_end_no_link_but_its_own() {
    let first: u64 = set("ONELOOP_FUZZ_SEED").unwrap_or(1);
    let runs = set("ONELOOP_FUZZ_RUNS").unwrap_or(RUNS) / 50;
    let worlds = runs.div_ceil(CHILDREN) as u64;
    for seed in first..first + worlds {
        let _told = ToldIfItFails(seed);
        let mut random = Random::new(seed);
        let (mut world, book) = (World::new(seed), Shared::default());
        let bounds = Bounds::wide();
        let gate = gate(&mut world, &book, &bounds);
        let calc = calc(&mut world, "calc", &book, &bounds, [11; 16], 0);
        world.run_for(millis(100));
        for life in 0..CHILDREN {
            let mut hello = raw::hello();
            hello.epoch = 1 + life as i64;
            let raw = Raw::join(&mut world, "mad", &hello, SECRET);
            let how = How {
                method: "never",
                takes_ms: 0,
                deadline: Some(millis(5)),
                drop_after: None,
            };
            // Numbers that it may answer.
            for _ in 0..random.below(3) {
                call(&mut world, &gate, Target::Child("raw"), how);
            }
            for _ in 0..=random.below(8) {
                let said = said_by_a_child(&mut random);
                raw.send(&match random.below(3) {
                    0 => said,
                    _ => spoiled(said, &mut random),
                });
            }
            world.run_for(millis(random.below(10) as u64));
            raw.peer.reset();
            world.run_for(millis(1));
        }
        // Nothing was told to the other child, nor is anything left of this one.
        assert_eq!(world.counters(&calc).dialled, 1);
        assert_eq!(world.counters(&gate).links_open, 1);
        world.run_for(millis(100));
        for made in &book.borrow().calls {
            assert_eq!(made.outcomes.len(), 1, "{:?}", made.outcomes);
        }
        assert_eq!(world.counters(&gate).calls_open, 0);
        assert_eq!(world.counters(&gate).inbox_bytes, 0);
        let how = How {
            method: "echo",
            takes_ms: 0,
            deadline: None,
            drop_after: None,
        };
        let number = call(&mut world, &calc, Target::Gate, how);
        world.run_for(millis(10));
        let outcomes = &book.borrow().calls[number as usize - 1].outcomes;
        assert!(matches!(outcomes[..], [Ok(_)]), "{outcomes:?}");
    }
}

/// Lives of a mad child in one world.
const CHILDREN: usize = 50;

/// Something that a child that is up may say.
fn said_by_a_child(random: &mut Random) -> Vec<u8> {
    let numbers = [0, 1, 2, 3, i32::MAX, i32::MIN, -1];
    let sequence = numbers[random.below(numbers.len())];
    let number = numbers[random.below(numbers.len())].to_be_bytes();
    // A call's deadline in front, and its argument.
    let deadline = [&b"\x08\x7f\xff"[..], &number].concat();
    let argument = b"\x08\0\x01\x10\0\0\0\0";
    let ids = b"\x0f\0\x01\x0b\0\0\0\x01\0\0\0\x100123456789abcdef\x08\0\x02\0\0\0\x01\x0b\0\x03\0\0\0\0\0";
    let client =
        b"\x0b\0\x01\0\0\0\x100123456789abcdef\x08\0\x02\0\0\0\x01\x0b\0\x03\0\0\0\x050 1 2\0";
    match random.below(12) {
        0 => frame("never", REPLY, sequence, b"\x0b\0\0\0\0\0\x02hi\0"),
        1 => frame(
            "never",
            EXCEPTION,
            sequence,
            b"\x0b\0\x01\0\0\0\0\x08\0\x02\0\0\0\x06\0",
        ),
        2 => frame("echo", CALL, sequence, &[&deadline, &argument[..]].concat()),
        3 => frame(
            "never",
            CALL,
            sequence,
            &[&deadline, &argument[..]].concat(),
        ),
        4 => frame("relay", CALL, sequence, argument),
        5 => frame("echo", ONEWAY, sequence, argument),
        6 => frame(
            "oneloop:cancel",
            ONEWAY,
            0,
            &[b"\x08\0\x01", &number[..], b"\0"].concat(),
        ),
        7 => frame("oneloop:heartbeat", ONEWAY, 0, b"\0"),
        8 => frame("oneloop.clients:push", CALL, sequence, ids),
        9 => frame("oneloop.clients:forward", CALL, sequence, client),
        10 => frame("oneloop:later", CALL, sequence, b"\0"),
        _ => material(random),
    }
}
