//! By time.

use super::{Candidates, Context, Scorer};

/// When it was published: seconds since the beginning of 1970, exact to the millisecond, so that as the only term it gives
/// the order of a home.
///
/// ```
/// use anabranch::rank::{Ranking, scorers::Chronological};
///
/// let ranking = Ranking::new("as it came").term("time", 1.0, Chronological);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chronological;

impl Scorer for Chronological {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the milliseconds of an id have 48 bits"
    )]
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        for (item, score) in candidates.items().iter().zip(scores) {
            *score = item.activity.id.millis() as f64 / 1_000.0;
        }
    }
}
