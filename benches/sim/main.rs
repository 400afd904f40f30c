//! How many frames a simulated world delivers in a second of CPU: `cargo bench --bench sim`.
//!
//! One world, one thread: an echo server and clients that answer every reply with the next request. Every frame is decoded, served
//! and encoded by the same code as on the reactor; the rest of the cost is the network's. The goal is 200,000.

use std::time::{Duration, Instant};

use oneloop::sim::{LinkFaults, NodeFaults, Random, World};
use oneloop::{CommandService, Context, DataPack, LinkId, Result};

/// Frames that a second of CPU should deliver.
const GOAL: f64 = 200_000.0;
/// The body of each frame.
const BODY: [u8; 64] = [b'x'; 64];

fn main() {
    let only_test = std::env::args().any(|argument| argument == "--test");
    let seconds = if only_test { 0.01 } else { 1.0 };
    println!(
        "frames delivered in a second of CPU, one world, 64-byte bodies; the goal is {GOAL:.0}"
    );
    println!("{:<44}{:>12}{:>10}", "", "frames/s", "of goal");
    for (clients, in_flight) in [(1, 1), (100, 1), (100, 16)] {
        let rate = measure(clients, in_flight, None, seconds);
        print(&format!("{clients} clients, {in_flight} in flight"), rate);
    }
    let rate = measure(100, 1, Some(7), seconds);
    print("100 clients, 1 in flight, cut and delayed", rate);
}

fn print(what: &str, rate: f64) {
    println!("{what:<44}{rate:>12.0}{:>9.1}x", rate / GOAL);
}

/// Frames delivered in a second, which this thread has to itself: it never waits, so its CPU time is the time that passes.
fn measure(clients: usize, in_flight: usize, storm: Option<u64>, seconds: f64) -> f64 {
    let mut world = World::new(1);
    if let Some(seed) = storm {
        let mut random = Random::new(seed);
        world.set_link_faults(LinkFaults {
            piece_bytes: 1..=64,
            latency: Duration::from_micros(50)..=Duration::from_millis(5),
            ..LinkFaults::none()
        });
        world.set_node_faults(NodeFaults::lossless(&mut random));
    }
    world
        .node("server", || (), start_server)
        .expect("it starts");
    world
        .node("clients", || (), move |cx| dial(cx, clients, in_flight))
        .expect("they start");
    world.run_for(Duration::from_millis(100));
    let frames = |world: &mut World| {
        ["server", "clients"]
            .map(|node| world.counters(node).frames_in)
            .iter()
            .sum::<u64>()
    };
    let (before, began) = (frames(&mut world), Instant::now());
    while began.elapsed().as_secs_f64() < seconds {
        world.run_for(Duration::from_millis(10));
    }
    (frames(&mut world) - before) as f64 / began.elapsed().as_secs_f64()
}

fn start_server(cx: &mut Context<'_, ()>) -> Result<()> {
    let mut echo = CommandService::new();
    echo.catch_all(|call| call.reply(call.body()))?;
    cx.listen("server:7000", DataPack::default(), echo)?;
    Ok(())
}

fn dial(cx: &mut Context<'_, ()>, clients: usize, in_flight: usize) -> Result<()> {
    for _ in 0..clients {
        let mut echo = CommandService::new();
        echo.on(1, |call| call.reply(call.body()))?;
        echo.on_opened(move |cx: &mut Context<'_, ()>, link: LinkId| {
            for _ in 0..in_flight {
                let _ = cx.links.send(link, 1, BODY.as_slice());
            }
        });
        cx.connect("server:7000", DataPack::default(), echo)?;
    }
    Ok(())
}
