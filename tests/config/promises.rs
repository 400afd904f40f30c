//! What a file is held to: its most of everything, and what one corpus file cannot show.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use oneloop::config::{Config, Format, Memory, Reports};

use super::APPS;

fn toml(text: &str) -> Result<Config, Reports> {
    Config::parse(text, "cluster.toml", Format::Toml, &APPS)
}

fn messages(result: &Result<Config, Reports>) -> Vec<String> {
    let Err(reports) = result else {
        return Vec::new();
    };
    let text = |report: &oneloop::config::Report| format!("{}: {}", report.key(), report.message());
    reports.iter().map(text).collect()
}

#[test]
fn a_text_has_a_most_of_bytes() {
    let good = "[servers.net]\napp = 'net'\nnetport = 1\n";
    for (length, is_taken) in [
        (Config::TEXT_BYTES_MAX - 1, true),
        (Config::TEXT_BYTES_MAX, true),
        (Config::TEXT_BYTES_MAX + 1, false),
    ] {
        let text = good.to_owned() + &"#".repeat(length - good.len());
        assert_eq!(toml(&text).is_ok(), is_taken, "{length}");
        // A file is read no further than one byte beyond; a character may be cut by that.
        let text = good.to_owned() + "#" + &"é".repeat((length - good.len()) / 2);
        let memory = Memory::default().file("a.toml", text.clone());
        let loaded = Config::load_from(&memory, Path::new("a.toml"), &APPS);
        assert_eq!(loaded.is_ok(), text.len() <= Config::TEXT_BYTES_MAX);
        let told = messages(&loaded);
        assert!(
            told.iter()
                .all(|told| told.contains("1048576 bytes at most")),
            "{told:?}"
        );
    }
}

#[test]
fn a_cluster_has_a_most_of_nodes() {
    let nodes = |count: usize| {
        let mut text = String::new();
        for number in 1..=count {
            writeln!(text, "[servers.n{number}]\napp = 'net'\nnetport = {number}").expect("a text");
        }
        toml(&text)
    };
    assert_eq!(nodes(999).expect("below").nodes().count(), 999);
    assert_eq!(nodes(1000).expect("at").nodes().count(), 1000);
    assert_eq!(
        messages(&nodes(1001)),
        ["servers.n1001: a cluster has 1000 nodes at most"]
    );
}

#[test]
fn a_node_has_a_most_of_ports_and_of_letters() {
    let ports = |count: u16| {
        let ports: Vec<String> = (1..=count).map(|port| port.to_string()).collect();
        toml(&format!(
            "[servers.net]\napp = 'net'\nnetport = [{}]",
            ports.join(", ")
        ))
    };
    assert!(ports(63).is_ok() && ports(64).is_ok());
    assert_eq!(
        messages(&ports(65)),
        ["servers.net.netport: a node listens on 64 ports at most"]
    );
    assert_eq!(
        messages(&ports(0)),
        ["servers.net.netport: the list is empty"]
    );
    let named = |letters: usize| {
        toml(&format!(
            "[servers.{}]\napp = 'net'\nnetport = 1",
            "n".repeat(letters)
        ))
    };
    assert!(named(1).is_ok() && named(63).is_ok() && named(64).is_ok());
    assert!(named(65).is_err());
    let host = |letters: usize| {
        let host = "h".repeat(letters);
        toml(&format!(
            "[servers.net]\napp = 'net'\nnetport = 1\nnetlisten = '::'\nhost = '{host}'"
        ))
    };
    assert!(host(1).is_ok() && host(252).is_ok() && host(253).is_ok());
    assert!(host(254).is_err() && host(0).is_err());
}

#[test]
fn a_port_is_from_1_to_65535() {
    for (port, is_taken) in [
        (-1, false),
        (0, false),
        (1, true),
        (2, true),
        (65_534, true),
        (65_535, true),
        (65_536, false),
    ] {
        for key in ["netport", "rootport"] {
            let text = format!("[servers.net]\napp = 'net'\n{key} = {port}");
            assert_eq!(toml(&text).is_ok(), is_taken, "{key} = {port}");
        }
    }
}

