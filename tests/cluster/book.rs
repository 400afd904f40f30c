//! What happened in a world, noted outside of it: a node that crashes forgets, and this does not.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use oneloop::node::ClientId;
use oneloop::{Error, LinkId};

pub(crate) type Shared = Rc<RefCell<Book>>;

#[derive(Default)]
pub(crate) struct Book {
    /// Each call by its number; none is made twice.
    pub(crate) calls: Vec<Made>,
    /// How often a method was executed with a number: at most once, in all lives of all nodes.
    pub(crate) executed: BTreeMap<(&'static str, i32), u32>,
    /// Clients' commands in the order in which they were executed.
    pub(crate) commands: Vec<Command>,
    /// Commands that the gate passed on.
    pub(crate) passed: Vec<Passed>,
    /// How many lives each host has had.
    pub(crate) lives: BTreeMap<&'static str, u32>,
    /// Who was taken for a child, by name, and how often.
    pub(crate) children_up: BTreeMap<String, u32>,
}

/// A call that some node made.
pub(crate) struct Made {
    pub(crate) method: &'static str,
    pub(crate) host: &'static str,
    pub(crate) life: u32,
    /// Its caller waits for it no more.
    pub(crate) dropped: bool,
    pub(crate) outcomes: Vec<Result<String, String>>,
}

/// A client's command that was executed.
pub(crate) struct Command {
    pub(crate) body: Vec<u8>,
    pub(crate) host: &'static str,
    pub(crate) life: u32,
    pub(crate) client: ClientId,
    pub(crate) who: u32,
    pub(crate) number: usize,
}

/// A client's command that went through the gate.
pub(crate) struct Passed {
    pub(crate) body: Vec<u8>,
    /// Of the gate.
    pub(crate) life: u32,
    /// Those who could be given it.
    pub(crate) there: Vec<LinkId>,
}

impl Book {
    pub(crate) fn begin_life(&mut self, host: &'static str) -> u32 {
        let life = self.lives.entry(host).or_default();
        *life += 1;
        *life
    }

    pub(crate) fn make(
        &mut self,
        method: &'static str,
        host: &'static str,
        life: u32,
        dropped: bool,
    ) -> i32 {
        self.calls.push(Made {
            method,
            host,
            life,
            dropped,
            outcomes: Vec::new(),
        });
        self.calls.len() as i32
    }

    pub(crate) fn executed(&mut self, method: &'static str, number: i32) {
        *self.executed.entry((method, number)).or_default() += 1;
    }

    pub(crate) fn over(&mut self, number: i32, outcome: Result<String, Error>) {
        let outcome = outcome.map_err(|error| kind(&error));
        self.calls[number as usize - 1].outcomes.push(outcome);
    }

    /// Every call has one outcome, which is its own; none was executed twice; and no stranger's was.
    pub(crate) fn check(&self) {
        for ((method, number), times) in &self.executed {
            assert_eq!(*times, 1, "{method} {number} was executed {times} times");
            assert!(*number > 0, "a stranger's {method} was executed");
        }
        for (place, made) in self.calls.iter().enumerate() {
            let number = place as i32 + 1;
            let Made { method, host, .. } = made;
            let what = format!("{method} {number} of {host}/{}", made.life);
            let count = made.outcomes.len();
            let alive = self.lives.get(host) == Some(&made.life);
            if alive && !made.dropped {
                assert_eq!(count, 1, "{what}: {:?}", made.outcomes);
            } else {
                // It crashed, and may have been told before that.
                assert!(count <= 1, "{what}: {:?}", made.outcomes);
            }
            match made.outcomes.first() {
                Some(Ok(text)) => {
                    let last = if *method == "relay" { "echo" } else { *method };
                    assert_eq!(*text, format!("{last} {number}"), "{what}");
                    for method in [*method, last] {
                        assert!(self.executed.contains_key(&(method, number)), "{what}");
                    }
                }
                Some(Err(kind)) => {
                    assert!(!kind.starts_with("untyped"), "{what}: {kind}");
                }
                None => {}
            }
        }
    }

    /// Each client's commands were executed in their order by each that executed them, and none twice.
    pub(crate) fn check_order(&self) {
        let mut last: BTreeMap<(&str, u32, u32), usize> = BTreeMap::new();
        let mut ids: BTreeMap<u32, ClientId> = BTreeMap::new();
        let mut seen = BTreeMap::new();
        for command in &self.commands {
            let Command {
                host, life, who, ..
            } = *command;
            let what = format!("command {} of client {who}", command.number);
            let known = ids.entry(who).or_insert(command.client);
            assert_eq!(*known, command.client, "{what}: a connection has one id");
            let before = last.insert((host, life, who), command.number);
            assert!(
                before.is_none_or(|before| before < command.number),
                "{what} after {before:?}"
            );
            let twin = seen.insert((who, command.number), host);
            assert_eq!(twin, None, "{what} was executed by {host} too");
        }
        // As long as the same are there, one client's commands all go to the same.
        let passed = self.passed.iter();
        let passed: BTreeMap<&[u8], &Passed> = passed.map(|it| (&*it.body, it)).collect();
        let mut hosts = BTreeMap::new();
        for Command {
            body, host, who, ..
        } in &self.commands
        {
            let Passed { life, there, .. } = passed[&**body];
            let known = *hosts.entry((who, life, there)).or_insert(host);
            assert_eq!(known, host, "client {who} of {there:?}");
        }
    }
}

/// An outcome's kind in a word; `untyped` if a caller could make nothing of it.
pub(crate) fn kind(error: &Error) -> String {
    match error {
        Error::Absent(_) => "absent".into(),
        Error::Timeout => "timeout".into(),
        Error::Busy => "busy".into(),
        Error::LinkClosed => "closed".into(),
        Error::Stopped => "stopped".into(),
        Error::Io(error) => format!("io: {error}"),
        Error::Peer(fault) => format!("peer: {fault}"),
        Error::Failed(why) => format!("failed: {why}"),
        other => format!("untyped: {other}"),
    }
}
