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

/// How many letters have to be put in, left out or exchanged (Levenshtein's distance), whatever their case.
/// O(*n* *m*) for words of *n* and *m* letters.
fn distance(word: &[char], known: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (done, letter) in known.chars().enumerate() {
        let mut above_left = done;
        let mut left = done + 1;
        for (cell, other) in std::iter::once(None)
            .chain(word.iter().map(Some))
            .zip(row.iter_mut())
            .map(|(other, cell)| (cell, other))
        {
            let Some(other) = other else {
                *cell = done + 1;
                continue;
            };
            let differs = usize::from(!letter.eq_ignore_ascii_case(other));
            let best = (above_left + differs).min(*cell + 1).min(left + 1);
            above_left = *cell;
            *cell = best;
            left = best;
        }
    }
    row.last().copied().unwrap_or_default()
}
