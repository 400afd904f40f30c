//! More at once than a link between nodes takes; and a net node that is lost again and again.

use oneloop::buffer::Outbox;
use oneloop::node::{Node, Remote, Secret, forward_to_remote};
use oneloop::sim::Peer;
use oneloop::{CommandService, DataPack, Encoder, Failure, Remedy};
use oneloop_demos::chat::history::LINES_MAX;
use oneloop_demos::chat::protocol::command;

use super::*;

/// A room in which as much was said as it keeps.
fn a_room_with_lines(world: &mut World, book: &mut Book) -> Guest {
    let mut first = [Guest::new("first", "lobby")];
    all_come(world, &mut first, book);
    for _ in 0..LINES_MAX {
        first[0].say();
        pass(world, &mut first, book, millis(20));
    }
    let [first] = first;
    assert!(first.is_answered());
    first
}

fn frame(command: u32, body: &str) -> Vec<u8> {
    let mut frame = Outbox::default();
    DataPack::default()
        .encode(command, body.into(), &mut frame)
        .expect("it fits into a frame");
    frame.single().expect("one piece").to_vec()
}

/// They filled the link to the gate with their lines from before: most heard nothing, not even that they were in.
#[test]
fn sixty_who_join_at_once_are_all_told_every_line() {
    let mut world = World::new(1);
    let placed = nodes(&mut world);
    let mut book = Book::default();
    let first = a_room_with_lines(&mut world, &mut book);
    let guest = |number: u64| Guest::new(&format!("g{number}"), "lobby");
    let mut guests: Vec<Guest> = (0..60).map(guest).collect();
    for guest in &mut guests {
        guest.come(&mut world);
    }
    pass(&mut world, &mut guests, &mut book, Duration::from_secs(2));
    for guest in &guests {
        assert!(guest.is_inside() && guest.is_answered(), "{}", guest.name);
        let heard = (guest.past, guest.errors);
        assert_eq!(heard, (LINES_MAX as u64, 0), "{}", guest.name);
    }
    for guest in &mut guests {
        guest.ask(&Request::History);
    }
    pass(&mut world, &mut guests, &mut book, Duration::from_secs(2));
    for guest in &guests {
        assert!(guest.is_answered(), "{}", guest.name);
        let heard = (guest.past, guest.errors);
        assert_eq!(heard, (2 * LINES_MAX as u64, 0), "{}", guest.name);
    }
    guests.push(first);
    all_talk(&mut world, &mut guests, &mut book);
    all_leave(&mut world, &placed, &mut guests, &mut book);
}

/// It was said once, and then never again: no client of the node had an answer for as long as its process ran.
#[test]
fn a_roll_that_finds_the_link_full_is_called_again() {
    let mut world = World::new(1);
    let placed = nodes(&mut world);
    let (mut guests, mut book) = (guests(8), Book::default());
    all_come(&mut world, &mut guests, &mut book);
    world.crash("gate", Crash::Process);
    world.run_for(millis(100));
    // What these ask for fills the outbox to the last bytes.
    let many: Vec<Peer> = (0..60)
        .map(|number| world.peer(&format!("m{number}"), "net:7001"))
        .collect();
    world.run_for(millis(100));
    for bytes in [16_000; 4]
        .into_iter()
        .chain([2000, 1000, 400, 200, 100, 50, 10, 1, 1, 1])
    {
        let say = frame(command::SAY, &"x".repeat(bytes));
        for peer in &many {
            peer.send(&say);
        }
        world.run_for(millis(50));
    }
    world.restart("gate").expect("it starts");
    world.run_for(Duration::from_secs(3));
    for peer in many {
        peer.reset();
    }
    pass(&mut world, &mut guests, &mut book, Duration::from_secs(1));
    assert!(guests.iter().all(Guest::is_inside));
    guests.push(Guest::new("late", "r1"));
    guests[8].come(&mut world);
    pass(&mut world, &mut guests, &mut book, Duration::from_secs(1));
    assert!(guests[8].is_inside(), "{}", guests[8].story());
    let links: u64 = guests.iter().map(|guest| guest.links).sum();
    assert_eq!(links, 9);
    all_talk(&mut world, &mut guests, &mut book);
    all_leave(&mut world, &placed, &mut guests, &mut book);
}

