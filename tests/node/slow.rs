//! Gates that do more with a command than pass it on.

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
