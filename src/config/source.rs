//! The text of the file: where in it something stands, and what of it may be shown.

use std::fmt;
use std::path::{Path, PathBuf};

use super::tree::Span;
use super::veil;

/// The file's path and text.
#[derive(Clone, Default)]
pub(super) struct Source {
    path: PathBuf,
    text: String,
    /// The offset of each line's first byte; the first is 0.
    lines: Vec<usize>,
    /// What is not shown, in the order of the text.
    veiled: Vec<Span>,
}

impl Source {
    pub(super) fn new(path: PathBuf, text: String) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0)
            .chain(ends.map(|(at, _)| at + 1))
            .collect();
        let veiled = veil::secrets(&text);
        Self {
            path,
            text,
            lines,
            veiled,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The line and the column of an offset, both from 1; columns count characters. The end of the text is the end of its last line.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let offset = self.within(offset);
        let line = self.line_index(offset);
        let start = self.lines.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        (line + 1, before.chars().count() + 1)
    }

    /// The line in which `offset` is, without its ending, up to the first of its bytes that is not shown; and whether there is one.
    pub(super) fn shown_line(&self, offset: usize) -> (&str, bool) {
        let line = self.line_index(self.within(offset));
        let start = self.lines.get(line).copied().unwrap_or_default();
        let end = self.lines.get(line + 1).copied();
        let rest = self.text.get(start..end.unwrap_or(self.text.len()));
        let whole = rest.unwrap_or_default().trim_end_matches(['\n', '\r']);
        let end = start + whole.len();
        let next = self.veiled.partition_point(|veil| veil.end <= start);
        match self.veiled.get(next) {
            Some(veil) if veil.start < end => {
                let cut = veil.start.max(start);
                (self.text.get(start..cut).unwrap_or_default(), true)
            }
            _ => (whole, false),
        }
    }

    /// The characters of `span` in its first line.
    pub(super) fn width(&self, span: Span) -> usize {
        let piece = self.text.get(span.start..span.end).unwrap_or_default();
        let line = piece.lines().next().unwrap_or_default();
        line.chars().count()
    }

    fn line_index(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// The offset, or the nearest before it that is the beginning of a character or the end of a line.
    fn within(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        if offset == self.text.len() && self.text.ends_with('\n') {
            offset -= 1;
        }
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let (before, behind) = self.text.split_at(offset);
        if behind.starts_with('\n') && before.ends_with('\r') {
            offset -= 1;
        }
        offset
    }
}

/// The path only: the text may hold what is not to be shown.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.path).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::new("a.toml".into(), "ab\r\né x\n\nlast\n".into());
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(1), (1, 2));
        assert_eq!(source.position(3), (1, 3), "within the line's end");
        assert_eq!(source.position(4), (2, 1));
        assert_eq!(source.position(5), (2, 1), "é has two bytes");
        assert_eq!(source.position(6), (2, 2));
        assert_eq!(source.position(9), (3, 1));
        assert_eq!(source.position(10), (4, 1));
        assert_eq!(source.position(15), (4, 5), "the end");
        assert_eq!(source.position(usize::MAX), (4, 5), "beyond the end");
        assert_eq!(source.shown_line(3), ("ab", false));
        assert_eq!(source.shown_line(6), ("é x", false));
        assert_eq!(source.shown_line(9), ("", false));
        assert_eq!(source.shown_line(usize::MAX), ("last", false));
        assert_eq!(source.width(Span::new(4, 9)), 3);
        assert_eq!(source.width(Span::new(5, 900)), 0);
        let empty = Source::new("a.toml".into(), String::new());
        assert_eq!(
            (empty.position(7), empty.shown_line(7)),
            ((1, 1), ("", false))
        );
    }

    #[test]
    fn a_line_is_shown_up_to_its_secret() {
        let source = Source::new("a.toml".into(), "a = 1\nsecret = \"x\"\nb = 2".into());
        assert_eq!(source.shown_line(0), ("a = 1", false));
        assert_eq!(source.shown_line(6), ("secret", true));
        assert_eq!(source.shown_line(20), ("b = 2", false));
    }
}
