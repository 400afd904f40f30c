//! The text of one file, where in it something stands, and what of it may be shown.

use std::fmt;
use std::path::{Path, PathBuf};

/// One of several files, by the order in which they were added; the first is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

impl FileId {
    /// Its number.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A piece of a text: bytes from `start` up to `end`, which is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    /// From `start` up to `end`; of no length if that is before it.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        let end = if end < start { start } else { end };
        Self { start, end }
    }

    /// From the beginning of this to the end of `other`.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self::new(self.start, other.end)
    }
}

/// A place in one of several files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    /// The file.
    pub file: FileId,
    /// The piece of it.
    pub span: Span,
}

/// In the first file, for those who have one only.
impl From<Span> for At {
    fn from(span: Span) -> Self {
        let file = FileId::default();
        Self { file, span }
    }
}

/// A file's path and text.
#[derive(Clone, Default)]
pub struct Source {
    path: PathBuf,
    text: String,
    /// The offset of each line's first byte; the first is 0.
    lines: Vec<usize>,
    /// What is not shown, in the order of the text.
    veiled: Vec<Span>,
}

impl Source {
    /// A text, and what it is called.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self::veiled(path, text, Vec::new())
    }

    /// The same; of lines with one of these pieces in them is shown what stands before it. They are in the order of the text, and do not
    /// overlap.
    #[must_use]
    pub fn veiled(
        path: impl Into<PathBuf>,
        text: impl Into<String>,
        veiled: impl Into<Vec<Span>>,
    ) -> Self {
        let text = text.into();
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0)
            .chain(ends.map(|(at, _)| at + 1))
            .collect();
        Self {
            path: path.into(),
            text,
            lines,
            veiled: veiled.into(),
        }
    }

    /// One piece more that is not shown.
    pub(super) fn veil(&mut self, piece: Span) {
        let at = self.veiled.partition_point(|it| it.end <= piece.start);
        match self.veiled.get(at) {
            // What is hidden already needs no hiding.
            Some(next) if next.start < piece.end => {}
            _ => self.veiled.insert(at, piece),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The line and the column of an offset, both from 1; columns count characters. The end of the text is the end of its last line.
    #[must_use]
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let offset = self.within(offset);
        let line = self.line_index(offset);
        let start = self.lines.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
        (number(line), number(before.chars().count()))
    }

    /// Where the word stands that begins in this line, from 1, or below it; the line's beginning if it does not.
    #[cfg(feature = "idl")]
    pub(crate) fn find(&self, line: u32, word: &str) -> Span {
        let index = (line as usize).saturating_sub(1);
        let start = self.lines.get(index).copied().unwrap_or_default();
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let rest = self.text.get(start..).unwrap_or_default();
        let found = rest.match_indices(word).find(|(at, _)| {
            let (before, behind) = rest.split_at(*at);
            let behind = behind.get(word.len()..).unwrap_or_default();
            !before.ends_with(part) && !behind.starts_with(part)
        });
        match found {
            Some((at, _)) => Span::new(start + at, start + at + word.len()),
            None => Span::new(start, start),
        }
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
        let source = Source::new("a.toml", "ab\r\né x\n\nlast\n");
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
        let empty = Source::default();
        assert_eq!(
            (empty.position(7), empty.shown_line(7)),
            ((1, 1), ("", false))
        );
    }

    #[test]
    fn a_line_is_shown_up_to_what_is_veiled() {
        let text = "a = 1\nsecret = \"x\"\nb = 2";
        let source = Source::veiled("a.toml", text, [Span::new(12, 18)]);
        assert_eq!(source.shown_line(0), ("a = 1", false));
        assert_eq!(source.shown_line(6), ("secret", true));
        assert_eq!(source.shown_line(20), ("b = 2", false));
    }
}
