//! What is asked, and what is set.

use std::time::Duration;

use oneloop::fb303::{Base, BaseLimits, FbStatus};
use oneloop::sim::Crash;
use oneloop::thrift::Protocol;

use crate::support::{Stage, both};

both! {
    a_service_that_extends_it_has_all_its_methods_and_its_own
    it_is_a_service_by_itself
    counters_rise_the_loops_the_bases_and_those_that_are_made_when_asked
    options_are_kept_up_to_their_limits
    all_that_may_be_kept_goes_into_a_reply
    what_the_application_refuses_is_not_kept
    it_lives_since_the_loop_began
}

fn a_service_that_extends_it_has_all_its_methods_and_its_own<P: Protocol>() {
    let mut stage = Stage::shop::<P>();
    assert_eq!(stage.ask(|shop, cx| shop.sell(cx, "bread".into())), 5);
    assert_eq!(stage.ask(|shop, cx| shop.mood(cx)), FbStatus::WARNING);
    assert_eq!(stage.ask(|shop, cx| shop.get_counter(cx, "sold".into())), 1);
    common(&mut stage);
}

fn it_is_a_service_by_itself<P: Protocol>() {
    let mut stage = Stage::bare::<P>();
    let told = stage.outcome(|shop, cx| shop.sell(cx, "bread".into()));
    let told = told.expect_err("it does not sell").to_string();
    assert!(told.contains("unknown method"), "{told}");
    common(&mut stage);
}

/// All that is asked, once.
fn common(stage: &mut Stage) {
    assert_eq!(stage.ask(|shop, cx| shop.get_name(cx)), "shop");
    assert_eq!(stage.ask(|shop, cx| shop.get_version(cx)), "1.2");
    assert_eq!(stage.ask(|shop, cx| shop.get_status(cx)), FbStatus::ALIVE);
    assert_eq!(stage.ask(|shop, cx| shop.get_status_details(cx)), "");
    stage.world.with(&stage.till, |cx| {
        cx.state.base.set_status(FbStatus::WARNING, "no bread");
    });
    assert_eq!(stage.ask(|shop, cx| shop.get_status(cx)), FbStatus::WARNING);
    assert_eq!(
        stage.ask(|shop, cx| shop.get_status_details(cx)),
        "no bread"
    );
    assert_eq!(
        stage.ask(|shop, cx| shop.get_cpu_profile(cx, 3)),
        "idle 100 %"
    );
    stage.ask(|shop, cx| shop.set_option(cx, "a".into(), "1".into()));
    assert_eq!(stage.ask(|shop, cx| shop.get_option(cx, "a".into())), "1");
}

fn counters_rise_the_loops_the_bases_and_those_that_are_made_when_asked<P: Protocol>() {
    let mut stage = Stage::shop::<P>();
    let before = stage.ask(|shop, cx| shop.get_counters(cx));
    assert_eq!((before["told"], before["sold"]), (0, -1), "{before:?}");
    assert_eq!(before["loop:accepted"], 1);
    assert_eq!(before["loop:closed_peer_closed"], 0);
    for _ in 0..3 {
        stage.ask(|shop, cx| shop.sell(cx, "bread".into()));
    }
    stage
        .world
        .with(&stage.till, |cx| cx.state.told.push("something".into()));
    let after = stage.ask(|shop, cx| shop.get_counters(cx));
    assert_eq!((after["told"], after["sold"]), (1, 3), "{after:?}");
    // Three sales, and this call.
    assert_eq!(after["loop:frames_in"], before["loop:frames_in"] + 4);
    assert!(after["loop:bytes_out"] > before["loop:bytes_out"]);
    // One by one they are the same.
    for name in ["told", "sold", "loop:accepted"] {
        let asked = name.to_owned();
        let one = stage.ask(|shop, cx| shop.get_counter(cx, asked));
        assert_eq!(one, after[name], "{name}");
    }
    let none = stage.ask(|shop, cx| shop.get_counter(cx, "none".into()));
    assert_eq!(none, 0);
    assert!(
        !stage
            .ask(|shop, cx| shop.get_counters(cx))
            .contains_key("none")
    );
}

