//! Many random frames, most of them good ones that were spoiled. `ONELOOP_FUZZ_RUNS` and `ONELOOP_FUZZ_SEED` as in `tests/codecs.rs`.

use oneloop::thrift::{Binary, Compact, Kind, Protocol};

use crate::dynamic::Dynamic;
use crate::random::{Random, ToldIfItFails, set};
use crate::support::{DEFAULT, Wire};
use crate::{thrift_fuzz, vectors};

#[test]
fn binary_holds_for_any_bytes() {
    many_runs::<Binary>(Wire::Binary, thrift_fuzz::binary);
}

#[test]
fn compact_holds_for_any_bytes() {
    many_runs::<Compact>(Wire::Compact, thrift_fuzz::compact);
}

fn many_runs<P: Protocol>(wire: Wire, target: fn(&[u8])) {
    let vectors: Vec<Vec<u8>> = vectors::messages()
        .into_iter()
        .filter(|(_, of, ..)| *of == wire)
        .map(|(_, _, bytes, _)| bytes)
        .collect();
    let first: u64 = set("ONELOOP_FUZZ_SEED").unwrap_or(1009);
    for seed in (0..set("ONELOOP_FUZZ_RUNS").unwrap_or(20_000)).map(|run| first.wrapping_add(run)) {
        let _told = ToldIfItFails(seed);
        let mut random = Random::new(seed);
        let mut data = match random.below(4) {
            0 => vectors[random.below(vectors.len())].clone(),
            1 => (0..random.below(40)).map(|_| random.byte()).collect(),
            kind => {
                let kind = [Kind::Struct, KINDS[random.below(KINDS.len())]][kind - 2];
                let (value, mut bytes) = (value(&mut random, kind, 4), Vec::new());
                value
                    .write(&mut P::writer(&mut bytes, DEFAULT))
                    .expect("it is small");
                bytes
            }
        };
        for _ in 0..random.below(4) {
            spoil(&mut random, &mut data);
        }
        target(&data);
    }
}

fn value(random: &mut Random, kind: Kind, levels: u32) -> Dynamic {
    let len = if levels == 0 { 0 } else { random.size(16) };
    let element = if levels < 2 {
        KINDS[random.below(8)]
    } else {
        KINDS[random.below(KINDS.len())]
    };
    let levels = levels.saturating_sub(1);
    match kind {
        Kind::Bool => Dynamic::Bool(random.below(2) == 0),
        Kind::I8 => Dynamic::I8(random.byte().cast_signed()),
        Kind::I16 => Dynamic::I16(random.next() as i16),
        Kind::I32 => Dynamic::I32((random.next() >> random.below(64)) as i32),
        Kind::I64 => Dynamic::I64((random.next() >> random.below(64)) as i64),
        Kind::Double => Dynamic::Double(random.next()),
        Kind::Uuid => Dynamic::Uuid([random.byte(); 16]),
        Kind::Struct => {
            let mut field = || {
                let id = if random.below(4) == 0 {
                    random.next() as i16
                } else {
                    1 + random.below(5) as i16
                };
                (id, value(random, element, levels))
            };
            Dynamic::Struct((0..len.min(6)).map(|_| field()).collect())
        }
        Kind::List => {
            let mut each = || value(random, element, levels);
            Dynamic::List(element, (0..len).map(|_| each()).collect())
        }
        Kind::Set => {
            let mut each = || value(random, element, levels);
            Dynamic::Set(element, (0..len).map(|_| each()).collect())
        }
        Kind::Map => {
            let key = KINDS[random.below(8)];
            let mut pair = || (value(random, key, 0), value(random, element, levels));
            Dynamic::Map(key, element, (0..len).map(|_| pair()).collect())
        }
        _ => Dynamic::String((0..random.size(40)).map(|_| random.byte() & 0x7f).collect()),
    }
}

fn spoil(random: &mut Random, data: &mut Vec<u8>) {
    let at = random.below(data.len() + 1);
    match random.below(7) {
        0 => data.truncate(at),
        1 => data.insert(at, random.byte()),
        2 if at < data.len() => data[at] = random.byte(),
        3 if at < data.len() => data[at] ^= 1 << random.below(8),
        4 if at < data.len() => drop(data.remove(at)),
        // A length that lies.
        5 if at + 4 <= data.len() => {
            let lie = [0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX, 1000, 1001][random.below(7)];
            data[at..at + 4].copy_from_slice(&lie.to_be_bytes());
        }
        _ => {
            let end = at + random.below(data.len() - at + 1);
            data.extend_from_within(at..end);
        }
    }
}

/// The plain ones first.
const KINDS: [Kind; 12] = [
    Kind::Bool,
    Kind::I8,
    Kind::I16,
    Kind::I32,
    Kind::I64,
    Kind::Double,
    Kind::Uuid,
    Kind::String,
    Kind::Struct,
    Kind::List,
    Kind::Set,
    Kind::Map,
];
