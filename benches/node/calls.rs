//! The first table: calls to the other end and back, by everyone.

use std::time::Duration;

use crate::contestant::{Ask, Contestant, Pair};
use crate::figures::{Figures, short};

const LEGEND: &str = "
Calls from one process to another and back over one link on loopback TCP, all by turns. Each end has a thread and a core of its own; every
answer is looked at.

  add        the sum of two numbers of 64 bits; echo: a body of 1 KiB back
  in flight  calls under way at once
  calls/s    the best round, and the median one. With one in flight it is mostly how fast the system wakes a process
  CPU        microseconds of CPU time for each call, system calls included: the median round of the caller, of the callee, and of both; and the
             best round of both, by which the ratio is
  ratio      theirs by oneloop's by name: above 1 oneloop is ahead
";
const HEADINGS: &str = "
                    │            calls/s            │             CPU of a call, µs
 ask    in flight   │     best    median     ratio  │  caller  callee    both     best    ratio";

/// What is asked, and how many calls are in flight.
pub(crate) const LOADS: [(Ask, usize); 4] = [
    (Ask::Add, 1),
    (Ask::Add, 64),
    (Ask::Echo, 1),
    (Ask::Echo, 64),
];
const ROUNDS: usize = 21;
const ROUND_SPAN: Duration = Duration::from_millis(150);

struct Line {
    contestant: Contestant,
    pair: Pair,
    /// Calls of a round.
    count: usize,
    rounds: Vec<Round>,
}

/// What a call took, in microseconds.
struct Round {
    span: f64,
    caller: f64,
    callee: f64,
}

/// Measures and prints.
pub(crate) fn print(wanted: bool) {
    println!("{LEGEND}");
    let mut lines: Vec<Line> = Contestant::present().into_iter().map(Line::start).collect();
    println!("{HEADINGS}");
    for (ask, in_flight) in LOADS {
        println!("{}┼{}┼{}", "─".repeat(20), "─".repeat(31), "─".repeat(42));
        let rounds = if wanted { ROUNDS } else { 1 };
        for line in &mut lines {
            line.warm_up(ask, in_flight, wanted);
        }
        for round in 0..rounds {
            // Each round begins with another, so that nobody always comes first.
            for turn in 0..lines.len() {
                let place = (round + turn) % lines.len();
                lines[place].round(ask, in_flight);
            }
        }
        let (best, cpu) = (lines[0].span().min, lines[0].both().min);
        for line in &lines {
            line.print(ask, in_flight, best, cpu);
        }
    }
    println!();
}

impl Line {
    fn start(contestant: Contestant) -> Self {
        Self {
            contestant,
            pair: contestant.start(None),
            count: 0,
            rounds: Vec::new(),
        }
    }

    /// Finds out how many calls take as long as a round should.
    fn warm_up(&mut self, ask: Ask, in_flight: usize, wanted: bool) {
        self.rounds.clear();
        self.count = 2 * in_flight;
        let span = if wanted { ROUND_SPAN } else { Duration::ZERO };
        loop {
            let nanos = self.pair.call(ask, in_flight, self.count);
            let part = span.as_nanos() as f64 / nanos as f64;
            if part < 2.0 {
                self.count = ((self.count as f64 * part) as usize).max(2 * in_flight);
                return;
            }
            self.count = (self.count as f64 * part.min(10.0)) as usize;
        }
    }

    fn round(&mut self, ask: Ask, in_flight: usize) {
        let Pair { caller, callee } = &self.pair;
        let before = [caller.cpu_time(), callee.cpu_time()];
        let nanos = self.pair.call(ask, in_flight, self.count);
        let Pair { caller, callee } = &self.pair;
        let after = [caller.cpu_time(), callee.cpu_time()];
        let each = |span: Duration| span.as_nanos() as f64 / 1e3 / self.count as f64;
        self.rounds.push(Round {
            span: each(Duration::from_nanos(nanos)),
            caller: each(after[0] - before[0]),
            callee: each(after[1] - before[1]),
        });
    }

    fn of(&self, figure: fn(&Round) -> f64) -> Figures {
        Figures::of(self.rounds.iter().map(figure).collect())
    }

    fn span(&self) -> Figures {
        self.of(|round| round.span)
    }

    fn both(&self) -> Figures {
        self.of(|round| round.caller + round.callee)
    }

    fn print(&self, ask: Ask, in_flight: usize, best: f64, cpu: f64) {
        let (span, both) = (self.span(), self.both());
        println!(
            "{ask:>4} {in_flight:>3} {:<10} │ {:>8.0} {:>9.0} {:>9.2}  │ {:>7} {:>7} {:>7} {:>8} {:>8.2}",
            self.contestant,
            1e6 / span.min,
            1e6 / span.median,
            span.min / best,
            short(self.of(|round| round.caller).median),
            short(self.of(|round| round.callee).median),
            short(both.median),
            short(both.min),
            both.min / cpu,
        );
    }
}
