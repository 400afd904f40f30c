//! A cluster under everything that may go wrong, drawn from seeds: what is promised holds all the same.
//!
//! A world is a few nodes, some tens of calls and some seconds of virtual time: variety comes from the seeds.
//! `ONELOOP_SIM_SEEDS=20000` tries more of them.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use oneloop::node::{Node, Secret};
use oneloop::sim::{self, Crash, LinkFaults, Node as Machine, NodeFaults, Peer, Random, World};
use oneloop::{Address, Result};

use crate::book::Shared;
use crate::raw::{CALL, ONEWAY, frame, hello, proof_frame};
use crate::support::{
    App, BULK_BYTES_MAX, Bounds, FAILED, How, PUSHED, Target, calc, call, chat, gate, heals_within,
    limits, machine, millis, net, remote, secs,
};

const SEEDS: u64 = 2_000;

#[test]
fn all_that_is_promised_holds_under_all_faults() {
    search(0);
}

/// Other seeds, on another core.
#[test]
fn all_that_is_promised_holds_under_all_other_faults() {
    search(1 << 32);
}

fn search(first: u64) {
    let seeds = first..first + SEEDS / 2;
    let searched = sim::search(seeds, |world| -> Result<()> {
        let mut random = Random::new(world.random().next_u64());
        let mut cluster = Cluster::start(world, &mut random);
        let up = random.between(0..=400);
        world.run_for(millis(up));
        set_weather(world, &mut random);
        for _ in 0..random.between(2..=12) {
            cluster.make_calls(world, &mut random);
            cluster.send_commands(world, &mut random);
            if random.chance(0.5) {
                cluster.suffer(world, &mut random)?;
            }
            if random.chance(0.2) {
                stranger(world, &mut random);
            }
            let span = *random.pick(&[10, 100, 400, 1500]);
            world.run_for(millis(random.between(0..=span)));
        }
        cluster.calm(world)?;
        // The last fault is over when the slow turns are that were begun before.
        world.run_for(secs(2));
        world.run_for(heals_within(&limits()));
        cluster.is_whole(world);
        // Nothing goes wrong any more, and the longest that anything takes: each has its outcome.
        world.run_for(millis(LONGEST_MS));
        cluster.has_settled(world);
        if random.chance(0.3) {
            cluster.suffers_once(world, &mut random)?;
            world.run_for(heals_within(&limits()));
            cluster.is_whole(world);
            world.run_for(millis(LONGEST_MS));
            cluster.has_settled(world);
        }
        cluster.ends(world);
        Ok(())
    });
    // Past the test runner, which keeps back what a test prints that passes.
    let _ = writeln!(io::stderr(), "cluster: {searched}");
}

/// The longest that a target takes, or a caller waits.
const LONGEST_MS: u64 = 1_500;

/// The simplest call.
const ECHO: How = How {
    method: "echo",
    takes_ms: 0,
    deadline: None,
    drop_after: None,
};

struct Cluster {
    book: Shared,
    gate: Machine<App>,
    machines: Vec<Machine<App>>,
    /// Those of `machines` that the gate is to have.
    calcs: Vec<[u8; 16]>,
    chats: usize,
    ordered: bool,
    clients: Vec<Client>,
    /// Nodes that were told to stop.
    stopping: BTreeSet<String>,
}

/// A client, and what it has sent.
struct Client {
    peer: Peer,
    sent: Vec<String>,
    heard: Vec<u8>,
    /// It has gone by itself.
    left: bool,
}

