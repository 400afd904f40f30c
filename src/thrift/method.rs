//! A method of a service, as generated code describes it.

use std::error::Error as StdError;

use super::value::Value;

/// A method of a service: its names and what travels. The IDL compiler writes one type for each.
pub trait Method: 'static {
    /// On the wire.
    const NAME: &'static str;
    /// `Service.method`, with the service that declares it: what hooks and logs are told.
    const FULL_NAME: &'static str;
    /// Nothing is answered.
    const ONEWAY: bool;
    /// It is a plain function: its name comes with each call, and its failures may be exceptions for the peer.
    #[doc(hidden)]
    const PLAIN: bool = false;
    /// The arguments' struct.
    type Arguments: Value + 'static;
    /// What it returns; `()` for void.
    type Output: 'static;
    /// What it declares to throw; [`NoException`](super::NoException) if nothing.
    type Exception: StdError + 'static;
    /// The result's struct: the value as field 0, or one of the exceptions.
    type Result: Value + From<Result<Self::Output, Self::Exception>>;

    /// What a reply's result struct says, or `None` if it has neither a value nor an exception.
    fn outcome(result: Self::Result) -> Option<Result<Self::Output, Self::Exception>>;
}