fn options_are_kept_up_to_their_limits<P: Protocol>() {
    let mut stage = Stage::shop::<P>();
    assert_eq!(stage.ask(|shop, cx| shop.get_option(cx, "a".into())), "");
    assert!(
        stage.ask(|shop, cx| shop.get_options(cx)).is_empty(),
        "asking makes none"
    );
    let refused = |stage: &mut Stage, name: &str, value: &str| {
        let (name, value) = (name.to_owned(), value.to_owned());
        let outcome = stage.outcome(|shop, cx| shop.set_option(cx, name, value));
        outcome.err().map(|error| error.to_string())
    };
    for (name, value) in [("a", "1"), ("eightchr", "eightchr"), ("a", "2")] {
        assert_eq!(refused(&mut stage, name, value), None, "{name}");
    }
    let told = stage.world.state(&stage.till).told.len();
    for (name, value) in [("b", "1"), ("a", "ninechars"), ("ninechars", "1")] {
        let why = refused(&mut stage, name, value).expect("it is too much");
        assert!(why.contains("internal error"), "{why}");
    }
    assert_eq!(
        stage.world.state(&stage.till).told.len(),
        told,
        "the application is not asked"
    );
    let options = stage.ask(|shop, cx| shop.get_options(cx));
    let options: Vec<_> = options
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert_eq!(options, [("a", "2"), ("eightchr", "eightchr")]);
}

fn all_that_may_be_kept_goes_into_a_reply<P: Protocol>() {
    let mut stage = Stage::shop::<P>();
    let most = BaseLimits::default();
    let mut base = Base::new("shop");
    // As long as may be, and each another.
    let name = |number: usize| format!("{number:0>0$}", most.name_bytes_max);
    for number in 0..most.counters_max {
        assert!(base.set_counter(&name(number), i64::MIN));
    }
    for number in 0..most.options_max {
        let value = "v".repeat(most.value_bytes_max);
        base.set_option(&name(number), value)
            .expect("there is room");
    }
    assert!(!base.increment("one too many", 1));
    stage.world.state_mut(&stage.till).base = base;
    let counters = stage.ask(|shop, cx| shop.get_counters(cx));
    assert!(counters.len() > most.counters_max);
    let options = stage.ask(|shop, cx| shop.get_options(cx));
    assert_eq!(options.len(), most.options_max);
}

fn what_the_application_refuses_is_not_kept<P: Protocol>() {
    let mut stage = Stage::shop::<P>();
    stage.ask(|shop, cx| shop.set_option(cx, "a".into(), "yes".into()));
    stage
        .outcome(|shop, cx| shop.set_option(cx, "a".into(), "no".into()))
        .expect_err("it is refused");
    assert_eq!(stage.ask(|shop, cx| shop.get_option(cx, "a".into())), "yes");
    assert_eq!(stage.world.state(&stage.till).told, ["a = yes", "a = no"]);
}

fn it_lives_since_the_loop_began<P: Protocol>() {
    let mut stage = Stage::shop::<P>();
    stage.world.run_for(Duration::from_secs(100));
    let since = |stage: &mut Stage| stage.ask(|shop, cx| shop.alive_since(cx));
    let now = |stage: &mut Stage| {
        stage
            .world
            .with(&stage.asker, |cx| cx.time_of_day().as_secs() as i64)
    };
    let began = now(&mut stage) - 100;
    assert!((began - 1..=began).contains(&since(&mut stage)));
    stage.world.run_for(Duration::from_secs(1000));
    assert!((began - 1..=began).contains(&since(&mut stage)));
    stage.world.crash(&stage.till, Crash::Process);
    stage.world.run_for(Duration::from_secs(50));
    stage.world.restart(&stage.till).expect("it starts");
    let began = now(&mut stage);
    stage.dial::<P>();
    stage.world.run_for(Duration::from_secs(10));
    assert!(
        (began - 1..=began).contains(&since(&mut stage)),
        "another life"
    );
}