impl Cluster {
    fn start(world: &mut World, random: &mut Random) -> Self {
        let book = Shared::default();
        let ordered = random.chance(0.6);
        let bounds = Bounds::draw(random);
        let gate = gate(world, &book, &bounds);
        let net = net(world, &book, &bounds, ordered);
        let mut machines = vec![gate.clone(), net];
        let queue = |random: &mut Random| *random.pick(&[0, 0, 4, 100]);
        let mut calcs = vec![[11; 16]];
        machines.push(calc(
            world,
            "calc1",
            &book,
            &bounds,
            [11; 16],
            queue(random),
        ));
        if random.chance(0.6) {
            calcs.push([12; 16]);
            machines.push(calc(
                world,
                "calc2",
                &book,
                &bounds,
                [12; 16],
                queue(random),
            ));
        }
        if random.chance(0.3) {
            machines.push(calc(world, "twin", &book, &bounds, [11; 16], queue(random)));
        }
        let mut chats = 1;
        let kept = random.chance(0.5).then_some([21; 16]);
        machines.push(chat(world, "chat1", &book, &bounds, kept));
        if random.chance(0.4) {
            chats += 1;
            machines.push(chat(world, "chat2", &book, &bounds, Some([22; 16])));
        }
        if random.chance(0.2) {
            machines.push(machine(world, "thief", &book, || {
                let other = Secret::new("another secret altogether").expect("long enough");
                let remote = remote(5).secret(other);
                Node::new("calc").remote("gate", "gate:9000", remote)
            }));
        }
        Self {
            book,
            gate,
            machines,
            calcs,
            chats,
            ordered,
            clients: Vec::new(),
            stopping: BTreeSet::new(),
        }
    }

    fn make_calls(&self, world: &mut World, random: &mut Random) {
        for _ in 0..random.between(0..=6) {
            let caller = random.pick(&self.machines);
            if !world.is_up(caller) {
                continue;
            }
            let to = match (caller.name(), random.below(4)) {
                ("gate", 0) => Target::Child("chat"),
                ("gate", 1) => Target::Child("net"),
                ("gate", 2) => Target::Instance("calc", [11; 16]),
                ("gate", _) => Target::Child("calc"),
                _ => Target::Gate,
            };
            let method = match to {
                Target::Gate => *random.pick(&["echo", "later", "never", "bulk", "relay"]),
                _ => *random.pick(&["echo", "later", "never", "bulk"]),
            };
            let within = |random: &mut Random, most: u64| millis(random.between(1..=most));
            // Those who may be kept out for ever may have their calls wait.
            let kept_out = ["thief", "twin", "calc1"].contains(&caller.name());
            let deadline = method == "never" || kept_out || random.chance(0.3);
            let deadline = deadline.then(|| within(random, LONGEST_MS));
            let drops = random.chance(0.2);
            let how = How {
                method,
                takes_ms: match method {
                    "bulk" => random.between(0..=BULK_BYTES_MAX as u64) as i32,
                    _ => random.between(0..=1_000) as i32,
                },
                drop_after: drops.then(|| within(random, 300)),
                // Its callee is to learn of the drop, and not of the deadline.
                deadline: deadline.filter(|_| !drops),
            };
            call(world, caller, to, how);
        }
    }

    fn send_commands(&mut self, world: &mut World, random: &mut Random) {
        if self.clients.len() < 4 && random.chance(0.4) {
            let host = format!("client{}", self.clients.len());
            self.clients.push(Client {
                peer: world.peer(&host, "net:7000"),
                sent: Vec::new(),
                heard: Vec::new(),
                left: false,
            });
        }
        for (who, client) in self.clients.iter_mut().enumerate() {
            if client.left {
                continue;
            }
            for _ in 0..random.below(5) {
                let word = match random.below(4) {
                    0 => random.below(500).to_string(),
                    1 => "push".into(),
                    _ => "0".into(),
                };
                client.send(who, &word);
            }
            if random.chance(0.05) {
                // Whoever closes may only have said all, and is answered yet; whoever resets waits for nothing.
                if random.chance(0.4) {
                    client.peer.close();
                } else {
                    client.send(who, "never");
                    if random.chance(0.7) {
                        world.run_for(millis(random.between(0..=100)));
                    }
                    client.peer.reset();
                }
                client.left = true;
            }
        }
    }

