//! scribe's own format: `key=value` lines, and blocks of them.
//!
//! ```text
//! # from a hash on, a line is a comment
//! port=1463
//! file::max_size=0x100000       for every store of type file in this block and in those inside of it
//!
//! <store>
//! category=default
//! type=buffer
//!   <primary>
//!   ...
//!   </primary>
//! </store>
//! ```
//! scribe reads on whatever it finds: it skips a line without `=`, takes the last of two keys, closes a block at any `</`, passes over
//! keys that it does not know. A file that it would read is read here too, with a warning for each of these; but for what would leave
//! blocks other than they look: a block that is not closed, one closed that is not open (behind it scribe reads nothing), a `<` without
//! its `>`.
//!
//! A text is one of bytes to scribe; here a file is UTF-8.

use std::collections::HashMap;

use oneloop::report::{Desk, Span};

use crate::scribe::config::tree::{Block, Key, Value};

/// What the text holds; nothing if its blocks are not closed as they were opened.
pub(super) fn read(text: &str, desk: &mut Desk) -> Option<Block> {
    let mut parser = Parser {
        desk,
        open: vec![Open::default()],
        blocks: 0,
        keys: 0,
        typed: 0,
        is_broken: false,
    };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        parser.line(line, start);
        if parser.is_broken {
            return None;
        }
        start += line.len();
    }
    parser.end()
}

/// A block that is not closed yet.
#[derive(Default)]
struct Open {
    block: Block,
    /// Where each key was said last.
    seen: HashMap<String, Span>,
    /// Stores in it without a number.
    stores: usize,
}

struct Parser<'a> {
    desk: &'a mut Desk,
    /// The file itself, and in it the blocks that are open.
    open: Vec<Open>,
    blocks: usize,
    keys: usize,
    /// Keys with a type in front.
    typed: usize,
    is_broken: bool,
}

