//! What was seen while ranking.

use std::collections::HashMap;

use super::{Placed, Rule};

/// What stages did to candidates, seen from outside: by comparing before and after.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    /// By term, and by row.
    values: Vec<Vec<f64>>,
    /// Of which row each is; in the order of rows once all is over, and of one row in that in which they happened.
    rules: Vec<(usize, Rule)>,
    /// By row, where lots decided.
    propensities: HashMap<usize, f64>,
    /// By row; of those that were not dropped.
    places: HashMap<usize, usize>,
}

impl Trace {
    pub(super) fn filtered(&mut self, name: &str, before: &[bool], kept: &[bool]) {
        for (row, (before, kept)) in before.iter().zip(kept).enumerate() {
            if *before && !*kept {
                self.rules.push((
                    row,
                    Rule {
                        name: name.into(),
                        from: None,
                        to: None,
                        made_way: false,
                    },
                ));
            }
        }
    }

    pub(super) fn scored(&mut self, values: &[f64]) {
        self.values.push(values.to_vec());
    }

    pub(super) fn selected(&mut self, name: &str, before: &[Placed], after: &[Placed]) {
        let stands: HashMap<usize, (usize, u64)> = after
            .iter()
            .zip(0..)
            .map(|(placed, place)| (placed.row, (place, placed.score.to_bits())))
            .collect();
        let place = |placed: &Placed| Some(stands.get(&placed.row)?.0);
        let to: Vec<Option<usize>> = before.iter().map(place).collect();
        let stay = stay_in_order(&to);
        let is_same = |placed: &Placed| {
            let now = stands.get(&placed.row);
            now.is_some_and(|(_, score)| *score == placed.score.to_bits())
        };
        // A rule that changes scores moves those whose scores it changes.
        let changes_scores = before
            .iter()
            .zip(&to)
            .any(|(placed, to)| to.is_some() && !is_same(placed));
        for ((from, placed), (to, stays)) in before.iter().enumerate().zip(to.iter().zip(stay)) {
            if *to != Some(from) {
                let rule = Rule {
                    name: name.into(),
                    from: Some(from),
                    to: *to,
                    made_way: to.is_some()
                        && match changes_scores {
                            true => is_same(placed),
                            false => stays,
                        },
                };
                self.rules.push((placed.row, rule));
            }
        }
    }

    /// Notes with which probabilities rows came to their places: of several lots for one, the product.
    pub(super) fn drawn(&mut self, after: &[Placed], propensities: &[f64]) {
        for (placed, propensity) in after.iter().zip(propensities) {
            *self.propensities.entry(placed.row).or_insert(1.0) *= propensity;
        }
    }

    /// Notes where everything stands at last.
    pub(super) fn ended(&mut self, order: &[Placed]) {
        // Stable: what happened to one row stays in order.
        self.rules.sort_by_key(|(row, _)| *row);
        let rows = order.iter().map(|placed| placed.row);
        self.places = rows.zip(0..).collect();
    }

    /// What each scorer gave, by row.
    pub(super) fn values(&self) -> &[Vec<f64>] {
        &self.values
    }

    /// What happened to a row, in the order in which it did.
    pub(super) fn rules(&self, row: usize) -> impl Iterator<Item = &Rule> {
        let first = self.rules.partition_point(|(of, _)| *of < row);
        let from = self.rules.iter().skip(first);
        from.take_while(move |(of, _)| *of == row)
            .map(|(_, rule)| rule)
    }

    pub(super) fn propensity(&self, row: usize) -> Option<f64> {
        self.propensities.get(&row).copied()
    }

    /// Where a row stands; `None` where it was dropped.
    pub(super) fn place(&self, row: usize) -> Option<usize> {
        self.places.get(&row).copied()
    }
}

/// Which of the numbers are in every longest rising sequence of them: so as few as possible others have moved, and these have
/// not. O(*n* log *n*).
fn stay_in_order(numbers: &[Option<usize>]) -> Vec<bool> {
    let up_to = rises(numbers.iter().copied());
    let mirrored = numbers
        .iter()
        .rev()
        .map(|number| Some(usize::MAX - (*number)?));
    let mut from = rises(mirrored);
    from.reverse();
    let longest = up_to.iter().copied().max().unwrap_or(0);
    let is_in_one = |at: usize| {
        let lengths = up_to.get(at).zip(from.get(at));
        lengths.is_some_and(|(before, after)| *before > 0 && before + after == longest + 1)
    };
    let mut as_long = vec![0_usize; longest + 1];
    for (at, length) in up_to.iter().enumerate() {
        if let Some(count) = as_long.get_mut(*length).filter(|_| is_in_one(at)) {
            *count += 1;
        }
    }
    let is_alone = |length: &usize| as_long.get(*length) == Some(&1);
    let stays = up_to
        .iter()
        .enumerate()
        .map(|(at, length)| is_in_one(at) && is_alone(length));
    stays.collect()
}

/// For each number, how long the longest rising sequence is that ends with it; 0 where there is no number. Patience
/// sorting (M. L. Fredman, "On Computing the Length of Longest Increasing Subsequences", Discrete Mathematics 11, 1975).
fn rises(numbers: impl Iterator<Item = Option<usize>>) -> Vec<usize> {
    // By length, the lowest number that such a sequence ends with.
    let mut ends: Vec<usize> = Vec::new();
    let lengths = numbers.map(|number| {
        let Some(number) = number else { return 0 };
        let shorter = ends.partition_point(|end| *end < number);
        match ends.get_mut(shorter) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
        shorter + 1
    });
    lengths.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All rising sequences of the greatest length, as bits.
    fn longest(numbers: &[Option<usize>]) -> Vec<u32> {
        let rises = |set: &u32| {
            let of_set = (0..numbers.len()).filter(|at| set >> at & 1 == 1);
            let numbers: Option<Vec<usize>> = of_set.map(|at| numbers[at]).collect();
            numbers.is_some_and(|numbers| numbers.is_sorted_by(|one, other| one < other))
        };
        let all: Vec<u32> = (0..1 << numbers.len()).filter(rises).collect();
        let most = all.iter().map(|set| set.count_ones()).max().unwrap_or(0);
        all.into_iter()
            .filter(|set| set.count_ones() == most)
            .collect()
    }

    proptest! {
        #[test]
        fn what_stays_in_order_is_in_every_longest_rise(
            places in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(),
            dropped in prop::collection::vec(any::<bool>(), 8),
            count in 0..9_usize,
        ) {
            let places = places.into_iter().zip(dropped).take(count);
            let numbers: Vec<Option<usize>> = places.map(|(place, is_dropped)| (!is_dropped).then_some(place)).collect();
            let all = longest(&numbers);
            let expected: Vec<bool> = (0..numbers.len())
                .map(|at| all.iter().all(|set| set >> at & 1 == 1))
                .collect();
            prop_assert_eq!(stay_in_order(&numbers), expected);
        }
    }
}
