//! Values that come later, beside two peers: `cargo bench --bench deferred`. What the figures mean is in `benches/README.md`.

#[path = "../measure/clock.rs"]
mod clock;
mod course;
#[path = "../measure/figures.rs"]
mod figures;
mod hand;
mod ours;
mod tokio;
#[path = "../measure/turns.rs"]
mod turns;

use clock::nanos_each;
use course::{Course, Runner};
use figures::{Figures, short};
use hand::Hand;
use ours::Oneloop;
use tokio::Tokio;
use turns::by_turns;

const LEGEND: &str = "
Values that come later: nanoseconds of CPU time of the loop's thread for each promise, from its making to the end of its callback, with
its share of the loop's turns; 1,000 promises at once (100 of the chains of 100), all by turns.

  when           a promise of this thread, and a callback that waits for it
  map, and_then  so many steps between them; a step of and_then makes another deferred, whose value is there already
  timeout        a deadline of a minute between them, which is not reached
  from a thread  the promise is kept on another thread, whose time does not count
  tokio          a oneshot channel and a task of the current-thread runtime; steps are boxed futures
  by hand        Rc<RefCell<Option<Box<dyn FnOnce>>>> and a queue: no failures, no cancelling, no deadlines; - is what it cannot do
  min            the best round; median: the middle one
  ratio          oneloop's min by theirs: below 1 oneloop is faster
";
const HEADINGS: &str = "
                │      oneloop      │      tokio       │     by hand
                │      min   median │      min   ratio │      min   ratio";

fn main() {
    let rounds = if figures::are_wanted() { 41 } else { 0 };
    println!("{LEGEND}{HEADINGS}");
    println!(
        "{}┼{}┼{2}┼{2}",
        "─".repeat(16),
        "─".repeat(19),
        "─".repeat(18)
    );
    for course in Course::ALL {
        let mut runners: Vec<Box<dyn Runner>> = vec![
            Box::new(Oneloop::new()),
            Box::new(Tokio::new()),
            Box::new(Hand::new()),
        ];
        runners.retain(|runner| runner.can(course));
        let figures = by_turns(rounds, &mut runners, |runner| {
            round(runner.as_mut(), course)
        });
        print(course, &figures);
    }
    println!();
}

/// A runner that misses a callback would be fast.
fn round(runner: &mut dyn Runner, course: Course) -> f64 {
    const TIMES: usize = 5;
    let count = course.at_once();
    nanos_each(TIMES * count, || {
        for _ in 0..TIMES {
            let sum = runner.round(course, count);
            assert_eq!(sum, count as u64 * course.worth(), "{course}");
        }
    })
}

fn print(course: Course, figures: &[Figures]) {
    let ours = figures[0];
    print!(
        "{:<15} │ {:>8} {:>8}",
        course.to_string(),
        short(ours.min),
        short(ours.median)
    );
    for peer in 1..3 {
        match figures.get(peer) {
            Some(peer) => print!(" │ {:>8} {:>7.2}", short(peer.min), ours.min / peer.min),
            None => print!(" │ {:>8} {:>7}", "-", "-"),
        }
    }
    println!();
}