/// What its clients asked for was kept for ever, however much it was.
#[test]
fn a_net_node_that_never_calls_the_roll_is_waited_for_only_so_long() {
    let mut world = World::new(1);
    let _placed = nodes(&mut world);
    world.crash("net", Crash::Process);
    world
        .node(
            "mute",
            || (),
            |cx| {
                let mut commands = CommandService::new();
                commands
                    .range(command::JOIN..=command::HISTORY, forward_to_remote("gate"))?
                    .on_failure(|_, failure: &Failure<'_>| Remedy::Reply {
                        command: command::ERROR,
                        body: failure.error.to_string().into(),
                    });
                let remote = Remote::new().secret(Secret::new(SECRET)?);
                Node::new("net")
                    .net("mute:7001", DataPack::default(), commands)
                    .remote("gate", "gate:7010", remote)
                    .start(cx)
                    .map(drop)
            },
        )
        .expect("it starts");
    world.run_for(Duration::from_secs(1));
    let many: Vec<Peer> = (0..300)
        .map(|number| world.peer(&format!("m{number}"), "mute:7001"))
        .collect();
    for peer in &many {
        peer.send(&frame(command::WHO, ""));
    }
    let hear = |many: &[Peer], what: &str| {
        let has = |peer: &&Peer| String::from_utf8_lossy(&peer.take_received()).contains(what);
        many.iter().filter(has).count()
    };
    world.run_for(millis(500));
    assert_eq!(hear(&many, "the server is busy"), 300 - 256);
    world.run_for(Duration::from_secs(9));
    assert_eq!(hear(&many, "you have to join first"), 256);
    many[0].send(&frame(command::JOIN, "ann\tlobby"));
    world.run_for(millis(500));
    assert_eq!(hear(&many, "lobby\t1\t0"), 1, "nobody waits any more");
}

/// The first loss dropped all people ten seconds later, though the second was only a second old.
#[test]
fn who_is_lost_again_has_as_much_time_as_the_first_time() {
    let mut world = World::new(1);
    let placed = nodes(&mut world);
    let (mut guests, mut book) = (guests(8), Book::default());
    all_come(&mut world, &mut guests, &mut book);
    let gate = placed.node::<Gate>("gate").expect("a gate");
    let part = |world: &mut World| world.partition(&[&["gate", "chat-1", "chat-2"]]);
    let children = |world: &mut World| world.with(&gate, |cx| cx.all_children().len());
    part(&mut world);
    assert!(
        lost_within(&mut world, children, 2),
        "after four seconds of silence"
    );
    let lost = world.now();
    world.heal();
    world.run_for(Duration::from_secs(3));
    assert_eq!(children(&mut world), 3, "it is back");
    part(&mut world);
    assert!(lost_within(&mut world, children, 2), "once more");
    assert!(world.now() < lost + Duration::from_secs(10));
    world.run_for(lost + Duration::from_secs(11) - world.now());
    assert_eq!(world.state(&gate).register.len().0, 8);
    world.heal();
    pass(&mut world, &mut guests, &mut book, Duration::from_secs(3));
    all_talk(&mut world, &mut guests, &mut book);
    // But no more than that.
    part(&mut world);
    assert!(lost_within(&mut world, children, 2), "for good");
    world.run_for(Duration::from_secs(11));
    assert_eq!(world.state(&gate).register.len().0, 0);
}

fn lost_within(world: &mut World, children: impl Fn(&mut World) -> usize, count: usize) -> bool {
    (0..60).any(|_| {
        world.run_for(millis(100));
        children(world) == count
    })
}