impl Parser<'_> {
    fn line(&mut self, line: &str, start: usize) {
        let code = line.split('#').next().unwrap_or_default();
        // A byte order mark stands before the first line of some editors' files.
        let code_trimmed = code.trim_matches(BLANKS);
        let before = code.len() - code.trim_start_matches(BLANKS).len();
        let at = span_of(start + before, code_trimmed);
        if code_trimmed.is_empty() {
            return;
        }
        match code_trimmed.strip_prefix('<') {
            Some(rest) => match rest.strip_prefix('/') {
                Some(name) => self.close(name, at),
                None => self.open(rest, at),
            },
            None => self.key(code_trimmed, at, start + before),
        }
    }

    fn key(&mut self, text: &str, at: Span, start: usize) {
        let Some((name, value)) = text.split_once('=') else {
            let help = "write KEY=VALUE, or put a # in front of a comment";
            let message = "this line has no `=`; it is passed over";
            self.desk.warning(at, message, help);
            return;
        };
        self.keys += 1;
        if self.keys > KEYS_MAX {
            self.fail(
                at,
                format!("a file has {KEYS_MAX} keys at most"),
                "take some out",
            );
            return;
        }
        let value_start =
            start + name.len() + 1 + (value.len() - value.trim_start_matches(BLANKS).len());
        let value = value.trim_matches(BLANKS);
        let name = name.trim_end_matches(BLANKS);
        let at = span_of(start, name);
        if let Some((kind, _)) = name.split_once("::") {
            self.typed += 1;
            if self.typed > TYPED_MAX {
                let message = format!("a file has {TYPED_MAX} keys with a type in front at most");
                self.fail(at, message, "say some of them in their stores");
                return;
            }
            if !TYPES.contains(&kind) {
                let message = format!("there is no store of type `{kind}`; the line has no effect");
                self.desk.warning_of(at, name, message, "");
            }
        }
        let Some(open) = self.open.last_mut() else {
            return;
        };
        if open.seen.insert(name.to_owned(), at).is_some() {
            let message = "it is here twice in one block; the last counts";
            self.desk
                .warning_of(at, name, message, "keep one of the two");
        }
        // An empty value is shown where it should be.
        let value_at = match value.is_empty() {
            true => at,
            false => span_of(value_start, value),
        };
        open.block.keys.push(Key {
            name: name.to_owned(),
            at,
            value: Value::Raw(value.to_owned()),
            value_at,
        });
    }

    fn open(&mut self, rest: &str, at: Span) {
        let Some((name, behind)) = rest.split_once('>') else {
            self.fail(
                at,
                "a `<` has no `>`",
                "write <store>, <primary> or another name",
            );
            return;
        };
        if !behind.trim_matches(BLANKS).is_empty() {
            let message = "what stands behind `>` is passed over";
            self.desk
                .warning(at, message, "write it in a line of its own");
        }
        self.blocks += 1;
        if self.blocks > BLOCKS_MAX {
            self.fail(
                at,
                format!("a file has {BLOCKS_MAX} blocks at most"),
                "take some out",
            );
            return;
        }
        if self.open.len() > DEPTH_MAX {
            let message = format!("blocks stand in each other {DEPTH_MAX} deep at most");
            self.fail(at, message, "close some of them first");
            return;
        }
        let is_top = self.open.len() == 1;
        let mut name = name.trim_matches(BLANKS).to_owned();
        if let Some(outer) = self.open.last_mut()
            && name == "store"
            && !is_top
        {
            // As scribe does it: in a multi store they need no numbers of their own.
            name = format!("store{}", outer.stores);
            outer.stores += 1;
        }
        let block = Block {
            name,
            at,
            ..Block::default()
        };
        self.open.push(Open {
            block,
            ..Open::default()
        });
    }

    fn close(&mut self, name: &str, at: Span) {
        let name = name.trim_end_matches('>').trim_matches(BLANKS);
        if self.open.len() < 2 {
            self.fail(
                at,
                "nothing is open here that could be closed",
                "take the line out",
            );
            return;
        }
        let (Some(closed), Some(outer)) = (self.open.pop(), self.open.last_mut()) else {
            return;
        };
        let opened = &closed.block.name;
        // A store's number may be ours.
        let is_same = opened == name || name == "store" && opened.starts_with("store");
        if !is_same {
            let message = format!("this closes <{opened}>, whatever its name");
            self.desk.warning(at, message, format!("write </{opened}>"));
        }
        outer.block.blocks.push(closed.block);
    }

    fn fail(&mut self, at: Span, message: impl Into<String>, help: &str) {
        self.desk.error(at, message, help);
        self.is_broken = true;
    }

    fn end(mut self) -> Option<Block> {
        if self.open.len() > 1 {
            if let Some(open) = self.open.last() {
                let name = &open.block.name;
                let message = format!("<{name}> is not closed");
                let help = format!("write </{name}> where it ends");
                self.desk.error(open.block.at, message, help);
            }
            return None;
        }
        let mut root = self.open.pop()?.block;
        inherit(&mut root, &[]);
        Some(root)
    }
}

/// Gives a block what is said for its type in it or in one around it, the nearest first; and so the blocks in it.
fn inherit(block: &mut Block, outer: &[Key]) {
    let own = block.keys.iter().rev();
    let own = own.filter(|key| key.name.contains("::")).cloned();
    let said: Vec<Key> = own.chain(outer.iter().cloned()).collect();
    let kind = match block.key("type").map(|key| &key.value) {
        Some(Value::Raw(kind)) => kind.clone(),
        _ => String::new(),
    };
    for key in &said {
        let Some((for_kind, name)) = key.name.split_once("::") else {
            continue;
        };
        if for_kind == kind && !OWN.contains(&name) && block.key(name).is_none() {
            block.keys.push(Key {
                name: name.to_owned(),
                ..key.clone()
            });
        }
    }
    for inner in &mut block.blocks {
        inherit(inner, &said);
    }
}

fn span_of(start: usize, text: &str) -> Span {
    Span::new(start, start + text.len())
}

const BLANKS: [char; 5] = [' ', '\t', '\r', '\n', '\u{feff}'];
/// What is never said for a type.
const OWN: [&str; 3] = ["category", "categories", "type"];
const TYPES: [&str; 10] = [
    "file",
    "buffer",
    "network",
    "bucket",
    "multi",
    "category",
    "multifile",
    "thriftfile",
    "thriftmultifile",
    "null",
];
/// Blocks in blocks. Stores stand less deep.
const DEPTH_MAX: usize = 12;
const BLOCKS_MAX: usize = 2000;
const KEYS_MAX: usize = 20_000;
/// Each may be said anew in every block.
const TYPED_MAX: usize = 200;
