//! What a node may have left over, a kind at a time.

use oneloop::sim::{Node, NodeFaults, World};
use oneloop::{CommandService, Context, DataPack};

use crate::support::{Seen, Watch, connected, idle, ms, panic_of, secs, us};

/// What a world with one idle node says is left over after `act`.
fn left_after(act: impl FnOnce(&mut Context<'_, Seen>)) -> String {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    world.set_node_faults(NodeFaults {
        job: secs(1)..=secs(1),
        ..NodeFaults::none()
    });
    world.run_for(ms(1));
    world.assert_quiet();
    world.with(&node, act);
    world.run_for(us(10));
    left(&mut world)
}

fn left(world: &mut World) -> String {
    assert!(!world.is_quiet());
    panic_of(|| world.assert_quiet())
}

#[test]
fn a_link() {
    let (mut world, _node, peer) = connected(Watch::silent);
    assert_eq!(left(&mut world), "left over: server has 1 links");
    peer.close();
    world.run_for(ms(1));
    world.assert_quiet();
}

#[test]
fn a_timer() {
    let left = left_after(|cx| _ = cx.after(secs(9), |_| ()));
    assert!(left.contains("1 timers"), "{left}");
    let left = left_after(|cx| _ = cx.every(secs(9), |_, _| ()));
    assert!(left.contains("1 timers"), "{left}");
}

#[test]
fn a_callback_that_waits_and_its_promise() {
    let left = left_after(|cx| {
        let (promise, later) = cx.defer::<u32>();
        cx.when(later, |_, _| ());
        std::mem::forget(promise);
    });
    assert_eq!(left, "left over: a has 1 callbacks that wait, 1 promises");
}

#[test]
fn a_promise() {
    let left = left_after(|cx| std::mem::forget(cx.defer::<u32>()));
    assert_eq!(left, "left over: a has 1 promises");
}

#[test]
fn a_job() {
    let left = left_after(|cx| drop(cx.blocking(|| 1)));
    assert!(left.contains("1 blocking jobs"), "{left}");
}

#[test]
fn bytes_to_be_sent() {
    let (mut world, node, peer) = connected(Watch::silent);
    peer.stop_reading();
    let link = peer.server_link().expect("it is accepted");
    world
        .with(&node, |cx| cx.links.send_bytes(link, vec![0; 300 << 10]))
        .expect("it is taken");
    world.run_for(ms(1));
    let left = left(&mut world);
    // Its window holds 256 KiB.
    assert!(
        left.contains(&format!("{} bytes to be sent", 44 << 10)),
        "{left}"
    );
}

/// A node that answers in nine seconds.
fn slow(world: &mut World) -> Node<()> {
    let node = world.node(
        "a",
        || (),
        |cx| {
            let mut service = CommandService::new();
            service.on(1, |call| {
                let (promise, later) = call.defer();
                call.after(secs(9), |_| promise.resolve("done"));
                later
            })?;
            cx.listen("a:7000", DataPack::default(), service)
        },
    );
    node.expect("it starts")
}

#[test]
fn an_open_call() {
    let mut world = World::new(1);
    slow(&mut world);
    let peer = world.peer("b", "a:7000");
    peer.send(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1]);
    world.run_for(ms(1));
    let left = left(&mut world);
    assert!(left.contains("1 open calls"), "{left}");
    world.run_for(secs(10));
    assert!(peer.received_len() > 0);
    peer.close();
    world.run_until(World::is_quiet, secs(1));
}

#[test]
fn a_part_of_a_frame() {
    let mut world = World::new(1);
    let node = world.node(
        "a",
        || (),
        |cx| {
            let mut service = CommandService::new();
            service.catch_all(|call| call.reply(call.body()))?;
            cx.listen("a:7000", DataPack::default(), service)
        },
    );
    node.expect("it starts");
    let peer = world.peer("b", "a:7000");
    peer.send(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    world.run_for(ms(1));
    let left = left(&mut world);
    assert!(left.contains("10 bytes of part frames"), "{left}");
}

#[test]
fn of_many_nodes_each_is_named() {
    let mut world = World::new(1);
    for name in ["a", "b", "c"] {
        let node = idle(&mut world, name);
        if name != "b" {
            world.with(&node, |cx| _ = cx.after(secs(9), |_| ()));
        }
    }
    let left = left(&mut world);
    assert!(left.starts_with("left over: a has 1 timers"), "{left}");
    assert!(
        left.contains("; c has 1 timers") && !left.contains("b has"),
        "{left}"
    );
}

#[test]
fn what_a_stopped_node_keeps_for_itself_is_not_left_over() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    world.with(&node, |cx| _ = cx.every(secs(1), |_, _| ()));
    world.run_for(secs(5));
    assert!(!world.is_quiet());
    world.signal(&node);
    world.run_for(ms(1));
    world.assert_quiet();
    // Neither is what a crashed one had.
    world.restart(&node).expect("it starts");
    world.with(&node, |cx| _ = cx.every(secs(1), |_, _| ()));
    world.crash(&node, oneloop::sim::Crash::Silent);
    world.assert_quiet();
}

#[test]
fn a_connection_that_is_not_accepted() {
    let (mut world, node, _peer) = connected(Watch::silent);
    world.run_for(secs(1));
    world.pause(&node);
    let _waits = world.peer("client", "server:7000");
    world.run_for(secs(1));
    let message = left(&mut world);
    assert!(
        message.ends_with("server has 1 connections that it does not accept"),
        "{message}"
    );
}
