//! Small frames that claim much, through a whole server: what they cost is what came, and not what is claimed.

use std::time::{Duration, Instant};

use allocation_counter::{AllocationInfo, measure};
use oneloop::thrift::{
    ApplicationExceptionKind as Kind, MessageKind, Processor, Protocol, WireLimits,
};

use crate::served::{processor, said};
use crate::service::{Hand, Nothing};
use crate::support::{Client, Stage, both, exception, is_binary, message};

both! { small_frames_that_claim_millions_cost_a_server_no_more_than_good_ones }

/// What is claimed, and the arguments of `Served.weigh` that claim it: in binary and in compact. The first three took servers past
/// gigabytes.
const CLAIMS: [(&str, &str, &str); 14] = [
    (
        "100,000,000 structs",
        "0f0002 0c 05f5e100 000000000000000000000000000000",
        "29 fc 80c2d72f 00000000000000000000000000000000000000000000",
    ),
    (
        "26,000,000 numbers",
        "0f0001 08 018cba80 00000001",
        "19 f5 80f5b20c 02",
    ),
    ("104,000,000 bytes", "0b0005 0632ea00 61", "58 80d4cb31 61"),
    (
        "100,000,000 numbers, each once",
        "0e0003 08 05f5e100 00000001",
        "3a f5 80c2d72f 02",
    ),
    (
        "100,000,000 structs by their names",
        "0d0004 0b0c 05f5e100 00000000 00",
        "4b 80c2d72f 8c 00 00",
    ),
    (
        "100,000,000 structs within a struct",
        "0f0002 0c 00000001 0f0002 0c 05f5e100 000000",
        "29 1c 29 fc 80c2d72f 000000",
    ),
    (
        "100,000,000 structs, skipped",
        "0f0009 0c 05f5e100 000000",
        "99 fc 80c2d72f 000000",
    ),
    (
        "26,000,000 numbers, skipped",
        "0f0009 08 018cba80 00000001",
        "99 f5 80f5b20c 02",
    ),
    (
        "104,000,000 bytes, skipped",
        "0b0009 0632ea00 61",
        "98 80d4cb31 61",
    ),
    (
        "100,000,000 sets, skipped",
        "0e0009 0e 05f5e100 000000",
        "9a fa 80c2d72f 000000",
    ),
    (
        "100,000,000 maps of maps, skipped",
        "0d0009 0d0d 05f5e100 000000",
        "9b 80c2d72f bb 000000",
    ),
    (
        "100,000,000 structs in a struct, skipped",
        "0c0009 0f0001 0c 05f5e100 000000",
        "9c 19 fc 80c2d72f 000000",
    ),
    (
        "100,000,000 structs in a list in a list, skipped",
        "0f0009 0f 00000001 0c 05f5e100 000000",
        "99 19 fc 80c2d72f 000000",
    ),
    (
        "100,000,000 bools in a map, skipped",
        "0d0009 080f 00000001 00000001 02 05f5e100 000000",
        "9b 01 59 02 f1 80c2d72f 000000",
    ),
];

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let pairs = digits.chunks_exact(2);
    pairs.map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

/// A call of `weigh` with these arguments.
fn call<P: Protocol>(arguments: &[u8]) -> Vec<u8> {
    let mut whole = message::<P, _>("weigh", MessageKind::Call, 5, &Nothing::default());
    whole.pop();
    whole.extend_from_slice(arguments);
    whole
}

/// What it takes to answer this frame: allocations, and the turns of the server's loop.
fn exchange(
    stage: &mut Stage,
    client: &mut Client,
    frame: &[u8],
) -> (Vec<u8>, AllocationInfo, u64) {
    let turns = stage.world.counters(&stage.node).turns;
    let mut reply = Vec::new();
    let used = measure(|| {
        client.send(frame);
        reply = stage.reply(client);
    });
    let turns = stage.world.counters(&stage.node).turns - turns;
    (reply, used, turns)
}

fn small_frames_that_claim_millions_cost_a_server_no_more_than_good_ones<P: Protocol>() {
    // With the limits that a user has, and with none but what is left of the frame.
    for processor in [processor, unlimited] {
        judge::<P>(processor);
    }
}

fn unlimited() -> Processor<Hand> {
    processor().limits(WireLimits {
        string_bytes_max: u32::MAX,
        container_len_max: u32::MAX,
        ..WireLimits::default()
    })
}

fn judge<P: Protocol>(processor: fn() -> Processor<Hand>) {
    let mut stage = Stage::with(processor, |listen| listen);
    let mut client = stage.peer();
    stage.world.run_for(Duration::from_millis(10));
    let mut good = || {
        let (reply, used, turns) = exchange(&mut stage, &mut client, &call::<P>(b"\0"));
        assert_eq!(said::<P>(&reply, "weigh", 5), "[0, 0, 0, 0] 0");
        (used, turns)
    };
    good();
    let (good, good_turns) = good();
    for (what, binary, compact) in CLAIMS {
        let claim = if is_binary::<P>() { binary } else { compact };
        let frame = call::<P>(&bytes_of(claim));
        assert!(frame.len() <= 40, "{what}: {} bytes", frame.len());
        let began = Instant::now();
        let (reply, used, turns) = exchange(&mut stage, &mut client, &frame);
        // A span of wall time decides nothing: other processes stretch it.
        println!(
            "{what}: {:?}, {} allocations, {} bytes at most, {turns} turns",
            began.elapsed(),
            used.count_total,
            used.bytes_max
        );
        let (kind, text) = exception::<P>(&reply, "weigh", 5);
        assert_eq!(kind, Kind::ProtocolError, "{what}");
        assert!(
            text.contains("are claimed") || text.contains("the most is"),
            "{what}: {text}"
        );
        assert!(
            used.bytes_max < BYTES_MOST,
            "{what}: {} bytes",
            used.bytes_max
        );
        assert!(
            used.count_total <= good.count_total + ERROR_ALLOCATIONS,
            "{what}: {} allocations, {} of a good call",
            used.count_total,
            good.count_total
        );
        assert!(
            turns <= good_turns,
            "{what}: {turns} turns, {good_turns} of a good call"
        );
    }
}

/// Of the server, of the simulator around it, and of the text that says what is wrong. A claim believed would be a thousand times this.
const BYTES_MOST: u64 = 1 << 14;

/// What an error takes: itself, its path, its texts, the exception.
const ERROR_ALLOCATIONS: u64 = 40;
