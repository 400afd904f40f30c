//! What client and server say to each other.
//!
//! DataPack frames, all heads zero. A body is UTF-8: fields with a tab between them, none of which can hold a tab.
//!
//! | Command | To the server | Body | Comes back |
//! |---|---|---|---|
//! | 0 | heartbeat | | the same |
//! | 1 | join: before anything else | name, room | `ENTERED` |
//! | 2 | move to another room | room | `ENTERED` |
//! | 3 | say to the room | text | the same command: number, name, text |
//! | 4 | tell one person | name, text | the same command: name, text |
//! | 5 | who is in the room | | the same command: room, how many, the first of their names |
//! | 6 | history of the room | | the same command: how many `PAST` follow |
//!
//! | Command | To the client | Body |
//! |---|---|---|
//! | 101 | entered: you are in | room, people in it, how many `PAST` follow |
//! | 102 | past: a line from before | number, name, text |
//! | 103 | said: by somebody else in the room | number, name, text |
//! | 104 | told: by one person to you alone | name, text |
//! | 105 | came: somebody entered the room | name |
//! | 106 | left: somebody is gone from it | name, why (may be empty) |
//! | 107 | notice: the server has to say something | text |
//! | 108 | error: a request failed | its command, text |
//!
//! Every request has exactly one answer: what the table says, or an error. Lines of one room arrive with rising numbers, past ones
//! before those said after; all members see the same.

use std::fmt::Write as _;
use std::str::FromStr;

use crate::chat::line::Line;
use crate::chat::words::{Name, Text, WordFault};

/// The command of each message.
pub mod command {
    #![expect(missing_docs, reason = "the table above says what they mean")]
    pub const HEARTBEAT: u32 = 0;
    pub const JOIN: u32 = 1;
    pub const MOVE: u32 = 2;
    pub const SAY: u32 = 3;
    pub const TELL: u32 = 4;
    pub const WHO: u32 = 5;
    pub const HISTORY: u32 = 6;
    pub const ENTERED: u32 = 101;
    pub const PAST: u32 = 102;
    pub const SAID: u32 = 103;
    pub const TOLD: u32 = 104;
    pub const CAME: u32 = 105;
    pub const LEFT: u32 = 106;
    pub const NOTICE: u32 = 107;
    pub const ERROR: u32 = 108;
}

/// The longest frame either way, in bytes: a text, or the names of those present.
pub const FRAME_BYTES_MAX: usize = 16 << 10;
/// The most names that are given of those present.
pub const NAMES_MAX: usize = 150;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table above says what they mean")]
pub enum Request {
    Join { name: Name, room: Name },
    Move { room: Name },
    Say { text: Text },
    Tell { name: Name, text: Text },
    Who,
    History,
}

/// What a server says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table above says what they mean")]
pub enum Event {
    Entered {
        room: Name,
        people: usize,
        past: usize,
    },
    Past(Said),
    Said(Said),
    /// The answer to `SAY`.
    Spoken(Said),
    Told {
        name: Name,
        text: Text,
    },
    /// The answer to `TELL`.
    Delivered {
        name: Name,
        text: Text,
    },
    Came {
        name: Name,
    },
    Left {
        name: Name,
        why: Option<Text>,
    },
    Notice {
        text: Text,
    },
    Error {
        command: u32,
        text: Text,
    },
    /// The answer to `WHO`. There may be more people than names.
    Present {
        room: Name,
        people: usize,
        names: Vec<Name>,
    },
    /// The answer to `HISTORY`.
    Recalled {
        past: usize,
    },
}

/// A line, as those in its room are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in a line")]
pub struct Said {
    pub number: u64,
    pub name: Name,
    pub text: Text,
}

/// Why a body was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// There is no such command.
    Command(u32),
    /// Too few fields, or too many.
    Fields,
    /// A field that should be a number.
    Number,
    /// A field that should be a name or a text.
    Word(WordFault),
}

