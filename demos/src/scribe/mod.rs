//! A log collector that speaks scribe: what it is configured to do, and what it writes.
//!
//! Only what decides is here yet, and what reads and names files; nothing listens.
//!
//! ```text
//!   scribe.toml ─► from_toml ─┐
//!                             ├─► tree ─► reader ─► settings ─► outline
//!   scribe.conf ─► from_conf ─┘           word        │
//!                                                     └─► naming   which file is next, and when
//!                                         record      what a buffer's file holds
//!                                         file_writer into files, so that what was answered survives
//! ```
//!
//! [`load`](load::load) goes the whole way of a configuration, and tells all that is wrong with it at once.

mod buckets;
pub mod file_writer;
mod from_conf;
mod from_toml;
pub mod load;
mod measure;
pub mod naming;
pub mod outline;
mod reader;
pub mod record;
mod remotes;
pub mod settings;
mod stores;
mod tree;
pub mod word;
