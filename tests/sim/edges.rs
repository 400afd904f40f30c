//! Readiness is told once: a session that leaves bytes is not told again, and nothing is lost by it.

use oneloop::sim::{LinkFaults, NodeFaults, World};
use oneloop::{LinkLimits, Listen};

use crate::support::{Seen, Watch, ms, secs, us};

/// A server that reads so many bytes of a link in a turn.
fn sipping(world: &mut World, bytes: usize) -> oneloop::sim::Node<Seen> {
    let node = world.node("server", Seen::default, move |cx| {
        let limits = LinkLimits {
            read_bytes_per_turn_max: bytes,
            ..LinkLimits::default()
        };
        let listen = Listen::new("server:7000").limits(limits);
        cx.listen(listen, (), Watch::silent)
    });
    node.expect("it starts")
}

#[test]
fn a_link_with_more_than_its_budget_is_told_of_once_and_read_to_the_end() {
    let mut world = World::new(1);
    world.set_log_level(log::LevelFilter::Trace);
    let node = sipping(&mut world, 64);
    let peer = world.peer("client", "server:7000");
    peer.send(&[8; 1_000]);
    world.run_for(ms(10));
    let seen = world.state(&node);
    assert_eq!(seen.bytes().len(), 1_000);
    assert_eq!(seen.received.len(), 1_000_usize.div_ceil(64));
    // Sixteen turns read, one was told of it.
    let log = world.log();
    let turns = log
        .lines()
        .filter(|line| line.contains("server has a turn"));
    let told = turns.filter(|line| !line.contains("links []")).count();
    assert_eq!(told, 1, "{log}");
}

#[test]
fn bytes_that_arrive_while_others_wait_are_not_told_of() {
    let mut world = World::new(1);
    world.set_log_level(log::LevelFilter::Trace);
    let node = sipping(&mut world, 10);
    let peer = world.peer("client", "server:7000");
    world.run_for(ms(1));
    peer.send(&[1; 400]);
    world.run_for(us(60));
    let read = world.state(&node).bytes().len();
    assert!(read > 10 && read < 400, "it is in the middle of it: {read}");
    // These arrive before a read has blocked: the one who reads finds them by himself.
    peer.send(&[2; 400]);
    world.run_for(ms(10));
    assert_eq!(world.state(&node).bytes().len(), 800);
    let log = world.log();
    let turns = log
        .lines()
        .filter(|line| line.contains("server has a turn"));
    let told = turns.filter(|line| !line.contains("links []")).count();
    assert!(told <= 2, "{told}");
}

#[test]
fn a_writer_is_told_of_room_after_it_was_blocked_and_not_before() {
    let mut world = World::new(1);
    world.set_log_level(log::LevelFilter::Trace);
    world.set_link_faults(LinkFaults {
        window_bytes: 1_000,
        ..LinkFaults::none()
    });
    let node = sipping(&mut world, 1 << 16);
    let peer = world.peer("client", "server:7000");
    world.run_for(ms(1));
    let link = peer.server_link().expect("it is accepted");
    let turns = |world: &World| world.log().matches("server has a turn").count();
    let send = |world: &mut World, count: usize| {
        let sent = world.with(&node, |cx| cx.links.send_bytes(link, vec![1; count]));
        sent.expect("it is taken");
        world.run_for(ms(1));
    };
    let before = turns(&world);
    send(&mut world, 999);
    assert_eq!(peer.received_len(), 999);
    assert_eq!(
        turns(&world),
        before + 1,
        "its own turn, and no news of room"
    );
    send(&mut world, 2_500);
    assert_eq!(peer.received_len(), 999 + 2_500);
    assert_eq!(
        turns(&world),
        before + 1 + 3,
        "one for each time that it was blocked"
    );
}

#[test]
fn every_byte_is_read_whatever_the_budget_the_pieces_and_the_news() {
    for seed in 0..60 {
        let mut world = World::new(seed);
        let mut faults = LinkFaults::lossless(world.random());
        faults.latency = us(1)..=us(400);
        faults.bandwidth_bytes_per_s = None;
        world.set_link_faults(faults);
        let faults = NodeFaults::lossless(world.random());
        world.set_node_faults(faults);
        let budget = world.random().between(1..=300) as usize;
        let node = sipping(&mut world, budget);
        let peer = world.peer("client", "server:7000");
        let sent: Vec<u8> = (0..=255).cycle().take(1_500).collect();
        for chunk in sent.chunks(1 + seed as usize * 9) {
            peer.send(chunk);
            world.run_for(us(100));
        }
        peer.half_close();
        world.run_until(|world| !world.state(&node).ended.is_empty(), secs(600));
        assert_eq!(world.state(&node).bytes(), sent, "seed {seed}");
        world.run_for(secs(10));
        peer.close();
        world.run_for(secs(60));
        world.assert_quiet();
    }
}
