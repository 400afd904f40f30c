//! Who is who in the cluster, and where: what the gate knows. Sends nothing: it gives what is to be done.
//!
//! It knows what should be: who is in which room, and which chat node has that room. Chat nodes come and go; each time the rooms that fall
//! to another node now are opened there and their members put in. A room's life, as the gate sees it:
//!
//! ```text
//!   Nowhere ── a chat node is up ──► At(node) ── another takes it ──► Moving(from) ── its lines are here ──► At(other)
//!      ▲                                │                                │
//!      └──────── no chat node is up ────┴────────────────────────────────┘
//! ```
//! What members ask for while a room is not at a node waits for it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use bytes::Bytes;
use oneloop::node::ClientId;

use crate::chat::hall::ROOMS_MAX;
use crate::chat::protocol::command;
use crate::chat::words::Name;

/// Who is who in the cluster. `P` is what is kept of a request until it is answered: a promise.
#[derive(Debug)]
pub struct Register<P> {
    people: BTreeMap<ClientId, Person<P>>,
    /// By folded name.
    names: BTreeMap<Name, ClientId>,
    /// By folded name. Never one without members, but for one that moves.
    rooms: BTreeMap<Name, Room<P>>,
    /// Chat nodes that are up.
    chats: BTreeSet<String>,
    /// Requests to be let into a room.
    waiting: BTreeMap<u64, Waiting<P>>,
    requests: u64,
    /// The greatest number of a line that is known, of any room, or from which on one was given.
    last: Rc<Cell<u64>>,
    /// The time of day, in microseconds: lines' numbers begin there, so that they rise even if all that was known of them is lost.
    now_us: u64,
}

#[derive(Debug)]
struct Person<P> {
    name: Name,
    room: Name,
    /// The last request to be let into a room.
    request: u64,
    /// It leaves another node's room, and has the right to be told that it is in this one; what it asks for meanwhile.
    parting: Option<(P, Vec<Held<P>>)>,
    /// It was told that it may be in the room or not: it is to hear that it is.
    unsure: bool,
    /// Its net node has said that it is here, and is up.
    confirmed: bool,
}

#[derive(Debug)]
struct Waiting<P> {
    client: ClientId,
    promise: P,
    /// Which of the calls for it is the last.
    attempt: u64,
    /// It is not in yet at all.
    joins: bool,
}

#[derive(Debug)]
struct Room<P> {
    members: BTreeSet<ClientId>,
    home: Home,
    held: Vec<Held<P>>,
    /// Who left while the room was not at a node: its members have not heard of it.
    parted: Vec<(ClientId, Name, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Home {
    Nowhere,
    At(String),
    Moving,
}

#[derive(Debug)]
struct Held<P> {
    client: ClientId,
    command: u32,
    body: Bytes,
    promise: P,
}

/// What is to be done, one after the other.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "as in the functions of a chat node and a net node"
)]
pub enum Order<P> {
    /// To a chat node.
    Muster { node: String },
    /// To a chat node.
    Open {
        node: String,
        room: Name,
        base: u64,
        lines: Vec<String>,
    },
    /// To a chat node; the outcome is for [`Register::entered`].
    Enter {
        node: String,
        client: ClientId,
        name: Name,
        room: Name,
        base: u64,
        loud: bool,
        request: u64,
        attempt: u64,
    },
    /// To a chat node.
    Leave {
        node: String,
        client: ClientId,
        why: String,
    },
    /// To a chat node: the room is to hear that somebody has left it before it was there.
    Left {
        node: String,
        room: Name,
        name: Name,
        why: String,
    },
    /// To a chat node: somebody leaves; and when it is done [`Register::parted`].
    Part {
        node: String,
        client: ClientId,
        why: String,
    },
    /// To a chat node; the outcome is for [`Register::handed_over`].
    HandOver { node: String, room: Name },
    /// To a chat node, which answers. The number of the line goes into `last`.
    Pass {
        node: String,
        client: ClientId,
        command: u32,
        body: Bytes,
        promise: P,
        last: Rc<Cell<u64>>,
    },
    /// To the client's net node. Without a name it is nobody any more.
    Note {
        client: ClientId,
        name: Option<Name>,
        room: Name,
    },
    /// To the client's net node.
    Dismiss { client: ClientId, why: String },
    /// To these clients.
    Notice { to: Vec<ClientId>, text: String },
    /// To whoever asked: done, or why not.
    Answer {
        promise: P,
        outcome: Result<(), String>,
    },
}

