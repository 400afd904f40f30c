//! Our server and our client as a program, for libraries of other languages: `.ci/run foreign` runs it. It is a test like the others, so
//! that it needs no target, no command line and no second copy of the service; what it is to do is said by the environment.

use std::env;
use std::io::{self, Read};
use std::net::SocketAddr;

use crate::hand;
use crate::official::Spoken;
use crate::we_call;

/// `ONELOOP_FOREIGN=serve` serves until its standard input ends, and prints its port. `ONELOOP_FOREIGN="call binary 127.0.0.1:PORT"`, or
/// `compact`, calls a server and wants everything of it.
#[test]
#[ignore = "needs the libraries of other languages: .ci/run foreign"]
fn meets_other_libraries() {
    let order = env::var("ONELOOP_FOREIGN").expect("ONELOOP_FOREIGN says what to do");
    let words: Vec<&str> = order.split_whitespace().collect();
    match words.as_slice() {
        ["serve"] => {
            let server = hand::serve();
            println!("\nforeign: port {}", server.ip().port());
            let _ = io::stdin().read_to_end(&mut Vec::new());
            server.stop();
        }
        ["call", spoken, address] => {
            let spoken = match *spoken {
                "binary" => Spoken::Binary,
                "compact" => Spoken::Compact,
                other => panic!("nobody speaks {other}"),
            };
            let address: SocketAddr = address.parse().expect("an address");
            let mut client = we_call::client(address, spoken);
            println!("\nforeign: {} serves", client.whoami().expect("a name"));
            we_call::all_of_it(&mut client);
        }
        other => panic!("no such order: {other:?}"),
    }
}
