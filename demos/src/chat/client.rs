//! The chat's client: one loop for the connection, one thread that waits for what is typed.

use std::collections::VecDeque;
use std::io::{BufRead, Read, Stdout};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use oneloop::{
    Address, CommandService, Connect, Context, DataPack, Error, Handle, LinkId, LinkLimits,
    Reactor, Reason, Result, Time, Unknown,
};

use crate::chat::history::LINES_MAX;
use crate::chat::protocol::{Event, FRAME_BYTES_MAX, Request, Said, command};
use crate::chat::screen::Screen;
use crate::chat::words::{Name, Text};

/// All that the client knows.
struct Client {
    link: Option<LinkId>,
    server: Address,
    name: Name,
    /// Where we are, or want to be.
    room: Name,
    screen: Screen<Stdout>,
    typed: Receiver<Typed>,
    /// What was typed while there was no server.
    backlog: VecDeque<Typed>,
    /// Requests without an answer, the oldest first. Every request has one.
    asked: VecDeque<Request>,
    /// The last lines of this room that were shown.
    seen: VecDeque<Said>,
    /// How many lines from before are still to come, of which those are shown that were not.
    catching_up: usize,
    /// We were in a room: a link that is lost now is dialled again.
    was_inside: bool,
    /// How long it is tried.
    patience: Duration,
    /// There was no server from then on.
    lost_at: Option<Time>,
    /// How often it was tried since.
    tries: u32,
    /// Why the server did not let us in again.
    refusal: Option<Text>,
    /// On the way into a room: what is typed waits until we are there.
    moving: bool,
    /// Nothing more will be typed.
    typed_all: bool,
    /// On the way out: the end of the link is no surprise.
    leaving: bool,
    outcome: Result<()>,
}

/// What came from the keyboard, or the pipe.
enum Typed {
    Line(Vec<u8>),
    End,
}

/// What a line means.
#[derive(Debug, PartialEq, Eq)]
enum Order {
    Ask(Request),
    Help,
    Quit,
    Nothing,
    Wrong(String),
}

/// How often the server hears from us when nothing is typed.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A server that does not answer three heartbeats is gone.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// How long the server may take to let us go.
const LEAVE_DEADLINE: Duration = Duration::from_secs(5);
/// A server that is lost is dialled again after so long, then after twice that, and so on.
const REDIAL_MIN: Duration = Duration::from_millis(200);
/// The longest until it is dialled again.
const REDIAL_MAX: Duration = Duration::from_secs(3);
/// Requests on their way at once, so that a long file piped in waits here and not in somebody's memory.
const UNANSWERED_MAX: usize = 32;
/// Lines read ahead of the loop.
const TYPED_MAX: usize = 32;
/// What a line may have before it is cut in two: more than may be said at once, so that it is refused and not silently cut.
const LINE_BYTES_MAX: u64 = 8 << 10;

const HELP: [&str; 8] = [
    "what you type is said to the room, but for these:",
    "/msg NAME TEXT   say it to one person alone",
    "/who             who is here",
    "/join ROOM       go to another room",
    "/history         the last lines of this room once more",
    "/quit            leave (or Ctrl-D)",
    "a line that begins with // is said with one /",
    "Ctrl-R shows what you were typing when a message came in between",
];

/// Joins the chat at `server`, and stays until told to leave. A server that is lost is dialled again, for as long as `patience`.
///
/// # Errors
/// If the server cannot be reached, refuses the name, or goes away for longer than that.
pub fn run(server: &Address, name: &Name, room: &Name, patience: Duration) -> Result<()> {
    let (sender, typed) = sync_channel(TYPED_MAX);
    let mut reactor = Reactor::new(Client {
        link: None,
        server: server.clone(),
        name: name.clone(),
        room: room.clone(),
        screen: Screen::of_stdout(),
        typed,
        backlog: VecDeque::new(),
        asked: VecDeque::new(),
        seen: VecDeque::new(),
        catching_up: 0,
        was_inside: false,
        patience,
        lost_at: None,
        tries: 0,
        refusal: None,
        moving: true,
        typed_all: false,
        leaving: false,
        outcome: Ok(()),
    })?;
    reactor.stop_on_signals()?;
    reactor.start(begin)?;
    let handle = reactor.handle();
    // It is never joined: nothing can wake it but a key, and it ends with the process.
    thread::Builder::new()
        .name("keyboard".into())
        .spawn(move || read_typed(&sender, &handle))?;
    reactor.run()?;
    log::info!("{}", reactor.counters());
    let client = reactor.state_mut();
    client.screen.end();
    std::mem::replace(&mut client.outcome, Ok(()))
}

