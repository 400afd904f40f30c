//! Faults that a script orders.

use std::io::ErrorKind;

use oneloop::ReasonKind;
use oneloop::sim::{LinkFaults, NodeFaults, PeerEnd, World};

use crate::support::{
    HOP, PATIENCE, Watch, connected, dial, idle, ms, secs, server, us, with_faults,
};

const RESET: Option<ErrorKind> = Some(ErrorKind::ConnectionReset);

#[test]
fn reset_is_of_all_links_between_two_hosts_and_of_no_other() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::silent);
    let [one, two, other] = ["ann", "ann", "bob"].map(|host| world.peer(host, "server:7000"));
    world.run_for(ms(1));
    world.reset("server", "ann");
    let reset = PeerEnd::Failed(ErrorKind::ConnectionReset);
    assert_eq!(
        [one.end(), two.end(), other.end()],
        [Some(reset), Some(reset), None]
    );
    world.run_for(ms(1));
    assert_eq!(world.state(&node).errors(), [RESET, RESET]);
    assert!(other.is_open());
}

#[test]
fn reset_link_is_of_one() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::silent);
    let [one, two] = [(); 2].map(|()| world.peer("ann", "server:7000"));
    world.run_for(ms(1));
    world.reset_link(&node, two.server_link().expect("it is accepted"));
    assert!(one.is_open() && two.end().is_some());
    world.run_for(ms(1));
    assert_eq!(world.state(&node).errors(), [RESET]);
}

#[test]
fn a_link_that_is_reset_while_it_is_dialled_is_never_accepted() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::silent);
    let client = idle(&mut world, "client");
    dial(&mut world, &client, "server:7000");
    world.reset("client", "server");
    let peer = world.peer("client", "server:7000");
    world.reset("client", "server");
    world.run_for(ms(10));
    assert_eq!(world.state(&client).reasons(), [ReasonKind::ConnectFailed]);
    assert!(peer.end().is_some());
    assert!(world.state(&node).opened.is_empty());
}

#[test]
fn half_close_ends_an_idle_link_one_way_and_the_other_goes_on() {
    let (mut world, node, peer) = connected(Watch::stays);
    let link = peer.server_link().expect("it is accepted");
    peer.send(b"before");
    world.half_close("client", "server");
    peer.send(b"after");
    world.run_for(ms(1));
    let seen = world.state(&node);
    assert_eq!(seen.bytes(), b"before", "what was on its way arrives");
    assert_eq!(seen.ended.len(), 1);
    assert_eq!(peer.unsent_len(), 0, "what comes after is swallowed");
    world
        .with(&node, |cx| {
            cx.links.send_bytes(link, b"still here".as_slice())
        })
        .expect("it is open");
    world.run_for(ms(1));
    assert_eq!(peer.take_received(), b"still here");
    assert_eq!(peer.end(), None);
    world.half_close("server", "client");
    world.run_for(ms(1));
    assert_eq!(peer.end(), Some(PeerEnd::Ended));
    assert!(world.state(&node).closed.is_empty());
}

#[test]
fn one_who_waits_for_room_goes_on_when_the_stream_is_swallowed() {
    let faults = LinkFaults {
        window_bytes: 100,
        half_close: 1.0,
        within_bytes: 0,
        ..LinkFaults::none()
    };
    let (mut world, node, peer) = with_faults(faults, Watch::stays);
    let link = peer.server_link().expect("it is accepted");
    let sent = world.with(&node, |cx| cx.links.send_bytes(link, vec![1; 1_000]));
    sent.expect("it is taken");
    peer.send(&[1; 1_000]);
    world.run_for(ms(10));
    assert_eq!(peer.unsent_len(), 0);
    assert_eq!(world.counters(&node).outbox_bytes, 0);
}

#[test]
fn a_stall_holds_up_one_way_for_its_span() {
    let (mut world, node, peer) = connected(Watch::silent);
    let link = peer.server_link().expect("it is accepted");
    world.stall("client", "server", secs(2));
    let until = world.now() + secs(2);
    peer.send(b"late");
    world
        .with(&node, |cx| cx.links.send_bytes(link, b"soon".as_slice()))
        .expect("it is open");
    world.run_for(ms(1));
    assert_eq!(peer.take_received(), b"soon", "the other way goes on");
    // A shorter one does not end a longer one.
    world.stall("client", "server", ms(1));
    world.run_for(secs(3));
    assert_eq!(world.state(&node).received, [(until, b"late".to_vec())]);
}

#[test]
fn a_partition_holds_back_what_is_sent_and_lets_it_through_when_it_heals() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::silent);
    let [near, far] = ["near", "far"].map(|host| world.peer(host, "server:7000"));
    world.run_for(ms(1));
    far.send(b"on its way");
    world.partition(&[&["server", "near"], &["far"]]);
    near.send(b"near");
    far.send(b", and behind it");
    let shut_out = world.peer("far", "server:7000");
    world.run_for(secs(60));
    assert_eq!(world.state(&node).bytes(), b"near");
    assert!(!shut_out.is_open() && shut_out.end().is_none());
    world.heal();
    // Sent again no later than every ten seconds; a connect after twice the last pause.
    world.run_until(|world| world.state(&node).bytes().len() == 29, secs(11));
    assert_eq!(world.state(&node).bytes(), b"nearon its way, and behind it");
    world.run_until(|_| shut_out.is_open(), secs(64));
}

