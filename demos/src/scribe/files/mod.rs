//! Files: what they are called, what is in them, and how a batch gets there so that it stays.

pub mod compose;
pub mod naming;
pub mod pace;
pub mod record;
pub mod spool;
pub mod writer;
