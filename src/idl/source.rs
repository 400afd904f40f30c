//! The text of one file, and where in it something stands.

use std::path::{Path, PathBuf};

/// A file of a [`Model`](super::Model), by the order in which the files were first named; the file that was asked for is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(super) u32);

impl FileId {
    /// The index in [`Model::files`](super::Model::files).
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A piece of a file: bytes from `start` up to `end`, which is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    /// The files' limit keeps offsets within 32 bits; were one beyond, it would name the end of the file.
    pub(super) fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            start: narrow(start),
            end: narrow(end),
        }
    }

    /// From the beginning of this to the end of `other`.
    pub(super) fn to(self, other: Self) -> Self {
        Self {
            start: self.start,
            end: other.end.max(self.start),
        }
    }
}

/// A place in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct At {
    pub(super) file: FileId,
    pub(super) span: Span,
}

/// A file's path and text.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    path: PathBuf,
    text: String,
    /// The offset of each line's first byte; the first is 0.
    lines: Vec<usize>,
}

impl Source {
    pub(super) fn new(path: PathBuf, text: String) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0)
            .chain(ends.map(|(at, _)| at + 1))
            .collect();
        Self { path, text, lines }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What its symbols are prefixed by in files that include it.
    pub(super) fn stem(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }

    /// Where the word stands that begins in this line, from 1, or below it; the line's beginning if it does not.
    pub(super) fn find(&self, line: u32, word: &str) -> Span {
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

    /// What `span` covers; nothing if it is none of ours.
    pub(super) fn piece(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// The line and the column of an offset, both from 1; columns count characters.
    pub(super) fn position(&self, offset: u32) -> (u32, u32) {
        let line = self.line_index(offset);
        let start = self.lines.get(line).copied().unwrap_or_default();
        let before = self.before(start, offset as usize);
        let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
        (number(line), number(before.chars().count()))
    }

    /// The line in which `offset` is, without its ending.
    pub(super) fn line(&self, offset: u32) -> &str {
        let line = self.line_index(offset);
        let start = self.lines.get(line).copied().unwrap_or_default();
        let end = self.lines.get(line + 1).copied();
        let text = self
            .text
            .get(start..end.unwrap_or(self.text.len()))
            .unwrap_or_default();
        text.trim_end_matches(['\n', '\r'])
    }

    fn line_index(&self, offset: u32) -> usize {
        self.lines
            .partition_point(|start| *start <= offset as usize)
            .saturating_sub(1)
    }

    /// The text from `start` to `end`, or to the end of the character in which `end` is.
    fn before(&self, start: usize, end: usize) -> &str {
        let mut end = end.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.text.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::new("a/b.c.thrift".into(), "ab\r\né x\n\nlast".into());
        assert_eq!(source.stem(), "b.c");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(1), (1, 2));
        assert_eq!(source.position(4), (2, 1));
        assert_eq!(source.position(6), (2, 2), "é has two bytes");
        assert_eq!(source.position(9), (3, 1));
        assert_eq!(source.position(10), (4, 1));
        assert_eq!(source.position(14), (4, 5), "the end");
        assert_eq!(source.position(u32::MAX), (4, 5), "beyond the end");
        assert_eq!(source.line(3), "ab");
        assert_eq!(source.line(5), "é x");
        assert_eq!(source.line(9), "");
        assert_eq!(source.line(u32::MAX), "last");
        assert_eq!(source.piece(Span::new(4, 6)), "é");
        assert_eq!(source.piece(Span::new(5, 900)), "");
    }
}
