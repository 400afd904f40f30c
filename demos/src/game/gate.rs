//! The gate: it knows who is who and where, and passes on what clients ask for.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use oneloop::cluster::Assigned;
use oneloop::node::{ClientId, Peer, Root, pass_to_child};
use oneloop::thrift::Functions;
use oneloop::{Context, Deferred, Error, Promise, Result};

use crate::chat::protocol::{Event, Request, command};
use crate::chat::words::{Name, Text};
use crate::game::register::{Order, Register, is_for_rooms};
use crate::game::{limits, refused, told};

/// All that the gate knows.
#[derive(Debug, Default)]
pub struct Gate {
    /// Who is who.
    pub register: Register<Reply>,
    /// Which life of which net node each number of clients' ids is.
    nets: BTreeMap<u64, String>,
    /// The names of chat nodes.
    chats: Vec<String>,
    /// What clients of net nodes ask for that have not yet said who is here.
    early: BTreeMap<u64, Roll>,
    /// How often a net node came.
    arrivals: u64,
    /// Net nodes that are not there: which of all the losses was the last of each.
    doubted: BTreeMap<u64, u64>,
    /// How often a net node was lost.
    losses: u64,
}

/// A net node that is about to say who is here.
#[derive(Debug)]
struct Roll {
    arrival: u64,
    /// At most [`EARLY_MAX`].
    requests: Vec<Early>,
}

/// A request that waits for the roll.
#[derive(Debug)]
struct Early {
    client: ClientId,
    command: u32,
    body: Bytes,
    reply: Reply,
}

/// The right to answer a client's request.
type Reply = Promise<Option<Bytes>>;

/// So long a net node that is not there may be silent about its clients, until they are gone.
const DOUBT: Duration = Duration::from_secs(10);
/// So long a client waits to be let into a room: less than its net node waits for the gate.
const DOOR: Duration = Duration::from_secs(8);
/// So long a net node has to say who is here: less than it waits for the answers to what its clients ask for meanwhile.
const ROLL: Duration = Duration::from_secs(8);
/// Requests of clients of one net node that wait for that; one more is refused.
const EARLY_MAX: usize = 256;
/// A chat node that has not answered is asked again after so long.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// Starts a gate.
///
/// # Errors
/// If its plan is none of a gate.
pub fn start(cx: &mut Context<'_, Gate>, assigned: Assigned) -> Result<()> {
    let chats = assigned.children("chat");
    cx.state.chats = chats.into_iter().map(str::to_owned).collect();
    let mut functions = Functions::new();
    functions
        .on("here", here)?
        .on("gone", gone)?
        .on("show", show)?;
    let root = Root::new()
        .limits(limits())
        .serve(functions.processor())
        .on_forward(serve)
        .on_child_up(child_up)
        .on_child_lost(child_lost);
    assigned.parts().root(root).start(cx)?;
    Ok(())
}

// ---- what clients ask for ----

/// What a client asks for. Its net node forwards it.
fn serve(
    cx: &mut Context<'_, Gate>,
    client: ClientId,
    command: u32,
    body: &[u8],
) -> Deferred<Option<Bytes>> {
    let (promise, later) = cx.defer();
    if let Some(Roll { requests, .. }) = cx.state.early.get_mut(&client.node) {
        if requests.len() >= EARLY_MAX {
            requests.retain(|early| !early.reply.is_cancelled());
        }
        if requests.len() >= EARLY_MAX {
            return Deferred::failed(refused("the server is busy, try again"));
        }
        let body = Bytes::copy_from_slice(body);
        requests.push(Early {
            client,
            command,
            body,
            reply: promise,
        });
        return later;
    }
    if is_for_rooms(command) {
        let body = Bytes::copy_from_slice(body);
        ask(cx, |register| register.pass(client, command, body, promise));
        return later;
    }
    let request = match Request::parse(command, body) {
        Ok(request) => request,
        Err(fault) => return Deferred::failed(refused(fault.to_string())),
    };
    match request {
        Request::Join { name, room } => at_the_door(cx, |register| {
            register.join(client, name, &room.folded(), promise)
        }),
        Request::Move { room } => at_the_door(cx, |register| {
            register.move_to(client, &room.folded(), promise)
        }),
        Request::Tell { name, text } => return tell(cx, client, &name, text),
        Request::Say { .. } | Request::Who | Request::History => {}
    }
    later
}

