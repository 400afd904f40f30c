//! A server, people, and what they do to each other.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use oneloop::ReasonKind;
use oneloop::sim::{LinkFaults, Node, NodeFaults, Random, World};
use oneloop_demos::chat::history::History;
use oneloop_demos::chat::line::Line;
use oneloop_demos::chat::protocol::{Request, command};
use oneloop_demos::chat::server::{self, Chat};
use oneloop_demos::chat::words::Name;

use crate::ledger::Ledger;
use crate::person::{Person, Wire};
use crate::scratch::Scratch;

/// A server, and people in its rooms.
pub(crate) struct Party<'w> {
    pub(crate) world: &'w mut World,
    pub(crate) server: Node<Chat>,
    pub(crate) people: Vec<Person>,
    tempers: Vec<&'static [Act]>,
    pub(crate) ledger: Ledger,
    rooms: Vec<Name>,
    /// How often the server has crashed.
    pub(crate) life: usize,
}

/// What goes wrong at a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing, but for what people do.
    Fair,
    /// All is slow and comes in pieces; nothing is lost.
    Rough,
    /// Links break, the server stands still, the network parts.
    Stormy,
}

/// Something a person does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Say,
    SayMuch,
    SayALot,
    Tell,
    Who,
    History,
    Beat,
    Move,
    MoveBack,
    /// Asks for much at once, and goes elsewhere without waiting for it.
    AskAndMove,
    Close,
    Reset,
    /// Asks for much, and ends its half at once.
    HalfClose,
    StopReading,
    ReadOn,
}

/// How people are: what each does, one thing as often as the next.
const TEMPERS: &[&[Act]] = &[
    // Chatterers.
    &[Act::Say, Act::Say, Act::SayMuch],
    &[Act::Say, Act::SayALot, Act::Who],
    // Movers.
    &[Act::Move, Act::Say, Act::Move],
    &[Act::Say, Act::MoveBack, Act::AskAndMove],
    // Listeners.
    &[Act::Beat],
    // Slow readers.
    &[Act::StopReading, Act::ReadOn, Act::Say, Act::History],
    // Those who do not say goodbye, and those who do.
    &[Act::Say, Act::Reset, Act::Move],
    &[Act::Say, Act::Say, Act::HalfClose],
    &[Act::Say, Act::Close, Act::Who],
    // Tellers, and those who ask.
    &[Act::Tell, Act::Tell, Act::Say],
    &[Act::Who, Act::History, Act::Say],
];

impl<'w> Party<'w> {
    /// A server and `size` people who are not there yet, a few rooms for each other.
    #[track_caller]
    pub(crate) fn new(
        world: &'w mut World,
        size: usize,
        rooms: usize,
        weather: Weather,
        file: Option<Rc<Scratch>>,
    ) -> Self {
        let (links, nodes) = match weather {
            Weather::Fair => (LinkFaults::none(), NodeFaults::none()),
            Weather::Rough => (
                LinkFaults::lossless(world.random()),
                NodeFaults::lossless(world.random()),
            ),
            Weather::Stormy => (
                LinkFaults::stormy(world.random()),
                NodeFaults {
                    // A crash takes the room's memory with it: a story of its own.
                    crash_every: None,
                    ..NodeFaults::stormy(world.random())
                },
            ),
        };
        world.set_link_faults(links);
        let lasting = file.is_some();
        let server = serve(world, file);
        world.set_node_faults(nodes);
        let random = world.random();
        let tempers = (0..size).map(|_| *random.pick(TEMPERS)).collect();
        Self {
            world,
            server,
            people: (0..size)
                .map(|number| Person::new(&format!("p{number:02}")))
                .collect(),
            tempers,
            ledger: Ledger::new(lasting),
            rooms: (0..rooms)
                .map(|number| format!("r{number}").parse().expect("a name"))
                .collect(),
            life: 0,
        }
    }

