//! Our server of the interface.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use oneloop::thrift::Answer;
use oneloop::{Context, Framed, Limits};

use crate::ours::{
    Atlas, Echo, Everything, Ground, Missing, Mood, Options, Refused, Sample, Shape, Stamp, Tree,
    echo_methods::{CheckException, NumberException},
    echo_processor,
};
use crate::sockets::Server;
use crate::values;

/// The state, which is also what serves.
#[derive(Default)]
pub(crate) struct Hand {
    notes: i32,
}

/// It serves on a thread of its own, both protocols.
pub(crate) fn serve() -> Server<Hand> {
    Server::start(Hand::default(), Limits::default(), |cx| {
        cx.listen("127.0.0.1:0", Framed::default(), echo_processor::<Hand>())
    })
}

impl Ground for Hand {
    fn whoami(_: &mut Context<'_, Self>) -> Answer<String> {
        "oneloop".to_owned().into()
    }

    fn notes(cx: &mut Context<'_, Self>) -> Answer<i32> {
        cx.state.notes.into()
    }
}

macro_rules! echo {
    ($($method:ident: $type:ty;)*) => {$(
        fn $method(_: &mut Context<'_, Self>, value: $type) -> Answer<$type> {
            value.into()
        }
    )*};
}

impl Echo for Hand {
    echo! {
        flag: bool;
        tiny: i8;
        narrow: i16;
        plain: i32;
        wide: i64;
        real: f64;
        text: String;
        bytes: Vec<u8>;
        mood: Mood;
        stamp: Stamp;
        shape: Shape;
        tree: Tree;
        numbers: Vec<i64>;
        words: BTreeSet<String>;
        flags: BTreeMap<i32, bool>;
        atlas: Atlas;
        options: Options;
        everything: Everything;
    }

    fn sample(_: &mut Context<'_, Self>, which: Sample) -> Answer<Everything> {
        values::sample(which).into()
    }

    fn same(_: &mut Context<'_, Self>, which: Sample, value: Everything) -> Answer<bool> {
        (value == values::sample(which)).into()
    }

    /// Every third is answered later, and holds up those behind it.
    fn sum(cx: &mut Context<'_, Self>, left: i32, right: i32) -> Answer<i32> {
        let sum = left.wrapping_add(right);
        if left % 3 != 0 {
            return sum.into();
        }
        let (promise, later) = cx.defer();
        cx.after(Duration::from_millis(1), move |_| promise.resolve(sum));
        later.into()
    }

    fn check(_: &mut Context<'_, Self>, code: i32) -> Answer<(), CheckException> {
        let outcome = match code {
            0 => Ok(()),
            1 => Err(refused().into()),
            _ => Err(missing().into()),
        };
        outcome.into()
    }

    fn number(_: &mut Context<'_, Self>, code: i32) -> Answer<i32, NumberException> {
        let outcome = match code {
            1 => Err(refused().into()),
            code => Ok(code),
        };
        outcome.into()
    }

    fn fail(_: &mut Context<'_, Self>, why: String) -> Answer<i32> {
        Answer::failed(why)
    }

    fn note(cx: &mut Context<'_, Self>, _: String) -> Answer<()> {
        cx.state.notes += 1;
        ().into()
    }
}

/// What is thrown, here and by the others.
pub(crate) fn refused() -> Refused {
    Refused {
        code: i32::MIN,
        why: "it is refused, é".into(),
    }
}

/// The other one.
pub(crate) fn missing() -> Missing {
    Missing {
        lost: "a number".into(),
        known: vec!["0".into(), "1".into()],
    }
}
