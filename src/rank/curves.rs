//! How worth falls with time, and what votes say.
//!
//! Plain functions of numbers, which formulas call by the same names.

/// Half of it is left after each `half_life`; 1 at 0 and below.
///
/// ```
/// use anabranch::rank::curves::exponential;
///
/// assert_eq!(exponential(12.0, 6.0), 0.25);
/// ```
#[must_use]
pub fn exponential(x: f64, half_life: f64) -> f64 {
    (-(positive(x) / half_life)).exp2()
}

/// Falls evenly from 1 at 0 to 0 at `end`, and is 0 beyond.
///
/// ```
/// assert_eq!(anabranch::rank::curves::linear(3.0, 12.0), 0.75);
/// ```
#[must_use]
pub fn linear(x: f64, end: f64) -> f64 {
    positive(1.0 - positive(x) / end)
}

/// Falls like a bell: slowly at first, a half at `half`, a sixteenth at twice that. 1 at 0 and below.
///
/// ```
/// use anabranch::rank::curves::gaussian;
///
/// assert_eq!(gaussian(6.0, 6.0), 0.5);
/// assert_eq!(gaussian(12.0, 6.0), 0.0625);
/// ```
#[must_use]
pub fn gaussian(x: f64, half: f64) -> f64 {
    let ratio = positive(x) / half;
    (-(ratio * ratio)).exp2()
}

/// What is talked about and new: log10(1 + `score`) / (1 + `age`)^`power`, of the family of the front pages of news sites
/// (there with power 1.8 and hours). A score below 0 counts as 0, as does an age.
///
/// ```
/// assert_eq!(anabranch::rank::curves::hot(99.0, 3.0, 0.5), 1.0);
/// ```
#[must_use]
pub fn hot(score: f64, age: f64, power: f64) -> f64 {
    (1.0 + positive(score)).log10() / (1.0 + positive(age)).powf(power)
}

/// [`hot`] in the time of the stream: its age counted in what the stream publishes in that time, so that a stream with
/// one activity a week is not old after a day. `rate` is how much it publishes in a unit of `age`.
///
/// ```
/// use anabranch::rank::curves::{hot, hot_scaled};
///
/// assert_eq!(hot_scaled(99.0, 6.0, 0.5, 0.5), hot(99.0, 3.0, 0.5));
/// ```
#[must_use]
pub fn hot_scaled(score: f64, age: f64, power: f64, rate: f64) -> f64 {
    hot(score, positive(age) * positive(rate), power)
}

/// The lower bound of Wilson's interval for the share of `positive` votes among `total`, at `z` standard deviations (1.96 for
/// 95 in 100): few votes are trusted less than many. 0 without votes. E. B. Wilson, "Probable Inference, the Law of
/// Succession, and Statistical Inference", Journal of the American Statistical Association 22 (1927).
///
/// ```
/// use anabranch::rank::curves::wilson;
///
/// assert!(wilson(90.0, 100.0, 1.96) > wilson(9.0, 10.0, 1.96));
/// assert_eq!(wilson(0.0, 0.0, 1.96), 0.0);
/// ```
#[must_use]
pub fn wilson(positive: f64, total: f64, z: f64) -> f64 {
    if total <= 0.0 {
        return 0.0;
    }
    let share = (positive / total).clamp(0.0, 1.0);
    let square = z * z;
    let spread = (share * (1.0 - share) / total + square / (4.0 * total * total)).sqrt();
    let bound = (share + square / (2.0 * total) - z * spread) / (1.0 + square / total);
    // What is not known stays so.
    if bound < 0.0 { 0.0 } else { bound }
}

/// NaN stays what it is.
fn positive(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}
