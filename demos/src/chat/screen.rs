//! What the client shows.
//!
//! On a terminal: colours, and a prompt that stays below what comes. Into a pipe or a file: plain lines.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use crate::chat::protocol::Said;
use crate::chat::words::{Name, Text};

/// What the client shows, and where.
#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    /// Somebody types here and sees it: the prompt is kept below, and what was typed is not shown again.
    live: bool,
    colours: bool,
    prompt: String,
    /// Nobody reads any more.
    closed: bool,
}

impl Screen<io::Stdout> {
    /// The standard output, as it is.
    #[must_use]
    pub fn of_stdout() -> Self {
        let out = io::stdout();
        let terminal = out.is_terminal();
        let live = terminal && io::stdin().is_terminal();
        // https://no-color.org
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self::new(out, live, terminal && !no_color)
    }
}

impl<W: Write> Screen<W> {
    /// One that writes to `out`.
    pub const fn new(out: W, live: bool, colours: bool) -> Self {
        Self {
            out,
            live,
            colours,
            prompt: String::new(),
            closed: false,
        }
    }

    /// Whether nobody reads any more.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether what is typed is seen as it is typed.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.live
    }

    /// Keeps the prompt below from now on.
    pub fn set_room(&mut self, room: &Name) {
        self.prompt = format!("{}> ", self.paint("1", room.as_str()));
        self.show_prompt();
    }

    /// Takes the prompt away.
    pub fn end(&mut self) {
        self.prompt.clear();
        if self.live {
            self.put("\r\x1b[K");
        }
    }

    /// Shows the prompt, on a line of its own.
    pub fn show_prompt(&mut self) {
        if self.live {
            let prompt = format!("\r\x1b[K{}", self.prompt);
            self.put(&prompt);
        }
    }

    /// Somebody's line.
    pub fn said(&mut self, said: &Said) {
        let line = format!("{}: {}", self.name(&said.name), said.text);
        self.line(&line);
    }

    /// Somebody's line from before.
    pub fn past(&mut self, said: &Said) {
        let line = format!("{}: {}", said.name, said.text);
        let line = self.paint("2", &line);
        self.line(&line);
    }

    /// What one person says to another; `to` us or another.
    pub fn private(&mut self, sign: &str, name: &Name, text: &Text) {
        let line = format!(
            "{}{}{} {text}",
            self.paint("1", sign),
            self.name(name),
            self.paint("1", "]")
        );
        self.line(&line);
    }

    /// What happened.
    pub fn notice(&mut self, text: &str) {
        let line = self.paint("2", &format!("* {text}"));
        self.line(&line);
    }

    /// What did not work.
    pub fn complaint(&mut self, text: &str) {
        let line = self.paint("31", &format!("! {text}"));
        self.line(&line);
    }

    fn line(&mut self, line: &str) {
        let mut shown = String::new();
        if self.live {
            _ = write!(shown, "\r\x1b[K{line}\n{}", self.prompt);
        } else {
            _ = writeln!(shown, "{line}");
        }
        self.put(&shown);
    }

    fn put(&mut self, text: &str) {
        let outcome = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
        self.closed |= outcome.is_err();
    }

    /// The same name has the same colour everywhere.
    fn name(&self, name: &Name) -> String {
        const COLOURS: [&str; 10] = ["32", "33", "34", "35", "36", "92", "93", "94", "95", "96"];
        let folded = name.folded();
        let sum = crc32fast::hash(folded.as_str().as_bytes()) as usize;
        self.paint(COLOURS[sum % COLOURS.len()], name.as_str())
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.colours {
            format!("\x1b[{style}m{text}\x1b[0m")
        } else {
            text.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(live: bool, colours: bool) -> String {
        let mut screen = Screen::new(Vec::new(), live, colours);
        let name: Name = "Ann".parse().expect("a name");
        screen.set_room(&"lobby".parse().expect("a name"));
        screen.notice("bob joined");
        screen.said(&Said {
            number: 1,
            name: name.clone(),
            text: Text::of("hi"),
        });
        screen.private("[", &name, &Text::of("psst"));
        screen.end();
        String::from_utf8(screen.out).expect("text")
    }

    #[test]
    fn a_pipe_gets_plain_lines() {
        assert_eq!(shown(false, false), "* bob joined\nAnn: hi\n[Ann] psst\n");
    }

    #[test]
    fn a_terminal_keeps_its_prompt_below() {
        assert_eq!(
            shown(true, false),
            "\r\x1b[Klobby> \r\x1b[K* bob joined\nlobby> \r\x1b[KAnn: hi\nlobby> \r\x1b[K[Ann] psst\nlobby> \r\x1b[K"
        );
        assert!(shown(true, true).contains("\x1b[2m* bob joined\x1b[0m\n"));
    }

    #[test]
    fn a_name_keeps_its_colour() {
        let screen = Screen::new(Vec::new(), true, true);
        let [small, large] = ["ann", "ANN"].map(|name| screen.name(&name.parse().expect("a name")));
        assert_eq!(small.to_lowercase(), large.to_lowercase());
        assert!(small.starts_with("\x1b[") && small.ends_with("\x1b[0m"));
    }

    #[test]
    fn a_reader_that_went_away_is_noticed() {
        let mut nowhere: [u8; 0] = [];
        let mut screen = Screen::new(&mut nowhere[..], false, false);
        screen.notice("x");
        assert!(screen.is_closed());
    }
}
