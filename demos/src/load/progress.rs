//! What is shown while a run goes on, to somebody who watches.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::load::client::{Load, Phase};
use crate::load::table::{PERCENTILES, grouped, span};

/// A line at the bottom of a terminal: how far the run is, and how it goes. Nothing where there is no terminal.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    shown: Option<Phase>,
    /// Replies by the line before, to tell the rate.
    replies: u64,
}

impl Progress {
    /// On the standard error, if that is a terminal.
    #[must_use]
    pub fn on_stderr() -> Self {
        Self::on(ProgressDrawTarget::stderr())
    }

    fn on(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(Some(1), target);
        let style = ProgressStyle::with_template("{prefix:<10} {bar:30.cyan} {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━╸ "));
        Self {
            bar,
            shown: None,
            replies: 0,
        }
    }

    /// Shows how far the run is. To be called once a beat.
    pub fn show(&mut self, load: &Load) {
        let plan = load.plan();
        let replies_before = std::mem::replace(&mut self.replies, load.replies());
        if self.bar.is_hidden() {
            return;
        }
        let phase = load.phase();
        let spent = load.in_phase().as_millis() as u64;
        let (name, position, length) = match phase {
            Phase::Dialling => ("connecting", load.up() as u64, plan.connections as u64),
            Phase::WarmingUp => ("warming up", spent, plan.warm_up.as_millis() as u64),
            Phase::Measuring => ("measuring", spent, plan.measured.as_millis() as u64),
            Phase::Draining | Phase::Done => ("draining", 1, 1),
        };
        self.bar.update(|bar| {
            bar.set_len(length.max(1));
            bar.set_pos(position.min(length));
        });
        if self.shown.replace(phase) != Some(phase) {
            self.bar.set_prefix(name);
        }
        self.bar.set_message(match phase {
            Phase::Dialling => format!("{position} of {length} connections"),
            // A beat is a tenth of a second.
            _ => message(load, (load.replies() - replies_before) * 10),
        });
    }

    /// Takes the line away: what follows is for good.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// How it goes: the rate of the last beat, and the latencies so far.
fn message(load: &Load, rate: u64) -> String {
    let mut message = format!("{}/s", grouped(rate));
    for (name, share) in PERCENTILES.into_iter().step_by(2) {
        if let Some(latency) = load.measured().quantile(share) {
            message += &format!("  {name} {}", span(latency));
        }
    }
    message
}