/// Has the register decide on somebody who wants to be let in, and gives up after a while.
fn at_the_door(
    cx: &mut Context<'_, Gate>,
    decide: impl FnOnce(&mut Register<Reply>) -> (u64, Vec<Order<Reply>>),
) {
    let mut number = 0;
    ask(cx, |register| {
        let (request, orders) = decide(register);
        number = request;
        orders
    });
    if number != 0 {
        cx.after(DOOR, move |cx| ask(cx, |register| register.give_up(number)));
    }
}

fn tell(
    cx: &mut Context<'_, Gate>,
    client: ClientId,
    name: &Name,
    text: Text,
) -> Deferred<Option<Bytes>> {
    let (from, other, known) = match cx.state.register.tell(client, name) {
        Ok((from, other, known)) => (from.clone(), other, known.clone()),
        Err(why) => return Deferred::failed(refused(why)),
    };
    let told = Event::Told {
        name: from,
        text: text.clone(),
    };
    let delivered = Event::Delivered {
        name: known.clone(),
        text,
    };
    let pushed = cx.push_across(&[other], told.command(), told.body().as_str());
    pushed.try_map(move |pushed| match pushed.taken {
        0 => Err(refused(format!("{known} cannot be reached now"))),
        _ => Ok(Some(Bytes::from(delivered.body()))),
    })
}

// ---- what nodes say ----

/// `void here(1: list<binary> clients, 2: list<string> names, 3: list<string> rooms, 4: bool last)`: a net node says who is here. It
/// may say so more than once, until it has an answer.
fn here(
    cx: &mut Context<'_, Gate>,
    (clients, names, rooms, last): (Vec<ClientId>, Vec<String>, Vec<String>, bool),
) {
    for (client, (name, room)) in clients.into_iter().zip(names.into_iter().zip(rooms)) {
        if let (Ok(name), Ok(room)) = (name.parse(), room.parse()) {
            ask(cx, |register| register.here(client, name, room));
        }
    }
    let link = cx.current_link();
    let net = cx
        .all_children()
        .into_iter()
        .find(|net| Some(net.link) == link);
    if let Some(net) = net
        && last
    {
        all_here(cx, net.clients_node());
    }
}

/// Of this net node's clients no more are named than were: what they have asked for is done.
fn all_here(cx: &mut Context<'_, Gate>, net: u64) {
    ask(cx, |register| register.all_here(net));
    let roll = cx.state.early.remove(&net);
    for early in roll.into_iter().flat_map(|roll| roll.requests) {
        if early.reply.is_cancelled() {
            continue;
        }
        let answer = serve(cx, early.client, early.command, &early.body);
        cx.when(answer, |_, outcome| early.reply.settle(outcome));
    }
}

/// `void gone(1: binary client, 2: string why)`
fn gone(cx: &mut Context<'_, Gate>, (client, why): (ClientId, String)) {
    ask(cx, |register| register.gone(client, &why));
}

/// `void show(1: binary client)`: it does not know whether it is in its room.
fn show(cx: &mut Context<'_, Gate>, client: ClientId) {
    ask(cx, |register| register.show(client));
}

