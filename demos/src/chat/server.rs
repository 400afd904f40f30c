//! The chat's server: a state and a function that starts it.

use std::fmt;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use oneloop::{
    Address, Admit, Call, CommandService, Context, DataPack, Deferred, Error, Failure, IntoReply,
    LinkId, LinkLimits, Links, Listen, ListenerId, Reason, Remedy, Reply, Result, SocketOptions,
    Unknown,
};

use crate::chat::hall::{Departure, Hall, Place};
use crate::chat::history::{History, Progress, Query, recall};
use crate::chat::line::Line;
use crate::chat::protocol::{Event, FRAME_BYTES_MAX, NAMES_MAX, Request, Said, command};
use crate::chat::words::{Name, Text};

/// All that the server knows.
#[derive(Debug)]
pub struct Chat {
    hall: Hall,
    history: History,
    tally: Tally,
}

/// What happened so far, in numbers.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    joined: u64,
    refused: u64,
    said: u64,
    told: u64,
}

/// How long a stranger may wait before it joins.
const JOIN_DEADLINE: Duration = Duration::from_secs(10);
/// How long a peer may be silent; clients send a heartbeat three times as often.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// When writing the history is tried again after the disk refused.
const DISK_RETRY: Duration = Duration::from_secs(5);
/// When it is tried again after the worker pool was busy.
const BUSY_RETRY: Duration = Duration::from_millis(100);
/// The kernel's part of what may wait for a slow reader.
const SEND_BUFFER_BYTES: usize = 256 << 10;

impl Chat {
    /// An empty hall.
    #[must_use]
    pub fn new(history: History) -> Self {
        Self {
            hall: Hall::default(),
            history,
            tally: Tally::default(),
        }
    }

    /// Lines that wait to be written: after the loop has ended, lines that are lost.
    #[must_use]
    pub fn unwritten(&self) -> usize {
        self.history.tally().1
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally {
            joined,
            refused,
            said,
            told,
        } = self.tally;
        let (written, waiting, lost) = self.history.tally();
        write!(
            f,
            "chat      {joined} joined, {refused} refused, {said} lines said, {told} told in private\nhistory   {written} lines written, {waiting} waiting, {lost} lost"
        )
    }
}

/// Starts the chat: from here on people may join at `address`.
///
/// # Errors
/// If the address cannot be had.
pub fn start(cx: &mut Context<'_, Chat>, address: &Address) -> Result<ListenerId> {
    let mut service = CommandService::new();
    service.heartbeat(command::HEARTBEAT)?;
    for number in command::JOIN..=command::HISTORY {
        service.on(number, serve)?;
    }
    service
        .before(check_place)
        .on_failure(explain)
        .on_opened(expect_join)
        .on_closed(take_leave)
        .unknown(Unknown::Close);
    let options = SocketOptions {
        send_buffer_bytes: Some(SEND_BUFFER_BYTES),
        ..SocketOptions::default()
    };
    let listen = Listen::new(address).limits(link_limits()).options(options);
    let listener = cx.listen(listen, DataPack::default(), service)?;
    cx.on_stop(|cx| {
        let text = Text::of("the server is stopping");
        announce(cx.links, &Event::Notice { text });
        retry_history(cx);
    });
    Ok(listener)
}

/// A person types little and reads all: small frames, a small outbox, few questions at once.
fn link_limits() -> LinkLimits {
    LinkLimits {
        frame_bytes_max: FRAME_BYTES_MAX,
        outbox_bytes_low: 32 << 10,
        outbox_bytes_high: 128 << 10,
        outbox_bytes_max: 256 << 10,
        calls_max: 4,
        idle_timeout: Some(IDLE_TIMEOUT),
        ..LinkLimits::default()
    }
}

// ---- who may ask for what ----

fn expect_join(cx: &mut Context<'_, Chat>, link: LinkId) {
    cx.after(JOIN_DEADLINE, move |cx| {
        if cx.state.hall.place(link).is_none() && cx.links.is_open(link) {
            let text = Text::of("you did not join");
            let command = command::JOIN;
            tell(cx.links, link, &Event::Error { command, text });
            cx.links.close_when_sent(link);
        }
    });
}

