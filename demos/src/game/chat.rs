//! A chat node: some of the rooms.

use std::time::Duration;

use bytes::Bytes;
use oneloop::cluster::Assigned;
use oneloop::node::{ClientId, Forwards, Remote};
use oneloop::thrift::Functions;
use oneloop::{Context, Result};

use crate::chat::protocol::{Request, Said, command};
use crate::chat::words::Name;
use crate::game::rooms::{NOWHERE, Push, Rooms};
use crate::game::{limits, refused, the_gate};

/// All that a chat node knows.
#[derive(Debug, Default)]
pub struct Chat {
    /// Its rooms.
    pub rooms: Rooms,
    /// How many gates were new.
    musters: u64,
}

/// So long a new gate has to say who is here.
const MUSTER: Duration = Duration::from_secs(10);

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
        .on_root_lost(|_, gate, why| log::warn!("{} is gone: {why}", gate.name));
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

/// `void muster()`: the gate is a new one, and says who is here within [`MUSTER`].
fn muster(cx: &mut Context<'_, Chat>, (): ()) {
    cx.state.rooms.muster();
    cx.state.musters = cx.state.musters.saturating_add(1);
    let muster = cx.state.musters;
    cx.after(MUSTER, move |cx| {
        if cx.state.musters == muster {
            let pushes = cx.state.rooms.sweep();
            push(cx, pushes);
        }
    });
}

/// `void open(1: string room, 2: i64 base, 3: list<string> lines)`
fn open(cx: &mut Context<'_, Chat>, (room, base, lines): (String, i64, Vec<String>)) -> Result<()> {
    let lines = lines.iter().filter_map(|line| Said::read(line));
    let (room, base) = (name(&room)?, base.unsigned_abs());
    cx.state.rooms.open(&room, base, lines.collect());
    Ok(())
}

/// `void enter(1: binary client, 2: string name, 3: string room, 4: i64 base, 5: bool loud)`
fn enter(
    cx: &mut Context<'_, Chat>,
    (client, who, room, base, loud): (ClientId, String, String, i64, bool),
) -> Result<()> {
    let (who, room) = (name(&who)?, name(&room)?);
    let (rooms, base) = (&mut cx.state.rooms, base.unsigned_abs());
    let pushes = rooms.enter(client, &who, &room, base, loud);
    push(cx, pushes);
    Ok(())
}

/// `void leave(1: binary client, 2: string why)`
fn leave(cx: &mut Context<'_, Chat>, (client, why): (ClientId, String)) {
    let pushes = cx.state.rooms.leave(client, &why);
    push(cx, pushes);
}

/// `void left(1: string room, 2: string name, 3: string why)`: somebody left the room before it was here.
fn left(cx: &mut Context<'_, Chat>, (room, who, why): (String, String, String)) -> Result<()> {
    let (room, who) = (name(&room)?, name(&who)?);
    let pushes = cx.state.rooms.left(&room, who, &why);
    push(cx, pushes);
    Ok(())
}

/// `list<string> hand_over(1: string room)`: the lines.
fn hand_over(cx: &mut Context<'_, Chat>, room: String) -> Result<Vec<String>> {
    let lines = cx.state.rooms.hand_over(&name(&room)?);
    Ok(lines.iter().map(Said::written).collect())
}

/// What a member asks for. To a line the gate is told its number; the client's answers are pushed.
fn serve(
    cx: &mut Context<'_, Chat>,
    client: ClientId,
    command: u32,
    body: &[u8],
) -> Result<Option<Bytes>> {
    let request = Request::parse(command, body).map_err(|fault| refused(fault.to_string()))?;
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
    push(cx, pushes.map_err(refused)?);
    Ok(number)
}

fn name(text: &str) -> Result<Name> {
    text.parse().map_err(|fault| refused(format!("{fault}")))
}

fn push(cx: &mut Context<'_, Chat>, pushes: Vec<Push>) {
    for Push { to, event } in pushes {
        let body = event.body();
        // Who is gone is told of by the gate.
        drop(cx.push_across(&to, event.command(), body.as_str()));
    }
}
