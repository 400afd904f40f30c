//! What comes late never reaches another link: slots are few and links short-lived, so that every name goes stale and its slot has a
//! successor.

use std::collections::BTreeSet;
use std::time::Duration;

use oneloop::deferred::Promise;
use oneloop::sim::{self, Random, World};
use oneloop::{
    Call, CommandService, Context, DataPack, Error, GroupId, IntoReply, LinkId, Remedy, Reply,
    Result,
};

use crate::support::clients::Client;
use crate::support::content::content;
use crate::support::weather::{self, LONG};
use crate::support::{SEEDS, tell};

/// Says who asks; the body is the mark of the connection, and so is that of everything that comes back.
const ASK: u32 = 1;
const FAILED: u32 = 2;
const PUSHED: u32 = 3;
const TO_GROUP: u32 = 4;
/// More connections than slots: at most so many are open at once.
const OPEN_MAX: usize = 3;

/// What the server keeps of links, those that are gone included.
#[derive(Default)]
struct Desk {
    /// Each connection that asked: its link, and its mark.
    known: Vec<(LinkId, u32)>,
    /// Links that are gone, which no callback may be about any more.
    gone: BTreeSet<LinkId>,
    /// Promises whose links may be gone.
    kept: Vec<(Promise<Vec<u8>>, Vec<u8>)>,
    /// Everybody is in it, and drops out when he goes.
    group: Option<GroupId>,
}

/// Every body sent for a connection: its mark, and bytes that follow from it.
fn mark(number: u32) -> Vec<u8> {
    content(number, 0, MARK_BYTES)
}

const MARK_BYTES: usize = 24;

fn start(cx: &mut Context<'_, Desk>) -> Result<()> {
    let group = cx.links.create_group();
    cx.state.group = Some(group);
    let mut service = CommandService::<Desk>::new();
    service.on(ASK, answer)?;
    service.on_opened(move |cx, link| {
        let stale = cx.links.attached::<u32>(link);
        assert_eq!(stale, None, "a predecessor's value");
        assert!(
            !cx.links.members(group).contains(&link),
            "a predecessor's group"
        );
        assert!(!cx.state.gone.contains(&link), "a name came again");
    });
    service.on_closed(|cx, link, _| {
        let first = cx.state.gone.insert(link);
        assert!(first, "{link} was told twice that it is gone");
    });
    service.on_failure(|cx, failure| {
        assert!(
            !cx.state.gone.contains(&failure.link),
            "a call outlived its link"
        );
        let known = cx
            .state
            .known
            .iter()
            .find(|(link, _)| *link == failure.link);
        let number = known.expect("it asked").1;
        Remedy::Reply {
            command: FAILED,
            body: mark(number).into(),
        }
    });
    service.after(|cx, completion| {
        assert!(
            !cx.state.gone.contains(&completion.link),
            "a call outlived its link"
        );
    });
    cx.listen("server:7000", DataPack::default(), service)?;
    Ok(())
}

/// Answers at some later time, or never; and leaves things behind that outlive the link.
fn answer(call: &mut Call<'_, Desk>) -> Result<Reply> {
    let (link, body) = (call.link(), call.body().to_vec());
    let text = std::str::from_utf8(&body[..8]).expect("a mark is text");
    let number = u32::from_str_radix(text, 16).expect("a mark");
    call.state.known.push((link, number));
    let group = call.state.group.expect("made at the start");
    call.cx.links.join(group, link);
    call.cx.links.attach(link, number);
    let mut random = Random::new(u64::from(number) << 32 | call.state.known.len() as u64);
    let mut delay = || {
        let most = *random.pick(&[1_000, 100_000, 3_000_000]);
        Duration::from_micros(random.between(0..=most))
    };
    let (push, value) = (delay(), delay());
    call.after(push, move |cx| touch(cx, link, number));
    let slow = delay();
    Ok(match slow.as_nanos() % 4 {
        0 => {
            let (promise, later) = call.defer();
            call.after(slow, |_| promise.resolve(body));
            later.into_reply()
        }
        1 => call.blocking(move || body).into_reply(),
        2 => {
            let (promise, later) = call.defer();
            call.state.kept.push((promise, body));
            call.after(value, |cx| {
                if let Some((promise, body)) = cx.state.kept.pop() {
                    promise.resolve(body);
                }
            });
            later.into_reply()
        }
        _ => {
            let (promise, later) = call.defer::<Vec<u8>>();
            call.after(slow, |_| drop(promise));
            call.timeout(later, value).into_reply()
        }
    })
}

