//! What the gate has to do.

use std::cell::Cell;
use std::rc::Rc;

use bytes::Bytes;
use oneloop::node::ClientId;

use crate::chat::words::Name;

#[cfg(doc)]
use super::Register;

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

pub(super) type Orders<P> = Vec<Order<P>>;

/// Whoever asked is told why not.
pub(super) fn refuse<P>(promise: P, why: impl Into<String>) -> (u64, Orders<P>) {
    let outcome = Err(why.into());
    (0, vec![Order::Answer { promise, outcome }])
}
