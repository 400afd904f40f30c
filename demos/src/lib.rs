//! What the demos share: how they log, and how they end. And the [calculator], the [chat], the [load] generator and the log collector [scribe], which are larger than a main.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::str::FromStr;

use oneloop::{DataPack, Result};

pub mod calculator;
pub mod chat;
pub mod game;
pub mod load;
pub mod scribe;

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

/// Reads the flags. Wrong ones end the demo with one line that says what is wrong, and 2.
#[must_use]
pub fn parse<T: clap::Parser>() -> T {
    T::try_parse().unwrap_or_else(|error| {
        if !error.use_stderr() {
            // It was asked for help or the version.
            error.exit();
        }
        // The first paragraph says what is wrong; what follows is the usage, for which there is --help.
        let text = error.render().to_string();
        let lines = text
            .lines()
            .map(str::trim)
            .take_while(|line| !line.is_empty());
        let said: Vec<&str> = lines.collect();
        complain(&format!("{} (--help says more)", said.join(" ")));
        std::process::exit(2)
    })
}

/// Ends a demo: with 0, or with one line that says what went wrong, and 1.
pub fn report(demo: &str, outcome: Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{demo}: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Ends a demo whose flags do not go together: with one line that says why, and 2.
pub fn refuse(fault: &impl std::fmt::Display) -> ExitCode {
    complain(&format!("error: {fault} (--help says more)"));
    ExitCode::from(2)
}

/// One line to the standard error, if anybody reads it.
pub fn complain(line: &str) {
    let mut out = std::io::stderr();
    let (red, plain) = if out.is_terminal() {
        ("\x1b[31m", "\x1b[0m")
    } else {
        ("", "")
    };
    _ = writeln!(out, "{red}{line}{plain}");
}

/// Prints to whoever still reads: a server does not end because its output is closed or full.
pub fn print(text: &str) {
    let mut out = std::io::stdout();
    _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The flags of a DataPack head.
#[derive(Clone, Debug, clap::Args)]
pub struct HeadFlags {
    /// The four bytes that begin every frame
    #[arg(long, value_name = "N,N,N,N", default_value = "0,0,0,0")]
    magic: MagicBytes,
    /// The protocol version in every frame
    #[arg(long, value_name = "0-255", default_value_t = 0)]
    proto_version: u8,
    /// The server version in every frame
    #[arg(long, value_name = "N", default_value_t = 0)]
    server_version: u32,
}

impl HeadFlags {
    /// The codec of frames with this head.
    #[must_use]
    pub fn codec(&self) -> DataPack {
        DataPack::new(self.magic.0, self.proto_version, self.server_version)
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
