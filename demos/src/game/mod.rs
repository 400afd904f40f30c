//! The chat, spread over nodes that a file describes: a net node with the clients, a gate, and chat nodes that share the rooms.
//!
//! ```text
//!   clients ══► net ─── commands, by the client's id ───► gate ───► chat-1, chat-2: each the rooms that fall to it
//!           ◄══     ◄── what is pushed to clients ───────      ◄───
//!                who is here, once more     who is who,       members, lines,
//!                for a gate that is new     and where         numbers that rise
//! ```
//!
//! Clients speak the [chat's protocol](crate::chat::protocol); its client works unchanged. Any of the processes may be killed and started
//! again: a client sees an error or a notice, and then all is well.
//!
//! | Who is lost | What heals it |
//! |---|---|
//! | a chat node | the gate has the names of its rooms' members: it puts them into the rooms of the other one. Lines from before are forgotten |
//! | the gate | each net node knows the names and rooms of its clients, and says so when there is a gate again. Chat nodes keep their rooms |
//! | the net node | clients dial again and join again; the gate lets the names of the former life go |
//!
//! What decides is plain: [`register`], [`rooms`] and [`queue`] know no link and no clock, and give what is to be done.
//!
//! Every request has one answer, as in the plain chat. When a node dies in the middle of one there may be an error behind the answer, or
//! the answer once more, or some of the lines from before are missing: what was on its way nobody can know.

pub mod chat;
pub mod gate;
pub mod net;
pub mod queue;
pub mod register;
pub mod rooms;

use std::time::Duration;

use oneloop::cluster::{App, Assigned};
use oneloop::config::Apps;
use oneloop::node::NodeLimits;
use oneloop::thrift::{ApplicationException, ApplicationExceptionKind};
use oneloop::{Error, Misuse, Result};

/// What a node can be.
///
/// # Errors
/// None, as long as the names differ.
pub fn apps() -> Result<Apps<App>> {
    let mut apps = Apps::new();
    apps.register("net", App::new(net::Net::default, net::start))?;
    apps.register("gate", App::new(gate::Gate::default, gate::start))?;
    apps.register("chat", App::new(chat::Chat::default, chat::start))?;
    Ok(apps)
}

/// Between nodes: who is silent for four seconds is lost, and is dialled at least once a second.
fn limits() -> NodeLimits {
    NodeLimits {
        heartbeat: Duration::from_secs(1),
        silence_deadline: Duration::from_secs(4),
        redial_after_max: Duration::from_secs(1),
        ..NodeLimits::default()
    }
}

/// The name of the gate: the one root that a node dials.
fn the_gate(assigned: &Assigned) -> Result<String> {
    match &*assigned.plan().remotes {
        [gate] => Ok(gate.root.clone()),
        others => {
            let (name, count) = (assigned.name(), others.len());
            let text = format!(
                "node `{name}` dials one gate, and not {count}: see `remoteport` of [servers.{name}]"
            );
            Err(Misuse::Option(text).into())
        }
    }
}

/// A failure that is told to the client, whichever node it comes from.
fn refused(text: impl Into<String>) -> Error {
    let kind = ApplicationExceptionKind::Other(TOLD);
    Error::failed(ApplicationException::new(kind, text))
}

/// What the client is told, if the error is such a failure.
fn told(error: &Error) -> Option<&str> {
    let Error::Failed(error) = error else {
        return None;
    };
    let exception = error.downcast_ref::<ApplicationException>()?;
    (exception.kind == ApplicationExceptionKind::Other(TOLD)).then_some(&*exception.message)
}

/// The number of such failures on the wire.
const TOLD: i32 = 1001;
