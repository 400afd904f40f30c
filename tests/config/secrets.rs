//! Where a node finds its secret, when it is about to start.

use std::path::Path;

use oneloop::config::{Config, Format, Memory, SecretSource};

use super::APPS;

const TEXT: &str = "\
[servers.gate]
app = 'gate'
rootport = 1
secret_env = 'GATE'
[servers.store]
app = 'store'
rootport = 2
secret_file = 'keys/store'
[servers.net]
app = 'net'
netport = 3
";

fn load(memory: &Memory) -> Config {
    match Config::load_from(memory, Path::new("conf/cluster.toml"), &APPS) {
        Ok(config) => config,
        Err(reports) => panic!("{reports}"),
    }
}

fn memory() -> Memory {
    Memory::default().file("conf/cluster.toml", TEXT)
}

#[test]
fn a_secret_is_read_when_its_node_starts_and_not_before() {
    let bare = load(&memory());
    let sources: Vec<_> = bare.nodes().map(|node| node.secret.clone()).collect();
    assert_eq!(
        sources,
        [
            Some(SecretSource::Variable("GATE".into())),
            Some(SecretSource::File("conf/keys/store".into())),
            None
        ]
    );
    let secret = "a secret that is long enough";
    let full = memory()
        .variable("GATE", secret)
        .file("conf/keys/store", format!("{secret}\n"));
    let config = load(&full);
    for node in ["gate", "store"] {
        let found = config
            .secret_from(&full, node)
            .expect("there")
            .expect("one");
        assert_eq!(found.bytes(), secret.as_bytes());
        assert!(!format!("{found:?}{full:?}").contains("long"));
    }
    assert!(config.secret_from(&full, "net").expect("none").is_none());
}

#[test]
fn a_secret_that_is_missing_is_told_with_its_place() {
    let config = load(&memory());
    let error = config
        .secret_from(&memory(), "gate")
        .expect_err("not set")
        .to_string();
    assert!(
        error.starts_with(
            "error: servers.gate.secret_env: the environment variable GATE is not set\n --> conf/cluster.toml:4:14\n"
        ),
        "{error}"
    );
    let error = config
        .secret_from(&memory(), "store")
        .expect_err("no file")
        .to_string();
    assert!(
        error.contains(
            "secret_file: the file conf/keys/store is not there\n --> conf/cluster.toml:8:15"
        ),
        "{error}"
    );
    let error = config
        .secret_from(&memory(), "gat")
        .expect_err("no node")
        .to_string();
    assert_eq!(
        error,
        "there is no node `gat`; did you mean `gate`? the nodes are: gate, store, net"
    );
}

#[test]
fn a_secret_that_is_too_short_or_too_long_is_refused_and_not_shown() {
    for (bytes, is_taken) in [
        (0, false),
        (15, false),
        (16, true),
        (4096, true),
        (4097, false),
        (9000, false),
    ] {
        let held = "hunter2-".repeat(bytes / 8 + 1)[..bytes].to_owned();
        let memory = memory()
            .variable("GATE", held.clone())
            .file("conf/keys/store", held + "\r\n");
        for node in ["gate", "store"] {
            match load(&memory).secret_from(&memory, node) {
                Ok(secret) => assert!(is_taken && secret.is_some_and(|s| s.bytes().len() == bytes)),
                Err(error) => {
                    let told = error.to_string();
                    assert!(!is_taken && told.contains(" holds "), "{bytes}: {told}");
                    assert!(!told.contains("hunter2"), "{told}");
                }
            }
        }
    }
}

/// Nobody knows what a key means that there is not: a password by a name that does not sound so was shown in the error about it.
#[test]
fn what_an_unknown_key_holds_is_not_shown() {
    for key in ["token", "passphrase", "key", "pin", "API_KEY"] {
        for text in [
            format!("[cluster]\n{key} = 'hunter2'"),
            format!("[servers.gate]\napp = 'gate'\nrootport = 1\n{key} = ['hunter2']"),
            format!("[servers]\ngate = {{ {key} = 'hunter2', app = 'none', rootport = 0 }}"),
        ] {
            let told = Config::parse(&text, "cluster.toml", Format::Toml, &APPS)
                .expect_err("there is no such key")
                .to_string();
            assert!(told.contains(key), "{told}");
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
}
