//! One test for each fault that was found, named for what holds now.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::*;
use crate::context::{Context, Session, Verdict};
use crate::deferred::Deferred;
use crate::service::Remedy;
use crate::{Input, Result};

fn survives(what: &str, run: impl FnOnce()) {
    assert!(
        catch_unwind(AssertUnwindSafe(run)).is_ok(),
        "{what}: the panic left the engine, and run() with it"
    );
}

struct DropsBadly;
impl Drop for DropsBadly {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("in a drop");
        }
    }
}

struct Mute;
impl Session<Notes> for Mute {
    fn received(&mut self, input: &mut Input<'_>, _: &mut Context<'_, Notes>) -> Result<Verdict> {
        input.take(input.rest().len());
        Ok(Verdict::Continue)
    }
}

#[test]
fn a_session_factory_that_panics_closes_its_link() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    node.listen((), || -> Mute { panic!("in the factory") });
    let _peer = Peer::dial(&net);
    survives("factory", || node.settle());
}

#[test]
fn an_attached_value_that_panics_when_dropped_ends_nothing_else() {
    let (mut server, net) = plain_server(echo);
    let mut peer = Peer::dial(&net);
    server.settle();
    let link = server.engine.state.links[0];
    server.cx().links.attach(link, DropsBadly);
    peer.end();
    survives("attached", || server.settle());
}

#[test]
fn a_late_value_that_panics_when_dropped_ends_nothing_else() {
    let (mut server, _net) = plain_server(echo);
    let later = server.cx().blocking(|| DropsBadly);
    drop(later);
    server.work();
    survives("late value", || server.settle());
}

#[test]
fn a_timer_that_panics_when_dropped_ends_nothing_else() {
    let (mut server, _net) = plain_server(echo);
    let own: Rc<RefCell<Option<crate::TimerId>>> = Rc::default();
    let (mine, bad) = (Rc::clone(&own), DropsBadly);
    let timer = server.cx().every(MILLISECOND, move |cx, _| {
        let _hold = &bad;
        cx.cancel(mine.borrow().expect("set below"));
    });
    *own.borrow_mut() = Some(timer);
    survives("timer closure", || server.pass(SECOND));
}

#[test]
fn an_encoder_that_fails_or_panics_in_the_middle_leaves_no_part_of_a_frame() {
    for command in [66, 67] {
        let net = net();
        let mut node = Node::new(&net, Notes::default(), Limits::default());
        let mut service = CommandService::<Notes>::new();
        service
            .on(1, move |call| {
                let _ = call.send(command, b"x");
            })
            .expect("free");
        service.on(2, |_| "fine").expect("free");
        node.listen(Half::default(), service);
        let mut peer = Peer::dial(&net);
        peer.send(&[frame(1, b""), frame(2, b"")].concat());
        survives("encoder", || node.settle());
        let got = peer.read();
        assert!(!got.starts_with(b"half"), "a torn frame went out");
    }
}

#[test]
fn a_closed_hook_that_dials_again_at_once_does_not_hold_the_turn() {
    fn dial(cx: &mut Context<'_, Notes>) {
        let mut service = CommandService::<Notes>::new();
        service.on_closed(|cx, _, _| {
            cx.state.say("again");
            // The test's way out; in production there is none.
            assert!(cx.state.said.len() < 10_000, "within one turn");
            dial(cx);
        });
        let _ = cx.connect("nobody:1", DataPack::default(), service);
    }
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    dial(&mut node.cx());
    node.turn();
    assert!(
        node.engine.state.said.len() < 100,
        "{} redials in one turn: the loop never comes back",
        node.engine.state.said.len()
    );
}

#[test]
fn a_start_between_turns_leaves_what_a_budget_left_over_to_be_served() {
    let link = LinkLimits {
        frames_per_turn_max: 3,
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), echo);
    let mut peer = Peer::dial(&net);
    server.settle();
    peer.send(&frame(1, b"").repeat(10));
    server.turn();
    server.engine.start(|_| Ok(())).expect("fine"); // Reactor::start, or Reactor::connect
    server.settle();
    assert_eq!(answers(&mut peer).len(), 10);
}

#[test]
fn behind_a_failed_ordered_reply_no_other_leaves_in_its_place() {
    let kept = Kept::default();
    let (mut server, net) = plain_server(|service| {
        service.ordered_replies();
        keep(service, 2, &kept);
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(2, b"a"), frame(2, b"b")].concat());
    server.settle();
    let first = kept.borrow_mut().remove(0);
    let second = kept.borrow_mut().remove(0);
    first.reject("no");
    second.resolve("answer of the second");
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [],
        "the peer takes it for the answer of the first"
    );
}

