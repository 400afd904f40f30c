//! What is ordered.

use std::time::Duration;

use oneloop::fb303::FbStatus;
use oneloop::thrift::Protocol;

use crate::support::{Stage, both};

both! {
    reinitialize_is_told
    shutdown_answers_what_is_under_way_and_stops
}

fn reinitialize_is_told<P: Protocol>() {
    let mut stage = Stage::shop::<P>();
    stage.call(|shop, cx| shop.reinitialize(cx).expect("it is sent"));
    assert_eq!(stage.ask(|shop, cx| shop.get_status(cx)), FbStatus::ALIVE);
    assert_eq!(stage.world.state(&stage.till).told, ["reinitialize"]);
}

fn shutdown_answers_what_is_under_way_and_stops<P: Protocol>() {
    let mut stage = Stage::shop::<P>();
    stage.world.state_mut(&stage.till).slow = Duration::from_secs(3);
    let sold = stage.begin(|shop, cx| shop.sell(cx, "bread".into()));
    stage.world.run_for(Duration::from_secs(1));
    stage.call(|shop, cx| shop.shutdown(cx).expect("it is sent"));
    stage.world.run_for(Duration::from_secs(1));
    assert!(stage.world.is_up(&stage.till), "a call is under way");
    assert!(sold.borrow().is_none());
    let status = stage.world.state(&stage.till).base.status();
    assert_eq!(status, FbStatus::STOPPING);
    stage.world.run_for(Duration::from_secs(2));
    let outcome = sold.take().expect("it was answered");
    assert_eq!(outcome.expect("well"), 5);
    let till = stage.till.clone();
    stage
        .world
        .run_until(move |world| !world.is_up(&till), Duration::from_secs(5));
}