fn child_up(cx: &mut Context<'_, Gate>, child: &Peer) {
    log::info!("{} is there", child.name);
    if cx.state.chats.contains(&child.name) {
        ask(cx, |register| register.chat_up(&child.name));
        return;
    }
    // The clients of its former lives are gone with them.
    let net = child.clients_node();
    let nets = &mut cx.state.nets;
    let former = nets
        .iter()
        .filter(|(former, name)| **former != net && **name == child.name);
    let former: Vec<u64> = former.map(|(former, _)| *former).collect();
    nets.retain(|number, _| !former.contains(number));
    nets.insert(net, child.name.clone());
    cx.state.doubted.remove(&net);
    cx.state.arrivals = cx.state.arrivals.saturating_add(1);
    let arrival = cx.state.arrivals;
    let requests = Vec::new();
    cx.state.early.insert(net, Roll { arrival, requests });
    cx.after(ROLL, move |cx| {
        let roll = cx.state.early.get(&net);
        if roll.is_some_and(|roll| roll.arrival == arrival) {
            log::warn!("a net node has not said in time who is here");
            all_here(cx, net);
        }
    });
    for former in former {
        ask(cx, |register| {
            register.doubt(former);
            register.drop_those(former, "connection lost")
        });
    }
}

fn child_lost(cx: &mut Context<'_, Gate>, child: &Peer, why: &oneloop::Reason) {
    log::warn!("{} is gone: {why}", child.name);
    if cx.state.chats.contains(&child.name) {
        // If its next life is here already, that is told of behind this.
        ask(cx, |register| register.chat_lost(&child.name));
        return;
    }
    let net = child.clients_node();
    cx.state.early.remove(&net);
    cx.state.register.doubt(net);
    cx.state.losses = cx.state.losses.saturating_add(1);
    let loss = cx.state.losses;
    cx.state.doubted.insert(net, loss);
    cx.after(DOUBT, move |cx| {
        // It may have been back since, and be lost again.
        if cx.state.doubted.get(&net) == Some(&loss) {
            cx.state.doubted.remove(&net);
            ask(cx, |register| register.drop_those(net, "connection lost"));
        }
    });
}

// ---- what is to be done ----

/// Has the register decide, and does what it says.
fn ask(cx: &mut Context<'_, Gate>, decide: impl FnOnce(&mut Register<Reply>) -> Vec<Order<Reply>>) {
    let now = u64::try_from(cx.time_of_day().as_micros()).unwrap_or(u64::MAX);
    cx.state.register.set_time(now);
    for order in decide(&mut cx.state.register) {
        obey(cx, order);
    }
}

fn obey(cx: &mut Context<'_, Gate>, order: Order<Reply>) {
    match order {
        Order::Muster { node } => send(cx, &node, "muster", ()),
        Order::Open {
            node,
            room,
            base,
            lines,
        } => {
            log::info!("{room} is at {node}");
            let base = i64::try_from(base).unwrap_or(i64::MAX);
            send(cx, &node, "open", (room.to_string(), base, lines));
        }
        Order::Enter {
            node,
            client,
            name,
            room,
            base,
            loud,
            request,
            attempt,
        } => {
            let base = i64::try_from(base).unwrap_or(i64::MAX);
            let arguments = (client, name.to_string(), room.to_string(), base, loud);
            if !loud {
                send(cx, &node, "enter", arguments);
                return;
            }
            let entered: Deferred<()> = cx.child(&*node).call_named(cx, "enter", arguments);
            cx.when(entered, move |cx, outcome| {
                let outcome = outcome.map_err(|error| in_words(&error));
                ask(cx, |register| register.entered(request, attempt, outcome));
            });
        }
        Order::Leave { node, client, why } => send(cx, &node, "leave", (client, why)),
        Order::Left {
            node,
            room,
            name,
            why,
        } => send(cx, &node, "left", (room.to_string(), name.to_string(), why)),
        Order::Part { node, client, why } => part(cx, node, client, why),
        Order::HandOver { node, room } => hand_over(cx, &node, room),
        Order::Pass {
            node,
            client,
            command,
            body,
            promise,
            last,
        } => {
            // Whoever asked was told that it took too long: it is not to be done behind that.
            if promise.is_cancelled() {
                return;
            }
            let passed = pass_to_child(&node)(cx, client, command, &body);
            cx.when(passed, move |_, outcome| match outcome {
                Ok(number) => {
                    let number = number.and_then(|it| <[u8; 8]>::try_from(&*it).ok());
                    let number = number.map_or(0, u64::from_be_bytes);
                    last.set(last.get().max(number));
                    promise.resolve(None);
                }
                Err(error) => promise.reject(refused(in_words(&error))),
            });
        }
        Order::Note { client, name, room } => {
            let name = name.map(|name| name.to_string()).unwrap_or_default();
            let room = room.to_string();
            to_net(cx, client, "note", (client, name, room));
        }
        Order::Dismiss { client, why } => to_net(cx, client, "dismiss", (client, why)),
        Order::Notice { to, text } => {
            let text = Text::of(&text);
            let event = Event::Notice { text };
            drop(cx.push_across(&to, command::NOTICE, event.body().as_str()));
        }
        Order::Answer { promise, outcome } => match outcome {
            Ok(()) => promise.resolve(None),
            Err(why) => promise.reject(refused(why)),
        },
    }
}

