//! Signals of the process. Each test has its own ones, since they are everybody's.

use std::time::{Duration, Instant};

use oneloop::{Error, Misuse, Reactor};
use signal_hook::consts::{SIGFPE, SIGHUP, SIGILL, SIGINT, SIGKILL, SIGSEGV, SIGSTOP, SIGTERM};
use signal_hook::consts::{SIGUSR1, SIGUSR2};
use signal_hook::low_level::raise;

mod support;
use support::PATIENCE;

/// Turns the loop until its state is so.
#[track_caller]
fn run_until<S: 'static>(reactor: &mut Reactor<S>, mut is_so: impl FnMut(&S) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so(reactor.state()) {
        assert!(Instant::now() < deadline, "it never is");
        let goes_on = reactor.turn(Some(Duration::from_millis(50)));
        assert!(goes_on.expect("a poll"), "it stopped");
    }
}

#[test]
fn a_signal_runs_its_callback_and_only_that() {
    let mut reactor = Reactor::new((0, 0)).expect("a loop");
    reactor
        .on_signal(SIGUSR1, |cx| cx.state.0 += 1)
        .expect("free");
    reactor
        .on_signal(SIGHUP, |cx| cx.state.1 += 1)
        .expect("free");
    for count in 1..4 {
        raise(SIGUSR1).expect("it is handled");
        run_until(&mut reactor, |state| state.0 == count);
    }
    raise(SIGHUP).expect("it is handled");
    run_until(&mut reactor, |state| state.1 == 1);
    assert_eq!(*reactor.state(), (3, 1));
}

#[test]
fn the_last_callback_of_a_signal_counts_and_one_that_panics_is_called_again() {
    let mut reactor = Reactor::new((0, 0)).expect("a loop");
    reactor
        .on_signal(SIGUSR2, |cx| cx.state.0 += 1)
        .expect("free");
    let callback = |cx: &mut oneloop::Context<'_, (u32, u32)>| {
        cx.state.1 += 1;
        assert!(cx.state.1 > 1, "the first time it fails");
    };
    reactor
        .on_signal(SIGUSR2, callback)
        .expect("it takes its place");
    for count in 1..3 {
        raise(SIGUSR2).expect("it is handled");
        run_until(&mut reactor, |state| state.1 == count);
    }
    assert_eq!(*reactor.state(), (0, 2));
    assert_eq!(reactor.counters().panics, 1);
}

#[test]
fn a_callback_goes_before_stopping_and_a_signal_without_one_stops() {
    let mut reactor = Reactor::new(0).expect("a loop");
    reactor
        .on_signal(SIGTERM, |cx| *cx.state += 1)
        .expect("free");
    reactor.stop_on_signals().expect("free");
    raise(SIGTERM).expect("it is handled");
    run_until(&mut reactor, |count| *count == 1);
    raise(SIGINT).expect("it is handled");
    let deadline = Instant::now() + PATIENCE;
    while reactor
        .turn(Some(Duration::from_millis(50)))
        .expect("a poll")
    {
        assert!(Instant::now() < deadline, "it never stops");
    }
    assert_eq!(*reactor.state(), 1);
}

#[test]
fn what_nobody_can_wait_for_is_refused() {
    let mut reactor = Reactor::new(()).expect("a loop");
    for signal in [
        SIGKILL,
        SIGSTOP,
        SIGILL,
        SIGFPE,
        SIGSEGV,
        0,
        -1,
        65,
        i32::MAX,
        i32::MIN,
    ] {
        let refused = reactor.on_signal(signal, |_| {});
        assert!(
            matches!(refused, Err(Error::Misuse(Misuse::Option(_)))),
            "{signal}: {refused:?}"
        );
    }
    // The first that the system keeps for itself.
    assert!(matches!(reactor.on_signal(32, |_| {}), Err(Error::Io(_))));
}
