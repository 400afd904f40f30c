//! The chat's rooms on a simulated network: a hundred people who behave as people do, and what each of them was promised.
//!
//! The server is what main runs, unchanged. A [`Person`](person::Person) speaks the protocol over a link of its own and judges every
//! frame; the [`Ledger`](ledger::Ledger) puts together what all of them saw; a [`Party`](party::Party) has them act, and waits for quiet.
//! A failure says its seed, and how to replay it: with `ONELOOP_SIM_SEED=17`, or with more seeds by `ONELOOP_SIM_SEEDS=100000`.

mod deadlines;
mod drain;
mod files;
mod ledger;
mod parties;
mod party;
mod person;
mod scratch;
mod slow;
mod twice;

use std::io::Write as _;

/// Says what a search went through. Past the test runner, which keeps back what a test prints that passes.
fn tell(searched: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{searched}");
}
