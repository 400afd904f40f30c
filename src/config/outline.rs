//! What each node would do, in aligned plain English: what a check mode prints.

use std::fmt::Write;

use super::limits;
use super::plan::NodePlan;

/// One node after the other, with an empty line between. No secret is in it, only where one is found.
pub(super) fn outline<'a>(nodes: impl Iterator<Item = &'a NodePlan>) -> String {
    let mut text = String::new();
    for node in nodes {
        if !text.is_empty() {
            text.push('\n');
        }
        // Writing to a text does not fail.
        let _ = writeln!(text, "{}", node.name);
        for (what, how) in lines(node) {
            let _ = writeln!(text, "  {what:<WORD_WIDTH$} {how}");
        }
    }
    text
}

fn lines(node: &NodePlan) -> Vec<(&'static str, String)> {
    let proof = if node.secret.is_some() {
        "both prove the secret"
    } else {
        "nothing is proven"
    };
    let mut lines = vec![
        ("app", format!("runs {}", node.app)),
        ("host", format!("is found at {}", node.host)),
    ];
    let clients = node.net.iter();
    lines.extend(clients.map(|address| ("net", format!("listens for clients on {address}"))));
    if let Some(root) = &node.root {
        let found = if root.found_at == root.listen {
            String::new()
        } else {
            format!(", found at {}", root.found_at)
        };
        let how = format!("listens for children on {}{found}; {proof}", root.listen);
        lines.push(("root", how));
    }
    let width = node.remotes.iter().map(|remote| remote.root.len()).max();
    for remote in &node.remotes {
        let (name, width) = (&remote.root, width.unwrap_or_default());
        let how = format!("dials {name:<width$} at {}; {proof}", remote.address);
        lines.push(("remote", how));
    }
    if let Some(secret) = &node.secret {
        lines.push(("secret", format!("is read from {secret}")));
    }
    let unusual = limits::unusual(&node.limits);
    let width = unusual.iter().map(|(name, _)| name.len()).max();
    for (name, value) in &unusual {
        let width = width.unwrap_or_default();
        lines.push(("limit", format!("{name:<width$} {value}")));
    }
    let rest = if unusual.is_empty() {
        "all limits are as by default"
    } else {
        "the other limits are as by default"
    };
    lines.push(("limit", rest.to_owned()));
    lines
}

const WORD_WIDTH: usize = 6;
