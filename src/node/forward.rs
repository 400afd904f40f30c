//! Clients' commands that another node answers.

use std::rc::Rc;

use bytes::Bytes;

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;
use crate::service::{Call, IntoReply};
use crate::thrift::{Functions, Processor};

use super::client_id::ClientId;
use super::names::{FORWARD, PREFIX, PUSH};
use super::pushes::{Reach, deliver, to_wire};
use super::way::{Packet, ToChild, to_root};

/// A handler that has the children of this name answer: their [`Remote::on_forward`](super::Remote::on_forward) is given the client's
/// id, the command and its body, and what it replies is the reply to the client.
///
/// One client's commands all go to the same child, as long as the same are there ([`by_key`](super::Child::by_key)), and in the order in
/// which they came, whichever handler of this name takes them. If children come and go, and another is to have the client, its next
/// command waits until the one before it is answered (or given up: what a silent child does with a command whose time was up is not
/// waited for). Replies leave as they come, or in the order of the commands, if the service says
/// [`ordered_replies`](crate::CommandService::ordered_replies).
///
/// A call fails as [others between nodes](super) do: with [`Error::Absent`](crate::Error::Absent), if no such child is there, and so on.
/// What is done about it is said by [`on_failure`](crate::CommandService::on_failure); by default the client's link is closed.
///
/// A client with [`calls_max`](crate::LinkLimits::calls_max) commands unanswered is not read, and others are. The link to the child
/// carries [`NodeLimits::link`](super::NodeLimits::link)`.calls_max` of them all, and so many bytes as its outbox takes. A command for which
/// there is no room waits, as long as the deadline of its call lets it, and its client is not read meanwhile; those of other clients wait
/// behind it, and go on in this order, each when one before it is answered. So a slow child stops the clients that feed it, and no others.
/// How much may wait is bounded by [`NodeLimits::held_calls_max`](super::NodeLimits::held_calls_max) and
/// [`held_bytes_max`](super::NodeLimits::held_bytes_max); what is more fails with [`Error::Busy`](crate::Error::Busy).
///
/// ```
/// use oneloop::node::{self, ClientId, Node, Remote, Root};
/// use oneloop::{CommandService, Context, DataPack, Result};
///
/// fn gate(cx: &mut Context<'_, ()>) -> Result<()> {
///     let mut commands = CommandService::new();
///     commands.range(1000..=1999, node::forward_to_child("chat"))?;
///     Node::new("gate")
///         .net("gate:7000", DataPack::default(), commands)
///         .root("127.0.0.1:9000", Root::new())
///         .start(cx)?;
///     Ok(())
/// }
///
/// fn say(cx: &mut Context<'_, ()>, client: ClientId, command: u32, body: &[u8]) -> Vec<u8> {
///     drop(cx.push_across(&[client], 2000, b"somebody has said something"));
///     [b"heard: ", body].concat()
/// }
///
/// fn chat(cx: &mut Context<'_, ()>) -> Result<()> {
///     Node::new("chat").remote("gate", "127.0.0.1:9000", Remote::new().on_forward(say)).start(cx)?;
///     Ok(())
/// }
/// ```
pub fn forward_to_child<S: 'static>(
    name: &str,
) -> impl Fn(&mut Call<'_, S>) -> Deferred<Option<Bytes>> + use<S> {
    let name: Rc<str> = name.into();
    move |call| {
        let way = ToChild::of(&mut call.cx, &name);
        let (packet, body) = (packet_of(call), call.body());
        way.take(&mut call.cx, packet, body)
    }
}

/// A handler that has the root of this name answer, by its [`Root::on_forward`](super::Root::on_forward). Otherwise the same as
/// [`forward_to_child`]: though there is one link for all, who feeds a slow child of the root's is not read, and others are, if the root's
/// node [passes commands on](pass_to_child).
///
/// ```
/// use oneloop::{CommandService, node};
///
/// # fn main() -> oneloop::Result<()> {
/// let mut commands = CommandService::<()>::new();
/// commands.catch_all(node::forward_to_remote("gate"))?;
/// # Ok(())
/// # }
/// ```
pub fn forward_to_remote<S: 'static>(
    root: &str,
) -> impl Fn(&mut Call<'_, S>) -> Deferred<Option<Bytes>> + use<S> {
    let root: Rc<str> = root.into();
    move |call| {
        let (packet, body) = (packet_of(call), call.body());
        to_root(&mut call.cx, &root, packet, body)
    }
}

