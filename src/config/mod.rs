//! Nodes by configuration: the file of a cluster, checked as a whole before anything starts.
//!
//! ```text
//!  text ──from_toml──► tree ──cluster──► drafts ──check──► NodePlan, NodePlan, ...
//!       └─from_json─┘   keys, places     each key right    what holds between them right
//! ```
//!
//! ```
//! use oneloop::config::{Config, Format};
//!
//! let text = r#"
//!     [servers.gate]
//!     app = "gate"
//!     rootport = 20001
//!
//!     [servers.net]
//!     app = "net"
//!     netport = 1000
//!     remoteport = [{ rootname = "gate" }]
//! "#;
//! let config = Config::parse(text, "cluster.toml", Format::Toml, &["gate", "net"])?;
//! let net = config.node("net")?;
//! assert_eq!(net.remotes[0].address.to_string(), "127.0.0.1:20001");
//!
//! let wrong = text.replace("netport = 1000", "netprot = 1000");
//! let reports = Config::parse(&wrong, "cluster.toml", Format::Toml, &["gate", "net"]).unwrap_err();
//! assert_eq!(
//!     reports.to_string(),
//!     "error: servers.net.netprot: there is no such key\n --> cluster.toml:8:5\n  |\n8 |     netprot = 1000\n  |     ^^^^^^^\nhelp: did you mean `netport`?"
//! );
//! # Ok::<(), oneloop::Error>(())
//! ```
//!
//! All errors are told at once, each with its place, its key and the mend. (Of a text that is no TOML or no JSON only that is told: what
//! the rest of it means would be a guess.) Lines are shown up to what looks like a secret, or what has a key that nobody knows.
//!
//! # The keys
//!
//! `[cluster]`, which may be left out, has what holds for all nodes:
//!
//! | Key | Type | Default | Meaning |
//! |---|---|---|---|
//! | `secret_env` | text | none | the environment variable that holds the secret which children and roots prove to each other: capital letters, digits and `_` |
//! | `secret_file` | text | none | the file that holds it; a path that is not absolute begins at the folder of the cluster's file. Not both |
//! | `limits` | table | none | limits of every node, see below |
//!
//! `[servers.NAME]` describes the node NAME: 1 to 64 letters, digits, `_`, `-` or `.`. There are 1 to 1,000 nodes.
//!
//! | Key | Type | Default | Meaning |
//! |---|---|---|---|
//! | `app` | text | has to be there | what the node runs: one of the names that the program registered, see [`Apps`] |
//! | `host` | text | `"127.0.0.1"` | where other nodes find this one: an IP address or a host's name, without a port |
//! | `netport` | port, or 1 to 64 of them in a list | no front end | where it listens for clients |
//! | `netlisten` | text | `host` | the IP address at which it listens for clients; `"0.0.0.0"` and `"::"` are all of the machine's. Has to be there if `host` is a name |
//! | `rootport` | port | no root | where it listens for children |
//! | `rootlisten` | text | `host` | the same for children. Beyond loopback it takes a secret |
//! | `remoteport` | list of `{ rootname, rootport }` | dials nobody | the roots it dials. `rootname` is another node, which has a `rootport`; that may be repeated, and has to be the same then |
//! | `secret_env`, `secret_file` | text | the cluster's | as in `[cluster]`, for this node |
//! | `limits` | table | the cluster's | limits of this node; a limit that is not here is the cluster's. Those of links hold for clients' links, and for links to other nodes if the node has no clients |
//!
//! A node has a `netport`, a `rootport` or a `remoteport`. A port is a whole number from 1 to 65,535. No two nodes listen at one address;
//! nodes with the same `host` are on one machine. The secret itself is never in the file: a key `secret` is refused.
//!
//! `limits` has every field of [`Limits`](crate::Limits) and [`LinkLimits`](crate::LinkLimits) by its own name, with their defaults:
//!
//! | Limits | Type |
//! |---|---|
//! | `buffered_bytes_max`, `frame_bytes_max`, `frame_out_bytes_max`, `read_bytes_per_turn_max`, `outbox_bytes_low`, `outbox_bytes_high`, `outbox_bytes_max` | a number of bytes, or a text with the unit `B`, `KiB`, `MiB` or `GiB`: `"64KiB"` |
//! | `drain_deadline`, `turn_warn`, `call_deadline`, `frame_deadline`, `write_deadline`, `connect_deadline`, `close_deadline`, `idle_timeout` | a number of milliseconds, or a text with the unit `ms`, `s`, `min` or `h`: `"10s"`; at most 365 days. `idle_timeout` may be `"never"` |
//! | `links_max`, `accepts_per_turn_max`, `posts_per_turn_max`, `posts_max`, `timers_per_turn_max`, `continuations_per_turn_max`, `worker_threads_max`, `worker_queue_max`, `frames_per_turn_max`, `calls_max` | a whole number |
//!
//! Starting nodes by their plans is the part of `cluster`, with the feature `node`.
//!
//! Limits that contradict each other are refused, as [`Limits::check`](crate::Limits::check) does.
//!
//! # Firefly's own files
//!
//! As JSON the same keys are taken, so that a `config.json` of Firefly can be read: `servers` with `netport`, `rootport`, `remoteport` and
//! `app`. `null` and 0 are as good as no key. What there is no use for is passed over with a warning: `master`, `db`, `memcached` and `mem`
//! beside `servers`; `name`, `db`, `mem`, `memcached`, `web`, `webport`, `reload`, `log` and `cpu` in a node. Two things differ: a port for
//! clients is open on `host` only, and not on all addresses, unless `netlisten` says so; and a key that nobody knows is an error.
//!
//! In TOML all these are errors too.

