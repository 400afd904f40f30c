//! Errors in a text, told as the Rust compiler tells them: the place, the line, a caret, the mend; all of them at once. With the feature
//! `report`.
//!
//! The compiler of interfaces and the file of a cluster tell theirs by it; a program may tell those of its own files.
//!
//! ```
//! use oneloop::report::{Desk, Source, Span};
//!
//! let text = "rooms = 0\npeople = many\n";
//! let mut desk = Desk::new(50);
//! desk.add(Source::new("chat.conf", text));
//! desk.error(Span::new(8, 9), "there has to be a room", "write `rooms = 1`");
//! desk.warning(Span::new(10, 16), "`people` is not looked at", "leave the line out");
//! let reports = desk.into_reports();
//! assert_eq!(reports.len(), 2);
//! assert_eq!(
//!     reports[0].to_string(),
//!     "\
//! error: there has to be a room
//!  --> chat.conf:1:9
//!   |
//! 1 | rooms = 0
//!   |         ^
//! help: write `rooms = 1`"
//! );
//! ```

mod desk;
mod nearest;
mod one;
mod source;

pub use desk::Desk;
pub use nearest::nearest;
pub use one::{Report, Reports, Severity};
pub use source::{At, FileId, Source, Span};
