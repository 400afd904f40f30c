//! Bytes on their way: [`Input`] as they came, [`Inbox`] for a frame that was cut, [`Outbox`] for what leaves, [`Body`] for what a
//! frame carries. No link, no clock, no format.

mod body;
mod inbox;
mod input;
mod outbox;
mod spare;

pub use body::Body;
pub use inbox::{Flow, Inbox};
pub use input::Input;
pub use outbox::Outbox;
pub use spare::SparePool;
