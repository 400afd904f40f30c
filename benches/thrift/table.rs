//! The table: everybody by turns, so that a busy moment of the machine hits them alike.

use crate::clock::nanos_each;
use crate::contestant::{self, Runner};
use crate::course::{Course, ENTRIES};
use crate::figures::{self, Figures, short};
use crate::turns::by_turns;

const ROUNDS: usize = 41;
/// Lists for one contestant in one round: some milliseconds at most.
const TIMES: usize = 50;

const LEGEND: &str = "
A list of 100 log entries read and written in memory: nanoseconds of CPU time for each entry, in 41 rounds with all by turns. An entry
has two strings, of 8 and of 100 bytes.

  String    oneloop's generated code, with strings of its own
  Text      the same, with strings that are slices of the frame
  borrowed  oneloop's reader, by hand: each string is checked and lent, and nothing kept; skip: not even looked at
  thrift    the official crate: strings of its own
  pilota    what volo reads and writes with: strings that are slices of the frame, and are not checked to be UTF-8
  min       the best round; median: the middle one. Of all but the first two: min
  ratio     of mins; below 1 oneloop is faster. The first is String by theirs, the second Text by theirs
";
const HEADINGS: &str = "
                │       String        │        Text         │ borrowed     skip │          thrift          │          pilota
                │       min    median │       min    median │      min      min │      min   ratio   ratio │      min   ratio   ratio";

pub(crate) fn print() {
    let rounds = if figures::are_wanted() { ROUNDS } else { 0 };
    println!("{LEGEND}{HEADINGS}");
    println!(
        "{}┼{1}┼{1}┼{2}┼{3}┼{3}",
        "─".repeat(16),
        "─".repeat(21),
        "─".repeat(19),
        "─".repeat(26)
    );
    for course in Course::ALL {
        row(course, rounds);
    }
    println!();
}

fn row(course: Course, rounds: usize) {
    let runners = contestant::all().map(|contestant| Runner::new(contestant, course));
    let can = runners.each_ref().map(Option::is_some);
    let mut runners: Vec<Runner> = runners.into_iter().flatten().collect();
    let mut figures = by_turns(rounds, &mut runners, |runner| {
        nanos_each(TIMES * ENTRIES, || runner.run(TIMES))
    })
    .into_iter();
    let [owned, shared, borrowed, skip, official, pilota] =
        can.map(|can| if can { figures.next() } else { None });
    let min = |figures: Option<Figures>| figures.map(|figures| figures.min);
    let cell = |figure: Option<f64>| figure.map_or_else(|| "-".into(), short);
    let ratio = |ours: Option<Figures>, theirs: Option<Figures>| {
        let ratio = ours.zip(theirs).map(|(ours, theirs)| ours.min / theirs.min);
        ratio.map_or_else(|| "-".into(), |ratio| format!("{ratio:.2}"))
    };
    print!("{:<15}", course.to_string());
    for ours in [owned, shared] {
        let median = ours.map(|figures| figures.median);
        print!(" │ {:>9} {:>9}", cell(min(ours)), cell(median));
    }
    print!(" │ {:>8} {:>8}", cell(min(borrowed)), cell(min(skip)));
    for theirs in [official, pilota] {
        let ratios = [owned, shared].map(|ours| ratio(ours, theirs));
        print!(
            " │ {:>8} {:>7} {:>7}",
            cell(min(theirs)),
            ratios[0],
            ratios[1]
        );
    }
    println!();
}
