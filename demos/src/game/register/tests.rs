//! What the gate knows, step by step.

use oneloop::LinkId;

use crate::chat::hall::ROOMS_MAX;

use super::rooms::UNKNOWN_LINES_MAX;
use super::*;

type Register = super::Register<u32>;

fn client(number: u64) -> ClientId {
    ClientId {
        node: 1,
        link: LinkId::from_u64(number),
    }
}

fn name(text: &str) -> Name {
    text.parse().expect(text)
}

/// What is to be done, a line for each.
fn lines(orders: &Orders<u32>) -> Vec<String> {
    let line = |order: &Order<u32>| match order {
        Order::Muster { node } => format!("{node}: muster"),
        Order::Open { node, room, .. } => format!("{node}: open {room}"),
        Order::Enter {
            node,
            name,
            room,
            loud,
            ..
        } => format!(
            "{node}: enter {name} {room}{}",
            if *loud { " loud" } else { "" }
        ),
        Order::Leave { node, client, .. } => format!("{node}: leave {}", client.link.as_u64()),
        Order::Left { node, name, .. } => format!("{node}: left {name}"),
        Order::Part { node, client, .. } => format!("{node}: part {}", client.link.as_u64()),
        Order::HandOver { node, room } => format!("{node}: hand over {room}"),
        Order::Pass { node, promise, .. } => format!("{node}: pass {promise}"),
        Order::Note { name, room, .. } => format!("note {name:?} {room}"),
        Order::Dismiss { client, .. } => format!("dismiss {}", client.link.as_u64()),
        Order::Notice { to, .. } => format!("notice to {}", to.len()),
        Order::Answer { promise, outcome } => format!("answer {promise} {outcome:?}"),
    };
    let notes = |line: &String| !line.starts_with("note ");
    orders.iter().map(line).filter(notes).collect()
}

fn say(register: &mut Register, who: u64, promise: u32) -> Vec<String> {
    let body = Bytes::from_static(b"x");
    lines(&register.pass(client(who), command::SAY, body, promise))
}

/// Somebody joins a room, and is in.
fn comes(register: &mut Register, who: u64, called: &str, room: &str) {
    let (request, orders) = register.join(client(who), name(called), &name(room), 0);
    let entered = orders.iter().find_map(|order| match order {
        Order::Enter { attempt, .. } => Some(*attempt),
        _ => None,
    });
    register.entered(request, entered.expect("a node is up"), Ok(()));
}

/// Two rooms, one at each of two nodes.
fn rooms(register: &Register) -> (String, String) {
    let mut found = (None, None);
    for number in 0..100 {
        let room = format!("r{number}");
        match register.owner(&name(&room)).as_deref() {
            Some("a") if found.0.is_none() => found.0 = Some(room),
            Some("b") if found.1.is_none() => found.1 = Some(room),
            _ => {}
        }
    }
    (found.0.expect("falls to a"), found.1.expect("falls to b"))
}

fn cluster() -> (Register, String, String) {
    let mut register = Register::default();
    register.chat_up("a");
    register.chat_up("b");
    let (at_a, at_b) = rooms(&register);
    (register, at_a, at_b)
}

#[test]
fn a_name_is_one_in_the_cluster() {
    let (mut register, at_a, at_b) = cluster();
    let (request, orders) = register.join(client(1), name("Ann"), &name(&at_a), 1);
    assert_eq!(
        lines(&orders),
        [
            format!("a: open {at_a}"),
            format!("a: enter Ann {at_a} loud")
        ]
    );
    let done = register.entered(request, 1, Ok(()));
    assert_eq!(lines(&done), ["answer 1 Ok(())"]);
    let (_, orders) = register.join(client(2), name("aNN"), &name(&at_b), 2);
    assert_eq!(lines(&orders), ["answer 2 Err(\"the name Ann is taken\")"]);
    assert_eq!(
        say(&mut register, 2, 3),
        [format!("answer 3 Err({NOT_JOINED:?})")]
    );
    // The same once more: it has not heard that it is in.
    let (_, orders) = register.join(client(1), name("Ann"), &name(&at_a), 4);
    assert_eq!(lines(&orders), [format!("a: enter Ann {at_a} loud")]);
    assert_eq!(lines(&register.gone(client(1), "")), ["a: leave 1"]);
    let (_, orders) = register.join(client(2), name("aNN"), &name(&at_b), 5);
    assert_eq!(orders.len(), 3, "it is free again");
}

