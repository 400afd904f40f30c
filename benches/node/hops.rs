//! The second table: what a client waits when other nodes answer its commands.

use std::time::Duration;

use oneloop::node::{Node, Remote, Root, forward_to_remote, pass_to_child};
use oneloop::{Address, CommandService, Context, DataPack, Reactor, Result};

use crate::client::{Client, Round};
use crate::end::{listen, say};
use crate::figures::{Figures, short};
use crate::process::Process;

const LEGEND: &str = "
A client's command of 64 bytes and its reply, over loopback TCP: answered by the node that has the client (net), by a node behind it (gate),
by one behind that (chat). Each is a process; the ways by turns.

  in flight  commands of the one client under way at once
  p50, p99   microseconds from before a command's write to after its reply's read, the median round; added: to the way before
  CPU        microseconds of CPU time for each reply, of the nodes on the way, the best round; added: to the way before
";
const HEADINGS: &str = "
                           │                latency, µs                │      CPU of a reply, µs
 in flight  way            │      p50     added       p99     added    │     net    gate    chat     all   added";

const IN_FLIGHT: [usize; 2] = [1, 64];
const ROUNDS: usize = 21;
const ROUND_SPAN: Duration = Duration::from_millis(150);

const WAYS: [&str; 3] = ["net", "net gate", "net gate chat"];

/// What one way came to.
struct Way {
    name: &'static str,
    client: Client,
    rounds: Vec<Measured>,
}

/// A round, and the CPU time of each node for a reply, in microseconds.
type Measured = (Round, [f64; 3]);

/// Measures and prints.
pub(crate) fn print(wanted: bool) {
    println!("{LEGEND}{HEADINGS}");
    // One gate answers, and one passes on.
    let mut near = Process::end(&["hops", "gate"]);
    let mut far = Process::end(&["hops", "pass"]);
    let (near_root, far_root) = (near.hear(), far.hear());
    let mut chat = Process::end(&["hops", "chat", &far_root]);
    assert_eq!(chat.hear(), "up");
    let mut net = Process::end(&["hops", "net", &near_root, &far_root]);
    let mut ways = WAYS.map(|name| Way {
        name,
        client: Client::connect(net.hear().parse().expect("an address"), 1),
        rounds: Vec::new(),
    });
    for _ in 0..2 {
        assert_eq!(net.hear(), "up");
    }
    let nodes = [&net, &near, &far, &chat];
    for in_flight in IN_FLIGHT {
        println!("{}┼{}┼{}", "─".repeat(27), "─".repeat(43), "─".repeat(42));
        let (rounds, span) = if wanted {
            (ROUNDS, ROUND_SPAN)
        } else {
            (1, Duration::from_millis(5))
        };
        for way in &mut ways {
            way.rounds.clear();
            way.client.round(1, in_flight, span); // to warm up
        }
        for round in 0..rounds {
            for turn in 0..ways.len() {
                let way = &mut ways[(round + turn) % WAYS.len()];
                let before = nodes.map(Process::cpu_time);
                let round = way.client.round(1, in_flight, span);
                let after = nodes.map(Process::cpu_time);
                let each = |node: usize| {
                    let span: Duration = after[node] - before[node];
                    span.as_nanos() as f64 / 1e3 / round.replies as f64
                };
                let cpu = [each(0), each(1) + each(2), each(3)];
                way.rounds.push((round, cpu));
            }
        }
        let mut before = [0.0; 3];
        for way in &ways {
            before = way.print(in_flight, before);
        }
    }
    println!();
}

impl Way {
    /// Prints it beside the way before, and gives what that was of this: both latencies and the CPU time.
    fn print(&self, in_flight: usize, before: [f64; 3]) -> [f64; 3] {
        let of = |figure: &dyn Fn(&Measured) -> f64| {
            Figures::of(self.rounds.iter().map(figure).collect())
        };
        let quantile =
            |part: f64| of(&|(round, _)| round.latency.value_at_quantile(part) as f64 / 1e3).median;
        let (p50, p99) = (quantile(0.5), quantile(0.99));
        let all = of(&|(_, cpu)| cpu.iter().sum()).min;
        let [net, gate, chat] = [0, 1, 2].map(|node| of(&|(_, cpu)| cpu[node]).min);
        println!(
            "{in_flight:>9}   {:<14} │ {:>8} {:>9} {:>9} {:>9}     │ {:>7} {:>7} {:>7} {:>7} {:>7}",
            self.name,
            short(p50),
            short(p50 - before[0]),
            short(p99),
            short(p99 - before[1]),
            short(net),
            short(gate),
            short(chat),
            short(all),
            short(all - before[2]),
        );
        [p50, p99, all]
    }
}

/// Is one of the nodes.
pub(crate) fn end(words: &[&str]) {
    let mut reactor = Reactor::new(()).expect("a poll");
    let started = match *words {
        ["gate"] => reactor.start(|cx| {
            let root = Root::new().on_forward(|_cx, _client, _command, body| body.to_vec());
            say_roots(cx, Node::new("gate").root("127.0.0.1:0", root))
        }),
        ["pass"] => reactor.start(|cx| {
            let root = Root::new().on_forward(pass_to_child("chat"));
            say_roots(cx, Node::new("pass").root("127.0.0.1:0", root))
        }),
        ["chat", root] => reactor.start(|cx| {
            let remote = Remote::new()
                .on_forward(|_cx, _client, _command, body| body.to_vec())
                .on_root_up(|_cx, _root| say("up"));
            say_roots(cx, Node::new("chat").remote("pass", root, remote))
        }),
        ["net", near, far] => reactor.start(|cx| start_net(cx, near, far)),
        ref other => panic!("no such node: {other:?}"),
    };
    started.expect("it starts");
    listen(|line| panic!("a node is told nothing: {line:?}"));
    reactor.run().expect("in peace");
}

fn start_net(cx: &mut Context<'_, ()>, near: &str, far: &str) -> Result<()> {
    let mut own = CommandService::new();
    own.catch_all(|call| call.reply(call.body()))?;
    let mut to_gate = CommandService::new();
    to_gate.catch_all(forward_to_remote("gate"))?;
    let mut to_chat = CommandService::new();
    to_chat.catch_all(forward_to_remote("pass"))?;
    let remote = || Remote::new().on_root_up(|_cx, _root| say("up"));
    let mut node = Node::new("net");
    for service in [own, to_gate, to_chat] {
        node = node.net("127.0.0.1:0", DataPack::default(), service);
    }
    say_roots(
        cx,
        node.remote("gate", near, remote())
            .remote("pass", far, remote()),
    )
}

/// Starts the node, and says where it listens.
fn say_roots(cx: &mut Context<'_, ()>, node: Node<()>) -> Result<()> {
    for listener in node.start(cx)? {
        match cx.listener_address(listener) {
            Some(Address::Ip(address)) => say(address),
            other => panic!("it listens at {other:?}"),
        }
    }
    Ok(())
}
