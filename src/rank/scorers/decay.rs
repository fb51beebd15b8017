//! A feature that counts less the larger it is.

use super::{Candidates, Context, Feature, Scorer, above_zero, map};
use crate::error::Result;
use crate::rank::curves::{exponential, gaussian, linear};

/// Falls from 1 at 0 of a feature, by a curve: age is what it is mostly used for.
///
/// ```
/// use anabranch::rank::{Feature, Ranking, scorers::{Curve, Decay}};
///
/// const DAY: f64 = 86_400.0;
/// let fresh = Decay::try_new(Feature::Age, Curve::Exponential(DAY))?;
/// let ranking = Ranking::new("fresh").term("new", 1.0, fresh);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Decay {
    feature: Feature,
    curve: Curve,
}

/// How something falls, with its measure in the units of the feature (seconds for ages).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Curve {
    /// Half of it is left after each so many: [`exponential`].
    Exponential(f64),
    /// Evenly, and nothing is left at so many: [`linear`].
    Linear(f64),
    /// Slowly at first; a half is left at so many: [`gaussian`].
    Gaussian(f64),
}

impl Decay {
    /// Of this feature by this curve.
    ///
    /// # Errors
    /// `invalid` if the measure of the curve is not a finite number above 0.
    pub fn try_new(feature: Feature, curve: Curve) -> Result<Self> {
        const OPERATION: &str = "decay";
        match curve {
            Curve::Exponential(half) => above_zero(OPERATION, "the half-life", half)?,
            Curve::Linear(end) => above_zero(OPERATION, "the end", end)?,
            Curve::Gaussian(half) => above_zero(OPERATION, "the half", half)?,
        };
        Ok(Self { feature, curve })
    }
}

impl Scorer for Decay {
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        map(candidates, &self.feature, scores, |value| {
            match self.curve {
                Curve::Exponential(half) => exponential(value, half),
                Curve::Linear(end) => linear(value, end),
                Curve::Gaussian(half) => gaussian(value, half),
            }
        });
    }

    fn features(&self) -> Vec<Feature> {
        vec![self.feature.clone()]
    }
}
