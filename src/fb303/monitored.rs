//! Who has a [`Base`], and so answers fb303's methods.

use std::collections::BTreeMap;

use crate::context::Context;
use crate::error::Result;
use crate::thrift::Answer;
use crate::time::Time;

use super::base::Base;
use super::fb303::{FacebookService, FbStatus};

/// A state that has a [`Base`], and so [answers](super) all that [`FacebookService`] has. The rest is for those who do more.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use oneloop::fb303::{Base, Monitored};
/// use oneloop::{Context, Error, Result};
///
/// struct App { base: Base, queue: Vec<String>, verbose: bool }
///
/// impl Monitored for App {
///     fn base(&mut self) -> &mut Base { &mut self.base }
///
///     fn add_counters(cx: &mut Context<'_, Self>, counters: &mut BTreeMap<String, i64>) {
///         counters.insert("queue".into(), cx.state.queue.len() as i64);
///     }
///
///     fn on_set_option(cx: &mut Context<'_, Self>, name: &str, value: &str) -> Result<()> {
///         match (name, value) {
///             ("verbose", "yes" | "no") => cx.state.verbose = value == "yes",
///             _ => return Err(Error::failed("there is only verbose, yes or no")),
///         }
///         Ok(())
///     }
///
///     fn on_shutdown(_: &mut Context<'_, Self>) {} // not by this way
/// }
/// ```
pub trait Monitored: Sized + 'static {
    /// Where it is.
    fn base(&mut self) -> &mut Base;

    /// How it is: what was [set](Base::set_status), unless this is overridden.
    fn status(cx: &mut Context<'_, Self>) -> FbStatus {
        cx.state.base().status()
    }

    /// Why: what was [set](Base::set_status), unless this is overridden.
    fn details(cx: &mut Context<'_, Self>) -> String {
        cx.state.base().details().to_owned()
    }

    /// Adds what is better counted when somebody asks, such as the length of a queue. There are the loop's own already.
    fn add_counters(cx: &mut Context<'_, Self>, counters: &mut BTreeMap<String, i64>) {
        _ = (cx, counters);
    }

    /// Somebody sets an option. It is kept if this does not fail.
    ///
    /// # Errors
    /// Whatever speaks against it. It is logged; the peer is told of an internal error.
    fn on_set_option(cx: &mut Context<'_, Self>, name: &str, value: &str) -> Result<()> {
        _ = (cx, name, value);
        Ok(())
    }

    /// Somebody wants to know where the time goes during so many seconds, which may be any number. The text may come later.
    fn on_cpu_profile(cx: &mut Context<'_, Self>, seconds: i32) -> Answer<String> {
        _ = (cx, seconds);
        String::new().into()
    }

    /// Somebody wants the configuration read anew, log files opened anew, and so on.
    fn on_reinitialize(cx: &mut Context<'_, Self>) {
        _ = cx;
    }

    /// Somebody wants the server to stop: it is `STOPPING`, and the loop stops in peace.
    fn on_shutdown(cx: &mut Context<'_, Self>) {
        cx.state.base().set_status(FbStatus::STOPPING, "");
        cx.stop();
    }
}

impl<S: Monitored> FacebookService for S {
    fn get_name(cx: &mut Context<'_, Self>) -> Answer<String> {
        cx.state.base().name().to_owned().into()
    }

    fn get_version(cx: &mut Context<'_, Self>) -> Answer<String> {
        cx.state.base().version_text().to_owned().into()
    }

    fn get_status(cx: &mut Context<'_, Self>) -> Answer<FbStatus> {
        S::status(cx).into()
    }

    fn get_status_details(cx: &mut Context<'_, Self>) -> Answer<String> {
        S::details(cx).into()
    }

    fn get_counters(cx: &mut Context<'_, Self>) -> Answer<BTreeMap<String, i64>> {
        counters(cx).into()
    }

    fn get_counter(cx: &mut Context<'_, Self>, key: String) -> Answer<i64> {
        let known = cx.state.base().known(&key);
        known
            .or_else(|| counters(cx).get(&key).copied())
            .unwrap_or_default()
            .into()
    }

    fn set_option(cx: &mut Context<'_, Self>, key: String, value: String) -> Answer<()> {
        // Whether there is room is known before the hook does anything.
        let outcome = match cx.state.base().room_for_option(&key, &value) {
            Ok(()) => S::on_set_option(cx, &key, &value),
            Err(fault) => Err(fault.into()),
        };
        let outcome = outcome.and_then(|()| Ok(cx.state.base().set_option(&key, value)?));
        match outcome {
            Ok(()) => Answer::Value(()),
            Err(error) => Answer::Failed(error),
        }
    }

    fn get_option(cx: &mut Context<'_, Self>, key: String) -> Answer<String> {
        let option = cx.state.base().option(&key);
        option.unwrap_or_default().to_owned().into()
    }

    fn get_options(cx: &mut Context<'_, Self>) -> Answer<BTreeMap<String, String>> {
        cx.state.base().options().clone().into()
    }

    fn get_cpu_profile(cx: &mut Context<'_, Self>, profile_duration_in_sec: i32) -> Answer<String> {
        S::on_cpu_profile(cx, profile_duration_in_sec)
    }

    fn alive_since(cx: &mut Context<'_, Self>) -> Answer<i64> {
        let (now, running) = (cx.time_of_day(), cx.clock() - Time::START);
        cx.state.base().alive_since(now, running).into()
    }

    fn reinitialize(cx: &mut Context<'_, Self>) -> Answer<()> {
        S::on_reinitialize(cx);
        ().into()
    }

    fn shutdown(cx: &mut Context<'_, Self>) -> Answer<()> {
        S::on_shutdown(cx);
        ().into()
    }
}

/// All there are.
fn counters<S: Monitored>(cx: &mut Context<'_, S>) -> BTreeMap<String, i64> {
    let named = cx.counters().named();
    let loops = named.into_iter().map(|(name, value)| {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        (format!("loop:{name}"), value)
    });
    let mut counters: BTreeMap<String, i64> = loops.collect();
    S::add_counters(cx, &mut counters);
    let own = cx.state.base().counters();
    counters.extend(own.iter().map(|(name, value)| (name.clone(), *value)));
    counters
}
