//! The table at the end: every reader by turns, so that a busy moment of the machine hits them alike.

use std::time::Duration;

use crate::course::Course;
use crate::readers::{self, Reader};
use crate::time;

const ROUNDS: usize = 41;
/// So long at least does one reader have in one round: shorter than a scheduler's slice, so that most rounds are undisturbed.
const ROUND: Duration = Duration::from_millis(1);

const LEGEND: &str = "
DataPack frames decoded in memory, on one core: nanoseconds per frame, in 41 rounds with all readers by turns.

  body   bytes of each frame's body; its head has 17 more
  piece  bytes of each read. whole: all frames lie in memory, and nothing but decoding is timed;
         1460 and 7: one copy of each piece, in place of the read, is timed as well, for every reader
  min    the fastest round, which is what the code costs when nobody disturbs it; also the peers' ns
  GB/s   10^9 bytes of frames, heads and bodies, in a second; whole bodies are handed on and not read
  ratio  oneloop's min by theirs: above 1 oneloop is slower, below 1 it is faster
";
const HEADINGS: &str = "
               │              oneloop              │      walk      │    BytesMut    │   tokio-util
  body   piece │      min   median      max   GB/s │       ns ratio │       ns ratio │       ns ratio";

/// Measures and prints.
pub(crate) fn print(courses: &[Course]) {
    println!("{LEGEND}{HEADINGS}");
    let mut piece = String::new();
    for course in courses {
        if course.piece() != piece {
            piece = course.piece();
            let peer = "─".repeat(16);
            println!("{}┼{}┼{peer}┼{peer}┼{peer}", "─".repeat(15), "─".repeat(35));
        }
        println!("{}", row(course));
    }
    println!();
}

fn row(course: &Course) -> String {
    let [ours, peers @ ..] = measure(course);
    let bytes = course.stream().len() as f64 / course.frames() as f64;
    let mut row = format!(
        "{:>6} {:>7} │ {:>8} {:>8} {:>8} {:>6}",
        course.body_bytes(),
        course.piece(),
        short(ours.min),
        short(ours.median),
        short(ours.max),
        short(bytes / ours.min),
    );
    for peer in peers {
        let ratio = ours.min / peer.min;
        row.push_str(&format!(" │ {:>8} {ratio:>5.2}", short(peer.min)));
    }
    row
}

/// Three digits that matter.
fn short(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// Nanoseconds per frame.
#[derive(Clone, Copy)]
struct Figures {
    min: f64,
    median: f64,
    max: f64,
}

/// The figures of all readers, each round with each of them by turns.
fn measure(course: &Course) -> [Figures; 4] {
    let mut runners = readers::all(course).map(|reader| Runner::new(reader, course));
    for _ in 0..ROUNDS {
        for runner in &mut runners {
            runner.round(course);
        }
    }
    runners.map(Runner::figures)
}

struct Runner {
    reader: Box<dyn Reader>,
    /// Passes that fill a round.
    passes: u64,
    /// Nanoseconds per frame, by round.
    rounds: Vec<f64>,
}

impl Runner {
    /// Warms up, and finds out how many passes fill a round.
    fn new(mut reader: Box<dyn Reader>, course: &Course) -> Self {
        let mut passes = 1;
        while time(reader.as_mut(), course, passes) < ROUND {
            passes *= 2;
        }
        Self {
            reader,
            passes,
            rounds: Vec::with_capacity(ROUNDS),
        }
    }

    fn round(&mut self, course: &Course) {
        let time = time(self.reader.as_mut(), course, self.passes);
        let frames = self.passes * course.frames();
        self.rounds.push(time.as_nanos() as f64 / frames as f64);
    }

    fn figures(mut self) -> Figures {
        self.rounds.sort_by(f64::total_cmp);
        Figures {
            min: self.rounds[0],
            median: self.rounds[ROUNDS / 2],
            max: self.rounds[ROUNDS - 1],
        }
    }
}