impl std::fmt::Display for BodyFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Command(command) => write!(f, "there is no command {command}"),
            Self::Fields => f.write_str("the request has not the fields it should have"),
            Self::Number => f.write_str("the request has no number where there should be one"),
            Self::Word(fault) => write!(f, "{fault}"),
        }
    }
}

impl std::error::Error for BodyFault {}

impl From<WordFault> for BodyFault {
    fn from(fault: WordFault) -> Self {
        Self::Word(fault)
    }
}

impl Request {
    /// Its command.
    #[must_use]
    pub const fn command(&self) -> u32 {
        match self {
            Self::Join { .. } => command::JOIN,
            Self::Move { .. } => command::MOVE,
            Self::Say { .. } => command::SAY,
            Self::Tell { .. } => command::TELL,
            Self::Who => command::WHO,
            Self::History => command::HISTORY,
        }
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> String {
        match self {
            Self::Join { name, room } => format!("{name}\t{room}"),
            Self::Move { room } => room.to_string(),
            Self::Say { text } => text.to_string(),
            Self::Tell { name, text } => format!("{name}\t{text}"),
            Self::Who | Self::History => String::new(),
        }
    }

    /// The request of this frame.
    ///
    /// # Errors
    /// What is wrong with it, in words for the one who sent it.
    pub fn parse(command: u32, body: &[u8]) -> Result<Self, BodyFault> {
        let mut fields = Fields::of(body)?;
        let request = match command {
            command::JOIN => Self::Join {
                name: fields.word()?,
                room: fields.word()?,
            },
            command::MOVE => Self::Move {
                room: fields.word()?,
            },
            command::SAY => Self::Say {
                text: fields.rest()?.parse()?,
            },
            command::TELL => Self::Tell {
                name: fields.word()?,
                text: fields.rest()?.parse()?,
            },
            command::WHO => Self::Who,
            command::HISTORY => Self::History,
            other => return Err(BodyFault::Command(other)),
        };
        fields.end(request)
    }
}

impl Event {
    /// Its command.
    #[must_use]
    pub const fn command(&self) -> u32 {
        match self {
            Self::Entered { .. } => command::ENTERED,
            Self::Past(_) => command::PAST,
            Self::Said(_) => command::SAID,
            Self::Spoken(_) => command::SAY,
            Self::Told { .. } => command::TOLD,
            Self::Delivered { .. } => command::TELL,
            Self::Came { .. } => command::CAME,
            Self::Left { .. } => command::LEFT,
            Self::Notice { .. } => command::NOTICE,
            Self::Error { .. } => command::ERROR,
            Self::Present { .. } => command::WHO,
            Self::Recalled { .. } => command::HISTORY,
        }
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> String {
        match self {
            Self::Entered { room, people, past } => format!("{room}\t{people}\t{past}"),
            Self::Past(said) | Self::Said(said) | Self::Spoken(said) => said.body(),
            Self::Told { name, text } | Self::Delivered { name, text } => format!("{name}\t{text}"),
            Self::Came { name } => name.to_string(),
            Self::Left { name, why } => {
                format!("{name}\t{}", why.as_ref().map_or("", Text::as_str))
            }
            Self::Notice { text } => text.to_string(),
            Self::Error { command, text } => format!("{command}\t{text}"),
            Self::Present {
                room,
                people,
                names,
            } => {
                let mut body = format!("{room}\t{people}");
                for name in names {
                    _ = write!(body, "\t{name}");
                }
                body
            }
            Self::Recalled { past } => past.to_string(),
        }
    }

    /// The event of this frame.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(command: u32, body: &[u8]) -> Result<Self, BodyFault> {
        let mut fields = Fields::of(body)?;
        let event = match command {
            command::ENTERED => Self::Entered {
                room: fields.word()?,
                people: fields.number()?,
                past: fields.number()?,
            },
            command::PAST => Self::Past(Said::parse(&mut fields)?),
            command::SAID => Self::Said(Said::parse(&mut fields)?),
            command::SAY => Self::Spoken(Said::parse(&mut fields)?),
            command::TOLD => Self::Told {
                name: fields.word()?,
                text: fields.rest()?.parse()?,
            },
            command::TELL => Self::Delivered {
                name: fields.word()?,
                text: fields.rest()?.parse()?,
            },
            command::CAME => Self::Came {
                name: fields.word()?,
            },
            command::LEFT => Self::Left {
                name: fields.word()?,
                why: match fields.rest()? {
                    "" => None,
                    why => Some(why.parse()?),
                },
            },
            command::NOTICE => Self::Notice {
                text: fields.rest()?.parse()?,
            },
            command::ERROR => Self::Error {
                command: fields.number()?,
                text: fields.rest()?.parse()?,
            },
            command::WHO => Self::Present {
                room: fields.word()?,
                people: fields.number()?,
                names: fields.words()?,
            },
            command::HISTORY => Self::Recalled {
                past: fields.number()?,
            },
            other => return Err(BodyFault::Command(other)),
        };
        fields.end(event)
    }
}

impl Said {
    /// As text: the body of a frame, and how it goes from node to node.
    #[must_use]
    pub fn written(&self) -> String {
        self.body()
    }

