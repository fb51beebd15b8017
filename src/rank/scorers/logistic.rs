//! A probability, of weights that were learnt elsewhere.

use super::{Candidates, Context, Feature, Scorer};

/// Logistic regression: 1 / (1 + e^−*z*), with *z* the bias and each feature times its weight. With weights that were
/// learnt from what readers did, it is the probability that they do it.
///
/// ```
/// use anabranch::rank::{Feature, Ranking, scorers::Logistic};
///
/// let replies = Logistic {
///     bias: -3.0,
///     weights: vec![(Feature::Affinity(anabranch::rank::HalfLife::WEEK), 0.4), (Feature::IsShare, -0.7)],
/// };
/// let ranking = Ranking::new("likely answered").term("replies", 1.0, replies);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logistic {
    /// What is added whatever the features say.
    pub bias: f64,
    /// What each feature is multiplied by.
    pub weights: Vec<(Feature, f64)>,
}

impl Scorer for Logistic {
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        scores.fill(self.bias);
        for (feature, weight) in &self.weights {
            let Some(values) = candidates.column(feature) else {
                scores.fill(f64::NAN);
                return;
            };
            for (score, value) in scores.iter_mut().zip(values) {
                *score += weight * value;
            }
        }
        for score in scores {
            *score = 1.0 / (1.0 + (-*score).exp());
        }
    }

    fn features(&self) -> Vec<Feature> {
        let features = self.weights.iter().map(|(feature, _)| feature.clone());
        features.collect()
    }
}
