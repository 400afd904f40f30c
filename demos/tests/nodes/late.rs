//! What a chat node tells late: behind the loss of a gate, to people who are elsewhere by then.

use super::*;

/// So slowly a chat node hears from the gate.
const SLOWLY: Duration = Duration::from_millis(100);

/// Ann and Bob, and the chat node that let Ann in.
struct Moved {
    placed: Placed,
    to: &'static str,
    guests: [Guest; 2],
    book: Book,
}

/// Ann goes from a room of one chat node to one of the other. The gate dies when she is in, and before anybody has heard of it: the next
/// one has her in the room that she left.
fn a_move_that_only_a_chat_node_knows(world: &mut World) -> Moved {
    let placed = nodes(world);
    let mut book = Book::default();
    let mut guests = [Guest::new("ann", "r1"), Guest::new("bob", "r1")];
    all_come(world, &mut guests, &mut book);
    let rooms = |world: &World, chat: &str| {
        let chat = placed.node::<Chat>(chat).expect("a chat");
        world.state(&chat).rooms.len()
    };
    let (from, to) = match rooms(world, "chat-1") {
        (2, 1) => ("chat-1", "chat-2"),
        _ => ("chat-2", "chat-1"),
    };
    let slow = LinkFaults {
        latency: SLOWLY..=SLOWLY,
        ..LinkFaults::none()
    };
    world.set_link_faults_between("gate", from, slow);
    guests[0].room = "r2".parse().expect("a name");
    guests[0].come(world);
    world.run_for(SLOWLY);
    world.partition(&[&["net"]]);
    world.run_for(2 * SLOWLY);
    assert_eq!(rooms(world, from), (1, 1), "she has left");
    assert_eq!(rooms(world, to), (1, 1), "she has come");
    world.crash("gate", Crash::Silent);
    world.set_link_faults_between("gate", from, LinkFaults::none());
    world.heal();
    pass(world, &mut guests, &mut book, millis(700));
    assert!(!guests[0].is_inside(), "she has not heard that she has");
    Moved {
        placed,
        to,
        guests,
        book,
    }
}

/// The node that had let her in told her so when there was a gate again, though she had been told that she was where she had been. So
/// she heard what was said in the one room, and took it for the other. (Seed 129.)
#[test]
fn who_was_let_in_before_the_gate_was_lost_is_not_told_so_when_the_next_has_it_elsewhere() {
    // The next one may come before a chat node has found the silent one lost, or after.
    for away in [0, 300, 1_000, 6_000] {
        let mut world = World::new(1);
        let Moved {
            placed,
            mut guests,
            mut book,
            ..
        } = a_move_that_only_a_chat_node_knows(&mut world);
        pass(&mut world, &mut guests, &mut book, millis(away));
        world.restart("gate").expect("it starts");
        for _ in 0..20 {
            pass(&mut world, &mut guests, &mut book, Duration::from_secs(1));
            guests.iter_mut().for_each(Guest::beat);
            assert!(!guests[0].is_inside(), "{away}: {}", guests[0].story());
        }
        all_talk(&mut world, &mut guests, &mut book);
        all_leave(&mut world, &placed, &mut guests, &mut book);
    }
}

/// A gate is up for a chat node before that is asked who is here: on a thin line there is time in between.
#[test]
fn who_was_let_in_is_not_told_so_before_the_next_gate_has_said_who_is_here() {
    for bytes_per_s in (90..120).step_by(3) {
        let mut world = World::new(1);
        let Moved {
            placed,
            to,
            mut guests,
            mut book,
        } = a_move_that_only_a_chat_node_knows(&mut world);
        let thin = LinkFaults {
            bandwidth_bytes_per_s: Some(bytes_per_s),
            piece_bytes: 1..=1,
            ..LinkFaults::none()
        };
        world.set_link_faults_between("gate", to, thin);
        world.restart("gate").expect("it starts");
        for _ in 0..20 {
            pass(&mut world, &mut guests, &mut book, Duration::from_secs(1));
            guests.iter_mut().for_each(Guest::beat);
            let story = guests[0].story();
            assert!(!guests[0].is_inside(), "{bytes_per_s}: {story}");
        }
        world.calm().expect("all is up");
        all_talk(&mut world, &mut guests, &mut book);
        all_leave(&mut world, &placed, &mut guests, &mut book);
    }
}