#[test]
fn the_last_word_of_a_panic_overtakes_no_ordered_reply() {
    let kept = Kept::default();
    let (mut server, net) = plain_server(|service| {
        service.ordered_replies();
        keep(service, 2, &kept);
        service
            .on(3, |_| -> () { panic!("on purpose") })
            .expect("free");
        service.on_failure(|_, failure| Remedy::Reply {
            command: failure.command,
            body: "error".into(),
        });
    });
    let _kept = kept;
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(2, b"a"), frame(3, b"b")].concat());
    server.settle();
    assert_eq!(answers(&mut peer), [], "the first call is not answered yet");
}

#[test]
fn a_stale_ticket_does_not_answer_a_new_call() {
    let kept = Kept::default();
    let limits = Limits {
        continuations_per_turn_max: 1,
        link: LinkLimits {
            call_deadline: SECOND,
            ..LinkLimits::default()
        },
        ..Limits::default()
    };
    let (mut server, net) = server(limits, |service| {
        keep(service, 2, &kept);
        service.on_failure(|_, failure| Remedy::Reply {
            command: 999,
            body: failure.error.to_string().into(),
        });
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(2, b""));
    server.settle();
    let first = kept.borrow_mut().remove(0);
    // The answer comes in the very turn of the deadline, behind others.
    net.borrow_mut().skip(2 * SECOND);
    for _ in 0..5 {
        let mut cx = server.cx();
        let (promise, later) = cx.defer::<()>();
        cx.when(later, |_, _| ());
        promise.resolve(());
    }
    first.resolve("late");
    server.turn(); // expires the call; its ticket stays on the queue
    peer.send(&frame(2, b"")); // a new call: number 1 again
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(999, b"the deadline passed".to_vec())],
        "only the first failed"
    );
    assert_eq!(kept.borrow().len(), 1);
    assert!(
        !kept.borrow()[0].is_cancelled(),
        "the second is still waited for"
    );
}

#[test]
fn after_close_when_answered_no_frame_of_a_leftover_is_handled() {
    for before in [0, 2] {
        let link = LinkLimits {
            frames_per_turn_max: 2,
            ..LinkLimits::default()
        };
        let (mut server, net) = server(limits(link), |service| {
            echo(service);
            service
                .on(3, |call| {
                    let link = call.link();
                    call.links.close_when_answered(link);
                })
                .expect("free");
        });
        let mut peer = Peer::dial(&net);
        server.settle();
        peer.send(
            &[
                frame(1, b"x").repeat(before),
                frame(3, b""),
                frame(1, b"behind").repeat(4),
            ]
            .concat(),
        );
        server.settle();
        assert_eq!(
            answers(&mut peer).len(),
            before,
            "the same, wherever a turn's budget ended"
        );
    }
}

#[test]
fn a_peer_that_never_reads_does_not_hold_its_memory_for_ever() {
    let (mut server, net) = server(limits(marks()), echo);
    net.borrow_mut().window = 500;
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, &[b'x'; 483]).repeat(100));
    server.pass(24 * 3600 * SECOND);
    let counters = server.counters();
    assert_eq!(
        (counters.links_open, counters.outbox_bytes),
        (0, 0),
        "a write deadline should have cut it"
    );
}

#[test]
fn peers_that_never_read_do_not_shut_the_door() {
    let limits = Limits {
        buffered_bytes_max: 30_000,
        link: marks(),
        ..Limits::default()
    };
    let (mut server, net) = server(limits, echo);
    net.borrow_mut().window = 500;
    let mut bad: Vec<Peer> = (0..9).map(|_| Peer::dial(&net)).collect();
    server.settle();
    for peer in &mut bad {
        peer.send(&frame(1, &[b'x'; 483]).repeat(100));
    }
    server.settle();
    let mut honest = Peer::dial(&net);
    honest.send(&frame(1, b"hello"));
    server.pass(24 * 3600 * SECOND);
    assert_eq!(
        answers(&mut honest).len(),
        1,
        "a day later; {} open, {} bytes",
        server.counters().links_open,
        server.counters().outbox_bytes
    );
}

#[test]
fn close_when_answered_closes_a_link_that_is_stuck() {
    let limits = limits(LinkLimits {
        idle_timeout: Some(60 * SECOND),
        ..marks()
    });
    let (mut server, net) = server(limits, echo);
    net.borrow_mut().window = 500;
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, &[b'x'; 483]).repeat(100));
    server.settle();
    let link = server.engine.state.links[0];
    server.cx().links.close_when_answered(link);
    server.pass(24 * 3600 * SECOND);
    assert_eq!(
        server.counters().links_open,
        0,
        "Finishing, leftover and choked: no deadline, not even the idle one"
    );
}

