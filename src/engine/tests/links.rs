//! Pushes, groups, values.

use super::*;
use crate::codec::Lines;
use crate::context::{Context, Session, Verdict};
use crate::{Input, Result};

fn peers(server: &mut Server, net: &Rc<RefCell<Net>>, count: usize) -> Vec<Peer> {
    let peers = (0..count).map(|_| Peer::dial(net)).collect();
    server.settle();
    peers
}

fn got(peers: &mut [Peer]) -> Vec<usize> {
    peers.iter_mut().map(|peer| answers(peer).len()).collect()
}

#[test]
fn a_push_goes_to_one_to_many_to_all_or_to_all_but_one() {
    let (mut server, net) = plain_server(echo);
    let mut peers = peers(&mut server, &net, 4);
    let ids = server.engine.state.links.clone();
    server.cx().links.send(ids[1], 7, "one").expect("open");
    server.settle();
    assert_eq!(got(&mut peers), [0, 1, 0, 0]);
    assert_eq!(server.cx().links.push(&ids[..2], 7, "many"), 2);
    server.settle();
    assert_eq!(got(&mut peers), [1, 1, 0, 0]);
    assert_eq!(server.cx().links.push_all(7, "all"), 4);
    server.settle();
    assert_eq!(got(&mut peers), [1, 1, 1, 1]);
    assert_eq!(server.cx().links.push_all_but(ids[2], 7, "but"), 3);
    server.settle();
    assert_eq!(got(&mut peers), [1, 1, 0, 1]);
    peers[0].reset();
    server.settle();
    assert_eq!(
        server.cx().links.push(&ids, 7, "the living"),
        3,
        "it says how many took it"
    );
    let counters = server.counters();
    assert_eq!(
        (counters.pushes, counters.pushes_refused),
        (1 + 2 + 4 + 3 + 3, 1)
    );
}

#[test]
fn a_large_push_is_one_copy_in_memory_shared_by_all() {
    let (mut server, net) = plain_server(echo);
    net.borrow_mut().window = 0;
    let _peers = peers(&mut server, &net, 50);
    let ids = server.engine.state.links.clone();
    let body = vec![7; 100_000];
    assert_eq!(server.cx().links.push(&ids, 7, &body), 50);
    let pieces: std::collections::BTreeSet<usize> = ids
        .iter()
        .map(|&id| {
            let mut slices = [std::io::IoSlice::new(&[]); 4];
            let links = server.engine.context().links;
            let link = links.get(id).expect("open");
            let filled = link.outbox.slices(&mut slices);
            assert_eq!(filled, 2, "a head of its own, and the body");
            slices[1].as_ptr() as usize
        })
        .collect();
    assert_eq!(pieces.len(), 1);
}

#[test]
fn groups_drop_dead_links_by_themselves() {
    let (mut server, net) = plain_server(echo);
    let mut peers = peers(&mut server, &net, 5);
    let ids = server.engine.state.links.clone();
    let cx = server.cx();
    let (lobby, other) = (cx.links.create_group(), cx.links.create_group());
    for &id in &ids {
        assert!(cx.links.join(lobby, id));
        assert!(cx.links.join(other, id));
        assert!(!cx.links.join(lobby, id), "once is enough");
    }
    assert!(cx.links.leave(other, ids[3]));
    assert!(!cx.links.leave(other, ids[3]));
    for dead in [0, 4, 2] {
        peers[dead].reset();
        server.settle();
    }
    let cx = server.cx();
    let mut left = cx.links.members(lobby).to_vec();
    left.sort();
    assert_eq!(left, [ids[1], ids[3]]);
    assert_eq!(cx.links.members(other), [ids[1]]);
    assert_eq!(cx.links.push_group(lobby, 7, "x"), 2);
    assert_eq!(cx.links.push_group_but(lobby, ids[1], 7, "x"), 1);
    cx.links.remove_group(lobby);
    assert_eq!(
        cx.links.push_group(lobby, 7, "x"),
        0,
        "a group that is gone has nobody"
    );
    assert!(!cx.links.join(lobby, ids[1]));
    let next = cx.links.create_group();
    assert!(
        cx.links.members(next).is_empty(),
        "and its slot's next group is another"
    );
    assert_ne!(next, lobby);
    server.settle();
    assert_eq!(got(&mut peers[1..4]), [1, 0, 2]);
}

