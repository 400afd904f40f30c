//! What all people together know to have been said, and whether what each of them saw fits to it.

use std::collections::BTreeMap;

use oneloop_demos::chat::history::LINES_MAX;
use oneloop_demos::chat::line::Line;
use oneloop_demos::chat::protocol::Said;
use oneloop_demos::chat::words::Name;

use crate::person::{End, Note, Person, Stay};

/// Every line that anybody saw, by the server's life and the line's number. A server that lost its memory counts anew.
#[derive(Default)]
pub(crate) struct Ledger {
    lives: Vec<BTreeMap<u64, Line>>,
    /// Whether rooms are remembered when they are empty.
    pub(crate) lasting: bool,
    /// Lines that were there when the present life began.
    pub(crate) kept: usize,
}

impl Ledger {
    pub(crate) fn new(lasting: bool) -> Self {
        Self {
            lasting,
            ..Self::default()
        }
    }

    /// Somebody in `room` saw this line. Nobody ever saw it otherwise: not another text, not in another room.
    #[track_caller]
    pub(crate) fn see(&mut self, life: usize, room: &Name, said: &Said) {
        let line = Line {
            number: said.number,
            room: room.clone(),
            name: said.name.clone(),
            text: said.text.clone(),
        };
        let known = self.life(life).entry(said.number);
        let known = known.or_insert_with(|| line.clone());
        assert_eq!(*known, line, "one number, two lines");
    }

    /// The lines of one life.
    pub(crate) fn life(&mut self, life: usize) -> &mut BTreeMap<u64, Line> {
        if self.lives.len() <= life {
            self.lives.resize_with(life + 1, BTreeMap::new);
        }
        &mut self.lives[life]
    }

    /// A new life begins with what the last one left.
    pub(crate) fn begin_life(&mut self, life: usize, kept: Vec<Line>) {
        self.kept = kept.len();
        self.life(life)
            .extend(kept.into_iter().map(|line| (line.number, line)));
    }

    /// The numbers of a room, by those who saw them.
    fn rooms(&self) -> BTreeMap<(usize, &Name), Vec<u64>> {
        let mut rooms: BTreeMap<_, Vec<u64>> = BTreeMap::new();
        for (life, lines) in self.lives.iter().enumerate() {
            for line in lines.values() {
                rooms
                    .entry((life, &line.room))
                    .or_default()
                    .push(line.number);
            }
        }
        rooms
    }

    /// Every stay of everybody is a piece of the one sequence of its room, and begins and ends where the others saw it begin and end.
    #[track_caller]
    pub(crate) fn check(&self, people: &[Person]) {
        let rooms = self.rooms();
        let by_name: BTreeMap<&Name, &Person> =
            people.iter().map(|person| (&person.name, person)).collect();
        for person in people {
            for stay in &person.stays {
                let none = Vec::new();
                let whole = rooms.get(&(stay.life, &stay.room)).unwrap_or(&none);
                self.check_run(person, stay, whole);
                for note in &stay.notes {
                    let Some(other) = by_name.get(&note.name) else {
                        panic!("{} saw a stranger: {note:?}", person.name);
                    };
                    assert!(
                        fits(stay, note, other),
                        "{} in {} saw {note:?} after {:?}, which fits to no stay of theirs: {:#?}",
                        person.name,
                        stay.room,
                        stay.lines[..note.at].last(),
                        other.stays
                    );
                }
            }
        }
    }

    /// What was seen in one stay has no gap.
    #[track_caller]
    fn check_run(&self, person: &Person, stay: &Stay, whole: &[u64]) {
        let (Some(first), Some(last)) = (stay.lines.first(), stay.lines.last()) else {
            return;
        };
        let from = whole.partition_point(|number| number < first);
        let to = whole.partition_point(|number| number <= last);
        assert_eq!(
            stay.lines,
            whole[from..to],
            "{} in {}: what was seen, and what was said",
            person.name,
            stay.room
        );
        assert!(
            !self.lasting || !stay.is_begun() || stay.past == LINES_MAX.min(from + stay.past),
            "{} in {}: {} lines from before, and {from} older ones",
            person.name,
            stay.room,
            stay.past
        );
    }
}

/// Whether `past`, what a newcomer is given, is what somebody inside has `seen`, who was given `given` lines.
pub(crate) fn continues(past: &[u64], seen: &[u64], given: usize) -> bool {
    let expected = &seen[seen.len().saturating_sub(LINES_MAX)..];
    past.ends_with(expected) && (given == LINES_MAX || past.len() == expected.len())
}

/// Whether somebody who came or left, as seen by another, was there from then on, or until then.
fn fits(seen: &Stay, note: &Note, other: &Person) -> bool {
    let lines = &seen.lines[..note.at];
    let mut stays = other
        .stays
        .iter()
        .filter(|stay| stay.life == seen.life && stay.room == seen.room);
    // Whoever was cut off on the way into a room knows nothing of a stay there.
    other.cut_off_at_doors > 0
        || stays.any(|stay| match (note.came, stay.end) {
            (true, _) => !stay.is_begun() || continues(&stay.lines[..stay.past], lines, seen.past),
            (false, End::Moved) => stay.lines.last() == lines.last(),
            (false, End::Cut) => stay.lines.last() <= lines.last(),
            (false, End::Here) => false,
        })
}