struct HalfOpen {
    ends: Rc<Cell<u32>>,
    end_back: bool,
}
impl Session<Notes> for HalfOpen {
    fn received(&mut self, input: &mut Input<'_>, _: &mut Context<'_, Notes>) -> Result<Verdict> {
        input.take(input.rest().len());
        Ok(Verdict::Continue)
    }
    fn ended(&mut self, cx: &mut Context<'_, Notes>) -> Result<Verdict> {
        self.ends.set(self.ends.get() + 1);
        if self.end_back {
            let link = cx.link();
            cx.links.end_when_sent(link);
        }
        Ok(Verdict::Continue)
    }
}

#[test]
fn the_end_of_a_stream_is_told_once() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let ends = Rc::new(Cell::new(0));
    let shared = Rc::clone(&ends);
    node.listen((), move || HalfOpen {
        ends: Rc::clone(&shared),
        end_back: false,
    });
    let mut peer = Peer::dial(&net);
    peer.end();
    node.settle();
    for _ in 0..5 {
        peer.disturb(); // every EPOLLOUT edge carries IN | RDHUP again
        node.settle();
    }
    assert_eq!(ends.get(), 1);
}

#[test]
fn a_link_whose_both_streams_ended_is_let_go() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let ends = Rc::new(Cell::new(0));
    let shared = Rc::clone(&ends);
    node.listen((), move || HalfOpen {
        ends: Rc::clone(&shared),
        end_back: true,
    });
    let mut peer = Peer::dial(&net);
    peer.end();
    node.pass(3600 * SECOND);
    assert_eq!(
        node.counters().links_open,
        0,
        "nobody can say anything on it any more"
    );
}

#[test]
fn part_frames_stay_within_the_memory_budget() {
    let limits = Limits {
        buffered_bytes_max: 1_000_000,
        ..Limits::default()
    };
    let (mut server, net) = server(limits, echo);
    let mut peers: Vec<Peer> = (0..100).map(|_| Peer::dial(&net)).collect();
    server.settle();
    let part = &frame(1, &vec![0; 1_000_000])[..900_000];
    for peer in &mut peers {
        peer.send(part);
    }
    server.settle();
    assert!(
        server.counters().inbox_bytes <= 3_000_000,
        "{} bytes",
        server.counters().inbox_bytes
    );
}

#[test]
fn ordered_replies_that_wait_are_counted_and_bounded() {
    let kept = Kept::default();
    let (mut server, net) = plain_server(|service| {
        service.ordered_replies();
        keep(service, 2, &kept);
        service.on(3, |_| vec![7; 1 << 20]).expect("free");
    });
    let _kept = kept;
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(2, b""), frame(3, b"").repeat(200)].concat());
    server.settle();
    let counters = server.counters();
    let held = (counters.calls_open as usize - 1) << 20;
    assert!(
        held <= 8 << 20,
        "{held} bytes of replies are held, {} are counted",
        counters.outbox_bytes
    );
}

#[test]
fn bytes_told_of_before_a_link_is_up_are_read() {
    let (mut server, net) = plain_server(|service| {
        service.on_opened(|cx, link| _ = cx.links.send(link, 1, "greeting"));
    });
    let mut client = Node::new(&net, Notes::default(), Limits::default());
    let mut service = CommandService::<Notes>::new();
    service
        .on(1, |call| call.state.say("greeted"))
        .expect("free");
    let link = client
        .cx()
        .connect("server:1", DataPack::default(), service)
        .expect("room");
    client.engine.begin_turn();
    client.engine.readable(link, false);
    client.engine.end_turn();
    server.settle();
    client.engine.begin_turn();
    client.engine.writable(link); // the readable event came with an earlier batch
    client.engine.end_turn(); // check() panics here
    client.settle();
    assert_eq!(client.engine.state.said, ["greeted"]);
}

#[test]
fn a_huge_read_budget_is_bounded() {
    let link = LinkLimits {
        read_bytes_per_turn_max: usize::MAX,
        ..LinkLimits::default()
    };
    survives("with_limits", || drop(server(limits(link), echo)));
}

