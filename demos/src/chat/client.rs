//! The chat's client: one loop for the connection, one thread that waits for what is typed.

use std::io::{BufRead, Read, Stdout};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use oneloop::{
    Address, CommandService, Connect, Context, DataPack, Error, Handle, LinkId, LinkLimits,
    Reactor, Reason, Result, Unknown,
};

use crate::chat::protocol::{Event, FRAME_BYTES_MAX, Request, command};
use crate::chat::screen::Screen;
use crate::chat::words::{Name, Text};

/// All that the client knows.
struct Client {
    link: Option<LinkId>,
    server: Address,
    name: Name,
    screen: Screen<Stdout>,
    typed: Receiver<Typed>,
    /// Requests without an answer. Every request has one.
    unanswered: usize,
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

/// Joins the chat at `server`, and stays until told to leave.
///
/// # Errors
/// If the server cannot be reached, refuses the name, or goes away.
pub fn run(server: &Address, name: &Name, room: &Name) -> Result<()> {
    let (sender, typed) = sync_channel(TYPED_MAX);
    let mut reactor = Reactor::new(Client {
        link: None,
        server: server.clone(),
        name: name.clone(),
        screen: Screen::of_stdout(),
        typed,
        unanswered: 0,
        moving: true,
        typed_all: false,
        leaving: false,
        outcome: Ok(()),
    })?;
    reactor.stop_on_signals()?;
    reactor.start(|cx| connect(cx, name, room))?;
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

fn connect(cx: &mut Context<'_, Client>, name: &Name, room: &Name) -> Result<()> {
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
    cx.every(HEARTBEAT, move |cx, _| {
        if cx.links.is_open(link) {
            _ = cx.links.send(link, command::HEARTBEAT, "");
        }
    });
    cx.on_stop(|cx| cx.state.leaving = true);
    ask(
        cx,
        &Request::Join {
            name: name.clone(),
            room: room.clone(),
        },
    );
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
    while !cx.state.leaving
        && !cx.state.moving
        && !cx.state.typed_all
        && cx.state.unanswered < UNANSWERED_MAX
    {
        let Ok(typed) = cx.state.typed.try_recv() else {
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
    if cx.state.typed_all && cx.state.unanswered == 0 {
        leave(cx);
    }
}

fn obey(cx: &mut Context<'_, Client>, order: Order) {
    match order {
        Order::Ask(request) => ask(cx, &request),
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

fn ask(cx: &mut Context<'_, Client>, request: &Request) {
    let Some(link) = cx.state.link else { return };
    match cx
        .links
        .send(link, request.command(), request.body().as_str())
    {
        Ok(()) => {
            cx.state.unanswered += 1;
            cx.state.moving |= matches!(request, Request::Join { .. } | Request::Move { .. });
        }
        // It closes in this turn, and says why.
        Err(error) => log::debug!("not sent: {error}"),
    }
}

/// Ends our half of the link: what the server has still to say is shown.
fn leave(cx: &mut Context<'_, Client>) {
    if cx.state.leaving {
        return;
    }
    cx.state.leaving = true;
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
    let is_answer = matches!(
        event,
        Event::Entered { .. }
            | Event::Spoken(_)
            | Event::Delivered { .. }
            | Event::Present { .. }
            | Event::Recalled { .. }
            | Event::Error { .. }
    );
    show(cx, event);
    if is_answer {
        cx.state.unanswered = cx.state.unanswered.saturating_sub(1);
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
        ..
    } = &mut *cx.state;
    match event {
        Event::Entered { room, people, past } => {
            *moving = false;
            let company = match people.saturating_sub(1) {
                0 => "you are alone".into(),
                1 => "you and one other".into(),
                others => format!("you and {others} others"),
            };
            screen.notice(&format!("this is {room}: {company}; /help helps"));
            if past > 0 {
                screen.notice(&format!("before you came ({past}):"));
            }
            screen.set_room(&room);
        }
        Event::Past(said) => screen.past(&said),
        Event::Said(said) => screen.said(&said),
        // On a terminal it stands there already.
        Event::Spoken(said) if !screen.is_live() => screen.said(&said),
        Event::Spoken(_) => {}
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
        Event::Error { command, text } if command == command::JOIN => {
            *outcome = Err(format!("{text}").into());
            cx.state.leaving = true;
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

fn closed(cx: &mut Context<'_, Client>, _: LinkId, reason: &Reason) {
    cx.state.link = None;
    if !cx.state.leaving {
        let server = &cx.state.server;
        let text = match reason {
            Reason::ConnectFailed(error) => {
                format!(
                    "cannot connect to {server}: {error} (is there a server? `chat` starts one)"
                )
            }
            Reason::ConnectDeadline => format!("cannot connect to {server}: no answer"),
            Reason::PeerClosed => format!("the server at {server} is gone"),
            Reason::Idle => format!("the server at {server} is silent"),
            reason => format!("the server at {server} is gone: {reason}"),
        };
        cx.state.outcome = Err(text.into());
    }
    cx.stop_now();
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
