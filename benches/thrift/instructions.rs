//! Instructions per entry, counted by valgrind.

use crate::callgrind;
use crate::contestant::{self, Runner};
use crate::course::{Course, ENTRIES};

/// What asks for this table, and what it asks of the runs that it counts: `--times CONTESTANT PROTOCOL TASK COUNT`.
const TABLE_FLAG: &str = "--instructions";
const TIMES_FLAG: &str = "--times";

/// The times of the two runs whose difference is counted: what comes before and after is in both.
const TIMES: [usize; 2] = [2, 52];

/// Does what the command line asks of this file; false if it asks nothing.
pub(crate) fn answer(arguments: &[String]) -> bool {
    if let Some(at) = arguments.iter().position(|word| word == TIMES_FLAG) {
        run(&arguments[at + 1..]);
        return true;
    }
    let asked = arguments.iter().any(|word| word == TABLE_FLAG);
    if asked {
        print();
    }
    asked
}

/// One of the runs that are counted.
fn run(arguments: &[String]) {
    let [name, spoken, task, times] = arguments else {
        panic!("{TIMES_FLAG} CONTESTANT PROTOCOL TASK COUNT");
    };
    let course = Course::ALL
        .into_iter()
        .find(|course| course.to_string() == format!("{spoken} {task}"))
        .expect("binary or compact, decode or encode");
    let contestant = contestant::all()
        .into_iter()
        .find(|contestant| contestant.name() == name)
        .expect("one of the six");
    let mut runner = Runner::new(contestant, course).expect("it does that");
    runner.run(times.parse().expect("a number of times"));
}

fn print() {
    println!("\nInstructions for each entry of a list of {ENTRIES}\n");
    print!("{:<15}", "");
    for contestant in contestant::all() {
        print!(" {:>9}", contestant.name());
    }
    println!();
    for course in Course::ALL {
        print!("{:<15}", course.to_string());
        for contestant in contestant::all() {
            match Runner::new(contestant, course) {
                Some(runner) => print!(" {:>9.0}", per_entry(runner.name(), course)),
                None => print!(" {:>9}", "-"),
            }
        }
        println!();
    }
}

fn per_entry(name: &str, course: Course) -> f64 {
    let course = course.to_string();
    let words: Vec<&str> = course.split(' ').collect();
    let [few, many] = TIMES.map(|times| {
        let times = times.to_string();
        callgrind::count(&[&[TIMES_FLAG, name], &words[..], &[&*times]].concat())
    });
    (many - few) as f64 / (TIMES[1] - TIMES[0]) as f64 / ENTRIES as f64
}