mod apps;
mod check;
mod cluster;
mod draft;
mod files;
mod from_json;
mod from_toml;
mod limits;
mod measure;
mod outline;
mod plan;
mod secret;
mod tree;
mod veil;

use std::path::{Path, PathBuf};

use check::Planned;
use cluster::Reader;
use draft::Placed;

use crate::error::{Misuse, Result};
use crate::report::{Desk, Source, Span};

pub use crate::report::{Report, Reports, Severity};
pub use apps::Apps;
pub use files::{Machine, Memory, Surroundings};
pub use plan::{NodePlan, RemotePlan, RootPlan};
pub use secret::{Secret, SecretSource};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// [TOML](https://toml.io/en/v1.1.0). Every key has to be known.
    Toml,
    /// JSON, as Firefly has it.
    Json,
}

/// The nodes of a cluster, as a file describes them: checked, and nothing of it started.
#[derive(Clone, Debug)]
pub struct Config {
    nodes: Vec<Planned>,
    warnings: Vec<Report>,
    source: Source,
}

impl Config {
    /// The most bytes that a file may have: 1 MiB.
    pub const TEXT_BYTES_MAX: usize = 1 << 20;

    /// Reads a file; its name ends in `.toml` or `.json`. `apps` are the names that `app` may say, see [`Apps::names`].
    ///
    /// ```no_run
    /// use oneloop::config::{Apps, Config};
    ///
    /// let mut apps = Apps::new();
    /// apps.register("gate", || println!("a gate"))?;
    /// let config = Config::load("cluster.toml", &apps.names())?;
    /// for warning in config.warnings() {
    ///     eprintln!("{warning}");
    /// }
    /// print!("{}", config.plan());
    /// # Ok::<(), oneloop::Error>(())
    /// ```
    ///
    /// # Errors
    /// All that is wrong with the file.
    pub fn load(path: impl AsRef<Path>, apps: &[&str]) -> Result<Self, Reports> {
        Self::load_from(&Machine, path.as_ref(), apps)
    }