type Orders<P> = Vec<Order<P>>;

/// Requests to one room that wait until it is at a node.
const HELD_MAX: usize = 256;
/// Lines that a node may have said of which the gate has not heard: more than there are calls under way to it.
const UNKNOWN_LINES_MAX: u64 = 2_000;

impl<P> Default for Register<P> {
    fn default() -> Self {
        Self {
            people: BTreeMap::new(),
            names: BTreeMap::new(),
            rooms: BTreeMap::new(),
            chats: BTreeSet::new(),
            waiting: BTreeMap::new(),
            requests: 0,
            last: Rc::default(),
            now_us: 0,
        }
    }
}

impl<P> Register<P> {
    /// It is so late now.
    pub const fn set_time(&mut self, now_us: u64) {
        self.now_us = now_us;
    }

    // ---- what clients ask for ----

    /// Somebody wants to join, and to be let into a room. Gives the number of the request, for [`give_up`](Self::give_up).
    pub fn join(
        &mut self,
        client: ClientId,
        name: Name,
        room: &Name,
        promise: P,
    ) -> (u64, Orders<P>) {
        if let Some(known) = self.people.get(&client) {
            // It was let in, and has not heard of it.
            if known.name == name {
                return self.move_to(client, room, promise);
            }
            return refuse(
                promise,
                format!("you have joined already, as {}", known.name),
            );
        }
        if let Some(holder) = self.names.get(&name.folded()) {
            let holder = self.people.get(holder).map_or(&name, |person| &person.name);
            return refuse(promise, format!("the name {holder} is taken"));
        }
        if let Err(why) = self.check_room(room) {
            return refuse(promise, why);
        }
        self.admit(client, name, room.clone());
        self.let_in(client, true, promise)
    }

    /// Somebody wants to go to another room.
    pub fn move_to(&mut self, client: ClientId, room: &Name, promise: P) -> (u64, Orders<P>) {
        let Some(person) = self.people.get(&client) else {
            return refuse(promise, NOT_JOINED);
        };
        if person.parting.is_some() {
            return refuse(promise, "wait until you are in the room");
        }
        if person.room == *room {
            // Whoever was told that this may be done or not asks again.
            return self.let_in(client, false, promise);
        }
        if let Err(why) = self.check_room(room) {
            return refuse(promise, why);
        }
        let home = self.home(&person.room);
        let mut orders = self.leave_room(client, &format!("went to {room}"));
        let goes_far = home != self.home(room).or_else(|| self.owner(room).map(Home::At));
        if let Some(person) = self.people.get_mut(&client) {
            person.room = room.clone();
            if goes_far && let [Order::Leave { node, client, why }] = &orders[..] {
                // What that node has still to say comes before what the other one says.
                let (node, client, why) = (node.clone(), *client, why.clone());
                person.parting = Some((promise, Vec::new()));
                return (0, vec![Order::Part { node, client, why }]);
            }
        }
        self.put_in_room(client, room);
        let (request, more) = self.let_in(client, false, promise);
        orders.extend(more);
        (request, orders)
    }

    /// Somebody has left a room at another node, or that node is lost. Gives the number of the request as well, as
    /// [`move_to`](Self::move_to).
    pub fn parted(&mut self, client: ClientId) -> (u64, Orders<P>) {
        let Some(person) = self.people.get_mut(&client) else {
            return (0, Vec::new());
        };
        let Some((promise, held)) = person.parting.take() else {
            return (0, Vec::new());
        };
        let room = person.room.clone();
        self.put_in_room(client, &room);
        let (request, mut orders) = self.let_in(client, false, promise);
        for Held {
            client,
            command,
            body,
            promise,
        } in held
        {
            orders.extend(self.pass(client, command, body, promise));
        }
        (request, orders)
    }

