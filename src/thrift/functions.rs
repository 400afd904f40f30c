//! Functions by name, without an interface.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::rc::Rc;

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::{Error, Misuse, Result};

use super::answer::{Answer, NoException};
use super::arguments::{Arguments, Passed};
use super::binary::Binary;
use super::compact::Compact;
use super::plain::{Plain, Positional};
use super::processor::{Entry, Incoming, Processor, Served};
use super::protocol::Protocol;

/// Plain functions that peers call by name: for what is not worth an interface.
///
/// ```
/// use oneloop::thrift::{ApplicationException, ApplicationExceptionKind, Functions};
/// use oneloop::{Context, Deferred, Framed, Result};
///
/// #[derive(Default)]
/// struct App { greeted: i64 }
///
/// /// A function like any other: a test can call it.
/// fn greet(cx: &mut Context<'_, App>, (name, title): (String, Option<String>)) -> String {
///     cx.state.greeted += 1;
///     format!("hello {} {name}", title.unwrap_or_default())
/// }
///
/// fn functions() -> Result<Functions<App>> {
///     let mut functions = Functions::new();
///     functions.on("add", |_cx, (a, b): (i64, i64)| a.wrapping_add(b))?;
///     functions.on("greet", greet)?;
///     functions.on("greeted", |cx, ()| cx.state.greeted)?;
///     functions.on("motd", |cx, ()| cx.blocking(|| std::fs::read_to_string("motd.txt")))?; // later
///     functions.on("root", |_cx, number: f64| match number {
///         0.0.. => Ok(number.sqrt()),
///         _ => Err(ApplicationException::new(ApplicationExceptionKind::Other(1001), "it is below zero")),
///     })?;
///     Ok(functions)
/// }
///
/// fn start(cx: &mut Context<'_, App>) -> Result<()> {
///     cx.listen("127.0.0.1:9090", Framed::default(), functions()?.processor()).map(drop)
/// }
/// # assert_eq!(functions().unwrap().names().collect::<Vec<_>>(), ["add", "greet", "greeted", "motd", "root"]);
/// ```
///
/// # On the wire
///
/// They are ordinary calls, in either protocol, so that clients of other libraries make them: [`Arguments`] says what the arguments are,
/// [`Passed`] what the result is. A [`Caller`](super::Caller) calls them by [`call_named`](super::Caller::call_named). A call that comes
/// as `ONEWAY` is not answered. All that a [`Processor`] has, they have: hooks, which are told of the function's name alone, limits, the
/// order of answers, a place in a [`Multiplexed`](super::Multiplexed).
///
/// # What is answered
///
/// | The function | The answer |
/// |---|---|
/// | gives a value | `REPLY` with it |
/// | fails with an [`ApplicationException`](super::ApplicationException), as it is or within an [`Error`] | `EXCEPTION`: that one, number and text. Numbers from 0 to 10 mean what [`ApplicationExceptionKind`](super::ApplicationExceptionKind) says, so one's own begin above; from 1000 on, say. |
/// | fails with anything else, panics, is late | `EXCEPTION`, internal error, with a text that tells nothing of ours |
/// | does not get the arguments that it takes | `EXCEPTION`, protocol error, with the position |
/// | is not there | `EXCEPTION`, unknown method |
///
/// The failure of a call that this function makes itself, by a [`Caller`](super::Caller), is such an [`Error`] too: handed on by `?`, the
/// first caller is told what the second server said.
pub struct Functions<S: 'static> {
    targets: BTreeMap<&'static str, Target<S>>,
}

struct Target<S: 'static> {
    run: Box<dyn Run<S>>,
    place: &'static Location<'static>,
}

impl<S: 'static> Functions<S> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            targets: BTreeMap::new(),
        }
    }

    /// Serves `name` by `function`, which takes [`Arguments`] and gives whatever [turns into an answer](IntoAnswer).
    ///
    /// # Errors
    /// [`Misuse::Duplicate`], with both places, if the name is taken; [`Misuse::Option`] if it is empty or has a colon, which would make
    /// it the name of a service and a method.
    #[track_caller]
    pub fn on<F, A, R>(&mut self, name: &'static str, function: F) -> Result<&mut Self>
    where
        F: Fn(&mut Context<'_, S>, A) -> R + 'static,
        A: Arguments,
        R: IntoAnswer,
    {
        let place = Location::caller();
        if name.is_empty() || name.contains(':') {
            return Err(Misuse::Option(format!("{name:?} is no name of a function")).into());
        }
        if let Some(known) = self.targets.get(name) {
            let text = format!(
                "the function {name:?} is registered at {} and again at {place}",
                known.place
            );
            return Err(Misuse::Duplicate(text).into());
        }
        let run = Box::new(Function {
            name,
            function,
            takes: PhantomData,
        });
        self.targets.insert(name, Target { run, place });
        Ok(self)
    }

    /// Their names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.targets.keys().copied()
    }

    /// What is given to `listen`, or to a [`Multiplexed`](super::Multiplexed).
    #[must_use]
    pub fn processor(self) -> Processor<S> {
        Processor::over(Rc::new(self))
    }

    fn named(&self, name: &[u8]) -> Option<&dyn Run<S>> {
        let target = self.targets.get(str::from_utf8(name).ok()?)?;
        Some(&*target.run)
    }
}