    /// The same with a file from somewhere else, such as [`Memory`].
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_from(
        surroundings: &dyn Surroundings,
        path: &Path,
        apps: &[&str],
    ) -> Result<Self, Reports> {
        let refuse = |message: String, help: &str| {
            Err(Reports::new(vec![Report::of_file(path, message, help)]))
        };
        let extension = path.extension().unwrap_or_default();
        let format = match extension.to_str() {
            Some("toml") => Format::Toml,
            Some("json") => Format::Json,
            _ => {
                let help = "name it `.toml` or `.json`, by how it is written";
                return refuse("this is no name for a cluster's file".into(), help);
            }
        };
        let bytes = match surroundings.read(path, Self::TEXT_BYTES_MAX) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return refuse("there is no such file".into(), "look at the path"),
            Err(error) => return refuse(format!("it cannot be read: {error}"), "look at the path"),
        };
        match String::from_utf8(bytes) {
            Ok(text) => Self::parse(&text, path, format, apps),
            // What was cut is too long, wherever it was cut.
            Err(error) if error.as_bytes().len() > Self::TEXT_BYTES_MAX => Self::parse(
                &String::from_utf8_lossy(error.as_bytes()),
                path,
                format,
                apps,
            ),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let mut desk = desk_of(source_of(path, text));
                let at = Span::new(valid, valid);
                desk.error_of(at, "", "this is no UTF-8", "save the file as UTF-8");
                Err(Reports::new(desk.into_reports()))
            }
        }
    }

    /// Reads a text. `name` is what errors call it; files that it names are looked for in the folder of `name`.
    ///
    /// # Errors
    /// All that is wrong with the text.
    pub fn parse(
        text: &str,
        name: impl AsRef<Path>,
        format: Format,
        apps: &[&str],
    ) -> Result<Self, Reports> {
        let name = name.as_ref();
        if text.len() > Self::TEXT_BYTES_MAX {
            let message = format!(
                "a cluster's file has {} bytes at most",
                Self::TEXT_BYTES_MAX
            );
            let help = "describe some nodes in another file";
            return Err(Reports::new(vec![Report::of_file(name, message, help)]));
        }
        let mut desk = desk_of(source_of(name, text));
        let entries = match format {
            Format::Toml => from_toml::read(text, &mut desk),
            Format::Json => from_json::read(text, &mut desk),
        };
        let nodes = entries.map(|entries| {
            let folder = name.parent().map(PathBuf::from).unwrap_or_default();
            let cluster = Reader::new(&mut desk, format, &folder, apps).cluster(&entries);
            check::settle(&cluster, &mut desk)
        });
        let has_errors = desk.has_errors();
        let source = desk.take_sources().pop().unwrap_or_default();
        let reports = desk.into_reports();
        match nodes {
            Some(nodes) if !has_errors => Ok(Self {
                nodes,
                warnings: reports,
                source,
            }),
            _ => Err(Reports::new(reports)),
        }
    }

    /// The nodes, in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = &NodePlan> {
        self.nodes.iter().map(|node| &node.plan)
    }

    /// The node with this name.
    ///
    /// # Errors
    /// [`Misuse::Option`] if there is none, with the names that there are.
    pub fn node(&self, name: &str) -> Result<&NodePlan, Misuse> {
        self.planned(name).map(|node| &node.plan)
    }

    /// What was taken and is probably not what was meant.
    #[must_use]
    pub fn warnings(&self) -> &[Report] {
        &self.warnings
    }

    /// What each node would do, for people: what a check mode prints. Where secrets are found is in it, and no secret.
    ///
    /// ```
    /// use oneloop::config::{Config, Format};
    ///
    /// let text = "[servers.net]\napp = 'net'\nnetport = 1000\nlimits.calls_max = 16";
    /// let config = Config::parse(text, "cluster.toml", Format::Toml, &["net"])?;
    /// assert_eq!(config.plan(), "\
    /// net
    ///   app    runs net
    ///   host   is found at 127.0.0.1
    ///   net    listens for clients on 127.0.0.1:1000
    ///   limit  calls_max 16
    ///   limit  the other limits are as by default
    /// ");
    /// # Ok::<(), oneloop::Error>(())
    /// ```
    #[must_use]
    pub fn plan(&self) -> String {
        outline::outline(self.nodes())
    }

    /// The secret of a node that is about to start, read from this machine; `None` if it has no source of one. Only now, and only for
    /// this node: the others' may be on their machines.
    ///
    /// # Errors
    /// There is no node of that name; or, as [`Reports`] with the place in the file: the variable is not set, the file is missing or
    /// cannot be read, what they hold is shorter than [`Secret::BYTES_MIN`] or longer than [`Secret::BYTES_MAX`].
    pub fn secret(&self, node: &str) -> Result<Option<Secret>> {
        self.secret_from(&Machine, node)
    }

    /// The same with files and variables from somewhere else, such as [`Memory`].
    ///
    /// # Errors
    /// As [`secret`](Self::secret).
    pub fn secret_from(
        &self,
        surroundings: &dyn Surroundings,
        node: &str,
    ) -> Result<Option<Secret>> {
        match &self.planned(node)?.secret {
            Some(placed) => Ok(Some(self.read_secret(surroundings, placed)?)),
            None => Ok(None),
        }
    }

    fn read_secret(
        &self,
        surroundings: &dyn Surroundings,
        placed: &Placed<SecretSource>,
    ) -> Result<Secret, Reports> {
        let held = match &placed.value {
            SecretSource::Variable(name) => surroundings
                .variable(name)
                .ok_or_else(|| "is not set".into()),
            SecretSource::File(path) => match surroundings.read(path, SECRET_FILE_BYTES_MAX) {
                Ok(Some(bytes)) => Ok(bytes),
                Ok(None) => Err("is not there".into()),
                Err(error) => Err(format!("cannot be read: {error}")),
            },
        };
        held.and_then(|held| Secret::of(&held)).map_err(|why| {
            let mut desk = desk_of(self.source.clone());
            let message = format!("{} {why}", placed.value);
            let help = "the secret is 16 to 4096 bytes that nobody can guess, the same for all nodes: `openssl rand -hex 32` makes one";
            desk.error_of(placed.at, &placed.key, message, help);
            Reports::new(desk.into_reports())
        })
    }

    fn planned(&self, name: &str) -> Result<&Planned, Misuse> {
        let found = self.nodes.iter().find(|node| node.plan.name == name);
        found.ok_or_else(|| {
            let names: Vec<&str> = self.nodes().map(|node| &*node.name).collect();
            let advice = apps::advice(name, &names, "the nodes are");
            Misuse::Option(format!("there is no node `{name}`; {advice}"))
        })
    }
}

/// A cluster's file, with the secrets veiled that somebody may have written into it.
fn source_of(path: &Path, text: impl Into<String>) -> Source {
    let text = text.into();
    let veiled = veil::secrets(&text);
    Source::veiled(path, text, veiled)
}

/// Where what is wrong with this file is told.
fn desk_of(source: Source) -> Desk {
    let mut desk = Desk::new(REPORTS_MAX);
    desk.add(source);
    desk
}

/// Errors told of one file, and warnings; the next says that there are more.
const REPORTS_MAX: usize = 50;

/// Beyond the most that a secret may have: its end of line.
const SECRET_FILE_BYTES_MAX: usize = Secret::BYTES_MAX + 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_a_line_up_to_its_secret() {
        let text = "a = 1, secret = 'hunter2', b = 2";
        let mut desk = desk_of(source_of(Path::new("a.toml"), text));
        desk.error_of(Span::new(27, 28), "b", "no", "yes");
        assert_eq!(
            desk.into_reports()[0].to_string(),
            "error: b: no\n --> a.toml:1:28\n  |\n1 | a = 1, secret ***\n  |              ^\nhelp: yes"
        );
    }
}
