//! Instructions per call, counted by valgrind: of one end at a time, while the other runs as it is.

use crate::calls::LOADS;
use crate::contestant::{Ask, Contestant, Role};

/// What asks for this table.
const FLAG: &str = "--instructions";

/// The calls of the two runs whose difference is counted: what comes before and after is in both. Python is slow under valgrind.
const COUNTS: [usize; 2] = [1_000, 5_000];
const COUNTS_OF_TWISTED: [usize; 2] = [128, 512];

/// Does what the command line asks of this file; false if it asks nothing.
pub(crate) fn answer(arguments: &[String]) -> bool {
    let asked = arguments.iter().any(|word| word == FLAG);
    if asked {
        print(arguments);
    }
    asked
}

/// Of those that the command line names, or of all if it names none.
fn print(arguments: &[String]) {
    println!(
        "\nInstructions in user space for each call: of the caller, of the callee, and of both\n"
    );
    let mut contestants = Contestant::present();
    let named = |contestant: &Contestant| arguments.iter().any(|word| word == contestant.word());
    if contestants.iter().any(named) {
        contestants.retain(named);
    }
    print!("{:<14}", "");
    for contestant in &contestants {
        print!(" │ {contestant:>29}");
    }
    println!();
    for (ask, in_flight) in LOADS {
        print!("{ask:>4} x {in_flight:<7}");
        for contestant in &contestants {
            let [caller, callee] = [Role::Caller, Role::Callee]
                .map(|role| per_call(*contestant, role, ask, in_flight));
            let both = caller + callee;
            print!(" │ {caller:>9.0} {callee:>9.0} {both:>9.0}");
        }
        println!();
    }
    println!();
}

fn per_call(contestant: Contestant, role: Role, ask: Ask, in_flight: usize) -> f64 {
    let counts = match contestant {
        Contestant::Twisted => COUNTS_OF_TWISTED,
        _ => COUNTS,
    };
    let [few, many] = counts.map(|count| {
        let mut pair = contestant.start(Some(role));
        pair.call(ask, in_flight, count);
        match role {
            Role::Caller => pair.caller.counted(),
            Role::Callee => pair.callee.counted(),
        }
    });
    many.saturating_sub(few) as f64 / (counts[1] - counts[0]) as f64
}
