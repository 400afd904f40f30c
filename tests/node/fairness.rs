//! Behind a gate, a child that is slow holds up the clients that feed it, and no others, though all share the one link to the gate.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use oneloop::node::{
    ClientId, Forwards, Node, NodeLimits, forward_to_remote, pass_to_child, pass_to_remote,
};
use oneloop::sim::{self, Crash, LinkFaults, Node as Machine, NodeFaults, Peer, World};
use oneloop::{Context, DataPack, Deferred, LinkLimits, Listen, Result};

use crate::gate::{answer, commands, frame, heard};
use crate::raw::{CALL, Fields, ONEWAY, Raw, frame as call, hello};
use crate::support::{App, deadline, machine, millis, remote, root, secs};

/// So many calls may be under way over a link.
fn narrow(calls_max: u32, seconds: u64) -> NodeLimits {
    let mut limits = deadline(secs(seconds));
    limits.link.calls_max = calls_max;
    limits
}

/// What children have answered, of all their lives, in this order: on which host, whom, and what.
type Done = Rc<RefCell<Vec<(&'static str, ClientId, String)>>>;

struct Cluster {
    net: Machine<App>,
    gate: Machine<App>,
    slow: Machine<App>,
    fast: Machine<App>,
    done: Done,
}

/// A net node with the clients, a gate that passes the commands from 1000 on to `fast` and those from 2000 on to `slow`. So many calls may
/// be under way to the gate, and from there to each child.
fn cluster(world: &mut World, to_gate: NodeLimits, to_child: NodeLimits) -> Cluster {
    let done = Done::default();
    let net = machine(world, "net", move || {
        let mut commands = commands();
        commands
            .catch_all(forward_to_remote("gate"))
            .expect("it is free");
        let net = Listen::new("net:7000").limits(LinkLimits {
            call_deadline: to_gate.link.call_deadline,
            ..LinkLimits::default()
        });
        let gate = remote().limits(to_gate.clone());
        Node::new("net")
            .net(net, DataPack::default(), commands)
            .remote("gate", "gate:9000", gate)
    });
    let gate = machine(world, "gate", move || {
        let mut table = Forwards::new();
        table
            .range(1000..=1999, pass_to_child("fast"))
            .and_then(|table| table.range(2000..=2999, pass_to_child("slow")))
            .expect("they are free");
        let children = root().limits(to_child.clone());
        let mut limits = to_child.clone();
        // What it takes from the net node is the net node's to bound.
        limits.link.calls_max = 1024;
        Node::new("gate")
            .root("gate:9000", root().limits(limits).serve_commands(table))
            .root("gate:9001", children)
    });
    let [slow, fast] = ["slow", "fast"].map(|name| child(world, name, name, &done));
    world.run_for(secs(1));
    Cluster {
        net,
        gate,
        slow,
        fast,
        done,
    }
}

fn child(world: &mut World, host: &'static str, name: &'static str, done: &Done) -> Machine<App> {
    let done = Rc::clone(done);
    machine(world, host, move || {
        let done = Rc::clone(&done);
        let serve = move |cx: &mut Context<'_, App>, client, command, body: &[u8]| -> Deferred<_> {
            let text = String::from_utf8_lossy(body).into_owned();
            done.borrow_mut().push((host, client, text));
            answer(cx, client, command, body)
        };
        Node::new(name).remote("gate", "gate:9001", remote().on_forward(serve))
    })
}

fn peers(world: &mut World, name: &str, count: usize) -> Vec<Peer> {
    (0..count)
        .map(|number| world.peer(&format!("{name}{number}"), "net:7000"))
        .collect()
}

/// Each sends these commands.
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

/// What a node was sent, without what it was told of calls that are set aside.
fn commands_of(world: &mut World, machine: &Machine<App>) -> u64 {
    let counters = world.counters(machine);
    counters.frames_in - counters.calls_set_aside
}

