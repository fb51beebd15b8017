//! What came of ranking.

use super::trace::Trace;
use super::{Candidates, Explanation, Feature, Placed, Term};
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
    /// [`Ranking::rank`](super::Ranking::rank) ranked without taking notes. O(*t* + log *r*) for *t* terms and *r*
    /// notes.
    #[must_use]
    pub fn explain(&self, candidates: &Candidates, row: usize) -> Option<Explanation> {
        let trace = self.trace.as_ref()?;
        let item = candidates.items().get(row)?;
        let terms = self.terms.iter().zip(trace.values());
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
        Some(Explanation {
            activity: item.activity.id,
            actor: item.activity.actor,
            reader: self.reader,
            score: self.scores.get(row).copied().unwrap_or(f64::NAN),
            terms: terms.collect(),
            rules: trace.rules(row).cloned().collect(),
            place: trace.place(row),
            propensity: trace.propensity(row),
            via: item.via.clone(),
        })
    }
}
