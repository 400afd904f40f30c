//! A chat node: some of the rooms.

use std::time::Duration;

use bytes::Bytes;
use oneloop::cluster::Assigned;
use oneloop::node::{ClientId, Forwards, Peer, Remote};
use oneloop::thrift::Functions;
use oneloop::{Context, Deferred, Promise, Reason, Result};

use crate::chat::protocol::{Event, Request, Said, command};
use crate::chat::words::{Name, Text};
use crate::game::queue::{Next, Outcome, Queue};
use crate::game::rooms::{NOWHERE, Push, Rooms};
use crate::game::{limits, refused, the_gate};

/// All that a chat node knows.
#[derive(Debug, Default)]
pub struct Chat {
    /// Its rooms.
    pub rooms: Rooms,
    /// What is still to be pushed.
    queue: Queue<Asker>,
    /// How often a gate was lost, or new.
    doubts: u64,
}

/// Who waits until something is pushed.
#[derive(Debug)]
enum Asker {
    /// It hears an error if it is not.
    Waits(Promise<()>),
    /// It has entered this room, and is told so until it has heard it.
    Enters { client: ClientId, room: Name },
}

/// Who has not heard that it has entered is told again after so long.
const TELL_AGAIN: Duration = Duration::from_secs(1);
/// So long a new gate has to say who is here.
const MUSTER: Duration = Duration::from_secs(10);

const BUSY: &str = "the server is busy, try again";
const NOT_HEARD: &str = "the answer was lost on its way, and this may be done or not: try again";
const WITHOUT_PAST: &str = "some of the lines from before were lost on their way";

/// Starts a chat node.
///
/// # Errors
/// If its plan is none of a chat node.
pub fn start(cx: &mut Context<'_, Chat>, assigned: Assigned) -> Result<()> {
    let gate = the_gate(&assigned)?;
    let mut commands = Forwards::new();
    commands
        .on(command::SAY, serve)?
        .on(command::WHO, serve)?
        .on(command::HISTORY, serve)?;
    let remote = Remote::new()
        .limits(limits())
        .serve(functions()?.processor())
        .serve_commands(commands)
        .on_root_up(|_, gate| log::info!("{} is there", gate.name))
        .on_root_lost(gate_lost);
    assigned.parts().remote(gate, remote).start(cx)?;
    Ok(())
}

/// What the gate asks a chat node for.
fn functions() -> Result<Functions<Chat>> {
    let mut functions = Functions::new();
    functions
        .on("muster", muster)?
        .on("open", open)?
        .on("enter", enter)?
        .on("leave", leave)?
        .on("left", left)?
        .on("hand_over", hand_over)?;
    Ok(functions)
}

/// The next gate may know otherwise who is here, and is up before it has said so.
fn gate_lost(cx: &mut Context<'_, Chat>, gate: &Peer, why: &Reason) {
    log::warn!("{} is gone: {why}", gate.name);
    doubt_all(cx);
}

/// `void muster()`: the gate is a new one, and says who is here within [`MUSTER`].
fn muster(cx: &mut Context<'_, Chat>, (): ()) {
    let doubt = doubt_all(cx);
    cx.after(MUSTER, move |cx| {
        if cx.state.doubts == doubt {
            let pushes = cx.state.rooms.sweep();
            push(cx, pushes);
        }
    });
}

/// Whether anybody is here a gate has to say. Gives the number of this doubt.
fn doubt_all(cx: &mut Context<'_, Chat>) -> u64 {
    cx.state.rooms.muster();
    cx.state.doubts = cx.state.doubts.saturating_add(1);
    cx.state.doubts
}

/// `void open(1: string room, 2: i64 base, 3: list<string> lines)`
fn open(cx: &mut Context<'_, Chat>, (room, base, lines): (String, i64, Vec<String>)) -> Result<()> {
    let lines = lines.iter().filter_map(|line| Said::read(line));
    let (room, base) = (name(&room)?, base.unsigned_abs());
    cx.state.rooms.open(&room, base, lines.collect());
    Ok(())
}

/// `void enter(1: binary client, 2: string name, 3: string room, 4: i64 base, 5: bool loud)`: who has come hears of it sooner or later.
fn enter(
    cx: &mut Context<'_, Chat>,
    (client, who, room, base, loud): (ClientId, String, String, i64, bool),
) -> Result<()> {
    let (who, room) = (name(&who)?, name(&room)?);
    let is_full = loud && cx.state.queue.is_full();
    let (rooms, base) = (&mut cx.state.rooms, base.unsigned_abs());
    let pushes = rooms.enter(client, &who, &room, base, loud && !is_full);
    tell(cx, pushes, client, Asker::Enters { client, room });
    if is_full {
        return Err(refused(BUSY));
    }
    Ok(())
}

/// `void leave(1: binary client, 2: string why)`: answered when all that was said to it has been sent.
fn leave(cx: &mut Context<'_, Chat>, (client, why): (ClientId, String)) -> Deferred<()> {
    let pushes = cx.state.rooms.leave(client, &why);
    push(cx, pushes);
    all_sent(cx)
}

