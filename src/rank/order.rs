//! The order of scores.

use std::cmp::{Ordering, Reverse};

use super::Candidates;

/// A candidate in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Placed {
    /// The row of the candidate.
    pub row: usize,
    /// What it stands there for: its score, as selectors have changed it.
    pub score: f64,
}

impl Placed {
    /// A row with its score.
    #[must_use]
    pub const fn new(row: usize, score: f64) -> Self {
        Self { row, score }
    }
}

/// The order of a ranking (contract 8.4): the highest score first. What is no number (NaN, and both infinities) comes
/// after all numbers. Ties, and those, end at the id: the newest first.
///
/// ```
/// use anabranch::rank::{Candidates, Placed, by_score};
///
/// let candidates = Candidates::default();
/// let mut placed = [f64::NAN, 1.0, f64::INFINITY, 2.0].map(|score| Placed::new(0, score));
/// placed.sort_by(|one, other| by_score(&candidates, one, other));
/// assert_eq!(placed[0].score, 2.0);
/// assert_eq!(placed[1].score, 1.0);
/// ```
#[must_use]
pub fn by_score(candidates: &Candidates, one: &Placed, other: &Placed) -> Ordering {
    let finite = |placed: &Placed| placed.score.is_finite();
    let by_number = match (finite(one), finite(other)) {
        // Neither is NaN; and that -0.0 equals 0.0 is what a reader of scores expects.
        (true, true) => other
            .score
            .partial_cmp(&one.score)
            .unwrap_or(Ordering::Equal),
        (one, other) => other.cmp(&one),
    };
    by_number.then_with(|| candidates.id(other.row).cmp(&candidates.id(one.row)))
}

/// Puts all into that order. The same as sorting by [`by_score`], in two thirds of the time: scores are compared as whole
/// numbers, and ids only where those are the same.
pub(super) fn sort(candidates: &Candidates, placed: &mut [Placed]) {
    placed.sort_unstable_by_key(|placed| rank_of(placed.score));
    for ties in placed.chunk_by_mut(|one, other| rank_of(one.score) == rank_of(other.score)) {
        if ties.len() > 1 {
            ties.sort_unstable_by_key(|placed| Reverse(candidates.id(placed.row)));
        }
    }
}

/// A whole number that is the lower, the further up a score stands.
fn rank_of(score: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    if !score.is_finite() {
        return u64::MAX;
    }
    // -0.0 is 0.0 then.
    let bits = (score + 0.0).to_bits();
    match bits & SIGN {
        0 => !bits & !SIGN,
        _ => bits,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranks_order_as_scores_do(one in any::<f64>(), other in any::<f64>()) {
            let nobody = Candidates::default();
            for (one, other) in [(one, other), (one, one), (one, -one), (0.0, -0.0), (one, f64::NAN)] {
                let placed = [one, other].map(|score| Placed::new(0, score));
                let expected = by_score(&nobody, &placed[0], &placed[1]);
                prop_assert_eq!(rank_of(one).cmp(&rank_of(other)), expected, "{} {}", one, other);
            }
        }
    }
}