fn begin(cx: &mut Context<'_, Client>) -> Result<()> {
    cx.every(HEARTBEAT, move |cx, _| {
        if let Some(link) = cx.state.link
            && cx.links.is_open(link)
        {
            _ = cx.links.send(link, command::HEARTBEAT, "");
        }
    });
    cx.on_stop(|cx| cx.state.leaving = true);
    connect(cx)
}

/// Dials the server, and asks to be let in.
fn connect(cx: &mut Context<'_, Client>) -> Result<()> {
    let mut service = CommandService::new();
    service.on(command::HEARTBEAT, |_| ())?;
    for number in (command::SAY..=command::HISTORY).chain(command::ENTERED..=command::ERROR) {
        service.on(number, |call| {
            let event = Event::parse(call.command(), call.body()).map_err(Error::failed)?;
            happened(call, event);
            Ok::<(), Error>(())
        })?;
    }
    service.unknown(Unknown::Ignore).on_closed(closed);
    let limits = LinkLimits {
        frame_bytes_max: FRAME_BYTES_MAX,
        idle_timeout: Some(IDLE_TIMEOUT),
        ..LinkLimits::default()
    };
    let server = Connect::new(&cx.state.server).limits(limits);
    let link = cx.connect(server, DataPack::default(), service)?;
    cx.state.link = Some(link);
    let (name, room) = (cx.state.name.clone(), cx.state.room.clone());
    ask(cx, Request::Join { name, room });
    Ok(())
}

// ---- what is typed ----

/// Waits for lines, on a thread of its own, and tells the loop of each.
fn read_typed(sender: &SyncSender<Typed>, handle: &Handle<Client>) {
    let mut input = std::io::stdin().lock();
    loop {
        let mut line = Vec::new();
        let count = input
            .by_ref()
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut line);
        let typed = match count {
            Ok(1..) => Typed::Line(line),
            Ok(0) | Err(_) => Typed::End,
        };
        let is_end = matches!(typed, Typed::End);
        // The loop takes them one by one; a full channel holds this thread up, and nothing else.
        if sender.send(typed).is_err() || handle.post(take_typed).is_err() || is_end {
            return;
        }
    }
}

/// Takes up what was typed, as far as the server keeps up with it.
fn take_typed(cx: &mut Context<'_, Client>) {
    if cx.state.lost_at.is_some() {
        keep_typed(cx);
        return;
    }
    while !cx.state.leaving
        && !cx.state.moving
        && !cx.state.typed_all
        && cx.state.asked.len() < UNANSWERED_MAX
    {
        let backlog = cx.state.backlog.pop_front();
        let Some(typed) = backlog.or_else(|| cx.state.typed.try_recv().ok()) else {
            break;
        };
        match typed {
            Typed::Line(line) => {
                // On a terminal the key that ended the line has moved the cursor below it.
                cx.state.screen.show_prompt();
                obey(cx, understand(&String::from_utf8_lossy(&line)));
            }
            Typed::End => cx.state.typed_all = true,
        }
    }
    if cx.state.typed_all && cx.state.asked.is_empty() {
        leave(cx);
    }
}

/// Keeps what was typed until there is a server again. Whoever wants to go may go.
fn keep_typed(cx: &mut Context<'_, Client>) {
    while cx.state.backlog.len() < TYPED_MAX {
        let Ok(typed) = cx.state.typed.try_recv() else {
            break;
        };
        cx.state.screen.show_prompt();
        let wants_to_go = match &typed {
            Typed::Line(line) => understand(&String::from_utf8_lossy(line)) == Order::Quit,
            Typed::End => cx.state.screen.is_live(),
        };
        if wants_to_go {
            leave(cx);
            return;
        }
        cx.state.backlog.push_back(typed);
    }
}

