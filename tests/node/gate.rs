//! Clients' commands that other nodes answer.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use oneloop::node::{
    ClientId, Forwards, Node, NodeLimits, forward_to_child, forward_to_remote, pass_to_child,
};
use oneloop::sim::{self, Crash, LinkFaults, Node as Machine, NodeFaults, Peer, World};
use oneloop::{
    CommandService, Context, DataPack, Deferred, Error, LinkLimits, Listen, Remedy, Result,
};

use crate::support::{App, deadline, kind, machine, millis, remote, root, secs};

/// A DataPack frame.
pub(crate) fn frame(command: u32, body: &str) -> Vec<u8> {
    let length = (body.len() as u32 + 4).to_be_bytes();
    let (command, body) = (command.to_be_bytes(), body.as_bytes());
    [&[0; 9], &length[..], &command, body].concat()
}

/// The frames of which these are the bytes: each a command and a body.
pub(crate) fn frames(mut bytes: &[u8]) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    while bytes.len() >= 17 {
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four"));
        let end = 13 + number(9) as usize;
        if bytes.len() < end {
            break;
        }
        let body = String::from_utf8(bytes[17..end].to_vec()).expect("a text");
        found.push((number(13), body));
        bytes = &bytes[end..];
    }
    found
}

/// What a client has heard since it was asked last.
pub(crate) fn heard(peer: &Peer) -> Vec<String> {
    let frames = frames(&peer.take_received());
    let text = |(command, body)| format!("{command} {body}");
    frames.into_iter().map(text).collect()
}

/// Answers after as many milliseconds as the body begins with; or at once, or as it says.
pub(crate) fn answer(
    cx: &mut Context<'_, App>,
    client: ClientId,
    command: u32,
    body: &[u8],
) -> Deferred<Option<String>> {
    let text = String::from_utf8_lossy(body).into_owned();
    cx.state.served.push(format!("{command} {text}"));
    if !cx.state.clients.contains(&client) {
        cx.state.clients.push(client);
    }
    match text.split(' ').next().unwrap_or_default() {
        "none" => Deferred::ready(None),
        "fail" => Deferred::failed("out of paper"),
        "never" => {
            let (promise, later) = cx.defer();
            cx.state.promises.push(promise);
            later.map(Some)
        }
        word => match word.parse() {
            Ok(0) | Err(_) => Deferred::ready(Some(text)),
            Ok(span) => {
                let (promise, later) = cx.defer();
                cx.after(millis(span), |_| promise.resolve(Some(text)));
                later
            }
        },
    }
}

/// Commands that are answered with what went wrong, if anything does.
pub(crate) fn commands() -> CommandService<App> {
    let mut commands = CommandService::new();
    commands.on_failure(|_, failure| Remedy::Reply {
        command: 9,
        body: Bytes::from(kind(failure.error)),
    });
    commands
}

fn listen(calls_max: u32) -> Listen {
    Listen::new("net:7000").limits(LinkLimits {
        calls_max,
        ..LinkLimits::default()
    })
}

/// A node with clients, whose children answer: `chat` those from 1000 to 1999, `slow` those from 2000 to 2999.
pub(crate) fn front(world: &mut World, calls_max: u32, limits: NodeLimits) -> Machine<App> {
    machine(world, "net", move || {
        let mut commands = commands();
        commands
            .range(1000..=1999, forward_to_child("chat"))
            .and_then(|commands| commands.range(2000..=2999, forward_to_child("slow")))
            .expect("they are free");
        Node::new("net")
            .net(listen(calls_max), DataPack::default(), commands)
            .root("net:9000", root().limits(limits.clone()))
    })
}

pub(crate) fn back(world: &mut World, name: &'static str) -> Machine<App> {
    machine(world, name, move || {
        Node::new(name).remote("net", "net:9000", remote().on_forward(answer))
    })
}

#[test]
fn a_range_is_answered_by_a_child() {
    let mut world = World::new(1);
    let _net = front(&mut world, 100, deadline(secs(5)));
    let chat = back(&mut world, "chat");
    world.run_for(secs(1));
    let ann = world.peer("ann", "net:7000");
    let bob = world.peer("bob", "net:7000");
    ann.send(&frame(1000, "hi"));
    ann.send(&frame(1999, ""));
    ann.send(&frame(1001, "none"));
    ann.send(&frame(1002, "fail"));
    ann.send(&frame(1003, "20 late"));
    ann.send(&frame(1004, "soon"));
    bob.send(&frame(1005, "ho"));
    world.run_for(secs(1));
    assert_eq!(
        heard(&ann),
        [
            "1000 hi",
            "1999 ",
            "9 internal error: out of paper",
            "1004 soon",
            "1003 20 late"
        ]
    );
    assert_eq!(heard(&bob), ["1005 ho"]);
    let clients = &world.state(&chat).clients;
    assert_eq!(clients.len(), 2);
    let (one, two) = (clients[0], clients[1]);
    assert_eq!(one.node, two.node);
    let links = [ann.server_link(), bob.server_link()];
    assert!(links.contains(&Some(one.link)) && links.contains(&Some(two.link)));
}

