//! Several children that are slow at once, and gates that do more with a command than pass it on.

use std::time::Duration;

use oneloop::node::{Forwards, Node, NodeLimits, forward_to_remote, pass_to_child};
use oneloop::sim::{Node as Machine, Peer, World};
use oneloop::{DataPack, Deferred, LinkLimits, Listen};

use crate::gate::{answer, commands, frame, heard};
use crate::support::{App, deadline, machine, millis, remote, root, secs};

/// So many calls may be under way over the link to the gate.
fn narrow(calls_max: u32) -> NodeLimits {
    let mut limits = deadline(secs(60));
    limits.link.calls_max = calls_max;
    limits
}

fn net(world: &mut World, limits: NodeLimits) -> Machine<App> {
    machine(world, "net", move || {
        let mut commands = commands();
        commands
            .catch_all(forward_to_remote("gate"))
            .expect("it is free");
        let net = Listen::new("net:7000").limits(LinkLimits {
            call_deadline: secs(60),
            ..LinkLimits::default()
        });
        let gate = remote().limits(limits.clone());
        Node::new("net")
            .net(net, DataPack::default(), commands)
            .remote("gate", "gate:9000", gate)
    })
}

fn gate(world: &mut World, limits: NodeLimits, table: fn() -> Forwards<App>) -> Machine<App> {
    machine(world, "gate", move || {
        let root = root().limits(limits.clone());
        Node::new("gate").root("gate:9000", root.serve_commands(table()))
    })
}

fn child(world: &mut World, name: &str) -> Machine<App> {
    let (host, name) = (name.to_owned(), name.to_owned());
    machine(world, &host, move || {
        let gate = remote().limits(deadline(secs(60))).on_forward(answer);
        Node::new(&*name).remote("gate", "gate:9000", gate)
    })
}

fn peers(world: &mut World, name: &str, count: usize) -> Vec<Peer> {
    (0..count)
        .map(|number| world.peer(&format!("{name}{number}"), "net:7000"))
        .collect()
}

/// How long it takes until all of these have had three answers of the child with commands from 1000 on.
fn round(world: &mut World, peers: &[Peer]) -> Duration {
    let began = world.now();
    for peer in peers {
        for number in 1000..1003 {
            peer.send(&frame(number, ""));
        }
    }
    world.run_until(
        |_| peers.iter().all(|peer| peer.received_len() == 3 * 17),
        secs(9),
    );
    for peer in peers {
        assert_eq!(heard(peer), ["1000 ", "1001 ", "1002 "]);
    }
    world.now() - began
}

/// By thousands: the first child is never slow.
fn by_thousands() -> Forwards<App> {
    let mut table = Forwards::new();
    for number in 1..=MANY {
        let first = number * 1000;
        table
            .range(
                first..=first + 999,
                pass_to_child(&format!("child{number}")),
            )
            .expect("it is free");
    }
    table
}

const MANY: u32 = 101;

/// One child after the other stands still, and has by then whatever was its to have.
#[test]
fn clients_of_another_child_notice_little_however_many_are_slow() {
    for slow in [1, 2, 10, 100] {
        let mut world = World::new(1);
        net(&mut world, narrow(64));
        gate(&mut world, deadline(secs(60)), by_thousands);
        for number in 1..=slow + 1 {
            child(&mut world, &format!("child{number}"));
        }
        let others = peers(&mut world, "o", 16);
        world.run_for(secs(3));
        let before = round(&mut world, &others);
        for number in 2..=slow + 1 {
            world.pause(&format!("child{number}"));
            for peer in peers(&mut world, &format!("c{number}-"), 40) {
                peer.send(&frame(number * 1000, ""));
                std::mem::forget(peer);
            }
            world.run_for(millis(100));
        }
        let after = round(&mut world, &others);
        assert!(
            after <= before * 3,
            "{slow} slow: {after:?}, {before:?} before"
        );
    }
}

/// What a child answers is not all that a gate may do with a command: until it has answered the net node, the command is set aside.
#[test]
fn what_a_gate_does_with_a_reply_is_bounded_too() {
    let mut world = World::new(1);
    net(&mut world, narrow(4));
    let limits = NodeLimits {
        aside_calls_max: 2,
        ..deadline(secs(60))
    };
    let gate = gate(&mut world, limits, || {
        let mut table = Forwards::<App>::new();
        let pass = pass_to_child("child1");
        table
            .catch_all(move |cx, client, command, body: &[u8]| -> Deferred<_> {
                let (promise, never) = cx.defer::<String>();
                let reply = pass(cx, client, command, body);
                cx.state.promises.push(promise);
                reply.and_then(move |_| never)
            })
            .expect("it is free");
        table
    });
    child(&mut world, "child1");
    world.run_for(secs(1));
    for peer in peers(&mut world, "f", 20) {
        peer.send(&frame(1000, ""));
        std::mem::forget(peer);
        world.run_for(millis(100));
    }
    assert_eq!(world.counters(&gate).calls_open, 4 + 2);
}
