//! From text that compiles to text that reads well.

/// Lays the text out as rustfmt would, with an empty line between items.
///
/// # Errors
/// The text is no Rust: a mistake of the generator's, or of a derive that was asked for.
pub(super) fn tidy(text: &str) -> Result<String, String> {
    let file = syn::parse_file(text).map_err(|error| error.to_string())?;
    let laid_out = prettyplease::unparse(&file);
    let joined = joined(&laid_out);
    let lines: Vec<&str> = joined.iter().map(String::as_str).collect();
    let mut tidy = String::new();
    let mut before = "";
    for (index, line) in lines.iter().enumerate() {
        // Braces with nothing between them.
        if before.ends_with('{') && line.trim_start().starts_with('}') {
            tidy.pop();
            tidy.push_str(line.trim_start());
            tidy.push('\n');
            before = line;
            continue;
        }
        let first = before.is_empty() || before.ends_with('{') || is_lead(before);
        let mut rest = lines.iter().skip(index);
        // What the comment or the attribute is about.
        let item = rest
            .find(|line| !is_lead(line))
            .copied()
            .unwrap_or_default();
        let together = is_grouped(item) && is_grouped(before) && block(item) == block(before);
        if !first && begins_item(item) && !together {
            tidy.push('\n');
        }
        tidy.push_str(line);
        tidy.push('\n');
        before = line;
    }
    Ok(tidy)
}

/// The lines, where type arguments and derives that were given a line each are back in the line in which they begin.
fn joined(text: &str) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut open = None;
    for line in text.lines() {
        match (joined.last_mut(), open) {
            (Some(last), Some(close)) => {
                let part = line.trim_start();
                if part.starts_with(close) {
                    open = None;
                    if last.ends_with(',') {
                        last.pop();
                    }
                } else if last.ends_with(',') {
                    last.push(' ');
                }
                last.push_str(part);
            }
            _ => {
                open = match line.trim_start() {
                    "#[derive(" => Some(')'),
                    line if line.ends_with("::<") && !is_lead(line) => Some('>'),
                    _ => None,
                };
                joined.push(line.to_owned());
            }
        }
    }
    joined
}

/// In which block of imports the line is: those of std, of the runtime, of other files.
fn block(line: &str) -> u8 {
    let line = line.trim_start().trim_start_matches("use ");
    match line.trim_start_matches("::") {
        line if line.starts_with("std::") => 0,
        line if line.starts_with("oneloop::") => 1,
        _ => 2,
    }
}

/// Belongs to the item that follows.
fn is_lead(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("///") || line.starts_with("#[")
}

/// Those stand without an empty line between them.
fn is_grouped(line: &str) -> bool {
    let line = line.trim_start();
    let words = ["use ", "pub use ", "type ", "const ", "pub const "];
    line.ends_with(';') && words.iter().any(|word| line.starts_with(word))
}

fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    let words = [
        "pub struct ",
        "pub enum ",
        "pub trait ",
        "pub mod ",
        "pub fn ",
        "pub const fn ",
        "pub type ",
        "pub const ",
        "pub static ",
        "pub use ",
        "impl ",
        "impl<",
        "fn ",
        "use ",
        "type ",
        "const ",
    ];
    words.iter().any(|word| line.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A long list of derives is given a line each by what lays out the rest, and belongs to its item all the same.
    #[test]
    fn a_long_list_of_derives_stays_with_its_item() {
        let derives = ["Clone"; 30].join(", ");
        let text = format!("use a::B;\n#[derive({derives})]\npub struct A {{}}");
        let expected = format!("use a::B;\n\n#[derive({derives})]\npub struct A {{}}\n");
        assert_eq!(tidy(&text), Ok(expected));
    }
}
