//! Failures between peers that trust each other: what is told of them, and what it is to who is told.

use crate::error::Error;

use super::exception::{ApplicationException, ApplicationExceptionKind};

/// A failure as it travels. Those that mean something to the caller have a kind of their own, far from those of others.
///
/// | Failure of the target | On the wire | To the caller |
/// |---|---|---|
/// | an [`ApplicationException`] in [`Error::Failed`] | itself | itself, in [`Error::Failed`] |
/// | [`Error::Timeout`], [`Error::Cancelled`], [`Error::Busy`], [`Error::Absent`], [`Error::LinkClosed`] | a kind of its own | the same |
/// | any other | `INTERNAL_ERROR` and its text | [`Error::Failed`] with that |
pub(super) fn told(error: &Error) -> ApplicationException {
    let (number, text) = match error {
        Error::Failed(cause) => match cause.downcast_ref::<ApplicationException>() {
            Some(exception) => {
                let text = short(exception.message.clone());
                return ApplicationException::new(exception.kind, text);
            }
            None => (INTERNAL_ERROR, cause.to_string()),
        },
        Error::Timeout => (TIMEOUT, error.to_string()),
        Error::Cancelled => (CANCELLED, error.to_string()),
        Error::Busy => (BUSY, error.to_string()),
        Error::Absent(name) => (ABSENT, name.clone()),
        Error::LinkClosed => (LINK_CLOSED, error.to_string()),
        other => (INTERNAL_ERROR, other.to_string()),
    };
    ApplicationException::new(ApplicationExceptionKind::from_number(number), short(text))
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
        let other = understood(told(&Error::failed("no such room")));
        assert_eq!(other.to_string(), "internal error: no such room");
        let long = told(&Error::failed("é".repeat(2000)));
        assert_eq!(long.message.chars().count(), TEXT_CHARS_MAX);
    }
}
