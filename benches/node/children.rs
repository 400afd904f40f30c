//! The third table: the memory of a root that has many children, and of a server that has as many plain links.

use std::net::TcpStream;
use std::time::Duration;

use oneloop::node::{Node, NodeLimits, Remote, Root};
use oneloop::thrift::Functions;
use oneloop::{Address, Context, Framed, ListenerId, Reactor};

use crate::descriptors;
use crate::end::{listen, say};
use crate::process::Process;

const LEGEND: &str = "
Memory of a process that has so many links, all idle: resident, as the kernel counts it; without the kernel's own for the sockets.

  child   a root, and children that have proven who they are; signs of life go both ways
  framed  a server of functions on Framed, and connections on which nothing was ever said
";
const HEADINGS: &str = "
           │          child           │          framed
   links   │     RSS, KiB  bytes each │     RSS, KiB  bytes each";

/// Descriptors of a process besides the sockets.
const BESIDES: usize = 100;
/// So many children are on their way at once: fewer than may be unproven.
const AT_ONCE: usize = 64;

/// Measures and prints.
pub(crate) fn print(wanted: bool) {
    let most = descriptors::limit().saturating_sub(BESIDES);
    let sizes: &[usize] = if wanted {
        &[0, 1_000, 10_000]
    } else {
        &[0, 20]
    };
    println!("{LEGEND}{HEADINGS}");
    println!("{}┼{}┼{}", "─".repeat(11), "─".repeat(26), "─".repeat(26));
    let mut root = Process::end(&["children", "root"]);
    let address = root.hear();
    let mut children = Process::end(&["children", "remotes", &address]);
    let mut server = Process::end(&["children", "framed"]);
    let address = server.hear();
    let mut plain = Vec::new();
    let mut empty = [0; 2];
    for &size in sizes {
        let size = size.min(most);
        if size > 0 {
            children.tell(&size.to_string());
            assert_eq!(children.hear_number(), size as u64, "all are up");
            while plain.len() < size {
                plain.push(TcpStream::connect(&address).expect("it listens"));
            }
            // It has accepted all of them when it has answered the last.
            server.tell("links");
            while server.hear_number() < size as u64 {
                server.tell("links");
            }
        }
        let resident = [&root, &server].map(Process::resident_bytes);
        if size == 0 {
            empty = resident;
        }
        print!("{size:>9} ");
        for (resident, empty) in resident.into_iter().zip(empty) {
            print!(" │ {:>12}", resident >> 10);
            match resident.saturating_sub(empty).checked_div(size as u64) {
                Some(each) => print!(" {each:>11}"),
                None => print!(" {:>11}", "-"),
            }
        }
        println!();
    }
    println!();
}

/// Is one of the processes.
pub(crate) fn end(words: &[&str]) {
    match *words {
        ["root"] => root(),
        ["remotes", root] => remotes(root),
        ["framed"] => framed(),
        ref other => panic!("no such end: {other:?}"),
    }
}

fn root() {
    let mut reactor = Reactor::new(()).expect("a poll");
    let started = reactor.start(|cx| {
        let limits = NodeLimits {
            child_after_min: Duration::ZERO,
            ..NodeLimits::default()
        };
        let root = Root::new().limits(limits);
        let listeners = Node::new("gate").root("127.0.0.1:0", root).start(cx)?;
        say_address(cx, listeners[0]);
        Ok(())
    });
    started.expect("it starts");
    listen(|line| panic!("a root is told nothing: {line:?}"));
    reactor.run().expect("in peace");
}

/// How many nodes of one process are up, are begun, and are wanted.
struct Many {
    root: String,
    up: usize,
    begun: usize,
    wanted: usize,
}

fn remotes(root: &str) {
    let many = Many {
        root: root.to_owned(),
        up: 0,
        begun: 0,
        wanted: 0,
    };
    let mut reactor = Reactor::new(many).expect("a poll");
    let handle = reactor.handle();
    listen(move |line| {
        let wanted = line.parse().expect("a number");
        let begin = move |cx: &mut Context<'_, Many>| {
            cx.state.wanted = wanted;
            begin_some(cx);
        };
        handle.post(begin).expect("it runs");
    });
    reactor.run().expect("in peace");
}

fn begin_some(cx: &mut Context<'_, Many>) {
    while cx.state.begun < cx.state.wanted && cx.state.begun < cx.state.up + AT_ONCE {
        cx.state.begun += 1;
        let remote = Remote::new().on_root_up(|cx: &mut Context<'_, Many>, _root| {
            cx.state.up += 1;
            if cx.state.up == cx.state.wanted {
                say(cx.state.up);
            }
            begin_some(cx);
        });
        let node = Node::new(format!("n{}", cx.state.begun));
        let root = cx.state.root.clone();
        node.remote("gate", &root, remote)
            .start(cx)
            .expect("it starts");
    }
}

fn framed() {
    let mut reactor = Reactor::new(()).expect("a poll");
    let started = reactor.start(|cx| {
        let mut functions = Functions::new();
        functions.on("add", |_cx, (a, b): (i64, i64)| a.wrapping_add(b))?;
        let listener = cx.listen("127.0.0.1:0", Framed::default(), functions.processor())?;
        say_address(cx, listener);
        Ok(())
    });
    started.expect("it starts");
    let handle = reactor.handle();
    listen(move |_line| {
        let count = |cx: &mut Context<'_, ()>| say(cx.counters().links_open);
        handle.post(count).expect("it runs");
    });
    reactor.run().expect("in peace");
}

fn say_address<S>(cx: &Context<'_, S>, listener: ListenerId) {
    match cx.listener_address(listener) {
        Some(Address::Ip(address)) => say(address),
        other => panic!("it listens at {other:?}"),
    }
}
