//! The chat's rooms on a simulated network: a hundred people who behave as people do, and what each of them was promised.

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
