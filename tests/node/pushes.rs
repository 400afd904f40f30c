//! Pushes to clients of several nodes.

use oneloop::node::{ClientId, Node, NodeLimits, Taken, forward_to_remote, pass_to_child};
use oneloop::sim::{Crash, Node as Machine, Peer, World};
use oneloop::{Context, DataPack};

use crate::gate::{answer, commands, frame, heard};
use crate::support::{App, machine, millis, remote, root, secs};

/// Two nodes with clients and one that answers, all children of a gate, which has clients too: the chat, and three clients of which the
/// chat knows, one of each.
fn cluster(world: &mut World) -> (Machine<App>, Vec<Peer>) {
    cluster_limited(world, NodeLimits::default())
}

/// The same, with these limits of the chat's link to the gate.
fn cluster_limited(world: &mut World, limits: NodeLimits) -> (Machine<App>, Vec<Peer>) {
    let _gate = machine(world, "gate", || {
        let mut commands = commands();
        let forwards = commands.catch_all(oneloop::node::forward_to_child("chat"));
        forwards.expect("it is free");
        Node::new("gate")
            .net("gate:7000", DataPack::default(), commands)
            .root("gate:9000", root().on_forward(pass_to_child("chat")))
    });
    for (host, instance) in [("net1", [1; 16]), ("net2", [2; 16])] {
        machine(world, host, move || {
            let mut commands = commands();
            let forwards = commands.catch_all(forward_to_remote("gate"));
            forwards.expect("it is free");
            // Of one name; and each has the same instance in all of its lives.
            Node::new("net")
                .instance(instance)
                .net(&*format!("{host}:7000"), DataPack::default(), commands)
                .remote("gate", "gate:9000", remote())
        });
    }
    let chat = machine(world, "chat", move || {
        let chat = remote().limits(limits.clone()).on_forward(answer);
        Node::new("chat").remote("gate", "gate:9000", chat)
    });
    world.run_for(secs(1));
    let mut peers = Vec::new();
    for (number, host) in ["net1", "net2", "gate"].into_iter().enumerate() {
        let peer = world.peer(&format!("c{number}"), &format!("{host}:7000"));
        peer.send(&frame(1, "hi"));
        world.run_for(millis(100));
        assert_eq!(heard(&peer), ["1 hi"]);
        peers.push(peer);
    }
    assert_eq!(world.state(&chat).clients.len(), 3);
    (chat, peers)
}

fn push(cx: &mut Context<'_, App>, ids: &[ClientId], body: &'static str) {
    let pushed = cx.push_across(ids, 77, body);
    cx.when(pushed, |cx, taken| {
        cx.state.pushed.push(taken.expect("it does not fail"));
    });
}

fn push_all(world: &mut World, chat: &Machine<App>, body: &'static str) {
    world.with(chat, |cx| {
        let ids = cx.state.clients.clone();
        push(cx, &ids, body);
    });
}

fn taken(taken: usize, gone: usize, unreached: usize) -> Taken {
    Taken {
        taken,
        gone,
        unreached,
    }
}

#[test]
fn clients_of_two_nodes_and_of_the_gate_are_pushed_to() {
    let mut world = World::new(1);
    let (chat, peers) = cluster(&mut world);
    let before = world.counters(&chat).frames_in;
    push_all(&mut world, &chat, "news");
    world.run_for(secs(1));
    for peer in &peers {
        assert_eq!(heard(peer), ["77 news"]);
    }
    assert_eq!(world.state(&chat).pushed, [taken(3, 0, 0)]);
    assert_eq!(world.counters(&chat).frames_in - before, 1, "in one call");
    // To one twice, and to nobody.
    world.with(&chat, |cx| {
        let id = cx.state.clients[0];
        push(cx, &[id, id], "twice");
        push(cx, &[], "nobody");
    });
    world.run_for(secs(1));
    assert_eq!(heard(&peers[0]), ["77 twice", "77 twice"]);
    let mut pushed = world.state(&chat).pushed[1..].to_vec();
    pushed.sort_by_key(|taken| taken.taken);
    assert_eq!(pushed, [taken(0, 0, 0), taken(2, 0, 0)]);
}

