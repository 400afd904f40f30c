//! What the checks found, each by itself.

use std::time::Duration;

use oneloop::Error;
use oneloop::sim::{self, World};
use oneloop::{CommandService, Context, DataPack, Result};

fn start(cx: &mut Context<'_, u32>) -> Result<()> {
    let mut service = CommandService::new();
    service.catch_all(|call| call.reply(call.body()))?;
    cx.listen("server:7000", DataPack::default(), service)?;
    Ok(())
}

/// The bytes that had come before were read, and the reset behind them was never looked for: the link stayed for ever.
#[test]
fn a_link_that_was_reset_before_it_was_accepted_is_closed() {
    sim::search(0..20, |world| {
        world.node("server", || 0, start)?;
        world.pause("server");
        let peer = world.peer("client", "server:7000");
        peer.send(&[0]);
        world.run_for(Duration::from_millis(10));
        peer.reset();
        world.run_for(Duration::from_millis(10));
        world.resume("server");
        world.run_for(Duration::from_secs(1));
        assert_eq!(world.counters("server").accepted, 1);
        world.assert_quiet();
        Ok::<(), Error>(())
    });
}

/// A letter that waits in the mailbox was overlooked until its node was told of it.
#[test]
fn a_node_with_mail_is_not_quiet() {
    let mut world = World::new(1);
    let server = world.node("server", || 0, start).expect("it starts");
    let posted = world.handle(&server).post(|cx| *cx.state += 1);
    posted.expect("the loop runs");
    assert!(!world.is_quiet(), "a letter waits");
    world.run_until(World::is_quiet, Duration::from_secs(1));
    assert_eq!(*world.state(&server), 1, "it was read");
}

/// A job that was given up on order counted as left over.
#[test]
fn a_node_that_stops_at_once_leaves_no_job_over() {
    let mut world = World::new(1);
    let server = world.node("server", || 0, start).expect("it starts");
    world.with(&server, |cx| drop(cx.blocking(|| ())));
    world.signal("server");
    world.signal("server");
    world.run_until(|world| !world.is_up("server"), Duration::from_secs(1));
    world.assert_quiet();
}
