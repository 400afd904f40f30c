//! Closing loses nothing: what was taken to be sent before it arrives at a peer that reads, and then the end in peace. A peer that
//! does not do its part is waited for until the deadline, and no longer.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{self, Node, Peer, PeerEnd, Random, World};
use oneloop::{
    Call, CommandService, Context, DataPack, Error, IntoReply, Limits, LinkId, Outcome, Reason,
    ReasonKind, Reply, Result, Time, Unknown,
};

use crate::support::content::content;
use crate::support::weather::{self, LONG};
use crate::support::wire::Format;
use crate::support::{SEEDS, tell};

/// What a peer asks for; below it is the call's number, and how large an answer it wants.
mod kind {
    pub(super) const NOW: u32 = 0;
    pub(super) const LATER: u32 = 1 << 24;
    /// Closes in the way of the number that comes first, and answers.
    pub(super) const CLOSE: u32 = 2 << 24;
    pub(super) const FAIL: u32 = 3 << 24;
    /// Nobody serves it, which closes.
    pub(super) const UNKNOWN: u32 = 4 << 24;
}

/// How a link comes to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    WhenSent,
    WhenAnswered,
    /// By the call, whose reply still goes out.
    ByCall,
    Failure,
    Unknown,
    /// From outside of any call.
    Outside,
    /// The server ends its stream, and then the peer its own.
    End,
    /// The peer ends its stream first.
    HalfClose,
    /// The node stops.
    Stop,
}

const WAYS: [Way; 8] = [
    Way::WhenSent,
    Way::WhenAnswered,
    Way::ByCall,
    Way::Failure,
    Way::Unknown,
    Way::Outside,
    Way::End,
    Way::HalfClose,
];

/// One link as the server sees it.
#[derive(Debug, Default)]
struct Watch {
    link: Option<LinkId>,
    /// Frames handled.
    handled: usize,
    /// Bytes taken to be sent.
    accepted: Vec<u8>,
    /// It was ordered to close.
    ordered: Option<Time>,
    closed: Option<(Time, ReasonKind)>,
}

#[derive(Clone)]
struct Shop {
    watches: Rc<RefCell<Vec<Watch>>>,
    place: usize,
    way: Way,
    /// Bodies are so many times this.
    block_bytes: usize,
}

impl Shop {
    fn with<R>(&self, act: impl FnOnce(&mut Watch) -> R) -> R {
        act(&mut self.watches.borrow_mut()[self.place])
    }

    fn body(&self, command: u32) -> Vec<u8> {
        let bytes = command as usize % 30 * self.block_bytes;
        content(self.place as u32, command, bytes)
    }

    fn accept(&self, command: u32) {
        let frame = Format::DataPack.frame(command, &self.body(command));
        self.with(|watch| watch.accepted.extend(frame));
    }

    /// Pushes, and notes what was taken: a link that is closing takes bytes until its stream has ended.
    fn push(&self, cx: &mut Context<'_, ()>, link: LinkId, command: u32) {
        if cx.links.send(link, command, self.body(command)).is_ok() {
            self.accept(command);
        }
    }

    fn service(&self) -> Result<CommandService<()>> {
        let mut service = CommandService::new();
        let own = self.clone();
        service.range(0..=kind::UNKNOWN - 1, move |call| own.answer(call))?;
        service.unknown(Unknown::Close);
        let own = self.clone();
        service.after(move |_, completion| {
            if let Outcome::Replied = completion.outcome {
                own.accept(completion.command);
            }
        });
        let own = self.clone();
        service.on_opened(move |cx, link| {
            own.with(|watch| watch.link = Some(link));
            for number in 0..3 {
                let own = own.clone();
                let pause = Duration::from_millis(700) * number;
                cx.after(pause, move |cx| own.push(cx, link, PUSHED | number));
            }
        });
        let own = self.clone();
        service.on_closed(move |cx, _, reason| {
            let closed = (cx.now(), reason.kind());
            let fits = own.fits(reason);
            assert!(fits, "{:?}: {reason}", own.way);
            own.with(|watch| assert_eq!(watch.closed.replace(closed), None));
        });
        Ok(service)
    }

