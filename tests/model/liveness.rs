//! Nobody waits for ever: readiness is told once, so whatever a budget leaves undone is taken up again without being told.

use std::time::Duration;

use oneloop::sim::{self, NodeFaults, Random, World};
use oneloop::{CommandService, Context, DataPack, Error, Handle, Limits, LinkLimits, Result};

use crate::support::clients::Client;
use crate::support::weather::{self, LONG};
use crate::support::wire::Format;
use crate::support::{SEEDS, tell};

/// What has come to pass at the node, by the number of each.
#[derive(Debug, Default)]
struct Done {
    posts: Vec<u32>,
    timers: Vec<u32>,
    next_turns: Vec<u32>,
    deferreds: Vec<u32>,
}

/// Every budget is as small as it can be.
fn smallest() -> Limits {
    Limits {
        accepts_per_turn_max: 1,
        posts_per_turn_max: 1,
        timers_per_turn_max: 1,
        continuations_per_turn_max: 1,
        worker_threads_max: 1,
        link: LinkLimits {
            frames_per_turn_max: 1,
            read_bytes_per_turn_max: 1,
            calls_max: 1,
            outbox_bytes_low: 0,
            outbox_bytes_high: 1,
            ..LinkLimits::default()
        },
        ..Limits::default()
    }
}

fn start(cx: &mut Context<'_, Done>) -> Result<()> {
    let mut service = CommandService::<Done>::new();
    service.on(1, |call| call.reply(call.body()))?;
    service.on(2, |call| {
        let body = call.body().to_vec();
        call.blocking(move || body)
    })?;
    service.on(3, |call| {
        let (promise, later) = call.defer();
        let body = call.body().to_vec();
        call.next_turn(|_| promise.resolve(body));
        later
    })?;
    cx.listen("server:7000", DataPack::default(), service)?;
    Ok(())
}

/// As many of each kind at once as no budget allows for.
fn burden(cx: &mut Context<'_, Done>, count: u32) {
    for number in 0..count {
        cx.after(Duration::ZERO, move |cx| cx.state.timers.push(number));
        cx.next_turn(move |cx| cx.state.next_turns.push(number));
        let (promise, later) = cx.defer();
        cx.when(later, move |cx, outcome: Result<u32>| {
            cx.state.deferreds.push(outcome.expect("it is resolved"));
        });
        promise.resolve(number);
    }
}

/// Another node, which posts to the first one from within a turn of its own, as another thread would.
fn start_poster(cx: &mut Context<'_, ()>, handle: &Handle<Done>, count: u32) {
    let handle = handle.clone();
    cx.after(Duration::from_millis(5), move |_| {
        for number in 0..count {
            let posted = handle.post(move |cx| cx.state.posts.push(number));
            posted.expect("the loop runs");
        }
    });
}

/// A client, and the answers it wants: the numbers of its calls.
struct Caller {
    client: Client,
    wanted: Vec<u32>,
}

impl Caller {
    /// Asks all at once, in one piece, before it is let in or after.
    fn draw(world: &mut World, random: &mut Random, number: u32, calls: u64) -> Self {
        let client = Client::dial(world, "clients", "server:7000");
        let wanted: Vec<u32> = (0..random.between(1..=calls) as u32)
            .map(|call| number << 8 | call)
            .collect();
        let mut bytes = Vec::new();
        for call in &wanted {
            let command = random.between(1..=3) as u32;
            bytes.extend(Format::DataPack.frame(command, &call.to_be_bytes()));
        }
        let sending = client.peer.clone();
        let moment = Duration::from_micros(*random.pick(&[0, 60, 5_000]));
        world.after(moment, move |_| sending.send(&bytes));
        Self { client, wanted }
    }

    fn is_answered(&mut self) -> bool {
        self.client.read();
        self.client.frames.len() >= self.wanted.len()
    }
}

#[test]
fn nobody_waits_for_ever() {
    let searched = sim::search(0..SEEDS, |world| {
        let mut random = weather::numbers(world);
        let links = weather::set_lossless(world);
        // What is told without need would wake up whoever was forgotten.
        let faults = NodeFaults::lossless(world.random());
        world.set_node_faults(NodeFaults {
            spurious: 0.0,
            ..faults
        });
        let limits = if random.chance(0.5) {
            smallest()
        } else {
            weather::narrow_limits(&mut random)
        };
        let few = weather::grain(&links, &limits) < 20;
        let server = world.node_with_limits("server", limits, Done::default, start)?;
        let handle = world.handle(&server);
        let posts = random.between(1..=20) as u32;
        let start = move |cx: &mut Context<'_, ()>| -> Result<()> {
            start_poster(cx, &handle, posts);
            Ok(())
        };
        world.node("poster", || (), start)?;
        let callers = random.between(1..=if few { 4 } else { 16 }) as u32;
        let calls = if few { 2 } else { 6 };
        let mut callers: Vec<Caller> = (0..callers)
            .map(|number| Caller::draw(world, &mut random, number, calls))
            .collect();
        let count = random.between(1..=20) as u32;
        world.run_for(Duration::from_micros(random.between(0..=5_000)));
        world.with(&server, |cx| burden(cx, count));
        world.run_until(|_| callers.iter_mut().all(Caller::is_answered), LONG);
        for caller in &callers {
            caller.client.peer.close();
        }
        world.run_until(World::is_quiet, LONG);
        let done = world.state(&server);
        let all = |count: u32| (0..count).collect::<Vec<u32>>();
        assert_eq!(done.posts, all(posts), "posts of one sender, in order");
        assert_eq!(done.timers, all(count), "timers of one moment, in order");
        assert_eq!(done.next_turns, all(count), "callbacks of the next turn");
        assert_eq!(done.deferreds, all(count), "what was settled, in order");
        for caller in &callers {
            let numbers = caller.client.frames.iter().map(|(_, body)| {
                let number = body[..].try_into().expect("a number");
                u32::from_be_bytes(number)
            });
            let mut numbers: Vec<u32> = numbers.collect();
            numbers.sort_unstable();
            assert_eq!(numbers, caller.wanted, "each call is answered once");
        }
        Ok::<(), Error>(())
    });
    tell("liveness", searched);
}