#[test]
fn nothing_sent_on_a_dialling_link_holds_no_buffer() {
    let net = net();
    net.borrow_mut().hang_connects = true;
    let mut client = Node::new(&net, Notes::default(), Limits::default());
    let link = client.cx().connect("server:1", (), || Mute).expect("room");
    // A buffer has to be in the pool for it to be lent.
    client.cx().links.spare.give(Vec::with_capacity(100));
    client.cx().links.send_bytes(link, b"").expect("kept");
    survives("check", || client.settle());
}

#[test]
fn a_reply_whose_value_is_dropped_is_sent_also_when_it_has_to_wait() {
    let kept = Kept::default();
    let (mut server, net) = plain_server(|service| {
        service.ordered_replies();
        keep(service, 2, &kept);
        service
            .on(3, |call| drop(call.reply("sent when nothing waits")))
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(3, b""));
    server.settle();
    assert_eq!(answers(&mut peer).len(), 1);
    peer.send(&[frame(2, b""), frame(3, b"")].concat());
    server.settle();
    kept.borrow_mut().remove(0).resolve("first");
    server.settle();
    assert_eq!(
        answers(&mut peer).len(),
        2,
        "the same handler, behind a call that waits"
    );
}

#[test]
fn what_was_sent_to_a_dialling_link_before_closing_it_arrives() {
    let (mut server, net) = plain_server(|service| {
        service
            .on(1, |call| call.state.say("arrived"))
            .expect("free");
    });
    let mut client = Node::new(&net, Notes::default(), Limits::default());
    let link = client
        .cx()
        .connect(
            "server:1",
            DataPack::default(),
            CommandService::<Notes>::new(),
        )
        .expect("room");
    client
        .cx()
        .links
        .send(link, 1, "x")
        .expect("kept until it is up");
    client.cx().links.close_when_sent(link);
    for _ in 0..5 {
        client.settle();
        server.settle();
    }
    assert!(
        server.engine.state.said.contains(&"arrived".into()),
        "{:?}",
        server.engine.state.said
    );
}

#[test]
fn on_stop_within_on_stop_is_run() {
    let (mut server, _net) = plain_server(echo);
    server
        .cx()
        .on_stop(|cx| cx.on_stop(|cx| cx.state.say("inner")));
    server.handle.stop();
    server.settle();
    assert!(server.engine.is_done());
    assert_eq!(server.engine.state.said, ["inner"]);
}

#[test]
fn a_post_that_was_taken_is_run_though_the_loop_stops() {
    let (mut server, _net) = plain_server(echo);
    let ran = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (flag, handle) = (std::sync::Arc::clone(&ran), server.handle.clone());
    // Another thread posts while the last turn runs.
    server.cx().on_stop(move |_| {
        handle
            .post(move |_| flag.store(true, std::sync::atomic::Ordering::SeqCst))
            .expect("it said yes");
    });
    server.cx().stop();
    server.settle();
    assert!(
        ran.load(std::sync::atomic::Ordering::SeqCst),
        "dropped although post() gave Ok"
    );
}

#[test]
fn a_callback_that_puts_itself_off_for_ever_does_not_hold_up_a_stop() {
    fn again(cx: &mut Context<'_, Notes>) {
        cx.next_turn(again);
    }
    let (mut server, _net) = plain_server(echo);
    server.cx().next_turn(again);
    server.handle.stop();
    for _ in 0..1000 {
        if !server.turn() {
            break;
        }
    }
    assert!(
        server.engine.is_done(),
        "no links, no jobs, and it goes on until the drain deadline, spinning"
    );
}

#[test]
fn a_dialled_link_that_is_closed_meanwhile_is_not_opened() {
    let (_server, net) = plain_server(echo);
    let mut server = _server;
    let mut client = Node::new(&net, Notes::default(), Limits::default());
    let mut service = CommandService::<Notes>::new();
    service.on_opened(|cx, _| cx.state.say("opened"));
    service.on_closed(|cx, _, _| cx.state.say("closed"));
    let link = client
        .cx()
        .connect("server:1", DataPack::default(), service)
        .expect("room");
    server.settle();
    client.cx().links.close(link); // e.g. by an earlier event of the same batch
    client.settle();
    assert_eq!(client.engine.state.said, ["closed"]);
    assert_eq!(client.counters().connected, 0);
}

#[test]
fn the_frame_deadline_does_not_run_while_we_do_not_read() {
    let (mut server, net) = server(
        limits(LinkLimits {
            frame_deadline: 5 * SECOND,
            ..marks()
        }),
        echo,
    );
    net.borrow_mut().window = 500;
    let mut peer = Peer::dial(&net);
    let bytes = frame(1, b"half of me");
    peer.send(&bytes[..20]);
    server.settle();
    let link = server.engine.state.links[0];
    let body = vec![0; 983];
    for _ in 0..5 {
        server.cx().links.send(link, 7, &body).expect("room"); // a broadcast: now it is choked
    }
    server.settle();
    peer.send(&bytes[20..]); // whole within its time, but nobody reads it
    server.pass(6 * SECOND);
    assert_eq!(
        server
            .counters()
            .closed_by(crate::ReasonKind::FrameDeadline),
        0
    );
}

#[test]
fn an_answer_that_comes_late_is_not_put_behind_a_close() {
    let kept = Kept::default();
    let (mut server, net) = plain_server(|service| {
        keep(service, 2, &kept);
        service.on(3, |call| call.close_when_sent()).expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(2, b""), frame(3, b"")].concat());
    net.borrow_mut().window = 0;
    server.settle();
    kept.borrow_mut().remove(0).resolve("x");
    net.borrow_mut().window = 1000;
    server.settle();
    let _: Deferred<()> = Deferred::ready(());
    assert!(peer.is_ended());
}

#[test]
fn refused_jobs_leave_no_letters_that_crowd_out_posts() {
    let limits = Limits {
        posts_max: 10,
        ..Limits::default()
    };
    let (mut server, net) = server(limits, echo);
    net.borrow_mut().jobs_max = 0;
    for _ in 0..10 {
        drop(server.cx().blocking(|| 1));
    }
    assert_eq!(server.counters().jobs_open, 0, "refused, and yet open");
    assert!(
        server.handle.post(|_| ()).is_ok(),
        "ten jobs that were refused fill the mailbox"
    );
}

#[test]
fn a_pause_in_accepting_has_one_timer() {
    let (mut server, net) = plain_server(echo);
    let peers: Vec<Peer> = (0..500).map(|_| Peer::dial(&net)).collect();
    server.settle();
    net.borrow_mut().reserve = false;
    for _ in 0..10_000 {
        net.borrow_mut().accept_faults.push_back(|| {
            crate::context::AcceptFault::Failed(std::io::ErrorKind::OutOfMemory.into())
        });
    }
    let _waiting = Peer::dial(&net);
    for mut peer in peers {
        peer.end();
        server.settle();
    }
    assert!(
        server.counters().timers_open <= 2,
        "{} timers for one listener",
        server.counters().timers_open
    );
}

#[test]
fn a_peer_that_is_gone_while_its_link_is_finishing_is_noticed() {
    let kept = Kept::default();
    let (mut server, net) = plain_server(|service| keep(service, 2, &kept));
    let mut peer = Peer::dial(&net);
    peer.send(&frame(2, b""));
    peer.end();
    server.settle();
    peer.reset();
    server.settle();
    assert!(
        kept.borrow()[0].is_cancelled(),
        "it works on for a peer that reset the connection"
    );
}

/// A turn has one reading of the clock for all its callbacks: what ran before a call in its turn was counted as the call's own.
#[test]
fn how_long_a_call_took_is_not_what_ran_before_it_in_the_turn() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let clock = Rc::clone(&net);
    let mut slow = CommandService::new();
    slow.on(1, move |_| clock.borrow_mut().skip(300 * MILLISECOND))
        .expect("free");
    node.listen(DataPack::default(), slow);
    let mut told = CommandService::new();
    echo(&mut told);
    let took = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&took);
    told.after(move |_, completion| noted.borrow_mut().push(completion.took));
    node.cx()
        .listen("server:2", DataPack::default(), told)
        .expect("a free address");
    let mut peers = [Peer::dial(&net), Peer::dial_at(&net, "server:2")];
    node.settle();
    for peer in &mut peers {
        peer.send(&frame(1, b""));
    }
    node.settle();
    assert_eq!(*took.borrow(), [Duration::ZERO]);
}

/// The same of its deadline: it began before the call did.
#[test]
fn a_deadline_is_counted_from_the_call_and_not_from_its_turn() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let clock = Rc::clone(&net);
    let mut service = CommandService::new();
    let kept = Rc::new(RefCell::new(Vec::new()));
    service
        .on(1, move |call| {
            clock.borrow_mut().skip(30 * SECOND);
            let (promise, later) = call.defer::<()>();
            kept.borrow_mut().push(promise);
            later
        })
        .expect("free");
    node.listen(DataPack::default(), service);
    let mut peer = Peer::dial(&net);
    node.settle();
    peer.send(&frame(1, b""));
    node.settle();
    node.pass(59 * SECOND);
    assert_eq!(node.counters().calls_expired, 0);
    node.pass(2 * SECOND);
    assert_eq!(node.counters().calls_expired, 1);
}
