//! Scorers, weighted and added.

use std::fmt;
use std::sync::Arc;

use super::{Candidates, Context, Feature, Scorer};

/// Several scorers as one: what each gives times its weight, added up, as terms of a ranking are. Without any it is 0.
/// One buffer of a number a candidate.
///
/// ```
/// use anabranch::rank::{Feature, Ranking, scorers::Weighted};
///
/// let talked_about = Weighted::default().term(1.0, Feature::Replies(None)).term(0.2, Feature::Followers);
/// let ranking = Ranking::new("talk").term("talked about", 3.0, talked_about);
/// assert_eq!(ranking.features().len(), 2);
/// ```
#[derive(Clone, Default)]
pub struct Weighted {
    /// What is added up: what a scorer gives, times the number before it.
    pub terms: Vec<(f64, Arc<dyn Scorer>)>,
}

impl Weighted {
    /// With one more scorer.
    #[must_use]
    pub fn term(mut self, weight: f64, scorer: impl Scorer + 'static) -> Self {
        self.terms.push((weight, Arc::new(scorer)));
        self
    }
}

impl Scorer for Weighted {
    fn score(&self, candidates: &Candidates, context: &Context, scores: &mut [f64]) {
        scores.fill(0.0);
        let mut values = vec![0.0; scores.len()];
        for (weight, scorer) in &self.terms {
            scorer.score(candidates, context, &mut values);
            for (score, value) in scores.iter_mut().zip(&values) {
                *score += weight * value;
            }
        }
    }

    fn features(&self) -> Vec<Feature> {
        let scorers = self.terms.iter().map(|(_, scorer)| scorer);
        scorers.flat_map(|scorer| scorer.features()).collect()
    }
}

impl fmt::Debug for Weighted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weights: Vec<f64> = self.terms.iter().map(|(weight, _)| *weight).collect();
        f.debug_struct("Weighted")
            .field("weights", &weights)
            .finish_non_exhaustive()
    }
}
