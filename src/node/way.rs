//! The way of a forwarded command to who answers it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;

use crate::context::{Context, LinkId};
use crate::deferred::{Deferred, Promise};
use crate::error::{Error, Result};
use crate::thrift::{Behalf, Caller, Held, handed_on};
use crate::time::Time;

use super::client_id::ClientId;
use super::lanes::Lanes;
use super::names::{FORWARD, SERVICE};
use super::shares::{Place, Shares};

/// The ways of a loop, by the names of the children. All handlers that forward to one name have one way, so that a client's commands stay
/// in order whichever of them takes them.
#[derive(Default)]
struct Ways(RefCell<BTreeMap<Box<str>, Rc<ToChild>>>);

/// The way to the children of one name: for one client always the same, as long as the same are there.
pub(super) struct ToChild {
    name: Box<str>,
    lanes: Rc<Lanes>,
    shares: Rc<Shares>,
}

/// A forwarded command, without its body.
#[derive(Clone, Copy)]
pub(super) struct Packet {
    pub(super) client: ClientId,
    pub(super) command: u32,
    /// When nobody waits for the answer any more.
    pub(super) until: Time,
    /// The client is one of ours: its id has our node's tag, which is found out with who answers; and it is not read while the command
    /// waits.
    pub(super) is_ours: bool,
}

impl Packet {
    /// One of a client, to be answered by when the call is that is being served.
    pub(super) fn new<S>(
        cx: &Context<'_, S>,
        client: ClientId,
        command: u32,
        is_ours: bool,
    ) -> Self {
        Self {
            client,
            command,
            until: cx.call_until().unwrap_or(Time::NEVER),
            is_ours,
        }
    }
}

impl ToChild {
    /// The one of this loop.
    pub(super) fn of<S: 'static>(cx: &mut Context<'_, S>, name: &str) -> Rc<Self> {
        let ways = loop {
            match cx.part::<Ways>() {
                Some(ways) => break ways,
                None => drop(cx.keep_part(Ways::default())),
            }
        };
        if let Some(known) = ways.0.borrow().get(name) {
            return Rc::clone(known);
        }
        let way = Rc::new(Self {
            name: name.into(),
            lanes: Lanes::new(WAITING_MAX, WAITING_BYTES_MAX),
            shares: Shares::of(cx),
        });
        let mut all = ways.0.borrow_mut();
        all.insert(name.into(), Rc::clone(&way));
        way
    }

    /// Sends a command on its way. It waits as long as another child has commands of the same client, or if there is no room for it.
    pub(super) fn take<S: 'static>(
        self: &Rc<Self>,
        cx: &mut Context<'_, S>,
        packet: Packet,
        body: &[u8],
    ) -> Deferred<Option<Bytes>> {
        handed_on_if_between(packet, self.begin(cx, packet, body))
    }

    fn begin<S: 'static>(
        self: &Rc<Self>,
        cx: &mut Context<'_, S>,
        packet: Packet,
        body: &[u8],
    ) -> Deferred<Option<Bytes>> {
        let (caller, tag) = match self.find(cx, &packet) {
            Ok(found) => found,
            Err(error) => return Deferred::failed(error),
        };
        let is_taken = self.lanes.is_taken(packet.client, caller.link());
        let place = match packet.is_ours {
            true => None,
            false => {
                let (child, waits) = (caller.link(), is_taken || caller.is_full());
                self.shares
                    .enter(cx, (child, &self.name), body.len(), waits)
            }
        };
        if !is_taken {
            let under_way = self.lanes.enter(packet.client, caller.link());
            let (body, aside) = (Bytes::copy_from_slice(body), is_aside(place.as_ref()));
            let reply = send(cx, &caller, tag, packet, body, aside);
            return until_answered(reply, (place, under_way));
        }
        let counted = (!is_aside(place.as_ref())).then_some(body.len());
        if counted.is_some_and(|bytes| !self.lanes.has_room(bytes)) {
            return Deferred::failed(Error::Busy);
        }
        let (turn, is_turn) = cx.defer();
        self.lanes.wait(packet.client, counted, turn);
        if packet.is_ours {
            cx.links.pause(packet.client.link);
        }
        let (promise, reply) = cx.defer();
        let (way, body) = (Rc::clone(self), Bytes::copy_from_slice(body));
        let waited = Waited {
            packet,
            body,
            place,
            promise,
        };
        cx.when(is_turn, move |cx, _| way.go_on(cx, waited));
        reply.and_then(|reply| reply)
    }

    /// It is the turn of one that has waited.
    fn go_on<S: 'static>(self: Rc<Self>, cx: &mut Context<'_, S>, waited: Waited) {
        let (lanes, packet) = (Rc::clone(&self.lanes), waited.packet);
        let client = packet.client;
        let found = self.find(cx, &packet);
        if let Ok((caller, _)) = &found
            && !waited.promise.is_cancelled()
            && lanes.is_elsewhere(client, caller.link())
        {
            // Others are there by now than when it had to wait.
            let (turn, is_turn) = cx.defer();
            lanes.wait_on(client, caller.link(), turn);
            cx.when(is_turn, move |cx, _| self.go_on(cx, waited));
            return;
        }
        let Waited {
            body,
            place,
            promise,
            ..
        } = waited;
        lanes.waited(client, (!is_aside(place.as_ref())).then_some(body.len()));
        if packet.is_ours {
            cx.links.resume(client.link);
        }
        match found {
            // Nobody waits for its answer.
            _ if promise.is_cancelled() => {}
            Ok((caller, tag)) => {
                let under_way = lanes.enter(client, caller.link());
                let reply = send(cx, &caller, tag, packet, body, is_aside(place.as_ref()));
                promise.resolve(until_answered(reply, (place, under_way)));
            }
            Err(error) => promise.reject(error),
        }
        lanes.next(client);
    }

    fn find<S: 'static>(&self, cx: &Context<'_, S>, packet: &Packet) -> Result<(Caller, u64)> {
        let children = cx.child(&*self.name);
        let Packet { client, .. } = packet;
        let children = match packet.is_ours {
            true => children.by_key(client.link.as_u64().to_be_bytes()),
            false => children.by_key(client.to_bytes()),
        };
        children.caller_and_tag(cx)
    }
}