#[test]
fn a_host_in_no_group_reaches_those_in_none() {
    let mut world = World::new(1);
    let _nodes = ["a", "b", "c"].map(|name| server(&mut world, name, Watch::echo));
    world.partition(&[&["a"]]);
    let [cut, whole, own] = [("b", "a:7000"), ("b", "c:7000"), ("a", "a:7000")]
        .map(|(host, target)| world.peer(host, target));
    world.run_for(ms(1));
    assert_eq!(
        [&cut, &whole, &own].map(|peer| peer.is_open()),
        [false, true, true]
    );
    // A new one takes the place of the old.
    world.partition(&[&["c"]]);
    world.run_for(secs(2));
    whole.send(b"?");
    world.run_for(secs(2));
    assert!(cut.is_open() && whole.received_len() == 0);
}

#[test]
fn a_long_partition_ends_as_tcp_ends_it() {
    let (mut world, node, peer) = connected(Watch::silent);
    let began = world.now();
    world.partition(&[&["client"]]);
    peer.send(b"anybody?");
    world.run_until(|_| peer.end().is_some(), PATIENCE);
    assert_eq!(peer.end(), Some(PeerEnd::Failed(ErrorKind::TimedOut)));
    let took = world.now() - began;
    assert!(took > secs(13 * 60) && took < secs(17 * 60), "{took:?}");
    // One that sends nothing learns nothing.
    assert!(world.state(&node).closed.is_empty());
}

#[test]
fn an_answer_that_does_not_get_through_is_given_again() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::silent);
    world.set_link_faults(LinkFaults {
        latency: ms(10)..=ms(10),
        ..LinkFaults::none()
    });
    let peer = world.peer("client", "server:7000");
    world.run_for(ms(15));
    assert_eq!(world.state(&node).opened.len(), 1, "it was accepted");
    let link = peer.server_link().expect("it is accepted");
    world
        .with(&node, |cx| cx.links.send_bytes(link, b"welcome".as_slice()))
        .expect("it is open");
    world.partition(&[&["client"]]);
    world.run_for(secs(3));
    assert!(!peer.is_open() && peer.received_len() == 0);
    world.heal();
    world.run_for(secs(11));
    assert!(peer.is_open());
    assert_eq!(peer.take_received(), b"welcome");
}

#[test]
fn calm_ends_all_trouble_also_of_links_that_have_it() {
    let faults = LinkFaults {
        stall: 1.0,
        stall_for: secs(900)..=secs(900),
        within_bytes: 0,
        ..LinkFaults::none()
    };
    let (mut world, node, stalled) = with_faults(faults, Watch::echo);
    world.set_link_faults(LinkFaults {
        bandwidth_bytes_per_s: Some(10),
        ..LinkFaults::none()
    });
    let slow = world.peer("client", "server:7000");
    world.run_for(ms(1));
    world.set_link_faults(LinkFaults {
        hang: 1.0,
        bandwidth_bytes_per_s: Some(10),
        ..LinkFaults::none()
    });
    let hanging = world.peer("client", "server:7000");
    world.set_node_faults(NodeFaults {
        crash_every: Some(secs(5)),
        ..NodeFaults::none()
    });
    world.set_node_faults(NodeFaults::none());
    stalled.send(b"stalled");
    slow.send(&[1; 10_000]);
    world.run_for(secs(1));
    assert!(stalled.received_len() == 0 && slow.received_len() < 100);
    world.pause(&node);
    world.calm().expect("nothing is to be restarted");
    let began = world.now();
    world.run_until(
        |_| stalled.received_len() == 7 && slow.received_len() > 9_900,
        secs(1),
    );
    assert!(world.now() <= began + HOP * 4 + us(10), "{}", world.now());
    world.run_until(|_| hanging.is_open(), secs(2));
    world.run_for(secs(100));
    assert!(world.is_up(&node), "no crash is left over");
}

#[test]
fn calm_heals_and_restarts() {
    let mut world = World::new(1);
    let nodes = ["a", "b"].map(|name| server(&mut world, name, Watch::silent));
    world.partition(&[&["a"]]);
    world.crash("a", oneloop::sim::Crash::Silent);
    world.crash("b", oneloop::sim::Crash::Process);
    world.calm().expect("they start");
    assert!(nodes.iter().all(|node| world.is_up(node)));
    let peer = world.peer("a", "b:7000");
    world.run_for(ms(1));
    assert!(peer.is_open());
}

#[test]
fn faults_of_hosts_without_a_node_are_harmless() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::echo);
    let peer = world.peer("client", "server:7000");
    world.pause("client");
    world.resume("client");
    world.signal("client");
    world.crash("client", oneloop::sim::Crash::Silent);
    world.restart("client").expect("there is nothing to start");
    assert!(!world.is_up("client"));
    assert_eq!(world.counters("client").turns, 0);
    peer.send(b"ok");
    world.run_for(ms(1));
    assert_eq!(peer.received_len(), 2);
    assert!(world.is_up(node));
}
