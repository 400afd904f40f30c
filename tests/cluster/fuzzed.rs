//! Frames of strangers, spoiled in every way: nothing is reached, and nothing stays.
//!
//! `ONELOOP_FUZZ_RUNS` sets how many strangers there are, `ONELOOP_FUZZ_SEED` the seed of the first world of them.

use std::io::{self, Write as _};

use crate::fuzz::{Door, SECRET, call, handshake, hello};
use crate::random::{Random, ToldIfItFails, set};
use crate::raw::{self, CALL, Fields, ONEWAY, REPLY, frame, proof_frame};

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
            return call();
        }
        let text = match random.below(4) {
            0 => spoiled(material(random), random),
            _ => spoiled(false_proof(&heard), random),
        };
        bytes += text.len();
        [text, call()].concat()
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
        3 => call(),
        4 => {
            let names = [
                "oneloop:hello",
                "oneloop:proof",
                "oneloop:cancel",
                "oneloop.clients:push",
            ];
            let kinds = [0, CALL, REPLY, 3, ONEWAY, 5, 255];
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
        call(),
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
