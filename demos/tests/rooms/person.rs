//! One person of the chat: speaks its protocol, and holds the server to every word of it.
//!
//! What one link alone can show is judged here, as it comes: answers, numbers that rise, lines from before in one piece. What takes
//! the eyes of several is noted, for the [`Ledger`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use oneloop::buffer::Outbox;
use oneloop::sim::{Peer, PeerEnd, World};
use oneloop::{Command, DataPack, Decoder, Encoder, Input, Time};
use oneloop_demos::chat::protocol::{Event, Request, Said, command};
use oneloop_demos::chat::words::{Name, Text};

use crate::ledger::{Ledger, continues};

/// One person of the chat, over all its links.
pub(crate) struct Person {
    pub(crate) name: Name,
    pub(crate) wire: Option<Wire>,
    /// In rooms, the latest last.
    pub(crate) stays: Vec<Stay>,
    /// Told by others in private: every text is another.
    pub(crate) told: BTreeSet<String>,
    /// What was told to others, and delivered as the server says: to whom, and the text.
    pub(crate) delivered: Vec<(Name, String)>,
    /// Answers, by command.
    pub(crate) answers: BTreeMap<u32, u64>,
    /// What the server had to say to all.
    pub(crate) notices: Vec<String>,
    /// The server waited for us to join, and gave up.
    pub(crate) was_late: bool,
    /// Requests that were given up.
    pub(crate) too_late: u64,
    /// Links that ended against our will.
    pub(crate) dropped: u64,
    /// What was not answered on links that ended in peace.
    pub(crate) cheated: Vec<Vec<u32>>,
    /// Links that ended on the way into a room: the others may have seen more of us than we know.
    pub(crate) cut_off_at_doors: u64,
    /// How the last one ended, if not by us.
    pub(crate) last_end: Option<PeerEnd>,
    /// Links that ended in any way.
    pub(crate) ends: u64,
    /// Makes our texts unlike each other.
    texts: u64,
}

/// A person's link.
pub(crate) struct Wire {
    pub(crate) peer: Peer,
    codec: DataPack,
    bytes: Vec<u8>,
    /// The server's life in which it was dialled.
    life: usize,
    /// Requests without an answer, by command.
    unanswered: BTreeMap<u32, u32>,
    /// Rooms that were asked for.
    rooms: Vec<Name>,
    saying: VecDeque<Text>,
    telling: VecDeque<(Name, Text)>,
    /// Lines from before that come now, and nothing else before them.
    past_left: usize,
    /// Those that were recalled, if they are an answer to `HISTORY`.
    recalled: Option<Vec<u64>>,
    pub(crate) has_joined: bool,
    /// We end it, or have ended our half.
    pub(crate) is_ending: bool,
    pub(crate) is_deaf: bool,
    /// Errors of `JOIN`.
    pub(crate) refusals: Vec<String>,
    pub(crate) sent_at: Time,
}

/// One stay in a room, as one person sees it.
#[derive(Debug)]
pub(crate) struct Stay {
    pub(crate) life: usize,
    pub(crate) room: Name,
    /// So many of the lines are from before, or will be when they have come.
    pub(crate) past: usize,
    /// The numbers of the lines, in the order in which they came.
    pub(crate) lines: Vec<u64>,
    pub(crate) notes: Vec<Note>,
    pub(crate) end: End,
    /// People inside, ourselves included.
    people: usize,
    /// Their names, from when we have asked.
    names: Option<BTreeSet<Name>>,
}

/// Somebody came or left.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) name: Name,
    pub(crate) came: bool,
    /// What the room was told about it.
    pub(crate) why: Option<Text>,
    /// So many lines were there before it.
    pub(crate) at: usize,
}

/// How a stay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It has not.
    Here,
    /// We went elsewhere.
    Moved,
    /// The link was gone.
    Cut,
}

/// What a request is answered that waited for the history for a minute.
const TOO_LATE: &str = "that took too long";