/// Uses a name that may be stale, in every way there is.
fn touch(cx: &mut Context<'_, Desk>, link: LinkId, number: u32) {
    let gone = cx.state.gone.contains(&link);
    let outcome = cx.links.send(link, PUSHED, mark(number));
    if gone {
        assert!(matches!(outcome, Err(Error::LinkClosed)), "{link} is gone");
        let bytes = cx.links.send_bytes(link, mark(number));
        assert!(matches!(bytes, Err(Error::LinkClosed)), "{link} is gone");
        assert!(!cx.links.is_open(link), "{link} is gone");
        assert_eq!(cx.links.outbox_bytes(link), 0, "{link} is gone");
        assert_eq!(
            cx.links.push([&link], PUSHED, mark(number)),
            0,
            "{link} is gone"
        );
        assert!(!cx.links.attach(link, number), "{link} is gone");
        assert_eq!(cx.links.attached::<u32>(link), None, "{link} is gone");
        assert_eq!(cx.links.detach::<u32>(link), None, "{link} is gone");
        let group = cx.state.group.expect("made at the start");
        assert!(!cx.links.join(group, link), "{link} is gone");
        assert!(!cx.links.leave(group, link), "{link} is gone");
        assert_eq!(cx.peer_address(link), None, "{link} is gone");
        // None of these may do anything to a successor, whose client would notice.
        cx.links.call_closed(link);
        cx.links.end_when_sent(link);
        match number % 3 {
            0 => cx.links.close(link),
            1 => cx.links.close_when_sent(link),
            _ => cx.links.close_when_answered(link),
        }
    } else {
        assert_eq!(cx.links.attached(link), Some(&number), "another's value");
    }
    let members = cx.state.group.map(|group| cx.links.members(group).to_vec());
    for member in members.unwrap_or_default() {
        assert!(
            !cx.state.gone.contains(&member),
            "{member} is gone, and in a group"
        );
    }
    if let Some(group) = cx.state.group {
        cx.links.push_group(group, TO_GROUP, b"all");
    }
}

/// A client's life: it asks a few times, waits or does not, and goes in one way or another.
struct Visitor {
    client: Client,
    number: u32,
    asked: usize,
    /// It went by itself: what it was owed is lost to it.
    left: bool,
}

impl Visitor {
    fn check(&mut self) {
        self.client.read();
        let mut answers = 0;
        for (command, body) in &self.client.frames {
            match *command {
                TO_GROUP => assert_eq!(body, b"all"),
                ASK | FAILED | PUSHED => {
                    let own = *body == mark(self.number);
                    let whose = String::from_utf8_lossy(body);
                    assert!(own, "visitor {}: {command} of {whose}", self.number);
                    answers += usize::from(*command != PUSHED);
                }
                other => panic!("visitor {}: command {other}", self.number),
            }
        }
        assert!(
            answers <= self.asked,
            "visitor {}: {answers} answers",
            self.number
        );
    }
}

#[test]
fn what_is_late_never_reaches_another_link() {
    let searched = sim::search(0..SEEDS, |world| {
        let mut random = weather::numbers(world);
        let stormy = random.chance(0.3);
        if stormy {
            weather::set_stormy_links(world);
        } else {
            weather::set_lossless(world);
        }
        let mut limits = weather::narrow_limits(&mut random);
        limits.link.call_deadline = Duration::from_millis(random.between(1..=3_000));
        if stormy {
            limits.link = weather::with_deadlines(limits.link);
        }
        world.node_with_limits("server", limits, Desk::default, start)?;
        let mut visitors = Vec::new();
        for _ in 0..random.between(4..=12) {
            visit(world, &mut random, &mut visitors);
            for visitor in visitors.iter_mut().filter(|visitor| !visitor.left) {
                visitor.check();
                // Whoever stays is there until he goes: nobody else's closing closes him.
                let end = visitor.client.peer.end();
                let number = visitor.number;
                assert!(end.is_none() || stormy, "visitor {number}: {end:?}");
            }
        }
        for visitor in &visitors {
            visitor.client.peer.close();
        }
        world.run_until(World::is_quiet, LONG);
        visitors.iter_mut().for_each(Visitor::check);
        Ok::<(), Error>(())
    });
    tell("late", searched);
}

/// One more visitor; another one goes first if there are too many.
fn visit(world: &mut World, random: &mut Random, visitors: &mut Vec<Visitor>) {
    let places = 0..visitors.len();
    let staying: Vec<usize> = places.filter(|&place| !visitors[place].left).collect();
    if staying.len() >= OPEN_MAX {
        let leaver = &mut visitors[*random.pick(&staying)];
        leaver.left = true;
        match random.below(3) {
            0 => leaver.client.peer.close(),
            1 => leaver.client.peer.reset(),
            _ => leaver.client.peer.half_close(),
        }
    }
    let number = visitors.len() as u32;
    let asked = random.between(0..=3) as usize;
    let client = Client::dial(world, "visitors", "server:7000");
    for _ in 0..asked {
        client.ask(ASK, &mark(number));
    }
    visitors.push(Visitor {
        client,
        number,
        asked,
        left: false,
    });
    let most = *random.pick(&[100, 10_000, 1_000_000]);
    world.run_for(Duration::from_micros(random.between(1..=most)));
}