#[test]
fn each_node_is_asked_once_for_many_and_a_few_times_for_more() {
    let mut world = World::new(1);
    let (chat, peers) = cluster(&mut world);
    for (count, calls) in [(3_999, 1), (4_000, 1), (4_001, 2)] {
        let before = world.counters(&chat).frames_in;
        world.with(&chat, |cx| {
            let ids = vec![cx.state.clients[1]; count];
            push(cx, &ids, "x");
        });
        world.run_for(secs(3));
        assert_eq!(heard(&peers[1]).len(), count);
        assert_eq!(world.state(&chat).pushed.last(), Some(&taken(count, 0, 0)));
        assert_eq!(world.counters(&chat).frames_in - before, calls);
    }
}

#[test]
fn a_push_comes_before_the_reply_that_is_made_after_it() {
    let mut world = World::new(1);
    let _gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root().on_forward(pass_to_child("chat")))
    });
    machine(&mut world, "net", || {
        let mut commands = commands();
        let forwards = commands.catch_all(forward_to_remote("gate"));
        forwards.expect("it is free");
        Node::new("net")
            .net("net:7000", DataPack::default(), commands)
            .remote("gate", "gate:9000", remote())
    });
    machine(&mut world, "chat", || {
        let remote = remote().on_forward(|cx, client, _, _: &[u8]| {
            push(cx, &[client], "first");
            "second"
        });
        Node::new("chat").remote("gate", "gate:9000", remote)
    });
    world.run_for(secs(1));
    let ann = world.peer("ann", "net:7000");
    ann.send(&frame(1, ""));
    world.run_for(secs(1));
    assert_eq!(heard(&ann), ["77 first", "1 second"]);
}

#[test]
fn those_that_are_gone_are_counted_and_nobody_else_is_pushed_to() {
    let mut world = World::new(1);
    let (chat, peers) = cluster(&mut world);
    peers[0].reset();
    world.run_for(millis(100));
    // In the slot of the first.
    let next = world.peer("next", "net1:7000");
    world.run_for(millis(100));
    push_all(&mut world, &chat, "news");
    world.run_for(secs(1));
    assert_eq!(world.state(&chat).pushed, [taken(2, 1, 0)]);
    assert_eq!(heard(&next), Vec::<String>::new());
    for peer in &peers[1..] {
        assert_eq!(heard(peer), ["77 news"]);
    }
    // A node that is gone; and one that has come again, with links that are called the same.
    for restarted in [false, true] {
        if restarted {
            world.restart("net2").expect("it starts");
            world.run_for(secs(2));
        } else {
            world.crash("net2", Crash::Process);
            world.run_for(millis(100));
        }
        let other = restarted.then(|| world.peer("other", "net2:7000"));
        world.run_for(secs(1));
        if let Some(other) = &other {
            let old = world.state(&chat).clients[1].link;
            assert_eq!(
                other.server_link().map(|link| link.as_u64() as u32),
                Some(old.as_u64() as u32)
            );
        }
        push_all(&mut world, &chat, "more");
        world.run_for(secs(1));
        assert_eq!(world.state(&chat).pushed.last(), Some(&taken(1, 1, 1)));
        assert_eq!(heard(&peers[2]), ["77 more"]);
        if let Some(other) = &other {
            assert_eq!(heard(other), Vec::<String>::new());
        }
    }
    // The gate is gone: nobody is known to be anywhere.
    world.crash("gate", Crash::Process);
    world.run_for(millis(100));
    push_all(&mut world, &chat, "none");
    world.run_for(secs(1));
    assert_eq!(world.state(&chat).pushed.last(), Some(&taken(0, 0, 3)));
}

