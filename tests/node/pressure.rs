//! A slow child stops the clients that feed it, and no others.

use oneloop::node::{Node, NodeLimits, forward_to_remote, pass_to_child};
use oneloop::sim::{self, Crash, LinkFaults, Node as Machine, NodeFaults, Peer, World};
use oneloop::{DataPack, LinkLimits, Listen, Result};

use crate::gate::{answer, back, commands, frame, front, heard};
use crate::support::{App, deadline, machine, millis, remote, root, secs};

/// So many calls to a child may be under way.
fn narrow(calls_max: u32, seconds: u64) -> NodeLimits {
    let mut limits = deadline(secs(seconds));
    limits.link.calls_max = calls_max;
    limits
}

fn peers(world: &mut World, name: &str, count: usize) -> Vec<Peer> {
    (0..count)
        .map(|number| world.peer(&format!("{name}{number}"), "net:7000"))
        .collect()
}

/// Each sends these commands, with their numbers as bodies.
fn feed(peers: &[Peer], first: u32, count: u32) {
    for peer in peers {
        for number in first..first + count {
            peer.send(&frame(number, ""));
        }
    }
}

fn in_order(first: u32, count: u32) -> Vec<String> {
    (first..first + count)
        .map(|number| format!("{number} "))
        .collect()
}

#[test]
fn clients_of_a_paused_child_are_not_read_and_others_notice_nothing() {
    let mut world = World::new(1);
    let net = front(&mut world, 1024, narrow(20, 30));
    let (chat, slow) = (back(&mut world, "chat"), back(&mut world, "slow"));
    world.run_for(secs(1));
    let (feeders, others) = (peers(&mut world, "f", 50), peers(&mut world, "o", 50));
    world.run_for(secs(1));
    let took = |world: &mut World| {
        let began = world.now();
        feed(&others, 1000, 5);
        world.run_until(
            |_| others.iter().all(|peer| peer.received_len() == 5 * 17),
            secs(5),
        );
        for peer in &others {
            assert_eq!(heard(peer), in_order(1000, 5));
        }
        world.now() - began
    };
    let before = took(&mut world);
    world.pause("slow");
    let frames = world.counters(&net).frames_in;
    feed(&feeders, 2000, 40);
    world.run_for(secs(3));
    // Twenty are under way, and of each client one is held; all else stays where it came from.
    let read = world.counters(&net).frames_in - frames;
    assert!((70..=72).contains(&read), "{read}");
    assert_eq!(took(&mut world), before, "others notice nothing");
    world.run_for(secs(5));
    world.resume("slow");
    world.run_for(secs(5));
    for peer in &feeders {
        assert_eq!(heard(peer), in_order(2000, 40), "all, and in order");
        assert!(peer.is_open());
    }
    assert_eq!(world.state(&slow).served.len(), 50 * 40);
    assert_eq!(world.state(&chat).served.len(), 2 * 50 * 5);
    assert_eq!(world.counters(&net).calls_open, 0);
    assert_eq!(world.counters(&slow).calls_open, 0);
}

#[test]
fn a_child_that_takes_no_bytes_stops_its_clients_as_well() {
    let mut world = World::new(1);
    let net = front(&mut world, 1024, deadline(secs(30)));
    let slow = back(&mut world, "slow");
    world.run_for(secs(1));
    let feeders = peers(&mut world, "f", 50);
    world.run_for(secs(1));
    world.pause("slow");
    // Sixty megabytes, of which two may wait in the link's outbox, and a command of each client before it.
    let body = "x".repeat(100_000);
    for peer in &feeders {
        for number in 2000..2012 {
            peer.send(&frame(number, &body));
        }
    }
    world.run_for(secs(5));
    let counters = world.counters(&net);
    assert!(counters.outbox_bytes_peak < 3 << 20, "{counters:?}");
    assert!(
        counters.frames_in < 50 + 40,
        "{} are read",
        counters.frames_in
    );
    world.resume("slow");
    world.run_for(secs(20));
    for peer in &feeders {
        let heard = heard(peer);
        let commands: Vec<&str> = heard.iter().map(|text| &text[..4]).collect();
        assert_eq!(
            commands,
            [
                "2000", "2001", "2002", "2003", "2004", "2005", "2006", "2007", "2008", "2009",
                "2010", "2011"
            ]
        );
    }
    assert_eq!(world.state(&slow).served.len(), 50 * 12);
}

