//! The net node: it has the clients, and forwards what they ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::time::Duration;

use bytes::Bytes;
use oneloop::cluster::Assigned;
use oneloop::node::{ClientId, NodeLimits, Peer, Remote, forward_to_remote};
use oneloop::thrift::Functions;
use oneloop::{
    CommandService, Context, DataPack, Deferred, Error, Failure, LinkId, Reason, Remedy, Result,
    Unknown,
};

use crate::chat::protocol::{Event, command};
use crate::chat::words::Text;
use crate::game::{limits, the_gate, told};

/// All that the net node knows.
#[derive(Debug, Default)]
pub struct Net {
    /// The gate's name.
    gate: String,
    /// Of each client that has joined its name and its room, as the gate says: for the next gate, should this one be lost.
    pub notes: BTreeMap<LinkId, (String, String)>,
    /// Clients that were told that they may be in another room or not.
    unsure: BTreeSet<LinkId>,
    /// How often there was a gate.
    gates: u64,
    /// The gate has heard of all that are here.
    is_known: bool,
}

/// How long a stranger may wait before it joins.
const JOIN_DEADLINE: Duration = Duration::from_secs(10);
/// Requests that wait for a gate: beyond that they fail at once.
const QUEUED_MAX: usize = 1_000;
/// Clients that the gate is told of at once.
const ROSTER_MAX: usize = 1_000;
/// A gate that did not take what it was told is told again after so long.
const TELL_AGAIN: Duration = Duration::from_millis(100);

/// Starts a net node.
///
/// # Errors
/// If its plan is none of a net node.
pub fn start(cx: &mut Context<'_, Net>, assigned: Assigned) -> Result<()> {
    let gate = the_gate(&assigned)?;
    cx.state.gate.clone_from(&gate);
    let mut commands = CommandService::new();
    commands
        .heartbeat(command::HEARTBEAT)?
        .range(command::JOIN..=command::HISTORY, forward_to_remote(&gate))?
        .on_failure(explain)
        .on_opened(expect_join)
        .on_closed(take_leave)
        .unknown(Unknown::Close);
    let mut functions = Functions::new();
    functions.on("note", note)?.on("dismiss", dismiss)?;
    // What clients ask for waits while there is no gate, for as long as it would wait for an answer.
    let limits = NodeLimits {
        queued_calls_max: QUEUED_MAX,
        ..limits()
    };
    let remote = Remote::new()
        .limits(limits)
        .serve(functions.processor())
        .on_root_up(call_the_roll)
        .on_root_lost(gate_lost);
    assigned
        .parts()
        .net(DataPack::default(), commands)
        .remote(gate, remote)
        .start(cx)?;
    cx.on_stop(|cx| announce(cx, "the server is stopping"));
    Ok(())
}

/// What a client is told of a request that failed.
fn explain(cx: &mut Context<'_, Net>, failure: &Failure<'_>) -> Remedy {
    let text = match failure.error {
        Error::Timeout => "that took too long, and may be done or not",
        Error::Absent(_) => "the gate is not there, try again",
        Error::Busy => "the server is busy, try again",
        error => match told(error) {
            Some(text) => text,
            None => {
                log::info!("command {} failed: {error}", failure.command);
                "the gate was lost, and this may be done or not: try again"
            }
        },
    };
    if failure.command == command::MOVE && told(failure.error).is_none() {
        cx.state.unsure.insert(failure.link);
        show_unsure(cx);
    }
    let (command, text) = (failure.command, Text::of(text));
    let event = Event::Error { command, text };
    Remedy::Reply {
        command: event.command(),
        body: Bytes::from(event.body()),
    }
}

/// Has the gate tell those where they are who do not know it; when there is one.
fn show_unsure(cx: &mut Context<'_, Net>) {
    let gate = cx.remote(&*cx.state.gate);
    if gate.peer(cx).is_none() || !cx.state.is_known {
        return;
    }
    for link in std::mem::take(&mut cx.state.unsure) {
        let client = gate.client_id(cx, link);
        let shown = client.and_then(|client| gate.send_named(cx, "show", client));
        if let Err(error) = shown {
            log::debug!("link {link} does not know where it is: {error}");
        }
    }
}

fn expect_join(cx: &mut Context<'_, Net>, link: LinkId) {
    cx.after(JOIN_DEADLINE, move |cx| {
        if cx.state.notes.contains_key(&link) || !cx.links.is_open(link) {
            return;
        }
        if cx.remote(&*cx.state.gate).peer(cx).is_none() {
            // Nobody can, and that is not the client's fault.
            expect_join(cx, link);
            return;
        }
        let text = Text::of("you did not join");
        let command = command::JOIN;
        send(cx, link, &Event::Error { command, text });
        cx.links.close_when_sent(link);
    });
}

