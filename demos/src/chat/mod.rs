//! Rooms, names, private messages, and a history that survives a kill.
//!
//! The server is a state ([`server::Chat`]) and a function that starts it ([`server::start`]): it asks a
//! [`Context`](oneloop::Context) for everything, so whatever drives a context can run it.
//!
//! ```text
//!   words ─► line ─► archive ─► history ─┐
//!     │        │     the file   numbers,  ├─► server ◄── frames ──► client ─► screen
//!     │        │                queue    │      ▲                     ▲
//!     │        └──────► protocol ────────┼──────┴─────────────────────┘
//!     └──────────────► hall ─────────────┘
//!                      names, rooms
//! ```
//!
//! One line's way: the client sends `SAY`; the server cleans it, [numbers](line::Line) it, pushes `SAID` to the room and gives it to the
//! [history](history::History), which has it written by the worker pool, together with whatever else came meanwhile.

pub mod archive;
pub mod client;
pub mod hall;
pub mod history;
pub mod line;
pub mod protocol;
pub mod screen;
pub mod server;
pub mod words;
