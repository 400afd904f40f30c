//! A server, another node that it calls itself, and clients that ask for outcomes of every kind.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{Node, Random, World};
use oneloop::{Context, Limits, Result};

use crate::support::clients::Client;
use crate::support::content::content;
use crate::support::desk::{BYE, Desk, FAILED, Kind, Letters, Manners, Tally};
use crate::support::desk::{start_server, start_upstream};

/// The nodes and clients of a world.
pub(crate) struct Workload {
    pub(crate) server: Node<Desk>,
    pub(crate) tally: Rc<RefCell<Tally>>,
    pub(crate) askers: Rc<RefCell<Vec<Asker>>>,
    pub(crate) manners: Manners,
}

/// A client, and what it asked.
pub(crate) struct Asker {
    pub(crate) client: Client,
    /// Its calls, in their order, each with its body.
    pub(crate) asked: Vec<(u32, Vec<u8>)>,
    /// It will ask no more, and said so.
    pub(crate) has_ended: bool,
}

/// Within this all is asked.
pub(crate) const ASKING: Duration = Duration::from_secs(2);

impl Workload {
    /// Nodes that run, and clients that ask within the next seconds. Bodies are of so many bytes at most.
    pub(crate) fn begin(
        world: &mut World,
        random: &mut Random,
        manners: &Manners,
        body_bytes_max: usize,
    ) -> Result<Self> {
        let tally = Rc::<RefCell<Tally>>::default();
        let letters = Letters::default();
        let post = Rc::clone(&letters);
        let start = move |cx: &mut Context<'_, ()>| start_upstream(cx, &post);
        // Where nodes vanish without a word, this one has to notice too.
        let mut limits = Limits::default();
        limits.link.idle_timeout = manners.limits.link.idle_timeout;
        world.node_with_limits("upstream", limits, || (), start)?;
        let (kept, own) = (Rc::clone(&tally), manners.clone());
        let start = move |cx: &mut Context<'_, Desk>| start_server(cx, &kept, &letters, &own);
        let limits = manners.limits.clone();
        let server = world.node_with_limits("server", limits, Desk::default, start)?;
        let askers = Rc::<RefCell<Vec<Asker>>>::default();
        for _ in 0..random.between(1..=3) {
            draw_asker(world, random, &askers, body_bytes_max);
        }
        Ok(Self {
            server,
            tally,
            askers,
            manners: manners.clone(),
        })
    }

    /// Whether every client has all its answers, or will get none any more.
    pub(crate) fn is_answered(&self) -> bool {
        let mut askers = self.askers.borrow_mut();
        askers.iter_mut().all(|asker| {
            asker.client.read();
            asker.client.frames.len() >= asker.answers_wanted() || asker.client.peer.end().is_some()
        })
    }

    /// Whether no client has a connection any more.
    pub(crate) fn is_cut_off(&self) -> bool {
        let askers = self.askers.borrow();
        askers.iter().all(|asker| asker.client.peer.end().is_some())
    }

    /// The clients go, and the server hangs up on the other node and dials no more.
    pub(crate) fn end(&self, world: &mut World) {
        for asker in &*self.askers.borrow() {
            asker.client.peer.close();
        }
        if world.is_up(&self.server) {
            world.with(&self.server, |cx| {
                cx.state.retires = true;
                if let Some(link) = cx.state.upstream {
                    cx.links.close_when_answered(link);
                }
            });
        }
    }

    /// Nothing was told twice, and nobody was told what is another's.
    pub(crate) fn check(&self) {
        for asker in &mut *self.askers.borrow_mut() {
            asker.check(self.manners.ordered);
        }
        let tally = self.tally.borrow();
        for (command, count) in &tally.handled {
            assert_eq!(*count, 1, "{command:#x} was handled more than once");
        }
        for (command, told) in &tally.over {
            assert_eq!(told.len(), 1, "{command:#x} was over more than once");
        }
        for (command, count) in &tally.whens {
            assert!(*count <= 1, "{command:#x}: a callback ran {count} times");
        }
    }
}

impl Asker {
    pub(crate) fn answers_wanted(&self) -> usize {
        let speaking = |(command, _): &&(u32, Vec<u8>)| Kind::of(*command) != Kind::Silent;
        self.asked.iter().filter(speaking).count()
    }

    /// Each answer is to a call of its own, with its body, and there is one at most for each.
    fn check(&mut self, ordered: bool) {
        self.client.read();
        let mut open: Vec<&(u32, Vec<u8>)> = self.asked.iter().collect();
        open.retain(|(command, _)| Kind::of(*command) != Kind::Silent);
        let frames = self.client.frames.iter();
        let byes = frames.filter(|(command, _)| *command == BYE).count();
        assert!(byes <= 1, "{byes} goodbyes");
        let answers = self.client.frames.iter();
        for (command, body) in answers.filter(|(command, _)| *command != BYE) {
            let call = command & !FAILED;
            let place = open.iter().position(|(asked, _)| *asked == call);
            let place = place.unwrap_or_else(|| {
                panic!("{command:#x}: answered twice, or never asked by this client")
            });
            let (_, wanted) = open.remove(place);
            assert!(!ordered || place == 0, "{command:#x} jumped the queue");
            let kind = Kind::of(call);
            if *command == call {
                assert!(body == wanted, "{command:#x} came with another's body");
                assert!(!kind.is_vain(), "{command:#x} {kind:?} cannot succeed");
            } else {
                assert!(!kind.is_sure(), "{command:#x} {kind:?} cannot fail");
            }
        }
    }
}

/// A client that asks now and then, and perhaps ends its stream behind its last call.
fn draw_asker(
    world: &mut World,
    random: &mut Random,
    askers: &Rc<RefCell<Vec<Asker>>>,
    body_bytes_max: usize,
) {
    let number = askers.borrow().len();
    let client = Client::dial(world, &format!("client{number}"), "server:7000");
    askers.borrow_mut().push(Asker {
        client,
        asked: Vec::new(),
        has_ended: false,
    });
    let mut moments: Vec<Duration> = (0..random.between(1..=8))
        .map(|_| random.span(&(Duration::ZERO..=ASKING)))
        .collect();
    moments.sort_unstable();
    if random.chance(0.3) {
        let first = moments[0];
        moments.fill(first);
    }
    for (place, &moment) in moments.iter().enumerate() {
        let command = (random.below(16) as u32) << 24 | (number as u32) << 16 | place as u32;
        let bytes = random.below(body_bytes_max as u64) as usize;
        let body = content(number as u32, place as u32, bytes);
        let askers = Rc::clone(askers);
        world.after(moment, move |_| {
            let asker = &mut askers.borrow_mut()[number];
            asker.client.ask(command, &body);
            asker.asked.push((command, body));
        });
    }
    if random.chance(0.3) {
        let askers = Rc::clone(askers);
        world.after(ASKING, move |_| {
            let asker = &mut askers.borrow_mut()[number];
            asker.client.peer.half_close();
            asker.has_ended = true;
        });
    }
}