    pub(crate) fn random(&mut self) -> &mut Random {
        self.world.random()
    }

    fn any_room(&mut self) -> Name {
        self.world.random().pick(&self.rooms).clone()
    }

    /// Time passes, and everybody hears what came.
    #[track_caller]
    pub(crate) fn pass(&mut self, span: Duration) {
        self.world.run_for(span);
        for person in &mut self.people {
            person.listen(&mut self.ledger);
        }
    }

    /// Everybody joins a room, at about the same time.
    pub(crate) fn all_join(&mut self) {
        for number in 0..self.people.len() {
            let room = self.any_room();
            self.people[number].join(self.world, self.life, &room);
        }
    }

    /// Has people do what is theirs, a share of them at a time.
    #[track_caller]
    pub(crate) fn go_on(&mut self, rounds: usize, share: f64) {
        let longest = Duration::from_millis(*self.random().pick(&[1, 10, 100, 1_000]));
        for _ in 0..rounds {
            let span = self.random().span(&(Duration::ZERO..=longest));
            self.pass(span);
            for number in 0..self.people.len() {
                if self.random().chance(share) {
                    self.act(number);
                }
            }
        }
    }

    fn act(&mut self, number: usize) {
        let act = *self.world.random().pick(self.tempers[number]);
        let room = self.any_room();
        let other = self.world.random().below(self.people.len() as u64) as usize;
        let other = self.people[other].name.clone();
        let person = &mut self.people[number];
        let world = &mut *self.world;
        let Some(wire) = &person.wire else {
            if world.random().chance(0.3) {
                person.join(world, self.life, &room);
            }
            return;
        };
        if wire.is_ending {
            return;
        }
        if !wire.has_joined {
            // Refused: perhaps the name is free now.
            if !wire.awaits(command::JOIN) {
                person.ask_to_join(world, &room);
            }
            return;
        }
        match act {
            Act::Say => person.say(world, 1),
            Act::SayMuch => (0..5).for_each(|_| person.say(world, 60)),
            Act::SayALot => {
                let bytes = world.random().between(1..=2_000) as usize;
                person.say(world, bytes);
            }
            Act::Tell => person.tell(world, &other),
            Act::Who => person.ask(world, &Request::Who),
            Act::History => person.ask(world, &Request::History),
            Act::Beat => person.beat(world),
            Act::Move => person.ask(world, &Request::Move { room }),
            Act::MoveBack => {
                let back = person.stays.last().map(|stay| stay.room.clone());
                person.ask(world, &Request::Move { room });
                person.ask(world, &Request::Who);
                person.ask(
                    world,
                    &Request::Move {
                        room: back.expect("it is inside"),
                    },
                );
            }
            Act::AskAndMove => {
                person.ask(world, &Request::History);
                person.say(world, 1);
                person.ask(world, &Request::Move { room });
                person.say(world, 1);
                person.ask(world, &Request::History);
            }
            Act::Close => person.leave(false),
            Act::Reset => person.leave(true),
            Act::HalfClose => {
                person.say(world, 1);
                person.ask(world, &Request::History);
                person.ask(world, &Request::Move { room });
                person.half_close();
            }
            Act::StopReading => person.set_deaf(true),
            Act::ReadOn => person.set_deaf(false),
        }
    }

    /// Has the network part from a group of people for a while, or the server stand still.
    pub(crate) fn expect_incident(&mut self, within: Duration) {
        let random = self.world.random();
        let at = random.span(&(Duration::ZERO..=within));
        let most = Duration::from_secs(*random.pick(&[1, 10, 40]));
        let span = random.span(&(Duration::ZERO..=most));
        if random.chance(0.5) {
            self.world.fault_after(at, "pause", move |world| {
                world.pause("chat");
                world.after(span, |world| world.resume("chat"));
            });
            return;
        }
        let share = *random.pick(&[0.1, 0.5, 1.0]);
        let mut away: Vec<String> = Vec::new();
        for person in &self.people {
            if self.world.random().chance(share) {
                away.push(person.name.as_str().to_owned());
            }
        }
        self.world.fault_after(at, "partition", move |world| {
            let away: Vec<&str> = away.iter().map(String::as_str).collect();
            // Hosts that nobody dialled from yet are no hosts.
            world.partition(&[&away]);
            world.after(span, World::heal);
        });
    }