    fn answer(&self, call: &mut Call<'_, ()>) -> Result<Reply> {
        let (command, link, now) = (call.command(), call.link(), call.now());
        self.with(|watch| watch.handled += 1);
        match command & KIND {
            kind::NOW => Ok(self.body(command).into_reply()),
            kind::LATER => {
                let (promise, later) = call.defer();
                let body = self.body(command);
                let pause = Duration::from_micros(u64::from(command % 30) * 30_000);
                call.after(pause, |_| promise.resolve(body));
                Ok(later.into_reply())
            }
            kind::FAIL => {
                self.with(|watch| watch.ordered = Some(now));
                Err(Error::failed("as asked for"))
            }
            _ => {
                self.push(&mut call.cx, link, PUSHED | command);
                match self.way {
                    Way::WhenSent => call.cx.links.close_when_sent(link),
                    Way::WhenAnswered => call.cx.links.close_when_answered(link),
                    Way::ByCall => call.close_when_sent(),
                    _ => call.cx.links.end_when_sent(link),
                }
                if self.way != Way::End {
                    self.with(|watch| watch.ordered = Some(now));
                }
                self.push(&mut call.cx, link, PUSHED | (command + 1));
                Ok(self.body(command).into_reply())
            }
        }
    }

    /// Whether the link may have been closed for this reason.
    fn fits(&self, reason: &Reason) -> bool {
        let wanted = match self.way {
            Way::WhenSent | Way::WhenAnswered | Way::ByCall | Way::Outside => ReasonKind::Closed,
            Way::Failure => ReasonKind::Failed,
            Way::Unknown => ReasonKind::UnknownCommand,
            Way::End | Way::HalfClose => ReasonKind::PeerClosed,
            Way::Stop => ReasonKind::Stopped,
        };
        reason.kind() == wanted
    }
}

const KIND: u32 = 0xff << 24;
const PUSHED: u32 = 5 << 24;

/// A peer, and what it sends.
struct Customer {
    peer: Peer,
    way: Way,
    /// Calls it sends before whatever closes.
    asked: usize,
}

/// Within this everything is asked.
const ASKING: Duration = Duration::from_secs(2);

impl Customer {
    fn draw(world: &mut World, random: &mut Random, place: usize, way: Way) -> Self {
        let peer = world.peer("client", &format!("server:{}", 7000 + place));
        let asked = random.between(0..=5) as usize;
        let mut commands = Vec::new();
        for number in 0..asked as u32 {
            // A stream that we end ourselves takes no answers that come later.
            let kinds = [kind::NOW, kind::LATER];
            let kind = kinds[usize::from(way != Way::End && random.chance(0.5))];
            commands.push(kind | number << 8 | random.below(30) as u32);
        }
        let last = match way {
            Way::WhenSent | Way::WhenAnswered | Way::ByCall | Way::End => Some(kind::CLOSE),
            Way::Failure => Some(kind::FAIL),
            Way::Unknown => Some(kind::UNKNOWN),
            Way::Outside | Way::HalfClose | Way::Stop => None,
        };
        commands.extend(last.map(|last| last | 0xff00));
        if last.is_some() && way != Way::End && random.chance(0.3) {
            // What comes behind the end is nobody's, and hurts nobody.
            commands.push(kind::NOW | 0xfe00);
        }
        let draw = |_: &u32| random.span(&(Duration::ZERO..=ASKING));
        let mut moments: Vec<Duration> = commands.iter().map(draw).collect();
        moments.sort_unstable();
        for (command, moment) in commands.into_iter().zip(moments) {
            let sending = peer.clone();
            let frame = Format::DataPack.frame(command, b"");
            world.after(moment, move |_| sending.send(&frame));
        }
        if way == Way::HalfClose {
            let ending = peer.clone();
            world.after(ASKING, move |_| ending.half_close());
        }
        Self { peer, way, asked }
    }
}

struct Scene {
    watches: Rc<RefCell<Vec<Watch>>>,
    customers: Vec<Customer>,
    limits: Limits,
}

