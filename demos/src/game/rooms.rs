//! The rooms of a chat node: who is in them, and what was said. Sends nothing: it gives what is to be pushed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use oneloop::node::ClientId;

use crate::chat::history::LINES_MAX;
use crate::chat::protocol::{Event, NAMES_MAX, Said};
use crate::chat::words::{Name, Text};

/// The rooms of a chat node.
#[derive(Debug, Default)]
pub struct Rooms {
    rooms: BTreeMap<Name, Room>,
    /// The room of each member.
    places: BTreeMap<ClientId, Name>,
    /// Members of which the gate that is up has not said that they are here.
    stale: BTreeSet<ClientId>,
}

#[derive(Debug, Default)]
struct Room {
    members: BTreeMap<ClientId, Name>,
    /// The last ones, the latest last.
    lines: VecDeque<Said>,
    /// The number of the next line.
    next: u64,
}

/// An event, and who is to hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// These clients.
    pub to: Vec<ClientId>,
    /// What they hear.
    pub event: Event,
}

/// What a member is told who is none.
pub const NOWHERE: &str = "you are in no room";

impl Rooms {
    /// There is a room from now on, and its lines have numbers from `base` on: with these lines from before, if another node had it.
    /// If it is there already it goes on, with both.
    pub fn open(&mut self, name: &Name, base: u64, lines: Vec<Said>) {
        let room = self.rooms.entry(name.clone()).or_default();
        let known: BTreeSet<u64> = room.lines.iter().map(|line| line.number).collect();
        let news = lines
            .into_iter()
            .filter(|line| !known.contains(&line.number));
        room.lines.extend(news);
        room.lines.make_contiguous().sort_by_key(|line| line.number);
        while room.lines.len() > LINES_MAX {
            room.lines.pop_front();
        }
        let last = room.lines.back().map_or(0, |line| line.number);
        room.next = room.next.max(base).max(last.saturating_add(1));
    }

    /// Puts somebody into a room, which is made if it is not there, with numbers from `base` on. If it is `loud` the room hears of it, and so does the person; otherwise all think that it has been
    /// there before.
    pub fn enter(
        &mut self,
        client: ClientId,
        name: &Name,
        room_name: &Name,
        base: u64,
        loud: bool,
    ) -> Vec<Push> {
        let mut pushes = Vec::new();
        self.stale.remove(&client);
        if self
            .places
            .get(&client)
            .is_some_and(|place| place != room_name)
        {
            pushes = self.leave(client, &format!("went to {room_name}"));
        }
        let room = self.rooms.entry(room_name.clone());
        let room = room.or_insert_with(|| Room {
            next: base,
            ..Room::default()
        });
        let is_new = room.members.insert(client, name.clone()).is_none();
        self.places.insert(client, room_name.clone());
        if !loud {
            return pushes;
        }
        pushes.extend(room.welcome(client, room_name));
        if is_new {
            let came = Event::Came { name: name.clone() };
            pushes.extend(room.push_but(client, &self.stale, came));
        }
        pushes
    }

    /// What somebody hears who has entered this room. `None` as long as no gate that is up has said that it is here: it may be in another
    /// room by now, at another node, and would think that it is in this one. Nothing if it is not in this room any more.
    #[must_use]
    pub fn welcome(&self, client: ClientId, room_name: &Name) -> Option<Vec<Push>> {
        let pushes = match (self.places.get(&client), self.rooms.get(room_name)) {
            (Some(place), Some(room)) if place == room_name => {
                if self.stale.contains(&client) {
                    return None;
                }
                room.welcome(client, room_name)
            }
            _ => Vec::new(),
        };
        Some(pushes)
    }

    /// Somebody is gone from its room. The last one closes it.
    pub fn leave(&mut self, client: ClientId, why: &str) -> Vec<Push> {
        self.stale.remove(&client);
        let Some(room_name) = self.places.remove(&client) else {
            return Vec::new();
        };
        let Some(room) = self.rooms.get_mut(&room_name) else {
            return Vec::new();
        };
        let gone = room.members.remove(&client);
        if room.members.is_empty() {
            self.rooms.remove(&room_name);
            return Vec::new();
        }
        let left = gone.map(|name| left(name, why));
        let left = left.and_then(|event| room.push_to(&self.stale, event));
        left.into_iter().collect()
    }

    /// Somebody has left the room while it was nowhere.
    pub fn left(&self, room: &Name, name: Name, why: &str) -> Vec<Push> {
        let room = self.rooms.get(room);
        let push = room.and_then(|room| room.push_to(&self.stale, left(name, why)));
        push.into_iter().collect()
    }

    /// Another node has the room from now on: gives its lines, and forgets it. Nobody hears of it.
    pub fn hand_over(&mut self, name: &Name) -> Vec<Said> {
        let Some(room) = self.rooms.remove(name) else {
            return Vec::new();
        };
        for member in room.members.keys() {
            self.places.remove(member);
            self.stale.remove(member);
        }
        room.lines.into()
    }

