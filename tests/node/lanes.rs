//! A client's commands stay in their order though the children that answer them come and go.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use oneloop::node::{ClientId, Node, forward_to_child, forward_to_remote, pass_to_child};
use oneloop::sim::{self, Crash, LinkFaults, World};
use oneloop::{Context, DataPack, LinkLimits, Listen, Result};

use crate::gate::{answer, commands, frame, frames, heard};
use crate::support::{App, deadline, machine, millis, remote, root, secs};

/// What the children have served, in its order.
type Log = Rc<RefCell<Vec<(ClientId, String)>>>;

fn chat(world: &mut World, host: &str, log: &Log) {
    let log = Rc::clone(log);
    machine(world, host, move || {
        let noted = Rc::clone(&log);
        let chat = move |cx: &mut Context<'_, App>, client, command, body: &[u8]| {
            let text = String::from_utf8_lossy(body).into_owned();
            noted.borrow_mut().push((client, text));
            answer(cx, client, command, body)
        };
        let chat = remote().limits(deadline(secs(100))).on_forward(chat);
        Node::new("chat").remote("gate", "gate:9000", chat)
    });
}

/// With a gate between, or without.
fn front(world: &mut World, between: bool, narrow: u32) {
    let listen = |at: &str| {
        Listen::new(at).limits(LinkLimits {
            calls_max: 16,
            ..LinkLimits::default()
        })
    };
    let mut limits = deadline(secs(100));
    limits.link.calls_max = narrow;
    let root = move || root().limits(limits.clone());
    if !between {
        machine(world, "gate", move || {
            let mut commands = commands();
            let forwards = commands.catch_all(forward_to_child("chat"));
            forwards.expect("it is free");
            Node::new("gate")
                .net(listen("gate:7000"), DataPack::default(), commands)
                .root("gate:9000", root())
        });
        return;
    }
    machine(world, "net", move || {
        let mut commands = commands();
        let forwards = commands.catch_all(forward_to_remote("gate"));
        forwards.expect("it is free");
        Node::new("net")
            .net(listen("net:7000"), DataPack::default(), commands)
            .remote("gate", "gate:9000", remote().limits(deadline(secs(100))))
    });
    machine(world, "gate", move || {
        let root = root().on_forward(pass_to_child("chat"));
        Node::new("gate").root("gate:9000", root)
    });
}

#[test]
fn order_is_kept_while_children_come_and_go_over_seeds() {
    sim::search(0..150, |world| -> Result<()> {
        let log = Log::default();
        let between = world.random().chance(0.5);
        let narrow = match world.random().below(2) {
            0 => 1024,
            _ => world.random().between(1..=4) as u32,
        };
        front(world, between, narrow);
        chat(world, "chat0", &log);
        world.run_for(secs(1));
        // Of links that are lost a child may still serve what it has: then a later command is served before, elsewhere.
        let faults = LinkFaults::lossless(world.random());
        world.set_link_faults(faults);
        let target = if between { "net:7000" } else { "gate:7000" };
        let mut peers = Vec::new();
        for number in 0..world.random().between(1..=6) {
            peers.push((world.peer(&format!("c{number}"), target), 0_usize));
        }
        let mut chats = 1;
        for _ in 0..world.random().between(1..=20) {
            for (number, (peer, sent)) in peers.iter_mut().enumerate() {
                for _ in 0..world.random().below(6) {
                    let text = format!("{} {number} {sent}", world.random().below(300));
                    peer.send(&frame(1000, &text));
                    *sent += 1;
                }
            }
            let pause = world.random().between(0..=400);
            world.run_for(millis(pause));
            let host = format!("chat{}", world.random().below(chats));
            match world.random().below(6) {
                0 | 1 if chats < 6 => {
                    chat(world, &format!("chat{chats}"), &log);
                    chats += 1;
                }
                2 if world.is_up(&host) => world.crash(&host, Crash::Process),
                3 if world.is_up(&host) => world.signal(&host),
                4 if !world.is_up(&host) => world.restart(&host)?,
                _ => {}
            }
        }
        world.calm()?;
        world.run_for(secs(60));
        let mut last: BTreeMap<(ClientId, String), usize> = BTreeMap::new();
        for (client, text) in &*log.borrow() {
            let mut words = text.split(' ').skip(1).map(str::to_owned);
            let (who, number) = (words.next().expect("who"), words.next().expect("which"));
            let number = number.parse().expect("a number");
            let before = last.insert((*client, who), number);
            assert!(before.is_none_or(|before| before < number), "{text}");
        }
        for (peer, sent) in &peers {
            let heard = frames(&peer.take_received());
            assert!(peer.is_open());
            assert_eq!(heard.len(), *sent, "each command is answered");
        }
        Ok(())
    });
}

#[test]
fn a_client_moves_when_what_it_has_under_way_is_answered() {
    let mut world = World::new(1);
    front(&mut world, false, 1024);
    let log = Log::default();
    chat(&mut world, "chat0", &log);
    world.run_for(secs(1));
    let peers: Vec<_> = (0..20)
        .map(|number| world.peer(&format!("c{number}"), "gate:7000"))
        .collect();
    for peer in &peers {
        peer.send(&frame(1, "2000 first"));
    }
    world.run_for(millis(500));
    chat(&mut world, "chat1", &log);
    world.run_for(millis(500));
    for peer in &peers {
        peer.send(&frame(2, "second"));
        peer.send(&frame(3, "third"));
    }
    world.run_for(millis(500));
    let now: Vec<Vec<String>> = peers.iter().map(heard).collect();
    let moves = now.iter().filter(|heard| heard.is_empty()).count();
    assert!((3..=17).contains(&moves), "{moves} of 20 are to move");
    world.run_for(millis(700));
    for (peer, before) in peers.iter().zip(now) {
        let after = heard(peer);
        match before.is_empty() {
            true => assert_eq!(after, ["1 2000 first", "2 second", "3 third"]),
            false => assert_eq!((before.len(), after.len()), (2, 1)),
        }
    }
}