    /// Something goes wrong, on purpose: what is rare by chance, or needs two things at once.
    fn suffer(&mut self, world: &mut World, random: &mut Random) -> Result<()> {
        let host = random.pick(&self.machines).name().to_owned();
        let other = random.pick(&self.machines).name().to_owned();
        let crash = *random.pick(&[Crash::Process, Crash::Silent]);
        match random.below(12) {
            0 | 1 => world.crash(&host, crash),
            2 => world.restart(&host)?,
            // Its next life comes while its last one's link is there.
            3 => {
                world.crash(&host, crash);
                world.restart(&host)?;
            }
            4 | 5 => world.pause(&host),
            6 => world.resume(&host),
            7 => {
                let mut sides: [Vec<&str>; 2] = [Vec::new(), Vec::new()];
                for machine in &self.machines {
                    sides[random.below(2) as usize].push(machine.name());
                }
                world.partition(&[&sides[0], &sides[1]]);
            }
            8 => world.heal(),
            9 => world.half_close(&host, &other),
            10 => {
                let span = millis(random.between(1..=4_000));
                world.stall(&host, &other, span);
            }
            _ => world.reset(&host, "gate"),
        }
        if random.chance(0.05) {
            // As SIGTERM: it finishes what it began, and is there no more.
            world.signal(&other);
            self.stopping.insert(other);
        }
        Ok(())
    }

    /// Nothing goes wrong any more; all nodes are there.
    fn calm(&self, world: &mut World) -> Result<()> {
        world.calm()?;
        for host in &self.stopping {
            // It is gone, or would go yet.
            world.crash(host, Crash::Process);
            world.restart(host)?;
        }
        Ok(())
    }

    /// Every name is registered, and reached both ways.
    fn is_whole(&mut self, world: &mut World) {
        let (calcs, chats) = (&self.calcs, self.chats);
        world.with(&self.gate, |cx| {
            let up = cx.children("calc");
            let instances: BTreeSet<[u8; 16]> = up.iter().map(|peer| peer.instance.0).collect();
            let wanted: BTreeSet<[u8; 16]> = calcs.iter().copied().collect();
            assert_eq!(instances, wanted, "calcs that are up");
            assert_eq!(up.len(), wanted.len(), "one link of each");
            assert_eq!(cx.children("chat").len(), chats, "chats that are up");
            assert_eq!(cx.children("net").len(), 1, "nets that are up");
            assert_eq!(cx.all_children().len(), calcs.len() + chats + 1);
        });
        let how = ECHO;
        let mut calls = Vec::new();
        for instance in &self.calcs {
            let to = Target::Instance("calc", *instance);
            calls.push(call(world, &self.gate, to, how));
        }
        for name in ["chat", "net"] {
            calls.push(call(world, &self.gate, Target::Child(name), how));
        }
        let mut vain = Vec::new();
        let mut twins = Vec::new();
        for machine in &self.machines[1..] {
            let how = How {
                deadline: Some(millis(LONGEST_MS)),
                ..how
            };
            let number = call(world, machine, Target::Gate, how);
            match machine.name() {
                "thief" => vain.push(number),
                // One of the two is there, and which one is not said.
                "calc1" | "twin" => twins.push(number),
                _ => calls.push(number),
            }
        }
        let mut ann = Client {
            peer: world.peer("ann", "net:7000"),
            sent: Vec::new(),
            heard: Vec::new(),
            left: false,
        };
        ann.send(self.clients.len(), "0");
        self.clients.push(ann);
        world.run_for(millis(100));
        let book = self.book.borrow();
        let is_well = |number: &i32| {
            let outcomes = &book.calls[*number as usize - 1].outcomes;
            matches!(outcomes[..], [Ok(_)])
        };
        for number in &calls {
            let made = &book.calls[*number as usize - 1];
            assert!(is_well(number), "{} is told {:?}", made.host, made.outcomes);
        }
        // The two that claim to be one life take turns.
        assert!(twins.iter().any(is_well), "{twins:?}");
        assert!(!vain.iter().any(is_well));
    }

