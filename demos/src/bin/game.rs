//! The chat on several nodes, by a file: `cargo run --release --bin game -- --config demos/cluster.toml gate`, and so on.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use oneloop::Result;
use oneloop::cluster::{App, Assigned};
use oneloop::config::{Apps, Config, NodePlan};
use oneloop_demos::{complain, game, log_to_stderr, parse, print, refuse, report};

/// One node of a chat that is spread over several: what it is the file says. Each is a process of its own.
#[derive(Debug, Parser)]
#[command(name = "game", version)]
struct Options {
    /// The file that describes the nodes
    #[arg(long, value_name = "FILE", default_value = DEFAULT_FILE)]
    config: PathBuf,
    /// Look at the file, say what each node would do, and start nothing
    #[arg(long)]
    check: bool,
    /// The node to start, one of the file's
    #[arg(required_unless_present = "check")]
    name: Option<String>,
}

const DEFAULT_FILE: &str = "demos/cluster.toml";

fn main() -> ExitCode {
    let options = parse::<Options>();
    log_to_stderr();
    let apps = match game::apps() {
        Ok(apps) => apps,
        Err(error) => return report("game", Err(error)),
    };
    let config = match Config::load(&options.config, &apps.names()) {
        Ok(config) => config,
        Err(reports) => {
            complain(&reports.to_string());
            return ExitCode::from(2);
        }
    };
    for warning in config.warnings() {
        complain(&warning.to_string());
    }
    if let Some(name) = &options.name
        && let Err(misuse) = config.node(name)
    {
        return refuse(&misuse);
    }
    if options.check {
        return check(&config, options.name.as_deref());
    }
    let name = options.name.as_deref().unwrap_or_default();
    report("game", serve(&apps, &config, name, &options))
}

/// Says what is planned. Of the node that was named it is looked at too whether it finds its secret.
fn check(config: &Config, name: Option<&str>) -> ExitCode {
    print(&config.plan());
    if let Some(name) = name
        && let Err(error) = Assigned::of(config, name)
    {
        complain(&error.to_string());
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}

fn serve(apps: &Apps<App>, config: &Config, name: &str, options: &Options) -> Result<()> {
    let mut running = apps.launch(config, name)?;
    print(&introduction(config, config.node(name)?, options));
    running.run()?;
    print(&format!("{}\n", running.counters()));
    Ok(())
}

/// What this node is, and what to start next.
fn introduction(config: &Config, node: &NodePlan, options: &Options) -> String {
    let mut text = format!("This is {}, {}.\n", node.name, what(&node.app));
    for address in &node.net {
        text += &format!("{} listens on {address}\n", node.name);
    }
    if let Some(root) = &node.root {
        text += &format!("{} waits for other nodes on {}\n", node.name, root.listen);
    }
    for remote in &node.remotes {
        text += &format!(
            "{} dials {} at {}\n",
            node.name, remote.root, remote.address
        );
    }
    let others = config.nodes().filter(|other| other.name != node.name);
    let others: Vec<String> = others
        .map(|other| {
            let file = options.config.display();
            format!(
                "  cargo run --release --bin game -- --config {file} {}\n",
                other.name
            )
        })
        .collect();
    if !others.is_empty() {
        text += "The others, each in a terminal of its own, in any order:\n";
        text += &others.concat();
    }
    let nets = config.nodes().flat_map(|node| &node.net);
    if let Some(net) = nets.into_iter().next() {
        let elsewhere = match net.to_string() {
            net if net == "127.0.0.1:7001" => String::new(),
            net => format!(" --connect {net}"),
        };
        text += &format!(
            "Then join: cargo run --release --bin chat -- client --name ann{elsewhere}\nCtrl-C stops it. Or kill it, and start it again: the others go on.\n"
        );
    }
    text
}

fn what(app: &str) -> &'static str {
    match app {
        "net" => "which has the clients",
        "gate" => "which knows who is where",
        _ => "which has rooms",
    }
}
