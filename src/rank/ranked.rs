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
        let made_way = longest_rise(&to);
        let scores: HashMap<usize, f64> = after
            .iter()
            .map(|placed| (placed.row, placed.score))
            .collect();
        for ((from, placed), (to, is_in_order)) in
            before.iter().enumerate().zip(to.iter().zip(made_way))
        {
            if *to != Some(from) {
                let score = scores.get(&placed.row);
                let is_same = score.is_some_and(|score| score.total_cmp(&placed.score).is_eq());
                let rule = Rule {
                    name: name.into(),
                    from: Some(from),
                    to: *to,
                    made_way: is_in_order && is_same,
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

/// Which of the numbers are in a longest rising sequence of them: the least that can be left standing while all
/// others move. Patience sorting, O(*n* log *n*) (M. L. Fredman, "On Computing the Length of Longest Increasing Subsequences",
/// Discrete Mathematics 11, 1975).
fn longest_rise(numbers: &[Option<usize>]) -> Vec<bool> {
    // By length, where the sequence that ends lowest ends; and what comes before each number in its own.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let Some(number) = *number else { continue };
        let length = ends.partition_point(|(end, _)| *end < number);
        let shorter = length.checked_sub(1).and_then(|shorter| ends.get(shorter));
        if let Some(before) = before.get_mut(at) {
            *before = shorter.map(|(_, at)| *at);
        }
        match ends.get_mut(length) {
            Some(end) => *end = (number, at),
            None => ends.push((number, at)),
        }
    }
    let mut is_in = vec![false; numbers.len()];
    let mut next = ends.last().map(|(_, at)| *at);
    while let Some(at) = next {
        if let Some(is_in) = is_in.get_mut(at) {
            *is_in = true;
        }
        next = before.get(at).copied().flatten();
    }
    is_in
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