    /// One fault alone: whoever waits for an answer over that link is told in time.
    fn suffers_once(&self, world: &mut World, random: &mut Random) -> Result<()> {
        let hosts = self.machines.iter().filter(|machine| {
            // Which of the two is up is not said.
            !["gate", "thief", "twin", "calc1"].contains(&machine.name())
        });
        let hosts: Vec<&Machine<App>> = hosts.collect();
        let child = *random.pick(&hosts);
        let ip = world.ip(child);
        let peers = world.with(&self.gate, |cx| cx.all_children());
        let of_child = |peer: &&oneloop::node::Peer| match &peer.address {
            Some(Address::Ip(address)) => address.ip() == ip,
            _ => false,
        };
        let peer = peers.iter().find(of_child).expect("it is up");
        let never = How {
            method: "never",
            ..ECHO
        };
        let mut calls = Vec::new();
        for _ in 0..3 {
            let down = Target::Instance(&peer.name, peer.instance.0);
            calls.push(call(world, &self.gate, down, never));
            calls.push(call(world, child, Target::Gate, never));
        }
        world.run_for(millis(random.between(0..=50)));
        // An end that is seen is told at once; one that is not, after so much silence.
        let (seen, silent) = (millis(100), limits().silence_deadline + millis(100));
        let (span, gone) = match random.below(7) {
            0 => {
                world.reset(child, "gate");
                (seen, "")
            }
            1 => {
                world.half_close(child, "gate");
                (seen, "")
            }
            2 => {
                world.half_close("gate", child);
                (seen, "")
            }
            3 => {
                world.crash(child, Crash::Process);
                (seen, child.name())
            }
            4 => {
                world.crash(child, Crash::Silent);
                (silent, child.name())
            }
            5 => {
                world.pause(child);
                (silent, child.name())
            }
            _ => {
                world.pause("gate");
                (silent, "gate")
            }
        };
        world.run_for(span);
        {
            let book = self.book.borrow();
            for number in calls {
                let made = &book.calls[number as usize - 1];
                let outcomes = &made.outcomes;
                let wanted = usize::from(made.host != gone);
                assert_eq!(outcomes.len(), wanted, "{} waits", made.host);
                assert!(!matches!(outcomes[..], [Ok(_)]), "{outcomes:?}");
            }
        }
        world.calm()
    }

    /// Every call and every command has had its outcome, and nobody waits for anything.
    fn has_settled(&mut self, world: &mut World) {
        {
            let book = self.book.borrow();
            book.check();
            book.check_order();
            for name in book.children_up.keys() {
                assert!(
                    ["calc", "chat", "net"].contains(&&**name),
                    "{name} was taken"
                );
            }
        }
        for machine in &self.machines {
            let state = world.state(machine);
            let waiting = state.promises.iter().filter(|it| !it.is_cancelled());
            let (waiting, name) = (waiting.count(), machine.name());
            assert_eq!(waiting, 0, "{name} is not told that nobody waits");
            let counters = world.counters(machine);
            assert_eq!(counters.calls_open, 0, "{name}");
            assert_eq!(counters.outbox_bytes, 0, "{name}");
            assert_eq!(counters.inbox_bytes, 0, "{name}");
            // One for each link; where calls may wait for a root there may be some yet that look for those that are late.
            if ["gate", "net", "chat1", "chat2"].contains(&name) {
                let most = counters.links_open;
                assert!(counters.timers_open <= most, "{name}: {counters:?}");
            }
        }
        for (who, client) in self.clients.iter_mut().enumerate() {
            client.check(who, self.ordered);
        }
        let ann = self.clients.last().expect("she asked");
        assert!(
            ann.peer.is_open(),
            "whoever comes when all is well is served"
        );
    }

    /// All go, and nothing is left over.
    fn ends(&self, world: &mut World) {
        for client in &self.clients {
            client.peer.close();
        }
        for machine in &self.machines {
            world.signal(machine);
        }
        world.run_until(World::is_quiet, secs(30));
        world.assert_quiet();
        for machine in &self.machines {
            assert!(!world.is_up(machine), "{} goes on", machine.name());
        }
    }
}

impl Client {
    fn send(&mut self, who: usize, word: &str) {
        let number = self.sent.len();
        let text = format!("{word} {who} {number}");
        let command = 1000 + number as u32;
        self.peer.send(&command_frame(command, &text));
        self.sent.push(text);
    }

