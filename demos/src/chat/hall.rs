//! Who is here, and in which room.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::rc::Rc;

use oneloop::{GroupId, LinkId};

use crate::chat::history::LINES_MAX;
use crate::chat::line::Line;
use crate::chat::words::Name;

/// Who is here, and in which room. Knows no history and sends nothing.
#[derive(Debug, Default)]
pub struct Hall {
    people: BTreeMap<LinkId, Person>,
    /// By folded name.
    names: BTreeMap<Name, LinkId>,
    /// By folded name. Never an empty room.
    rooms: BTreeMap<Name, Room>,
}

#[derive(Debug)]
struct Person {
    name: Name,
    place: Place,
}

/// Where a person is.
///
/// ```text
///   Outside ── reserve ──► Door ── enter ──► Inside
///      ▲                    │                  │
///      └────── leave ───────┴────── leave ─────┘
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In no room.
    Outside,
    /// On the way into one: its history is being fetched, and nobody was told yet.
    Door(Name),
    /// In one.
    Inside(Name),
}

/// A room with somebody in it, or at its door.
#[derive(Debug)]
pub struct Room {
    /// The links of those inside.
    pub group: GroupId,
    /// The last lines that were said since the room is there: complete from the moment somebody is at the door.
    pub recent: VecDeque<Rc<Line>>,
    /// Inside or at the door.
    people: usize,
}

/// Who has left what.
#[derive(Debug, PartialEq, Eq)]
pub struct Departure {
    /// Who.
    pub name: Name,
    /// The room's links.
    pub group: GroupId,
    /// Nobody is left: the room is no more.
    pub was_last: bool,
    /// Was at the door only: nobody knows of the person.
    pub was_unseen: bool,
}

/// Why somebody does not come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else has the name.
    Taken(Name),
    /// There are as many rooms as there may be.
    Rooms,
}