/// No answer tells of room then.
#[test]
fn an_outbox_that_drains_makes_room() {
    let mut world = World::new(1);
    let _net = front(&mut world, 1024, deadline(secs(60)));
    let slow = back(&mut world, "slow");
    world.run_for(secs(1));
    let feeders = peers(&mut world, "f", 50);
    world.run_for(secs(1));
    world.pause("slow");
    let body = format!("never {}", "x".repeat(100_000));
    for peer in &feeders {
        for number in 2000..2003 {
            peer.send(&frame(number, &body));
        }
    }
    world.run_for(secs(5));
    world.resume("slow");
    world.run_for(secs(10));
    assert_eq!(world.state(&slow).served.len(), 150);
}

#[test]
fn the_deadline_runs_on_while_a_command_waits() {
    let mut world = World::new(1);
    let _net = front(&mut world, 100, narrow(1, 5));
    let slow = back(&mut world, "slow");
    world.run_for(secs(1));
    let (ann, bob) = (world.peer("ann", "net:7000"), world.peer("bob", "net:7000"));
    ann.send(&frame(2000, "never"));
    world.run_for(secs(2));
    bob.send(&frame(2001, "never"));
    bob.send(&frame(1000, "not read yet"));
    world.run_for(millis(2900));
    assert_eq!(heard(&ann), Vec::<String>::new());
    world.run_for(millis(200));
    assert_eq!(heard(&ann), ["9 timeout"]);
    assert_eq!(
        world.state(&slow).served,
        ["2000 never", "2001 never"],
        "it has gone on in time"
    );
    assert_eq!(heard(&bob), ["9 absent"], "and he is read on");
    world.run_for(millis(1800));
    assert_eq!(heard(&bob), Vec::<String>::new());
    world.run_for(millis(200));
    assert_eq!(heard(&bob), ["9 timeout"], "five seconds in all");
    assert_eq!(world.state(&slow).given_up(), 2);
}

#[test]
fn what_expires_while_it_waits_never_reaches_the_child() {
    let mut world = World::new(1);
    let net = machine(&mut world, "net", || {
        let mut commands = commands();
        commands
            .catch_all(oneloop::node::forward_to_child("slow"))
            .expect("it is free");
        // The clients' own commands have less time than the first call has.
        let limits = LinkLimits {
            call_deadline: secs(2),
            ..LinkLimits::default()
        };
        Node::new("net")
            .net(
                Listen::new("net:7000").limits(limits),
                DataPack::default(),
                commands,
            )
            .root("net:9000", root().limits(narrow(1, 20)))
    });
    let slow = back(&mut world, "slow");
    world.run_for(secs(1));
    world.with(&net, |cx| {
        let call = cx
            .child("slow")
            .call::<crate::support::Never, _>(cx, crate::support::text("x"));
        crate::support::watch(cx, call);
    });
    let ann = world.peer("ann", "net:7000");
    ann.send(&frame(1, "one"));
    ann.send(&frame(2, "two"));
    world.run_for(millis(1900));
    assert_eq!(heard(&ann), Vec::<String>::new());
    world.run_for(millis(200));
    assert_eq!(heard(&ann), ["9 timeout"]);
    world.run_for(secs(2));
    assert_eq!(heard(&ann), ["9 timeout"], "and is read on");
    assert_eq!(world.state(&slow).served, ["x"]);
    assert_eq!(world.counters(&net).calls_open, 0);
}