impl Scene {
    /// A server with a door for each customer, who all come at once.
    fn begin(
        world: &mut World,
        random: &mut Random,
        limits: Limits,
        ways: &[Way],
        block_bytes: usize,
    ) -> Result<Self> {
        let watches = Rc::<RefCell<Vec<Watch>>>::default();
        watches.borrow_mut().resize_with(ways.len(), Watch::default);
        let shops: Vec<Shop> = (0..)
            .zip(ways)
            .map(|(place, &way)| Shop {
                watches: Rc::clone(&watches),
                place,
                way,
                block_bytes,
            })
            .collect();
        let start = move |cx: &mut Context<'_, ()>| -> Result<()> {
            for shop in &shops {
                let address = format!("server:{}", 7000 + shop.place);
                cx.listen(address.as_str(), DataPack::default(), shop.service()?)?;
            }
            Ok(())
        };
        let server = world.node_with_limits("server", limits.clone(), || (), start)?;
        let mut customers = Vec::new();
        for (place, &way) in ways.iter().enumerate() {
            customers.push(Customer::draw(world, random, place, way));
            if way == Way::Outside {
                let (server, watches) = (server.clone(), Rc::clone(&watches));
                let moment = ASKING + random.span(&(Duration::ZERO..=ASKING));
                world.after(moment, move |world| {
                    close_outside(world, &server, &watches, place);
                });
            }
        }
        Ok(Self {
            watches,
            customers,
            limits,
        })
    }

    /// Each peer reads to the end, and then goes.
    fn see_out(&self, world: &mut World) {
        world.run_until(
            |_| {
                let mut customers = self.customers.iter();
                customers.all(|customer| customer.peer.end().is_some())
            },
            LONG,
        );
        for (customer, watch) in self.customers.iter().zip(&*self.watches.borrow()) {
            let (way, received) = (customer.way, customer.peer.take_received());
            if watch.link.is_none() {
                assert_eq!(way, Way::Stop, "it was let in");
                continue;
            }
            assert_eq!(customer.peer.end(), Some(PeerEnd::Ended), "{way:?}");
            let (came, went) = (received.len(), watch.accepted.len());
            assert!(
                received == watch.accepted,
                "{way:?}: {came} bytes of {went}"
            );
            let calls = customer.asked + usize::from(ANSWERED.contains(&way));
            let handled = watch.handled;
            // Closed when the calls may still have been on their way.
            let sudden = matches!(way, Way::Stop | Way::Outside);
            assert!(handled == calls || sudden, "{way:?}: {handled} of {calls}");
        }
        for customer in &self.customers {
            customer.peer.close();
        }
    }

    /// Peers that do not end their streams, whether they read or not: their links end at the deadline.
    fn wait_in_vain(&self, world: &mut World) {
        let all_closed = |_: &mut World| {
            let watches = self.watches.borrow();
            watches.iter().all(|watch| watch.closed.is_some())
        };
        world.run_until(all_closed, LONG);
        let deadline = self.limits.link.close_deadline;
        for (customer, watch) in self.customers.iter().zip(&*self.watches.borrow()) {
            let (Some(ordered), Some((closed, _))) = (watch.ordered, watch.closed) else {
                continue;
            };
            let (took, way) = (closed - ordered, customer.way);
            // The last of the calls that were open may take a while more.
            let most = deadline + SLACK;
            assert!(took >= deadline, "{way:?}: gone after {took:?}");
            assert!(took <= most, "{way:?}: gone only after {took:?}");
        }
    }
}

/// The ways that begin with a call of their own, which is handled.
const ANSWERED: [Way; 5] = [
    Way::WhenSent,
    Way::WhenAnswered,
    Way::ByCall,
    Way::Failure,
    Way::End,
];
/// What a node with slow steps may be late, and calls may take that were open.
const SLACK: Duration = Duration::from_secs(3);

fn close_outside(
    world: &mut World,
    server: &Node<()>,
    watches: &Rc<RefCell<Vec<Watch>>>,
    place: usize,
) {
    let Some(link) = watches.borrow()[place].link else {
        // Not let in yet: later.
        let (server, watches) = (server.clone(), Rc::clone(watches));
        return world.after(ASKING, move |world| {
            close_outside(world, &server, &watches, place);
        });
    };
    let now = world.with(server, |cx| {
        cx.links.close_when_sent(link);
        cx.now()
    });
    watches.borrow_mut()[place].ordered = Some(now);
}

#[test]
fn closing_loses_nothing_and_takes_no_longer_than_its_deadline() {
    let searched = sim::search(0..SEEDS, |world| {
        let mut random = weather::numbers(world);
        let faults = weather::set_lossless(world);
        let mut limits = weather::narrow_limits(&mut random);
        let block_bytes = (weather::grain(&faults, &limits) / 4).clamp(1, 500);
        let stubborn = random.chance(0.3);
        if stubborn {
            limits.link.close_deadline = Duration::from_millis(random.between(50..=3_000));
            // A peer that does not read is to be heard all the same: it says when to close.
            (limits.link.outbox_bytes_low, limits.link.outbox_bytes_high) = (1 << 20, 2 << 20);
        }
        let stops = !stubborn && random.chance(0.2);
        let ways: Vec<Way> = (0..random.between(1..=3))
            .map(|_| match (stops, stubborn) {
                (true, _) => Way::Stop,
                (_, true) => *random.pick(&WAYS[..6]),
                _ => *random.pick(&WAYS),
            })
            .collect();
        let scene = Scene::begin(world, &mut random, limits, &ways, block_bytes)?;
        if stubborn {
            for customer in scene.customers.iter().filter(|_| random.chance(0.5)) {
                customer.peer.stop_reading();
            }
            scene.wait_in_vain(world);
            for customer in &scene.customers {
                customer.peer.close();
            }
        } else {
            if stops {
                world.run_for(random.span(&(Duration::ZERO..=ASKING * 2)));
                world.signal("server");
            }
            scene.see_out(world);
        }
        world.run_until(World::is_quiet, LONG);
        Ok::<(), Error>(())
    });
    tell("closing", searched);
}