/// How long it takes until all of these have had three answers.
fn round(world: &mut World, peers: &[Peer]) -> Duration {
    let began = world.now();
    feed(peers, 1000, 3);
    world.run_until(
        |_| peers.iter().all(|peer| peer.received_len() == 3 * 17),
        secs(9),
    );
    for peer in peers {
        assert_eq!(heard(peer), in_order(1000, 3));
    }
    world.now() - began
}

/// The link to the gate has 1,024 calls, and each of more clients than that wants several.
#[test]
fn clients_of_a_slow_child_are_not_read_and_those_of_others_notice_little() {
    let mut world = World::new(1);
    let limits = deadline(secs(60));
    let it = cluster(&mut world, limits.clone(), limits);
    let (feeders, others) = (peers(&mut world, "f", 3000), peers(&mut world, "o", 50));
    // There are more than the backlog takes: some knock again.
    world.run_for(secs(10));
    let before = round(&mut world, &others);
    world.pause("slow");
    let before_all = commands_of(&mut world, &it.net);
    feed(&feeders, 2000, 10);
    let meanwhile = round(&mut world, &others);
    assert!(
        meanwhile < before * 10,
        "{meanwhile:?} in the crowd, {before:?} before"
    );
    world.run_for(secs(1));
    let settled = commands_of(&mut world, &it.net);
    // Some have got several on their way before the net node heard that they are to wait. The others' replies are frames as well.
    let read = settled - before_all - 150 * 2;
    assert!((3000..9000).contains(&read), "{read} of 30,000");
    world.run_for(secs(4));
    assert_eq!(
        commands_of(&mut world, &it.net),
        settled,
        "nobody is read who feeds it"
    );
    assert_eq!(
        round(&mut world, &others),
        before,
        "and others notice nothing"
    );
    world.resume("slow");
    world.run_for(secs(10));
    for peer in &feeders {
        assert_eq!(heard(peer), in_order(2000, 10), "all, in order, each once");
        assert!(peer.is_open());
    }
    assert_eq!(world.state(&it.slow).served.len(), 30_000);
    for machine in [&it.net, &it.gate, &it.slow, &it.fast] {
        assert_eq!(world.counters(machine).calls_open, 0);
    }
    let aside = world.counters(&it.net).calls_set_aside;
    assert!(aside > 2000, "{aside}");
    assert_eq!(world.counters(&it.gate).calls_set_aside, aside);
}

/// Of ten calls a child that is slow has five; whoever wants more is not read, and others have what is left.
#[test]
fn a_slow_child_has_half_of_the_links_calls() {
    for (count, aside) in [(4, 0), (5, 0), (6, 1), (20, 15)] {
        let mut world = World::new(1);
        let it = cluster(&mut world, narrow(10, 60), deadline(secs(60)));
        let (feeders, others) = (peers(&mut world, "f", count), peers(&mut world, "o", 3));
        world.run_for(secs(1));
        for feeder in &feeders {
            feeder.send(&frame(2000, "never"));
            world.run_for(millis(100));
        }
        assert_eq!(
            world.counters(&it.net).calls_set_aside,
            aside,
            "{count} come"
        );
        assert_eq!(
            world.state(&it.slow).served.len(),
            count,
            "all go on all the same"
        );
        let before = commands_of(&mut world, &it.net);
        for feeder in &feeders {
            feeder.send(&frame(2001, "never"));
        }
        world.run_for(secs(1));
        let read = (commands_of(&mut world, &it.net) - before) as usize;
        assert_eq!(read, count.min(5), "who has one aside is not read");
        round(&mut world, &others);
        world.with(&it.slow, |cx| {
            for promise in std::mem::take(&mut cx.state.promises) {
                promise.resolve("now".into());
            }
        });
        world.run_for(secs(1));
        assert_eq!(
            world.state(&it.slow).served.len(),
            2 * count,
            "and read again"
        );
    }
}

