//! What is talked about and new.

use super::{Candidates, Context, Feature, Scorer, above_zero, map_two, not_below_zero};
use crate::error::Result;
use crate::rank::curves::{hot, hot_scaled};

const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;
const MILLISECOND: f64 = 0.001;

/// What is talked about and new, by the clock: log10(1 + `score`) / (1 + age)^`power`, with the age in units of so many
/// hours ([`hot`]).
///
/// ```
/// use anabranch::rank::{Ranking, scorers::Hot};
///
/// let hot = Hot::try_new("reactions".parse()?, 1.8, 1.0)?;
/// let ranking = Ranking::new("front page").term("hot", 1.0, hot);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Hot {
    score: Feature,
    power: f64,
    hours: f64,
}

impl Hot {
    /// Of this feature; the higher the power and the fewer the hours that count as one unit of age, the sooner the old
    /// falls behind.
    ///
    /// # Errors
    /// `invalid` if `power` is not a finite number of at least 0, or `hours` not one above 0.
    pub fn try_new(score: Feature, power: f64, hours: f64) -> Result<Self> {
        const OPERATION: &str = "hot";
        Ok(Self {
            score,
            power: not_below_zero(OPERATION, "power", power)?,
            hours: above_zero(OPERATION, "hours", hours)?,
        })
    }
}

impl Scorer for Hot {
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        let unit = self.hours * HOUR;
        map_two(
            candidates,
            [&self.score, &Feature::Age],
            scores,
            |score, age| hot(score, age / unit, self.power),
        );
    }

    fn features(&self) -> Vec<Feature> {
        vec![Feature::Age, self.score.clone()]
    }
}

/// What is talked about and new, in the time of each stream ([`hot_scaled`]): the news of a week is new in a stream with
/// one activity a week, and old in one with a hundred a day.
///
/// The rate of a stream is what its actor has published among the candidates ([`Feature::Posts`]) over the days that the
/// candidates span, from the oldest to the instant of reading. An age is thus counted in the activities that the actor
/// publishes in that time: of an actor with *p* of the candidates, the oldest has an age of up to *p*, whatever the window.
/// Where all candidates are of this instant, the age is 0.
///
/// ```
/// use anabranch::rank::{Ranking, scorers::HotScaled};
///
/// let hot = HotScaled::try_new("reactions".parse()?, 1.0)?;
/// let ranking = Ranking::new("front page of the calm").term("hot", 1.0, hot);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HotScaled {
    score: Feature,
    power: f64,
}

impl HotScaled {
    /// Of this feature; the higher the power, the sooner the old falls behind.
    ///
    /// # Errors
    /// `invalid` if `power` is not a finite number of at least 0.
    pub fn try_new(score: Feature, power: f64) -> Result<Self> {
        let power = not_below_zero("hot_scaled", "power", power)?;
        Ok(Self { score, power })
    }
}

impl Scorer for HotScaled {
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        let column = |feature| candidates.column(feature);
        let (Some(values), Some(ages), Some(posts)) = (
            column(&self.score),
            column(&Feature::Age),
            column(&Feature::Posts),
        ) else {
            scores.fill(f64::NAN);
            return;
        };
        let finite = ages.iter().copied().filter(|age| age.is_finite());
        // Below a millisecond there are no ages, and rates would be without bounds.
        let days = (finite.fold(0.0, f64::max) / DAY).max(MILLISECOND / DAY);
        let rows = values.iter().zip(ages).zip(posts);
        for (to, ((score, age), posts)) in scores.iter_mut().zip(rows) {
            let rate = posts / days;
            // With power 0 an age would not matter, known or not.
            *to = if age.is_nan() || posts.is_nan() {
                f64::NAN
            } else {
                hot_scaled(*score, age / DAY, self.power, rate)
            };
        }
    }

    fn features(&self) -> Vec<Feature> {
        vec![Feature::Age, Feature::Posts, self.score.clone()]
    }
}
