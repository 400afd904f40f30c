//! Worlds with much going on in them, to be run again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use oneloop::sim::{Crash, LinkFaults, NodeFaults, World};
use oneloop::{CommandService, Context, DataPack, GroupId, LinkId, Result};

use crate::support::{Seen, idle, ms, secs};

/// A scenario, and what is to be known of it without running it.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut World),
    /// The sum of its event log at [`SEED`]. See [`crate::determinism`].
    pub(crate) digest: u64,
}

pub(crate) const SEED: u64 = 20_250;

pub(crate) const ALL: [Scenario; 6] = [
    Scenario {
        name: "ring",
        run: ring,
        digest: 0x3623_a809_57ff_f900,
    },
    Scenario {
        name: "storm",
        run: storm,
        digest: 0xf395_e7c3_e384_dee6,
    },
    Scenario {
        name: "jobs",
        run: jobs,
        digest: 0x8ba5_cf77_3504_010b,
    },
    Scenario {
        name: "chat",
        run: chat,
        digest: 0x50e5_6899_8054_5cdb,
    },
    Scenario {
        name: "letters",
        run: letters,
        digest: 0x62fd_8ae4_8622_6022,
    },
    Scenario {
        name: "script",
        run: script,
        digest: 0xa6bd_28f3_059a_4b6d,
    },
];

/// A DataPack frame.
pub(crate) fn frame(command: u32, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32 + 4).to_be_bytes();
    [&[0; 9], &length[..], &command.to_be_bytes(), body].concat()
}

const PING: u32 = 1;

/// One of a ring: it pings the next, and dials it again whenever it is lost.
struct Member {
    next: &'static str,
    link: Option<LinkId>,
    answered: u64,
}

fn join_ring(world: &mut World, name: &'static str, next: &'static str) {
    let make = move || Member {
        next,
        link: None,
        answered: 0,
    };
    let own = format!("{name}:7000");
    let node = world.node(name, make, move |cx| {
        let mut service = CommandService::<Member>::new();
        service.on(PING, |call| call.reply(call.body()))?;
        cx.listen(&*own, DataPack::default(), service)?;
        dial_next(cx)?;
        cx.every(ms(20), |cx, tick| {
            if let Some(link) = cx.state.link {
                // A link that does not take it is lost soon.
                let _ = cx.links.send(link, PING, &tick.skipped.to_be_bytes()[..]);
            }
        });
        Ok(())
    });
    node.expect("it starts");
}

fn dial_next(cx: &mut Context<'_, Member>) -> Result<()> {
    let mut service = CommandService::<Member>::new();
    service.on(PING, |call| call.cx.state.answered += 1)?;
    service.on_closed(|cx, _, _| {
        cx.state.link = None;
        // A node that is told to stop dials no more.
        cx.after(ms(70), |cx| _ = dial_next(cx));
    });
    let link = cx.connect(cx.state.next, DataPack::default(), service)?;
    cx.state.link = Some(link);
    Ok(())
}

/// Three nodes that ping each other over links that cut and delay.
fn ring(world: &mut World) {
    let faults = LinkFaults::lossless(world.random());
    world.set_link_faults(faults);
    let faults = NodeFaults::lossless(world.random());
    world.set_node_faults(faults);
    for (name, next) in [("a", "b:7000"), ("b", "c:7000"), ("c", "a:7000")] {
        join_ring(world, name, next);
    }
    world.run_for(secs(1));
}

/// The same with all that there is, several times over.
fn storm(world: &mut World) {
    world.run_for(ms(3));
    for (name, next) in [("a", "b:7000"), ("b", "c:7000"), ("c", "a:7000")] {
        join_ring(world, name, next);
    }
    for _ in 0..6 {
        let faults = LinkFaults::stormy(world.random());
        world.set_link_faults(faults);
        let mut faults = NodeFaults::stormy(world.random());
        faults.down_for = ms(0)..=ms(300);
        faults.pause_for = ms(0)..=ms(300);
        world.set_node_faults(faults);
        world.run_for(ms(500));
    }
    world.calm().expect("they start");
    world.run_for(ms(500));
}