#[test]
fn what_waits_for_a_child_that_is_lost_fails_at_once() {
    let mut world = World::new(1);
    let net = front(&mut world, 100, narrow(2, 100));
    let _slow = back(&mut world, "slow");
    world.run_for(secs(1));
    let feeders = peers(&mut world, "f", 10);
    for peer in &feeders {
        peer.send(&frame(2000, "never"));
        peer.send(&frame(2001, "never"));
    }
    world.run_for(secs(1));
    world.crash("slow", Crash::Process);
    world.run_for(millis(200));
    for peer in &feeders {
        let heard = heard(peer);
        assert_eq!(heard.len(), 2, "{heard:?}");
        let lost = |text: &String| {
            ["9 io", "9 closed", "9 absent"]
                .iter()
                .any(|it| text.starts_with(it))
        };
        assert!(heard.iter().all(lost), "{heard:?}");
        assert!(peer.is_open());
    }
    assert_eq!(world.counters(&net).calls_open, 0);
    // And when it is there again nothing is left of that.
    world.restart("slow").expect("it starts");
    world.run_for(secs(11));
    feed(&feeders, 2000, 30);
    world.run_for(secs(1));
    for peer in &feeders {
        assert_eq!(heard(peer), in_order(2000, 30));
    }
}

#[test]
fn a_client_that_leaves_takes_what_waits_along() {
    let mut world = World::new(1);
    let net = front(&mut world, 100, narrow(1, 100));
    let slow = back(&mut world, "slow");
    world.run_for(secs(1));
    let (ann, bob, cid) = (
        world.peer("ann", "net:7000"),
        world.peer("bob", "net:7000"),
        world.peer("cid", "net:7000"),
    );
    ann.send(&frame(2000, "never"));
    world.run_for(secs(1));
    bob.send(&frame(2001, "bob"));
    world.run_for(secs(1));
    cid.send(&frame(2002, "cid"));
    world.run_for(secs(1));
    bob.reset();
    world.run_for(secs(1));
    assert_eq!(world.counters(&net).calls_open, 2);
    world.with(&slow, |cx| {
        cx.state.promises.remove(0).resolve("at last".into());
    });
    world.run_for(secs(1));
    assert_eq!(heard(&ann), ["2000 at last"]);
    assert_eq!(heard(&cid), ["2002 cid"]);
    assert_eq!(world.state(&slow).served, ["2000 never", "2002 cid"]);
}

/// Ann's is under way, and those of these clients wait if they may.
fn waiting(limits: NodeLimits, bodies: &[&str]) -> Vec<Vec<String>> {
    let mut world = World::new(1);
    let _net = front(&mut world, 100, limits);
    let _slow = back(&mut world, "slow");
    world.run_for(secs(1));
    let ann = world.peer("ann", "net:7000");
    ann.send(&frame(2000, "never"));
    world.run_for(secs(1));
    let feeders = peers(&mut world, "f", bodies.len());
    for (peer, body) in feeders.iter().zip(bodies) {
        peer.send(&frame(2001, body));
        world.run_for(millis(100));
    }
    world.run_for(secs(1));
    feeders.iter().map(heard).collect()
}

#[test]
fn so_many_commands_wait_and_so_many_bytes() {
    let busy = |heard: Vec<Vec<String>>| -> Vec<bool> {
        let mut told = heard.into_iter();
        told.by_ref().map(|heard| heard == ["9 busy"]).collect()
    };
    let mut limits = narrow(1, 100);
    limits.held_calls_max = 2;
    assert_eq!(busy(waiting(limits.clone(), &["a"])), [false]);
    assert_eq!(busy(waiting(limits.clone(), &["a", "b"])), [false; 2]);
    let told = busy(waiting(limits.clone(), &["a", "b", "c"]));
    assert_eq!(told, [false, false, true]);
    // A call with an empty body has so many bytes.
    let (held, body) = (84, "x".repeat(500));
    limits.held_calls_max = 10;
    for (bytes, busy_one) in [(501, false), (500, false), (499, true)] {
        limits.held_bytes_max = 2 * (held + 500) - 500 + bytes;
        let told = busy(waiting(limits.clone(), &[&body, &body]));
        assert_eq!(told, [false, busy_one], "{bytes}");
    }
}

