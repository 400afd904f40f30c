//! The fourth table: all children of a root come back at once, because it was killed and started again.

use std::thread::sleep;
use std::time::{Duration, Instant};

use oneloop::node::{Node, Remote, Root};
use oneloop::{Address, Context, Reactor};

use crate::end::{listen, say};
use crate::process::Process;

const LEGEND: &str = "
All children of a root come back, because it was killed (kill -9) and started again so long after. They are nodes of one process.

  all back  seconds from when the root listens again to when the last child is up, as the root sees it
  greatest  the most children that came up in any 100 ms, wherever these begin; the goal is 5% of them
  each      100 ms, one after the other from when the root listens again: children that came up in it
";

/// How long the root is not there.
const DOWN: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(5),
];
const WINDOW: Duration = Duration::from_millis(100);
const GOAL: f64 = 0.05;

/// Measures and prints.
pub(crate) fn print(wanted: bool) {
    let (children, downs) = if wanted {
        (500, &DOWN[..])
    } else {
        (20, &DOWN[..1])
    };
    println!("{LEGEND}");
    let mut root = Process::end(&["storm", "root", "127.0.0.1:0", &children.to_string()]);
    let address = root.hear();
    let remotes = Process::end(&["storm", "remotes", &address, &children.to_string()]);
    _ = root.hear();
    println!("{children} children");
    for &down in downs {
        root.kill();
        sleep(down);
        root = Process::end(&["storm", "root", &address, &children.to_string()]);
        assert_eq!(root.hear(), address);
        let line = root.hear();
        let times: Vec<Duration> = line
            .split(' ')
            .map(|micros| Duration::from_micros(micros.parse().expect("a number")))
            .collect();
        show(down, &times);
    }
    drop(remotes);
    println!();
}

/// `times` are in their order.
fn show(down: Duration, times: &[Duration]) {
    let last = times.last().copied().unwrap_or_default();
    // Each of these windows begins with a child that comes up: no other has more in it.
    let greatest = (0..times.len())
        .map(|from| {
            let end = times[from] + WINDOW;
            times[from..].iter().take_while(|time| **time < end).count()
        })
        .max()
        .unwrap_or_default();
    let share = greatest as f64 / times.len() as f64;
    let verdict = if share > GOAL { "  above the goal" } else { "" };
    println!(
        "\ndown {:>4.1} s   all back {:>6.2} s   greatest {greatest:>4} ({:>5.1}%){verdict}",
        down.as_secs_f64(),
        last.as_secs_f64(),
        share * 100.0,
    );
    let mut bins = vec![0; last.as_millis() as usize / WINDOW.as_millis() as usize + 1];
    for time in times {
        bins[time.as_millis() as usize / WINDOW.as_millis() as usize] += 1;
    }
    let bins: Vec<String> = bins.iter().map(i32::to_string).collect();
    println!("each  {}", bins.join(" "));
}

/// Is one of the processes.
pub(crate) fn end(words: &[&str]) {
    match *words {
        ["root", address, children] => root(address, children.parse().expect("a number")),
        ["remotes", root, children] => remotes(root, children.parse().expect("a number")),
        ref other => panic!("no such end: {other:?}"),
    }
}

/// Says when each came up, when all have.
fn root(address: &str, children: usize) {
    let mut reactor = Reactor::new(Vec::new()).expect("a poll");
    let started = reactor.start(|cx| {
        let began = Instant::now();
        let root = Root::new().on_child_up(move |cx: &mut Context<'_, Vec<String>>, _child| {
            cx.state.push(began.elapsed().as_micros().to_string());
            if cx.state.len() == children {
                say(cx.state.join(" "));
            }
        });
        let listeners = Node::new("gate").root(address, root).start(cx)?;
        match cx.listener_address(listeners[0]) {
            Some(Address::Ip(address)) => say(address),
            other => panic!("it listens at {other:?}"),
        }
        Ok(())
    });
    started.expect("it starts");
    listen(|line| panic!("a root is told nothing: {line:?}"));
    reactor.run().expect("in peace");
}

fn remotes(root: &str, children: usize) {
    let mut reactor = Reactor::new(()).expect("a poll");
    let started = reactor.start(|cx| {
        for number in 0..children {
            let node = Node::new(format!("n{number}"));
            node.remote("gate", root, Remote::new()).start(cx)?;
        }
        Ok(())
    });
    started.expect("it starts");
    listen(|line| panic!("children are told nothing: {line:?}"));
    reactor.run().expect("in peace");
}
