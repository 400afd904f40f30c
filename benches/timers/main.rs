//! Timers and groups beside what one would write by hand: `cargo bench --bench timers`. What the figures mean is in
//! `benches/README.md`.

#[path = "../measure/clock.rs"]
mod clock;
#[path = "../measure/figures.rs"]
mod figures;
mod groups;
mod load;
mod ours;
mod peers;
#[path = "../measure/turns.rs"]
mod turns;

use std::thread::sleep;
use std::time::{Duration, Instant};

use clock::nanos_each;
use figures::{Figures, short};
use load::Timers;
use ours::Oneloop;
use peers::{Heap, Peer, Tree};
use turns::by_turns;

const LEGEND: &str = "
Timers: nanoseconds of CPU time for each, all by turns; a callback is boxed and the clock is read for each by everyone.

  pending  timers that lie ten minutes to three hours ahead all the while
  cancel   armed for as far ahead, among those, and cancelled when sixteen more were armed
  fire     armed for up to 4 ms from now, and fired when that is over; oneloop's figure has the turns of its loop in it, with a poll for
           each 1,024
  min      the best round; median: the middle one
  ratio    oneloop's min by theirs: below 1 oneloop is faster
";
const HEADINGS: &str = "
                  │      oneloop      │  heap, lazy         │    BTreeMap
  pending         │      min   median │         min   ratio │         min   ratio";

/// How many are armed at once to be fired.
const BATCH: usize = 10_000;

fn main() {
    let wanted = figures::are_wanted();
    let (sizes, rounds) = if wanted {
        ([10, 1_000_000], 9)
    } else {
        ([10, 1_000], 0)
    };
    println!("{LEGEND}");
    println!(
        "one reading of the clock, of those: {} ns",
        short(reading())
    );
    println!("{HEADINGS}");
    for pending in sizes {
        println!(
            "{}┼{}┼{2}┼{2}",
            "─".repeat(18),
            "─".repeat(19),
            "─".repeat(21)
        );
        let mut all: [Box<dyn Timers>; 3] = [
            Box::new(Oneloop::new()),
            Box::new(Peer::<Heap>::new()),
            Box::new(Peer::<Tree>::new()),
        ];
        for timers in &mut all {
            timers.fill(pending);
        }
        // So many that a heap has to be built anew among them.
        let count = if wanted {
            pending.max(BATCH) * 5 / 4
        } else {
            1_000
        };
        let cancel = by_turns(rounds, &mut all, |timers| {
            nanos_each(count, || timers.arm_and_cancel(count))
        });
        print(pending, "cancel", &cancel);
        let fire = by_turns(rounds, &mut all, |timers| {
            nanos_each(BATCH, || fire(timers.as_mut()))
        });
        print(pending, "fire", &fire);
    }
    let (sizes, count) = if wanted {
        ([10, 10_000], 100_000)
    } else {
        ([10, 100], 1_000)
    };
    groups::print(&sizes, rounds, count);
}

/// Arms many, sleeps until they are due, and has them fire.
fn fire(timers: &mut dyn Timers) {
    let before = timers.fire();
    timers.arm_soon(BATCH);
    sleep(Duration::from_millis(6));
    while timers.fire() < before + BATCH {}
}

/// Nanoseconds that it takes to read the clock.
fn reading() -> f64 {
    let count = 100_000;
    nanos_each(count, || {
        for _ in 0..count {
            std::hint::black_box(Instant::now());
        }
    })
}

fn print(pending: usize, what: &str, figures: &[Figures]) {
    let ours = figures[0];
    let (min, median) = (short(ours.min), short(ours.median));
    print!("{pending:>9}  {what:<6} │ {min:>8} {median:>8}");
    for peer in &figures[1..] {
        print!(" │ {:>11} {:>7.2}", short(peer.min), ours.min / peer.min);
    }
    println!();
}