/// So many calls may be under way on either way, each for so many seconds.
fn through_a_gate(
    world: &mut World,
    to_gate: u32,
    to_chat: u32,
    seconds: u64,
) -> [Machine<App>; 3] {
    let net = machine(world, "net", move || {
        let mut commands = commands();
        commands
            .catch_all(forward_to_remote("gate"))
            .expect("it is free");
        let net = Listen::new("net:7000").limits(LinkLimits {
            call_deadline: secs(seconds),
            ..LinkLimits::default()
        });
        let gate = remote().limits(narrow(to_gate, seconds));
        Node::new("net")
            .net(net, DataPack::default(), commands)
            .remote("gate", "gate:9000", gate)
    });
    let gate = machine(world, "gate", move || {
        let mut limits = narrow(to_chat, seconds);
        // What it takes is bounded by the same limit as what it sends: the nets' root is another.
        let chats = root().limits(limits.clone());
        limits.link.calls_max = 1024;
        let nets = root().limits(limits).on_forward(pass_to_child("chat"));
        Node::new("gate")
            .root("gate:9000", nets)
            .root("gate:9001", chats)
    });
    let chat = machine(world, "chat", || {
        Node::new("chat").remote("gate", "gate:9001", remote().on_forward(answer))
    });
    world.run_for(secs(1));
    [net, gate, chat]
}

#[test]
fn the_pressure_goes_through_a_gate_to_the_clients_node() {
    let mut world = World::new(1);
    let [net, gate, chat] = through_a_gate(&mut world, 10, 3, 60);
    let feeders = peers(&mut world, "f", 20);
    world.run_for(secs(1));
    world.pause("chat");
    let frames = world.counters(&net).frames_in;
    feed(&feeders, 1, 30);
    world.run_for(secs(5));
    // Of each client one is set aside in the gate, and perhaps one more was on its way by then.
    let counters = world.counters(&net);
    let read = counters.frames_in - counters.calls_set_aside - frames;
    assert!((23..=60).contains(&read), "{read}");
    assert_eq!(world.counters(&gate).calls_open, read);
    world.run_for(secs(5));
    assert_eq!(world.counters(&gate).calls_open, read, "no more are read");
    world.resume("chat");
    world.run_for(secs(10));
    for peer in &feeders {
        assert_eq!(heard(peer), in_order(1, 30));
        assert!(peer.is_open());
    }
    assert_eq!(world.state(&chat).served.len(), 20 * 30);
    for machine in [&net, &gate, &chat] {
        assert_eq!(world.counters(machine).calls_open, 0);
    }
}

#[test]
fn nobody_is_left_waiting_over_seeds() {
    sim::search(0..40, |world| -> Result<()> {
        let [to_gate, to_chat] = [0, 1].map(|_| world.random().between(1..=6) as u32);
        let machines = through_a_gate(world, to_gate, to_chat, 3);
        let faults = match world.random().below(3) {
            0 => LinkFaults::none(),
            1 => LinkFaults::lossless(world.random()),
            _ => LinkFaults::stormy(world.random()),
        };
        world.set_link_faults(faults);
        let faults = NodeFaults::stormy(world.random());
        world.set_node_faults(faults);
        let count = world.random().between(1..=12) as usize;
        let feeders = peers(world, "f", count);
        for _ in 0..world.random().between(1..=15) {
            for peer in &feeders {
                for _ in 0..world.random().below(5) {
                    let text = match world.random().below(6) {
                        0 => "never".to_owned(),
                        1 => "x".repeat(world.random().below(100_000) as usize),
                        _ => world.random().below(2000).to_string(),
                    };
                    peer.send(&frame(1, &text));
                }
            }
            let pause = world.random().between(0..=2_000);
            world.run_for(millis(pause));
        }
        world.calm()?;
        // The longest that all of a client's take; and what it takes to find a silent link and to dial again.
        world.run_for(secs(60 * 3 + 15 + 10 + 10 + 5));
        for machine in &machines {
            assert_eq!(world.counters(machine).calls_open, 0, "{}", machine.name());
        }
        let open: Vec<&Peer> = feeders
            .iter()
            .filter(|peer| peer.is_open() && peer.server_link().is_some())
            .collect();
        for peer in &open {
            _ = peer.take_received();
            peer.send(&frame(2, "here"));
        }
        world.run_for(secs(1));
        for peer in &open {
            assert_eq!(heard(peer), ["2 here"], "it is read");
        }
        for machine in &machines {
            world.signal(machine);
        }
        drop(feeders);
        world.run_until(World::is_quiet, secs(60));
        Ok(())
    });
}