    /// Something that the room answers.
    pub fn pass(&mut self, client: ClientId, command: u32, body: Bytes, promise: P) -> Orders<P> {
        let Some(person) = self.people.get_mut(&client) else {
            return refuse(promise, NOT_JOINED).1;
        };
        if let Some((_, held)) = &mut person.parting {
            if held.len() >= HELD_MAX {
                return refuse(promise, NO_CHAT).1;
            }
            held.push(Held {
                client,
                command,
                body,
                promise,
            });
            return Vec::new();
        }
        let Some(room) = self.rooms.get_mut(&person.room) else {
            return refuse(promise, NOT_JOINED).1;
        };
        match &room.home {
            Home::At(node) => vec![Order::Pass {
                node: node.clone(),
                client,
                command,
                body,
                promise,
                last: Rc::clone(&self.last),
            }],
            Home::Nowhere | Home::Moving if room.held.len() < HELD_MAX => {
                room.held.push(Held {
                    client,
                    command,
                    body,
                    promise,
                });
                Vec::new()
            }
            Home::Nowhere | Home::Moving => refuse(promise, NO_CHAT).1,
        }
    }

    /// Who tells something, and to whom.
    ///
    /// # Errors
    /// Why not.
    pub fn tell(&self, client: ClientId, to: &Name) -> Result<(&Name, ClientId, &Name), String> {
        let person = self.people.get(&client).ok_or(NOT_JOINED)?;
        let other = self.names.get(&to.folded());
        let other = other.and_then(|other| self.people.get_key_value(other));
        let (other, known) = other.ok_or_else(|| format!("nobody here is called {to}"))?;
        Ok((&person.name, *other, &known.name))
    }

    /// The request has waited long enough.
    pub fn give_up(&mut self, request: u64) -> Orders<P> {
        match self.waiting.remove(&request) {
            Some(waiting) => self.not_let_in(waiting, NO_CHAT),
            None => Vec::new(),
        }
    }

    // ---- what net nodes say ----

    /// Somebody is gone.
    pub fn gone(&mut self, client: ClientId, why: &str) -> Orders<P> {
        let orders = self.leave_room(client, why);
        if let Some(person) = self.people.remove(&client) {
            self.names.remove(&person.name.folded());
            self.waiting.remove(&person.request);
        }
        orders
    }

    /// A net node says that this client is here. It may be new to this gate.
    pub fn here(&mut self, client: ClientId, name: Name, room: Name) -> Orders<P> {
        if let Some(known) = self.people.get_mut(&client) {
            known.confirmed = true;
            return Vec::new();
        }
        if self.names.contains_key(&name.folded()) {
            let why = format!("somebody else took the name {name} while the gate was away");
            return vec![Order::Dismiss { client, why }];
        }
        self.admit(client, name, room.clone());
        match self.home(&room) {
            Some(Home::At(_)) => self.enter(client),
            _ => self.settle(&room),
        }
    }

    /// A net node has told somebody that it may be in a room or not. Now it is to know.
    pub fn show(&mut self, client: ClientId) -> Orders<P> {
        match self.people.get_mut(&client) {
            Some(person) => person.unsure = true,
            None => return Vec::new(),
        }
        self.enter(client)
    }

    /// A net node has said of all its clients that they are here.
    pub fn all_here(&mut self, net: u64) -> Orders<P> {
        self.drop_those(net, "connection lost")
    }

    /// A net node is not there: whether its clients are it has to say.
    pub fn doubt(&mut self, net: u64) {
        for (client, person) in &mut self.people {
            if client.node == net {
                person.confirmed = false;
            }
        }
    }

    /// So it has not said it, or cannot any more.
    pub fn drop_those(&mut self, net: u64, why: &str) -> Orders<P> {
        let gone = self.people.iter();
        let gone = gone.filter(|(client, person)| client.node == net && !person.confirmed);
        let gone: Vec<ClientId> = gone.map(|(client, _)| *client).collect();
        gone.into_iter()
            .flat_map(|client| self.gone(client, why))
            .collect()
    }

    // ---- chat nodes ----

    /// A chat node is up: the rooms that fall to it go there.
    pub fn chat_up(&mut self, node: &str) -> Orders<P> {
        self.chats.insert(node.to_owned());
        let mut orders = vec![Order::Muster {
            node: node.to_owned(),
        }];
        orders.extend(self.settle_all());
        orders
    }

    /// A chat node is lost: its rooms go to the others.
    pub fn chat_lost(&mut self, node: &str) -> Orders<P> {
        self.chats.remove(node);
        let mut orders = Vec::new();
        for room in self.rooms.values_mut() {
            if room.home == Home::At(node.to_owned()) {
                room.home = Home::Nowhere;
                let to = room.members.iter().copied().collect();
                let text = format!("{node} is lost: what was said here before is forgotten");
                orders.push(Order::Notice { to, text });
            }
        }
        orders.extend(self.settle_all());
        orders
    }