impl<S: 'static> Entry<S> for Functions<S> {
    fn shares(&self) -> bool {
        // Arguments are copied one by one: that takes less than a copy of the frame, of which most use a part.
        false
    }

    fn binary(&self, call: &mut Incoming<'_, '_, S, Binary>) -> Result<Served> {
        match self.named(call.name()) {
            Some(function) => function.binary(call),
            None => call.unknown(),
        }
    }

    fn compact(&self, call: &mut Incoming<'_, '_, S, Compact>) -> Result<Served> {
        match self.named(call.name()) {
            Some(function) => function.compact(call),
            None => call.unknown(),
        }
    }
}

impl<S> Default for Functions<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Functions<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.targets.keys()).finish()
    }
}

/// A function behind a pointer, with an entrance for each protocol.
trait Run<S: 'static> {
    fn binary(&self, call: &mut Incoming<'_, '_, S, Binary>) -> Result<Served>;
    fn compact(&self, call: &mut Incoming<'_, '_, S, Compact>) -> Result<Served>;
}

struct Function<F, A, R> {
    name: &'static str,
    function: F,
    takes: PhantomData<fn(A) -> R>,
}

impl<F, A: Arguments, R: IntoAnswer> Function<F, A, R> {
    fn serve<S: 'static, P: Protocol>(&self, call: &mut Incoming<'_, '_, S, P>) -> Result<Served>
    where
        F: Fn(&mut Context<'_, S>, A) -> R,
    {
        call.serve_named::<Plain<A, R::Value>>(self.name, self.name, |cx, Positional(arguments)| {
            (self.function)(cx, arguments).into_answer()
        })
    }
}

impl<S, F, A, R> Run<S> for Function<F, A, R>
where
    S: 'static,
    F: Fn(&mut Context<'_, S>, A) -> R,
    A: Arguments,
    R: IntoAnswer,
{
    fn binary(&self, call: &mut Incoming<'_, '_, S, Binary>) -> Result<Served> {
        self.serve(call)
    }

    fn compact(&self, call: &mut Incoming<'_, '_, S, Compact>) -> Result<Served> {
        self.serve(call)
    }
}

/// What a plain function may return.
///
/// | Value | Answer |
/// |---|---|
/// | a [`Value`](super::Value), an `Option` of one, `()` | [that](Passed) |
/// | `Result<T, E>`, `E` an [`Error`] or what turns into one | that of `T`, or the failure |
/// | `Deferred<T>` | that of `T`, when it is there |
/// | [`Answer`] | itself |
pub trait IntoAnswer: 'static {
    /// What is in the reply.
    type Value: Passed;

    /// The answer.
    fn into_answer(self) -> Answer<Self::Value>;
}

impl<T: Passed> IntoAnswer for T {
    type Value = T;

    #[inline]
    fn into_answer(self) -> Answer<T> {
        Answer::Value(self)
    }
}

impl<T: IntoAnswer, E: Into<Error> + 'static> IntoAnswer for Result<T, E> {
    type Value = T::Value;

    #[inline]
    fn into_answer(self) -> Answer<T::Value> {
        match self {
            Ok(value) => value.into_answer(),
            Err(error) => Answer::Failed(error.into()),
        }
    }
}

impl<T: IntoAnswer> IntoAnswer for Deferred<T> {
    type Value = T::Value;

    fn into_answer(self) -> Answer<T::Value> {
        Answer::Later(self.and_then(|value| match value.into_answer() {
            Answer::Value(value) => Deferred::ready(Ok(value)),
            Answer::Failed(error) => Deferred::failed(error),
            Answer::Later(later) => later,
            Answer::Exception(exception) => match exception {},
        }))
    }
}

impl<T: Passed> IntoAnswer for Answer<T, NoException> {
    type Value = T;

    #[inline]
    fn into_answer(self) -> Self {
        self
    }
}
