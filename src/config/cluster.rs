//! What a file says, key by key: each value of the right kind, or an error at its place. What holds between nodes is looked at later,
//! by `check`.

use core::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use super::Format;
use super::apps::advice;
use super::draft::{Cluster, Draft, Given, Placed, Remote};
use super::limits::{Limit, Setting};
use super::secret::SecretSource;
use super::tree::{Entry, Item, Value};
use super::veil;
use crate::report::{Desk, Span, nearest};

/// Reads a file's keys.
pub(super) struct Reader<'a> {
    desk: &'a mut Desk,
    format: Format,
    /// What paths in the file begin at.
    folder: &'a Path,
    apps: &'a [&'a str],
    has_wrong_secret: bool,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(
        desk: &'a mut Desk,
        format: Format,
        folder: &'a Path,
        apps: &'a [&'a str],
    ) -> Self {
        Self {
            desk,
            format,
            folder,
            apps,
            has_wrong_secret: false,
        }
    }
}

impl Reader<'_> {
    pub(super) fn cluster(&mut self, entries: &[Entry]) -> Cluster {
        let mut cluster = Cluster::default();
        let mut has_servers = false;
        for entry in entries {
            match entry.key.as_str() {
                "cluster" => self.common(entry, &mut cluster),
                "servers" => {
                    has_servers = true;
                    cluster.nodes = self.nodes(entry);
                }
                other if LEGACY_TOP.contains(&other) => self.legacy(entry, &entry.key),
                _ => self.unknown(entry, "", TOP_KEYS.into_iter()),
            }
        }
        if !has_servers {
            self.desk.error_of(
                Span::default(),
                "servers",
                "there is no such table, so there is nothing to start",
                "describe each node in a table of its own: [servers.NAME]",
            );
        }
        cluster.has_wrong_secret = self.has_wrong_secret;
        cluster
    }

    /// What holds for all nodes.
    fn common(&mut self, entry: &Entry, cluster: &mut Cluster) {
        let Some(entries) = self.table(&entry.item, &entry.key) else {
            return;
        };
        for entry in entries {
            let key = format!("cluster.{}", entry.key);
            match entry.key.as_str() {
                "limits" => cluster.limits = self.limits(entry, &key),
                "secret_env" | "secret_file" => self.secret(entry, key, &mut cluster.secret),
                _ => self.unknown(entry, "cluster", CLUSTER_KEYS.into_iter()),
            }
        }
    }

    fn nodes(&mut self, entry: &Entry) -> Vec<Draft> {
        let Some(entries) = self.table(&entry.item, &entry.key) else {
            return Vec::new();
        };
        if entries.is_empty() {
            self.desk.error_of(
                entry.at,
                "servers",
                "it is empty, so there is nothing to start",
                "describe each node in a table of its own: [servers.NAME]",
            );
        }
        if let Some(first) = entries.get(NODES_MAX) {
            self.desk.error_of(
                first.at,
                format!("servers.{}", first.key),
                format!("a cluster has {NODES_MAX} nodes at most"),
                "describe the others in a file of their own",
            );
        }
        let entries = entries.iter().take(NODES_MAX);
        entries.map(|entry| self.node(entry)).collect()
    }

    fn node(&mut self, entry: &Entry) -> Draft {
        let key = format!("servers.{}", entry.key);
        let mut draft = Draft {
            name: entry.key.clone(),
            at: entry.at,
            key: key.clone(),
            ..Draft::default()
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let length = entry.key.chars().count();
        if !(1..=NAME_CHARS_MAX).contains(&length) || !entry.key.chars().all(plain) {
            self.desk.error_of(
                entry.at,
                &key,
                "this is no name for a node",
                format!(
                    "use 1 to {NAME_CHARS_MAX} letters of the English alphabet, digits, `_`, `-` or `.`"
                ),
            );
        }
        let Some(entries) = self.table(&entry.item, &key) else {
            // So that nothing is missed of what it might have said.
            draft.app = Given::Wrong;
            draft.rootport = Given::Wrong;
            draft.has_parts = true;
            return draft;
        };
        for entry in entries {
            self.node_key(entry, format!("{key}.{}", entry.key), &mut draft);
        }
        draft
    }

    fn node_key(&mut self, entry: &Entry, key: String, draft: &mut Draft) {
        if self.is_absent(&entry.item) {
            return;
        }
        let item = &entry.item;
        match entry.key.as_str() {
            "app" => draft.app = self.app(item, key),
            "host" => draft.host = self.host(item, key),
            "netlisten" => draft.netlisten = self.listen(item, key),
            "rootlisten" => draft.rootlisten = self.listen(item, key),
            "netport" => {
                draft.has_parts = true;
                draft.netports = self.ports(item, key);
            }
            "rootport" => {
                draft.has_parts = true;
                draft.rootport = self.port(item, key);
            }
            "remoteport" => {
                let (remotes, is_empty) = self.remotes(item, &key);
                draft.has_parts |= !is_empty;
                draft.remotes = remotes;
            }
            "limits" => draft.limits = self.limits(entry, &key),
            "secret_env" | "secret_file" => self.secret(entry, key, &mut draft.secret),
            other if LEGACY_NODE.contains(&other) => self.legacy(entry, &key),
            _ => self.unknown(entry, &draft.key, NODE_KEYS.into_iter()),
        }
    }

    fn app(&mut self, item: &Item, key: String) -> Given<String> {
        let Some(name) = self.text(item, &key) else {
            return Given::Wrong;
        };
        if !self.apps.contains(&name) {
            let help = advice(name, self.apps, "registered are");
            let message = format!("no app is registered as `{name}`");
            self.desk.error_of(item.span, key, message, help);
            return Given::Wrong;
        }
        right(name.to_owned(), item, key)
    }

    fn host(&mut self, item: &Item, key: String) -> Given<String> {
        let Some(text) = self.text(item, &key) else {
            return Given::Wrong;
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let is_name = (1..=HOST_CHARS_MAX).contains(&text.len()) && text.chars().all(plain);
        let message = match ip(text) {
            Some(ip) if ip.is_unspecified() => {
                format!("at {ip} nobody can be found: it stands for all addresses of a machine")
            }
            Some(ip) => return right(ip.to_string(), item, key),
            None if is_name => return right(text.to_owned(), item, key),
            None => format!("`{text}` is neither an IP address nor a host's name"),
        };
        let help = "write where the other nodes find this one, without a port, as in \"10.0.0.5\"; \
                    where it listens is said by `netlisten` and `rootlisten`";
        self.desk.error_of(item.span, key, message, help);
        Given::Wrong
    }

    fn listen(&mut self, item: &Item, key: String) -> Given<IpAddr> {
        let Some(text) = self.text(item, &key) else {
            return Given::Wrong;
        };
        match ip(text) {
            Some(ip) => right(ip, item, key),
            None => {
                let message = format!("`{text}` is no address to listen at");
                let help = "write an IP address of this machine without a port: \"127.0.0.1\" for this machine only, \
                            \"0.0.0.0\" or \"::\" for everybody";
                self.desk.error_of(item.span, key, message, help);
                Given::Wrong
            }
        }
    }

    fn port(&mut self, item: &Item, key: String) -> Given<u16> {
        let message = match item.value {
            Value::Whole(number) => match u16::try_from(number) {
                Ok(port) if port > 0 => return right(port, item, key),
                _ => format!("{number} is no port"),
            },
            ref other => format!("a port is due here, this is {}", other.kind()),
        };
        self.desk.error_of(item.span, key, message, PORT_HELP);
        Given::Wrong
    }

    fn ports(&mut self, item: &Item, key: String) -> Vec<Placed<u16>> {
        let Value::List(items) = &item.value else {
            return self.port(item, key).right().cloned().into_iter().collect();
        };
        if items.is_empty() {
            let help = "name a port, or leave the key out if the node has no clients";
            self.desk
                .error_of(item.span, &key, "the list is empty", help);
        }
        if let Some(first) = items.get(PORTS_MAX) {
            let message = format!("a node listens on {PORTS_MAX} ports at most");
            self.desk
                .error_of(first.span, &key, message, "take some of them out");
        }
        let mut ports = Vec::new();
        for (index, item) in items.iter().enumerate().take(PORTS_MAX) {
            if let Given::Right(port) = self.port(item, format!("{key}[{index}]")) {
                ports.push(port);
            }
        }
        ports
    }

    /// The roots, and whether there are none.
    fn remotes(&mut self, item: &Item, key: &str) -> (Vec<Remote>, bool) {
        let Value::List(items) = &item.value else {
            self.wrong_kind(item, key, "a list", REMOTE_HELP);
            return (Vec::new(), false);
        };
        let remotes = items.iter().enumerate();
        let remotes = remotes.filter_map(|(index, item)| {
            let key = format!("{key}[{index}]");
            let Value::Table(entries) = &item.value else {
                self.wrong_kind(item, &key, "a table", REMOTE_HELP);
                return None;
            };
            self.remote(entries, item.span, &key)
        });
        (remotes.collect(), items.is_empty())
    }

    fn remote(&mut self, entries: &[Entry], at: Span, key: &str) -> Option<Remote> {
        let mut root = Given::Missing;
        let mut rootport = Given::Missing;
        for entry in entries {
            let inner = format!("{key}.{}", entry.key);
            match entry.key.as_str() {
                "rootname" => {
                    root = match self.text(&entry.item, &inner) {
                        Some(name) => right(name.to_owned(), &entry.item, inner),
                        None => Given::Wrong,
                    };
                }
                "rootport" => rootport = self.port(&entry.item, inner),
                _ => self.unknown(entry, key, REMOTE_KEYS.into_iter()),
            }
        }
        match root {
            Given::Right(root) => Some(Remote { root, at, rootport }),
            Given::Wrong => None,
            Given::Missing => {
                self.desk
                    .error_of(at, key, "`rootname` is missing", REMOTE_HELP);
                None
            }
        }
    }

    fn limits(&mut self, entry: &Entry, key: &str) -> Vec<Setting> {
        let mut settings = Vec::new();
        for entry in self.table(&entry.item, key).unwrap_or_default() {
            let inner = format!("{key}.{}", entry.key);
            let Some(limit) = Limit::find(&entry.key) else {
                self.unknown(entry, key, Limit::names());
                continue;
            };
            let item = &entry.item;
            match limit.read(&item.value, item.span, &inner) {
                Ok(setting) => settings.push(setting),
                Err(help) => {
                    let message = match item.value {
                        Value::Text(ref text) => format!("this limit cannot be `{text}`"),
                        Value::Whole(number) => format!("this limit cannot be {number}"),
                        ref other => format!("this limit cannot be {}", other.kind()),
                    };
                    self.desk.error_of(item.span, inner, message, help);
                }
            }
        }
        settings
    }

    fn secret(&mut self, entry: &Entry, key: String, found: &mut Option<Placed<SecretSource>>) {
        if self.is_absent(&entry.item) {
            return;
        }
        let Some(value) = self.secret_source(entry, &key) else {
            self.has_wrong_secret = true;
            return;
        };
        if let Some(other) = found {
            let message = format!("there is `{}` already", other.key);
            let help = "keep one of the two";
            self.desk.error_of(entry.at, key, message, help);
            return;
        }
        *found = Some(Placed {
            value,
            at: entry.item.span,
            key,
        });
    }

    /// The value is never part of a message: a secret may have been put there by mistake.
    fn secret_source(&mut self, entry: &Entry, key: &str) -> Option<SecretSource> {
        let item = &entry.item;
        let text = self.text(item, key)?;
        let (message, help) = match entry.key.as_str() {
            "secret_file" if !text.is_empty() => {
                return Some(SecretSource::File(self.folder.join(text)));
            }
            "secret_file" => (
                "the path is empty",
                "write the path of the file that holds the secret",
            ),
            _ if veil::is_variable(text) => {
                return Some(SecretSource::Variable(text.to_owned()));
            }
            _ => (
                "this is no name of an environment variable",
                "write the name of the variable, not what it holds: capital letters, digits and `_`, as in \"CLUSTER_SECRET\"",
            ),
        };
        self.desk.error_of(item.span, key, message, help);
        None
    }

    /// What Firefly's files have and we have no use for yet.
    fn legacy(&mut self, entry: &Entry, key: &str) {
        let message = format!("`{}` is Firefly's and has no use here", entry.key);
        match self.format {
            Format::Json => {
                let help = "it is passed over; nothing of it takes effect";
                self.desk.warning_of(entry.at, key, message, help);
            }
            Format::Toml => self.desk.error_of(entry.at, key, message, "take it out"),
        }
    }

    fn unknown(&mut self, entry: &Entry, path: &str, known: impl Iterator<Item = &'static str>) {
        let known: Vec<&str> = known.collect();
        let dot = if path.is_empty() { "" } else { "." };
        let key = format!("{path}{dot}{}", entry.key);
        let near = nearest(&entry.key, known.iter().copied());
        let is_secret = veil::sounds_secret(&entry.key);
        self.has_wrong_secret |= is_secret;
        if is_secret && near.is_none() {
            self.desk.error_of(
                entry.at,
                key,
                "a secret has no place in a cluster's file",
                "say where it is found: `secret_env` names an environment variable, `secret_file` a file; both may stand in [cluster] or with a node",
            );
            return;
        }
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                // Nobody knows what it is: a password perhaps, by a name that does not sound so.
                let is_table = matches!(entry.item.value, Value::Table(_));
                let value = entry.at.to(entry.item.span);
                if !is_table && value.start < entry.item.span.start {
                    self.desk.veil(Span::new(entry.at.end, value.end));
                }
                format!("the keys here are: {}", known.join(", "))
            }
        };
        self.desk
            .error_of(entry.at, key, "there is no such key", help);
    }

    fn table<'i>(&mut self, item: &'i Item, key: &str) -> Option<&'i [Entry]> {
        match &item.value {
            Value::Table(entries) => Some(entries),
            Value::Null => Some(&[]),
            _ => {
                self.wrong_kind(
                    item,
                    key,
                    "a table",
                    "write it as a table, with keys of its own",
                );
                None
            }
        }
    }

    fn text<'i>(&mut self, item: &'i Item, key: &str) -> Option<&'i str> {
        match &item.value {
            Value::Text(text) => Some(text),
            _ => {
                self.wrong_kind(item, key, "a text", "write it in double quotes");
                None
            }
        }
    }

    fn wrong_kind(&mut self, item: &Item, key: &str, due: &str, help: &str) {
        let message = format!("{due} is due here, this is {}", item.value.kind());
        self.desk.error_of(item.span, key, message, help);
    }

    /// In JSON null, and as Firefly has it zero, is as good as no key.
    fn is_absent(&self, item: &Item) -> bool {
        matches!(item.value, Value::Null | Value::Whole(0)) && self.format == Format::Json
    }
}