    /// What it has heard is its own, in its order, and all of it.
    fn check(&mut self, who: usize, ordered: bool) {
        self.heard.extend(self.peer.take_received());
        let heard = commands_of(&self.heard);
        let (mut replies, mut pushes) = (0, BTreeSet::new());
        let mut answered = BTreeSet::new();
        for (command, body) in heard {
            match command {
                PUSHED => {
                    let number = self.sent.iter().position(|it| *it == body);
                    let number = number.unwrap_or_else(|| panic!("{who} was pushed {body:?}"));
                    assert!(pushes.insert(number), "{body:?} was pushed twice");
                    // It may have waited for room in a full link, and the reply not.
                    continue;
                }
                FAILED => assert!(!body.starts_with("untyped"), "{body}"),
                _ => {
                    let number = command as usize - 1000;
                    assert_eq!(Some(&body), self.sent.get(number), "another's reply");
                    assert!(answered.insert(number), "{body:?} was answered twice");
                    assert!(!ordered || number == replies, "{body:?} at {replies}");
                }
            }
            replies += 1;
        }
        // Nobody tells a client of a crash that nothing was under way for.
        let whole = self.peer.is_open() && self.peer.server_link().is_some();
        assert!(replies <= self.sent.len());
        assert!(
            !whole || replies == self.sent.len(),
            "{who} has {replies} of {:?}",
            self.sent
        );
    }
}

/// Most of everything, as drawn; and quick enough that something goes on beside it.
fn set_weather(world: &mut World, random: &mut Random) {
    let mut links = match random.below(4) {
        0 => LinkFaults::none(),
        1 => LinkFaults::lossless(random),
        _ => LinkFaults::stormy(random),
    };
    let slowest = (*links.latency.end()).min(millis(20));
    links.latency = (*links.latency.start()).min(slowest)..=slowest;
    links.window_bytes = links.window_bytes.max(64);
    let most = (*links.stall_for.end()).min(secs(4));
    links.stall_for = millis(1)..=most;
    links.bandwidth_bytes_per_s = links.bandwidth_bytes_per_s.map(|it| it.max(100_000));
    world.set_link_faults(links);
    if random.chance(0.6) {
        let mut nodes = NodeFaults::stormy(random);
        for span in [
            &mut nodes.down_for,
            &mut nodes.pause_for,
            &mut nodes.partition_for,
        ] {
            // Some are longer than the silence deadline.
            *span = millis(0)..=(*span.end()).min(secs(4));
        }
        for every in [
            &mut nodes.crash_every,
            &mut nodes.pause_every,
            &mut nodes.partition_every,
        ] {
            *every = every.map(|it| it.max(millis(300)));
        }
        world.set_node_faults(nodes);
    }
    if random.chance(0.2) {
        // A child that is slow, and nothing else.
        let slow = NodeFaults {
            slow: 0.2,
            slow_for: millis(10)..=millis(random.between(20..=80)),
            ..NodeFaults::none()
        };
        world.set_node_faults_of(*random.pick(&["calc1", "chat1"]), slow);
    }
}

/// Somebody who has no secret, and calls all the same: at once, behind a hello, behind a proof that is none.
fn stranger(world: &mut World, random: &mut Random) {
    let peer = world.peer("stranger", "gate:9000");
    let mut bytes = Vec::new();
    if random.chance(0.6) {
        bytes.extend(hello().frame());
    }
    if random.chance(0.5) {
        bytes.extend(proof_frame(&[random.below(256) as u8; 32]));
    }
    let kind = *random.pick(&[CALL, ONEWAY]);
    // A number that no call of ours has.
    bytes.extend(frame("echo", kind, 1, b"\x08\0\x01\xff\xff\xff\xff\0"));
    peer.send(&bytes);
}

fn command_frame(command: u32, body: &str) -> Vec<u8> {
    let length = (body.len() as u32 + 4).to_be_bytes();
    let (command, body) = (command.to_be_bytes(), body.as_bytes());
    [&[0; 9], &length[..], &command, body].concat()
}

fn commands_of(mut bytes: &[u8]) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    while bytes.len() >= 17 {
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four"));
        let end = 13 + number(9) as usize;
        if bytes.len() < end {
            break;
        }
        let body = String::from_utf8(bytes[17..end].to_vec()).expect("a text");
        found.push((number(13), body));
        bytes = &bytes[end..];
    }
    found
}