#[test]
fn who_waits_in_the_gate_is_set_aside_as_well() {
    let mut world = World::new(1);
    // Two may be under way to a child: the third waits.
    let it = cluster(&mut world, narrow(10, 60), narrow(2, 60));
    let feeders = peers(&mut world, "f", 4);
    world.run_for(secs(1));
    for (feeder, aside) in feeders.iter().zip([0, 0, 1, 2]) {
        feeder.send(&frame(2000, "never"));
        world.run_for(secs(1));
        assert_eq!(world.counters(&it.net).calls_set_aside, aside);
    }
    assert_eq!(world.state(&it.slow).served.len(), 2);
    feeders[2].reset();
    world.run_for(secs(1));
    world.with(&it.slow, |cx| cx.state.promises.clear());
    world.run_for(secs(1));
    assert_eq!(
        world.state(&it.slow).served.len(),
        3,
        "it has gone with its client"
    );
    assert_eq!(world.counters(&it.gate).calls_open, 1);
}

#[test]
fn what_is_set_aside_takes_nothing_of_the_room_that_others_wait_in() {
    let mut world = World::new(1);
    let mut limits = narrow(1, 60);
    limits.held_calls_max = 1;
    limits.held_bytes_max = 100;
    let it = cluster(&mut world, narrow(10, 60), limits);
    let feeders = peers(&mut world, "f", 5);
    world.run_for(secs(1));
    feed(&feeders, 2000, 1);
    world.pause("slow");
    world.run_for(secs(1));
    assert_eq!(world.counters(&it.gate).calls_set_aside, 4);
    world.resume("slow");
    world.run_for(secs(1));
    for feeder in &feeders {
        assert_eq!(heard(feeder), in_order(2000, 1));
    }
}

/// Sixty megabytes for a child that takes none. The clients are paused before that fills the gate.
#[test]
fn large_commands_stay_where_they_came_from() {
    let mut world = World::new(1);
    let limits = deadline(secs(60));
    let it = cluster(&mut world, limits.clone(), limits);
    let (feeders, others) = (peers(&mut world, "f", 50), peers(&mut world, "o", 5));
    world.run_for(secs(1));
    let before = round(&mut world, &others);
    world.pause("slow");
    let body = "x".repeat(100_000);
    for peer in &feeders {
        for number in 2000..2012 {
            peer.send(&frame(number, &body));
        }
    }
    world.run_for(secs(5));
    let read = commands_of(&mut world, &it.net);
    assert!(read < 300, "{read} of 600");
    assert_eq!(round(&mut world, &others), before);
    world.resume("slow");
    world.run_for(secs(30));
    for peer in &feeders {
        let heard = heard(peer);
        let commands: Vec<u32> = heard.iter().filter_map(|it| it[..4].parse().ok()).collect();
        assert_eq!(commands, (2000..2012).collect::<Vec<_>>());
    }
}

/// The first gate does not see whom the second one has set aside, and shares its own link by the gates behind it: so clients of others
/// may have less under way at once, and are answered as soon.
#[test]
fn through_two_gates_others_are_answered_as_soon() {
    let mut world = World::new(1);
    let it = cluster(&mut world, narrow(20, 60), narrow(20, 60));
    let outer = machine(&mut world, "outer", || {
        let net = Listen::new("outer:7000").limits(LinkLimits {
            call_deadline: secs(60),
            ..LinkLimits::default()
        });
        let mut own = commands();
        own.catch_all(forward_to_remote("first"))
            .expect("it is free");
        let first = remote().limits(narrow(20, 60));
        Node::new("outer")
            .net(net, DataPack::default(), own)
            .remote("first", "first:9000", first)
    });
    machine(&mut world, "first", || {
        let nets = root()
            .limits(narrow(1024, 60))
            .on_forward(pass_to_remote("gate"));
        let gate = remote().limits(narrow(20, 60));
        Node::new("first")
            .root("first:9000", nets)
            .remote("gate", "gate:9000", gate)
    });
    world.run_for(secs(1));
    let clients = |world: &mut World, name: &str, count: usize| -> Vec<Peer> {
        let one = |number| world.peer(&format!("{name}{number}"), "outer:7000");
        (0..count).map(one).collect()
    };
    let (feeders, others) = (clients(&mut world, "f", 100), clients(&mut world, "o", 5));
    world.run_for(secs(1));
    let before = round(&mut world, &others);
    world.pause("slow");
    feed(&feeders, 2000, 20);
    world.run_for(secs(1));
    let meanwhile = round(&mut world, &others);
    assert!(meanwhile <= before * 3, "{meanwhile:?}, {before:?} before");
    world.resume("slow");
    world.run_for(secs(10));
    for peer in &feeders {
        assert_eq!(heard(peer), in_order(2000, 20));
    }
    for machine in [&outer, &it.gate, &it.slow] {
        assert_eq!(world.counters(machine).calls_open, 0);
    }
}

