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

mod order;
mod people;
mod rooms;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use bytes::Bytes;
use oneloop::node::ClientId;

use crate::chat::protocol::command;
use crate::chat::words::Name;

use order::{Orders, refuse};
use people::{Person, Waiting};
use rooms::{HELD_MAX, Held, Home, Room};

pub use order::Order;

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

    /// How many people, rooms and chat nodes there are.
    #[must_use]
    pub fn len(&self) -> (usize, usize, usize) {
        (self.people.len(), self.rooms.len(), self.chats.len())
    }
}

/// Whether a command is answered by the room of whoever asks.
#[must_use]
pub const fn is_for_rooms(command: u32) -> bool {
    matches!(command, command::SAY | command::WHO | command::HISTORY)
}

const NOT_JOINED: &str = "you have to join first";
const NOT_DONE: &str = "you left before this was done";
const NO_CHAT: &str = "no chat node is there, try again";
