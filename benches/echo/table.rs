//! The first table: all servers by turns, under four loads.

use std::time::Duration;

use crate::client::{Client, Round};
use crate::figures::{Figures, short};
use crate::server::Server;

const LEGEND: &str = "
Echo over loopback TCP: frames with 64-byte bodies there and back, all servers by turns. One thread is the server, one the client,
which checks every reply and is the same for all.

  links      connections; x in flight: requests under way on each of them
  CPU ns     nanoseconds of CPU time of the server's thread for each reply, system calls included: the best round, and the median one.
             The figure to go by: another process on the core does not count
  replies/s  the best round. Client and server share the machine, so much of it is the client's
  p50, p99   microseconds from before a request's write to after its reply's read, the median round: mostly the scheduler's, and the
             queue's where many are in flight
  ratio      oneloop's by theirs: CPU below 1 and replies/s above 1 are in oneloop's favour
";
const HEADINGS: &str = "
                      │         server CPU, ns a reply         │     replies/s      │     latency, µs
   load    server     │      min      ratio    median   ratio  │     best    ratio  │      p50       p99";

struct Contestant<'a> {
    server: &'a Server,
    client: Client,
    rounds: Vec<(f64, Round)>,
}

/// What one server came to.
struct Row {
    cpu: Figures,
    rate: f64,
    p50: f64,
    p99: f64,
}

/// Measures and prints.
pub(crate) fn print(servers: &[Server], loads: &[(usize, usize)], rounds: usize, span: Duration) {
    println!("{LEGEND}{HEADINGS}");
    for &(links, in_flight) in loads {
        println!(
            "{}┼{}┼{}┼{}",
            "─".repeat(22),
            "─".repeat(40),
            "─".repeat(20),
            "─".repeat(20)
        );
        let mut contestants: Vec<Contestant<'_>> = servers
            .iter()
            .map(|server| Contestant {
                server,
                client: Client::connect(server.address, links),
                rounds: Vec::new(),
            })
            .collect();
        for contestant in &mut contestants {
            contestant.client.round(links, in_flight, span / 2); // to warm up
        }
        for round in 0..rounds {
            // Each round begins with another, so that nobody always comes first.
            for turn in 0..servers.len() {
                let place = (round + turn) % servers.len();
                contestants[place].round(links, in_flight, span);
            }
        }
        let rows: Vec<Row> = contestants.iter().map(Contestant::row).collect();
        for (contestant, row) in contestants.iter().zip(&rows) {
            let load = format!("{links} x {in_flight}");
            println!("{}", line(&load, contestant.server.name, row, &rows[0]));
        }
    }
    println!();
}

impl Contestant<'_> {
    fn round(&mut self, links: usize, in_flight: usize, span: Duration) {
        let before = self.server.cpu_time();
        let round = self.client.round(links, in_flight, span);
        let cpu = self.server.cpu_time() - before;
        let each = cpu.as_nanos() as f64 / round.replies as f64;
        self.rounds.push((each, round));
    }

    fn row(&self) -> Row {
        let rounds = &self.rounds;
        let of = |figure: fn(&Round) -> f64| {
            Figures::of(rounds.iter().map(|(_, round)| figure(round)).collect())
        };
        Row {
            cpu: Figures::of(rounds.iter().map(|(cpu, _)| *cpu).collect()),
            rate: 1.0 / of(|round| round.elapsed.as_secs_f64() / round.replies as f64).min,
            p50: of(|round| round.latency.value_at_quantile(0.5) as f64 / 1e3).median,
            p99: of(|round| round.latency.value_at_quantile(0.99) as f64 / 1e3).median,
        }
    }
}

fn line(load: &str, name: &str, row: &Row, ours: &Row) -> String {
    format!(
        "{load:>9}  {name:<10} │ {:>8} {:>10.2} {:>9} {:>7.2}  │ {:>8.0} {:>8.2}  │ {:>8} {:>9}",
        short(row.cpu.min),
        ours.cpu.min / row.cpu.min,
        short(row.cpu.median),
        ours.cpu.median / row.cpu.median,
        row.rate,
        ours.rate / row.rate,
        short(row.p50),
        short(row.p99),
    )
}
