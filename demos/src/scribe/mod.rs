//! A log collector that speaks scribe.
//!
//! ```text
//!   a client ─► collector ─► store ─► files ─► disk
//!                   ▲          └────► network ─► another collector
//!                 config
//! ```
//!
//! [`config`] says what is stored where, [`files`] are how it lies on the disk, a [`store`] takes batches, and the [`collector`] is the
//! server in front of them. [`serve`] runs it, and a [`client`] logs to it or asks how it is.

pub mod client;
pub mod collector;
pub mod config;
pub mod files;
pub mod serve;
pub mod store;

/// The interface, as compiled from `idl/scribe.thrift`.
#[allow(missing_docs, dead_code, unreachable_pub)]
pub mod interface {
    oneloop::include_idl!("scribe");
}

/// The base service's, where the interface looks for it.
pub use oneloop::fb303;
