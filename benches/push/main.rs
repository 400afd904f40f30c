//! One message to thousands of links, beside a bare write(2) for each: `cargo bench --bench push`. What the figures mean is in
//! `benches/README.md`.

#[path = "../measure/clock.rs"]
mod clock;
mod crowd;
#[path = "../measure/descriptors.rs"]
mod descriptors;
#[path = "../measure/figures.rs"]
mod figures;
mod sender;
#[path = "../measure/turns.rs"]
mod turns;

use crowd::Kind;
use figures::short;
use sender::{Bare, Oneloop, Sender};
use turns::by_turns;

const LINKS: [usize; 2] = [500, 5_000];
const BODIES: [usize; 2] = [64, 4096];
/// A push should cost no more than so many bare writes.
const GOAL: f64 = 1.5;
/// Descriptors of the process besides the sockets.
const BESIDES: usize = 100;

const LEGEND: &str = "
One message to all links of a group, beside one bare write(2) of the same bytes to each of as many sockets, by turns: nanoseconds of
CPU time of the sending thread for each receiver. Eight messages are sent before the far ends are read, which is not timed.

  socket   unix: nothing but a queue, the sternest test of what is not the write. tcp: over loopback, where the write goes all the way to
           the receiver's socket, as it does not on a network card
  min      the best round; median: the middle one
  ratio    oneloop's by the bare write's; the goal is 1.5
";
const HEADINGS: &str = "
                        │       oneloop       │      write(2)       │      ratio
 socket   links    body │      min     median │      min     median │   min  median";

fn main() {
    let wanted = figures::are_wanted();
    let (sizes, rounds) = if wanted {
        (&LINKS[..], 15)
    } else {
        (&[20][..], 1)
    };
    println!("{LEGEND}{HEADINGS}");
    // Ours and the bare writer's, near and far: four descriptors for each link.
    let links_max = (descriptors::limit() - BESIDES) / 4 / 100 * 100;
    let mut asked_max = 0;
    for kind in [Kind::Unix, Kind::Tcp] {
        println!(
            "{}┼{1}┼{1}┼{2}",
            "─".repeat(24),
            "─".repeat(21),
            "─".repeat(15)
        );
        for &asked in sizes {
            asked_max = asked_max.max(asked);
            measure(kind, asked.min(links_max), rounds);
        }
    }
    if asked_max > links_max {
        println!(
            "\nThe limit of descriptors is {}: {links_max} links in place of {asked_max}, since all ends are in this process.",
            descriptors::limit()
        );
    }
    println!();
}

fn measure(kind: Kind, links: usize, rounds: usize) {
    let mut senders: [Box<dyn Sender>; 2] = [
        Box::new(Oneloop::new(kind, links)),
        Box::new(Bare::new(kind, links)),
    ];
    for body_bytes in BODIES {
        let body = vec![b'x'; body_bytes];
        let figures = by_turns(rounds, &mut senders, |sender| {
            sender::round(sender.as_mut(), &body)
        });
        let mut line = format!(
            "{:>7} {links:>7} {body_bytes:>7} │",
            format!("{kind:?}").to_lowercase()
        );
        for of in &figures {
            line += &format!(" {:>8} {:>10} │", short(of.min), short(of.median));
        }
        let ratio = figures[0].min / figures[1].min;
        let verdict = if ratio > GOAL { "  above the goal" } else { "" };
        println!(
            "{line} {ratio:>5.2} {:>7.2}{verdict}",
            figures[0].median / figures[1].median
        );
    }
}
