//! What a method of a service answers.

use std::error::Error as StdError;
use std::fmt;

use crate::deferred::Deferred;
use crate::error::Error;

/// What a method of a service answers: a value, an exception that it declares, a failure that it does not, or any of them later.
///
/// A value and a `Result` turn into one by `into()`, and so does a [`Deferred`].
///
/// ```
/// use oneloop::Deferred;
/// use oneloop::thrift::Answer;
///
/// fn half(number: i32) -> Answer<i32> {
///     match number % 2 {
///         0 => (number / 2).into(),
///         _ => Answer::failed("only even numbers have a half"), // a text for our log; the peer is told of an internal error
///     }
/// }
///
/// fn later(number: Deferred<i32>) -> Answer<i32> {
///     number.map(|number| number / 2).into()
/// }
/// ```
#[must_use = "an answer is the method's return value"]
pub enum Answer<T: 'static, E: 'static = NoException> {
    /// The method's result.
    Value(T),
    /// An exception that the method declares.
    Exception(E),
    /// A failure that it does not declare. It is logged, and the peer is told of an internal error and nothing more; except by a
    /// [plain function](super::Functions) that fails with an [`ApplicationException`](super::ApplicationException).
    Failed(Error),
    /// One of these, when it is there. Replies leave in the order of the calls all the same.
    Later(Deferred<Result<T, E>>),
}

impl<T, E> Answer<T, E> {
    /// A failure that the method does not declare: an error, or a text.
    pub fn failed(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Failed(Error::failed(error))
    }
}

impl<T, E> From<T> for Answer<T, E> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T, E> From<Result<T, E>> for Answer<T, E> {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(exception) => Self::Exception(exception),
        }
    }
}

impl<T, E> From<Deferred<Result<T, E>>> for Answer<T, E> {
    fn from(later: Deferred<Result<T, E>>) -> Self {
        Self::Later(later)
    }
}

impl<T, E> From<Deferred<T>> for Answer<T, E> {
    fn from(later: Deferred<T>) -> Self {
        Self::Later(later.map(Ok))
    }
}

impl<T: fmt::Debug, E: fmt::Debug> fmt::Debug for Answer<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => f.debug_tuple("Value").field(value).finish(),
            Self::Exception(exception) => f.debug_tuple("Exception").field(exception).finish(),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
            Self::Later(_) => f.write_str("Later"),
        }
    }
}

/// The exception of a method that declares none: there is no value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoException {}

impl fmt::Display for NoException {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl StdError for NoException {}