/// There it does not matter whom they are of: there is one room for all.
#[test]
fn what_waits_for_a_root_that_is_not_there_has_no_room_besides() {
    let mut world = World::new(1);
    machine(&mut world, "net", || {
        let mut own = commands();
        own.catch_all(forward_to_remote("gate"))
            .expect("it is free");
        Node::new("net")
            .net("net:7000", DataPack::default(), own)
            .remote("gate", "gate:9000", remote())
    });
    machine(&mut world, "gate", || {
        let far = NodeLimits {
            queued_calls_max: 2,
            ..deadline(secs(60))
        };
        Node::new("gate")
            .root("gate:9000", root().on_forward(pass_to_remote("far")))
            .remote("far", "far:9000", remote().limits(far))
    });
    world.run_for(secs(1));
    let feeders = peers(&mut world, "f", 5);
    feed(&feeders, 1, 1);
    world.run_for(secs(1));
    let busy = feeders.iter().filter(|peer| heard(peer) == ["9 busy"]);
    assert_eq!(busy.count(), 3);
}

/// The link goes on as it did without any of this: all wait in the end, and nobody is refused.
#[test]
fn so_many_are_set_aside_and_so_many_bytes() {
    let aside = |calls_max, bytes_max, bodies: &[usize]| {
        let mut world = World::new(1);
        let limits = NodeLimits {
            aside_calls_max: calls_max,
            aside_bytes_max: bytes_max,
            ..deadline(secs(60))
        };
        let it = cluster(&mut world, narrow(4, 60), limits);
        let feeders = peers(&mut world, "f", 2 + bodies.len());
        world.run_for(secs(1));
        let bodies = [5, 5].iter().chain(bodies);
        for (feeder, bytes) in feeders.iter().zip(bodies) {
            feeder.send(&frame(
                2000,
                &format!("never {}", "x".repeat(bytes - 5))[..*bytes],
            ));
            world.run_for(millis(100));
        }
        for feeder in &feeders {
            assert_eq!(heard(feeder), Vec::<String>::new());
        }
        world.counters(&it.gate).calls_set_aside
    };
    assert_eq!(aside(0, 99, &[5]), 0);
    assert_eq!(aside(2, 99, &[5]), 1);
    assert_eq!(aside(2, 99, &[5, 5]), 2);
    assert_eq!(aside(2, 99, &[5, 5, 5]), 2);
    assert_eq!(aside(9, 21, &[10, 10]), 2);
    assert_eq!(aside(9, 20, &[10, 10]), 2);
    assert_eq!(aside(9, 19, &[10, 10]), 1);
}

/// The net node has a most of its own, so that a gate cannot have it keep calls without end.
#[test]
fn a_net_node_lets_so_many_be_set_aside() {
    for (most, aside) in [(0, 0), (1, 1), (2, 2), (3, 2)] {
        let mut world = World::new(1);
        let limits = NodeLimits {
            aside_calls_max: most,
            ..narrow(4, 60)
        };
        let it = cluster(&mut world, limits, deadline(secs(60)));
        for feeder in peers(&mut world, "f", 4) {
            world.run_for(millis(100));
            feeder.send(&frame(2000, "never"));
            world.run_for(millis(100));
        }
        assert_eq!(world.counters(&it.net).calls_set_aside, aside);
    }
}

