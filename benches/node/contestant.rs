//! Who is compared: each is two processes, one of which calls the other over one link.

use std::fmt;
use std::process::{Command, Stdio};

use crate::callgrind;
use crate::process::{Process, end_command};
use crate::twisted;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contestant {
    /// A root that calls its child's functions by their names.
    Named,
    /// The same by the code that the IDL compiler makes of `work.thrift`.
    Generated,
    Tarpc,
    /// Twisted's Perspective Broker.
    Twisted,
}

/// What is asked of the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// The sum of two numbers of 64 bits.
    Add,
    /// A body of [`BODY_BYTES`] back.
    Echo,
}

pub(crate) const BODY_BYTES: usize = 1024;

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Caller,
    Callee,
}

/// Both ends of a link that is up.
pub(crate) struct Pair {
    pub(crate) caller: Process,
    pub(crate) callee: Process,
}

impl Contestant {
    pub(crate) const ALL: [Self; 4] = [Self::Named, Self::Generated, Self::Tarpc, Self::Twisted];

    /// Those that are there. Of the others it is said that they are not.
    pub(crate) fn present() -> Vec<Self> {
        let mut all = Self::ALL.to_vec();
        if let Err(why) = twisted::install() {
            println!("IGNORED: Twisted is not here and cannot be installed: {why}");
            all.retain(|contestant| *contestant != Self::Twisted);
        }
        all
    }

    /// As a word of the command line.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Generated => "generated",
            Self::Tarpc => "tarpc",
            Self::Twisted => "twisted",
        }
    }

    /// Starts both ends, one of them under callgrind if that is wanted.
    pub(crate) fn start(self, counted: Option<Role>) -> Pair {
        let start = |role, address: Option<&str>| {
            let command = self.command(role, address);
            let command = match counted {
                Some(counted) if counted == role => under_callgrind(&command),
                _ => command,
            };
            Process::start(command)
        };
        // A child dials its root, and a client its server.
        let (listens, dials) = match self {
            Self::Named | Self::Generated => (Role::Caller, Role::Callee),
            Self::Tarpc | Self::Twisted => (Role::Callee, Role::Caller),
        };
        let mut listening = start(listens, None);
        let address = listening.hear();
        let dialling = start(dials, Some(&address));
        let mut pair = match listens {
            Role::Caller => Pair {
                caller: listening,
                callee: dialling,
            },
            Role::Callee => Pair {
                caller: dialling,
                callee: listening,
            },
        };
        assert_eq!(pair.caller.hear(), "ready");
        pair
    }

    fn command(self, role: Role, address: Option<&str>) -> Command {
        let mut command = match self {
            Self::Twisted => twisted::command(),
            _ => end_command(&[self.word()]),
        };
        command.arg(role.to_string()).args(address);
        command
    }
}

fn under_callgrind(command: &Command) -> Command {
    let mut counted = callgrind::command(command.get_program());
    counted.args(command.get_args()).stderr(Stdio::piped());
    counted
}

impl Pair {
    /// Makes so many calls, so many of them in flight at once. Gives the nanoseconds that it took.
    pub(crate) fn call(&mut self, ask: Ask, in_flight: usize, count: usize) -> u64 {
        self.caller.tell(&format!("{ask} {in_flight} {count}"));
        self.caller.hear_number()
    }
}

impl fmt::Display for Contestant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Named => "by name",
            Self::Generated => "generated",
            Self::Tarpc => "tarpc",
            Self::Twisted => "Twisted PB",
        })
    }
}

impl Ask {
    pub(crate) fn of_word(word: &str) -> Self {
        match word {
            "add" => Self::Add,
            "echo" => Self::Echo,
            other => panic!("nobody can be asked for {other:?}"),
        }
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Add => "add",
            Self::Echo => "echo",
        })
    }
}

impl Role {
    pub(crate) fn of_word(word: &str) -> Self {
        match word {
            "caller" => Self::Caller,
            "callee" => Self::Callee,
            other => panic!("{other:?} is no end of a link"),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Caller => "caller",
            Self::Callee => "callee",
        })
    }
}
