//! One person at the cluster: joins, talks, comes again when its link is lost, and holds the nodes to what they promise.

use std::collections::BTreeMap;

use oneloop::buffer::Outbox;
use oneloop::sim::{Peer, World};
use oneloop::{Command, DataPack, Decoder, Encoder, Input};
use oneloop_demos::chat::protocol::{Event, Request, Said, command};
use oneloop_demos::chat::words::{Name, Text};

/// One person at the cluster, over all its links.
pub(crate) struct Guest {
    pub(crate) name: Name,
    /// Where it wants to be.
    pub(crate) room: Name,
    wire: Option<Wire>,
    /// The last number of each room that it saw said.
    last: BTreeMap<Name, u64>,
    /// The last line of each other person that it saw said.
    last_of: BTreeMap<Name, u64>,
    /// Texts that it saw said, in this room, in order.
    pub(crate) heard: Vec<String>,
    /// Lines that it said.
    pub(crate) said: u64,
    pub(crate) errors: u64,
    /// Lines from before that it was told of.
    pub(crate) past: u64,
    pub(crate) links: u64,
    pub(crate) told: Vec<String>,
    /// What was asked and heard last, for whoever looks at a failure.
    trace: Vec<String>,
    pub(crate) present: Option<(Name, Vec<Name>)>,
}

struct Wire {
    peer: Peer,
    codec: DataPack,
    bytes: Vec<u8>,
    inside: Option<Name>,
    /// By command: how often it was asked for, answered, and failed.
    asked: BTreeMap<u32, [u64; 3]>,
    past_left: usize,
    /// Some of the last were lost, so that nobody knows how many are left.
    past_lost: bool,
}

/// Every line that anybody saw: its number and room, by its text, of which no two are alike.
#[derive(Default)]
pub(crate) struct Book {
    lines: BTreeMap<String, (u64, Name)>,
    numbers: BTreeMap<(Name, u64), String>,
}

impl Book {
    /// Nobody ever saw this line otherwise.
    #[track_caller]
    fn see(&mut self, room: &Name, said: &Said) {
        let (text, number) = (said.text.to_string(), said.number);
        let line = (number, room.clone());
        let known = self
            .lines
            .entry(text.clone())
            .or_insert_with(|| line.clone());
        assert_eq!(*known, line, "{text} is said once");
        let known = self.numbers.entry((room.clone(), number));
        let known = known.or_insert_with(|| text.clone());
        assert_eq!(*known, text, "{number} in {room} is one line");
    }
}

impl Guest {
    pub(crate) fn new(name: &str, room: &str) -> Self {
        Self {
            name: name.parse().expect(name),
            room: room.parse().expect(room),
            wire: None,
            last: BTreeMap::new(),
            last_of: BTreeMap::new(),
            heard: Vec::new(),
            said: 0,
            errors: 0,
            past: 0,
            links: 0,
            told: Vec::new(),
            trace: Vec::new(),
            present: None,
        }
    }

    /// Whether it is in the room where it wants to be, as it was told.
    pub(crate) fn is_inside(&self) -> bool {
        let inside = self.wire.as_ref().and_then(|wire| wire.inside.as_ref());
        inside == Some(&self.room)
    }

    /// Whether every request on its link has an answer or an error.
    pub(crate) fn is_answered(&self) -> bool {
        self.wire.as_ref().is_none_or(|wire| {
            let mut asked = wire.asked.values();
            wire.past_left == 0 && asked.all(|[asked, done, failed]| done + failed >= *asked)
        })
    }

    /// What it asked for and heard last.
    pub(crate) fn story(&self) -> String {
        let from = self.trace.len().saturating_sub(25);
        let inside = self.wire.as_ref().map(|wire| &wire.inside);
        format!("{} in {inside:?}: {:#?}", self.name, &self.trace[from..])
    }

    /// Dials and joins, unless it has joined or is about to.
    pub(crate) fn come(&mut self, world: &mut World) {
        if self.wire.as_ref().is_some_and(|wire| !wire.peer.is_open()) {
            self.wire = None;
        }
        if self.wire.is_none() {
            self.links += 1;
            self.wire = Some(Wire {
                peer: world.peer(self.name.as_str(), "net:7001"),
                codec: DataPack::default(),
                bytes: Vec::new(),
                inside: None,
                asked: BTreeMap::new(),
                past_left: 0,
                past_lost: false,
            });
        }
        let (name, room) = (self.name.clone(), self.room.clone());
        let wire = self.wire.as_mut().expect("dialled");
        if wire.inside.is_none() && !wire.awaits(command::JOIN) {
            wire.ask(&mut self.trace, &Request::Join { name, room });
        } else if wire.inside.as_ref().is_some_and(|inside| *inside != room)
            && !wire.awaits(command::MOVE)
        {
            wire.ask(&mut self.trace, &Request::Move { room });
        }
    }

    /// Says a line that is like no other.
    pub(crate) fn say(&mut self) -> Option<String> {
        let wire = self.wire.as_mut()?;
        wire.inside.as_ref()?;
        self.said += 1;
        let text = format!("{} {}", self.name, self.said);
        let said = text.parse::<Text>().expect("a text");
        wire.ask(&mut self.trace, &Request::Say { text: said });
        Some(text)
    }

    pub(crate) fn ask(&mut self, request: &Request) {
        if let Some(wire) = &mut self.wire
            && wire.inside.is_some()
        {
            wire.ask(&mut self.trace, request);
        }
    }

    pub(crate) fn beat(&mut self) {
        if let Some(wire) = &mut self.wire {
            wire.send(command::HEARTBEAT, "");
        }
    }

    pub(crate) fn leave(&mut self) {
        if let Some(wire) = self.wire.take() {
            wire.peer.close();
        }
    }

