//! What of a text is not shown: errors end up in logs and in tickets, and whoever writes a password into a file does not want it there.
//!
//! It is looked for in the letters and not in what they mean, so that a text which is neither TOML nor JSON is covered too.

use crate::report::{Span, nearest};

/// Whatever stands behind a word that sounds like a secret, to the end of its line or of its value. In the order of the text; none
/// overlap. `secret_file`, and `secret_env` with what can only be a variable's name, are no secrets.
pub(super) fn secrets(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = next_word(text, at) {
        at = word.end;
        let letters = text.get(word.start..word.end).unwrap_or_default();
        if !sounds_secret(letters) || is_harmless(letters, text.get(word.end..).unwrap_or_default())
        {
            continue;
        }
        at = end_of_value(text, word.end);
        found.push(Span::new(word.end, at));
    }
    found
}

/// Whether a text is a variable's name as they are usually written, and not a secret: `CLUSTER_SECRET`.
pub(super) fn is_variable(text: &str) -> bool {
    let part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.len() <= VARIABLE_CHARS_MAX
        && text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && text.chars().all(part)
}

/// Whether a key with this name may well hold a secret, or is a slip of the pen for one that does.
pub(super) fn sounds_secret(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let sounds = [
        "secr",
        "passw",
        "pwd",
        "passph",
        "token",
        "credential",
        "api_key",
        "apikey",
    ];
    sounds.iter().any(|sound| word.contains(sound))
        || nearest(&word, ["secret", "password"].into_iter()).is_some()
}

fn is_harmless(word: &str, behind: &str) -> bool {
    if word == "secret_file" {
        return true;
    }
    let value = behind.trim_start_matches(['"', '\'', ' ', '\t', '=', ':']);
    let mut start = value.bytes().take(VARIABLE_CHARS_MAX + 1);
    let end = start.position(|byte| matches!(byte, b'"' | b'\'' | b'\n'));
    let name = end.and_then(|end| value.get(..end));
    word == "secret_env" && name.is_some_and(is_variable)
}

/// The next run of characters of which keys are made.
fn next_word(text: &str, from: usize) -> Option<Span> {
    let rest = text.get(from..)?;
    let start = from + rest.find(is_word)?;
    let rest = text.get(start..)?;
    let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    Some(Span::new(start, start + length))
}

/// Where the value ends that belongs to the key which ends at `from`: not before the end of its line.
fn end_of_value(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let end_of_line = |offset: usize| {
        let line = text.get(offset..).unwrap_or_default();
        offset + line.find('\n').unwrap_or(line.len())
    };
    let key_part = |c: char| is_word(c) || matches!(c, '"' | '\'' | ' ' | '\t' | '.');
    let behind = rest.trim_start_matches(key_part);
    if !behind.starts_with(['=', ':']) {
        return end_of_line(from);
    }
    let value = behind.get(1..).unwrap_or_default().trim_start();
    let start = text.len() - value.len();
    let end = if let Some(quotes) = ["\"\"\"", "'''"].iter().find(|q| value.starts_with(**q)) {
        let inside = value.get(3..).unwrap_or_default();
        start + 3 + inside.find(quotes).map_or(inside.len(), |at| at + 3)
    } else if value.starts_with(['{', '[']) {
        start + balanced(value)
    } else {
        start
    };
    end_of_line(end)
}

/// The length of a value in braces or brackets. Those within quotes do not count; quotes end with their line, so that one that is
/// missing does not turn inside out what follows.
fn balanced(value: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, c) in value.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open || c == '\n' => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        if depth == 0 {
            return at + c.len_utf8();
        }
    }
    value.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

const VARIABLE_CHARS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with three stars for each piece that is not shown.
    fn veiled(text: &str) -> String {
        let mut shown = String::new();
        let mut at = 0;
        for span in secrets(text) {
            shown.push_str(&text[at..span.start]);
            shown.push_str("***");
            at = span.end;
        }
        shown + &text[at..]
    }

    #[test]
    fn what_follows_a_word_that_sounds_secret_is_not_shown() {
        for (text, shown) in [
            ("secret = \"x\"\nb = 1", "secret***\nb = 1"),
            ("secrt = \"x\"", "secrt***"),
            ("a = { Passwd = 'x', b = 1 }\nc", "a = { Passwd***\nc"),
            ("secret = \"\"\"x\ny\"\"\" # z\nb", "secret***\nb"),
            ("secret = '''x\ny", "secret***"),
            ("\"secret\":\n\t\"x\",\n\"b\"", "\"secret***\n\"b\""),
            ("\"secret\" \"x\"\nb", "\"secret***\nb"),
            ("\"secrets\": [\n\"x\",\n{}],\nb", "\"secrets***\nb"),
            ("secret = { a = ']}',\nb = 'x' }\nb", "secret***\nb"),
            ("secret.of.mine = 'x'\nb", "secret***\nb"),
            ("secret_env = \"A_B1\"\nb", "secret_env = \"A_B1\"\nb"),
            ("secret_env = \"hunter2\"\nb", "secret_env***\nb"),
            ("secret_file = \"a/b\"", "secret_file = \"a/b\""),
            ("sec = 1\nsect = 2", "sec = 1\nsect = 2"),
        ] {
            assert_eq!(veiled(text), shown, "{text}");
        }
    }

    #[test]
    fn a_variable_is_told_from_a_secret() {
        for name in ["CLUSTER_SECRET", "_A1", "A"] {
            assert!(is_variable(name), "{name}");
        }
        for name in ["", "1A", "hunter2", "A B", "Secret", "É"] {
            assert!(!is_variable(name), "{name}");
        }
        assert!(is_variable(&"A".repeat(VARIABLE_CHARS_MAX)));
        assert!(!is_variable(&"A".repeat(VARIABLE_CHARS_MAX + 1)));
    }

    #[test]
    fn a_long_text_is_looked_through_once() {
        for piece in [
            "secret ",
            "secret=[",
            "secret=\"\"\"",
            "secret.",
            "secret\n=\n",
        ] {
            let text = piece.repeat((1 << 20) / piece.len());
            assert!(!secrets(&text).is_empty());
        }
    }
}
