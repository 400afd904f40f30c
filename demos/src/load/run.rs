//! A run on real sockets.

use std::fs::{File, OpenOptions};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

use oneloop::Reactor;

use crate::load::client::{self, Load};
use crate::load::fault::Fault;
use crate::load::measured::Measured;
use crate::load::plan::Plan;
use crate::load::progress::Progress;

/// Runs the plan, and shows meanwhile how it goes. Gives what was measured, up to the fault if there was one.
#[must_use]
pub fn run(plan: Plan, progress: Progress) -> (Measured, Option<Fault>) {
    drive(plan, progress).unwrap_or_else(|error| (Measured::default(), Some(Fault::Loop(error))))
}

fn drive(plan: Plan, mut progress: Progress) -> oneloop::Result<(Measured, Option<Fault>)> {
    let limits = plan.limits();
    let mut reactor = Reactor::with_limits(Load::new(plan)?, limits)?;
    // The first one ends the run, and what was measured by then is printed.
    reactor.stop_on_signals()?;
    reactor.start(client::start)?;
    let mut shown = 0;
    while reactor.turn(None)? {
        let load = reactor.state();
        if load.is_done() {
            break;
        }
        if load.beats() != shown {
            shown = load.beats();
            progress.show(load);
        }
    }
    progress.end();
    log::debug!("{}", reactor.counters());
    Ok(reactor.state_mut().take_outcome())
}

/// The file of a plot, opened before the run so that it is known to be writable.
#[derive(Debug)]
pub struct PlotFile {
    path: PathBuf,
    file: File,
    /// It was not there before.
    is_new: bool,
}

impl PlotFile {
    /// Opens the file; what it had stays in it until there is a plot.
    ///
    /// # Errors
    /// [`Fault::Plot`] if it cannot be written.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let is_new = !path.exists();
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(path);
        let path = path.to_path_buf();
        match file {
            Ok(file) => Ok(Self { path, file, is_new }),
            Err(error) => Err(Fault::Plot { path, error }),
        }
    }

    /// Its name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the plot, instead of what was there before.
    ///
    /// # Errors
    /// [`Fault::Plot`] if it cannot be written.
    pub fn write(mut self, svg: &str) -> Result<(), Fault> {
        let written = self
            .file
            .rewind()
            .and_then(|()| self.file.write_all(svg.as_bytes()))
            .and_then(|()| self.file.set_len(svg.len() as u64));
        written.map_err(|error| Fault::Plot {
            path: self.path,
            error,
        })
    }

    /// There is nothing to plot: leaves things as they were.
    pub fn discard(self) {
        if self.is_new {
            _ = std::fs::remove_file(&self.path);
        }
    }
}
