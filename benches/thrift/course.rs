//! What is read and written: the arguments of `Log`, a list of equal entries, in one of the two protocols.

use std::fmt;

use bytes::Bytes;

pub(crate) const ENTRIES: usize = 100;
const CATEGORY: &str = "category";
const MESSAGE_BYTES: usize = 100;

/// The two strings of an entry.
pub(crate) type Line = (String, String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoken {
    Binary,
    Compact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// The frame is read; what was made of it is dropped.
    Decode,
    /// The list is written, into memory that has grown already.
    Encode,
}

/// One of the four things to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Course {
    pub(crate) spoken: Spoken,
    pub(crate) task: Task,
}

impl Course {
    pub(crate) const ALL: [Self; 4] = [
        Self::new(Spoken::Binary, Task::Decode),
        Self::new(Spoken::Binary, Task::Encode),
        Self::new(Spoken::Compact, Task::Decode),
        Self::new(Spoken::Compact, Task::Encode),
    ];

    const fn new(spoken: Spoken, task: Task) -> Self {
        Self { spoken, task }
    }
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spoken = match self.spoken {
            Spoken::Binary => "binary",
            Spoken::Compact => "compact",
        };
        let task = match self.task {
            Task::Decode => "decode",
            Task::Encode => "encode",
        };
        write!(f, "{spoken} {task}")
    }
}

/// The entries: a category of 8 bytes, and a message of 100 that no other has.
pub(crate) fn lines() -> Vec<Line> {
    let message = |index: usize| format!("{index:0width$}", width = MESSAGE_BYTES);
    (0..ENTRIES)
        .map(|index| (CATEGORY.to_owned(), message(index)))
        .collect()
}

/// The binary form of the arguments, as the specification has it, put together by hand: nobody who is measured wrote it.
pub(crate) fn binary() -> Bytes {
    let mut frame = vec![15, 0, 1, 12]; // field 1 is a list of structs
    frame.extend_from_slice(&(ENTRIES as u32).to_be_bytes());
    for (category, message) in lines() {
        for (id, text) in [(1, category), (2, message)] {
            frame.extend_from_slice(&[11, 0, id]);
            frame.extend_from_slice(&(text.len() as u32).to_be_bytes());
            frame.extend_from_slice(text.as_bytes());
        }
        frame.push(0);
    }
    frame.push(0);
    placed(b"\x80\x01\0\x01\0\0\0\x03Log\0\0\0\x01", &frame)
}

/// The compact form: here all lengths are below 128, and so one byte each.
pub(crate) fn compact() -> Bytes {
    let mut frame = vec![0x19, 0xfc, ENTRIES as u8];
    for (category, message) in lines() {
        for text in [category, message] {
            frame.extend_from_slice(&[0x18, text.len() as u8]);
            frame.extend_from_slice(text.as_bytes());
        }
        frame.push(0);
    }
    frame.push(0);
    placed(b"\x82\x21\x01\x03Log", &frame)
}

/// The arguments behind the length of the frame and the head of the message, where they lie when a frame has come: at an odd place, as
/// whoever looks at eight bytes of a string at once has to bear.
fn placed(head: &[u8], arguments: &[u8]) -> Bytes {
    let length = (head.len() + arguments.len()) as u32;
    let frame = [&length.to_be_bytes(), head, arguments].concat();
    Bytes::from(frame).slice(4 + head.len()..)
}