    /// A chat node has let somebody in, or not.
    pub fn entered(
        &mut self,
        request: u64,
        attempt: u64,
        outcome: Result<(), String>,
    ) -> Orders<P> {
        let current = self.waiting.get(&request);
        if current.is_none_or(|waiting| waiting.attempt != attempt) {
            // Another node was asked meanwhile.
            return Vec::new();
        }
        let Some(waiting) = self.waiting.remove(&request) else {
            return Vec::new();
        };
        match outcome {
            Ok(()) => vec![Order::Answer {
                promise: waiting.promise,
                outcome: Ok(()),
            }],
            Err(why) => self.not_let_in(waiting, &why),
        }
    }

    /// A chat node has given a room's lines away; or none, because it was lost.
    pub fn handed_over(&mut self, name: &Name, lines: Vec<String>) -> Orders<P> {
        let Some(room) = self.rooms.get_mut(name) else {
            return Vec::new();
        };
        room.home = Home::Nowhere;
        if room.members.is_empty() {
            self.rooms.remove(name);
            return Vec::new();
        }
        match self.owner(name) {
            Some(node) => self.open(name, node, lines),
            None => Vec::new(),
        }
    }

    /// How many people, rooms and chat nodes there are.
    #[must_use]
    pub fn len(&self) -> (usize, usize, usize) {
        (self.people.len(), self.rooms.len(), self.chats.len())
    }

    // ---- people ----

    fn admit(&mut self, client: ClientId, name: Name, room: Name) {
        self.names.insert(name.folded(), client);
        self.put_in_room(client, &room);
        let person = Person {
            name,
            room,
            request: 0,
            parting: None,
            unsure: false,
            confirmed: true,
        };
        self.people.insert(client, person);
    }

    fn put_in_room(&mut self, client: ClientId, name: &Name) {
        let room = self.rooms.entry(name.clone()).or_insert_with(|| Room {
            members: BTreeSet::new(),
            home: Home::Nowhere,
            held: Vec::new(),
            parted: Vec::new(),
        });
        room.members.insert(client);
        room.parted.retain(|(parted, ..)| *parted != client);
    }

    /// Has somebody let into its room, loudly, as soon as that is at a node.
    fn let_in(&mut self, client: ClientId, joins: bool, promise: P) -> (u64, Orders<P>) {
        self.requests = self.requests.saturating_add(1);
        let request = self.requests;
        let Some(person) = self.people.get_mut(&client) else {
            return refuse(promise, NOT_JOINED);
        };
        // An older request that waits has the answer of its own call, if one is under way.
        person.request = request;
        let room = person.room.clone();
        let mut orders = vec![Order::Note {
            client,
            name: Some(person.name.clone()),
            room: room.clone(),
        }];
        let waiting = Waiting {
            client,
            promise,
            attempt: 0,
            joins,
        };
        self.waiting.insert(request, waiting);
        match self.home(&room) {
            Some(Home::At(_)) => orders.extend(self.enter(client)),
            _ => orders.extend(self.settle(&room)),
        }
        (request, orders)
    }

    /// The order that puts somebody into its room.
    fn enter(&mut self, client: ClientId) -> Orders<P> {
        let Some(room) = self.people.get(&client).map(|person| person.room.clone()) else {
            return Vec::new();
        };
        let (Some(Home::At(node)), Some(person)) = (self.home(&room), self.people.get_mut(&client))
        else {
            return Vec::new();
        };
        let unsure = std::mem::take(&mut person.unsure);
        let waiting = self.waiting.get_mut(&person.request);
        let (loud, attempt) = waiting.map_or((unsure, 0), |waiting| {
            waiting.attempt = waiting.attempt.saturating_add(1);
            (true, waiting.attempt)
        });
        let base = self.base();
        let Some(person) = self.people.get(&client) else {
            return Vec::new();
        };
        vec![Order::Enter {
            base,
            node,
            client,
            name: person.name.clone(),
            room: person.room.clone(),
            loud,
            request: person.request,
            attempt,
        }]
    }