    // ---- quiet ----

    /// Nothing goes wrong any more; everybody reads, and waits for the answers, of which each request has exactly one. Then all members
    /// of a room have seen the same, to the last line, and the server's lists are true.
    #[track_caller]
    pub(crate) fn settle(&mut self) {
        self.world.calm().expect("the server is up");
        for person in &mut self.people {
            person.set_deaf(false);
        }
        self.wait_for_answers();
        for number in 0..self.people.len() {
            if self.people[number].room().is_some() {
                self.people[number].ask(self.world, &Request::Who);
            }
        }
        self.wait_for_answers();
        self.compare_rooms();
        self.ledger.check(&self.people);
        self.compare_told();
    }

    #[track_caller]
    fn wait_for_answers(&mut self) {
        // So long may a link stand still that broke without a word, and a call that nobody answers be open.
        for round in 0..80 {
            self.pass(Duration::from_secs(1));
            for person in &mut self.people {
                // A connect that nobody answers, or a half-closed link whose other half was lost.
                if let Some(wire) = &person.wire
                    && (!wire.peer.is_open() || wire.is_ending && round > 10)
                {
                    person.leave(true);
                }
                if round % 15 == 0 {
                    person.beat(self.world);
                }
            }
            if round > 12 && self.people.iter().all(Person::is_answered) {
                return;
            }
        }
        let waiting = self.people.iter().filter(|person| !person.is_answered());
        let owed = waiting.map(|person| {
            let owed = person.wire.as_ref().map(Wire::owed);
            format!("{}: {owed:?}", person.name)
        });
        let owed: Vec<String> = owed.collect();
        panic!("not all requests are answered: {owed:?}");
    }

    /// Who is in which room.
    fn members(&self) -> BTreeMap<Name, Vec<&Person>> {
        let mut rooms: BTreeMap<Name, Vec<&Person>> = BTreeMap::new();
        for person in &self.people {
            if let Some(stay) = person.room() {
                rooms.entry(stay.room.clone()).or_default().push(person);
            }
        }
        rooms
    }

    #[track_caller]
    fn compare_rooms(&mut self) {
        let mut lasts = Vec::new();
        for (room, members) in self.members() {
            let names: BTreeSet<Name> = members.iter().map(|person| person.name.clone()).collect();
            let last = members[0].stays.last().map(|stay| stay.lines.last());
            for person in members {
                assert_eq!(person.present(), Some(&names), "in {room}");
                let seen = person.stays.last().map(|stay| stay.lines.last());
                assert_eq!(seen, last, "{} in {room}: the last line", person.name);
            }
            lasts.push((room, last.flatten().copied()));
        }
        if self.ledger.lasting {
            for (room, last) in lasts {
                let lines = self.ledger.life(self.life).values();
                let known = lines.rev().find(|line| line.room == room);
                assert_eq!(last, known.map(|line| line.number), "in {room}");
            }
        }
    }

    /// What was told in private was heard by the one it was for, if its link was there all the time.
    #[track_caller]
    fn compare_told(&self) {
        for teller in &self.people {
            for (name, text) in &teller.delivered {
                let other = self.people.iter().find(|person| person.name == *name);
                let other = other.expect("one of us");
                assert!(
                    other.ends > 0 || other.told.contains(text),
                    "{name} was not told"
                );
            }
        }
    }