fn obey(cx: &mut Context<'_, Client>, order: Order) {
    match order {
        Order::Ask(request) => ask(cx, request),
        Order::Help => {
            for line in HELP {
                cx.state.screen.notice(line);
            }
        }
        Order::Quit => cx.state.typed_all = true,
        Order::Nothing => {}
        Order::Wrong(why) => cx.state.screen.complaint(&why),
    }
}

fn understand(line: &str) -> Order {
    let line = line.trim();
    if line.is_empty() {
        return Order::Nothing;
    }
    let Some(order) = line.strip_prefix('/').filter(|rest| !rest.starts_with('/')) else {
        let text = line.strip_prefix('/').unwrap_or(line);
        return wrap(text.parse(), |text| Request::Say { text });
    };
    let (order, rest) = order.split_once(char::is_whitespace).unwrap_or((order, ""));
    let rest = rest.trim();
    match order {
        "msg" | "m" => match rest.split_once(char::is_whitespace) {
            Some((name, text)) => wrap(
                name.parse()
                    .and_then(|name| text.parse().map(|text| (name, text))),
                |(name, text)| Request::Tell { name, text },
            ),
            None => Order::Wrong("it goes like this: /msg NAME TEXT".into()),
        },
        "join" | "j" => wrap(rest.parse(), |room| Request::Move { room }),
        "who" | "w" => Order::Ask(Request::Who),
        "history" => Order::Ask(Request::History),
        "help" | "h" | "?" => Order::Help,
        "quit" | "q" | "exit" => Order::Quit,
        _ => Order::Wrong(format!(
            "there is no {}; see /help",
            Text::of(&format!("/{order}"))
        )),
    }
}

fn wrap<T>(
    words: Result<T, crate::chat::words::WordFault>,
    request: impl FnOnce(T) -> Request,
) -> Order {
    words.map_or_else(
        |fault| Order::Wrong(fault.to_string()),
        |words| Order::Ask(request(words)),
    )
}

fn ask(cx: &mut Context<'_, Client>, request: Request) {
    let Some(link) = cx.state.link else { return };
    let sent = cx
        .links
        .send(link, request.command(), request.body().as_str());
    if let Err(error) = sent {
        // It closes in this turn, and it is told then that this is not done.
        log::debug!("not sent: {error}");
    }
    cx.state.moving |= matches!(request, Request::Join { .. } | Request::Move { .. });
    cx.state.asked.push_back(request);
}

/// The request that this answers, if there is one: the oldest of its kind.
fn answered(asked: &mut VecDeque<Request>, event: &Event) -> Option<Request> {
    let is_answered = |request: &Request| match event {
        Event::Entered { .. } => matches!(request, Request::Join { .. } | Request::Move { .. }),
        Event::Error { command, .. } => request.command() == *command,
        other => request.command() == other.command(),
    };
    let place = asked.iter().position(is_answered)?;
    asked.remove(place)
}

/// Ends our half of the link: what the server has still to say is shown.
fn leave(cx: &mut Context<'_, Client>) {
    if cx.state.leaving {
        return;
    }
    cx.state.leaving = true;
    if cx.state.lost_at.is_some() {
        tell_unsaid(cx);
        cx.stop_now();
        return;
    }
    if let Some(link) = cx.state.link {
        cx.links.end_when_sent(link);
        cx.after(LEAVE_DEADLINE, |cx| {
            log::warn!("the server did not end the link");
            cx.stop_now();
        });
    }
}

// ---- what the server says ----

fn happened(cx: &mut Context<'_, Client>, event: Event) {
    let is_answer = answered(&mut cx.state.asked, &event).is_some();
    show(cx, event);
    if is_answer {
        take_typed(cx);
    }
    if cx.state.screen.is_closed() {
        leave(cx);
    }
}

