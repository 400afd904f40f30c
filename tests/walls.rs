//! Who may import whom: reads the sources, and names the lines that differ from the table of ARCHITECTURE.md.

use std::fs;
use std::path::{Path, PathBuf};

/// A room, and what of ours it may import.
const ROOMS: [(&str, &[&str]); 18] = [
    ("error", &[]),
    ("time", &[]),
    ("report", &["error"]),
    ("disk", &[]),
    ("buffer", &["error"]),
    ("deferred", &["error"]),
    ("codec", &["buffer", "error"]),
    ("context", &["buffer", "codec", "deferred", "error", "time"]),
    (
        "engine",
        &["buffer", "context", "deferred", "error", "time"],
    ),
    ("reactor", &["context", "engine", "error", "time"]),
    ("sim", &["context", "disk", "engine", "error", "time"]),
    (
        "service",
        &["buffer", "codec", "context", "deferred", "error", "time"],
    ),
    (
        "thrift",
        &["buffer", "codec", "context", "deferred", "error", "time"],
    ),
    ("config", &["context", "error", "report", "time"]),
    ("fb303", &["context", "error", "thrift", "time"]),
    (
        "node",
        &[
            "buffer", "codec", "context", "deferred", "error", "service", "thrift", "time",
        ],
    ),
    (
        "cluster",
        &["config", "context", "error", "node", "reactor", "sim"],
    ),
    ("idl", &["error", "report"]),
];

/// What only the reactor may name, and where the simulator tells of a failure, which is about the test's process. One file of `idl` reads and writes files, and one of `config` reads them; both ask the environment. One of `disk` is what those use who have files to keep. The client of Thrift that blocks has a socket of its own and a deadline: it runs on no loop; so has what is generated for fb303, by its type. (`core::net::SocketAddr` is an address and no socket: a value like any other.)
/// Nor may a list or another name hide one of these.
const WORLD: [&str; 13] = [
    "mio::",
    "std::net",
    "std::os",
    "std::fs",
    "std::process",
    "std::thread",
    "std::env",
    "Instant::now",
    "time::Instant",
    "std::{",
    "SystemTime",
    "socket2",
    "signal_hook",
];

/// What of the world the client of Thrift that blocks may name.
const BLOCKING: [&str; 2] = ["std::net", "Instant::now"];

/// The lines of a file that are code and not tests, with their numbers.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).expect("a source file");
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = code
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.to_owned()));
    lines
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        } else {
            // An interface of ours stands beside what is generated of it.
            let interface = path.extension().is_some_and(|end| end == "thrift");
            assert!(
                path.is_dir() || interface,
                "{} is no source",
                path.display()
            );
        }
    }
}

/// The rooms that a line imports: after `crate::`, one or several in braces.
fn imported(line: &str) -> Vec<String> {
    let word = |text: &str| {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut rooms = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => rooms.extend(list.split(',').map(|part| word(part.trim()))),
            None => rooms.push(word(rest)),
        }
    }
    rooms
}

#[test]
fn each_room_imports_only_what_it_may_and_only_the_reactor_names_the_world() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&source, &mut found);
    let mut faults = Vec::new();
    let mut seen = 0;
    for path in found {
        let inner = path.strip_prefix(&source).expect("inside");
        let name = inner.to_string_lossy().replace(".rs", "");
        let room = name.split('/').next().unwrap_or_default().to_owned();
        // The map imports everybody, and commands are users; a world for tests and what only tests use are tests.
        if ["lib", "bin"].contains(&room.as_str())
            || ["engine/memory", "deferred/depth", "deferred/programs"].contains(&name.as_str())
        {
            continue;
        }
        let (_, allowed) = ROOMS
            .iter()
            .find(|(known, _)| *known == room)
            .unwrap_or_else(|| panic!("{room} is not in the table"));
        seen += 1;
        for (number, line) in code(&path) {
            let place = format!("src/{}:{number}", inner.display());
            for other in imported(&line).into_iter().filter(|other| *other != room) {
                // Names of the crate's own root, as macros and types write them, are for outside.
                if !allowed.contains(&other.as_str()) {
                    faults.push(format!(
                        "{place}: {room} may not import {other}: {}",
                        line.trim()
                    ));
                }
            }
            for word in WORLD.iter().filter(|word| {
                room != "reactor"
                    && name != "sim/replay"
                    && (!["idl/files", "config/files"].contains(&name.as_str())
                        || !["std::fs", "std::env"].contains(*word))
                    && (name != "disk/machine" || !["std::fs", "std::os"].contains(*word))
                    // There they are words of the text that is written.
                    && (!name.starts_with("idl/emit/") || !["std::net", "std::{"].contains(*word))
                    && (!["thrift/blocking", "fb303/fb303"].contains(&name.as_str())
                        || !BLOCKING.contains(word))
                    && line.contains(**word)
            }) {
                faults.push(format!(
                    "{place}: only the reactor names {word}: {}",
                    line.trim()
                ));
            }
        }
    }
    assert!(seen > 30, "the sources were found: {seen}");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Within the room of nodes a file names another by `super::`; that never comes round to where it began.
#[test]
fn the_files_of_nodes_import_each_other_without_circles() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/node");
    let mut found = Vec::new();
    files(&room, &mut found);
    let mut imports: Vec<(String, Vec<String>)> = Vec::new();
    for path in found {
        let name = path.file_stem().expect("a name").to_string_lossy();
        let lines = code(&path);
        let named = lines.iter().filter_map(|(_, line)| {
            let rest = line.trim_start().strip_prefix("use super::")?;
            Some(rest.split([':', ';']).next()?.to_owned())
        });
        // What is generated names its own inner rooms.
        if !["mod", "wire"].contains(&&*name) {
            imports.push((name.into_owned(), named.collect()));
        }
    }
    assert!(imports.len() > 15, "the files were found");
    // Whoever imports nobody who is left is taken off, until nobody is.
    while let before = imports.len()
        && before > 0
    {
        let left: Vec<String> = imports.iter().map(|(name, _)| name.clone()).collect();
        imports.retain(|(_, named)| named.iter().any(|other| left.contains(other)));
        assert!(imports.len() < before, "a circle: {imports:?}");
    }
}
