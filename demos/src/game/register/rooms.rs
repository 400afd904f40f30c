//! Rooms, and the chat nodes that have them.

use std::collections::BTreeSet;
use std::rc::Rc;

use bytes::Bytes;
use oneloop::node::ClientId;

use crate::chat::hall::ROOMS_MAX;
use crate::chat::words::Name;

use super::Register;
use super::order::{Order, Orders};

#[derive(Debug)]
pub(super) struct Room<P> {
    pub(super) members: BTreeSet<ClientId>,
    pub(super) home: Home,
    pub(super) held: Vec<Held<P>>,
    /// Who left while the room was not at a node: its members have not heard of it.
    pub(super) parted: Vec<(ClientId, Name, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Home {
    Nowhere,
    At(String),
    Moving,
}

#[derive(Debug)]
pub(super) struct Held<P> {
    pub(super) client: ClientId,
    pub(super) command: u32,
    pub(super) body: Bytes,
    pub(super) promise: P,
}

impl<P> Register<P> {
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

    pub(super) fn home(&self, room: &Name) -> Option<Home> {
        Some(self.rooms.get(room)?.home.clone())
    }

    pub(super) fn check_room(&self, room: &Name) -> Result<(), String> {
        if self.rooms.contains_key(room) || self.rooms.len() < ROOMS_MAX {
            return Ok(());
        }
        Err(format!("there are {ROOMS_MAX} rooms already"))
    }

    /// The chat node to which a room falls: the one that draws the highest number for it. So when one goes only its rooms move, and
    /// when it comes only those come back.
    pub(super) fn owner(&self, room: &Name) -> Option<String> {
        let draw = |node: &&String| crc32fast::hash(format!("{node} {room}").as_bytes());
        self.chats.iter().max_by_key(draw).cloned()
    }

    /// Where the numbers of a room begin that is opened now: beyond all that were ever given, and those that are given now.
    pub(super) fn base(&self) -> u64 {
        let known = self.last.get().saturating_add(UNKNOWN_LINES_MAX);
        let base = known.max(self.now_us);
        self.last.set(base);
        base
    }

    pub(super) fn settle_all(&mut self) -> Orders<P> {
        let names: Vec<Name> = self.rooms.keys().cloned().collect();
        names.iter().flat_map(|name| self.settle(name)).collect()
    }

    /// Sees to it that a room is at the node to which it falls.
    pub(super) fn settle(&mut self, name: &Name) -> Orders<P> {
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
    pub(super) fn open(&mut self, name: &Name, node: String, lines: Vec<String>) -> Orders<P> {
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

/// Requests to one room that wait until it is at a node.
pub(super) const HELD_MAX: usize = 256;
/// Lines that a node may have said of which the gate has not heard: more than there are calls under way to it.
pub(super) const UNKNOWN_LINES_MAX: u64 = 2_000;