    /// A request failed. Who was to join has not.
    fn not_let_in(&mut self, waiting: Waiting<P>, why: &str) -> Orders<P> {
        let Waiting {
            client,
            promise,
            joins,
            ..
        } = waiting;
        let mut orders = Vec::new();
        if joins {
            orders = self.gone(client, "");
            if let Ok(room) = "-".parse() {
                orders.push(Order::Note {
                    client,
                    name: None,
                    room,
                });
            }
        } else if let Some(person) = self.people.get_mut(&client) {
            person.unsure = true;
        }
        let outcome = Err(why.to_owned());
        orders.push(Order::Answer { promise, outcome });
        orders
    }

    fn leave_room(&mut self, client: ClientId, why: &str) -> Orders<P> {
        let Some(person) = self.people.get(&client) else {
            return Vec::new();
        };
        let Some(room) = self.rooms.get_mut(&person.room) else {
            return Vec::new();
        };
        room.members.remove(&client);
        let (is_empty, home) = (room.members.is_empty(), room.home.clone());
        match home.clone() {
            Home::At(node) => {
                if is_empty {
                    self.rooms.remove(&person.room);
                }
                let why = why.to_owned();
                vec![Order::Leave { node, client, why }]
            }
            Home::Nowhere | Home::Moving => {
                // What it has asked for there is not to be done elsewhere.
                let held = std::mem::take(&mut room.held).into_iter();
                let (own, others): (Vec<Held<P>>, Vec<Held<P>>) =
                    held.partition(|held| held.client == client);
                room.held = others;
                if room.parted.len() < HELD_MAX {
                    let parted = (client, person.name.clone(), why.to_owned());
                    room.parted.push(parted);
                }
                if is_empty && home == Home::Nowhere {
                    self.rooms.remove(&person.room);
                }
                let refused = own.into_iter();
                refused
                    .flat_map(|held| refuse(held.promise, NOT_DONE).1)
                    .collect()
            }
        }
    }

    // ---- rooms ----

    fn home(&self, room: &Name) -> Option<Home> {
        Some(self.rooms.get(room)?.home.clone())
    }

    fn check_room(&self, room: &Name) -> Result<(), String> {
        if self.rooms.contains_key(room) || self.rooms.len() < ROOMS_MAX {
            return Ok(());
        }
        Err(format!("there are {ROOMS_MAX} rooms already"))
    }

    /// The chat node to which a room falls: the one that draws the highest number for it. So when one goes only its rooms move, and
    /// when it comes only those come back.
    fn owner(&self, room: &Name) -> Option<String> {
        let draw = |node: &&String| crc32fast::hash(format!("{node} {room}").as_bytes());
        self.chats.iter().max_by_key(draw).cloned()
    }

    /// Where the numbers of a room begin that is opened now: beyond all that were ever given, and those that are given now.
    fn base(&self) -> u64 {
        let known = self.last.get().saturating_add(UNKNOWN_LINES_MAX);
        let base = known.max(self.now_us);
        self.last.set(base);
        base
    }

    fn settle_all(&mut self) -> Orders<P> {
        let names: Vec<Name> = self.rooms.keys().cloned().collect();
        names.iter().flat_map(|name| self.settle(name)).collect()
    }

    /// Sees to it that a room is at the node to which it falls.
    fn settle(&mut self, name: &Name) -> Orders<P> {
        let owner = self.owner(name);
        let Some(room) = self.rooms.get_mut(name) else {
            return Vec::new();
        };
        match (&room.home, owner) {
            (Home::Moving, _) | (_, None) => Vec::new(),
            (Home::At(node), Some(owner)) if *node == owner => Vec::new(),
            (Home::At(node), Some(_)) => {
                let node = node.clone();
                room.home = Home::Moving;
                let room = name.clone();
                vec![Order::HandOver { node, room }]
            }
            (Home::Nowhere, Some(owner)) => self.open(name, owner, Vec::new()),
        }
    }