fn right<T>(value: T, item: &Item, key: String) -> Given<T> {
    let at = item.span;
    Given::Right(Placed { value, at, key })
}

/// The IP address that a text says, with or without brackets; `localhost` is one.
fn ip(text: &str) -> Option<IpAddr> {
    if text == "localhost" {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    inner.unwrap_or(text).parse().ok()
}

const TOP_KEYS: [&str; 2] = ["cluster", "servers"];
const CLUSTER_KEYS: [&str; 3] = ["limits", "secret_env", "secret_file"];
const NODE_KEYS: [&str; 10] = [
    "app",
    "host",
    "netport",
    "netlisten",
    "rootport",
    "rootlisten",
    "remoteport",
    "limits",
    "secret_env",
    "secret_file",
];
const REMOTE_KEYS: [&str; 2] = ["rootname", "rootport"];
/// Firefly's and gfirefly's, which tell of parts that are not built yet, or that are no longer of use.
const LEGACY_TOP: [&str; 4] = ["master", "db", "memcached", "mem"];
const LEGACY_NODE: [&str; 9] = [
    "name",
    "db",
    "mem",
    "memcached",
    "web",
    "webport",
    "reload",
    "log",
    "cpu",
];
const PORT_HELP: &str = "a port is a whole number from 1 to 65535";
const REMOTE_HELP: &str =
    "name each root that this node dials: remoteport = [{ rootname = \"gate\", rootport = 20001 }]";
/// Nodes of one file.
pub(super) const NODES_MAX: usize = 1000;
/// Ports of one node for clients.
const PORTS_MAX: usize = 64;
/// Characters of a node's name.
const NAME_CHARS_MAX: usize = 64;
/// Characters of a host's name, by RFC 1035.
const HOST_CHARS_MAX: usize = 253;