#[test]
fn what_goes_wrong_between_is_a_failure_of_the_command() {
    let mut world = World::new(1);
    let _net = front(&mut world, 100, deadline(secs(5)));
    let chat = back(&mut world, "chat");
    world.run_for(secs(1));
    let ann = world.peer("ann", "net:7000");
    ann.send(&frame(2000, "nobody"));
    ann.send(&frame(1000, "never"));
    world.run_for(secs(1));
    assert_eq!(heard(&ann), ["9 absent"]);
    world.run_for(secs(5));
    assert_eq!(heard(&ann), ["9 timeout"]);
    assert_eq!(world.state(&chat).given_up(), 1);
    ann.send(&frame(1000, "never"));
    world.run_for(millis(100));
    world.crash("chat", Crash::Process);
    world.run_for(millis(100));
    let heard = heard(&ann);
    assert!(
        heard.len() == 1 && (heard[0].starts_with("9 io") || heard[0] == "9 closed"),
        "{heard:?}"
    );
    assert!(ann.is_open());
}

#[test]
fn a_child_that_answers_no_commands_says_so_and_a_service_without_remedy_closes() {
    let mut world = World::new(1);
    let _net = machine(&mut world, "net", || {
        let mut commands = CommandService::new();
        let forwards = commands.catch_all(forward_to_child("chat"));
        forwards.expect("it is free");
        Node::new("net")
            .net("net:7000", DataPack::default(), commands)
            .root("net:9000", root())
    });
    let _chat = machine(&mut world, "chat", || {
        Node::new("chat").remote("net", "net:9000", remote())
    });
    world.run_for(secs(1));
    let ann = world.peer("ann", "net:7000");
    ann.send(&frame(7, "hi"));
    world.run_for(secs(1));
    assert!(!ann.is_open());
    assert_eq!(heard(&ann), Vec::<String>::new());
}

#[test]
fn a_client_that_leaves_takes_its_commands_along() {
    let mut world = World::new(1);
    let net = front(&mut world, 100, deadline(secs(50)));
    let chat = back(&mut world, "chat");
    world.run_for(secs(1));
    let ann = world.peer("ann", "net:7000");
    ann.send(&frame(1000, "never"));
    world.run_for(secs(1));
    assert_eq!(world.state(&chat).given_up(), 0);
    ann.reset();
    world.run_for(secs(1));
    assert_eq!(world.state(&chat).given_up(), 1);
    assert_eq!(world.counters(&net).calls_open, 0);
    assert_eq!(world.counters(&chat).calls_open, 0);
}

#[test]
fn a_slow_child_stops_the_clients_that_feed_it_and_no_others() {
    for calls_max in [1, 3] {
        let mut world = World::new(1);
        let _net = front(&mut world, calls_max, deadline(secs(500)));
        let (chat, slow) = (back(&mut world, "chat"), back(&mut world, "slow"));
        world.run_for(secs(1));
        let ann = world.peer("ann", "net:7000");
        let bob = world.peer("bob", "net:7000");
        for number in 0..50 {
            ann.send(&frame(2000 + number, "never"));
            bob.send(&frame(1000 + number, "3"));
        }
        world.run_for(secs(2));
        assert_eq!(heard(&bob).len(), 50);
        assert_eq!(world.state(&chat).served.len(), 50);
        let took = |world: &World| world.state(&slow).served.len();
        assert_eq!(took(&world), calls_max as usize);
        // With each answer it is read on.
        world.with(&slow, |cx| {
            cx.state.promises.remove(0).resolve("at last".into())
        });
        world.run_for(secs(1));
        assert_eq!(took(&world), calls_max as usize + 1);
        assert_eq!(heard(&ann), ["2000 at last"]);
    }
}

#[test]
fn a_table_answers_by_command() {
    let mut world = World::new(1);
    let _net = front(&mut world, 100, deadline(secs(5)));
    let _chat = machine(&mut world, "chat", || {
        let mut table = Forwards::<App>::new();
        table
            .on(1000, |_, _, _, body| body.to_vec())
            .and_then(|table| table.range(1001..=1002, |_, _, command, _| format!("of {command}")))
            .and_then(|table| table.on(1002, answer))
            .expect("they are free");
        Node::new("chat").remote("net", "net:9000", remote().serve_commands(table))
    });
    world.run_for(secs(1));
    let ann = world.peer("ann", "net:7000");
    for command in 1000..=1003 {
        ann.send(&frame(command, "hi"));
    }
    world.run_for(secs(1));
    assert_eq!(
        heard(&ann),
        [
            "1000 hi",
            "1001 of 1001",
            "1002 hi",
            "9 internal error: nobody serves command 1003"
        ]
    );
}