/// Handlers whose answers come from other threads, later, or never.
fn jobs(world: &mut World) {
    world.allow_panics();
    let faults = NodeFaults {
        job: ms(0)..=ms(30),
        slow: 0.1,
        partial_reads: 0.3,
        spurious: 0.3,
        ..NodeFaults::none()
    };
    world.set_node_faults(faults);
    world.set_link_faults(LinkFaults {
        piece_bytes: 1..=20,
        latency: ms(0)..=ms(3),
        ..LinkFaults::none()
    });
    let shared = Arc::new(AtomicU64::new(0));
    let node = world.node(
        "office",
        || (),
        move |cx| {
            let shared = Arc::clone(&shared);
            let mut service = CommandService::<()>::new();
            service.on(1, move |call| {
                let shared = Arc::clone(&shared);
                call.blocking(move || {
                    let before = shared.fetch_add(1, Ordering::Relaxed);
                    Ok::<_, std::io::Error>(before.to_be_bytes().to_vec())
                })
            })?;
            service.on(2, |call| {
                let (promise, later) = call.defer();
                call.after(ms(15), |_| promise.resolve("later"));
                call.timeout(later, ms(20))
            })?;
            service.on(3, |call| {
                let (promise, later) = call.defer::<&str>();
                drop(promise);
                later
            })?;
            service.on(4, |call| {
                assert!(call.body().is_empty(), "a bad call");
            })?;
            cx.listen("office:7000", DataPack::default(), service)
        },
    );
    node.expect("it starts");
    let mut peers = Vec::new();
    for _ in 0..60 {
        peers.push(world.peer("client", "office:7000"));
        for _ in 0..3 {
            let which = world.random().between(0..=peers.len() as u64 - 1) as usize;
            let command = *world.random().pick(&[1, 1, 1, 2, 2, 3, 4, 9]);
            peers[which].send(&frame(command, b"please"));
        }
        world.run_for(ms(7));
    }
    world.run_for(secs(1));
    let received: Vec<usize> = peers.iter().map(|peer| peer.received_len()).collect();
    world.note(&format!("received {received:?}"));
}

/// A group, members who come and go, some who do not read.
fn chat(world: &mut World) {
    let limits = oneloop::Limits {
        link: oneloop::LinkLimits {
            outbox_bytes_max: 20_000,
            outbox_bytes_high: 10_000,
            outbox_bytes_low: 5_000,
            write_deadline: secs(1),
            ..oneloop::LinkLimits::default()
        },
        ..oneloop::Limits::default()
    };
    let node = world.node_with_limits(
        "lobby",
        limits,
        || None::<GroupId>,
        |cx| {
            *cx.state = Some(cx.links.create_group());
            let mut service = CommandService::<Option<GroupId>>::new();
            service.on_opened(|cx, link| {
                if let Some(group) = *cx.state {
                    cx.links.join(group, link);
                }
            });
            service.on(1, |call| {
                let (link, body) = (call.link(), call.body());
                let cx = &mut call.cx;
                if let Some(group) = *cx.state {
                    cx.links.push_group_but(group, link, 2, body);
                }
            })?;
            cx.listen("lobby:7000", DataPack::default(), service)
        },
    );
    node.expect("it starts");
    world.set_link_faults(LinkFaults {
        window_bytes: 4_000,
        latency: ms(1)..=ms(9),
        partial_writes: 0.2,
        ..LinkFaults::none()
    });
    let mut peers = Vec::new();
    for round in 0..40 {
        let host = *world.random().pick(&["ann", "bob", "cid"]);
        peers.push(world.peer(host, "lobby:7000"));
        for peer in &peers {
            match world.random().below(40) {
                0 => peer.close(),
                1 => peer.reset(),
                2 => peer.half_close(),
                3 => peer.stop_reading(),
                4 => peer.read_on(),
                5..20 => peer.send(&frame(1, &vec![round; 300])),
                _ => {}
            }
        }
        world.run_for(ms(11));
    }
    world.run_for(secs(2));
    world.reset("bob", "lobby");
    world.run_for(secs(1));
}

