//! What a collector is configured to do.
//!
//! ```text
//!   scribe.toml ─► from_toml ─┐
//!                             ├─► tree ─► reader ─► settings ─► outline
//!   scribe.conf ─► from_conf ─┘           word
//! ```
//!
//! [`load`](load::load) goes the whole way, and tells all that is wrong at once.

mod buckets;
mod from_conf;
mod from_toml;
pub mod load;
pub mod measure;
pub mod outline;
mod reader;
mod remotes;
pub mod settings;
mod stores;
mod tree;
pub mod word;