#[test]
fn a_limit_of_a_node_wins_over_the_clusters() {
    let config = toml(
        "[cluster.limits]\ncalls_max = 5\ncall_deadline = '2s'\nidle_timeout = 1500\n\
         [servers.net]\napp = 'net'\nnetport = 1\n[servers.net.limits]\ncalls_max = 7\nidle_timeout = 'never'\n\
         [servers.gate]\napp = 'gate'\nnetport = 2\n",
    )
    .expect("good");
    let limits = |name| config.node(name).expect("there").limits.clone();
    let (net, gate) = (limits("net").link, limits("gate").link);
    assert_eq!((net.calls_max, gate.calls_max), (7, 5));
    assert_eq!(
        (net.call_deadline, gate.call_deadline),
        (Duration::from_secs(2), Duration::from_secs(2))
    );
    assert_eq!(
        (net.idle_timeout, gate.idle_timeout),
        (None, Some(Duration::from_millis(1500)))
    );
}

#[test]
fn two_nodes_share_a_port_only_where_nobody_is_in_the_way() {
    // host, netlisten of both; whether the second can listen too.
    for (one, other, is_taken) in [
        (
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.1", "127.0.0.1"),
            false,
        ),
        (
            ("127.0.0.1", "127.0.0.1"),
            ("localhost", "127.0.0.1"),
            false,
        ),
        (("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "127.0.0.2"), true),
        (("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "::1"), true),
        (("127.0.0.1", "127.0.0.1"), ("::1", "0.0.0.0"), false),
        (("127.0.0.1", "::1"), ("127.0.0.1", "0.0.0.0"), true),
        (("127.0.0.1", "::"), ("127.0.0.1", "0.0.0.0"), false),
        (("10.0.0.5", "127.0.0.1"), ("10.0.0.6", "127.0.0.1"), true),
        (("10.0.0.5", "0.0.0.0"), ("10.0.0.6", "0.0.0.0"), true),
        (("10.0.0.5", "0.0.0.0"), ("10.0.0.5", "0.0.0.0"), false),
        (("game", "10.0.0.5"), ("10.0.0.5", "10.0.0.5"), false),
        (("game", "0.0.0.0"), ("game", "127.0.0.1"), false),
    ] {
        let node = |name: &str, (host, listen): (&str, &str)| {
            format!(
                "[servers.{name}]\napp = 'net'\nnetport = 80\nhost = '{host}'\nnetlisten = '{listen}'\n"
            )
        };
        for (one, other) in [(one, other), (other, one)] {
            let result = toml(&(node("one", one) + &node("other", other)));
            assert_eq!(
                result.is_ok(),
                is_taken,
                "{one:?} {other:?}: {:?}",
                messages(&result)
            );
        }
    }
}

#[test]
fn a_root_beyond_loopback_takes_a_secret() {
    for (keys, is_taken) in [
        ("", true),
        ("host = '::1'", true),
        ("host = '10.0.0.5'", false),
        ("host = '10.0.0.5'\nrootlisten = '127.0.0.1'", true),
        ("rootlisten = '0.0.0.0'", false),
        ("rootlisten = '::'", false),
        ("rootlisten = '::'\nsecret_env = 'A'", true),
    ] {
        let text = format!("[servers.gate]\napp = 'gate'\nrootport = 80\n{keys}\n");
        let told = messages(&toml(&text));
        assert_eq!(told.is_empty(), is_taken, "{keys}: {told:?}");
        assert!(
            told.iter().all(|told| told.contains("without a secret")),
            "{told:?}"
        );
    }
    // For clients everything may be open.
    assert!(toml("[servers.net]\napp = 'net'\nnetport = 80\nhost = '10.0.0.5'").is_ok());
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let memory = Memory::default()
        .file("bad.toml", *b"a = 1\nb = \"\xff\"")
        .file("a.yaml", "");
    for (path, told) in [
        ("bad.toml", "error: this is no UTF-8\n --> bad.toml:2:6\n"),
        (
            "none.toml",
            "error: there is no such file\n --> none.toml\n",
        ),
        (
            "a.yaml",
            "error: this is no name for a cluster's file\n --> a.yaml\n",
        ),
    ] {
        let reports = Config::load_from(&memory, Path::new(path), &APPS).expect_err(path);
        assert!(reports.to_string().starts_with(told), "{reports}");
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/good/cluster.toml");
    assert!(Config::load(here, &APPS).is_ok());
    assert!(Config::load(env!("CARGO_MANIFEST_DIR"), &APPS).is_err());
}