#[test]
fn a_node_that_is_silent_is_unreached_and_holds_up_no_other() {
    let mut world = World::new(1);
    let (chat, peers) = cluster(&mut world);
    world.crash("net2", Crash::Silent);
    push_all(&mut world, &chat, "news");
    world.run_for(millis(500));
    assert_eq!(heard(&peers[0]), ["77 news"]);
    assert_eq!(world.state(&chat).pushed, []);
    world.run_for(secs(5));
    assert_eq!(world.state(&chat).pushed, [taken(2, 0, 1)]);
}

#[test]
fn of_several_roots_the_next_is_asked_only_for_those_that_are_not_known() {
    let mut world = World::new(1);
    for host in ["gate1", "gate2"] {
        machine(&mut world, host, move || {
            Node::new(host).root(
                &*format!("{host}:9000"),
                root().on_forward(pass_to_child("chat")),
            )
        });
    }
    // One is a child of both, the other of one of them.
    for (host, gates) in [("net1", &["gate1", "gate2"][..]), ("net2", &["gate2"])] {
        machine(&mut world, host, move || {
            let mut commands = commands();
            let forwards = commands.catch_all(forward_to_remote("gate2"));
            forwards.expect("it is free");
            let mut node =
                Node::new(host).net(&*format!("{host}:7000"), DataPack::default(), commands);
            for gate in gates {
                node = node.remote(*gate, &*format!("{gate}:9000"), remote());
            }
            node
        });
    }
    let chat = machine(&mut world, "chat", || {
        let mut node = Node::new("chat");
        for gate in ["gate1", "gate2"] {
            let remote = remote().on_forward(answer);
            node = node.remote(gate, &*format!("{gate}:9000"), remote);
        }
        node
    });
    world.run_for(secs(1));
    let peers = ["net1", "net2"].map(|net| world.peer("c", &format!("{net}:7000")));
    for peer in &peers {
        peer.send(&frame(1, "hi"));
        world.run_for(millis(100));
        assert_eq!(heard(peer), ["1 hi"]);
    }
    for gone in [None, Some("gate1")] {
        if let Some(gone) = gone {
            world.crash(gone, Crash::Process);
            world.run_for(millis(100));
        }
        push_all(&mut world, &chat, "news");
        world.run_for(secs(1));
        for peer in &peers {
            assert_eq!(heard(peer), ["77 news"]);
        }
        assert_eq!(world.state(&chat).pushed.last(), Some(&taken(2, 0, 0)));
    }
}

/// Of a link that carries two calls at a time, and has so many wait: what becomes of so many pushes of one turn.
fn of_pushes(held_calls_max: usize, pushes: usize) -> Vec<Taken> {
    let mut world = World::new(1);
    let mut limits = NodeLimits {
        held_calls_max,
        ..NodeLimits::default()
    };
    limits.link.calls_max = 2;
    let (chat, peers) = cluster_limited(&mut world, limits);
    world.with(&chat, |cx| {
        let ids = cx.state.clients.clone();
        for _ in 0..pushes {
            push(cx, &ids, "news");
        }
    });
    world.run_for(secs(1));
    let pushed = world.state(&chat).pushed.clone();
    let taken = pushed.iter().filter(|pushed| pushed.taken == 3).count();
    for peer in &peers {
        assert_eq!(heard(peer).len(), taken, "each is as it is told");
    }
    pushed
}

/// A push for which the link had no room was not sent, and nobody was told of the clients behind it but who asked.
#[test]
fn a_push_for_which_a_link_has_no_room_waits_for_it() {
    assert_eq!(of_pushes(10_000, 50), [taken(3, 0, 0); 50]);
}

#[test]
fn so_many_pushes_wait() {
    assert_eq!(of_pushes(3, 4), [taken(3, 0, 0); 4]);
    assert_eq!(of_pushes(3, 5), [taken(3, 0, 0); 5]);
    let mut pushed = of_pushes(3, 6);
    pushed.sort_by_key(|pushed| pushed.taken);
    assert_eq!(pushed.remove(0), taken(0, 0, 3));
    assert_eq!(pushed, [taken(3, 0, 0); 5]);
}