#[test]
fn rooms_of_a_lost_node_go_to_the_other_and_come_back_with_their_lines() {
    let (mut register, at_a, at_b) = cluster();
    comes(&mut register, 1, "ann", &at_a);
    comes(&mut register, 2, "bob", &at_b);
    let orders = register.chat_lost("a");
    let moved = [format!("b: open {at_a}"), format!("b: enter ann {at_a}")];
    assert_eq!(lines(&orders)[1..], moved, "quietly, and no other room");
    assert_eq!(lines(&orders)[0], "notice to 1");
    let orders = register.chat_up("a");
    assert_eq!(
        lines(&orders),
        ["a: muster".into(), format!("b: hand over {at_a}")]
    );
    // Meanwhile it waits.
    assert!(say(&mut register, 1, 7).is_empty());
    let orders = register.handed_over(&name(&at_a), vec!["1\tann\tx".into()]);
    let back = [
        format!("a: open {at_a}"),
        format!("a: enter ann {at_a}"),
        "a: pass 7".into(),
    ];
    assert_eq!(lines(&orders), back);
    assert!(matches!(&orders[0], Order::Open { lines, .. } if lines.len() == 1));
}

#[test]
fn who_goes_to_another_node_s_room_is_let_in_when_it_has_left() {
    let (mut register, at_a, at_b) = cluster();
    comes(&mut register, 1, "ann", &at_a);
    let (_, orders) = register.move_to(client(1), &name(&at_b), 1);
    assert_eq!(lines(&orders), ["a: part 1"]);
    assert!(say(&mut register, 1, 2).is_empty(), "behind that");
    let (_, orders) = register.parted(client(1));
    let there = [
        format!("b: open {at_b}"),
        format!("b: enter ann {at_b} loud"),
        "b: pass 2".into(),
    ];
    assert_eq!(lines(&orders), there);
    // A room of the same node: at once.
    let other = (0..100).map(|number| format!("x{number}"));
    let mut other = other.filter(|room| register.owner(&name(room)).as_deref() == Some("b"));
    let other = other.next().expect("falls to b");
    let (_, orders) = register.move_to(client(1), &name(&other), 3);
    assert_eq!(lines(&orders)[0], "b: leave 1");
    assert_eq!(register.len(), (1, 1, 2));
}

#[test]
fn who_leaves_a_room_that_is_nowhere_is_missed_when_it_is_somewhere() {
    let (mut register, at_a, at_b) = cluster();
    comes(&mut register, 1, "ann", &at_a);
    comes(&mut register, 2, "bob", &at_a);
    register.chat_lost("b");
    register.chat_lost("a");
    assert!(say(&mut register, 1, 1).is_empty());
    let (_, orders) = register.move_to(client(1), &name(&at_b), 2);
    assert_eq!(
        lines(&orders),
        [format!("answer 1 Err({NOT_DONE:?})")],
        "not elsewhere"
    );
    let orders = lines(&register.chat_up("a"));
    assert!(orders.contains(&"a: left ann".into()), "{orders:?}");
    assert!(
        orders.contains(&format!("a: enter bob {at_a}")),
        "{orders:?}"
    );
    assert!(
        orders.contains(&format!("a: enter ann {at_b} loud")),
        "{orders:?}"
    );
}

