//! Rounds by turns.

use crate::figures::Figures;

/// Runs `rounds` rounds, in each of them every contestant once: a busy moment of the machine hits them alike. Each
/// round begins with another of them, so that nobody always comes first. One round before the first warms up, and is forgotten.
pub(crate) fn by_turns<C>(
    rounds: usize,
    contestants: &mut [C],
    mut run: impl FnMut(&mut C) -> f64,
) -> Vec<Figures> {
    let mut all = vec![Vec::with_capacity(rounds); contestants.len()];
    for round in 0..=rounds {
        for turn in 0..contestants.len() {
            let place = (round + turn) % contestants.len();
            let figure = run(&mut contestants[place]);
            if round > 0 || rounds == 0 {
                all[place].push(figure);
            }
        }
    }
    all.into_iter().map(Figures::of).collect()
}