#[test]
fn a_value_is_attached_to_a_link_until_it_dies() {
    struct Watched(Rc<RefCell<u32>>);
    impl Drop for Watched {
        fn drop(&mut self) {
            *self.0.borrow_mut() += 1;
        }
    }
    let (mut server, net) = plain_server(echo);
    let mut peers = peers(&mut server, &net, 1);
    let id = server.engine.state.links[0];
    let drops = Rc::new(RefCell::new(0));
    let cx = server.cx();
    assert!(cx.links.attach(id, Watched(Rc::clone(&drops))));
    assert!(cx.links.attached::<String>(id).is_none(), "another type");
    assert!(cx.links.attached::<Watched>(id).is_some());
    assert!(cx.links.detach::<String>(id).is_none());
    assert!(cx.links.attached_mut::<Watched>(id).is_some());
    assert!(cx.links.attach(id, Watched(Rc::clone(&drops))));
    assert_eq!(*drops.borrow(), 1, "the one before");
    peers[0].reset();
    server.settle();
    assert_eq!(*drops.borrow(), 2);
}

/// Lines, as a user would write a protocol of his own.
struct Shout {
    codec: Lines,
}

impl Session<Notes> for Shout {
    fn opened(&mut self, cx: &mut Context<'_, Notes>) -> Result<Verdict> {
        let link = cx.link();
        cx.state.links.push(link);
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, Notes>) -> Result<Verdict> {
        use crate::codec::Decoder;
        while let Some(line) = cx.next_frame(input, |input| self.codec.decode(input))? {
            cx.send_bytes([line, b"!\n"].concat())?;
        }
        Ok(Verdict::Continue)
    }
}

#[test]
fn a_protocol_of_ones_own_has_the_same_rules_and_takes_no_commands() {
    let net = net();
    let link = LinkLimits {
        frames_per_turn_max: 2,
        ..LinkLimits::default()
    };
    let mut node = Node::new(&net, Notes::default(), limits(link));
    node.listen((), || Shout {
        codec: Lines::default(),
    });
    let mut peer = Peer::dial(&net);
    peer.send(b"one\ntwo\r\nthree\nfour\nfi");
    node.settle();
    peer.send(b"ve\n");
    node.settle();
    assert_eq!(peer.read(), b"one!\ntwo!\nthree!\nfour!\nfive!\n");
    let id = node.engine.state.links[0];
    assert!(
        node.cx()
            .links
            .send(id, 1, "x")
            .is_err_and(|error| error.to_string().contains("no commands"))
    );
    assert_eq!(node.cx().links.push_all(1, "x"), 0);
    node.cx().links.send_bytes(id, "raw\n").expect("open");
    node.settle();
    assert_eq!(peer.read(), b"raw\n");
}

#[test]
fn who_is_told_that_a_link_closed_still_finds_what_was_attached_to_it() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service.on_opened(|cx, link| _ = cx.links.attach(link, String::from("ann")));
        service.on_closed(|cx, link, _| {
            let name = cx.links.detach::<String>(link).expect("still there");
            assert!(!cx.links.is_open(link) && cx.links.ids().all(|id| id != link));
            assert!(cx.links.send(link, 1, "too late").is_err());
            cx.wake_at(cx.now() + SECOND);
            cx.state.say(name);
        });
    });
    let mut peers = peers(&mut server, &net, 1);
    peers[0].reset();
    server.settle();
    assert_eq!(server.engine.state.said.last().expect("told"), "ann");
    assert_eq!(server.counters().timers_open, 0);
}