#[test]
fn who_cannot_be_let_in_has_not_joined() {
    let mut register = Register::default();
    let (request, orders) = register.join(client(1), name("ann"), &name("r"), 1);
    assert!(lines(&orders).is_empty(), "no node is up");
    let orders = lines(&register.give_up(request));
    assert_eq!(orders, [format!("answer 1 Err({NO_CHAT:?})")]);
    assert_eq!(register.len(), (0, 0, 0));
    assert!(register.give_up(request).is_empty());
    // A node that is lost meanwhile is not the end of it: another is asked.
    register.chat_up("a");
    let (request, _) = register.join(client(1), name("ann"), &name("r"), 2);
    register.chat_lost("a");
    let orders = lines(&register.chat_up("b"));
    assert_eq!(orders[2], "b: enter ann r loud");
    assert!(
        register.entered(request, 1, Err("lost".into())).is_empty(),
        "the first attempt"
    );
    assert_eq!(
        lines(&register.entered(request, 2, Ok(()))),
        ["answer 2 Ok(())"]
    );
}

#[test]
fn a_new_gate_is_told_who_is_here_and_an_old_one_who_is_not() {
    let mut register = Register::default();
    assert!(register.here(client(1), name("ann"), name("r")).is_empty());
    assert!(register.here(client(2), name("bob"), name("r")).is_empty());
    let orders = lines(&register.here(client(3), name("ANN"), name("r")));
    assert_eq!(orders, ["dismiss 3"], "the first has the name");
    let orders = lines(&register.chat_up("a"));
    assert_eq!(
        orders,
        ["a: muster", "a: open r", "a: enter ann r", "a: enter bob r"]
    );
    register.doubt(1);
    register.here(client(1), name("ann"), name("r"));
    assert_eq!(lines(&register.all_here(1)), ["a: leave 2"]);
    assert!(register.all_here(2).is_empty(), "another net node");
    assert_eq!(register.len(), (1, 1, 1));
}

#[test]
fn numbers_of_lines_begin_beyond_all_that_were_given() {
    let (mut register, at_a, _) = cluster();
    let base = |orders: &Orders<u32>| {
        let open = orders.iter().find_map(|order| match order {
            Order::Open { base, .. } => Some(*base),
            _ => None,
        });
        open.expect("it is opened")
    };
    register.set_time(1_000_000);
    let (_, orders) = register.join(client(1), name("ann"), &name(&at_a), 1);
    assert_eq!(base(&orders), 1_000_000);
    register.last.set(2_000_000);
    let next = 2_000_000 + UNKNOWN_LINES_MAX;
    assert_eq!(base(&register.chat_lost("a")), next);
    // Anew at the same time, before anything is heard of the lines that were said there.
    register.gone(client(1), "");
    let (_, orders) = register.join(client(2), name("bob"), &name(&at_a), 2);
    assert!(base(&orders) >= next + UNKNOWN_LINES_MAX);
}

#[test]
fn what_waits_is_bounded() {
    let mut register = Register::default();
    register.here(client(1), name("ann"), name("r"));
    for number in 0..HELD_MAX as u32 {
        assert!(say(&mut register, 1, number).is_empty());
    }
    assert_eq!(
        say(&mut register, 1, 999),
        [format!("answer 999 Err({NO_CHAT:?})")]
    );
    let orders = lines(&register.chat_up("a"));
    assert_eq!(
        orders.iter().filter(|line| line.contains("pass")).count(),
        HELD_MAX
    );
}

#[test]
fn there_are_only_so_many_rooms() {
    let mut register = Register::default();
    for number in 0..ROOMS_MAX as u64 {
        let room = name(&format!("r{number}"));
        register.here(client(number), room.clone(), room);
    }
    let (_, orders) = register.join(client(9_999), name("new"), &name("new"), 1);
    assert_eq!(
        lines(&orders),
        ["answer 1 Err(\"there are 1000 rooms already\")"]
    );
    let (_, orders) = register.join(client(9_999), name("new"), &name("r5"), 1);
    assert!(lines(&orders).is_empty(), "it waits for a node");
}
