//! What a name of the interface is called in Rust: the case of types, of values and of constants, and no word that means something.

/// A type: `fb_status` is `FbStatus`; `InvalidOperation` and `ALL` stay as they are.
pub(super) fn camel(name: &str) -> String {
    let parts: Vec<&str> = parts(name).collect();
    // Of a name that is all capitals, the underscores are all that tells one word from the next.
    let shout = parts.len() > 1 && !name.chars().any(|c| c.is_ascii_lowercase());
    let mut camel = String::new();
    for part in parts {
        let number = part.starts_with(|c: char| c.is_ascii_digit());
        if number && camel.ends_with(|c: char| c.is_ascii_digit()) {
            camel.push('_');
        }
        let mut rest = part.chars();
        camel.extend(rest.next().map(|c| c.to_ascii_uppercase()));
        match shout {
            true => camel.extend(rest.map(|c| c.to_ascii_lowercase())),
            false => camel.push_str(rest.as_str()),
        }
    }
    match camel.as_str() {
        "" => "Underscore".to_owned(),
        "Self" => "Self_".to_owned(),
        _ if camel.starts_with(|c: char| c.is_ascii_digit()) => format!("N{camel}"),
        _ => camel,
    }
}

/// A field, a function, an argument or a module: `BitFlags` is `bit_flags`, `type` is `r#type`, `self` is `self_`.
///
/// There is a letter in it: `_1` is `n_1`. A constant may be called `_1`, and Rust would take an argument of that name for it.
pub(super) fn snake(name: &str) -> String {
    let snake = bare_snake(name);
    match snake.contains(|c: char| c.is_ascii_lowercase()) {
        true => word(snake),
        false => format!("n{snake}"),
    }
}

/// The same, to be put together with more: not a word of Rust on its own.
pub(super) fn bare_snake(name: &str) -> String {
    let mut snake = String::new();
    for part in parts(name) {
        if !snake.is_empty() {
            snake.push('_');
        }
        let letters: Vec<char> = part.chars().collect();
        for (index, letter) in letters.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| letters.get(index));
            let behind = letters.get(index + 1);
            let begins = letter.is_ascii_uppercase()
                && before.is_some_and(|before| {
                    !before.is_ascii_uppercase() || behind.is_some_and(char::is_ascii_lowercase)
                });
            if begins {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        }
    }
    if snake.is_empty() {
        return "underscore".to_owned();
    }
    if name.starts_with('_') || snake.starts_with(|c: char| c.is_ascii_digit()) {
        snake.insert(0, '_');
    }
    snake
}

/// A constant or a member of an enum: as written if it has no small letter, else `BLUE_GREEN` of `blueGreen`.
pub(super) fn screaming(name: &str) -> String {
    let plain = |c: char| c == '_' || c.is_ascii_uppercase() || c.is_ascii_digit();
    if name.chars().all(plain) && name.chars().any(|c| c != '_') {
        name.to_owned()
    } else {
        bare_snake(name).to_ascii_uppercase()
    }
}

/// A name that is none of `taken`: this one, with as many underscores behind it as that takes.
pub(super) fn fresh<'a>(name: &str, taken: impl Fn(&str) -> bool + 'a) -> String {
    let mut fresh = name.to_owned();
    while taken(&fresh) {
        fresh.push('_');
    }
    fresh
}

/// The name as it can be written where a word of Rust would mean something else.
fn word(name: String) -> String {
    match name.as_str() {
        // These have no raw form.
        "self" | "super" | "crate" => format!("{name}_"),
        _ if WORDS.contains(&name.as_str()) => format!("r#{name}"),
        _ => name,
    }
}

/// Between whatever can be in a name or in a file's stem and has no case.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
}

/// Words of Rust that have a small first letter, in all editions.
const WORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_in_camel_case() {
        for (name, camel_name) in [
            ("InvalidOperation", "InvalidOperation"),
            ("fb_status", "FbStatus"),
            ("scribe", "Scribe"),
            ("MY_STRUCT", "MyStruct"),
            ("ALL", "ALL"),
            ("Xtruct_2_1", "Xtruct2_1"),
            ("self", "Self_"),
            ("__", "Underscore"),
            ("_1", "N1"),
            ("Log.entry", "LogEntry"),
        ] {
            assert_eq!(camel(name), camel_name);
        }
    }

    #[test]
    fn values_are_in_snake_case_and_no_words() {
        for (name, snake_name) in [
            ("BitFlags", "bit_flags"),
            ("num1", "num1"),
            ("userID", "user_id"),
            ("HTTPServer", "http_server"),
            ("getName", "get_name"),
            ("a__b", "a_b"),
            ("_hidden", "_hidden"),
            ("_", "underscore"),
            ("type", "r#type"),
            ("Self", "self_"),
            ("crate", "crate_"),
            ("with.dots", "with_dots"),
        ] {
            assert_eq!(snake(name), snake_name);
        }
    }

    #[test]
    fn constants_stay_as_written_if_they_can() {
        for (name, screaming_name) in [
            ("TRY_LATER", "TRY_LATER"),
            ("A__B2", "A__B2"),
            ("blueGreen", "BLUE_GREEN"),
            ("Ok", "OK"),
            ("_", "UNDERSCORE"),
        ] {
            assert_eq!(screaming(name), screaming_name);
        }
        for (name, snake_name) in [("_1", "n_1"), ("__2_3", "n_2_3"), ("_a1", "_a1")] {
            assert_eq!(snake(name), snake_name);
            assert_ne!(screaming(name), snake(name));
        }
        assert_eq!(fresh("a", |name| ["a", "a_"].contains(&name)), "a__");
    }
}
