//! The game's nodes on a simulated network, as `demos/cluster.toml` has them: what main runs, unchanged. Nodes are killed and come
//! again; afterwards all is as if nothing had been.
//!
//! A failure says its seed, and how to replay it: with `ONELOOP_SIM_SEED=17`, or with more seeds by `ONELOOP_SIM_SEEDS=100000`.

mod crowd;
mod guest;
mod late;

use std::time::Duration;

use oneloop::cluster::Placed;
use oneloop::config::{Config, Format, Memory};
use oneloop::sim::{Crash, LinkFaults, World, search};
use oneloop_demos::chat::protocol::{NAMES_MAX, Request};
use oneloop_demos::game;
use oneloop_demos::game::chat::Chat;
use oneloop_demos::game::gate::Gate;
use oneloop_demos::game::net::Net;

use guest::{Book, Guest};

/// What all nodes know.
const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const NODES: [&str; 4] = ["net", "gate", "chat-1", "chat-2"];

/// The nodes of the file, all at work.
#[track_caller]
fn nodes(world: &mut World) -> Placed {
    let apps = game::apps().expect("three names");
    let text = include_str!("../../cluster.toml");
    let text = format!("{text}\n[cluster]\nsecret_env = \"CLUSTER_SECRET\"\n");
    let config = Config::parse(&text, "cluster.toml", Format::Toml, &apps.names());
    let config = config.unwrap_or_else(|reports| panic!("{reports}"));
    let memory = Memory::default().variable("CLUSTER_SECRET", SECRET);
    let placed = apps.place(world, &config, &memory);
    let placed = placed.expect("they start");
    world.run_for(Duration::from_secs(2));
    placed
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn pass(world: &mut World, guests: &mut [Guest], book: &mut Book, span: Duration) {
    world.run_for(span);
    for guest in guests {
        guest.listen(book);
    }
}

/// All of them in rooms, each room at a node.
fn all_come(world: &mut World, guests: &mut [Guest], book: &mut Book) {
    for _ in 0..240 {
        for guest in &mut *guests {
            guest.come(world);
        }
        pass(world, guests, book, millis(500));
        if guests
            .iter()
            .all(|guest| guest.is_inside() && guest.is_answered())
        {
            return;
        }
    }
    let outside = guests
        .iter()
        .filter(|it| !it.is_inside() || !it.is_answered());
    let outside: Vec<String> = outside.map(|guest| guest.name.to_string()).collect();
    panic!("{outside:?} are not in again after two minutes");
}

/// Each says a line, which all in its room hear; and everybody sees the same people.
#[track_caller]
fn all_talk(world: &mut World, guests: &mut [Guest], book: &mut Book) {
    // Whoever came last hears of nobody who was swept away later.
    for _ in 0..12 {
        pass(world, guests, book, Duration::from_secs(1));
        for guest in &mut *guests {
            guest.beat();
        }
    }
    all_come(world, guests, book);
    for guest in &mut *guests {
        guest.heard.clear();
    }
    let said: Vec<_> = guests
        .iter_mut()
        .map(|guest| (guest.room.clone(), guest.say().expect("it is inside")))
        .collect();
    for guest in &mut *guests {
        guest.ask(&Request::Who);
    }
    pass(world, guests, book, Duration::from_secs(2));
    let mut heard = std::collections::BTreeMap::new();
    for guest in &*guests {
        assert!(guest.is_answered(), "{} has its answers", guest.name);
        let mut of_room: Vec<String> = said
            .iter()
            .filter(|(room, _)| *room == guest.room)
            .map(|(_, text)| text.clone())
            .collect();
        let same = heard
            .entry(guest.room.clone())
            .or_insert_with(|| guest.heard.clone());
        assert_eq!(*same, guest.heard, "all in {} hear the same", guest.room);
        let mut own = guest.heard.clone();
        own.sort();
        of_room.sort();
        if own != of_room {
            guests
                .iter()
                .for_each(|guest| eprintln!("{}", guest.story()));
        }
        assert_eq!(own, of_room, "{} hears all", guest.name);
        let (room, names) = guest.present.clone().expect("an answer");
        let mut there = guests.iter().filter(|other| other.room == guest.room);
        assert_eq!(room, guest.room);
        assert_eq!(
            names.len(),
            there.clone().count().min(NAMES_MAX),
            "{names:?}"
        );
        assert!(there.all(|other| names.contains(&other.name)), "{names:?}");
    }
}

/// Nothing is left of them when they are gone.
fn all_leave(world: &mut World, placed: &Placed, guests: &mut [Guest], book: &mut Book) {
    for guest in &mut *guests {
        guest.leave();
    }
    pass(world, guests, book, Duration::from_secs(25));
    let net = placed.node::<Net>("net").expect("a net");
    assert!(world.state(&net).notes.is_empty());
    let gate = placed.node::<Gate>("gate").expect("a gate");
    assert_eq!(world.state(&gate).register.len(), (0, 0, 2));
    for chat in ["chat-1", "chat-2"] {
        let chat = placed.node::<Chat>(chat).expect("a chat");
        assert_eq!(world.state(&chat).rooms.len(), (0, 0));
    }
}

fn guests(count: u64) -> Vec<Guest> {
    let guest = |number: u64| Guest::new(&format!("g{number}"), &format!("r{}", number % 4));
    (0..count).map(guest).collect()
}

#[test]
fn people_talk_in_rooms_that_two_nodes_share() {
    let mut world = World::new(1);
    let placed = nodes(&mut world);
    let (mut guests, mut book) = (guests(8), Book::default());
    all_come(&mut world, &mut guests, &mut book);
    all_talk(&mut world, &mut guests, &mut book);
    for chat in ["chat-1", "chat-2"] {
        let chat = placed.node::<Chat>(chat).expect("a chat");
        let (people, rooms) = world.state(&chat).rooms.len();
        assert!(people > 0 && rooms > 0, "each has some");
    }
    // Across rooms and nodes.
    let (name, text) = (guests[1].name.clone(), "psst".parse().expect("a text"));
    guests[0].ask(&Request::Tell { name, text });
    guests[2].ask(&Request::History);
    guests[3].room = "r0".parse().expect("a name");
    all_come(&mut world, &mut guests, &mut book);
    assert_eq!(guests[1].told, ["psst"]);
    all_talk(&mut world, &mut guests, &mut book);
    let errors: u64 = guests.iter().map(|guest| guest.errors).sum();
    assert_eq!(errors, 0);
    // A name is one in the whole cluster.
    let mut twin = [Guest::new("G1", "r2")];
    twin[0].come(&mut world);
    pass(&mut world, &mut twin, &mut book, millis(500));
    assert_eq!((twin[0].errors, twin[0].is_inside()), (1, false));
    twin[0].leave();
    all_leave(&mut world, &placed, &mut guests, &mut book);
}

#[test]
fn each_node_is_killed_and_comes_again() {
    for node in NODES {
        let mut world = World::new(1);
        let placed = nodes(&mut world);
        let (mut guests, mut book) = (guests(8), Book::default());
        all_come(&mut world, &mut guests, &mut book);
        all_talk(&mut world, &mut guests, &mut book);
        world.crash(node, Crash::Process);
        for guest in &mut guests {
            guest.say();
        }
        pass(&mut world, &mut guests, &mut book, millis(700));
        if node.starts_with("chat") {
            // The other has its rooms.
            assert!(guests.iter().all(Guest::is_answered), "without {node}");
        }
        world.restart(node).expect("it starts");
        // Within seconds.
        for _ in 0..8 {
            for guest in &mut guests {
                guest.come(&mut world);
            }
            pass(&mut world, &mut guests, &mut book, millis(500));
        }
        assert!(guests.iter().all(Guest::is_inside), "{node}");
        all_talk(&mut world, &mut guests, &mut book);
        for guest in &guests {
            assert!(guest.errors <= 1, "{node}: {} errors", guest.errors);
            let links = if node == "net" { 2 } else { 1 };
            assert_eq!(guest.links, links, "{node}");
        }
        all_leave(&mut world, &placed, &mut guests, &mut book);
    }
}

/// Whatever befalls nodes and links, all heals.
fn a_night(world: &mut World, stormy: bool) {
    let placed = nodes(world);
    let count = world.random().between(2..=9);
    let (mut guests, mut book) = (guests(count), Book::default());
    all_come(world, &mut guests, &mut book);
    let faults = match (stormy, world.random().below(3)) {
        (_, 0) => LinkFaults::none(),
        (true, 1) => LinkFaults::stormy(world.random()),
        _ => LinkFaults::lossless(world.random()),
    };
    world.set_link_faults(faults);
    for _ in 0..world.random().between(1..=4) {
        let at = millis(world.random().between(0..=8_000));
        let span = millis(world.random().between(10..=7_000));
        let node = *world.random().pick(&NODES);
        let how = if world.random().chance(0.7) {
            Crash::Process
        } else {
            Crash::Silent
        };
        match world.random().below(if stormy { 3 } else { 1 }) {
            0 => world.fault_after(at, &format!("crash:{node}"), move |world| {
                world.crash(node, how);
                world.after(span, move |world| world.restart(node).expect("it starts"));
            }),
            1 => world.fault_after(at, &format!("pause:{node}"), move |world| {
                world.pause(node);
                world.after(span, move |world| world.resume(node));
            }),
            _ => world.fault_after(at, &format!("part:{node}"), move |world| {
                world.partition(&[&[node]]);
                world.after(span, World::heal);
            }),
        }
    }
    for _ in 0..world.random().between(5..=40) {
        for guest in &mut guests {
            match world.random().below(12) {
                0..6 => drop(guest.say()),
                6 => guest.ask(&Request::Who),
                7 => guest.ask(&Request::History),
                8 if guest.is_inside() => {
                    let room = format!("r{}", world.random().below(4));
                    guest.room = room.parse().expect("a name");
                    guest.come(world);
                }
                9 if world.random().chance(0.2) => guest.reset(),
                _ => guest.come(world),
            }
        }
        let pause = millis(world.random().between(0..=600));
        pass(world, &mut guests, &mut book, pause);
    }
    // What was planned is over.
    for _ in 0..16 {
        pass(world, &mut guests, &mut book, Duration::from_secs(1));
    }
    world.calm().expect("they start");
    // So long a link may stand still that broke without a word.
    for _ in 0..70 {
        pass(world, &mut guests, &mut book, Duration::from_secs(1));
        for guest in &mut guests {
            guest.come(world);
            guest.beat();
        }
    }
    all_come(world, &mut guests, &mut book);
    all_talk(world, &mut guests, &mut book);
    all_leave(world, &placed, &mut guests, &mut book);
}

#[test]
fn nodes_are_killed_in_fair_weather() {
    search(0..60, |world| a_night(world, false));
}

#[test]
fn nodes_are_killed_in_storms() {
    search(0..30, |world| a_night(world, true));
}
