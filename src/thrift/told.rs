//! Failures between peers that trust each other: what is told of them, and what it is to who is told.

use crate::error::Error;

use super::exception::{ApplicationException, ApplicationExceptionKind};

/// A failure of the callee's end of the link, as it travels: it has a kind of its own, far from those of others, and is to the caller
/// what it was here.
///
/// | Failure | On the wire | To the caller |
/// |---|---|---|
/// | of the callee's link: too many calls, no time left, the call is cancelled | one of the first five kinds | the same |
/// | of the target, an [`ApplicationException`] in [`Error::Failed`] | itself | itself, in [`Error::Failed`] |
/// | of the target, of one of the same five: of what it has called itself | one of the second five kinds | [`Error::Failed`] with that |
/// | of the target, any other | `INTERNAL_ERROR` and its text | [`Error::Failed`] with that |
///
/// So "calc is absent" is never what is told of a calc that has called somebody who is absent.
pub(super) fn told(error: &Error) -> ApplicationException {
    let (number, text) = match error {
        Error::Timeout => (TIMEOUT, error.to_string()),
        Error::Cancelled => (CANCELLED, error.to_string()),
        Error::Busy => (BUSY, error.to_string()),
        Error::Absent(name) => (ABSENT, name.clone()),
        Error::LinkClosed => (LINK_CLOSED, error.to_string()),
        other => return told_of_target(other),
    };
    exception(number, text)
}

/// A failure of the target, as it travels.
pub(super) fn told_of_target(error: &Error) -> ApplicationException {
    let number = match error {
        Error::Failed(cause) => match cause.downcast_ref::<ApplicationException>() {
            Some(exception) => {
                let text = short(exception.message.clone());
                return ApplicationException::new(exception.kind, text);
            }
            None => INTERNAL_ERROR,
        },
        Error::Timeout => TIMEOUT + FURTHER_ON,
        Error::Cancelled => CANCELLED + FURTHER_ON,
        Error::Busy => BUSY + FURTHER_ON,
        Error::Absent(_) => ABSENT + FURTHER_ON,
        Error::LinkClosed => LINK_CLOSED + FURTHER_ON,
        _ => INTERNAL_ERROR,
    };
    exception(number, error.to_string())
}

/// A failure that a node between hands on as if it were its own: to the caller it is what it was here. A link that is lost is
/// [`Error::LinkClosed`], however that came.
#[cfg(feature = "node")]
pub(crate) fn handed_on(error: Error) -> Error {
    match error {
        Error::Timeout | Error::Cancelled | Error::Busy | Error::Absent(_) | Error::LinkClosed => {
            Error::failed(told(&error))
        }
        Error::Io(_) | Error::Peer(_) | Error::Stopped => Error::failed(told(&Error::LinkClosed)),
        other => other,
    }
}

/// What it was before it travelled.
pub(super) fn understood(exception: ApplicationException) -> Error {
    match exception.kind.number() {
        TIMEOUT => Error::Timeout,
        CANCELLED => Error::Cancelled,
        BUSY => Error::Busy,
        ABSENT => Error::Absent(exception.message),
        LINK_CLOSED => Error::LinkClosed,
        _ => Error::Failed(Box::new(exception)),
    }
}

fn exception(number: i32, text: String) -> ApplicationException {
    ApplicationException::new(ApplicationExceptionKind::from_number(number), short(text))
}

/// As much of a text as a person would read.
fn short(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(TEXT_CHARS_MAX) {
        text.truncate(end);
    }
    text
}

const TEXT_CHARS_MAX: usize = 1024;

const INTERNAL_ERROR: i32 = 6;

/// "ol" and a number.
const TIMEOUT: i32 = 0x6f6c_0001;
const CANCELLED: i32 = 0x6f6c_0002;
const BUSY: i32 = 0x6f6c_0003;
const ABSENT: i32 = 0x6f6c_0004;
const LINK_CLOSED: i32 = 0x6f6c_0005;

/// To be added, if it is not the callee of whom it is told, but somebody whom that has called.
const FURTHER_ON: i32 = 0x100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_travels_is_the_same_again() {
        let exception = ApplicationException::new(ApplicationExceptionKind::Other(77), "full");
        for error in [
            Error::Timeout,
            Error::Cancelled,
            Error::Busy,
            Error::Absent("calc".into()),
            Error::LinkClosed,
            Error::failed(exception),
        ] {
            let before = format!("{error:?}");
            assert_eq!(format!("{:?}", understood(told(&error))), before);
        }
        let other = understood(told_of_target(&Error::failed("no such room")));
        assert_eq!(other.to_string(), "internal error: no such room");
        for (number, error) in [
            (1, Error::Timeout),
            (2, Error::Cancelled),
            (3, Error::Busy),
            (4, Error::Absent("the child \"calc\"".into())),
            (5, Error::LinkClosed),
        ] {
            let text = error.to_string();
            let Error::Failed(failure) = understood(told_of_target(&error)) else {
                panic!("{error:?} reads as if it were the callee's");
            };
            let exception = failure.downcast::<ApplicationException>().expect("it is");
            assert_eq!(exception.kind.number(), 0x6f6c_0100 + number);
            assert_eq!(exception.message, text);
            let handed_on = understood(told_of_target(&handed_on(error)));
            assert_eq!(handed_on.to_string(), text, "by who is only between");
        }
        let long = told(&Error::failed("é".repeat(2000)));
        assert_eq!(long.message.chars().count(), TEXT_CHARS_MAX);
    }
}
