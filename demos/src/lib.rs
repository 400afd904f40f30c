//! What the demos share: how they log, and how they end. And the [chat], which is larger than a main.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::str::FromStr;

use oneloop::Result;

pub mod chat;

/// Logs to the standard error: what an operator would want to see, unless `RUST_LOG` says otherwise.
pub fn log_to_stderr() {
    log_to_stderr_from("info");
}

/// The same with another level to begin at: `"warn"` for a program whose screen is for something else.
pub fn log_to_stderr_from(level: &str) {
    let environment = env_logger::Env::default().default_filter_or(level);
    env_logger::Builder::from_env(environment)
        .format_target(false)
        .format_timestamp_millis()
        .init();
}

/// Ends a demo: with 0, or with one line that says what went wrong, and 1. (Wrong flags end it with 2, before it begins.)
pub fn report(demo: &str, outcome: Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let (red, plain) = if std::io::stderr().is_terminal() {
                ("\x1b[31m", "\x1b[0m")
            } else {
                ("", "")
            };
            eprintln!("{red}{demo}: {error}{plain}");
            ExitCode::FAILURE
        }
    }
}

/// The four bytes that begin a DataPack frame, as text: `78,37,38,48`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MagicBytes(pub [u8; 4]);

impl FromStr for MagicBytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bytes: Result<Vec<u8>, _> = text.split(',').map(|part| part.trim().parse()).collect();
        let bytes = bytes.ok().and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        bytes
            .map(Self)
            .ok_or_else(|| "four numbers from 0 to 255 are expected, such as 78,37,38,48".into())
    }
}