    /// Everybody leaves, and nothing is left of them.
    #[track_caller]
    pub(crate) fn leave(&mut self) {
        for number in 0..self.people.len() {
            match self.world.random().below(3) {
                0 => self.people[number].half_close(),
                reset => self.people[number].leave(reset == 1),
            }
        }
        // The last to go are those at whose heels the join deadline was.
        for _ in 0..12 {
            self.pass(Duration::from_secs(1));
        }
        self.world.assert_quiet();
        assert!(self.people.iter().all(|person| person.wire.is_none()));
        let state = format!("{:?}", self.world.state(&self.server));
        let hall = "hall: Hall { people: {}, names: {}, rooms: {} }";
        assert!(state.contains(hall), "{state}");
        let counters = self.world.counters("chat");
        assert_eq!(counters.accepted, counters.closed());
        for kind in [
            ReasonKind::Failed,
            ReasonKind::Panicked,
            ReasonKind::UnknownCommand,
            ReasonKind::Memory,
            ReasonKind::Stopped,
        ] {
            assert_eq!(counters.closed_by(kind), 0, "{}", kind.name());
        }
        assert_eq!((counters.panics, counters.commands_unknown), (0, 0));
    }

    /// What the server counted is what people were told: all of it if no link ended with something on its way, or no less.
    #[track_caller]
    pub(crate) fn compare_counts(&self) {
        let [joined, _, said, told, written, waiting, lost] = self.figures();
        let answers = |command| -> u64 {
            let of = |person: &Person| person.answers.get(&command).copied().unwrap_or(0);
            self.people.iter().map(of).sum()
        };
        let seen = [command::JOIN, command::SAY, command::TELL].map(answers);
        let none_unheard = self
            .people
            .iter()
            .all(|person| person.ends + person.too_late == 0);
        for (counted, seen) in [joined, said, told].into_iter().zip(seen) {
            assert!(
                counted == seen || counted > seen && !none_unheard,
                "{counted} counted, {seen} seen"
            );
        }
        let kept = if self.ledger.lasting { said } else { 0 };
        assert_eq!((written, waiting, lost), (kept, 0, 0));
    }

    /// Nobody's link ended but by their own will.
    #[track_caller]
    pub(crate) fn assert_nobody_dropped(&self) {
        for person in &self.people {
            let name = &person.name;
            assert_eq!(person.dropped, 0, "{name} was dropped");
            let cheated = &person.cheated;
            assert!(
                cheated.is_empty(),
                "{name} was owed at the end: {cheated:?}"
            );
        }
    }

    /// The server has crashed: links are gone, and so is what was not written. It will remember what was kept.
    pub(crate) fn lose_all(&mut self, kept: Vec<Line>) {
        for person in &mut self.people {
            person.leave(true);
        }
        self.life += 1;
        self.ledger.begin_life(self.life, kept);
    }

    /// What the server counted: joins, refusals, lines, private ones; lines written, waiting and lost.
    #[track_caller]
    fn figures(&self) -> [u64; 7] {
        let counted = self.world.state(&self.server).to_string();
        let words = counted.split(|c: char| !c.is_ascii_digit());
        let figures: Vec<u64> = words.filter_map(|word| word.parse().ok()).collect();
        figures.try_into().expect("seven figures")
    }

    /// Lines that the server's present life knows to be in the file.
    #[track_caller]
    pub(crate) fn written(&self) -> usize {
        self.figures()[4] as usize
    }
}

/// The server, as main starts it; its history in memory, or in a file.
#[track_caller]
pub(crate) fn serve(world: &mut World, file: Option<Rc<Scratch>>) -> Node<Chat> {
    let make = move || {
        let history = file.as_ref().map_or_else(History::in_memory, |file| {
            History::open(file.path()).expect("the file is ours")
        });
        Chat::new(history)
    };
    let started = world.node("chat", make, |cx| {
        server::start(cx, &"chat:7001".parse().expect("an address"))
    });
    started.expect("the address is free")
}
