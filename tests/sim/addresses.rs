//! Who is reached where.

use std::io::ErrorKind;

use oneloop::sim::{PeerEnd, World};
use oneloop::{Address, Error, ReasonKind};

use crate::support::{CONNECTED, Seen, Watch, at, dial, idle, ms, server, us};

/// Whether a peer on `host` gets through to `target`; if not, why.
fn outcome(world: &mut World, host: &str, target: &str) -> Option<ErrorKind> {
    let peer = world.peer(host, target);
    world.run_for(ms(1));
    match peer.end() {
        Some(PeerEnd::Failed(why)) => Some(why),
        _ => {
            assert!(peer.is_open(), "{host} -> {target}: no outcome");
            None
        }
    }
}

const REFUSED: Option<ErrorKind> = Some(ErrorKind::ConnectionRefused);

/// A world with one node `a` that listens at `address`.
fn listening(address: &'static str) -> World {
    let mut world = World::new(1);
    world
        .node("a", Seen::default, move |cx| {
            cx.listen(address, (), Watch::silent)
        })
        .expect("it listens");
    world
}

#[test]
fn a_node_is_reached_by_its_name_and_by_its_address() {
    for address in ["a:7000", "10.0.0.1:7000", "0.0.0.0:7000"] {
        let mut world = listening(address);
        assert_eq!(world.ip("a").to_string(), "10.0.0.1");
        for (host, target) in [
            ("b", "a:7000"),
            ("b", "10.0.0.1:7000"),
            ("a", "a:7000"),
            ("a", "10.0.0.1:7000"),
        ] {
            assert_eq!(outcome(&mut world, host, target), None, "{target}");
        }
        assert_eq!(outcome(&mut world, "b", "a:7001"), REFUSED);
        // What is everywhere is at the loopback too; what is at the network's address is not.
        let inside = (address != "0.0.0.0:7000").then_some(ErrorKind::ConnectionRefused);
        assert_eq!(outcome(&mut world, "a", "localhost:7000"), inside);
    }
}

#[test]
fn the_loopback_is_reached_from_inside_only() {
    for address in ["localhost:7000", "127.0.0.1:7000"] {
        let mut world = listening(address);
        assert_eq!(outcome(&mut world, "a", "localhost:7000"), None);
        assert_eq!(outcome(&mut world, "a", "127.0.0.1:7000"), None);
        assert_eq!(outcome(&mut world, "a", "a:7000"), REFUSED);
        assert_eq!(outcome(&mut world, "b", "a:7000"), REFUSED);
        // Everybody's loopback is his own.
        assert_eq!(outcome(&mut world, "b", "localhost:7000"), REFUSED);
    }
}

#[test]
fn port_0_becomes_a_free_port() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    let taken: Vec<u16> = world.with(&node, |cx| {
        let mut port = |address: &str| {
            let listener = cx.listen(address, (), Watch::silent).expect("it listens");
            cx.listener_address(listener).and_then(Address::port)
        };
        // The second is what the next free one would have been.
        let asked = ["a:0", "a:49153", "a:0", "0.0.0.0:0"];
        asked.iter().filter_map(|address| port(address)).collect()
    });
    assert_eq!(taken, [49_152, 49_153, 49_154, 49_155]);
    for port in taken {
        assert_eq!(outcome(&mut world, "b", &format!("a:{port}")), None);
    }
}

#[test]
fn unix_sockets_are_for_those_on_the_same_host() {
    let mut world = listening("unix:/run/a.sock");
    assert_eq!(outcome(&mut world, "a", "unix:/run/a.sock"), None);
    assert_eq!(outcome(&mut world, "a", "unix:/run/b.sock"), REFUSED);
    assert_eq!(outcome(&mut world, "b", "unix:/run/a.sock"), REFUSED);
}

#[test]
fn an_unknown_host_is_a_failed_connect() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    for (target, error) in [
        ("nobody:7000", ErrorKind::NotFound),
        ("10.0.99.1:7000", ErrorKind::HostUnreachable),
    ] {
        dial(&mut world, &node, target);
        world.run_for(ms(1));
        let state = world.state_mut(&node);
        let (_, kind, why) = state.closed.pop().expect("it is told");
        assert_eq!((kind, why), (ReasonKind::ConnectFailed, Some(error)));
        assert_eq!(outcome(&mut world, "b", target), Some(error));
    }
    assert_eq!(
        outcome(&mut world, "b", "no address"),
        Some(ErrorKind::InvalidInput)
    );
}

