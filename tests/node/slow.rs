//! Several children that are slow at once, gates that do more with a command than pass it on, and ends that set aside what they like.

use std::time::Duration;

use oneloop::node::{
    Forwards, Node, NodeLimits, forward_to_child, forward_to_remote, pass_to_child,
};
use oneloop::sim::{Node as Machine, Peer, World};
use oneloop::{DataPack, Deferred, LinkLimits, Listen};

use crate::gate::{answer, commands, frame, heard};
use crate::raw::{CALL, ONEWAY, Raw, frame as call, hello};
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
            world.pause(format!("child{number}"));
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

/// A child sets aside what it likes, and what there is not, again and again.
#[test]
fn a_child_that_sets_aside_whatever_it_likes_keeps_nobody_for_ever() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        let mut commands = commands();
        commands
            .catch_all(forward_to_child("raw"))
            .expect("it is free");
        let mut limits = deadline(secs(5));
        limits.link.calls_max = 2;
        limits.aside_calls_max = 3;
        Node::new("gate")
            .net("gate:7000", DataPack::default(), commands)
            .root("gate:9000", root().limits(limits))
    });
    let mut raw = Raw::join(&mut world, "raw", &hello(), SECRET);
    let clients: Vec<Peer> = (0..10)
        .map(|number| world.peer(&format!("c{number}"), "gate:7000"))
        .collect();
    world.run_for(secs(1));
    for client in &clients {
        client.send(&frame(1000, "0 a"));
        client.send(&frame(1001, "0 b"));
    }
    let mut came = 0;
    while let Some(call) = raw.next_within(&mut world, 1) {
        came += u32::from(call.name.ends_with("forward"));
        let next = call.sequence.saturating_add(1);
        for sequence in [call.sequence, call.sequence, next, 0, -1, i32::MAX] {
            raw.send(&set_aside(sequence));
        }
    }
    assert_eq!(came, 2 + 3);
    for sequence in 0..10_000 {
        raw.send(&set_aside(sequence));
    }
    world.run_for(secs(11));
    for client in &clients {
        assert_eq!(heard(client), ["9 timeout", "9 timeout"]);
    }
    assert_eq!(world.counters(&gate).calls_open, 0);
    raw.peer.reset();
    machine(&mut world, "child", || {
        Node::new("raw").remote("gate", "gate:9000", remote().on_forward(answer))
    });
    world.run_for(secs(1));
    for client in &clients {
        client.send(&frame(1000, "0 a"));
    }
    world.run_for(secs(1));
    for client in &clients {
        assert_eq!(heard(client), ["1000 0 a"]);
    }
}

/// A node before the gate uses numbers twice, wants no answers, gives up, and says one thing and then another of its window.
#[test]
fn nothing_is_left_of_what_a_strange_node_had_set_aside() {
    let mut world = World::new(1);
    let gate = gate(&mut world, deadline(secs(60)), by_thousands);
    let child1 = child(&mut world, "child1");
    world.run_for(secs(1));
    let mut raw = Raw::join(&mut world, "raw", &hello(), SECRET);
    let told = |world: &mut World, raw: &mut Raw| {
        let mut told = Vec::new();
        while let Some(came) = raw.next_within(world, 1) {
            if came.name == "oneloop:set_aside" {
                told.push(came.sequence);
            }
        }
        told.len()
    };
    for round in 0..20 {
        for window in [2, 0, -1, 5, i32::MAX, 1] {
            raw.send(&window_of(window));
            for sequence in [7, 7, 8, round, 9] {
                let kind = if sequence == 8 { ONEWAY } else { CALL };
                raw.send(&forward(kind, sequence));
                if sequence == 9 {
                    raw.send(&cancel(9));
                    raw.send(&cancel(7));
                }
            }
        }
        if round % 2 == 0 {
            world.run_for(millis(3));
        }
    }
    assert!(told(&mut world, &mut raw) > 100);
    world.with(&child1, |cx| cx.state.promises.clear());
    world.run_for(secs(1));
    assert_eq!(world.counters(&gate).calls_open, 0);
    _ = told(&mut world, &mut raw);
    raw.send(&window_of(10));
    for sequence in 1..=12 {
        raw.send(&forward(CALL, sequence));
    }
    assert_eq!(told(&mut world, &mut raw), 12 - 5, "as if nothing had been");
}

const SECRET: &[u8] = b"correct horse battery staple";

fn number(method: &str, number: i32) -> Vec<u8> {
    let body = [&b"\x08\0\x01"[..], &number.to_be_bytes(), b"\0"].concat();
    call(&format!("oneloop:{method}"), ONEWAY, 0, &body)
}

fn set_aside(sequence: i32) -> Vec<u8> {
    number("set_aside", sequence)
}

fn cancel(sequence: i32) -> Vec<u8> {
    number("cancel", sequence)
}

fn window_of(calls: i32) -> Vec<u8> {
    number("window", calls)
}

/// A command for the first child, which is never answered.
fn forward(kind: u8, sequence: i32) -> Vec<u8> {
    let body = [
        &b"\x0b\0\x01\0\0\0\x10"[..],
        b"0123456789abcdef\x08\0\x02",
        &1000_i32.to_be_bytes(),
        b"\x0b\0\x03\0\0\0\x05never\0",
    ];
    call("oneloop.clients:forward", kind, sequence, &body.concat())
}