    /// Back from [`written`](Self::written); none if it is not what that gives.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::parse(&mut Fields::of(text.as_bytes()).ok()?).ok()
    }

    fn body(&self) -> String {
        format!("{}\t{}\t{}", self.number, self.name, self.text)
    }

    fn parse(fields: &mut Fields<'_>) -> Result<Self, BodyFault> {
        Ok(Self {
            number: fields.number()?,
            name: fields.word()?,
            text: fields.rest()?.parse()?,
        })
    }
}

impl From<&Line> for Said {
    fn from(line: &Line) -> Self {
        Self {
            number: line.number,
            name: line.name.clone(),
            text: line.text.clone(),
        }
    }
}

/// The fields of a body, taken from the front.
struct Fields<'b> {
    /// What was not taken yet; none if nothing can follow.
    rest: Option<&'b str>,
}

impl<'b> Fields<'b> {
    fn of(body: &'b [u8]) -> Result<Self, BodyFault> {
        let text = std::str::from_utf8(body).map_err(|_| WordFault::Utf8)?;
        let rest = (!text.is_empty()).then_some(text);
        Ok(Self { rest })
    }

    fn next(&mut self) -> Result<&'b str, BodyFault> {
        let rest = self.rest.ok_or(BodyFault::Fields)?;
        let (field, behind) = rest
            .split_once('\t')
            .map_or((rest, None), |(field, behind)| (field, Some(behind)));
        self.rest = behind;
        Ok(field)
    }

    fn word(&mut self) -> Result<Name, BodyFault> {
        Ok(self.next()?.parse()?)
    }

    fn words(&mut self) -> Result<Vec<Name>, BodyFault> {
        let mut words = Vec::new();
        while self.rest.is_some() {
            words.push(self.word()?);
        }
        Ok(words)
    }

    fn number<N: FromStr>(&mut self) -> Result<N, BodyFault> {
        self.next()?.parse().map_err(|_| BodyFault::Number)
    }

    /// All that is left: the last field, in which a tab is no border.
    fn rest(&mut self) -> Result<&'b str, BodyFault> {
        self.rest.take().ok_or(BodyFault::Fields)
    }

    fn end<T>(&self, value: T) -> Result<T, BodyFault> {
        match self.rest {
            None => Ok(value),
            Some(_) => Err(BodyFault::Fields),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().expect(text)
    }

    fn text(text: &str) -> Text {
        text.parse().expect(text)
    }

    fn requests() -> Vec<Request> {
        vec![
            Request::Join {
                name: name("ann"),
                room: name("lobby"),
            },
            Request::Move { room: name("den") },
            Request::Say { text: text("hi") },
            Request::Tell {
                name: name("bob"),
                text: text("psst"),
            },
            Request::Who,
            Request::History,
        ]
    }

    fn events() -> Vec<Event> {
        let said = Said {
            number: 7,
            name: name("ann"),
            text: text("hi there"),
        };
        vec![
            Event::Entered {
                room: name("lobby"),
                people: 2,
                past: 50,
            },
            Event::Past(said.clone()),
            Event::Said(said.clone()),
            Event::Spoken(said),
            Event::Told {
                name: name("ann"),
                text: text("psst"),
            },
            Event::Delivered {
                name: name("bob"),
                text: text("psst"),
            },
            Event::Came { name: name("cy") },
            Event::Left {
                name: name("cy"),
                why: None,
            },
            Event::Left {
                name: name("cy"),
                why: Some(text("too slow")),
            },
            Event::Notice {
                text: text("stopping"),
            },
            Event::Error {
                command: 1,
                text: text("no"),
            },
            Event::Present {
                room: name("lobby"),
                people: 2,
                names: vec![name("ann"), name("bob")],
            },
            Event::Recalled { past: 3 },
        ]
    }

    #[test]
    fn what_is_said_is_what_is_understood() {
        for request in requests() {
            let body = request.body();
            assert_eq!(
                Request::parse(request.command(), body.as_bytes()),
                Ok(request)
            );
        }
        for event in events() {
            let body = event.body();
            assert_eq!(Event::parse(event.command(), body.as_bytes()), Ok(event));
        }
    }

    #[test]
    fn a_body_that_is_cut_never_is_another_kind_of_message() {
        // Cut in its last field it may still mean something; it must not panic, and must not lose a field silently.
        let whole = requests()
            .into_iter()
            .map(|request| (request.command(), request.body(), true));
        let whole = whole.chain(
            events()
                .into_iter()
                .map(|event| (event.command(), event.body(), false)),
        );
        for (command, body, is_request) in whole {
            for cut in 0..body.len() {
                let part = &body.as_bytes()[..cut];
                let (understood, refused) = if is_request {
                    let outcome = Request::parse(command, part);
                    (outcome.clone().map(|it| it.body()), outcome.is_err())
                } else {
                    let outcome = Event::parse(command, part);
                    (outcome.clone().map(|it| it.body()), outcome.is_err())
                };
                let last_field_begins = body.rfind('\t').map_or(0, |tab| tab + 1);
                assert!(
                    refused || cut >= last_field_begins || command == command::WHO,
                    "{command}: {body:?} cut at {cut}: {understood:?}"
                );
            }
        }
    }

    #[test]
    fn malformed_bodies_are_refused_with_the_cause() {
        let word = |fault| Err(BodyFault::Word(fault));
        let long = "n".repeat(21);
        let cases: [(u32, &[u8], _); 11] = [
            (command::JOIN, b"", Err(BodyFault::Fields)),
            (command::JOIN, b"ann", Err(BodyFault::Fields)),
            (command::JOIN, b"ann\tlobby\tx", Err(BodyFault::Fields)),
            (command::JOIN, b"\tlobby", word(WordFault::Name)),
            (command::JOIN, b"a\x1bn\tlobby", word(WordFault::Name)),
            (command::JOIN, b"\xff\tlobby", word(WordFault::Utf8)),
            (command::MOVE, long.as_bytes(), word(WordFault::Name)),
            (command::SAY, b" ", word(WordFault::Empty)),
            (
                command::SAY,
                &[b'x'; 2_001],
                word(WordFault::TooLong(2_001)),
            ),
            (command::WHO, b"x", Err(BodyFault::Fields)),
            (99, b"", Err(BodyFault::Command(99))),
        ];
        for (command, body, outcome) in cases {
            assert_eq!(Request::parse(command, body), outcome, "{command}");
        }
        assert_eq!(
            Event::parse(command::ENTERED, b"lobby\tmany\t0"),
            Err(BodyFault::Number)
        );
    }

    #[test]
    fn the_largest_messages_fit_into_a_frame() {
        let widest = name(&"𝔸".repeat(20));
        let present = Event::Present {
            room: widest.clone(),
            people: usize::MAX,
            names: vec![widest; NAMES_MAX],
        };
        assert!(present.body().len() + 4 <= FRAME_BYTES_MAX);
    }
}
