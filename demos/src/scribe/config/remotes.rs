//! Where a network store sends: hosts and ports.

use crate::scribe::config::reader::{Format, Reader};
use crate::scribe::config::settings::NetworkStore;
use crate::scribe::config::stores::{PORT_MAX, SPAN_MIN, port, set};
use crate::scribe::config::tree::Value;

/// The network store that a block describes.
pub(super) fn network(reader: &mut Reader<'_>) -> NetworkStore {
    reader.out(
        "smc_service",
        "finding remotes by smc or ZooKeeper",
        "name them: remote_host and remote_port, or service_list",
    );
    for name in ["dynamic_config_type", "service_options"] {
        reader.out(
            name,
            "finding remotes by a service",
            "name them: remote_host and remote_port, or service_list",
        );
    }
    reader.pass_over("service_cache_timeout", "lists do not change");
    let mut remotes = listed_remotes(reader);
    let host = reader.text(("host", "remote_host"));
    let number = reader.count(("port", "remote_port"), 1..=PORT_MAX);
    match (host, number.and_then(port)) {
        (Some((host, key)), _) if !is_host(host) => {
            let message = format!("`{host}` is neither an IP address nor a host's name");
            reader.refuse(key, message, "write it without a port, as in 10.0.0.5");
        }
        (Some((host, _)), Some(port)) => remotes.insert(0, (host.to_owned(), port)),
        (Some((host, _)), None) => match (reader.format, number) {
            (Format::Toml, None) if reader.block().key("port").is_none() => {
                remotes.insert(0, (host.to_owned(), PORT));
            }
            (Format::Conf, None) if reader.block().key("remote_port").is_none() => {
                reader.miss("`remote_port` is missing", "add it; scribe's is 1463");
            }
            _ => {}
        },
        (None, _) if remotes.is_empty() => {
            let names = match reader.format {
                Format::Toml => "`host` and `port`, or `remotes`",
                Format::Conf => "`remote_host` and `remote_port`, or `service_list`",
            };
            reader.miss("it goes nowhere", format!("say where: {names}"));
        }
        (None, _) => {}
    }
    let mut network = NetworkStore::new(remotes);
    set(
        &mut network.timeout,
        reader.span(("timeout", "timeout"), 1, SPAN_MIN),
    );
    set(
        &mut network.shared_link,
        reader.flag(("shared_link", "use_conn_pool")),
    );
    set(
        &mut network.ignore_errors,
        reader.flag(("ignore_errors", "ignore_network_error")),
    );
    network
}

fn listed_remotes(reader: &mut Reader<'_>) -> Vec<(String, u16)> {
    let by_default = reader.count(("", "list_default_port"), 1..=PORT_MAX);
    let by_default = by_default.and_then(port);
    let Some(key) = reader.take(("remotes", "service_list")) else {
        return Vec::new();
    };
    let texts: Vec<&str> = match &key.value {
        Value::Raw(text) => text.split(',').map(str::trim).collect(),
        Value::Texts(texts) => texts.iter().map(String::as_str).collect(),
        _ => {
            let help = "write a list: remotes = [\"a:1463\", \"b:1463\"]";
            reader.refuse(key, "a list of texts is due here", help);
            return Vec::new();
        }
    };
    let mut remotes = Vec::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        match remote(text, by_default) {
            Some(remote) => remotes.push(remote),
            None => {
                let message = format!("`{text}` is no host with a port");
                reader.refuse(
                    key,
                    message,
                    "write HOST:PORT, and [ADDRESS]:PORT if it has colons",
                );
            }
        }
    }
    if texts.iter().all(|text| text.is_empty()) {
        reader.refuse(key, "there is nothing", "write something, or leave it out");
    }
    remotes
}

/// A host and a port: `a:1463`, `[::1]:1463`, or `a` with a port that is said elsewhere.
fn remote(text: &str, by_default: Option<u16>) -> Option<(String, u16)> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
        None => (text, by_default),
    };
    let inner = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let port = port.filter(|port| *port > 0)?;
    let host = inner.unwrap_or(host);
    // Without brackets a colon would leave open where the port begins.
    let fits = is_host(host) && (inner.is_some() || !host.contains(':'));
    fits.then(|| (host.to_owned(), port))
}

fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    text.parse::<std::net::IpAddr>().is_ok()
        || (1..=HOST_CHARS_MAX).contains(&text.len()) && text.chars().all(plain)
}

/// scribe's usual port.
const PORT: u16 = 1463;
/// Characters of a host's name, by RFC 1035.
const HOST_CHARS_MAX: usize = 253;