/// Rooms at once.
pub const ROOMS_MAX: usize = 1_000;

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(name) => write!(f, "the name {name} is taken"),
            Self::Rooms => write!(f, "there are {ROOMS_MAX} rooms already"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Hall {
    /// Lets a person in, outside of any room.
    ///
    /// # Errors
    /// [`Refusal::Taken`].
    pub fn admit(&mut self, link: LinkId, name: Name) -> Result<(), Refusal> {
        if let Some(holder) = self.find(&name) {
            let holder = self.people[&holder].name.clone();
            return Err(Refusal::Taken(holder));
        }
        self.names.insert(name.folded(), link);
        let place = Place::Outside;
        self.people.insert(link, Person { name, place });
        Ok(())
    }

    /// A person is gone for good. Gives the room left, if there was one.
    pub fn dismiss(&mut self, link: LinkId) -> Option<Departure> {
        let departure = self.leave(link);
        if let Some(person) = self.people.remove(&link) {
            self.names.remove(&person.name.folded());
        }
        departure
    }

    /// Whether there may be a room of this name.
    ///
    /// # Errors
    /// [`Refusal::Rooms`].
    pub fn check_room(&self, room: &Name) -> Result<(), Refusal> {
        if self.rooms.contains_key(room) || self.rooms.len() < ROOMS_MAX {
            Ok(())
        } else {
            Err(Refusal::Rooms)
        }
    }

    /// Puts a person who is outside at the door of a room, which is made if it is not there. From here on it remembers.
    pub fn reserve(&mut self, link: LinkId, room: &Name, make_group: impl FnOnce() -> GroupId) {
        let Some(person) = self.people.get_mut(&link) else {
            return;
        };
        debug_assert_eq!(person.place, Place::Outside, "one room at a time");
        person.place = Place::Door(room.clone());
        let room = self.rooms.entry(room.clone()).or_insert_with(|| Room {
            group: make_group(),
            recent: VecDeque::new(),
            people: 0,
        });
        room.people += 1;
    }

    /// Lets a person in who is at the door. None if the person is gone meanwhile, or there is no door.
    pub fn enter(&mut self, link: LinkId) -> Option<(&Name, &Name, &Room)> {
        let person = self.people.get_mut(&link)?;
        let Place::Door(name) = &person.place else {
            return None;
        };
        let name = name.clone();
        let (name, room) = self.rooms.get_key_value(&name)?;
        person.place = Place::Inside(name.clone());
        Some((&person.name, name, room))
    }

    /// Takes a person out of the room. None if there was none.
    pub fn leave(&mut self, link: LinkId) -> Option<Departure> {
        let person = self.people.get_mut(&link)?;
        let (room, was_unseen) = match std::mem::replace(&mut person.place, Place::Outside) {
            Place::Outside => return None,
            Place::Door(room) => (room, true),
            Place::Inside(room) => (room, false),
        };
        let kept = self.rooms.get_mut(&room)?;
        kept.people -= 1;
        let (group, was_last) = (kept.group, kept.people == 0);
        if was_last {
            self.rooms.remove(&room);
        }
        Some(Departure {
            name: person.name.clone(),
            group,
            was_last,
            was_unseen,
        })
    }

    /// Has a room remember what was said in it.
    pub fn remember(&mut self, line: &Rc<Line>) {
        if let Some(room) = self.rooms.get_mut(&line.room) {
            if room.recent.len() == LINES_MAX {
                room.recent.pop_front();
            }
            room.recent.push_back(Rc::clone(line));
        }
    }

    /// The link of a person, however the name is written.
    #[must_use]
    pub fn find(&self, name: &Name) -> Option<LinkId> {
        self.names.get(&name.folded()).copied()
    }

    /// A person's name, as it was given.
    #[must_use]
    pub fn name(&self, link: LinkId) -> Option<&Name> {
        Some(&self.people.get(&link)?.name)
    }

    /// Where a person is; none if there is no such person.
    #[must_use]
    pub fn place(&self, link: LinkId) -> Option<&Place> {
        Some(&self.people.get(&link)?.place)
    }

    /// The room a person is in, with its name.
    #[must_use]
    pub fn room(&self, link: LinkId) -> Option<(&Name, &Room)> {
        match &self.people.get(&link)?.place {
            Place::Inside(room) => self.rooms.get_key_value(room),
            Place::Door(_) | Place::Outside => None,
        }
    }

    /// How many people and rooms there are.
    #[must_use]
    pub fn len(&self) -> (usize, usize) {
        (self.people.len(), self.rooms.len())
    }
}

#[cfg(test)]
mod tests {
    use oneloop::Reactor;

    use super::*;

    const ANN: LinkId = LinkId::from_u64(1);
    const BOB: LinkId = LinkId::from_u64(2);

    fn name(text: &str) -> Name {
        text.parse().expect(text)
    }

    fn groups() -> (GroupId, GroupId) {
        let mut reactor = Reactor::new(()).expect("a poll");
        reactor
            .start(|cx| Ok((cx.links.create_group(), cx.links.create_group())))
            .expect("two groups")
    }

    fn never() -> GroupId {
        unreachable!("the room is there")
    }

    #[test]
    fn a_name_is_taken_until_its_person_is_gone() {
        let mut hall = Hall::default();
        hall.admit(ANN, name("Ann")).expect("free");
        let refusal = hall.admit(BOB, name("aNN"));
        assert_eq!(refusal, Err(Refusal::Taken(name("Ann"))));
        assert_eq!(hall.name(BOB), None);
        assert_eq!(hall.find(&name("ANN")), Some(ANN));
        assert_eq!(hall.dismiss(ANN), None, "was in no room");
        hall.admit(BOB, name("aNN")).expect("free again");
    }

    #[test]
    fn a_room_is_there_as_long_as_somebody_is_in_it_or_at_its_door() {
        let (lobby, _) = groups();
        let mut hall = Hall::default();
        hall.admit(ANN, name("ann")).expect("free");
        hall.admit(BOB, name("bob")).expect("free");
        hall.reserve(ANN, &name("lobby"), || lobby);
        assert_eq!(hall.len(), (2, 1));
        assert!(hall.room(ANN).is_none(), "at the door");
        assert!(hall.enter(ANN).is_some() && hall.enter(ANN).is_none());
        hall.reserve(BOB, &name("lobby"), never);
        let left = hall.leave(ANN).expect("was inside");
        assert!(!left.was_last && !left.was_unseen);
        let left = hall.dismiss(BOB).expect("was at the door");
        assert!(left.was_last && left.was_unseen && left.group == lobby);
        assert_eq!(hall.len(), (1, 0));
        assert_eq!(hall.place(ANN), Some(&Place::Outside));
        assert!(
            hall.enter(BOB).is_none(),
            "gone while the history was fetched"
        );
    }

    #[test]
    fn a_room_remembers_its_last_lines_only() {
        let (lobby, den) = groups();
        let mut hall = Hall::default();
        hall.admit(ANN, name("ann")).expect("free");
        hall.reserve(ANN, &name("lobby"), || lobby);
        let say = |hall: &mut Hall, number, room| {
            hall.remember(&Rc::new(Line {
                number,
                room: name(room),
                name: name("ann"),
                text: crate::chat::words::Text::of("x"),
            }));
        };
        for number in 1..=LINES_MAX as u64 + 3 {
            say(&mut hall, number, "lobby");
        }
        say(&mut hall, 99, "den");
        let (_, _, room) = hall.enter(ANN).expect("at the door");
        assert_eq!((room.recent.len(), room.recent[0].number), (LINES_MAX, 4));
        hall.leave(ANN);
        hall.reserve(ANN, &name("lobby"), || den);
        let (_, _, room) = hall.enter(ANN).expect("at the door");
        assert!(room.recent.is_empty(), "another room of the same name");
    }

    #[test]
    fn there_are_only_so_many_rooms() {
        let (group, _) = groups();
        let mut hall = Hall::default();
        for number in 0..ROOMS_MAX as u64 {
            let (link, room) = (LinkId::from_u64(number), name(&format!("r{number}")));
            hall.admit(link, room.clone()).expect("free");
            hall.check_room(&room).expect("there is room");
            hall.reserve(link, &room, || group);
        }
        assert_eq!(hall.check_room(&name("one-more")), Err(Refusal::Rooms));
        assert_eq!(hall.check_room(&name("r5")), Ok(()));
    }
}