/// A child that forwards commands and has not said that it knows of being set aside.
#[test]
fn who_does_not_know_of_it_is_not_told() {
    let heard = |window: Option<i32>| {
        let mut world = World::new(1);
        let it = cluster(&mut world, narrow(10, 60), narrow(1, 60));
        let secret = b"correct horse battery staple";
        let mut raw = Raw::join(&mut world, "raw", &hello(), secret);
        if let Some(calls) = window {
            let body = [&b"\x08\0\x01"[..], &calls.to_be_bytes(), b"\0"].concat();
            raw.send(&call("oneloop:window", ONEWAY, 0, &body));
        }
        for sequence in 1..=3 {
            let body = [
                &b"\x0b\0\x01\0\0\0\x10"[..],
                b"0123456789abcdef\x08\0\x02",
                &2000_i32.to_be_bytes(),
                b"\x0b\0\x03\0\0\0\x05never\0",
            ];
            raw.send(&call(
                "oneloop.clients:forward",
                CALL,
                sequence,
                &body.concat(),
            ));
        }
        world.run_for(secs(2));
        assert_eq!(world.state(&it.slow).served.len(), 1);
        let mut told = Vec::new();
        while let Some(came) = raw.next_within(&mut world, 1) {
            let fields = Fields::read(&mut &came.body[..]);
            let sequence = fields.of(1).try_into().expect("a number");
            told.push((came.name, i32::from_be_bytes(sequence)));
        }
        told
    };
    assert_eq!(heard(None), []);
    assert_eq!(heard(Some(0)), []);
    assert_eq!(heard(Some(-1)), []);
    let aside = |sequence| ("oneloop:set_aside".to_owned(), sequence);
    assert_eq!(heard(Some(10)), [aside(2), aside(3)]);
}

#[test]
fn what_is_set_aside_for_a_child_that_dies_fails_at_once_and_its_clients_go_on() {
    let mut world = World::new(1);
    let it = cluster(&mut world, narrow(10, 100), narrow(3, 100));
    let feeders = peers(&mut world, "f", 20);
    world.run_for(secs(1));
    for feeder in &feeders {
        feeder.send(&frame(2000, "never"));
        feeder.send(&frame(2001, "never"));
    }
    world.run_for(secs(1));
    assert!(world.counters(&it.net).calls_set_aside >= 10);
    world.crash("slow", Crash::Process);
    world.run_for(secs(1));
    for feeder in &feeders {
        let heard = heard(feeder);
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert!(heard.iter().all(|text| text.starts_with("9 ")), "{heard:?}");
    }
    assert_eq!(world.counters(&it.gate).calls_open, 0);
    world.restart("slow").expect("it starts");
    world.run_for(secs(11));
    feed(&feeders, 2000, 30);
    world.run_for(secs(1));
    for feeder in &feeders {
        assert_eq!(heard(feeder), in_order(2000, 30));
    }
}

#[test]
fn when_the_gate_is_lost_what_was_set_aside_fails_and_its_clients_go_on() {
    let mut world = World::new(1);
    let it = cluster(&mut world, narrow(10, 100), narrow(3, 100));
    let feeders = peers(&mut world, "f", 20);
    world.run_for(secs(1));
    for feeder in &feeders {
        feeder.send(&frame(2000, "never"));
    }
    world.run_for(secs(1));
    world.crash("gate", Crash::Process);
    world.run_for(secs(1));
    assert_eq!(world.counters(&it.net).calls_open, 0);
    world.restart("gate").expect("it starts");
    world.run_for(secs(12));
    for feeder in &feeders {
        assert_eq!(heard(feeder).len(), 1);
    }
    feed(&feeders, 2000, 30);
    world.run_for(secs(1));
    for feeder in &feeders {
        assert_eq!(heard(feeder), in_order(2000, 30));
    }
}

/// What clients have sent, each command with a body of its own.
#[derive(Default)]
struct Book {
    sent: BTreeMap<String, Vec<String>>,
}

