//! Peers that lie.

use super::*;
use crate::context::ReasonKind;

/// A head with this length field.
fn head(length: u32) -> Vec<u8> {
    let mut head = vec![0; 17];
    head[9..13].copy_from_slice(&length.to_be_bytes());
    head[16] = 1;
    head
}

#[test]
fn lengths_at_and_around_the_limits() {
    let most = 1000;
    let link = LinkLimits {
        frame_bytes_max: most,
        ..LinkLimits::default()
    };
    for (length, good) in [
        (0, false),
        (3, false),
        (4, true),
        (999, true),
        (1000, true),
        (1001, false),
        (1 << 31, false),
        (u32::MAX, false),
    ] {
        let (mut server, net) = server(limits(link.clone()), echo);
        let mut liar = Peer::dial(&net);
        let mut other = Peer::dial(&net);
        liar.send(&frame(1, b"before"));
        liar.send(&head(length));
        liar.send(&vec![7; if good { length as usize - 4 } else { 100 }]);
        other.send(&frame(1, b"other"));
        server.settle();
        let got = answers(&mut liar);
        assert_eq!(got.len(), 1 + usize::from(good), "length {length}");
        assert_eq!(got[0].1, b"before");
        assert_eq!(liar.is_ended(), !good, "length {length}");
        assert_eq!(
            answers(&mut other),
            [(1, b"other".to_vec())],
            "nobody else is hurt"
        );
        liar.end();
        server.settle();
        let faults = server.counters().closed_by(ReasonKind::Fault);
        assert_eq!(faults, u64::from(!good), "length {length}");
    }
}

#[test]
fn a_smuggled_command_is_never_run() {
    // Length 0 with command 0, then command 1: Firefly ran command 9, the length of the second frame.
    let (mut server, net) = plain_server(|service| {
        service
            .catch_all(|call| {
                let command = call.command();
                call.state.say(format!("command {command}"));
            })
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[vec![0; 17], frame(1, b"after")].concat());
    server.settle();
    assert!(
        !server
            .engine
            .state
            .said
            .iter()
            .any(|said| said.starts_with("command")),
        "{:?}",
        server.engine.state.said
    );
    assert!(peer.is_ended());
}

#[test]
fn a_large_claim_costs_no_memory() {
    let (mut server, net) = plain_server(echo);
    let mut peers: Vec<Peer> = (0..1000).map(|_| Peer::dial(&net)).collect();
    for peer in &mut peers {
        peer.send(&head(1 << 20));
        peer.send(&[1; 100]);
    }
    server.settle();
    assert_eq!(server.counters().inbox_bytes, 1000 * 100);
    let cx = server.cx();
    let ids: Vec<LinkId> = cx.links.ids().collect();
    let held: usize = ids
        .iter()
        .map(|&id| cx.links.get(id).expect("open").inbox.capacity())
        .sum();
    assert!(
        held <= 1000 * 256,
        "{held} bytes held for {} that came",
        1000 * 100
    );
}

#[test]
fn a_flood_of_empty_frames_grows_nothing() {
    let (mut server, net) = plain_server(|service| {
        service.on(1, |_| ()).expect("free");
    });
    let mut peer = Peer::dial(&net);
    let batch = frame(1, b"").repeat(10_000);
    for _ in 0..20 {
        peer.send(&batch);
        server.settle();
    }
    let counters = server.counters();
    assert_eq!(
        (
            counters.frames_in,
            counters.inbox_bytes,
            counters.outbox_bytes_peak
        ),
        (200_000, 0, 0)
    );
}

#[test]
fn every_cut_of_the_stream_gives_the_same_answers() {
    let calls = [frame(1, b""), frame(1, b"abc"), frame(1, &[7; 300])].concat();
    let mut whole = None;
    for cut in 0..=calls.len() {
        let (mut server, net) = plain_server(echo);
        let mut peer = Peer::dial(&net);
        peer.send(&calls[..cut]);
        server.settle();
        peer.send(&calls[cut..]);
        server.settle();
        let got = peer.read();
        assert_eq!(
            *whole.get_or_insert_with(|| got.clone()),
            got,
            "cut at {cut}"
        );
    }
    let (mut server, net) = plain_server(echo);
    let mut peer = Peer::dial(&net);
    for byte in &calls {
        peer.send(&[*byte]);
        server.settle();
    }
    assert_eq!(whole.expect("run above"), peer.read(), "byte by byte");
}