impl Stay {
    /// Whether all the lines from before have come.
    pub(crate) fn is_begun(&self) -> bool {
        self.lines.len() >= self.past
    }

    /// Takes a line, whose number is above all others.
    #[track_caller]
    fn take(&mut self, number: u64) {
        assert!(
            self.lines.last().is_none_or(|&last| last < number),
            "{number} in {} after {:?}",
            self.room,
            self.lines.last()
        );
        self.lines.push(number);
    }

    #[track_caller]
    fn note(&mut self, name: Name, came: bool, why: Option<Text>) {
        self.people = if came {
            self.people + 1
        } else {
            self.people - 1
        };
        if let Some(names) = &mut self.names {
            let is_news = if came {
                names.insert(name.clone())
            } else {
                names.remove(&name)
            };
            assert!(is_news, "{name} came twice, or left twice");
        }
        let at = self.lines.len();
        self.notes.push(Note {
            name,
            came,
            why,
            at,
        });
    }
}

impl Person {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.parse().expect("a name"),
            wire: None,
            stays: Vec::new(),
            told: BTreeSet::new(),
            delivered: Vec::new(),
            answers: BTreeMap::new(),
            notices: Vec::new(),
            was_late: false,
            too_late: 0,
            last_end: None,
            dropped: 0,
            cheated: Vec::new(),
            cut_off_at_doors: 0,
            ends: 0,
            texts: 0,
        }
    }

    // ---- what a person does ----

    /// Dials, from a host of its own name, and joins at once.
    pub(crate) fn join(&mut self, world: &mut World, life: usize, room: &Name) {
        self.dial(world, life);
        self.ask_to_join(world, room);
    }

    /// Dials, and says nothing.
    pub(crate) fn dial(&mut self, world: &mut World, life: usize) {
        self.wire = Some(Wire {
            peer: world.peer(self.name.as_str(), "chat:7001"),
            codec: DataPack::default(),
            bytes: Vec::new(),
            life,
            unanswered: BTreeMap::new(),
            rooms: Vec::new(),
            saying: VecDeque::new(),
            telling: VecDeque::new(),
            past_left: 0,
            recalled: None,
            has_joined: false,
            is_ending: false,
            is_deaf: false,
            refusals: Vec::new(),
            sent_at: world.now(),
        });
    }

    pub(crate) fn ask_to_join(&mut self, world: &World, room: &Name) {
        let (name, room) = (self.name.clone(), room.clone());
        self.ask(world, &Request::Join { name, room });
    }

    /// Asks, if there is somebody to ask, and we have not ended what we say.
    pub(crate) fn ask(&mut self, world: &World, request: &Request) {
        let Some(wire) = self.wire.as_mut().filter(|wire| !wire.is_ending) else {
            return;
        };
        match request {
            Request::Join { room, .. } | Request::Move { room } => wire.rooms.push(room.clone()),
            Request::Say { text } => wire.saying.push_back(text.clone()),
            Request::Tell { name, text } => wire.telling.push_back((name.clone(), text.clone())),
            Request::Who | Request::History => {}
        }
        wire.send(world, request.command(), &request.body());
    }

    pub(crate) fn beat(&mut self, world: &World) {
        if let Some(wire) = self.wire.as_mut().filter(|wire| !wire.is_ending) {
            wire.send(world, command::HEARTBEAT, "");
        }
    }

    /// Says something that nobody else says, in about so many bytes.
    pub(crate) fn say(&mut self, world: &World, bytes: usize) {
        self.texts += 1;
        let words = format!("{} says its {}. ", self.name, self.texts);
        let text = Text::of(&words.repeat(bytes.div_ceil(words.len())));
        self.ask(world, &Request::Say { text });
    }

    pub(crate) fn tell(&mut self, world: &World, name: &Name) {
        self.texts += 1;
        let text = Text::of(&format!("for {name} from {}: {}", self.name, self.texts));
        let name = name.clone();
        self.ask(world, &Request::Tell { name, text });
    }

    /// Ends what it says; it still listens.
    pub(crate) fn half_close(&mut self) {
        if let Some(wire) = &mut self.wire {
            wire.is_ending = true;
            wire.peer.half_close();
        }
    }

    /// Is gone: with `reset`, without regard for what is on its way.
    pub(crate) fn leave(&mut self, reset: bool) {
        let Some(wire) = &mut self.wire else { return };
        wire.is_ending = true;
        if reset {
            wire.peer.reset();
        } else {
            wire.peer.close();
        }
        self.end();
    }

    pub(crate) fn set_deaf(&mut self, is_deaf: bool) {
        if let Some(wire) = &mut self.wire {
            wire.is_deaf = is_deaf;
            if is_deaf {
                wire.peer.stop_reading();
            } else {
                wire.peer.read_on();
            }
        }
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.wire.as_ref().is_some_and(|wire| wire.is_ending)
    }

    pub(crate) fn is_deaf(&self) -> bool {
        self.wire.as_ref().is_some_and(|wire| wire.is_deaf)
    }

    /// Joins, and waits until it is inside.
    #[track_caller]
    pub(crate) fn come_in(&mut self, world: &mut World, ledger: &mut Ledger, room: &str) {
        self.join(world, 0, &room.parse().expect("a name"));
        let inside = |_: &mut World| {
            self.listen(ledger);
            self.room().is_some_and(Stay::is_begun)
        };
        world.run_until(inside, Duration::from_secs(1));
    }

    // ---- what a person is told ----

    /// Hears what has come, and judges it.
    #[track_caller]
    pub(crate) fn listen(&mut self, ledger: &mut Ledger) {
        let Some(wire) = &mut self.wire else { return };
        // Looked at first: what came before the end is heard.
        let end = wire.peer.end();
        let frames = wire.frames();
        for (command, body) in frames {
            self.hear(command, &body, ledger);
        }
        if let (Some(end), Some(wire)) = (end, &self.wire) {
            self.last_end = Some(end);
            self.dropped += u64::from(!wire.is_ending);
            // After the end of our half, or of its own work, the server should have answered what was asked before.
            if end == PeerEnd::Ended && !wire.owed().is_empty() {
                self.cheated.push(wire.owed());
            }
            wire.peer.close();
            self.end();
        }
    }

    fn end(&mut self) {
        let Some(wire) = self.wire.take() else { return };
        self.ends += 1;
        if wire.awaits(command::JOIN) || wire.awaits(command::MOVE) {
            self.cut_off_at_doors += 1;
        }
        if let Some(stay) = self.stays.last_mut().filter(|stay| stay.end == End::Here) {
            stay.end = End::Cut;
        }
    }

    #[track_caller]
    fn hear(&mut self, number: u32, body: &[u8], ledger: &mut Ledger) {
        let Some(wire) = &mut self.wire else { return };
        if number == command::HEARTBEAT {
            return self.answered(command::HEARTBEAT);
        }
        let event = Event::parse(number, body).expect("the server speaks the protocol");
        assert!(
            wire.past_left == 0 || matches!(event, Event::Past(_)),
            "{}: {} lines from before are missing: {event:?}",
            self.name,
            wire.past_left
        );
        match event {
            Event::Entered { room, people, past } => self.enter(room, people, past),
            Event::Past(said) => self.hear_past(&said, ledger),
            Event::Said(said) => {
                assert_ne!(said.name, self.name, "the speaker's copy is the answer");
                self.hear_line(&said, ledger);
            }
            Event::Spoken(said) => {
                let text = wire.saying.pop_front();
                assert_eq!(
                    (&said.name, Some(&said.text)),
                    (&self.name, text.as_ref()),
                    "answers to SAY come in order"
                );
                self.answered(command::SAY);
                self.hear_line(&said, ledger);
            }
            Event::Told { name, text } => {
                let text = text.as_str().to_owned();
                let expected = format!("for {} from {name}: ", self.name);
                assert!(text.starts_with(&expected), "{} was told {text}", self.name);
                assert!(self.told.insert(text), "told twice");
            }
            Event::Delivered { name, text } => {
                let telling = wire.telling.pop_front();
                assert_eq!(telling.as_ref(), Some(&(name.clone(), text.clone())));
                self.delivered.push((name, text.as_str().to_owned()));
                self.answered(command::TELL);
            }
            Event::Came { name } => self.stay().note(name, true, None),
            Event::Left { name, why } => self.stay().note(name, false, why),
            Event::Notice { text } => self.notices.push(text.as_str().to_owned()),
            Event::Error { command, text } => self.refused(command, text.as_str()),
            Event::Present {
                room,
                people,
                names,
            } => {
                self.answered(command::WHO);
                self.see_present(&room, people, &names);
            }
            Event::Recalled { past } => {
                self.answered(command::HISTORY);
                if let Some(wire) = &mut self.wire {
                    wire.past_left = past;
                    wire.recalled = Some(Vec::new());
                }
                self.check_recalled();
            }
        }
    }

    /// Every answer was asked for, and comes once.
    #[track_caller]
    fn answered(&mut self, command: u32) {
        let wire = self.wire.as_mut().expect("there is a link");
        let left = wire.unanswered.get_mut(&command);
        let left = left.filter(|left| **left > 0);
        *left.unwrap_or_else(|| panic!("{}: {command} is answered, unasked", self.name)) -= 1;
        *self.answers.entry(command).or_default() += 1;
    }

    #[track_caller]
    fn refused(&mut self, command: u32, text: &str) {
        if text == "you did not join" {
            // The one error that answers nothing.
            self.was_late = true;
            return;
        }
        self.answered(command);
        let Some(wire) = &mut self.wire else { return };
        assert!(!text.contains("the server failed"), "{command}: {text}");
        *self.answers.entry(command).or_default() -= 1;
        self.too_late += u64::from(text == TOO_LATE);
        match command {
            command::SAY => drop(wire.saying.pop_front()),
            command::TELL => drop(wire.telling.pop_front()),
            command::MOVE if text == TOO_LATE => {
                // It has left the old room, if it was in one, and is in none.
                let here = self.stays.last_mut().filter(|stay| stay.end == End::Here);
                here.into_iter().for_each(|stay| stay.end = End::Moved);
            }
            command::JOIN => wire.refusals.push(text.to_owned()),
            _ => {}
        }
    }

    #[track_caller]
    fn enter(&mut self, room: Name, people: usize, past: usize) {
        let wire = self.wire.as_mut().expect("there is a link");
        let asked = wire.rooms.iter().position(|asked| *asked == room);
        wire.rooms.remove(asked.expect("a room that was asked for"));
        wire.past_left = past;
        wire.recalled = None;
        let life = wire.life;
        let how = if std::mem::replace(&mut wire.has_joined, true) {
            command::MOVE
        } else {
            command::JOIN
        };
        self.answered(how);
        if let Some(stay) = self.stays.last_mut().filter(|stay| stay.end == End::Here) {
            stay.end = End::Moved;
        }
        self.stays.push(Stay {
            life,
            room,
            past,
            lines: Vec::new(),
            notes: Vec::new(),
            end: End::Here,
            people,
            names: None,
        });
    }

    /// The room we are in, as far as we know. What comes before a new one was said in the old one.
    #[track_caller]
    pub(crate) fn stay(&mut self) -> &mut Stay {
        let name = &self.name;
        let stay = self.stays.last_mut().filter(|stay| stay.end == End::Here);
        stay.unwrap_or_else(|| panic!("{name} is in no room, and hears of one"))
    }

    #[track_caller]
    fn hear_line(&mut self, said: &Said, ledger: &mut Ledger) {
        let stay = self.stay();
        stay.take(said.number);
        ledger.see(stay.life, &stay.room, said);
    }

    #[track_caller]
    fn hear_past(&mut self, said: &Said, ledger: &mut Ledger) {
        let wire = self.wire.as_mut().expect("there is a link");
        assert!(wire.past_left > 0, "a line from before, unasked: {said:?}");
        wire.past_left -= 1;
        if let Some(recalled) = &mut wire.recalled {
            assert!(recalled.last().is_none_or(|&last| last < said.number));
            recalled.push(said.number);
            let stay = self.stay();
            ledger.see(stay.life, &stay.room, said);
            self.check_recalled();
        } else {
            self.hear_line(said, ledger);
        }
    }

    /// What was recalled is what we have seen ourselves, and before it what was said before we came.
    #[track_caller]
    fn check_recalled(&mut self) {
        let Some(wire) = self.wire.as_mut().filter(|wire| wire.past_left == 0) else {
            return;
        };
        let Some(recalled) = wire.recalled.take() else {
            return;
        };
        let name = self.name.clone();
        let stay = self.stay();
        assert!(
            continues(&recalled, &stay.lines, stay.past),
            "{name} in {}: recalled are {recalled:?}, and seen were {:?}",
            stay.room,
            stay.lines
        );
    }

    /// The server's list is what we know by those who came and left.
    #[track_caller]
    fn see_present(&mut self, room: &Name, people: usize, names: &[Name]) {
        let own = self.name.clone();
        let stay = self.stay();
        assert_eq!(
            (room, people),
            (&stay.room, stay.people),
            "{own} counts otherwise"
        );
        assert_eq!(people, names.len());
        assert!(names.is_sorted() && names.contains(&own));
        let names: BTreeSet<Name> = names.iter().cloned().collect();
        let known = stay.names.replace(names.clone());
        assert!(known.is_none_or(|known| known == names));
    }

    /// Who is in the room, by the server's last list and what came after it.
    pub(crate) fn present(&self) -> Option<&BTreeSet<Name>> {
        self.room()?.names.as_ref()
    }

    /// Lines that were heard in this room.
    pub(crate) fn heard(&self) -> usize {
        self.room().map_or(0, |stay| stay.lines.len())
    }

    /// Whether there is no request without an answer, or no link.
    pub(crate) fn is_answered(&self) -> bool {
        self.wire.as_ref().is_none_or(|wire| wire.owed().is_empty())
    }

    /// The room this person is in.
    pub(crate) fn room(&self) -> Option<&Stay> {
        self.stays.last().filter(|stay| stay.end == End::Here)
    }
}