    /// The gate is lost, or there is a new one: it says who is here.
    pub fn muster(&mut self) {
        self.stale = self.places.keys().copied().collect();
    }

    /// It has said so: the others are gone, and so are rooms that nobody is in.
    pub fn sweep(&mut self) -> Vec<Push> {
        let gone = std::mem::take(&mut self.stale);
        let mut pushes = Vec::new();
        for client in gone {
            self.stale.remove(&client);
            pushes.extend(self.leave(client, ""));
        }
        self.rooms.retain(|_, room| !room.members.is_empty());
        pushes
    }

    /// Somebody says something: gives the number of the line. The answer is a push as well: so it is in one order with the others' lines.
    ///
    /// # Errors
    /// [`NOWHERE`].
    pub fn say(&mut self, client: ClientId, text: Text) -> Result<(u64, Vec<Push>), &'static str> {
        let place = self.places.get(&client).ok_or(NOWHERE)?;
        let room = self.rooms.get_mut(place).ok_or(NOWHERE)?;
        let name = room.members.get(&client).ok_or(NOWHERE)?.clone();
        let number = room.next;
        room.next = room.next.saturating_add(1);
        let said = Said { number, name, text };
        room.lines.push_back(said.clone());
        if room.lines.len() > LINES_MAX {
            room.lines.pop_front();
        }
        let mut pushes: Vec<Push> = Vec::new();
        pushes.extend(room.push_but(client, &self.stale, Event::Said(said.clone())));
        pushes.push(Push::to_one(client, Event::Spoken(said)));
        Ok((number, pushes))
    }

    /// Who is in somebody's room.
    ///
    /// # Errors
    /// [`NOWHERE`].
    pub fn who(&self, client: ClientId) -> Result<Vec<Push>, &'static str> {
        let place = self.places.get(&client).ok_or(NOWHERE)?;
        let room = self.rooms.get(place).ok_or(NOWHERE)?;
        let here = room.members.iter();
        let here = here.filter(|(member, _)| !self.stale.contains(member));
        let mut names: Vec<Name> = here.map(|(_, name)| name.clone()).collect();
        let people = names.len();
        names.sort_by_cached_key(Name::folded);
        names.truncate(NAMES_MAX);
        let present = Event::Present {
            room: place.clone(),
            people,
            names,
        };
        Ok(vec![Push::to_one(client, present)])
    }

    /// The last lines of somebody's room.
    ///
    /// # Errors
    /// [`NOWHERE`].
    pub fn history(&self, client: ClientId) -> Result<Vec<Push>, &'static str> {
        let place = self.places.get(&client).ok_or(NOWHERE)?;
        let room = self.rooms.get(place).ok_or(NOWHERE)?;
        let past = room.lines.len();
        let events = std::iter::once(Event::Recalled { past });
        let events = events.chain(room.lines.iter().cloned().map(Event::Past));
        Ok(events.map(|event| Push::to_one(client, event)).collect())
    }

    /// How many members and rooms there are.
    #[must_use]
    pub fn len(&self) -> (usize, usize) {
        (self.places.len(), self.rooms.len())
    }
}

impl Room {
    fn welcome(&self, client: ClientId, name: &Name) -> Vec<Push> {
        let entered = Event::Entered {
            room: name.clone(),
            people: self.members.len(),
            past: self.lines.len(),
        };
        let past = self.lines.iter().cloned().map(Event::Past);
        let events = std::iter::once(entered).chain(past);
        events.map(|event| Push::to_one(client, event)).collect()
    }

    /// To all members, if there are any. Those who are stale may be in another room by now.
    fn push_to(&self, stale: &BTreeSet<ClientId>, event: Event) -> Option<Push> {
        let members = self.members.keys().copied();
        let to: Vec<ClientId> = members.filter(|member| !stale.contains(member)).collect();
        (!to.is_empty()).then_some(Push { to, event })
    }

    /// To all but one.
    fn push_but(&self, client: ClientId, stale: &BTreeSet<ClientId>, event: Event) -> Option<Push> {
        let mut push = self.push_to(stale, event)?;
        push.to.retain(|member| *member != client);
        (!push.to.is_empty()).then_some(push)
    }
}

fn left(name: Name, why: &str) -> Event {
    let why = (!why.is_empty()).then(|| Text::of(why));
    Event::Left { name, why }
}

impl Push {
    fn to_one(client: ClientId, event: Event) -> Self {
        let to = vec![client];
        Self { to, event }
    }
}

#[cfg(test)]
mod tests {
    use oneloop::LinkId;

    use super::*;

    fn client(number: u64) -> ClientId {
        ClientId {
            node: 1,
            link: LinkId::from_u64(number),
        }
    }

