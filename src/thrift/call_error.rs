//! Why a call has no result.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use crate::error::{Error, Misuse};

use super::answer::NoException;
use super::exception::ApplicationException;
use super::fault::ProtocolError;
use super::told;

/// Why a call has no result. `E` is what the method declares to throw.
///
/// ```
/// use oneloop::thrift::{ApplicationException, ApplicationExceptionKind, CallError};
///
/// let error: CallError = ApplicationException::new(ApplicationExceptionKind::UnknownMethod, "no method \"ad\"").into();
/// assert_eq!(error.to_string(), "unknown method: no method \"ad\"");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError<E = NoException> {
    /// An exception that the method declares.
    Declared(E),
    /// What the server answers when there is no result; and of our own finding a reply
    /// [without one](super::ApplicationExceptionKind::MissingResult), with
    /// [another method's name](super::ApplicationExceptionKind::WrongMethodName) or with
    /// [another call's number](super::ApplicationExceptionKind::BadSequenceId).
    Application(ApplicationException),
    /// What came cannot be read.
    Protocol(ProtocolError),
    /// The stream failed, or ended, or was silent for too long.
    Io(io::Error),
    /// The arguments cannot be sent: too long, or not to be written in this protocol. Nothing was sent.
    Misuse(Misuse),
    /// An earlier call failed in such a way that nobody knows what the next bytes of the stream would belong to. Nothing was sent.
    Spent,
}

impl<E: fmt::Display> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declared(exception) => write!(f, "{exception}"),
            Self::Application(exception) => write!(f, "{exception}"),
            Self::Protocol(error) => write!(f, "the reply cannot be read: {error}"),
            Self::Io(error) => write!(f, "{error}"),
            Self::Misuse(misuse) => write!(f, "{misuse}"),
            Self::Spent => f.write_str("an earlier call failed: connect anew"),
        }
    }
}

impl<E: StdError + 'static> StdError for CallError<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Declared(exception) => Some(exception),
            Self::Application(exception) => Some(exception),
            Self::Protocol(error) => Some(error),
            Self::Io(error) => Some(error),
            Self::Misuse(misuse) => Some(misuse),
            Self::Spent => None,
        }
    }
}

impl<E> From<ApplicationException> for CallError<E> {
    fn from(exception: ApplicationException) -> Self {
        Self::Application(exception)
    }
}

impl<E> From<ProtocolError> for CallError<E> {
    fn from(error: ProtocolError) -> Self {
        Self::Protocol(error)
    }
}

impl<E> From<io::Error> for CallError<E> {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl<E> From<Misuse> for CallError<E> {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

impl<E: StdError + 'static> From<CallError<E>> for Error {
    /// Of a declared exception only the text is kept: it need not be able to cross threads, an [`Error`] is.
    fn from(error: CallError<E>) -> Self {
        match error {
            CallError::Declared(exception) => Self::Failed(exception.to_string().into()),
            CallError::Application(exception) => told::understood(exception),
            CallError::Protocol(error) => error.into(),
            CallError::Io(error) => Self::Io(error),
            CallError::Misuse(misuse) => Self::Misuse(misuse),
            CallError::Spent => Self::LinkClosed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ApplicationExceptionKind, ProtocolErrorKind};
    use super::*;

    #[test]
    fn each_tells_its_cause_and_turns_into_an_error_of_ours() {
        type Declared = CallError<fmt::Error>;
        let application = ApplicationException::new(ApplicationExceptionKind::InternalError, "no");
        let truncated = ProtocolError::new(ProtocolErrorKind::Truncated, "short");
        let errors: [(Declared, bool, &str); 6] = [
            (CallError::Declared(fmt::Error), true, "an error occurred"),
            (application.into(), true, "internal error: no"),
            (truncated.into(), true, "short"),
            (io::Error::other("cable").into(), true, "cable"),
            (Misuse::NoCommands.into(), true, "commands"),
            (CallError::Spent, false, ""),
        ];
        for (error, caused, text) in errors {
            assert!(error.to_string().contains(text), "{error}");
            assert_eq!(error.source().is_some(), caused, "{error}");
            let ours = Error::from(error);
            assert_eq!(matches!(ours, Error::LinkClosed), !caused, "{ours}");
            assert!(ours.to_string().contains(text), "{ours}");
        }
    }
}
