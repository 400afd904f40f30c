//! `oneloop-idl FILE... --out DIR`: compiles Thrift's interface files to Rust.
//!
//! Errors and warnings go to stderr. Exits with 0 if all is well, with 1 if a file is wrong, with 2 if the command is.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use oneloop::idl::{Binaries, Config, Containers, Reports};

/// Compiles Thrift's interface files, and those they include, to Rust.
#[derive(Parser)]
#[command(name = "oneloop-idl", version)]
struct Arguments {
    /// Files to compile.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder for the Rust files.
    #[arg(long, value_name = "DIR", required_unless_present = "check")]
    out: Option<PathBuf>,
    /// A folder in which included files are looked for.
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    includes: Vec<PathBuf>,
    /// Writes nothing: says what is wrong with the files, and with `--out` whether what is there is up to date.
    #[arg(long)]
    check: bool,
    /// What a map is.
    #[arg(long, value_enum, default_value = "btree")]
    maps: Order,
    /// What a set is.
    #[arg(long, value_enum, default_value = "btree")]
    sets: Order,
    /// What a binary is.
    #[arg(long, value_enum, default_value = "vec")]
    binaries: Bytes,
    /// Strings and binaries are slices of the frame they came in.
    #[arg(long)]
    shared: bool,
    /// A trait to derive for all types.
    #[arg(long = "derive", value_name = "PATH")]
    derives: Vec<String>,
    /// No clients: only what serves.
    #[arg(long)]
    no_clients: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Order {
    Btree,
    Hash,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bytes {
    Vec,
    Bytes,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reports) => {
            eprintln!("{reports}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all is as it should be.
fn run(arguments: Arguments) -> Result<bool, Reports> {
    let containers = |order| match order {
        Order::Btree => Containers::Ordered,
        Order::Hash => Containers::Hashed,
    };
    let mut config = Config::new()
        .maps(containers(arguments.maps))
        .sets(containers(arguments.sets))
        .binaries(match arguments.binaries {
            Bytes::Vec => Binaries::Owned,
            Bytes::Bytes => Binaries::Shared,
        })
        .shared(arguments.shared)
        .clients(!arguments.no_clients);
    for derive in arguments.derives {
        config = config.derive(derive);
    }
    for folder in &arguments.includes {
        config = config.include_dir(folder);
    }
    for file in &arguments.files {
        config = config.input(file);
    }
    let has_folder = arguments.out.is_some();
    if let Some(folder) = arguments.out {
        config = config.out_dir(folder);
    }
    let (generated, warnings) = config.generate()?;
    for warning in &warnings {
        eprintln!("{warning}\n");
    }
    if !arguments.check {
        config.write(&generated)?;
        return Ok(true);
    }
    if !has_folder {
        return Ok(true);
    }
    let stale = config.stale(&generated)?;
    for file in &stale {
        eprintln!("error: {} is not up to date", file.file_name);
    }
    Ok(stale.is_empty())
}
