//! The same over real sockets.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::node::Node;
use oneloop::{Context, Reactor, Result};

use crate::support::{App, Echo, Later, remote, root, text, watch};

#[test]
fn two_nodes_call_each_other_over_a_socket() {
    let mut reactor = Reactor::new(App::default()).expect("a reactor");
    let seen = Rc::new(RefCell::new(Vec::new()));
    let at_end = Rc::clone(&seen);
    let start = |cx: &mut Context<'_, App>| -> Result<()> {
        let listeners = Node::new("gate").root("127.0.0.1:0", root()).start(cx)?;
        let address = cx
            .listener_address(listeners[0])
            .expect("it listens")
            .clone();
        let calc = remote().on_root_up(|cx, _| {
            let up = cx.remote("gate").call::<Later, _>(cx, text("20 up"));
            watch(cx, up);
            let down = cx.child("calc").call::<Echo, _>(cx, text("down"));
            watch(cx, down);
        });
        Node::new("calc").remote("gate", &address, calc).start(cx)?;
        cx.every(Duration::from_millis(5), |cx, _| {
            if cx.state.outcomes.len() == 2 {
                cx.stop();
            }
        });
        cx.on_stop(move |cx| {
            let texts = cx.state.texts().into_iter().map(str::to_owned);
            at_end.borrow_mut().extend(texts);
        });
        // No longer than that.
        cx.after(Duration::from_secs(30), |cx| cx.stop_now());
        Ok(())
    };
    reactor.start(start).expect("it starts");
    reactor.run().expect("it runs");
    assert_eq!(*seen.borrow(), ["down", "20 up"]);
}
