//! What is left of a call's time goes with the calls that are made while it is served.

use std::time::Duration;

use oneloop::node::{
    ClientId, Forwards, Node, forward_to_child, forward_to_remote, pass_to_child, pass_to_remote,
};
use oneloop::sim::World;
use oneloop::thrift::Functions;
use oneloop::{Context, DataPack, Deferred, LinkLimits, Listen};

use crate::gate::{commands, frame, heard};
use crate::support::{
    App, Never, deadline, machine, millis, pair, remote, root, secs, text, watch,
};

/// Notes how much time is left.
fn note(cx: &mut Context<'_, App>) {
    let left = cx.call_until().map(|until| until - cx.now());
    cx.state.served.push(match left {
        Some(left) => format!("{} ms", left.as_millis()),
        None => "no end".into(),
    });
}

/// Calls the child in the time that is left, and in its own; and does not wait for either.
fn both(cx: &mut Context<'_, App>, (): ()) -> Deferred<()> {
    note(cx);
    let caller = cx.child("calc").caller(cx).expect("it is up");
    for caller in [caller.clone(), caller.detached()] {
        let call = caller.call::<Never, _>(cx, text("x"));
        watch(cx, call);
    }
    let (promise, later) = cx.defer();
    // What is put off is not within the call any more.
    cx.after(millis(10), |cx| {
        note(cx);
        drop(promise);
    });
    later
}

#[test]
fn a_call_made_by_a_target_has_no_more_time_than_that_of_its_own() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        let mut functions = Functions::new();
        functions.on("both", both).expect("it is free");
        Node::new("gate").root("gate:9000", root().serve(functions.processor()))
    });
    let calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(1));
    world.with(&calc, |cx| {
        let caller = cx.remote("gate").caller(cx).expect("there is one");
        let caller = caller.with_deadline(millis(1500));
        let call = caller.call_named::<()>(cx, "both", ());
        cx.when(call, |_, _| {});
    });
    world.run_for(millis(1400));
    assert_eq!(world.state(&gate).served, ["1500 ms", "no end"]);
    assert_eq!(world.state(&gate).outcomes, []);
    world.run_for(millis(200));
    let timeout = |number: u32| (number, "! timeout".to_owned());
    assert_eq!(world.state(&gate).outcomes, [timeout(1)]);
    world.run_for(secs(10));
    assert_eq!(world.state(&gate).outcomes, [timeout(1), timeout(2)]);
}

/// Nobody waits for the call any more, and the push is for others.
#[test]
fn a_push_made_by_a_target_has_its_own_time() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        let tell = |cx: &mut Context<'_, App>, client: ClientId, command: u32, _: &[u8]| {
            if command == 1 {
                cx.state.clients.push(client);
                return;
            }
            let ann = cx.state.clients[0];
            let told = cx.push_across(&[ann], 2000, "news");
            cx.when(told, |cx, told| {
                cx.state.pushed.push(told.expect("it does not fail"));
            });
        };
        Node::new("gate").root("gate:9000", root().on_forward(tell))
    });
    let _net = machine(&mut world, "net", || {
        let mut commands = commands();
        commands
            .catch_all(forward_to_remote("gate"))
            .expect("it is free");
        Node::new("net")
            .net("net:7000", DataPack::default(), commands)
            .remote("gate", "gate:9000", remote())
    });
    let _hurried = machine(&mut world, "hurried", || {
        let mut commands = commands();
        commands
            .catch_all(forward_to_remote("gate"))
            .expect("it is free");
        let limits = LinkLimits {
            call_deadline: millis(30),
            ..LinkLimits::default()
        };
        let listen = Listen::new("hurried:7000").limits(limits);
        Node::new("hurried")
            .net(listen, DataPack::default(), commands)
            .remote("gate", "gate:9000", remote())
    });
    let (ann, bob) = (
        world.peer("ann", "net:7000"),
        world.peer("bob", "hurried:7000"),
    );
    world.run_for(secs(1));
    ann.send(&frame(1, ""));
    world.run_for(secs(1));
    world.pause("net");
    bob.send(&frame(2, ""));
    world.run_for(secs(1));
    world.resume("net");
    world.run_for(secs(1));
    assert_eq!(world.state(&gate).pushed.len(), 1);
    assert_eq!(world.state(&gate).pushed[0].taken, 1);
    assert_eq!(heard(&ann), ["2000 news"]);
}

#[test]
fn outside_of_a_call_there_is_no_end() {
    let mut world = World::new(1);
    let (gate, _calc) = pair(&mut world);
    world.with(&gate, note);
    assert_eq!(world.state(&gate).served, ["no end"]);
}

fn noting(cx: &mut Context<'_, App>, _: ClientId, _: u32, _: &[u8]) -> Vec<u8> {
    note(cx);
    Vec::new()
}

#[test]
fn a_forwarded_command_has_the_time_that_its_client_waits() {
    for three in [false, true] {
        let mut world = World::new(1);
        let _net = machine(&mut world, "net", move || {
            let mut commands = commands();
            commands
                .on(1, forward_to_child("up"))
                .and_then(|commands| commands.on(2, forward_to_remote("gate")))
                .and_then(|commands| commands.on(3, |call| note(&mut call.cx)))
                .expect("they are free");
            let limits = LinkLimits {
                call_deadline: secs(if three { 3 } else { 300 }),
                ..LinkLimits::default()
            };
            let listen = Listen::new("net:7000").limits(limits);
            Node::new("net")
                .net(listen, DataPack::default(), commands)
                .root("net:9001", root())
                .remote("gate", "gate:9000", remote().limits(deadline(secs(20))))
        });
        let gate = machine(&mut world, "gate", || {
            let mut table = Forwards::<App>::new();
            table.on(2, pass_to_child("chat")).expect("it is free");
            Node::new("gate").root("gate:9000", root().serve_commands(table))
        });
        let chat = machine(&mut world, "chat", || {
            Node::new("chat").remote("gate", "gate:9000", remote().on_forward(noting))
        });
        // And the other way: from a child's child to a root's root.
        let _up = machine(&mut world, "up", || {
            Node::new("up")
                .remote(
                    "net",
                    "net:9001",
                    remote().on_forward(pass_to_remote("gate2")),
                )
                .remote("gate2", "gate2:9000", remote())
        });
        let top = machine(&mut world, "gate2", || {
            Node::new("gate2").root("gate2:9000", root().on_forward(noting))
        });
        world.run_for(secs(1));
        let ann = world.peer("ann", "net:7000");
        for command in 1..=2 {
            ann.send(&frame(command, ""));
        }
        world.run_for(secs(1));
        assert_eq!(heard(&ann).len(), 2);
        assert_eq!(world.state(&gate).served.len(), 0);
        for last in [&chat, &top] {
            let left = &world.state(last).served[0];
            let left: u64 = left.trim_end_matches(" ms").parse().expect("a number");
            let most = if three { 3000 } else { 10_000 };
            assert!((most - 100..=most).contains(&left), "{left}");
        }
    }
}

#[test]
fn a_command_has_the_time_of_its_link() {
    let mut world = World::new(1);
    let net = machine(&mut world, "net", || {
        let mut commands = commands();
        commands
            .on(3, |call| note(&mut call.cx))
            .expect("it is free");
        Node::new("net").net("net:7000", DataPack::default(), commands)
    });
    let ann = world.peer("ann", "net:7000");
    ann.send(&frame(3, ""));
    world.run_for(Duration::from_secs(1));
    assert_eq!(world.state(&net).served, ["60000 ms"]);
}
