//! Who is here, and how they are let into rooms.

use std::collections::BTreeSet;

use oneloop::node::ClientId;

use crate::chat::words::Name;

use super::order::{Order, Orders, refuse};
use super::rooms::{HELD_MAX, Held, Home, Room};
use super::{NO_CHAT, NOT_DONE, NOT_JOINED, Register};

#[derive(Debug)]
pub(super) struct Person<P> {
    pub(super) name: Name,
    pub(super) room: Name,
    /// The last request to be let into a room.
    pub(super) request: u64,
    /// It leaves another node's room, and has the right to be told that it is in this one; what it asks for meanwhile.
    pub(super) parting: Option<(P, Vec<Held<P>>)>,
    /// It was told that it may be in the room or not: it is to hear that it is.
    pub(super) unsure: bool,
    /// Its net node has said that it is here, and is up.
    pub(super) confirmed: bool,
}

#[derive(Debug)]
pub(super) struct Waiting<P> {
    pub(super) client: ClientId,
    pub(super) promise: P,
    /// Which of the calls for it is the last.
    pub(super) attempt: u64,
    /// It is not in yet at all.
    pub(super) joins: bool,
}

impl<P> Register<P> {
    /// The request has waited long enough.
    pub fn give_up(&mut self, request: u64) -> Orders<P> {
        match self.waiting.remove(&request) {
            Some(waiting) => self.not_let_in(waiting, NO_CHAT),
            None => Vec::new(),
        }
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

    pub(super) fn admit(&mut self, client: ClientId, name: Name, room: Name) {
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

    pub(super) fn put_in_room(&mut self, client: ClientId, name: &Name) {
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
    pub(super) fn let_in(&mut self, client: ClientId, joins: bool, promise: P) -> (u64, Orders<P>) {
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
    pub(super) fn enter(&mut self, client: ClientId) -> Orders<P> {
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
    pub(super) fn not_let_in(&mut self, waiting: Waiting<P>, why: &str) -> Orders<P> {
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

    pub(super) fn leave_room(&mut self, client: ClientId, why: &str) -> Orders<P> {
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
}
