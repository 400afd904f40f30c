//! What is printed of the rounds of a bench.

/// What the rounds of one contestant came to, in the unit that they were measured in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// The best round: what the code costs when nobody disturbs it.
    pub(crate) min: f64,
    pub(crate) median: f64,
}

impl Figures {
    /// Of these rounds, of which there is one at least.
    pub(crate) fn of(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        Self {
            min: rounds[0],
            median: rounds[rounds.len() / 2],
        }
    }
}

/// Whether figures are wanted. `--test` asks only whether it works, and `cargo test` runs a bench without `--bench`.
pub(crate) fn are_wanted() -> bool {
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    asked("--bench") && !asked("--test")
}

/// Three digits that matter.
pub(crate) fn short(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
