//! Replies that wait for one another, and what is left of them when something fails.

use super::*;
use crate::error::Error;
use crate::service::Remedy;

#[test]
fn ordered_calls_expire_in_order() {
    let kept = Kept::default();
    let link = LinkLimits {
        call_deadline: SECOND,
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), |service| {
        service.ordered_replies();
        for command in 1..=3 {
            keep(service, command, &kept);
        }
        service.on_failure(|_, failure| Remedy::Reply {
            command: 900 + failure.command,
            body: "".into(),
        });
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(1, b""), frame(2, b"")].concat());
    server.settle();
    kept.borrow_mut().remove(0).resolve("first");
    server.settle();
    assert_eq!(answers(&mut peer).len(), 1);
    peer.send(&frame(3, b""));
    server.settle();
    server.pass(2 * SECOND);
    let got: Vec<u32> = answers(&mut peer)
        .into_iter()
        .map(|(command, _)| command)
        .collect();
    assert_eq!(got, [902, 903]);
}

#[test]
fn behind_a_failed_ordered_reply_no_other_expires_in_its_place() {
    let kept = Kept::default();
    let link = LinkLimits {
        call_deadline: SECOND,
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), |service| {
        service.ordered_replies();
        keep(service, 2, &kept);
        service.on(1, |_| "x").expect("free");
        service.on_failure(|_, failure| match failure.error {
            Error::Timeout => Remedy::Reply {
                command: 999,
                body: "".into(),
            },
            _ => Remedy::Close,
        });
    });
    net.borrow_mut().window = 5;
    let mut peer = Peer::dial(&net);
    peer.send(
        &[
            frame(1, b""),
            frame(2, b""),
            frame(2, b""),
            frame(1, b"held"),
        ]
        .concat(),
    );
    server.settle();
    kept.borrow_mut().remove(0).reject("no");
    server.settle();
    server.pass(2 * SECOND);
    net.borrow_mut().window = 5000;
    let mut got = peer.read();
    for _ in 0..5 {
        server.settle();
        got.extend(peer.read());
    }
    assert_eq!(frames(&got).len(), 1, "{:?}", frames(&got));
}

#[test]
fn an_encoder_that_panics_for_another_link_leaves_no_buffer() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let mut service = CommandService::<Notes>::new();
    service.on_opened(|cx, link| cx.state.links.push(link));
    service.on(2, |_| "fine").expect("free");
    node.listen(Half::default(), service);
    let _peer = Peer::dial(&net);
    node.settle();
    let link = node.engine.state.links[0];
    node.cx()
        .next_turn(move |cx| _ = cx.links.send(link, 67, b"x"));
    node.settle();
    assert_eq!(node.counters().panics, 1);
}

#[test]
fn a_call_closed_once_too_often_takes_no_other_links_away() {
    let kept = Kept::default();
    let (mut server, net) = plain_server(|service| {
        keep(service, 2, &kept);
    });
    let (mut a, mut b) = (Peer::dial(&net), Peer::dial(&net));
    a.send(&frame(2, b""));
    server.settle();
    b.send(b"");
    let idle = server.engine.state.links[1];
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        server.cx().links.call_closed(idle)
    }));
    a.reset();
    server.settle();
    assert_eq!(server.counters().calls_open, 0);
}

#[test]
fn a_reply_that_is_ordered_goes_out_before_its_close() {
    let kept = Kept::default();
    let (mut server, net) = plain_server(|service| {
        service.ordered_replies();
        keep(service, 2, &kept);
        service
            .on(3, |call| {
                call.close_when_sent();
                call.reply("bye")
            })
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(2, b""), frame(3, b"")].concat());
    server.settle();
    let promise = kept.borrow_mut().pop().expect("one");
    promise.resolve("first");
    server.settle();
    assert_eq!(answers(&mut peer).len(), 2);
}
