//! The second table: whether a reply costs more when there are more links.

use std::time::Duration;

use crate::client::Client;
use crate::descriptors;
use crate::figures::{Figures, short};
use crate::server::Server;

const LEGEND: &str = "
What more links cost: nanoseconds of CPU time of the server's thread for each reply, the best round.

  10 busy   ten links have one request in flight each, the others are open and silent
  all busy  every link has one request in flight: one poll tells of many, and the memory of all links is gone through
";
/// Descriptors of the process besides the links' two ends.
const BESIDES: usize = 100;
const BUSY: usize = 10;

/// Measures and prints, one server after the other: the descriptors do for one. The last of `sizes` that they do not do for is made smaller.
pub(crate) fn print(servers: &[Server], sizes: &[usize], rounds: usize, span: Duration) {
    let links_max = (descriptors::limit() - BESIDES) / 2;
    println!("{LEGEND}");
    print!("{:>8} │", "links");
    for server in servers {
        print!(" {:>10} 10 busy  all busy │", server.name);
    }
    println!();
    let mut was = 0;
    for &size in sizes {
        let links = size.min(links_max / 100 * 100);
        if links <= was {
            break;
        }
        was = links;
        print!("{links:>8} │");
        for server in servers {
            let mut client = Client::connect(server.address, links);
            client.round(links, 1, span / 2); // to warm up
            let mut cost = |busy: usize| {
                let figures = (0..rounds).map(|_| {
                    let before = server.cpu_time();
                    let replies = client.round(busy, 1, span).replies;
                    (server.cpu_time() - before).as_nanos() as f64 / replies as f64
                });
                short(Figures::of(figures.collect()).min)
            };
            print!(" {:>18} {:>9} │", cost(BUSY), cost(links));
            drop(client);
            server.cpu_time(); // asleep, it has closed its ends as well
        }
        println!();
        if links < size {
            println!(
                "         (not {size}: the limit of descriptors is {}, and both ends are here)",
                descriptors::limit()
            );
        }
    }
    println!();
}