fn check_place(call: &mut Call<'_, Chat>) -> Result<Admit> {
    match (call.command(), call.state.hall.place(call.link())) {
        (command::HEARTBEAT, _)
        | (command::JOIN, None)
        | (command::MOVE, Some(Place::Outside))
        | (_, Some(Place::Inside(_))) => {}
        (_, None) => return Err("you have to join first".into()),
        (_, Some(Place::Outside)) => return Err("you are in no room".into()),
        (_, Some(Place::Door(_))) => return Err("wait until you are in the room".into()),
    }
    Ok(Admit::Pass)
}

/// What a failed request is answered.
fn explain(cx: &mut Context<'_, Chat>, failure: &Failure<'_>) -> Remedy {
    let text = match failure.error {
        Error::Timeout => {
            turn_away(cx, failure.command);
            Text::of("that took too long")
        }
        Error::Failed(error) => Text::of(&error.to_string()),
        Error::Busy => Text::of("the server is busy, try again"),
        error => {
            log::error!("command {} failed: {error}", failure.command);
            Text::of("the server failed")
        }
    };
    let command = failure.command;
    let event = Event::Error { command, text };
    Remedy::Reply {
        command: event.command(),
        body: Bytes::from(event.body()),
    }
}

// ---- requests ----

fn serve(call: &mut Call<'_, Chat>) -> Result<Reply> {
    match Request::parse(call.command(), call.body()).map_err(Error::failed)? {
        Request::Join { name, room } => join(call, name, &room.folded()),
        Request::Move { room } => move_to(call, &room.folded()),
        Request::Say { text } => say(call, text),
        Request::Tell { name, text } => tell_one(call, &name, text),
        Request::Who => who(call),
        Request::History => history(call),
    }
}

fn join(call: &mut Call<'_, Chat>, name: Name, room: &Name) -> Result<Reply> {
    let link = call.link();
    if let Some(name) = call.state.hall.name(link) {
        return Err(format!("you have joined already, as {name}").into());
    }
    let hall = &mut call.state.hall;
    let admitted = hall
        .check_room(room)
        .and_then(|()| hall.admit(link, name.clone()));
    if let Err(refusal) = admitted {
        log::info!("{name} refused: {refusal}");
        call.state.tally.refused += 1;
        return Err(Error::failed(refusal));
    }
    call.state.tally.joined += 1;
    log::info!("{name} joins {room}");
    Ok(go_in(call, room).into_reply())
}

fn move_to(call: &mut Call<'_, Chat>, room: &Name) -> Result<Reply> {
    let link = call.link();
    if let Some((here, _)) = call.state.hall.room(link)
        && here == room
    {
        return Err(format!("you are in {room} already").into());
    }
    call.state.hall.check_room(room).map_err(Error::failed)?;
    if let Some(departure) = call.state.hall.leave(link) {
        call.links.leave(departure.group, link);
        let why = Text::of(&format!("went to {room}"));
        depart(call, departure, Some(why));
    }
    Ok(go_in(call, room).into_reply())
}

fn say(call: &mut Call<'_, Chat>, text: Text) -> Result<Reply> {
    let link = call.link();
    let Chat {
        hall,
        history,
        tally,
    } = &mut *call.cx.state;
    let (Some(name), Some((room_name, room))) = (hall.name(link), hall.room(link)) else {
        return Err("you are in no room".into());
    };
    let group = room.group;
    let line = history.add(room_name.clone(), name.clone(), text);
    hall.remember(&line);
    tally.said += 1;
    let body = Event::Said(Said::from(&*line)).body();
    call.links
        .push_group_but(group, link, command::SAID, body.as_str());
    // The sender's copy is the answer, put on its way at the same moment: one order for all.
    let reply = call.reply(body.as_str());
    write_history(call);
    Ok(reply)
}

