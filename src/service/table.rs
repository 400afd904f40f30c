//! Number to target.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::panic::Location;

use crate::error::Misuse;
use crate::service::{Call, Reply};

pub(crate) type Run<S> = Box<dyn Fn(&mut Call<'_, S>) -> Reply>;

/// What serves a command.
pub(crate) struct Target<S> {
    pub(crate) run: Run<S>,
    /// The commands it was registered for; none for the catch-all.
    commands: Option<RangeInclusive<u32>>,
    /// Where it was registered.
    place: &'static Location<'static>,
    pub(crate) quiet: bool,
    pub(crate) calls: Cell<u64>,
    pub(crate) failures: Cell<u64>,
}

/// Targets by number: single commands first, then ranges, then the catch-all.
pub(crate) struct Table<S> {
    targets: Vec<Target<S>>,
    /// For commands below [`DENSE_MAX`]: the target's index plus one, or zero.
    dense: Vec<u32>,
    /// For the others.
    sparse: BTreeMap<u32, usize>,
    /// By their first command; they do not overlap.
    ranges: BTreeMap<u32, usize>,
    catch_all: Option<usize>,
}

/// Commands below this are found by one look into a table, which is as long as the largest of them.
const DENSE_MAX: u32 = 65_536;

impl<S> Default for Table<S> {
    fn default() -> Self {
        Self {
            targets: Vec::new(),
            dense: Vec::new(),
            sparse: BTreeMap::new(),
            ranges: BTreeMap::new(),
            catch_all: None,
        }
    }
}

impl<S> Table<S> {
    fn add(
        &mut self,
        commands: Option<RangeInclusive<u32>>,
        run: Run<S>,
        place: &'static Location<'static>,
    ) -> usize {
        let target = Target {
            run,
            commands,
            place,
            quiet: false,
            calls: Cell::new(0),
            failures: Cell::new(0),
        };
        self.targets.push(target);
        self.targets.len() - 1
    }

    fn refuse(&self, what: &str, known: usize, place: &Location<'_>) -> Misuse {
        Misuse::Duplicate(format!(
            "{what} is registered at {} and again at {place}",
            self.targets[known].place
        ))
    }

    pub(crate) fn add_command(
        &mut self,
        command: u32,
        run: Run<S>,
        place: &'static Location<'static>,
    ) -> Result<(), Misuse> {
        if let Some(known) = self.single(command) {
            return Err(self.refuse(&format!("command {command}"), known, place));
        }
        let index = self.add(Some(command..=command), run, place);
        if command < DENSE_MAX {
            let command = command as usize;
            if self.dense.len() <= command {
                self.dense.resize(command + 1, 0);
            }
            self.dense[command] = index as u32 + 1;
        } else {
            self.sparse.insert(command, index);
        }
        Ok(())
    }

    pub(crate) fn add_range(
        &mut self,
        commands: RangeInclusive<u32>,
        run: Run<S>,
        place: &'static Location<'static>,
    ) -> Result<(), Misuse> {
        if commands.is_empty() {
            return Err(Misuse::Option(format!(
                "the range {commands:?} at {place} is empty"
            )));
        }
        // Those before it may reach into it only by the last one that begins before its end.
        if let Some((_, &known)) = self.ranges.range(..=*commands.end()).next_back()
            && self.targets[known]
                .commands
                .as_ref()
                .is_some_and(|known| known.end() >= commands.start())
        {
            return Err(self.refuse(
                &format!("a command of the range {commands:?}"),
                known,
                place,
            ));
        }
        let first = *commands.start();
        let index = self.add(Some(commands), run, place);
        self.ranges.insert(first, index);
        Ok(())
    }

    pub(crate) fn add_catch_all(
        &mut self,
        run: Run<S>,
        place: &'static Location<'static>,
    ) -> Result<(), Misuse> {
        if let Some(known) = self.catch_all {
            return Err(self.refuse("a catch-all", known, place));
        }
        self.catch_all = Some(self.add(None, run, place));
        Ok(())
    }

    /// Makes the target of `command` quiet. False if there is none.
    pub(crate) fn hush(&mut self, command: u32) -> bool {
        let index = self.find_elsewhere(command);
        if let Some(index) = index {
            self.targets[index].quiet = true;
        }
        index.is_some()
    }

    fn single(&self, command: u32) -> Option<usize> {
        match self.dense.get(command as usize) {
            Some(0) => None,
            Some(&index) => Some(index as usize - 1),
            None => self.sparse.get(&command).copied(),
        }
    }

    /// What serves `command`.
    #[inline]
    pub(crate) fn find(&self, command: u32) -> Option<&Target<S>> {
        let index = match self.dense.get(command as usize) {
            Some(&index) if index != 0 => index as usize - 1,
            _ if self.sparse.is_empty() && self.ranges.is_empty() => self.catch_all?,
            _ => self.find_elsewhere(command)?,
        };
        self.targets.get(index)
    }

    #[inline(never)]
    fn find_elsewhere(&self, command: u32) -> Option<usize> {
        let range = || {
            let (_, &index) = self.ranges.range(..=command).next_back()?;
            let commands = self.targets[index].commands.as_ref()?;
            commands.contains(&command).then_some(index)
        };
        self.single(command).or_else(range).or(self.catch_all)
    }

    pub(crate) fn counts(&self) -> Vec<CommandCount> {
        let count = |target: &Target<S>| CommandCount {
            commands: target.commands.clone(),
            calls: target.calls.get(),
            failures: target.failures.get(),
        };
        self.targets.iter().map(count).collect()
    }
}

/// How often a target was called.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandCount {
    /// The commands it serves; none for the catch-all.
    pub commands: Option<RangeInclusive<u32>>,
    /// Calls.
    pub calls: u64,
    /// Of those, failed.
    pub failures: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run<()> {
        Box::new(|_| Reply::none())
    }

    fn index(table: &Table<()>, command: u32) -> Option<usize> {
        table.find(command).map(|found| {
            table
                .targets
                .iter()
                .position(|target| std::ptr::eq(target, found))
                .expect("it is there")
        })
    }

    #[test]
    fn single_commands_come_before_ranges_and_ranges_before_the_catch_all() {
        let mut table = Table::default();
        let place = Location::caller();
        table.add_range(10..=20, run(), place).expect("free");
        table.add_command(15, run(), place).expect("free");
        table.add_command(u32::MAX, run(), place).expect("free");
        assert_eq!(
            [9, 10, 15, 20, 21].map(|command| index(&table, command)),
            [None, Some(0), Some(1), Some(0), None]
        );
        table.add_catch_all(run(), place).expect("free");
        assert_eq!(
            [9, 15, 20, 21].map(|command| index(&table, command)),
            [Some(3), Some(1), Some(0), Some(3)]
        );
        assert_eq!(
            [65_535, 65_536, u32::MAX].map(|command| index(&table, command)),
            [Some(3), Some(3), Some(2)]
        );
    }

    #[test]
    fn a_duplicate_is_refused_with_both_places() {
        let mut table = Table::default();
        let (first, second) = (Location::caller(), Location::caller());
        table.add_command(7, run(), first).expect("free");
        let text = table
            .add_command(7, run(), second)
            .expect_err("taken")
            .to_string();
        assert!(
            text.contains("command 7")
                && text.contains(&first.to_string())
                && text.contains(&second.to_string()),
            "{text}"
        );
        table.add_range(100..=200, run(), first).expect("free");
        for range in [100..=100, 200..=300, 50..=100, 150..=160, 0..=u32::MAX] {
            assert!(
                table.add_range(range.clone(), run(), second).is_err(),
                "{range:?}"
            );
        }
        for range in [99..=99, 201..=201] {
            table.add_range(range, run(), second).expect("beside it");
        }
        #[expect(clippy::reversed_empty_ranges, reason = "it is what is tested")]
        let empty = 5..=4;
        assert!(table.add_range(empty, run(), second).is_err());
    }
}
