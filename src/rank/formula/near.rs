//! What somebody may have meant.

/// ` (did you mean "age"?)` where one of the known words is near, and nothing otherwise.
pub(in crate::rank) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    const LONGEST: usize = 32;
    let word: Vec<char> = word.chars().take(LONGEST + 1).collect();
    if word.len() > LONGEST {
        return String::new();
    }
    let distances = known
        .into_iter()
        .map(|known| (distance(&word, known), known));
    // Two letters of a word of two are another word.
    let near = distances.filter(|(distance, known)| *distance <= (known.len() / 3).min(2));
    match near.min_by_key(|(distance, _)| *distance) {
        Some((_, known)) => format!(" (did you mean {known:?}?)"),
        None => String::new(),
    }
}

/// How many letters have to be put in, left out or exchanged (Levenshtein's distance), whatever their case; 1 for the
/// same letters in another order. O(*n* *m*) for words of *n* and *m* letters.
fn distance(word: &[char], known: &str) -> usize {
    if word.len() > 1 && letters(word.iter().copied()) == letters(known.chars()) {
        return usize::from(!known.chars().eq(word.iter().copied()));
    }
    // How far each beginning of the word is from so much of the known one as has been looked at.
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (looked_at, letter) in known.chars().enumerate() {
        let (mut diagonal, mut left) = (looked_at, looked_at + 1);
        let mut cells = row.iter_mut();
        if let Some(first) = cells.next() {
            *first = left;
        }
        for (cell, other) in cells.zip(word) {
            let exchanged = diagonal + usize::from(!letter.eq_ignore_ascii_case(other));
            diagonal = *cell;
            left = exchanged.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn letters(of: impl Iterator<Item = char>) -> Vec<char> {
    let mut letters: Vec<char> = of.map(|letter| letter.to_ascii_lowercase()).collect();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_far_apart_as_letters_have_to_change() {
        for (word, known, expected) in [
            ("", "", 0),
            ("", "age", 3),
            ("age", "", 3),
            ("Age", "age", 1),
            ("aeg", "age", 1),
            ("kitten", "sitting", 3),
            ("reples", "replies", 1),
        ] {
            let word: Vec<char> = word.chars().collect();
            assert_eq!(distance(&word, known), expected, "{word:?} {known}");
        }
    }

    #[test]
    fn nothing_is_meant_by_what_is_far_from_all() {
        assert_eq!(
            did_you_mean("repleis", ["age", "replies"]),
            " (did you mean \"replies\"?)"
        );
        assert_eq!(did_you_mean("sinus", ["ln", "min", "if"]), "");
        assert_eq!(did_you_mean("on", ["ln", "or"]), "");
        assert_eq!(did_you_mean(&"a".repeat(100_000), ["age"]), "");
    }
}
