//! Requests and their replies, by number.

mod call;
mod calls;
mod command;
mod reply;
mod session;
mod table;

pub use call::{Admit, Call};
pub use command::{CommandService, Completion, Failure, LiveService, Outcome, Remedy, Unknown};
pub use reply::{IntoReply, Reply};
pub use table::CommandCount;