/// `void left(1: string room, 2: string name, 3: string why)`: somebody left the room before it was here.
fn left(cx: &mut Context<'_, Chat>, (room, who, why): (String, String, String)) -> Result<()> {
    let (room, who) = (name(&room)?, name(&who)?);
    let pushes = cx.state.rooms.left(&room, who, &why);
    push(cx, pushes);
    Ok(())
}

/// `list<string> hand_over(1: string room)`: the lines, when all that was said to its members has been sent.
fn hand_over(cx: &mut Context<'_, Chat>, room: String) -> Deferred<Vec<String>> {
    let name = match name(&room) {
        Ok(name) => name,
        Err(error) => return Deferred::failed(error),
    };
    let lines = cx.state.rooms.hand_over(&name);
    let lines: Vec<String> = lines.iter().map(Said::written).collect();
    all_sent(cx).map(|()| lines)
}

/// What a member asks for. The client's answers are pushed; when it has them, the gate is told so, and to a line its number.
fn serve(
    cx: &mut Context<'_, Chat>,
    client: ClientId,
    command: u32,
    body: &[u8],
) -> Deferred<Option<Bytes>> {
    let request = match Request::parse(command, body) {
        Ok(request) => request,
        Err(fault) => return Deferred::failed(refused(fault.to_string())),
    };
    if cx.state.queue.is_full() {
        return Deferred::failed(refused(BUSY));
    }
    let rooms = &mut cx.state.rooms;
    let mut number = None;
    let pushes = match request {
        Request::Say { text } => rooms.say(client, text).map(|(said, pushes)| {
            number = Some(Bytes::copy_from_slice(&said.to_be_bytes()));
            pushes
        }),
        Request::Who => rooms.who(client),
        Request::History => rooms.history(client),
        Request::Join { .. } | Request::Move { .. } | Request::Tell { .. } => Err(NOWHERE),
    };
    match pushes {
        Ok(pushes) => {
            let (promise, told) = cx.defer();
            tell(cx, pushes, client, Asker::Waits(promise));
            told.map(|()| number)
        }
        Err(why) => Deferred::failed(refused(why)),
    }
}

fn name(text: &str) -> Result<Name> {
    text.parse().map_err(|fault| refused(format!("{fault}")))
}

// ---- what is pushed ----

/// Pushes what nobody waits for.
fn push(cx: &mut Context<'_, Chat>, pushes: Vec<Push>) {
    cx.state.queue.add(pushes);
    go_on(cx);
}

/// Pushes what is the answer to somebody, and looks to it that it hears it, or an error.
fn tell(cx: &mut Context<'_, Chat>, pushes: Vec<Push>, client: ClientId, asker: Asker) {
    let end = cx.state.queue.add_answer(pushes, client, asker);
    settle(cx, end);
    go_on(cx);
}

/// When all that waits now has been sent: what is sent behind that comes behind it.
fn all_sent(cx: &mut Context<'_, Chat>) -> Deferred<()> {
    let (promise, later) = cx.defer();
    cx.state.queue.fence(Asker::Waits(promise));
    go_on(cx);
    later
}

/// Sends as much as may be under way.
fn go_on(cx: &mut Context<'_, Chat>) {
    while let Some(next) = cx.state.queue.take_next() {
        match next {
            Next::End(asker, outcome) => settle(cx, Some((asker, outcome))),
            Next::Push(push) => {
                let pushed = cx.push_across(&push.to, push.command, push.body.as_str());
                cx.when(pushed, move |cx, pushed| {
                    // Who is gone is told of by the gate.
                    let reached = pushed.is_ok_and(|pushed| pushed.unreached == 0);
                    let end = cx.state.queue.done(push, reached);
                    settle(cx, end);
                    go_on(cx);
                });
            }
        }
    }
}

fn settle(cx: &mut Context<'_, Chat>, end: Option<(Asker, Outcome)>) {
    match end {
        None | Some((Asker::Enters { .. }, Outcome::Heard)) => {}
        Some((Asker::Waits(promise), Outcome::Heard)) => promise.resolve(()),
        Some((Asker::Waits(promise), Outcome::NotHeard)) => promise.reject(refused(NOT_HEARD)),
        Some((Asker::Enters { client, room }, Outcome::NotHeard)) => {
            tell_again(cx, client, room);
        }
        Some((asker, Outcome::WithoutPast(client))) => {
            let text = Text::of(WITHOUT_PAST);
            let (to, event) = (vec![client], Event::Notice { text });
            // It is for whoever asked, so it has an end of its own.
            drop(
                cx.state
                    .queue
                    .add_answer(vec![Push { to, event }], client, asker),
            );
        }
    }
}

/// Tells somebody later that it has entered, unless it is gone by then, or went elsewhere.
fn tell_again(cx: &mut Context<'_, Chat>, client: ClientId, room: Name) {
    cx.after(TELL_AGAIN, move |cx| {
        match cx.state.rooms.welcome(client, &room) {
            Some(pushes) => tell(cx, pushes, client, Asker::Enters { client, room }),
            // The gate has not said yet whether it is.
            None => tell_again(cx, client, room),
        }
    });
}