    /// A room is at this node from now on, and so are its members.
    fn open(&mut self, name: &Name, node: String, lines: Vec<String>) -> Orders<P> {
        let base = self.base();
        let Some(room) = self.rooms.get_mut(name) else {
            return Vec::new();
        };
        room.home = Home::At(node.clone());
        let (held, parted) = (
            std::mem::take(&mut room.held),
            std::mem::take(&mut room.parted),
        );
        let members: Vec<ClientId> = room.members.iter().copied().collect();
        let mut orders = vec![Order::Open {
            node: node.clone(),
            room: name.clone(),
            base,
            lines,
        }];
        // Those who are there already hear of those who come.
        let waits = |client: &ClientId| {
            let person = self.people.get(client);
            person.is_some_and(|person| self.waiting.contains_key(&person.request))
        };
        let (coming, there): (Vec<ClientId>, Vec<ClientId>) = members.into_iter().partition(waits);
        for client in there {
            orders.extend(self.enter(client));
        }
        for (_, who, why) in parted {
            orders.push(Order::Left {
                node: node.clone(),
                room: name.clone(),
                name: who,
                why,
            });
        }
        for client in coming {
            orders.extend(self.enter(client));
        }
        orders.extend(held.into_iter().map(|held| Order::Pass {
            node: node.clone(),
            client: held.client,
            command: held.command,
            body: held.body,
            promise: held.promise,
            last: Rc::clone(&self.last),
        }));
        orders
    }
}

fn refuse<P>(promise: P, why: impl Into<String>) -> (u64, Orders<P>) {
    let outcome = Err(why.into());
    (0, vec![Order::Answer { promise, outcome }])
}

/// Whether a command is answered by the room of whoever asks.
#[must_use]
pub const fn is_for_rooms(command: u32) -> bool {
    matches!(command, command::SAY | command::WHO | command::HISTORY)
}

const NOT_JOINED: &str = "you have to join first";
const NOT_DONE: &str = "you left before this was done";
const NO_CHAT: &str = "no chat node is there, try again";

#[cfg(test)]
mod tests {
    use oneloop::LinkId;

    use super::*;

    type Register = super::Register<u32>;

    fn client(number: u64) -> ClientId {
        ClientId {
            node: 1,
            link: LinkId::from_u64(number),
        }
    }

    fn name(text: &str) -> Name {
        text.parse().expect(text)
    }

    /// What is to be done, a line for each.
    fn lines(orders: &Orders<u32>) -> Vec<String> {
        let line = |order: &Order<u32>| match order {
            Order::Muster { node } => format!("{node}: muster"),
            Order::Open { node, room, .. } => format!("{node}: open {room}"),
            Order::Enter {
                node,
                name,
                room,
                loud,
                ..
            } => format!(
                "{node}: enter {name} {room}{}",
                if *loud { " loud" } else { "" }
            ),
            Order::Leave { node, client, .. } => format!("{node}: leave {}", client.link.as_u64()),
            Order::Left { node, name, .. } => format!("{node}: left {name}"),
            Order::Part { node, client, .. } => format!("{node}: part {}", client.link.as_u64()),
            Order::HandOver { node, room } => format!("{node}: hand over {room}"),
            Order::Pass { node, promise, .. } => format!("{node}: pass {promise}"),
            Order::Note { name, room, .. } => format!("note {name:?} {room}"),
            Order::Dismiss { client, .. } => format!("dismiss {}", client.link.as_u64()),
            Order::Notice { to, .. } => format!("notice to {}", to.len()),
            Order::Answer { promise, outcome } => format!("answer {promise} {outcome:?}"),
        };
        let notes = |line: &String| !line.starts_with("note ");
        orders.iter().map(line).filter(notes).collect()
    }

    fn say(register: &mut Register, who: u64, promise: u32) -> Vec<String> {
        let body = Bytes::from_static(b"x");
        lines(&register.pass(client(who), command::SAY, body, promise))
    }

    /// Somebody joins a room, and is in.
    fn comes(register: &mut Register, who: u64, called: &str, room: &str) {
        let (request, orders) = register.join(client(who), name(called), &name(room), 0);
        let entered = orders.iter().find_map(|order| match order {
            Order::Enter { attempt, .. } => Some(*attempt),
            _ => None,
        });
        register.entered(request, entered.expect("a node is up"), Ok(()));
    }

    /// Two rooms, one at each of two nodes.
    fn rooms(register: &Register) -> (String, String) {
        let mut found = (None, None);
        for number in 0..100 {
            let room = format!("r{number}");
            match register.owner(&name(&room)).as_deref() {
                Some("a") if found.0.is_none() => found.0 = Some(room),
                Some("b") if found.1.is_none() => found.1 = Some(room),
                _ => {}
            }
        }
        (found.0.expect("falls to a"), found.1.expect("falls to b"))
    }

    fn cluster() -> (Register, String, String) {
        let mut register = Register::default();
        register.chat_up("a");
        register.chat_up("b");
        let (at_a, at_b) = rooms(&register);
        (register, at_a, at_b)
    }

