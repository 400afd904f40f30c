//! Closing loses nothing: what was taken to be sent before it arrives at a peer that reads, and then the end in peace. A peer that
//! does not do its part is waited for until the deadline, and no longer.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{self, Node, Peer, PeerEnd, Random, World};
use oneloop::{Context, DataPack, Error, Limits, Result};

use crate::support::shop::{Shop, WAYS, Watch, Way, kind};
use crate::support::weather::{self, LONG};
use crate::support::wire::Format;
use crate::support::{SEEDS, tell};

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
