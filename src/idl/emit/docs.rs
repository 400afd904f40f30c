//! Doc comments of the interface as doc comments of Rust, whose tools take more for markup.

use std::fmt::Write as _;

/// Appends the lines as `///`.
///
/// Brackets, angles and addresses are marked so that rustdoc does not take them for links and tags. No line is indented so far that it
/// would be a block of code, and no fence is without a language: rustdoc would run them as tests.
pub(super) fn docs(output: &mut String, doc: Option<&str>) {
    let mut fenced = false;
    for line in doc.unwrap_or_default().lines() {
        let line = line.trim_end();
        let inner = line.trim_start();
        if inner.starts_with("```") || inner.starts_with("~~~") {
            let fence = inner.get(..3).unwrap_or_default();
            let language = if fenced { "" } else { "text" };
            fenced = !fenced;
            let _ = writeln!(output, "/// {fence}{language}");
        } else if fenced {
            let _ = writeln!(output, "/// {}", line.replace('\r', " "));
        } else {
            let indent = (line.len() - inner.len()).min(INDENT_MAX);
            let escaped = escaped(inner);
            let space = if escaped.is_empty() { "" } else { " " };
            let _ = writeln!(output, "///{space}{:indent$}{escaped}", "");
        }
    }
    if fenced {
        output.push_str("/// ```\n");
    }
}

fn escaped(line: &str) -> String {
    // Within ticks nothing is markup.
    let ticks = line.matches('`').count().is_multiple_of(2);
    let mut quoted = false;
    let mut escaped = String::new();
    for (index, word) in line.split(' ').enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        if !quoted && let Some(at) = ["http://", "https://"].iter().find_map(|s| word.find(s)) {
            let (before, address) = word.split_at(at);
            let end = address
                .find(|c: char| "<>()[]\"'`,;".contains(c))
                .unwrap_or(address.len());
            let (address, behind) = address.split_at(end);
            let dots = address.trim_end_matches(['.', ':', '!', '?']);
            let _ = write!(escaped, "{}<{dots}>", marked(before));
            escaped.push_str(address.get(dots.len()..).unwrap_or_default());
            escaped.push_str(&marked(behind));
            continue;
        }
        for c in word.chars() {
            quoted ^= ticks && c == '`';
            if c.is_control() {
                escaped.push(' ');
            } else if quoted {
                escaped.push(c);
            } else {
                mark(&mut escaped, c);
            }
        }
    }
    escaped
}

fn marked(text: &str) -> String {
    let mut marked = String::new();
    text.chars().for_each(|c| mark(&mut marked, c));
    marked
}

fn mark(output: &mut String, c: char) {
    if matches!(c, '[' | ']' | '<' | '>') {
        output.push('\\');
    }
    output.push(c);
}

/// Spaces; with four it would be code.
const INDENT_MAX: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_a_link_a_tag_or_a_test() {
        for (line, shown) in [
            ("a list<i32> [x]", "/// a list\\<i32\\> \\[x\\]\n"),
            ("a `list<i32>` <b>", "/// a `list<i32>` \\<b\\>\n"),
            ("see (https://a.b/c).", "/// see (<https://a.b/c>).\n"),
            ("at http://a.b/c.", "/// at <http://a.b/c>.\n"),
            ("      deep", "///    deep\n"),
            ("```\nfn a() {\n```", "/// ```text\n/// fn a() {\n/// ```\n"),
            ("```rust\nopen", "/// ```text\n/// open\n/// ```\n"),
            ("a\n\nb", "/// a\n///\n/// b\n"),
            ("", ""),
        ] {
            let mut output = String::new();
            docs(&mut output, Some(line));
            assert_eq!(output, shown);
        }
    }
}