/// Has a chat node give a room away. What it has pushed before it answers has come before: so nobody else has the room until it answers
/// or is lost.
fn hand_over(cx: &mut Context<'_, Gate>, node: &str, room: Name) {
    let node = node.to_owned();
    let lines: Deferred<Vec<String>> =
        cx.child(&*node)
            .call_named(cx, "hand_over", room.to_string());
    cx.when(lines, move |cx, lines| match lines {
        Err(error) if is_slow(cx, &node) => {
            log::warn!("{node} does not hand {room} over, and is asked again: {error}");
            cx.after(ASK_AGAIN, move |cx| hand_over(cx, &node, room));
        }
        Err(error) => {
            log::warn!("the lines of {room} are lost: {error}");
            ask(cx, |register| register.handed_over(&room, Vec::new()));
        }
        Ok(lines) => ask(cx, |register| register.handed_over(&room, lines)),
    });
}

/// Has a chat node let somebody go, who is let in elsewhere behind that.
fn part(cx: &mut Context<'_, Gate>, node: String, client: ClientId, why: String) {
    let left: Deferred<()> = cx
        .child(&*node)
        .call_named(cx, "leave", (client, why.clone()));
    cx.when(left, move |cx, outcome| {
        if outcome.is_err() && is_slow(cx, &node) {
            cx.after(ASK_AGAIN, move |cx| part(cx, node, client, why));
        } else {
            at_the_door(cx, |register| register.parted(client));
        }
    });
}

/// Whether a node that has not answered is there all the same.
fn is_slow(cx: &Context<'_, Gate>, node: &str) -> bool {
    !cx.children(node).is_empty()
}

/// Why something failed, for whoever asked for it.
fn in_words(error: &Error) -> String {
    match told(error) {
        Some(text) => text.to_owned(),
        None => {
            log::info!("a chat node failed: {error}");
            "a chat node was lost, and this may be done or not: try again".to_owned()
        }
    }
}

/// A call to a chat node that is not answered. If it is not there, or goes, its rooms are put elsewhere anyway.
fn send(
    cx: &mut Context<'_, Gate>,
    node: &str,
    name: &str,
    arguments: impl oneloop::thrift::Arguments,
) {
    if let Err(error) = cx.child(node).send_named(cx, name, arguments) {
        log::warn!("{node} was not told to {name}: {error}");
    }
}

/// The same to the net node of a client. If it is not there, it asks for nothing either.
fn to_net(
    cx: &mut Context<'_, Gate>,
    client: ClientId,
    name: &str,
    arguments: impl oneloop::thrift::Arguments,
) {
    let net = cx.all_children().into_iter();
    let mut net = net.filter(|net| net.clients_node() == client.node);
    if let Some(net) = net.next() {
        let net = cx.child(&*net.name).by_instance(net.instance);
        if let Err(error) = net.send_named(cx, name, arguments) {
            log::warn!("a net node was not told to {name}: {error}");
        }
    }
}