/// A command that waits because another child has some of the same client.
struct Waited {
    packet: Packet,
    body: Bytes,
    place: Option<Place>,
    promise: Promise<Deferred<Option<Bytes>>>,
}

fn is_aside(place: Option<&Place>) -> bool {
    place.is_some_and(Place::is_aside)
}

/// Sends a command to a root.
pub(super) fn to_root<S: 'static>(
    cx: &mut Context<'_, S>,
    root: &str,
    packet: Packet,
    body: &[u8],
) -> Deferred<Option<Bytes>> {
    let (caller, tag) = match cx.remote(root).caller_and_tag(cx) {
        Ok(found) => found,
        Err(error) => return handed_on_if_between(packet, Deferred::failed(error)),
    };
    let bytes = Bytes::copy_from_slice(body);
    if packet.is_ours {
        return send(cx, &caller, tag, packet, bytes, false);
    }
    let (shares, waits) = (Shares::of(cx), caller.is_full());
    let place = shares.enter(cx, (caller.link(), root), body.len(), waits);
    let reply = send(cx, &caller, tag, packet, bytes, is_aside(place.as_ref()));
    handed_on_if_between(packet, until_answered(reply, place))
}

/// What goes wrong behind a node between is told to the client's node as it was found: "chat is absent" is no failure of the gate's.
fn handed_on_if_between(packet: Packet, reply: Deferred<Option<Bytes>>) -> Deferred<Option<Bytes>> {
    match packet.is_ours {
        true => reply,
        false => reply.map_err(handed_on),
    }
}

/// Sends a command, or has it wait for room in the link; then no more is read of its client, if that is ours. One that is set aside takes none
/// of the room that there is for those that wait.
fn send<S: 'static>(
    cx: &mut Context<'_, S>,
    caller: &Caller,
    tag: u64,
    packet: Packet,
    body: Bytes,
    is_aside: bool,
) -> Deferred<Option<Bytes>> {
    let caller = match caller.service(SERVICE) {
        Ok(caller) => caller.with_deadline(caller.call_deadline().min(packet.until - cx.now())),
        Err(error) => return Deferred::failed(error),
    };
    let ClientId { node, link } = packet.client;
    let client = ClientId {
        node: if packet.is_ours { tag } else { node },
        link,
    };
    let arguments = (client, packet.command.cast_signed(), body);
    let behalf = Behalf {
        client: if packet.is_ours { link } else { LinkId::NONE },
        has_room: is_aside,
    };
    let Held { reply, freed } = caller.call_holding(cx, FORWARD, arguments, behalf);
    if let Some(freed) = freed
        && packet.is_ours
    {
        cx.links.pause(link);
        cx.when(freed, move |cx, _| cx.links.resume(link));
    }
    reply
}

/// The same reply. Until it is there the command is under way.
fn until_answered<U: 'static>(
    reply: Deferred<Option<Bytes>>,
    under_way: U,
) -> Deferred<Option<Bytes>> {
    reply.map(move |reply| {
        drop(under_way);
        reply
    })
}

/// So many commands may wait because another child has some of the same client. Of each client that is connected here there is one, which
/// is not read meanwhile; of those of nodes before this one as many as their links to here may have under way.
const WAITING_MAX: usize = 10_000;
/// Their bytes.
const WAITING_BYTES_MAX: usize = 16 << 20;
