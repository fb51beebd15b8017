//! What came of ranking.

use std::collections::HashMap;

use super::{Candidates, Explanation, Feature, Placed, Rule, Term};
use crate::id::ActorId;

/// The candidates that are left, in their order.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub(super) reader: ActorId,
    pub(super) order: Vec<Placed>,
    pub(super) scores: Vec<f64>,
    /// Names, weights, and what they look at.
    pub(super) terms: Vec<(Box<str>, f64, Vec<Feature>)>,
    pub(super) trace: Option<Trace>,
}

/// What was seen while ranking.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    /// By term, and by row.
    values: Vec<Vec<f64>>,
    /// Of which row each is, in the order in which they happened.
    rules: Vec<(usize, Rule)>,
    /// Of which row each is.
    propensities: Vec<(usize, f64)>,
}

impl Ranked {
    /// What is left, best first.
    #[must_use]
    pub fn order(&self) -> &[Placed] {
        &self.order
    }

    /// What the terms of each candidate add up to, by row.
    #[must_use]
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// Why a candidate stands where it stands, or was dropped. `None` for a row that there is not, and where
    /// [`Ranking::rank`](super::Ranking::rank) ranked without taking notes. O(*n* + *t* + *r*) for *n* placed
    /// candidates, *t* terms, *r* notes.
    #[must_use]
    pub fn explain(&self, candidates: &Candidates, row: usize) -> Option<Explanation> {
        let trace = self.trace.as_ref()?;
        let item = candidates.items().get(row)?;
        let terms = self.terms.iter().zip(&trace.values);
        let terms = terms.map(|((name, weight, features), values)| {
            let value = values.get(row).copied().unwrap_or(f64::NAN);
            let known = |feature: &Feature| {
                let of_row = candidates.column(feature)?.get(row).copied();
                of_row.filter(|value| !value.is_nan())
            };
            Term {
                name: name.clone(),
                value,
                weight: *weight,
                score: weight * value,
                features: features
                    .iter()
                    .map(|feature| (feature.clone(), known(feature)))
                    .collect(),
            }
        });
        let rules = trace.rules.iter().filter(|(of, _)| *of == row);
        Some(Explanation {
            activity: item.activity.id,
            actor: item.activity.actor,
            reader: self.reader,
            score: self.scores.get(row).copied().unwrap_or(f64::NAN),
            terms: terms.collect(),
            rules: rules.map(|(_, rule)| rule.clone()).collect(),
            place: self.order.iter().position(|placed| placed.row == row),
            propensity: trace.propensity(row),
            via: item.via.clone(),
        })
    }
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
        let mut places = vec![None; self.rows(before, after)];
        for (place, placed) in after.iter().enumerate() {
            if let Some(at) = places.get_mut(placed.row) {
                *at = Some(place);
            }
        }
        let to: Vec<Option<usize>> = before
            .iter()
            .map(|placed| places.get(placed.row).copied().flatten())
            .collect();
        let stay = stay_in_order(&to);
        let scores: HashMap<usize, u64> = after
            .iter()
            .map(|placed| (placed.row, placed.score.to_bits()))
            .collect();
        let is_same = |placed: &Placed| {
            let score = scores.get(&placed.row);
            score.is_some_and(|score| *score == placed.score.to_bits())
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

    /// Notes with which probabilities rows came to their places.
    pub(super) fn drawn(&mut self, after: &[Placed], propensities: &[f64]) {
        let rows = after.iter().map(|placed| placed.row);
        self.propensities
            .extend(rows.zip(propensities.iter().copied()));
    }

    /// That of a row: of all the lots that were drawn for it.
    fn propensity(&self, row: usize) -> Option<f64> {
        let of_row = self.propensities.iter().filter(|(of, _)| *of == row);
        of_row
            .map(|(_, propensity)| *propensity)
            .reduce(|one, other| one * other)
    }

    fn rows(&self, before: &[Placed], after: &[Placed]) -> usize {
        let rows = before.iter().chain(after).map(|placed| placed.row + 1);
        rows.max().unwrap_or(0)
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

/// Leaves out what was not there before, and what stands there twice.
pub(super) fn rows_once(rows: usize, before: &[Placed], order: &mut Vec<Placed>) {
    let mut may_come = vec![false; rows];
    for placed in before {
        if let Some(may) = may_come.get_mut(placed.row) {
            *may = true;
        }
    }
    order.retain(|placed| {
        let may = may_come.get_mut(placed.row);
        may.is_some_and(std::mem::take)
    });
}

/// Numbers in JSON, which has no NaN and no infinities: those are null, and null is NaN.
pub(super) mod number {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        match number.is_finite() {
            true => to.serialize_f64(*number),
            false => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
    }
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