    pub(crate) fn reset(&mut self) {
        if let Some(wire) = self.wire.take() {
            wire.peer.reset();
        }
    }

    /// Takes what came.
    #[track_caller]
    pub(crate) fn listen(&mut self, book: &mut Book) {
        let Some(mut wire) = self.wire.take() else {
            return;
        };
        for (number, body) in wire.frames() {
            if number == command::HEARTBEAT {
                continue;
            }
            let event = Event::parse(number, &body).expect("an event");
            self.trace
                .push(format!("{} {}", event.command(), event.body()));
            let judged = std::panic::AssertUnwindSafe(|| self.happened(&mut wire, event, book));
            if let Err(panic) = std::panic::catch_unwind(judged) {
                let from = self.trace.len().saturating_sub(25);
                eprintln!(
                    "{} in {:?}: {:#?}",
                    self.name,
                    wire.inside,
                    &self.trace[from..]
                );
                std::panic::resume_unwind(panic);
            }
        }
        if wire.peer.is_open() {
            self.wire = Some(wire);
        }
    }

    #[track_caller]
    fn happened(&mut self, wire: &mut Wire, event: Event, book: &mut Book) {
        let of_past = matches!(event, Event::Past(_));
        assert!(
            wire.past_left == 0 || of_past || !is_of_room(&event),
            "lines from before come in one piece: {event:?}"
        );
        match event {
            Event::Entered { room, past, .. } => {
                let how = if wire.inside.is_none() || wire.awaits(command::JOIN) {
                    command::JOIN
                } else {
                    command::MOVE
                };
                wire.done(how);
                if wire.inside.as_ref() != Some(&room) {
                    self.heard.clear();
                }
                wire.inside = Some(room);
                wire.past_left = past;
                wire.past_lost = false;
            }
            Event::Recalled { past } => {
                wire.done(command::HISTORY);
                wire.past_left = past;
                wire.past_lost = false;
            }
            Event::Past(said) => {
                self.past += 1;
                assert!(
                    wire.past_left > 0 || wire.past_lost,
                    "as many as were told of"
                );
                wire.past_left = wire.past_left.saturating_sub(1);
                if let Some(room) = &wire.inside {
                    book.see(room, &said);
                }
            }
            Event::Said(said) => self.hears(wire, &said, book),
            Event::Spoken(said) => {
                wire.done(command::SAY);
                assert_eq!(said.name, self.name);
                self.hears(wire, &said, book);
            }
            Event::Told { text, .. } => self.told.push(text.to_string()),
            Event::Delivered { .. } => wire.done(command::TELL),
            Event::Present { room, names, .. } => {
                wire.done(command::WHO);
                self.present = Some((room, names));
            }
            // Not an answer: the net node has waited long enough.
            Event::Error { text, .. } if text.as_str() == "you did not join" => {}
            Event::Error { command, text } => {
                if command == command::MOVE && text.as_str().contains("or not") {
                    // It asks again.
                    wire.inside = None;
                }
                self.errors += 1;
                let [asked, _, failed] = wire.asked.entry(command).or_default();
                *failed += 1;
                assert!(
                    failed <= asked,
                    "at most one error for a request: {command}"
                );
            }
            // A node was lost: what it had still to say of those before is lost with it. If it is of what was asked for before, more may come.
            Event::Notice { .. } => {
                wire.past_left = 0;
                wire.past_lost = true;
            }
            Event::Came { .. } | Event::Left { .. } => {}
        }
    }

    #[track_caller]
    fn hears(&mut self, wire: &Wire, said: &Said, book: &mut Book) {
        let Some(room) = wire.inside.clone() else {
            return;
        };
        book.see(&room, said);
        let last = self.last.insert(room.clone(), said.number);
        assert!(
            last.is_none_or(|last| last < said.number),
            "{}: {} in {room} after {last:?}",
            self.name,
            said.number
        );
        let place = said.text.as_str().rsplit(' ').next().expect("a word");
        let place: u64 = place.parse().expect("a number");
        let before = self.last_of.insert(said.name.clone(), place);
        assert!(
            before.is_none_or(|before| before < place),
            "{}: {} after {before:?}",
            self.name,
            said.text
        );
        self.heard.push(said.text.to_string());
    }
}

/// What the room says, in the order in which it says it.
const fn is_of_room(event: &Event) -> bool {
    matches!(event, Event::Said(_) | Event::Spoken(_))
}

impl Wire {
    fn ask(&mut self, trace: &mut Vec<String>, request: &Request) {
        trace.push(format!("asks {} {}", request.command(), request.body()));
        self.asked.entry(request.command()).or_default()[0] += 1;
        self.send(request.command(), &request.body());
    }

    fn send(&self, command: u32, body: &str) {
        let mut frame = Outbox::default();
        let codec = DataPack::default();
        codec
            .encode(command, body.into(), &mut frame)
            .expect("it fits into a frame");
        self.peer.send(frame.single().expect("one piece"));
    }

    fn done(&mut self, command: u32) {
        self.asked.entry(command).or_default()[1] += 1;
    }

    fn awaits(&self, command: u32) -> bool {
        let asked = self.asked.get(&command);
        asked.is_some_and(|[asked, done, failed]| done + failed < *asked)
    }

    fn frames(&mut self) -> Vec<(u32, Vec<u8>)> {
        self.bytes.extend(self.peer.take_received());
        let mut input = Input::new(&self.bytes);
        let mut frames = Vec::new();
        while let Some(Command { command, body }) = self.codec.decode(&mut input).expect("frames") {
            frames.push((command, body.to_vec()));
        }
        self.bytes = input.rest().to_vec();
        frames
    }
}
