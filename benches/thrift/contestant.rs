//! Who is measured.

use std::hint::black_box;

use bytes::Bytes;

use crate::course::{self, Course, Line, Spoken, Task};
use crate::official::Official;
use crate::ours::{Borrowed, Generated, Skip};
use crate::pilota::Pilota;

/// Reads and writes the list. What it reads is dropped by itself, in the time measured.
pub(crate) trait Contestant {
    fn name(&self) -> &'static str;

    fn decode(&mut self, spoken: Spoken, frame: &Bytes);

    /// What it reads of the frame; nothing if it looks at no string.
    fn lines(&mut self, spoken: Spoken, frame: &Bytes) -> Option<Vec<Line>>;

    /// Writes the list, and shows what it wrote; nothing if it only reads.
    fn encode(&mut self, _spoken: Spoken) -> Option<&[u8]> {
        None
    }
}

/// All of them, in the order of the tables.
pub(crate) fn all() -> [Box<dyn Contestant>; 6] {
    [
        Box::new(Generated::owned()),
        Box::new(Generated::shared()),
        Box::new(Borrowed),
        Box::new(Skip),
        Box::new(Official::new()),
        Box::new(Pilota::new()),
    ]
}

/// A contestant with a course before it.
pub(crate) struct Runner {
    contestant: Box<dyn Contestant>,
    course: Course,
    frame: Bytes,
}

impl Runner {
    /// Nobody, if the contestant does not do that.
    ///
    /// Who reads or writes something else would be fast, and is not let in.
    pub(crate) fn new(mut contestant: Box<dyn Contestant>, course: Course) -> Option<Self> {
        let frame = match course.spoken {
            Spoken::Binary => course::binary(),
            Spoken::Compact => course::compact(),
        };
        let name = contestant.name();
        match course.task {
            Task::Encode => {
                let written = contestant.encode(course.spoken)?;
                assert!(*written == *frame, "{name}: {course} gives other bytes");
            }
            Task::Decode => {
                if let Some(lines) = contestant.lines(course.spoken, &frame) {
                    assert!(lines == course::lines(), "{name}: {course} gives others");
                }
            }
        }
        Some(Self {
            contestant,
            course,
            frame,
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.contestant.name()
    }

    pub(crate) fn run(&mut self, times: usize) {
        let spoken = self.course.spoken;
        for _ in 0..times {
            match self.course.task {
                Task::Decode => self.contestant.decode(spoken, black_box(&self.frame)),
                Task::Encode => {
                    black_box(self.contestant.encode(spoken));
                }
            }
        }
    }
}
