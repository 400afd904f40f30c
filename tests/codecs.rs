//! What the codecs promise whatever a peer sends, by the public door: many random streams, good, spoiled and mad.
//!
//! `ONELOOP_FUZZ_RUNS` sets how many for each codec, `ONELOOP_FUZZ_SEED` the seed of the first.

#[path = "support/fuzz.rs"]
mod fuzz;
#[path = "support/random.rs"]
mod random;

use oneloop::PeerFault;
use oneloop::buffer::{Inbox, SparePool};
use oneloop::codec::{DataPack, Decoder, Framed, Lines};

use random::{Random, ToldIfItFails, set};

#[test]
fn datapack_holds_for_any_bytes() {
    many_runs(fuzz::datapack, |random, run, stream| {
        let body = random.size(run.most);
        stream.extend_from_slice(&fuzz::BEGINNINGS[usize::from(run.dialect & 1)]);
        stream.extend_from_slice(&(body as u32 + 4).to_be_bytes());
        stream.extend_from_slice(&(random.next() as u32).to_be_bytes());
        stream.extend((0..body).map(|_| random.byte()));
    });
}

#[test]
fn framed_holds_for_any_bytes() {
    many_runs(fuzz::framed, |random, run, stream| {
        let body = random.size(run.most);
        stream.extend_from_slice(&(body as u32).to_be_bytes());
        stream.extend((0..body).map(|_| random.byte()));
    });
}

#[test]
fn lines_hold_for_any_bytes() {
    many_runs(fuzz::lines, |random, run, stream| {
        let body = random.size(run.most);
        // Now and then a CR that is text.
        stream.extend((0..body).map(|_| {
            if random.below(50) == 0 {
                b'\r'
            } else {
                random.byte() | 0x20
            }
        }));
        stream.extend_from_slice(if random.below(2) == 0 { b"\n" } else { b"\r\n" });
    });
}

#[test]
fn the_inbox_holds_for_any_bytes() {
    many_runs(fuzz::inbox, |random, _, stream| {
        let body = random.size(254).min(254);
        stream.push(body as u8);
        stream.extend((0..body).map(|_| random.byte()));
    });
}

#[test]
fn a_claim_of_four_gigabytes_costs_no_memory() {
    let (claim, part) = (u32::MAX.to_be_bytes(), [b'x'; 1000]);
    let command = [&[0; 9][..], &claim, &[0; 4], &part].concat();
    let plain = [&claim[..], &part].concat();
    for (least, stream) in [(4, command), (0, plain)] {
        // With the usual limit it is refused.
        let claimed = PeerFault::Length {
            claimed: u32::MAX.into(),
            least,
            most: 1 << 20,
        };
        let (fault, _) = if least == 4 {
            memory_for(DataPack::default(), 1 << 20, &stream)
        } else {
            memory_for(Framed::default(), 1 << 20, &stream)
        };
        assert_eq!(fault, Some(claimed));
        // And without a limit it takes what came and no more.
        let (fault, memory) = if least == 4 {
            memory_for(DataPack::default(), usize::MAX, &stream)
        } else {
            memory_for(Framed::default(), usize::MAX, &stream)
        };
        assert_eq!(fault, None);
        assert!(
            (part.len()..4 * part.len()).contains(&memory),
            "{memory} bytes kept"
        );
    }
}

#[test]
fn a_line_without_an_end_costs_no_more_memory_than_the_limit() {
    let mut most = 0;
    let (mut inbox, mut spare, mut decoder) =
        (Inbox::default(), SparePool::default(), Lines::default());
    let fault = std::iter::repeat_n(&b"x"[..], 1 << 20).find_map(|piece| {
        most = most.max(inbox.len());
        inbox
            .receive(piece, &mut spare, (1000, u32::MAX), |input| {
                decoder.decode(input).map(|_| ())
            })
            .err()
    });
    assert_eq!(
        (fault, most),
        (Some(PeerFault::FrameTooLong { most: 1000 }), 1000)
    );
}

/// Delivers `stream` in pieces of 100 bytes: the fault, if any, and the memory that the inbox has in the end.
fn memory_for(mut decoder: impl Decoder, most: usize, stream: &[u8]) -> (Option<PeerFault>, usize) {
    let (mut inbox, mut spare) = (Inbox::default(), SparePool::default());
    let fault = stream.chunks(100).find_map(|piece| {
        inbox
            .receive(piece, &mut spare, (most, u32::MAX), |input| {
                decoder.decode(input).map(|_| ())
            })
            .err()
    });
    inbox.clear(&mut spare);
    (fault, spare.take().map_or(0, |buffer| buffer.capacity()))
}

/// What the first bytes of a run choose, as far as its frames depend on it.
struct Choice {
    most: usize,
    dialect: u8,
}

/// Calls `target` with streams of frames that `write` appends one at a time, most of them spoiled somewhere.
fn many_runs(target: fn(&[u8]), write: fn(&mut Random, &Choice, &mut Vec<u8>)) {
    let first: u64 = set("ONELOOP_FUZZ_SEED").unwrap_or(1009);
    for seed in (0..set("ONELOOP_FUZZ_RUNS").unwrap_or(20_000)).map(|run| first.wrapping_add(run)) {
        let _told = ToldIfItFails(seed);
        let mut random = Random::new(seed);
        let most = if random.below(3) == 0 {
            random.below(20)
        } else {
            random.below(400)
        };
        let choice = Choice {
            most,
            dialect: random.byte(),
        };
        let mut data = (most as u16).to_le_bytes().to_vec();
        data.push(if random.below(2) == 0 {
            0
        } else {
            1 + random.below(4) as u8
        });
        data.push(choice.dialect);
        let sizes = random.below(8);
        data.push(sizes as u8);
        data.extend((0..sizes).map(|_| random.size(255) as u8));

        let mut stream = Vec::new();
        for _ in 0..random.below(8) {
            write(&mut random, &choice, &mut stream);
        }
        for _ in 0..random.below(4) {
            spoil(&mut random, most, &mut stream);
        }
        data.append(&mut stream);
        target(&data);
    }
}

/// Does to a stream what networks, broken peers and attackers do.
fn spoil(random: &mut Random, most: usize, stream: &mut Vec<u8>) {
    let at = random.below(stream.len() + 1);
    match random.below(7) {
        0 => stream.truncate(at),
        1 => stream.insert(at, random.byte()),
        2 if at < stream.len() => stream[at] = random.byte(),
        3 if at < stream.len() => stream[at] ^= 1 << random.below(8),
        4 if at < stream.len() => drop(stream.remove(at)),
        5 => {
            let end = at + random.below(stream.len() - at + 1);
            stream.extend_from_within(at..end);
        }
        // A length that lies, most often in its place.
        _ if stream.len() >= 17 => {
            let most = most as u32;
            let lie = [0, 1, 3, 4, most, most + 1, u32::MAX - 1, u32::MAX][random.below(8)];
            let at = [0, 9, random.below(stream.len() - 3)][random.below(3)];
            stream[at..at + 4].copy_from_slice(&lie.to_be_bytes());
        }
        _ => stream.push(random.byte()),
    }
}