    #[test]
    fn a_name_is_one_in_the_cluster() {
        let (mut register, at_a, at_b) = cluster();
        let (request, orders) = register.join(client(1), name("Ann"), &name(&at_a), 1);
        assert_eq!(
            lines(&orders),
            [
                format!("a: open {at_a}"),
                format!("a: enter Ann {at_a} loud")
            ]
        );
        let done = register.entered(request, 1, Ok(()));
        assert_eq!(lines(&done), ["answer 1 Ok(())"]);
        let (_, orders) = register.join(client(2), name("aNN"), &name(&at_b), 2);
        assert_eq!(lines(&orders), ["answer 2 Err(\"the name Ann is taken\")"]);
        assert_eq!(
            say(&mut register, 2, 3),
            [format!("answer 3 Err({NOT_JOINED:?})")]
        );
        // The same once more: it has not heard that it is in.
        let (_, orders) = register.join(client(1), name("Ann"), &name(&at_a), 4);
        assert_eq!(lines(&orders), [format!("a: enter Ann {at_a} loud")]);
        assert_eq!(lines(&register.gone(client(1), "")), ["a: leave 1"]);
        let (_, orders) = register.join(client(2), name("aNN"), &name(&at_b), 5);
        assert_eq!(orders.len(), 3, "it is free again");
    }

    #[test]
    fn rooms_of_a_lost_node_go_to_the_other_and_come_back_with_their_lines() {
        let (mut register, at_a, at_b) = cluster();
        comes(&mut register, 1, "ann", &at_a);
        comes(&mut register, 2, "bob", &at_b);
        let orders = register.chat_lost("a");
        let moved = [format!("b: open {at_a}"), format!("b: enter ann {at_a}")];
        assert_eq!(lines(&orders)[1..], moved, "quietly, and no other room");
        assert_eq!(lines(&orders)[0], "notice to 1");
        let orders = register.chat_up("a");
        assert_eq!(
            lines(&orders),
            ["a: muster".into(), format!("b: hand over {at_a}")]
        );
        // Meanwhile it waits.
        assert!(say(&mut register, 1, 7).is_empty());
        let orders = register.handed_over(&name(&at_a), vec!["1\tann\tx".into()]);
        let back = [
            format!("a: open {at_a}"),
            format!("a: enter ann {at_a}"),
            "a: pass 7".into(),
        ];
        assert_eq!(lines(&orders), back);
        assert!(matches!(&orders[0], Order::Open { lines, .. } if lines.len() == 1));
    }

    #[test]
    fn who_goes_to_another_node_s_room_is_let_in_when_it_has_left() {
        let (mut register, at_a, at_b) = cluster();
        comes(&mut register, 1, "ann", &at_a);
        let (_, orders) = register.move_to(client(1), &name(&at_b), 1);
        assert_eq!(lines(&orders), ["a: part 1"]);
        assert!(say(&mut register, 1, 2).is_empty(), "behind that");
        let (_, orders) = register.parted(client(1));
        let there = [
            format!("b: open {at_b}"),
            format!("b: enter ann {at_b} loud"),
            "b: pass 2".into(),
        ];
        assert_eq!(lines(&orders), there);
        // A room of the same node: at once.
        let other = (0..100).map(|number| format!("x{number}"));
        let mut other = other.filter(|room| register.owner(&name(room)).as_deref() == Some("b"));
        let other = other.next().expect("falls to b");
        let (_, orders) = register.move_to(client(1), &name(&other), 3);
        assert_eq!(lines(&orders)[0], "b: leave 1");
        assert_eq!(register.len(), (1, 1, 2));
    }

    #[test]
    fn who_leaves_a_room_that_is_nowhere_is_missed_when_it_is_somewhere() {
        let (mut register, at_a, at_b) = cluster();
        comes(&mut register, 1, "ann", &at_a);
        comes(&mut register, 2, "bob", &at_a);
        register.chat_lost("b");
        register.chat_lost("a");
        assert!(say(&mut register, 1, 1).is_empty());
        let (_, orders) = register.move_to(client(1), &name(&at_b), 2);
        assert_eq!(
            lines(&orders),
            [format!("answer 1 Err({NOT_DONE:?})")],
            "not elsewhere"
        );
        let orders = lines(&register.chat_up("a"));
        assert!(orders.contains(&"a: left ann".into()), "{orders:?}");
        assert!(
            orders.contains(&format!("a: enter bob {at_a}")),
            "{orders:?}"
        );
        assert!(
            orders.contains(&format!("a: enter ann {at_b} loud")),
            "{orders:?}"
        );
    }

