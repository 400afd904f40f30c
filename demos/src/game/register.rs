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
    people: BTreeMap<ClientId, Person>,
    /// By folded name.
    names: BTreeMap<Name, ClientId>,
    /// By folded name. Never one without members, but for one that moves.
    rooms: BTreeMap<Name, Room<P>>,
    /// Chat nodes that are up.
    chats: BTreeSet<String>,
    /// Requests to be let into a room.
    waiting: BTreeMap<u64, Waiting<P>>,
    requests: u64,
    /// The time of day, in milliseconds: lines' numbers begin there, so that they rise even if all that was known of them is lost.
    now_ms: u64,
}

#[derive(Debug)]
struct Person {
    name: Name,
    room: Name,
    /// The last request to be let into a room.
    request: u64,
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
    /// The greatest number of a line that is known.
    last: Rc<Cell<u64>>,
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
/// Lines that a node may have said of which nobody has told the gate, and more.
const UNKNOWN_LINES_MAX: u64 = 10_000;

impl<P> Default for Register<P> {
    fn default() -> Self {
        Self {
            people: BTreeMap::new(),
            names: BTreeMap::new(),
            rooms: BTreeMap::new(),
            chats: BTreeSet::new(),
            waiting: BTreeMap::new(),
            requests: 0,
            now_ms: 0,
        }
    }
}

impl<P> Register<P> {
    /// It is so late now.
    pub const fn set_time(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
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
            if known.name == name && known.room != *room {
                return self.move_to(client, room, promise);
            }
            if known.name == name {
                return self.let_in(client, false, promise);
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
        if person.room == *room {
            return refuse(promise, format!("you are in {room} already"));
        }
        if let Err(why) = self.check_room(room) {
            return refuse(promise, why);
        }
        let mut orders = self.leave_room(client, &format!("went to {room}"));
        if let Some(person) = self.people.get_mut(&client) {
            person.room = room.clone();
        }
        self.put_in_room(client, room);
        let (request, more) = self.let_in(client, false, promise);
        orders.extend(more);
        (request, orders)
    }

    /// Something that the room answers.
    pub fn pass(&mut self, client: ClientId, command: u32, body: Bytes, promise: P) -> Orders<P> {
        let room = self.people.get(&client).map(|person| &person.room);
        let Some(room) = room.and_then(|room| self.rooms.get_mut(room)) else {
            return refuse(promise, NOT_JOINED).1;
        };
        match &room.home {
            Home::At(node) => vec![Order::Pass {
                node: node.clone(),
                client,
                command,
                body,
                promise,
                last: Rc::clone(&room.last),
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
            confirmed: true,
        };
        self.people.insert(client, person);
    }

    fn put_in_room(&mut self, client: ClientId, name: &Name) {
        let room = self.rooms.entry(name.clone()).or_insert_with(|| Room {
            members: BTreeSet::new(),
            home: Home::Nowhere,
            last: Rc::default(),
            held: Vec::new(),
            parted: Vec::new(),
        });
        room.members.insert(client);
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
        let Some(person) = self.people.get(&client) else {
            return Vec::new();
        };
        let Some(Home::At(node)) = self.home(&person.room) else {
            return Vec::new();
        };
        let waiting = self.waiting.get_mut(&person.request);
        let (loud, attempt) = waiting.map_or((false, 0), |waiting| {
            waiting.attempt = waiting.attempt.saturating_add(1);
            (true, waiting.attempt)
        });
        vec![Order::Enter {
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
        match home {
            Home::At(node) => {
                if is_empty {
                    self.rooms.remove(&person.room);
                }
                let why = why.to_owned();
                vec![Order::Leave { node, client, why }]
            }
            Home::Nowhere if is_empty => {
                self.rooms.remove(&person.room);
                Vec::new()
            }
            Home::Nowhere | Home::Moving => {
                if room.parted.len() < HELD_MAX {
                    room.parted
                        .push((client, person.name.clone(), why.to_owned()));
                }
                Vec::new()
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
        let Some(room) = self.rooms.get_mut(name) else {
            return Vec::new();
        };
        room.home = Home::At(node.clone());
        let (held, parted) = (
            std::mem::take(&mut room.held),
            std::mem::take(&mut room.parted),
        );
        let last = Rc::clone(&room.last);
        let members: Vec<ClientId> = room.members.iter().copied().collect();
        let base = last
            .get()
            .saturating_add(UNKNOWN_LINES_MAX)
            .max(self.now_ms);
        let mut orders = vec![Order::Open {
            node: node.clone(),
            room: name.clone(),
            base,
            lines,
        }];
        // Who left is there for a moment, quietly: so the others hear of it.
        for (client, who, _) in &parted {
            orders.push(Order::Enter {
                node: node.clone(),
                client: *client,
                name: who.clone(),
                room: name.clone(),
                loud: false,
                request: 0,
                attempt: 0,
            });
        }
        // Those who are there already hear of those who come.
        let waits = |client: &ClientId| {
            let person = self.people.get(client);
            person.is_some_and(|person| self.waiting.contains_key(&person.request))
        };
        let (coming, there): (Vec<ClientId>, Vec<ClientId>) = members.into_iter().partition(waits);
        for client in there {
            orders.extend(self.enter(client));
        }
        for (client, _, why) in parted {
            let node = node.clone();
            orders.push(Order::Leave { node, client, why });
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
            last: Rc::clone(&last),
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
const NO_CHAT: &str = "no chat node is there, try again";