/// Nodes that post to each other, and stop.
fn letters(world: &mut World) {
    let nodes = ["x", "y", "z"].map(|name| idle(world, name));
    for round in 0..90_u64 {
        let from = world.random().pick(&nodes).clone();
        let to = world.random().pick(&nodes).clone();
        if !world.is_up(&from) || !world.is_up(&to) {
            for node in &nodes {
                world.restart(node).expect("it starts");
            }
        }
        let handle = world.handle(&to);
        world.with(&from, |cx| {
            cx.after(ms(round % 30), move |cx: &mut Context<'_, Seen>| {
                cx.state.count += 1;
                let _ = handle.post(move |cx| {
                    cx.state.count += round;
                    cx.next_turn(|cx| cx.state.count += 1);
                });
            });
        });
        match round % 7 {
            3 => world.signal(&from),
            5 => world.crash(&to, Crash::Process),
            _ => {}
        }
        world.run_for(ms(10));
    }
    for node in &nodes {
        if world.is_up(node) {
            let line = format!("{} counted {}", node.name(), world.state(node).count);
            world.note(&line);
        }
    }
}

/// A ring, and every fault that a script can order.
fn script(world: &mut World) {
    for (name, next) in [("a", "b:7000"), ("b", "a:7000")] {
        join_ring(world, name, next);
    }
    let peer = world.peer("p", "a:7000");
    peer.send(&frame(PING, b"first"));
    world.after(ms(100), |world| world.partition(&[&["a"], &["b"]]));
    world.after(ms(400), World::heal);
    world.fault_after(ms(900), "cut", |world| world.half_close("a", "b"));
    world.fault_after(ms(1_000), "stand", |world| world.stall("b", "a", ms(300)));
    world.fault_after(ms(1_500), "dark", |world| {
        world.crash("a", Crash::Silent);
        world.after(ms(500), |world| world.restart("a").expect("it starts"));
    });
    world.fault_after(ms(2_500), "pause", |world| {
        world.pause("b");
        world.after(ms(200), |world| world.resume("b"));
    });
    world.fault_after(ms(3_000), "reset", |world| world.reset("a", "b"));
    world.run_for(secs(4));
    peer.send(&frame(PING, b"last"));
    world.run_for(secs(1));
}

/// A ring in any trouble works again when it is over, and can be stopped: nothing of the trouble is left in the network.
#[test]
fn after_any_storm_there_is_calm() {
    oneloop::sim::search(0..10, |world| {
        for (name, next) in [("a", "b:7000"), ("b", "c:7000"), ("c", "a:7000")] {
            join_ring(world, name, next);
        }
        for _ in 0..3 {
            let faults = LinkFaults::stormy(world.random());
            world.set_link_faults(faults);
            let faults = NodeFaults::stormy(world.random());
            world.set_node_faults(faults);
            world.run_for(secs(1));
        }
        world.calm().expect("they start");
        // A connect that hung is given up after ten seconds; who waits for a lost partition sends again every ten.
        world.run_for(secs(25));
        let frames = |world: &mut World| ["a", "b", "c"].map(|node| world.counters(node).frames_in);
        let before = frames(world);
        world.run_for(secs(1));
        let after = frames(world);
        for (before, after) in before.iter().zip(&after) {
            // Each asks fifty times in a second, and is asked as often.
            assert!(
                (98..=102).contains(&(after - before)),
                "{before} and then {after}"
            );
        }
        for node in ["a", "b", "c"] {
            world.signal(node);
        }
        world.run_for(secs(15));
        world.assert_quiet();
    });
}