    #[test]
    fn who_cannot_be_let_in_has_not_joined() {
        let mut register = Register::default();
        let (request, orders) = register.join(client(1), name("ann"), &name("r"), 1);
        assert!(lines(&orders).is_empty(), "no node is up");
        let orders = lines(&register.give_up(request));
        assert_eq!(orders, [format!("answer 1 Err({NO_CHAT:?})")]);
        assert_eq!(register.len(), (0, 0, 0));
        assert!(register.give_up(request).is_empty());
        // A node that is lost meanwhile is not the end of it: another is asked.
        register.chat_up("a");
        let (request, _) = register.join(client(1), name("ann"), &name("r"), 2);
        register.chat_lost("a");
        let orders = lines(&register.chat_up("b"));
        assert_eq!(orders[2], "b: enter ann r loud");
        assert!(
            register.entered(request, 1, Err("lost".into())).is_empty(),
            "the first attempt"
        );
        assert_eq!(
            lines(&register.entered(request, 2, Ok(()))),
            ["answer 2 Ok(())"]
        );
    }

    #[test]
    fn a_new_gate_is_told_who_is_here_and_an_old_one_who_is_not() {
        let mut register = Register::default();
        assert!(register.here(client(1), name("ann"), name("r")).is_empty());
        assert!(register.here(client(2), name("bob"), name("r")).is_empty());
        let orders = lines(&register.here(client(3), name("ANN"), name("r")));
        assert_eq!(orders, ["dismiss 3"], "the first has the name");
        let orders = lines(&register.chat_up("a"));
        assert_eq!(
            orders,
            ["a: muster", "a: open r", "a: enter ann r", "a: enter bob r"]
        );
        register.doubt(1);
        register.here(client(1), name("ann"), name("r"));
        assert_eq!(lines(&register.all_here(1)), ["a: leave 2"]);
        assert!(register.all_here(2).is_empty(), "another net node");
        assert_eq!(register.len(), (1, 1, 1));
    }

    #[test]
    fn numbers_of_lines_begin_beyond_all_that_were_given() {
        let (mut register, at_a, _) = cluster();
        let base = |orders: &Orders<u32>| {
            let open = orders.iter().find_map(|order| match order {
                Order::Open { base, .. } => Some(*base),
                _ => None,
            });
            open.expect("it is opened")
        };
        register.set_time(1_000_000);
        let (_, orders) = register.join(client(1), name("ann"), &name(&at_a), 1);
        assert_eq!(base(&orders), 1_000_000);
        register.last.set(2_000_000);
        let next = 2_000_000 + UNKNOWN_LINES_MAX;
        assert_eq!(base(&register.chat_lost("a")), next);
        // Anew at the same time, before anything is heard of the lines that were said there.
        register.gone(client(1), "");
        let (_, orders) = register.join(client(2), name("bob"), &name(&at_a), 2);
        assert!(base(&orders) >= next + UNKNOWN_LINES_MAX);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut register = Register::default();
        register.here(client(1), name("ann"), name("r"));
        for number in 0..HELD_MAX as u32 {
            assert!(say(&mut register, 1, number).is_empty());
        }
        assert_eq!(
            say(&mut register, 1, 999),
            [format!("answer 999 Err({NO_CHAT:?})")]
        );
        let orders = lines(&register.chat_up("a"));
        assert_eq!(
            orders.iter().filter(|line| line.contains("pass")).count(),
            HELD_MAX
        );
    }

    #[test]
    fn there_are_only_so_many_rooms() {
        let mut register = Register::default();
        for number in 0..ROOMS_MAX as u64 {
            let room = name(&format!("r{number}"));
            register.here(client(number), room.clone(), room);
        }
        let (_, orders) = register.join(client(9_999), name("new"), &name("new"), 1);
        assert_eq!(
            lines(&orders),
            ["answer 1 Err(\"there are 1000 rooms already\")"]
        );
        let (_, orders) = register.join(client(9_999), name("new"), &name("r5"), 1);
        assert!(lines(&orders).is_empty(), "it waits for a node");
    }
}
