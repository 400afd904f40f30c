//! Nodes as processes of their own: killed in turn under load, stopped for a while, and started again.
//!
//! ```text
//! caller ── 100 calls at once ──► gate ──► calc1, calc2
//! ```
//! Each process is this test's own program, called with a role in its environment. It is told what to do on its standard input, says what
//! happens on its standard output, and ends with its input.
#![cfg(all(test, unix))]

mod processes;
mod role;
mod siege;

use std::time::{Duration, Instant};

use processes::{Herd, PATIENCE};
use siege::Siege;

/// The test that a child process runs, if it has a role.
const NAME: &str = "nodes_that_are_killed_or_stopped_in_turn_heal_and_no_outcome_is_missing";

#[test]
fn nodes_that_are_killed_or_stopped_in_turn_heal_and_no_outcome_is_missing() {
    if role::play() {
        return;
    }
    let mut herd = Herd::start();
    let healed = herd.until_well();
    println!("began in {healed:?}");
    for name in ["calc1", "calc2", "gate", "caller"] {
        herd.until_busy();
        herd.kill(name);
        let began = Instant::now();
        herd.start_again(name);
        herd.until_well();
        println!("{name} was killed: {:?} to heal", began.elapsed());
    }
    for name in ["calc1", "gate"] {
        herd.until_busy();
        herd.signal(name, "STOP");
        // Longer than the silence deadline: until it is given up.
        let given_up = herd.until_missed(name);
        herd.signal(name, "CONT");
        let began = Instant::now();
        herd.until_well();
        let took = began.elapsed();
        println!("{name} stood still: {given_up:?} to be given up, {took:?} to heal");
    }
    // A node that is gone for long, and all wait for it.
    herd.until_busy();
    herd.kill("gate");
    herd.until_missed("gate");
    let began = Instant::now();
    herd.start_again("gate");
    herd.until_well();
    println!("gate was away: {:?} to heal", began.elapsed());
    // Strangers do not hold up those who have proven who they are: no call fails for them.
    herd.until_busy();
    let quiet = herd.answers_for(2_000);
    let before = herd.resident_bytes("gate");
    let siege = Siege::begin(herd.address());
    let besieged = herd.answers_for(2_000);
    let grown = herd.resident_bytes("gate").zip(before);
    let grown = grown.map_or(0, |(after, before)| after.saturating_sub(before));
    let came = siege.end();
    println!("{came} strangers: {besieged:?} for 2,000 answers, {quiet:?} before, {grown} bytes");
    // Each of those who are let wait, and some more: a buffer, and what the loop knows of a link.
    assert!(grown < 16 << 20, "{grown} bytes");
    let sum = herd.finish();
    println!("{sum}");
}

/// A herd that is dropped in the middle of a test leaves no process behind.
#[test]
fn processes_end_with_whoever_started_them() {
    let pids = {
        let mut herd = Herd::start();
        herd.until_well();
        herd.pids()
    };
    let began = Instant::now();
    while pids.iter().any(|pid| processes::is_alive(*pid)) {
        assert!(began.elapsed() < PATIENCE, "{pids:?} go on");
        std::thread::yield_now();
    }
    assert!(began.elapsed() < PATIENCE + Duration::from_secs(1));
}
