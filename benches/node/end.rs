//! What a process does that is one end of a link: this very bench, started with `--end`.

use std::io::{BufRead, Write, stdin, stdout};
use std::process;
use std::thread;
use std::time::Instant;

use rustix::thread::{CpuSet, sched_setaffinity};

use crate::contestant::{Ask, Role};
use crate::{children, hops, ours, storm, tarpc};

const FLAG: &str = "--end";

/// Is an end, if the command line asks for it; to the end of the process.
pub(crate) fn answer(arguments: &[String]) -> bool {
    let Some(at) = arguments.iter().position(|word| word == FLAG) else {
        return false;
    };
    let words: Vec<&str> = arguments[at + 1..].iter().map(String::as_str).collect();
    match words[..] {
        ["named", role, ref address @ ..] => {
            stand_on_core_of(role);
            ours::run(
                ours::Way::Named,
                Role::of_word(role),
                address.first().copied(),
            );
        }
        ["generated", role, ref address @ ..] => {
            stand_on_core_of(role);
            ours::run(
                ours::Way::Generated,
                Role::of_word(role),
                address.first().copied(),
            );
        }
        ["tarpc", role, ref address @ ..] => {
            stand_on_core_of(role);
            tarpc::run(Role::of_word(role), address.first().copied());
        }
        ["hops", ref words @ ..] => hops::end(words),
        ["children", ref words @ ..] => children::end(words),
        ["storm", ref words @ ..] => storm::end(words),
        ref other => panic!("no such end: {other:?}"),
    }
    true
}

/// The caller has one core to itself and the callee another, for all contestants alike: where the system would put them differs from one
/// second to the next, and makes more of a difference than most of what is measured.
fn stand_on_core_of(role: &str) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let core = match Role::of_word(role) {
        Role::Caller => 0,
        Role::Callee => 1 % cores,
    };
    let mut set = CpuSet::new();
    set.set(core);
    // Where it is not allowed they stand where they are.
    _ = sched_setaffinity(None, &set);
}

/// Says a line to whoever started this process.
pub(crate) fn say(line: impl ToString) {
    let mut out = stdout().lock();
    let said = writeln!(out, "{}", line.to_string()).and_then(|()| out.flush());
    if said.is_err() {
        process::exit(0);
    }
}

/// Gives every line that this process is told, on a thread of its own, and ends the process behind the last.
pub(crate) fn listen(mut told: impl FnMut(&str) + Send + 'static) {
    thread::spawn(move || {
        for line in stdin().lock().lines() {
            told(&line.expect("a text"));
        }
        process::exit(0);
    });
}

/// Ends the process, since a figure of wrong answers is none.
pub(crate) fn fail(why: impl ToString) -> ! {
    eprintln!("{}", why.to_string());
    process::exit(1);
}

/// So many calls to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    pub(crate) ask: Ask,
    pub(crate) in_flight: usize,
    pub(crate) count: usize,
}

impl Round {
    pub(crate) fn of_line(line: &str) -> Self {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse().ok());
        match (words.first(), number(1), number(2)) {
            (Some(ask), Some(in_flight), Some(count)) => Self {
                ask: Ask::of_word(ask),
                in_flight,
                count,
            },
            _ => panic!("{line:?} says no round"),
        }
    }
}

/// Says how long it took.
pub(crate) fn say_span(began: Instant) {
    say(began.elapsed().as_nanos());
}