impl Book {
    fn send(&mut self, peer: &Peer, name: &str, command: u32, text: &str) {
        let sent = self.sent.entry(name.to_owned()).or_default();
        let body = format!("{text} {name} {}", sent.len());
        peer.send(&frame(command, &body));
        sent.push(body);
    }

    /// Nothing is done twice, and what is done of one client's on one host is done in the order in which it was sent.
    fn check(&self, done: &Done) {
        let mut last: BTreeMap<(&str, ClientId), usize> = BTreeMap::new();
        let mut once = BTreeSet::new();
        for (host, client, body) in &*done.borrow() {
            assert!(once.insert(body.clone()), "{body} is done twice");
            let mut words = body.split(' ').skip(1);
            let name = words.next().expect("a name");
            let number: usize = words.next().and_then(|it| it.parse().ok()).expect("one");
            assert_eq!(&self.sent[name][number], body);
            let before = last.insert((host, *client), number);
            assert!(
                before.is_none_or(|before| before < number),
                "{host} has done {before:?} of {client} and then {number}"
            );
        }
    }
}

#[test]
fn each_command_has_one_outcome_and_its_place_over_seeds() {
    sim::search(0..300, |world| -> Result<()> {
        let [to_gate, to_child] = [0, 1].map(|_| world.random().between(1..=9) as u32);
        let mut limits = narrow(to_child, 3);
        if world.random().below(3) == 0 {
            limits.aside_calls_max = world.random().below(9) as usize;
        }
        let it = cluster(world, narrow(to_gate, 3), limits);
        let other = match world.random().below(2) {
            0 => None,
            // Another of its name: clients move from one to the other as they come and go.
            _ => Some(child(world, "other", "slow", &it.done)),
        };
        let link_faults = match world.random().below(3) {
            0 => LinkFaults::none(),
            1 => LinkFaults::lossless(world.random()),
            _ => LinkFaults::stormy(world.random()),
        };
        world.set_link_faults(link_faults);
        let node_faults = match world.random().below(2) {
            0 => NodeFaults::none(),
            _ => NodeFaults::stormy(world.random()),
        };
        world.set_node_faults(node_faults);
        let count = world.random().between(1..=12) as usize;
        let feeders = peers(world, "f", count);
        let mut book = Book::default();
        for _ in 0..world.random().between(1..=15) {
            for (number, peer) in feeders.iter().enumerate() {
                for _ in 0..world.random().below(5) {
                    // Those of the fast child are answered at once.
                    let (command, text) = match world.random().below(6) {
                        0 => (2000, "never".to_owned()),
                        1 | 2 => (1000, "0".to_owned()),
                        _ => (2000, world.random().between(1..=2000).to_string()),
                    };
                    book.send(peer, &format!("f{number}"), command, &text);
                }
            }
            let pause = world.random().between(0..=2_000);
            world.run_for(millis(pause));
        }
        world.calm()?;
        // The longest that all of a client's take; and what it takes to find a silent link and to dial again.
        world.run_for(secs(75 * 3 + 15 + 10 + 10 + 5));
        let all = [&it.net, &it.gate, &it.slow, &it.fast];
        let all: Vec<_> = all.into_iter().chain(&other).collect();
        for machine in &all {
            assert_eq!(world.counters(machine).calls_open, 0, "{}", machine.name());
        }
        book.check(&it.done);
        for (number, peer) in feeders.iter().enumerate() {
            if !peer.is_open() || peer.server_link().is_none() {
                continue;
            }
            let sent = book.sent.get(&format!("f{number}")).map_or(0, Vec::len);
            assert_eq!(heard(peer).len(), sent, "one answer or failure each");
            peer.send(&frame(1000, "0 here"));
            peer.send(&frame(2000, "1 here"));
            world.run_for(secs(1));
            assert_eq!(
                heard(peer),
                ["1000 0 here", "2000 1 here"],
                "it is read, and nothing is left of all that"
            );
        }
        for machine in &all {
            world.signal(machine);
        }
        drop(feeders);
        world.run_until(World::is_quiet, secs(60));
        Ok(())
    });
}