fn show(cx: &mut Context<'_, Client>, event: Event) {
    let Client {
        screen,
        name: own,
        moving,
        outcome,
        seen,
        catching_up,
        was_inside,
        lost_at,
        tries,
        refusal,
        room: here,
        leaving,
        link,
        ..
    } = &mut *cx.state;
    match event {
        Event::Entered { room, people, past } => {
            *moving = false;
            *was_inside = true;
            let is_back = lost_at.take().is_some() && *here == room;
            (*tries, *refusal) = (0, None);
            *catching_up = if is_back { past } else { 0 };
            if !is_back {
                seen.clear();
            }
            here.clone_from(&room);
            let company = match people.saturating_sub(1) {
                0 => "you are alone".into(),
                1 => "you and one other".into(),
                others => format!("you and {others} others"),
            };
            screen.notice(&format!("this is {room}: {company}; /help helps"));
            if past > 0 && !is_back {
                screen.notice(&format!("before you came ({past}):"));
            }
            screen.set_room(&room);
        }
        Event::Past(said) => {
            let is_known = *catching_up > 0 && seen.contains(&said);
            *catching_up = catching_up.saturating_sub(1);
            if !is_known {
                screen.past(&said);
                remember(seen, said);
            }
        }
        Event::Said(said) => {
            screen.said(&said);
            remember(seen, said);
        }
        Event::Spoken(said) => {
            // On a terminal it stands there already.
            if !screen.is_live() {
                screen.said(&said);
            }
            remember(seen, said);
        }
        Event::Told { name, text } => screen.private("[", &name, &text),
        Event::Delivered { name, text } if !screen.is_live() => {
            screen.private("[to ", &name, &text);
        }
        Event::Delivered { .. } => {}
        Event::Came { name } => screen.notice(&format!("{name} joined")),
        Event::Left { name, why: None } => screen.notice(&format!("{name} left")),
        Event::Left {
            name,
            why: Some(why),
        } => screen.notice(&format!("{name} left ({why})")),
        Event::Notice { text } => screen.notice(text.as_str()),
        // We were in, and perhaps the server has not noticed yet that we were not: it is tried again.
        Event::Error { command, text } if command == command::JOIN && *was_inside => {
            *refusal = Some(text);
            if let Some(link) = *link {
                cx.links.close(link);
            }
        }
        Event::Error { command, text } if command == command::JOIN => {
            *outcome = Err(format!("{text}").into());
            *leaving = true;
            cx.stop_now();
        }
        Event::Error { command, text } => {
            if command == command::MOVE {
                *moving = false;
            }
            screen.complaint(text.as_str());
        }
        Event::Present {
            room,
            people,
            names,
        } => {
            let mut list: Vec<String> = names
                .iter()
                .map(|name| {
                    let you = if name == own { " (you)" } else { "" };
                    format!("{name}{you}")
                })
                .collect();
            if people > names.len() {
                list.push(format!("and {} more", people - names.len()));
            }
            screen.notice(&format!("in {room} ({people}): {}", list.join(", ")));
        }
        Event::Recalled { past } => screen.notice(&format!("the last lines ({past}):")),
    }
}

/// Keeps a line, in case it comes once more.
fn remember(seen: &mut VecDeque<Said>, said: Said) {
    if seen.len() == LINES_MAX {
        seen.pop_front();
    }
    seen.push_back(said);
}

// ---- when the link is gone ----