#[test]
fn nobody_listens_is_a_refusal_after_a_round_trip() {
    let mut world = World::new(1);
    let (node, _other) = (idle(&mut world, "a"), idle(&mut world, "b"));
    dial(&mut world, &node, "b:7000");
    world.run_for(ms(1));
    let refused = Some(ErrorKind::ConnectionRefused);
    let told = world.state(&node).closed.clone();
    // Its start was a turn, which takes a microsecond.
    let when = at(us(1) + CONNECTED);
    assert_eq!(told, [(when, ReasonKind::ConnectFailed, refused)]);
}

#[test]
fn an_address_is_had_by_one_listener_at_a_time() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    let mut listen = |address: &'static str| {
        world.with(&node, |cx| match cx.listen(address, (), Watch::silent) {
            Ok(listener) => Ok(listener),
            Err(Error::Io(error)) => Err(error.kind()),
            Err(error) => panic!("{error}"),
        })
    };
    let first = listen("a:7000").expect("it is free");
    let in_use = Err(ErrorKind::AddrInUse);
    assert_eq!(listen("a:7000"), in_use);
    assert_eq!(listen("10.0.0.1:7000"), in_use, "the same by number");
    assert_eq!(listen("0.0.0.0:7000"), in_use, "all of them, that one too");
    assert!(listen("localhost:7000").is_ok(), "another address");
    assert_eq!(listen("b:7000"), Err(ErrorKind::AddrNotAvailable));
    assert_eq!(listen("10.0.0.9:7000"), Err(ErrorKind::AddrNotAvailable));
    world.with(&node, |cx| assert!(cx.unlisten(first)));
    assert_eq!(outcome(&mut world, "b", "a:7000"), REFUSED);
    let again = world.with(&node, |cx| cx.listen("a:7000", (), Watch::silent).is_ok());
    assert!(again, "it is free again");
    // Another host's ports are its own.
    let _ = server(&mut world, "b", Watch::silent);
}

#[test]
fn both_ends_know_their_addresses_in_numbers() {
    let mut world = World::new(1);
    let server = server(&mut world, "a", Watch::silent);
    let client = idle(&mut world, "b");
    let link = dial(&mut world, &client, "a:7000");
    let known = |world: &mut World| world.with(&client, |cx| cx.peer_address(link));
    assert_eq!(known(&mut world), None, "it is not up");
    world.run_for(ms(1));
    let ends = |world: &mut World, node, link| {
        world.with(node, |cx| {
            let ends = [cx.local_address(link), cx.peer_address(link)];
            ends.map(|address| address.expect("it is connected").to_string())
        })
    };
    let (_, accepted) = world.state(&server).opened[0];
    assert_eq!(
        ends(&mut world, &client, link),
        ["10.0.0.2:49152", "10.0.0.1:7000"]
    );
    assert_eq!(
        ends(&mut world, &server, accepted),
        ["10.0.0.1:7000", "10.0.0.2:49152"]
    );
    assert_eq!(
        world.peer_address(&client, link),
        "10.0.0.1:7000".parse().ok()
    );
    world.reset("a", "b");
    assert_eq!(known(&mut world), None, "it has failed");
}

#[test]
fn who_dials_the_loopback_comes_from_there() {
    let mut world = World::new(1);
    let node = world.node("a", Seen::default, |cx| {
        cx.listen("localhost:7000", (), Watch::silent)?;
        cx.listen("unix:/run/a.sock", (), Watch::silent)?;
        cx.connect("localhost:7000", (), Watch::silent)
    });
    let node = node.expect("it starts");
    let _peer = world.peer("a", "unix:/run/a.sock");
    world.run_for(ms(1));
    let links: Vec<_> = world.state(&node).opened.clone();
    let mut from: Vec<String> = links
        .iter()
        .filter_map(|&(_, link)| world.peer_address(&node, link))
        .map(|address| address.to_string())
        .collect();
    from.sort();
    assert_eq!(
        from,
        ["127.0.0.1:49152", "127.0.0.1:7000", "unix:(unnamed)"]
    );
}
