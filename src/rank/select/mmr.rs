//! Good, and unlike what stands above.

use std::fmt;

use super::share;
use crate::error::Result;
use crate::rank::{Candidates, Context, Placed, Selector};

/// Maximal marginal relevance: each of the first `of` places is taken by what is good and unlike all that stands above
/// it.
///
/// That is the one whose `lambda` · score − (1 − `lambda`) · (its likeness to the one above that it is most like) is
/// highest. Scores are scaled for that, to 0 for the worst and 1 for the best of the first `of`, all to 1 if they are equal;
/// the scores that candidates stand there for stay as they are. With `lambda` 1 the order is that of the scores, with 0 only
/// variety counts. What is no number comes after the numbers of the first `of`, in its order; what is beyond them is
/// left alone.
///
/// J. Carbonell and J. Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries",
/// SIGIR 1998. There scores are likenesses to a query, which need no scaling.
///
/// Ties keep the order in which they came. O(*m*²) for *m* candidates among the first `of`, each pair compared once,
/// and some 40 bytes for each of them.
///
/// ```
/// use anabranch::rank::{Ranking, select::{Mmr, by_default}};
///
/// let ranking = Ranking::new("varied").select("variety", Mmr::try_new(0.7, 100, by_default)?);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Mmr<S> {
    lambda: f64,
    of: usize,
    similar: S,
}

impl<S> Mmr<S>
where
    S: Fn(&Candidates, usize, usize) -> f64 + Send + Sync,
{
    /// With the weight of the scores against variety, for so many places. `similar` says how like the candidates of
    /// two rows are, from 0 to 1, the same both ways round: what is below counts as 0, as does NaN, and what is above as
    /// 1. [`by_default`](super::by_default) is one.
    ///
    /// # Errors
    /// `invalid` if `lambda` is not between 0 and 1.
    pub fn try_new(lambda: f64, of: usize, similar: S) -> Result<Self> {
        Ok(Self {
            lambda: share("mmr", "lambda", lambda)?,
            of,
            similar,
        })
    }

    fn likeness(&self, candidates: &Candidates, one: usize, other: usize) -> f64 {
        let likeness = (self.similar)(candidates, one, other);
        // NaN is not above 0 either.
        if likeness > 0.0 {
            likeness.min(1.0)
        } else {
            0.0
        }
    }
}

/// One that has no place yet.
struct Left {
    placed: Placed,
    /// Scaled.
    score: f64,
    /// How like it is to the one above that it is most like.
    nearest: f64,
}

impl<S> Selector for Mmr<S>
where
    S: Fn(&Candidates, usize, usize) -> f64 + Send + Sync,
{
    fn select(&self, candidates: &Candidates, _: &Context, order: &mut Vec<Placed>) {
        let first = order.iter().take(self.of).copied();
        let (numbers, others): (Vec<Placed>, Vec<Placed>) =
            first.partition(|placed| placed.score.is_finite());
        let mut left = scaled(numbers);
        let mut places = order.iter_mut();
        while let Some(next) = self.next(&left) {
            let Left { placed, .. } = left.remove(next);
            for other in &mut left {
                let likeness = self.likeness(candidates, other.placed.row, placed.row);
                other.nearest = other.nearest.max(likeness);
            }
            if let Some(place) = places.next() {
                *place = placed;
            }
        }
        for (place, placed) in places.zip(others) {
            *place = placed;
        }
    }
}

impl<S> Mmr<S> {
    /// Which of those left comes next: the first of the best.
    fn next(&self, left: &[Left]) -> Option<usize> {
        let worth = |left: &Left| self.lambda * left.score - (1.0 - self.lambda) * left.nearest;
        let worths = left.iter().map(worth).enumerate();
        let best = worths.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(at, _)| at)
    }
}

impl<S> fmt::Debug for Mmr<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mmr")
            .field("lambda", &self.lambda)
            .field("of", &self.of)
            .finish_non_exhaustive()
    }
}

/// With scores from 0 for the lowest to 1 for the highest.
fn scaled(numbers: Vec<Placed>) -> Vec<Left> {
    let scores = || numbers.iter().map(|placed| placed.score);
    let low = scores().fold(f64::INFINITY, f64::min);
    let high = scores().fold(f64::NEG_INFINITY, f64::max);
    // Where the span is beyond all numbers, that of the halves is not.
    let unit = if (high - low).is_finite() { 1.0 } else { 0.5 };
    let scaled = |score: f64| {
        let span = high * unit - low * unit;
        if span > 0.0 {
            (score * unit - low * unit) / span
        } else {
            1.0
        }
    };
    let left = numbers.iter().map(|placed| Left {
        placed: *placed,
        score: scaled(placed.score),
        nearest: 0.0,
    });
    left.collect()
}
