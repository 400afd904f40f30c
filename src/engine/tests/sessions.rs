//! What user code may do to the loop, and not.

use proptest::prelude::*;

use super::*;
use crate::context::{Context, Reason, ReasonKind, Session, Verdict};
use crate::service::Remedy;
use crate::{Input, Result};

#[test]
fn a_handlers_panic_is_answered_and_ends_its_own_link_only() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .on(2, |_| -> () { panic!("on purpose") })
            .expect("free");
        service.on_failure(|_, failure| Remedy::Reply {
            command: 999,
            body: failure.error.to_string().into(),
        });
    });
    let mut other = Peer::dial(&net);
    for round in 1..=100 {
        let mut peer = Peer::dial(&net);
        peer.send(&[frame(1, b"before"), frame(2, b""), frame(1, b"after")].concat());
        other.send(&frame(1, b"bystander"));
        server.settle();
        assert_eq!(
            answers(&mut peer),
            [
                (1, b"before".to_vec()),
                (999, b"panicked: on purpose".to_vec())
            ]
        );
        assert!(peer.is_ended());
        assert_eq!(answers(&mut other).len(), 1);
        peer.end();
        server.settle();
        assert_eq!(server.counters().closed_by(ReasonKind::Panicked), round);
    }
    assert_eq!(server.counters().panics, 100);
    assert_eq!(server.counters().links_open, 1);
}

#[test]
fn a_panic_in_a_hook_of_a_closing_link_leaves_the_loop_whole() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service.on_closed(|_, _, _| panic!("while closing"));
        service.on_opened(|cx, _| {
            if cx.state.links.len() == 3 {
                panic!("while opening");
            }
        });
    });
    let mut peers: Vec<Peer> = (0..4).map(|_| Peer::dial(&net)).collect();
    server.settle();
    assert!(peers[2].is_ended(), "the third was closed");
    for peer in &mut peers {
        peer.end();
    }
    server.settle();
    assert_eq!(server.counters().links_open, 0);
    assert_eq!(server.counters().panics, 5);
}

/// A session that does what its peer says, one byte an action.
struct Puppet;

impl Session<Notes> for Puppet {
    fn opened(&mut self, cx: &mut Context<'_, Notes>) -> Result<Verdict> {
        let link = cx.link();
        cx.state.links.push(link);
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, Notes>) -> Result<Verdict> {
        while let Some(action) = cx.next_frame(input, |input| {
            Ok(input.take(2).map(|action| (action[0], action[1])))
        })? {
            let some = cx.state.links[usize::from(action.1) % cx.state.links.len()];
            let own = cx.link();
            match action.0 % 16 {
                0 => cx.links.close(own),
                1 => cx.links.close(some),
                2 => cx.links.close_when_sent(own),
                3 => cx.links.close_when_sent(some),
                4 => cx.links.close_when_answered(some),
                5 => cx.links.end_when_sent(own),
                6 => _ = cx.send_bytes(vec![7; usize::from(action.1) * 20]),
                7 => _ = cx.links.send_bytes(some, "to another"),
                8 => _ = cx.after(MILLISECOND, move |cx| cx.links.close(some)),
                9 => {
                    let (promise, mut later) = cx.defer::<()>();
                    assert!(cx.notify_link(&mut later, 1));
                    cx.after(u32::from(action.1) * MILLISECOND, move |_| {
                        drop((promise, later))
                    });
                }
                10 => return Ok(Verdict::CloseNow),
                11 => return Ok(Verdict::CloseWhenSent),
                12 => return Ok(Verdict::CloseWhenAnswered),
                13 => return Err("a failure".into()),
                14 if action.1 < 64 => panic!("a panic"),
                _ => {
                    let group = cx.links.create_group();
                    cx.links.join(group, own);
                    cx.links.join(group, some);
                }
            }
        }
        Ok(Verdict::Continue)
    }

    fn answered(&mut self, _: u64, cx: &mut Context<'_, Notes>) -> Result<Verdict> {
        let own = cx.link();
        cx.links.call_closed(own);
        Ok(Verdict::Continue)
    }

    fn closed(&mut self, _: &Reason, cx: &mut Context<'_, Notes>) {
        let own = cx.link();
        assert!(!cx.links.is_open(own), "it is gone when it is told");
        cx.links.close(own);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_sequence_of_actions_breaks_the_loop(
        steps in prop::collection::vec((0_usize..6, prop::collection::vec(any::<u8>(), 0..12), 0_u8..12), 1..40),
        window in 0_usize..3000,
        frames_per_turn_max in 1_u32..4,
    ) {
        let net = net();
        net.borrow_mut().window = window;
        let link = LinkLimits {
            frames_per_turn_max, calls_max: 3,
            outbox_bytes_low: 100, outbox_bytes_high: 2000, outbox_bytes_max: 9000, ..LinkLimits::default()
        };
        let mut node = Node::new(&net, Notes::default(), limits(link));
        node.listen((), || Puppet);
        let mut peers: Vec<Peer> = (0..6).map(|_| Peer::dial(&net)).collect();
        for (index, bytes, action) in steps {
            match action {
                0 => peers[index].end(),
                1 => peers[index].reset(),
                2 => peers[index] = Peer::dial(&net),
                3 => _ = peers[index].read(),
                4 => peers[index].disturb(),
                5 => node.pass(3 * MILLISECOND),
                _ => peers[index].send(&bytes),
            }
            // The engine checks its invariants after every turn.
            node.turn();
        }
        node.handle.stop();
        node.pass(30 * SECOND);
        prop_assert!(node.engine.is_done());
        let counters = node.counters();
        prop_assert_eq!(counters.accepted, counters.closed());
        prop_assert_eq!((counters.links_open, counters.outbox_bytes, counters.inbox_bytes, counters.calls_open), (0, 0, 0, 0));
    }
}