    fn name(text: &str) -> Name {
        text.parse().expect(text)
    }

    fn says(rooms: &mut Rooms, who: u64, text: &str) -> u64 {
        rooms.say(client(who), Text::of(text)).expect("inside").0
    }

    /// What each client was told, a line for each: `1: SAID ...`.
    fn told(pushes: &[Push]) -> Vec<String> {
        let line = |push: &Push| {
            let to: Vec<String> = push
                .to
                .iter()
                .map(|it| it.link.as_u64().to_string())
                .collect();
            format!(
                "{}: {} {}",
                to.join(","),
                push.event.command(),
                push.event.body()
            )
        };
        pushes.iter().map(line).collect()
    }

    fn two() -> Rooms {
        let mut rooms = Rooms::default();
        rooms.open(&name("lobby"), 100, Vec::new());
        rooms.enter(client(1), &name("ann"), &name("lobby"), 100, true);
        rooms.enter(client(2), &name("bob"), &name("lobby"), 100, true);
        rooms
    }

    #[test]
    fn who_comes_is_told_what_was_said_and_the_others_that_it_came() {
        let mut rooms = two();
        assert_eq!(says(&mut rooms, 1, "hi"), 100);
        let pushes = rooms.enter(client(3), &name("cy"), &name("lobby"), 100, true);
        assert_eq!(
            told(&pushes),
            ["3: 101 lobby\t3\t1", "3: 102 100\tann\thi", "1,2: 105 cy"]
        );
        let pushes = rooms.enter(client(3), &name("cy"), &name("lobby"), 100, true);
        assert_eq!(told(&pushes).len(), 2, "once more: nobody else hears of it");
        assert!(
            rooms
                .enter(client(4), &name("dee"), &name("lobby"), 100, false)
                .is_empty()
        );
        let again = rooms.welcome(client(3), &name("lobby")).expect("here");
        assert_eq!(told(&again)[0], "3: 101 lobby\t4\t1");
        let pushes = rooms.leave(client(3), "");
        assert_eq!(told(&pushes), ["1,2,4: 106 cy\t"]);
        assert_eq!(rooms.welcome(client(3), &name("lobby")), Some(Vec::new()));
    }

    #[test]
    fn a_line_is_pushed_to_all_and_the_answer_is_a_push_too() {
        let mut rooms = two();
        let (number, pushes) = rooms.say(client(2), Text::of("yes")).expect("inside");
        assert_eq!(number, 100);
        assert_eq!(
            told(&pushes),
            ["1: 103 100\tbob\tyes", "2: 3 100\tbob\tyes"]
        );
        assert_eq!(rooms.say(client(9), Text::of("x")), Err(NOWHERE));
        assert_eq!(
            told(&rooms.who(client(1)).expect("inside")),
            ["1: 5 lobby\t2\tann\tbob"]
        );
        let history = rooms.history(client(1)).expect("inside");
        assert_eq!(told(&history), ["1: 6 1", "1: 102 100\tbob\tyes"]);
    }

    #[test]
    fn numbers_rise_over_moves() {
        let (mut one, mut other) = (two(), Rooms::default());
        for _ in 0..LINES_MAX + 5 {
            says(&mut one, 1, "x");
        }
        let last = says(&mut one, 1, "last");
        let lines = one.hand_over(&name("lobby"));
        assert_eq!((lines.len(), one.len()), (LINES_MAX, (0, 0)));
        other.open(&name("lobby"), 7, lines.clone());
        other.enter(client(1), &name("ann"), &name("lobby"), 100, false);
        assert_eq!(says(&mut other, 1, "x"), last + 1);
        // Once more where it is: nothing twice, and nothing before what was.
        other.open(&name("lobby"), last + 1000, lines);
        assert_eq!(says(&mut other, 1, "x"), last + 1000);
        let Some(Push {
            event: Event::Recalled { past },
            ..
        }) = other.history(client(1)).expect("inside").first().cloned()
        else {
            panic!("the answer comes first");
        };
        assert_eq!(past, LINES_MAX);
    }

    #[test]
    fn whom_a_new_gate_does_not_know_is_gone() {
        let mut rooms = two();
        rooms.enter(client(3), &name("cy"), &name("den"), 100, true);
        rooms.muster();
        let hears = |rooms: &Rooms| rooms.welcome(client(1), &name("lobby"));
        assert_eq!(hears(&rooms), None, "it may be elsewhere");
        assert!(
            rooms
                .enter(client(1), &name("ann"), &name("lobby"), 100, false)
                .is_empty()
        );
        assert_eq!(hears(&rooms).expect("it is here").len(), 1);
        assert_eq!(told(&rooms.sweep()), ["1: 106 bob\t"]);
        assert_eq!(rooms.len(), (1, 1));
        assert!(rooms.sweep().is_empty());
    }
}