#[test]
fn each_client_has_its_child_of_several() {
    let mut world = World::new(1);
    let _net = front(&mut world, 100, deadline(secs(5)));
    let mut chats = Vec::new();
    for host in ["one", "two", "three"] {
        chats.push(machine(&mut world, host, || {
            Node::new("chat").remote("net", "net:9000", remote().on_forward(answer))
        }));
    }
    world.run_for(secs(1));
    for number in 0..20 {
        let peer = world.peer(&format!("c{number}"), "net:7000");
        for _ in 0..5 {
            peer.send(&frame(1000, "hi"));
        }
        world.run_for(millis(100));
        assert_eq!(heard(&peer), ["1000 hi"; 5]);
    }
    let mut all: Vec<ClientId> = Vec::new();
    for chat in &chats {
        let state = world.state(chat);
        assert_eq!(state.served.len(), 5 * state.clients.len());
        assert!(!state.clients.is_empty());
        all.extend(&state.clients);
    }
    assert_eq!(all.len(), 20);
}

#[test]
fn order_is_kept_through_a_gate_over_seeds() {
    sim::search(0..150, |world| -> Result<()> {
        type Log = Rc<RefCell<Vec<(ClientId, String)>>>;
        let log = Log::default();
        let noted = Rc::clone(&log);
        let ordered = world.random().chance(0.7);
        // Of some worlds commands have to wait for room between the gate and the chat.
        let narrow = match world.random().below(2) {
            0 => 1024,
            _ => world.random().between(1..=4) as u32,
        };
        let _net = machine(world, "net", move || {
            let mut commands = commands();
            if ordered {
                commands.ordered_replies();
            }
            let forwards = commands.catch_all(forward_to_remote("gate"));
            forwards.expect("it is free");
            let limits = LinkLimits {
                calls_max: 8,
                ..LinkLimits::default()
            };
            let net = Listen::new("net:7000").limits(limits);
            Node::new("net")
                .net(net, DataPack::default(), commands)
                .remote("gate", "gate:9000", remote().limits(deadline(secs(4))))
        });
        let _gate = machine(world, "gate", move || {
            let mut limits = deadline(secs(4));
            limits.link.calls_max = narrow;
            let root = root().limits(limits);
            Node::new("gate").root("gate:9000", root.on_forward(pass_to_child("chat")))
        });
        let _chat = machine(world, "chat", move || {
            let noted = Rc::clone(&noted);
            let chat = move |cx: &mut Context<'_, App>, client, command, body: &[u8]| {
                let text = String::from_utf8_lossy(body).into_owned();
                noted.borrow_mut().push((client, text));
                answer(cx, client, command, body)
            };
            Node::new("chat").instance([7; 16]).remote(
                "gate",
                "gate:9000",
                remote().limits(deadline(secs(4))).on_forward(chat),
            )
        });
        world.run_for(secs(1));
        let faults = match world.random().below(3) {
            0 => LinkFaults::none(),
            1 => LinkFaults::lossless(world.random()),
            _ => LinkFaults::stormy(world.random()),
        };
        world.set_link_faults(faults);
        if world.random().chance(0.5) {
            let faults = NodeFaults::stormy(world.random());
            world.set_node_faults(faults);
        }
        let mut peers = Vec::new();
        for number in 0..world.random().between(1..=4) {
            let peer = world.peer(&format!("c{number}"), "net:7000");
            peers.push((peer, Vec::new()));
        }
        for _ in 0..world.random().between(1..=15) {
            for (number, (peer, sent)) in peers.iter_mut().enumerate() {
                for _ in 0..world.random().below(6) {
                    let text = format!("{} {number} {}", world.random().below(300), sent.len());
                    peer.send(&frame(1000 + sent.len() as u32, &text));
                    sent.push(text);
                }
            }
            let pause = world.random().between(0..=1_000);
            world.run_for(millis(pause));
        }
        world.calm()?;
        world.run_for(secs(60));
        // Each client's commands came to the chat in their order, and none twice.
        let mut last: BTreeMap<(ClientId, String), usize> = BTreeMap::new();
        let mut of_client: BTreeMap<String, ClientId> = BTreeMap::new();
        for (client, text) in &*log.borrow() {
            let mut words = text.split(' ').skip(1).map(str::to_owned);
            let (who, number) = (words.next().expect("who"), words.next().expect("which"));
            let number = number.parse().expect("a number");
            let known = of_client.entry(who.clone()).or_insert(*client);
            assert_eq!(known, client, "a connection has one id");
            let before = last.insert((*client, who), number);
            assert!(before.is_none_or(|before| before < number), "{text}");
        }
        for (peer, sent) in &peers {
            let heard = frames(&peer.take_received());
            assert!(heard.len() <= sent.len(), "{} replies", heard.len());
            let mut numbers: Vec<u32> = Vec::new();
            for (place, (command, body)) in heard.iter().enumerate() {
                if *command == 9 {
                    continue;
                }
                let number = (command - 1000) as usize;
                assert_eq!(body, &sent[number], "a reply is for its command");
                assert!(!ordered || number == place, "{number} at {place}");
                assert!(!numbers.contains(command), "{number} is answered twice");
                numbers.push(*command);
            }
            // A client is not told of a crash that nothing was under way for.
            let whole = peer.is_open() && peer.server_link().is_some();
            if whole && heard.len() < sent.len() {
                return Err(Error::failed(format!("{} of {}", heard.len(), sent.len())));
            }
        }
        Ok(())
    });
}
