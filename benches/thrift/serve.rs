//! The service as a server, for a load generator: `serve --thrift binary|compact [--shared] --port N`.

use oneloop::thrift::{Answer, Processor, Text};
use oneloop::{Context, Framed, LinkLimits, Listen, Reactor, Result};

use crate::ours::{owned, shared};

/// Serves until SIGINT or SIGTERM, if the command line asks for it; false if it does not.
pub(crate) fn answer(arguments: &[String]) -> bool {
    let [serve, options @ ..] = arguments else {
        return false;
    };
    if serve != "serve" {
        return false;
    }
    let (mut port, mut shares) = (None, false);
    let mut options = options.iter().map(String::as_str);
    while let Some(option) = options.next() {
        match option {
            "--shared" => shares = true,
            "--port" => port = options.next().and_then(|word| word.parse().ok()),
            // The processor finds out by itself which protocol a message is in, and serves both: this only says what will be asked.
            "--thrift" => {
                let spoken = options.next().unwrap_or_default();
                assert!(["binary", "compact"].contains(&spoken), "{USAGE}");
            }
            // Cargo adds it.
            "--bench" => {}
            _ => panic!("{USAGE}"),
        }
    }
    let port = port.expect(USAGE);
    let processor = if shares {
        shared::processor()
    } else {
        owned::processor()
    };
    run(port, processor).expect("in peace");
    true
}

fn run(port: u16, processor: Processor<Tally>) -> Result<()> {
    let mut reactor = Reactor::new(Tally::default())?;
    reactor.stop_on_signals()?;
    let limits = LinkLimits {
        frame_bytes_max: FRAME_BYTES_MAX,
        frame_out_bytes_max: FRAME_BYTES_MAX,
        outbox_bytes_max: 2 * FRAME_BYTES_MAX,
        ..LinkLimits::default()
    };
    let listen = Listen::new(format!("127.0.0.1:{port}")).limits(limits);
    let listener = reactor.listen(listen, Framed::default(), processor)?;
    if let Some(address) = reactor.listener_address(listener) {
        println!("thrift listens on {address}");
    }
    reactor.run()?;
    println!("{} bytes of log", reactor.state().log_bytes);
    Ok(())
}

/// What the handlers did with the messages: whoever looks at none would be fast.
#[derive(Default)]
struct Tally {
    log_bytes: u64,
}

impl Tally {
    fn see(&mut self, bytes: usize) {
        self.log_bytes = self.log_bytes.wrapping_add(bytes as u64);
    }
}

impl owned::PeerService for Tally {
    fn echo(_: &mut Context<'_, Self>, s: String) -> Answer<String> {
        s.into()
    }

    fn log(
        cx: &mut Context<'_, Self>,
        messages: Vec<owned::LogEntry>,
    ) -> Answer<owned::ResultCode> {
        for entry in &messages {
            cx.state.see(entry.category.len() + entry.message.len());
        }
        owned::ResultCode::OK.into()
    }
}

impl shared::PeerService for Tally {
    fn echo(_: &mut Context<'_, Self>, s: Text) -> Answer<Text> {
        s.into()
    }

    fn log(
        cx: &mut Context<'_, Self>,
        messages: Vec<shared::LogEntry>,
    ) -> Answer<shared::ResultCode> {
        for entry in &messages {
            cx.state.see(entry.category.len() + entry.message.len());
        }
        shared::ResultCode::OK.into()
    }
}

const FRAME_BYTES_MAX: usize = 16 << 20;
const USAGE: &str = "serve --thrift binary|compact [--shared] --port N";
