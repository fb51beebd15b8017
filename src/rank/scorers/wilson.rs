//! How good votes say that something is.

use super::{Candidates, Context, Feature, Scorer, map_two, not_below_zero};
use crate::error::Result;
use crate::rank::curves::wilson;

/// The share of votes that are for it, as far as so few can tell: the lower bound of Wilson's interval ([`wilson`]), 0
/// without votes.
///
/// ```
/// use anabranch::rank::{Ranking, scorers::Wilson};
///
/// let liked = Wilson::try_new("reactions:like".parse()?, "reactions".parse()?, 1.96)?;
/// let ranking = Ranking::new("well liked").term("liked", 1.0, liked);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Wilson {
    positive: Feature,
    total: Feature,
    z: f64,
}

impl Wilson {
    /// Of the votes that are for it, among all votes, at `z` standard deviations: 1.96 for 95 in 100.
    ///
    /// # Errors
    /// `invalid` if `z` is not a finite number of at least 0.
    pub fn try_new(positive: Feature, total: Feature, z: f64) -> Result<Self> {
        let z = not_below_zero("wilson", "z", z)?;
        Ok(Self { positive, total, z })
    }
}

impl Scorer for Wilson {
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        map_two(
            candidates,
            [&self.positive, &self.total],
            scores,
            |positive, total| wilson(positive, total, self.z),
        );
    }

    fn features(&self) -> Vec<Feature> {
        vec![self.positive.clone(), self.total.clone()]
    }
}
