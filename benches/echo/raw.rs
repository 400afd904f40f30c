//! mio by hand: bytes go back as they came. No frames, no limits, no state, no write that has to wait: the least there is to do.

use std::io::{ErrorKind, Read, Write};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use slab::Slab;

use crate::server::Ready;

const LISTENER: Token = Token(usize::MAX);

pub(crate) fn serve(ready: Ready) {
    let mut poll = Poll::new().expect("a poll");
    let mut events = Events::with_capacity(1024);
    let address = "127.0.0.1:0".parse().expect("an address");
    let mut listener = TcpListener::bind(address).expect("a port");
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)
        .expect("it registers");
    ready.listening(listener.local_addr().expect("it is bound"));
    let mut links: Slab<TcpStream> = Slab::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        poll.poll(&mut events, None).expect("it polls");
        for event in &events {
            if event.token() == LISTENER {
                accept(&listener, &poll, &mut links);
            } else if !echo(&mut links[event.token().0], &mut buffer) {
                links.remove(event.token().0);
            }
        }
    }
}

fn accept(listener: &TcpListener, poll: &Poll, links: &mut Slab<TcpStream>) {
    while let Ok((mut link, _)) = listener.accept() {
        link.set_nodelay(true).expect("an option");
        let place = links.vacant_entry();
        poll.registry()
            .register(&mut link, Token(place.key()), Interest::READABLE)
            .expect("it registers");
        place.insert(link);
    }
}

/// Sends back what has come. False when the peer is gone.
fn echo(link: &mut TcpStream, buffer: &mut [u8]) -> bool {
    loop {
        let read = match link.read(buffer) {
            Ok(0) => return false,
            Ok(read) => read,
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        };
        // The client never has more under way than a socket holds.
        if link.write_all(&buffer[..read]).is_err() {
            return false;
        }
        // A short read was the last, as mio says.
        if read < buffer.len() {
            return true;
        }
    }
}
