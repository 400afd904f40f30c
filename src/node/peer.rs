//! Who is at the other end of a link.

use std::fmt;

use crate::context::{Address, LinkId};
use crate::thrift::Uuid;

use super::identity::tag_of;
use super::wire::{Refused, RefusedCode};

/// Who is at the other end of a link: what it has said of itself, and proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its name. Several children may share one, and then they share the calls to it.
    pub name: String,
    /// What tells it from others of its name, and lasts from one of its lives to the next.
    pub instance: Uuid,
    /// Which of the lives of that instance it is: each has a greater number than the one before.
    pub epoch: i64,
    /// Its share of the calls, where they are shared by weight. Of a root always 1.
    pub weight: u32,
    /// The link.
    pub link: LinkId,
    /// Where it dialled from, or where it was dialled; none if the connection did not know it any more.
    pub address: Option<Address>,
}

/// Why one end did not take the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In a word.
    pub code: RefusalCode,
    /// For the reader of a log.
    pub text: String,
    /// What the other end calls itself, if it said so. It has not proven it.
    pub name: String,
    /// Where it is, if that is known.
    pub address: Option<Address>,
}

/// The kinds of [`Refusal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RefusalCode {
    /// 1: it speaks another version of what nodes say to each other.
    Version,
    /// 2: its name is not on the list, or is not the one that was dialled.
    Name,
    /// 3: it does not have the secret.
    Proof,
    /// 4: a link of a later life of the same instance is up.
    Duplicate,
    /// 5: its address is not on the list.
    Address,
    /// 6: what it said of itself makes no sense.
    Malformed,
    /// A later version's.
    Other(i32),
}

impl RefusalCode {
    const fn number(self) -> i32 {
        match self {
            Self::Version => 1,
            Self::Name => 2,
            Self::Proof => 3,
            Self::Duplicate => 4,
            Self::Address => 5,
            Self::Malformed => 6,
            Self::Other(number) => number,
        }
    }

    const fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Version,
            2 => Self::Name,
            3 => Self::Proof,
            4 => Self::Duplicate,
            5 => Self::Address,
            6 => Self::Malformed,
            other => Self::Other(other),
        }
    }
}

impl Peer {
    /// What [`ClientId::node`](super::ClientId::node) is of the clients of this node, in this life of its.
    #[must_use]
    pub fn clients_node(&self) -> u64 {
        tag_of(&self.name, self.instance, self.epoch)
    }
}

impl Refusal {
    /// As the other end is told.
    pub(super) fn to_wire(&self) -> Refused {
        Refused {
            code: RefusedCode(self.code.number()),
            text: self.text.clone(),
        }
    }

    /// As the other end told it.
    pub(super) fn of_wire(refused: Refused, name: &str, address: Option<Address>) -> Self {
        let short = |text: String| text.chars().take(TEXT_CHARS_MAX).collect();
        Self {
            code: RefusalCode::from_number(refused.code.0),
            text: short(refused.text),
            name: name.into(),
            address,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code, text, name, ..
        } = self;
        write!(f, "{name:?} is refused ({code:?}): {text:?}")
    }
}

/// The most of what another end says that is kept for a log.
const TEXT_CHARS_MAX: usize = 200;
