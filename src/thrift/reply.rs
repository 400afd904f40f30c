//! What a reply says, for both clients.

use super::call_error::CallError;
use super::exception::{ApplicationException, ApplicationExceptionKind};
use super::fault::{ProtocolError, ProtocolErrorKind};
use super::kind::MessageKind;
use super::message::Message;
use super::method::Method;
use super::read::Read;
use super::value::Value;

/// The name by which a method is called: with the service's before it, if several share the link.
pub(super) fn wire_name<'n>(name: &'n str, service: Option<&str>, room: &'n mut String) -> &'n str {
    let Some(service) = service else {
        return name;
    };
    room.reserve(service.len() + 1 + name.len());
    room.push_str(service);
    room.push(':');
    room.push_str(name);
    room
}

/// Whether `name` may be put before a method's.
pub(super) fn is_service_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(':')
}

/// Reads what is behind the head of a reply, up to the end of its frame.
///
/// The name of an exception is not looked at: a server that does not know the method may not know what to call it either, and the number
/// says whose it is.
///
/// # Errors
/// Whatever is no value. [`TrailingBytes`](ProtocolErrorKind::TrailingBytes) if something is behind the message: then nothing that comes
/// on this link can be trusted.
pub(super) fn read<'a, M: Method, R: Read<'a>>(
    head: &Message<'a>,
    mut input: R,
    name: &str,
    service: Option<&str>,
) -> Result<M::Output, CallError<M::Exception>> {
    match head.kind {
        MessageKind::Reply => {}
        MessageKind::Exception => {
            let exception = ApplicationException::read(&mut input)?;
            input.finish()?;
            return Err(exception.into());
        }
        MessageKind::Call | MessageKind::Oneway | MessageKind::Other(_) => {
            return Err(no_reply(head).into());
        }
    }
    if !is_name_of(head, name, service) {
        return Err(ApplicationException::new(
            ApplicationExceptionKind::WrongMethodName,
            format!("{name:?} was called, the reply is for {:?}", head.name),
        )
        .into());
    }
    let result = M::Result::read(&mut input)?;
    input.finish()?;
    match M::outcome(result) {
        Some(Ok(value)) => Ok(value),
        Some(Err(exception)) => Err(CallError::Declared(exception)),
        None => Err(ApplicationException::new(
            ApplicationExceptionKind::MissingResult,
            format!("the reply to {name:?} has no result"),
        )
        .into()),
    }
}

/// Whether a reply has the name of its method, or need not have it. Some servers repeat the service's name as well.
pub(super) fn is_name_of(head: &Message<'_>, name: &str, service: Option<&str>) -> bool {
    head.kind == MessageKind::Exception
        || head.name == name
        || head.name == wire_name(name, service, &mut String::new())
}

/// A server has sent what only clients send.
#[cold]
pub(super) fn no_reply(head: &Message<'_>) -> ProtocolError {
    ProtocolError::new(
        ProtocolErrorKind::InvalidData,
        format!("a message of kind {:?} is no reply", head.kind),
    )
}

/// A reply has a number that no call has.
#[cold]
pub(super) fn bad_sequence(head: &Message<'_>) -> ApplicationException {
    ApplicationException::new(
        ApplicationExceptionKind::BadSequenceId,
        format!(
            "no call of {:?} has the number {}",
            head.name, head.sequence
        ),
    )
}
