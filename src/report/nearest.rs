//! What somebody meant who wrote a name that there is not.

/// The candidate that differs least from `name`, if it differs little: by a third of its letters at most. Among equals the first in
/// the alphabet.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > NAME_CHARS_MAX {
        return None;
    }
    let allowed = (length / 3).max(1);
    candidates
        .take(CANDIDATES_MAX)
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .filter_map(|candidate| {
            let distance = distance(name, candidate);
            (distance <= allowed).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters to insert, take out, change, or change with their neighbour, upper and lower case being one.
fn distance(one: &str, other: &str) -> usize {
    let lower = |text: &str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<Vec<_>>()
    };
    let (one, other) = (lower(one), lower(other));
    // Rows of the table: how far what was read of `one` is from each beginning of `other`.
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let mut row_before: Vec<usize> = Vec::new();
    let mut letter_before = None;
    for (index, letter) in one.into_iter().enumerate() {
        let mut next = vec![index + 1];
        let mut theirs_before = None;
        for (column, &theirs) in other.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let changed = at(&row, column) + usize::from(letter != theirs);
            let mut best = changed
                .min(at(&row, column + 1) + 1)
                .min(at(&next, column) + 1);
            if column > 0 && theirs_before == Some(letter) && letter_before == Some(theirs) {
                best = best.min(at(&row_before, column - 1).saturating_add(1));
            }
            next.push(best);
            theirs_before = Some(theirs);
        }
        letter_before = Some(letter);
        row_before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

/// Longer names are not guessed.
const NAME_CHARS_MAX: usize = 64;
/// No more names than these are compared.
const CANDIDATES_MAX: usize = 2000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let names = ["remoteport", "rootport", "app"];
        let near = |name: &str| nearest(name, names.into_iter());
        assert_eq!(near("remotport"), Some("remoteport"));
        assert_eq!(near("RootPort"), Some("rootport"));
        assert_eq!(near("rootprot"), Some("rootport"));
        assert_eq!(near("pap"), Some("app"));
        assert_eq!(near("ap"), Some("app"));
        assert_eq!(near("frame"), None);
        assert_eq!(near(&"x".repeat(NAME_CHARS_MAX + 1)), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("hots", "host"), 1);
        assert_eq!(distance("abcd", "badc"), 2);
    }
}
