//! Thrift values in memory: `cargo bench --bench thrift`. What the figures mean is in `benches/README.md`.

mod entry;

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, Throughput};

use entry::LogEntry;
use oneloop::thrift::{Binary, Compact, Protocol, Read, Text, Value, WireLimits};

const ENTRIES: usize = 100;
const CATEGORY: &str = "category";
const MESSAGE_BYTES: usize = 100;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [only, protocol, what, times] = &arguments[..]
        && only == "only"
    {
        let times = times.parse().expect("a number of times");
        return match protocol.as_str() {
            "binary" => repeat::<Binary>(what, times),
            "compact" => repeat::<Compact>(what, times),
            other => panic!("neither binary nor compact: {other}"),
        };
    }
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
        .sample_size(20)
        .configure_from_args();
    measure::<Binary>(&mut criterion, "binary");
    measure::<Compact>(&mut criterion, "compact");
    criterion.final_summary();
}

/// All figures of one protocol, for the whole list: divide by 100.
fn measure<P: Protocol>(criterion: &mut Criterion, name: &str) {
    let entries = list();
    let mut bytes = Vec::new();
    encode::<P>(&entries, &mut bytes);
    let frame = Bytes::from(bytes.clone());
    // Who reads something else would be fast.
    assert_eq!(owned::<P>(&frame), entries);
    assert_eq!(
        borrowed::<P>(&frame),
        ENTRIES * (CATEGORY.len() + MESSAGE_BYTES)
    );
    let texts = shared::<P>(&frame);
    assert!(texts.iter().zip(&entries).all(|(text, entry)| {
        text.category == entry.category.as_str() && text.message == entry.message.as_str()
    }));
    drop(texts);

    let mut group = criterion.benchmark_group(format!("thrift/{name}"));
    group.throughput(Throughput::ElementsAndBytes {
        elements: ENTRIES as u64,
        bytes: bytes.len() as u64,
    });
    group.bench_function("decode, owned strings", |bencher| {
        bencher.iter(|| owned::<P>(black_box(&frame)));
    });
    group.bench_function("decode, shared slices", |bencher| {
        bencher.iter(|| shared::<P>(black_box(&frame)));
    });
    group.bench_function("skip", |bencher| {
        bencher.iter(|| skipped::<P>(black_box(&frame)));
    });
    group.bench_function("encode", |bencher| {
        bencher.iter(|| encode::<P>(black_box(&entries), black_box(&mut bytes)));
    });
    group.finish();
}

/// One thing so many times and nothing else: for callgrind, which counts a run of few times and one of more.
fn repeat<P: Protocol>(what: &str, times: usize) {
    let entries = list();
    let mut bytes = Vec::new();
    encode::<P>(&entries, &mut bytes);
    let frame = Bytes::from(bytes.clone());
    for _ in 0..times {
        match what {
            "owned" => drop(black_box(owned::<P>(black_box(&frame)))),
            "shared" => drop(black_box(shared::<P>(black_box(&frame)))),
            "borrowed" => drop(black_box(borrowed::<P>(black_box(&frame)))),
            "skip" => skipped::<P>(black_box(&frame)),
            "encode" => encode::<P>(black_box(&entries), black_box(&mut bytes)),
            other => panic!("none of owned, shared, borrowed, skip and encode: {other}"),
        }
    }
}

fn list() -> Vec<LogEntry<String>> {
    let message = |index: usize| format!("{index:0width$}", width = MESSAGE_BYTES);
    (0..ENTRIES)
        .map(|index| LogEntry {
            category: CATEGORY.to_owned(),
            message: message(index),
        })
        .collect()
}

// Each is one symbol for each protocol, so that callgrind can be told to count within it.

/// The list, which the caller drops.
#[inline(never)]
fn owned<P: Protocol>(frame: &[u8]) -> Vec<LogEntry<String>> {
    let mut input = P::reader(frame, WireLimits::default());
    let list = Value::read(&mut input).expect("it is a list");
    input.finish().expect("and nothing else");
    list
}

#[inline(never)]
fn shared<P: Protocol>(frame: &Bytes) -> Vec<LogEntry<Text>> {
    let mut input = P::shared_reader(frame, WireLimits::default());
    let list = Value::read(&mut input).expect("it is a list");
    input.finish().expect("and nothing else");
    list
}

#[inline(never)]
fn skipped<P: Protocol>(frame: &[u8]) {
    let mut input = P::reader(frame, WireLimits::default());
    input.skip(<Vec<LogEntry<String>>>::KIND).expect("a list");
    input.finish().expect("and nothing else");
}

/// The least: borrowed strings, which are checked and counted.
#[inline(never)]
fn borrowed<P: Protocol>(frame: &[u8]) -> usize {
    let mut input = P::reader(frame, WireLimits::default());
    let (len, mut total) = (input.list().expect("a list").len, 0);
    for _ in 0..len {
        let mut fields = input.begin_struct().expect("a struct");
        while input.field(&mut fields).expect("a field").is_some() {
            total += input.string().expect("a string").len();
        }
        input.end_struct(fields);
    }
    total
}

#[inline(never)]
fn encode<P: Protocol>(list: &Vec<LogEntry<String>>, output: &mut Vec<u8>) {
    output.clear();
    list.write(&mut P::writer(output, WireLimits::default()))
        .expect("it is short");
}
