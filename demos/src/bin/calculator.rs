//! `cargo run --release --bin calculator -- serve`, and in another terminal `cargo run --release --bin calculator -- add 1 2`.
//!
//! Thrift's tutorial, both ends: a server of generated traits, and a client that waits for each answer. Any other Thrift client may call
//! the server, over the framed transport, in the binary or the compact protocol.

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use oneloop::thrift::{Binary, BlockingCaller, CallError, Compact};
use oneloop::{Framed, Reactor, Result};
use oneloop_demos::calculator::Log;
use oneloop_demos::calculator::interface::{
    CalculateException, CalculatorBlocking, Operation, Work, processor,
};

/// Thrift's tutorial: a calculator, and who calls it.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    what: What,
    /// Where the server is.
    #[arg(
        long,
        global = true,
        default_value = "127.0.0.1:9090",
        value_name = "ADDR"
    )]
    connect: String,
    /// What the client speaks; the server takes either.
    #[arg(long, global = true, value_enum, default_value = "binary")]
    protocol: Spoken,
}

#[derive(Subcommand)]
enum What {
    /// Serves until it is stopped.
    Serve {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:9090", value_name = "ADDR")]
        listen: String,
    },
    /// Asks whether the server is there.
    Ping,
    /// Adds two numbers.
    #[command(allow_negative_numbers = true)]
    Add {
        /// The first.
        num1: i32,
        /// The second.
        num2: i32,
    },
    /// Calculates, and has the server keep the result.
    #[command(allow_negative_numbers = true)]
    Calculate {
        /// The number under which it is kept.
        logid: i32,
        /// The first number.
        num1: i32,
        /// What to do with the two.
        op: Sign,
        /// The second number.
        num2: i32,
    },
    /// Shows a result that was kept.
    #[command(allow_negative_numbers = true)]
    Get {
        /// The number under which it was kept.
        logid: i32,
    },
    /// Has the server zip, and does not wait for it.
    Zip,
}

#[derive(Clone, Copy, ValueEnum)]
enum Spoken {
    Binary,
    Compact,
}

#[derive(Clone, Copy, ValueEnum)]
enum Sign {
    #[value(name = "+", alias = "plus")]
    Plus,
    #[value(name = "-", alias = "minus")]
    Minus,
    #[value(name = "x", alias = "times")]
    Times,
    #[value(name = "/", alias = "by")]
    By,
}

fn main() -> ExitCode {
    oneloop_demos::log_to_stderr();
    let arguments: Arguments = oneloop_demos::parse();
    let outcome = match &arguments.what {
        What::Serve { listen } => serve(listen).map_err(Failure::from),
        call => ask(call, &arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("calculator: {failure}");
            ExitCode::FAILURE
        }
    }
}

type Failure = Box<dyn std::error::Error>;

fn serve(listen: &str) -> Result<()> {
    let mut reactor = Reactor::new(Log::default())?;
    reactor.stop_on_signals()?;
    let listener = reactor.listen(listen, Framed::default(), processor::<Log>())?;
    if let Some(address) = reactor.listener_address(listener) {
        println!("calculator listens on {address}");
    }
    reactor.run()
}

fn ask(what: &What, arguments: &Arguments) -> Result<(), Failure> {
    let caller = BlockingCaller::connect(&arguments.connect)
        .map_err(|error| format!("{} cannot be reached: {error}", arguments.connect))?;
    let caller = match arguments.protocol {
        Spoken::Binary => caller.protocol::<Binary>(),
        Spoken::Compact => caller.protocol::<Compact>(),
    };
    let mut calculator = CalculatorBlocking::new(caller);
    match *what {
        What::Serve { .. } => {}
        What::Ping => {
            calculator.ping()?;
            println!("pong");
        }
        What::Add { num1, num2 } => println!("{}", calculator.add(num1, num2)?),
        What::Calculate {
            logid,
            num1,
            op,
            num2,
        } => {
            let op = match op {
                Sign::Plus => Operation::ADD,
                Sign::Minus => Operation::SUBTRACT,
                Sign::Times => Operation::MULTIPLY,
                Sign::By => Operation::DIVIDE,
            };
            let work = Work {
                num1,
                num2,
                op,
                comment: None,
            };
            match calculator.calculate(logid, work) {
                Ok(result) => println!("{result}"),
                Err(CallError::Declared(CalculateException::Ouch(ouch))) => {
                    return Err(ouch.why.into());
                }
                Err(error) => return Err(error.into()),
            }
        }
        What::Get { logid } => {
            let kept = calculator.get_struct(logid)?;
            if kept.value.is_empty() {
                return Err(format!("nothing is kept under {logid}").into());
            }
            println!("{}", kept.value);
        }
        What::Zip => calculator.zip()?,
    }
    Ok(())
}