/// A client is gone: the gate is told, if there is one. A later one hears only of those that are here.
fn take_leave(cx: &mut Context<'_, Net>, link: LinkId, reason: &Reason) {
    cx.state.notes.remove(&link);
    cx.state.unsure.remove(&link);
    let why = match reason {
        Reason::PeerClosed | Reason::Closed => "",
        Reason::SlowReader => "too slow",
        Reason::Idle => "timed out",
        Reason::Io(_) => "connection lost",
        Reason::Stopped => "server stopped",
        _ => "went wrong",
    };
    let gate = cx.remote(&*cx.state.gate);
    let sent = gate
        .client_id(cx, link)
        .and_then(|client| gate.send_named(cx, "gone", (client, why.to_owned())));
    if let Err(error) = sent {
        log::debug!("the gate was not told that {link} is gone: {error}");
    }
}

/// There is a gate: it is told who is here. What clients have asked for while there was none may come before that; the gate keeps it
/// until it knows whose it is.
fn call_the_roll(cx: &mut Context<'_, Net>, gate: &Peer) {
    log::info!("{} is there", gate.name);
    cx.state.gates = cx.state.gates.saturating_add(1);
    cx.state.is_known = false;
    let number = cx.state.gates;
    name_those_behind(cx, number, None);
    if !cx.state.notes.is_empty() {
        announce(cx, "the gate is there again");
    }
}

/// Names to a gate those who are here, from behind this client on: [`ROSTER_MAX`] of them; and when it has taken them the others. If it
/// has not, the link to it may be full: they are named again, those that are here then.
fn name_those_behind(cx: &mut Context<'_, Net>, number: u64, behind: Option<LinkId>) {
    let gate = cx.remote(&*cx.state.gate);
    if cx.state.gates != number || gate.peer(cx).is_none() {
        // The next one hears of all.
        return;
    }
    let from = behind.map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = cx.state.notes.range((from, Bound::Unbounded));
    let (mut clients, mut names, mut rooms) = (Vec::new(), Vec::new(), Vec::new());
    let mut until = behind;
    for (link, (name, room)) in rest.by_ref().take(ROSTER_MAX) {
        until = Some(*link);
        if let Ok(client) = gate.client_id(cx, *link) {
            clients.push(client);
            names.push(name.clone());
            rooms.push(room.clone());
        }
    }
    let is_last = rest.next().is_none();
    let heard: Deferred<()> = gate.call_named(cx, "here", (clients, names, rooms, is_last));
    cx.when(heard, move |cx, outcome| match outcome {
        Err(error) => {
            log::warn!("the gate was not told who is here, and is told again: {error}");
            cx.after(TELL_AGAIN, move |cx| name_those_behind(cx, number, behind));
        }
        Ok(()) if is_last => {
            cx.state.is_known = cx.state.gates == number;
            show_unsure(cx);
        }
        Ok(()) => name_those_behind(cx, number, until),
    });
}

fn gate_lost(cx: &mut Context<'_, Net>, gate: &Peer, why: &Reason) {
    log::warn!("{} is gone: {why}", gate.name);
    cx.state.is_known = false;
    announce(
        cx,
        "the gate is lost: what is said now waits until there is one",
    );
}

/// `void note(1: binary client, 2: string name, 3: string room)`: who a client is and where. Without a name: nobody any more.
fn note(cx: &mut Context<'_, Net>, (client, name, room): (ClientId, String, String)) {
    if name.is_empty() {
        cx.state.notes.remove(&client.link);
    } else if cx.links.is_open(client.link) {
        cx.state.notes.insert(client.link, (name, room));
    }
}

/// `void dismiss(1: binary client, 2: string why)`
fn dismiss(cx: &mut Context<'_, Net>, (client, why): (ClientId, String)) {
    cx.state.notes.remove(&client.link);
    let text = Text::of(&why);
    send(cx, client.link, &Event::Notice { text });
    cx.links.close_when_sent(client.link);
}

/// Tells all clients that have joined.
fn announce(cx: &mut Context<'_, Net>, text: &str) {
    let text = Text::of(text);
    let event = Event::Notice { text };
    let (command, body) = (event.command(), event.body());
    let links: Vec<LinkId> = cx.state.notes.keys().copied().collect();
    cx.links.push(&links, command, body.as_str());
}

fn send(cx: &mut Context<'_, Net>, link: LinkId, event: &Event) {
    let sent = cx.links.send(link, event.command(), event.body().as_str());
    if let Err(error) = sent {
        log::debug!("link {link} was not told: {error}");
    }
}