fn tell_one(call: &mut Call<'_, Chat>, name: &Name, text: Text) -> Result<Reply> {
    let link = call.link();
    let hall = &call.cx.state.hall;
    let (Some(other), Some(from)) = (hall.find(name), hall.name(link)) else {
        return Err(format!("nobody here is called {name}").into());
    };
    let told = Event::Told {
        name: from.clone(),
        text: text.clone(),
    };
    let delivered = Event::Delivered {
        name: hall.name(other).unwrap_or(name).clone(),
        text,
    };
    tell(call.cx.links, other, &told);
    call.state.tally.told += 1;
    Ok(call.reply(delivered.body().as_str()))
}

fn who(call: &mut Call<'_, Chat>) -> Result<Reply> {
    let hall = &call.state.hall;
    let Some((room_name, room)) = hall.room(call.link()) else {
        return Err("you are in no room".into());
    };
    let members = call.links.members(room.group);
    let mut names: Vec<Name> = members
        .iter()
        .filter_map(|&link| hall.name(link).cloned())
        .collect();
    names.sort_by_cached_key(Name::folded);
    names.truncate(NAMES_MAX);
    let present = Event::Present {
        room: room_name.clone(),
        people: members.len(),
        names,
    };
    Ok(call.reply(present.body().as_str()))
}

fn history(call: &mut Call<'_, Chat>) -> Result<Reply> {
    let link = call.link();
    let Some((name, room)) = call.state.hall.room(link) else {
        return Err("you are in no room".into());
    };
    let (name, group) = (name.clone(), room.group);
    let later = fetch(call, link, &name, move |cx, archived, query| {
        // Gone elsewhere meanwhile: what is remembered there is of another room. So it is if the room was closed and made anew.
        let room = cx.state.hall.room(link).map(|(_, room)| room);
        let Some(room) = room.filter(|room| room.group == group) else {
            return Err("you have left the room".into());
        };
        let lines = recall(archived, &query.unwritten, &room.recent);
        let past = lines.len();
        tell(cx.links, link, &Event::Recalled { past });
        tell_past(cx.links, link, &lines);
        Ok(())
    });
    Ok(later.into_reply())
}

// ---- coming and going ----

/// Takes a person to the door of a room, and in when its history is here. The call is answered then.
///
/// The history comes from a file that is being written meanwhile, and the room goes on talking. Nothing is lost, doubled or out of
/// order: lines have numbers; what was not in the file when it was asked is noted with the question; what is said after that, the
/// room remembers. When the answer is here, all three are put together, sent, and the person is put into the room's group, in
/// one callback, in which nobody can say anything.
fn go_in(cx: &mut Context<'_, Chat>, room: &Name) -> Deferred<()> {
    let link = cx.link();
    let links = &mut *cx.links;
    cx.state.hall.reserve(link, room, || links.create_group());
    fetch(cx, link, room, move |cx, archived, query| {
        let Some((name, room_name, room)) = cx.state.hall.enter(link) else {
            return Ok(());
        };
        let lines = recall(archived, &query.unwritten, &room.recent);
        let entered = Event::Entered {
            room: room_name.clone(),
            people: cx.links.members(room.group).len() + 1,
            past: lines.len(),
        };
        tell(cx.links, link, &entered);
        tell_past(cx.links, link, &lines);
        let came = Event::Came { name: name.clone() };
        cx.links
            .push_group(room.group, came.command(), came.body().as_str());
        cx.links.join(room.group, link);
        Ok(())
    })
}

/// The history did not come in time: whoever waited at the door does so no longer, and may ask again.
fn turn_away(cx: &mut Context<'_, Chat>, command: u32) {
    let link = cx.link();
    let departure = match command {
        command::JOIN => {
            expect_join(cx, link);
            cx.state.hall.dismiss(link)
        }
        command::MOVE => cx.state.hall.leave(link),
        _ => None,
    };
    if let Some(departure) = departure {
        depart(cx, departure, None);
    }
}