fn closed(cx: &mut Context<'_, Client>, _: LinkId, reason: &Reason) {
    cx.state.link = None;
    if cx.state.leaving {
        cx.stop_now();
        return;
    }
    let server = &cx.state.server;
    let text = match reason {
        Reason::ConnectFailed(error) => {
            format!("cannot connect to {server}: {error} (is there a server? `chat` starts one)")
        }
        Reason::ConnectDeadline => format!("cannot connect to {server}: no answer"),
        Reason::PeerClosed => format!("the server at {server} is gone"),
        Reason::Idle => format!("the server at {server} is silent"),
        reason => format!("the server at {server} is gone: {reason}"),
    };
    let text = match &cx.state.refusal {
        Some(refusal) => refusal.to_string(),
        None => text,
    };
    // What it sent made no sense, or we could not take it: that would be so again.
    let is_hopeless = matches!(
        reason,
        Reason::Fault(_) | Reason::Failed(_) | Reason::Panicked(_) | Reason::Stopped
    );
    let now = cx.now();
    let gives_up = cx
        .state
        .lost_at
        .is_some_and(|since| now - since >= cx.state.patience);
    let is_over = !cx.state.was_inside
        || is_hopeless
        || cx.state.patience.is_zero()
        || cx.state.typed_all
        || gives_up;
    tell_unanswered(cx.state);
    if is_over {
        tell_unsaid(cx);
        cx.state.outcome = Err(text.into());
        cx.stop_now();
        return;
    }
    if cx.state.lost_at.is_none() {
        cx.state.lost_at = Some(now);
        let span = cx.state.patience.as_secs();
        cx.state
            .screen
            .notice(&format!("{text}; it is tried again, for {span} s"));
    }
    // What is typed waits.
    cx.state.moving = true;
    let span = redial_after(cx);
    cx.after(span, |cx| {
        if cx.state.leaving {
            return;
        }
        if let Err(error) = connect(cx) {
            cx.state.outcome = Err(error);
            cx.stop_now();
        }
    });
}

/// Twice as long each time; half of it is drawn by lot, so that those who lost a server together do not come back together.
fn redial_after(cx: &mut Context<'_, Client>) -> Duration {
    let times = 1_u32.checked_shl(cx.state.tries).unwrap_or(u32::MAX);
    cx.state.tries = cx.state.tries.saturating_add(1);
    let span = REDIAL_MIN.saturating_mul(times).min(REDIAL_MAX);
    let mut lot = [0];
    if let Err(error) = cx.random(&mut lot) {
        log::debug!("no lot can be drawn: {error}");
    }
    span / 2 + (span / 2).mul_f64(f64::from(lot[0]) / 255.0)
}

/// What was asked for and not answered may be done or not: that is said.
fn tell_unanswered(client: &mut Client) {
    for request in std::mem::take(&mut client.asked) {
        match request {
            Request::Say { text } => client
                .screen
                .complaint(&format!("perhaps not said: {text}")),
            Request::Tell { name, text } => client
                .screen
                .complaint(&format!("perhaps not said to {name}: {text}")),
            // It is where we want to be.
            Request::Move { room } => client.room = room.folded(),
            Request::Who | Request::History => {
                client
                    .screen
                    .complaint("not answered: what you asked for last");
            }
            Request::Join { .. } => {}
        }
    }
}

/// What was typed and never sent, when it never will be.
fn tell_unsaid(cx: &mut Context<'_, Client>) {
    while let Ok(typed) = cx.state.typed.try_recv() {
        cx.state.backlog.push_back(typed);
    }
    for typed in std::mem::take(&mut cx.state.backlog) {
        if let Typed::Line(line) = typed {
            let line = String::from_utf8_lossy(&line);
            if matches!(understand(&line), Order::Ask(_)) {
                let line = Text::of(&line);
                cx.state.screen.complaint(&format!("not said: {line}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_understood() {
        let name = |text: &str| -> Name { text.parse().expect(text) };
        let text = |text: &str| -> Text { text.parse().expect(text) };
        for (line, order) in [
            (
                "hi there\n",
                Order::Ask(Request::Say {
                    text: text("hi there"),
                }),
            ),
            (
                "//shrug",
                Order::Ask(Request::Say {
                    text: text("/shrug"),
                }),
            ),
            (
                "/msg bob  a secret ",
                Order::Ask(Request::Tell {
                    name: name("bob"),
                    text: text("a secret"),
                }),
            ),
            ("/join Den", Order::Ask(Request::Move { room: name("Den") })),
            ("/who\r\n", Order::Ask(Request::Who)),
            ("/history", Order::Ask(Request::History)),
            ("/help", Order::Help),
            ("/quit", Order::Quit),
            ("  \n", Order::Nothing),
        ] {
            assert_eq!(understand(line), order, "{line:?}");
        }
        for line in [
            "/",
            "/nonsense",
            "/msg",
            "/msg bob",
            "/msg b!b x",
            "/join",
            &"x".repeat(2_001),
        ] {
            assert!(matches!(understand(line), Order::Wrong(_)), "{line:?}");
        }
    }
}
