//! oneloop: every command is answered with its own body.

use oneloop::{Address, CommandService, DataPack, Reactor};

use crate::server::Ready;

pub(crate) fn serve(ready: Ready) {
    let mut echo = CommandService::new();
    echo.catch_all(|call| call.reply(call.body()))
        .expect("nothing is served yet");
    let mut reactor = Reactor::new(()).expect("a poll");
    let listener = reactor
        .listen("127.0.0.1:0", DataPack::default(), echo)
        .expect("a port");
    match reactor.listener_address(listener) {
        Some(Address::Ip(address)) => ready.listening(address),
        other => panic!("it listens at {other:?}"),
    }
    reactor.run().expect("in peace");
}