fn take_leave(cx: &mut Context<'_, Chat>, link: LinkId, reason: &Reason) {
    let Some(name) = cx.state.hall.name(link) else {
        return;
    };
    log::info!("{name} is gone: {reason}");
    let why = match reason {
        Reason::PeerClosed | Reason::Closed => None,
        Reason::SlowReader => Some("too slow"),
        Reason::Idle => Some("timed out"),
        Reason::Io(_) => Some("connection lost"),
        Reason::Stopped => Some("server stopped"),
        _ => Some("went wrong"),
    };
    if let Some(departure) = cx.state.hall.dismiss(link) {
        depart(cx, departure, why.map(Text::of));
    }
}

/// Tells a room that somebody left it; the last one closes it.
fn depart(cx: &mut Context<'_, Chat>, departure: Departure, why: Option<Text>) {
    let Departure {
        name,
        group,
        was_last,
        was_unseen,
    } = departure;
    if was_last {
        cx.links.remove_group(group);
    } else if !was_unseen {
        let left = Event::Left { name, why };
        cx.links
            .push_group(group, left.command(), left.body().as_str());
    }
}

fn tell(links: &mut Links<Chat>, link: LinkId, event: &Event) {
    if let Err(error) = links.send(link, event.command(), event.body().as_str()) {
        log::debug!("link {link} was not told: {error}");
    }
}

fn tell_past(links: &mut Links<Chat>, link: LinkId, lines: &[Rc<Line>]) {
    for line in lines {
        tell(links, link, &Event::Past(Said::from(&**line)));
    }
}

fn announce(links: &mut Links<Chat>, event: &Event) {
    links.push_all(event.command(), event.body().as_str());
}

// ---- the history, by the worker pool ----

/// Fetches what the file has of a room, and calls `then` with it. Settled when that has run, as it says.
fn fetch(
    cx: &mut Context<'_, Chat>,
    link: LinkId,
    room: &Name,
    then: impl FnOnce(&mut Context<'_, Chat>, Vec<Line>, &Query) -> Result<()> + 'static,
) -> Deferred<()> {
    let query = cx.state.history.query(room);
    let archived = match query.job() {
        Some(job) => cx.blocking(job),
        None => Deferred::ready(Ok(Vec::new())),
    };
    let (promise, later) = cx.defer();
    cx.when(archived, move |cx, outcome| {
        if promise.is_cancelled() {
            // The link is gone, or was told that it took too long.
            return;
        }
        let archived = flatten(outcome).unwrap_or_else(|error| {
            // The chat goes on with what is in memory.
            log::error!("the history could not be read: {error}");
            let text = Text::of("the history cannot be read now");
            tell(cx.links, link, &Event::Notice { text });
            Vec::new()
        });
        promise.settle(then(cx, archived, &query));
    });
    later
}

/// Writes what waits to be written, if nothing is being written.
fn write_history(cx: &mut Context<'_, Chat>) {
    if let Some(batch) = cx.state.history.next_batch() {
        let done = cx.blocking(move || batch.write());
        cx.when(done, history_written);
    }
}

/// The same after a failure.
fn retry_history(cx: &mut Context<'_, Chat>) {
    if let Some(batch) = cx.state.history.resume() {
        let done = cx.blocking(move || batch.write());
        cx.when(done, history_written);
    }
}

fn history_written(cx: &mut Context<'_, Chat>, outcome: Result<io::Result<u64>>) {
    let busy = matches!(outcome, Err(Error::Busy));
    let retry = if busy { BUSY_RETRY } else { DISK_RETRY };
    match cx.state.history.batch_done(flatten(outcome)) {
        Progress::Written => write_history(cx),
        Progress::Recovered => {
            log::info!("the history is written again");
            let text = Text::of("the history is being saved again");
            announce(cx.links, &Event::Notice { text });
            write_history(cx);
        }
        Progress::Failed(error) => {
            log::error!("the history cannot be written, and is tried again: {error}");
            if !busy {
                let text = Text::of("the history is not being saved for now");
                announce(cx.links, &Event::Notice { text });
            }
            cx.after(retry, retry_history);
        }
        Progress::FailedAgain => _ = cx.after(retry, retry_history),
    }
}

/// A job's outcome, whether it failed itself or the pool did.
fn flatten<T>(outcome: Result<io::Result<T>>) -> io::Result<T> {
    outcome.map_err(io::Error::from)?
}