impl Wire {
    fn send(&mut self, world: &World, command: u32, body: &str) {
        *self.unanswered.entry(command).or_default() += 1;
        self.sent_at = world.now();
        let mut frame = Outbox::default();
        let codec = DataPack::default();
        codec
            .encode(command, body.into(), &mut frame)
            .expect("it fits into a frame");
        self.peer.send(frame.single().expect("one piece"));
    }

    pub(crate) fn awaits(&self, command: u32) -> bool {
        self.unanswered.get(&command).is_some_and(|&left| left > 0)
    }

    /// The commands that were not answered, or not wholly.
    pub(crate) fn owed(&self) -> Vec<u32> {
        let unanswered = self.unanswered.iter().filter(|(_, left)| **left > 0);
        let unanswered = unanswered.map(|(&command, _)| command);
        let part = (self.past_left > 0).then_some(command::PAST);
        unanswered.chain(part).collect()
    }

    /// The frames that have come whole.
    fn frames(&mut self) -> Vec<(u32, Vec<u8>)> {
        self.bytes.extend(self.peer.take_received());
        let mut input = Input::new(&self.bytes);
        let mut frames = Vec::new();
        while let Some(Command { command, body }) = self
            .codec
            .decode(&mut input)
            .expect("the server sends frames")
        {
            frames.push((command, body.to_vec()));
        }
        self.bytes = input.rest().to_vec();
        frames
    }
}