/// What a node between does with what is forwarded to it: hands it on to the children of this name, the same for the same client. For
/// [`Root::on_forward`](super::Root::on_forward) and [`Remote::on_forward`](super::Remote::on_forward).
///
/// A command for which the link to the child has no room waits here too.
///
/// # One link, and several children
///
/// All clients of the node before this one share its link to here, and a child that is slow must not fill it with commands that wait for it.
/// So a child has as many of that link's calls as are free besides, and no more: of 1,024 one that is slow has 512, and the others have the
/// rest; two that are slow have 341 each; and a quarter stays free, however many are slow. What comes for it beyond that, and what has to
/// wait here, is *set aside*: it goes its way in its order as ever, but is none of the link's calls any more, and its client is not read
/// until it is answered. So a slow child stops the clients that feed it, and no others.
///
/// [`NodeLimits::aside_calls_max`](super::NodeLimits::aside_calls_max) and [`aside_bytes_max`](super::NodeLimits::aside_bytes_max) say how
/// much of one link may be set aside, at either end; beyond that commands are the link's calls as before, and all its clients wait in the
/// end. [`Counters::calls_set_aside`](crate::Counters::calls_set_aside) counts it, and this node's log warns of it, once a minute.
///
/// Nothing is set aside for a node before this one that does not know of it (an older version, or a program of another language that has not
/// [said](super#the-wire) that it does), nor of what is passed on later than while it is served (what a handler keeps by itself is one of the
/// link's calls, whoever it is for). If there are two nodes between, the first one sees the second as one child.
///
/// ```
/// use oneloop::node::{Root, pass_to_child};
///
/// let root = Root::<()>::new().on_forward(pass_to_child("chat")); // net -> this -> chat, and back
/// ```
pub fn pass_to_child<S: 'static>(
    name: &str,
) -> impl Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> Deferred<Option<Bytes>> + use<S> {
    let name: Rc<str> = name.into();
    move |cx, client, command, body| {
        let way = ToChild::of(cx, &name);
        let packet = Packet::new(cx, client, command, false);
        way.take(cx, packet, body)
    }
}

/// The same to the root of this name.
pub fn pass_to_remote<S: 'static>(
    root: &str,
) -> impl Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> Deferred<Option<Bytes>> + use<S> {
    let root: Rc<str> = root.into();
    move |cx, client, command, body| {
        let packet = Packet::new(cx, client, command, false);
        to_root(cx, &root, packet, body)
    }
}

/// A command of a client of ours.
fn packet_of<S: 'static>(call: &Call<'_, S>) -> Packet {
    let client = ClientId {
        node: 0,
        link: call.link(),
    };
    Packet::new(&call.cx, client, call.command(), true)
}

/// What answers forwarded commands.
pub(super) type Forwarded<S> =
    Box<dyn Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> Deferred<Option<Bytes>>>;

/// The same of a function that gives any reply.
pub(super) fn forwarded<S, F, R>(function: F) -> Forwarded<S>
where
    F: Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> R + 'static,
    R: IntoReply,
{
    Box::new(move |cx, client, command, body| {
        function(cx, client, command, body)
            .into_reply()
            .into_deferred()
    })
}

/// Serves what nodes ask each other about clients, besides what the application serves.
pub(super) fn with_clients<S: 'static>(
    processor: Processor<S>,
    forwarded: Option<Forwarded<S>>,
    reach: Reach,
) -> Result<Processor<S>> {
    let mut functions = Functions::new();
    if let Some(forwarded) = forwarded {
        functions.on(
            FORWARD,
            move |cx, (client, command, body): (ClientId, i32, Bytes)| {
                forwarded(cx, client, command.cast_unsigned(), &body)
            },
        )?;
    }
    functions.on(
        PUSH,
        move |cx, (ids, command, body): (Vec<ClientId>, i32, Bytes)| {
            deliver(cx, ids, command.cast_unsigned(), body, reach).map(|fates| to_wire(&fates))
        },
    )?;
    Ok(processor.with_before(PREFIX, functions.processor()))
}
